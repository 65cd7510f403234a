import type { RegionCode } from '@quanbao/domain/kernel/region';

/** Who asks and how far he may see; becomes `SET LOCAL` variables that the row policies read. */
export interface Scope {
  readonly county: RegionCode;
  /** The region at and below which rows are visible: the county for its own office, a town for a town. */
  readonly region: RegionCode;
  /** A name for the audit trail; never an ID number. */
  readonly actor: string;
}

/** One open transaction. There is no default connection: a store function without a `tx` cannot be written. */
export interface Tx {
  query<R = Record<string, unknown>>(sql: string, params?: readonly unknown[]): Promise<R[]>;
  /**
   * Bulk load in COPY text format (tab separated, `\N` for null, each line ended by a newline).
   * @param chunks pieces of text of about 1–8 MB; a line may not span two pieces
   * @returns lines loaded
   */
  copyIn(
    table: string,
    columns: readonly string[],
    chunks: AsyncIterable<string> | Iterable<string>,
  ): Promise<number>;
}

/** The one door to the database; three profiles behind it. */
export interface Database {
  readonly profile: 'pglite' | 'postgres' | 'citus';
  /** One transaction as the unprivileged role within the scope; rolled back when `work` throws. */
  transaction<T>(scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** One transaction as the owner, past every policy: migrations, backup and the checker only. */
  asOwner<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
