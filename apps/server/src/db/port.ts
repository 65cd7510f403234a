import type { RegionCode } from '@quanbao/domain/kernel/region';

/** Who asks and how far he may see; becomes `SET LOCAL` variables that the row policies read. */
export interface Scope {
  readonly county: RegionCode;
  /** The region at and below which rows are visible: the county for its own office, a town for a town. */
  readonly region: RegionCode;
  /** A name for the audit trail; never an ID number. */
  readonly actor: string;
  /**
   * What the transaction is for; decides its role in the database. Absent: the county's own office at work, or a
   * town or village reading. `read`: reads and changes nothing, also for a whole county. `office`: an office and its
   * own `sources`. `door`: accounts and sessions, no people.
   */
  readonly duty?: 'read' | 'office' | 'door';
  /** Only with `office`: the sources whose lists it sees. */
  readonly sources?: readonly string[];
}

/** One open transaction. There is no default connection: a store function without a `tx` cannot be written. */
export interface Tx {
  /** @returns the rows; of several statements (only without `params`) those of the last */
  query<R = Record<string, unknown>>(sql: string, params?: readonly unknown[]): Promise<R[]>;
  /**
   * Bulk load in COPY text format (tab separated, `\N` for null, each line ended by a newline).
   * COPY knows no row policies, so within a scope only the county's own may do it, into the tables of
   * `BULK_TABLES`, and `county` is the first column and the same on every line.
   * @param chunks a line may not span two pieces; up to 8 MB each
   * @returns lines loaded
   */
  copyIn(table: string, columns: readonly string[], chunks: Pieces): Promise<number>;
  /**
   * An answer that only committed changes of the county's journal can alter: made once between two of them for all
   * transactions that see the same, and made anew in one that has written something itself. Not to be modified.
   * @param key names the question
   */
  remember<T>(key: string, make: () => Promise<T>): Promise<T>;
}

/** Pieces of text, or of its bytes in UTF-8. */
export type Pieces = AsyncIterable<string | Buffer> | Iterable<string | Buffer>;

/** Where an import may load in bulk; everything else goes through the row policies. */
export const BULK_TABLES: readonly string[] = [
  'stage_row',
  'stage_person',
  'person',
  'claim',
  'step',
  'finding',
  'count_delta',
  'ledger_item',
  'ledger_event',
  'person_search',
  'name_key',
];

export type Profile = 'pglite' | 'postgres' | 'citus';

/** The one door to the database; three profiles behind it. */
export interface Database {
  readonly profile: Profile;
  /** How many residents this profile is meant for; undefined where the machine decides. */
  readonly ceiling: number | undefined;
  /**
   * One transaction as the unprivileged role within the scope; rolled back when `work` throws.
   * @throws Refusal in plain words when a constraint is broken
   */
  transaction<T>(scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** One transaction as the owner, past every policy: migrations, backup and the checker only. */
  asOwner<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Waits for what is under way, then closes; a second call does nothing. */
  close(): Promise<void>;
}
