import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { IdTable } from './id-table.ts';

/** Somebody whom nobody knew, with the blind index of his ID. */
interface Newcomer {
  /** The first row that names him. */
  readonly at: number;
  readonly hash: string;
}

interface Met {
  /** The person's number for each row. */
  readonly numbers: readonly number[];
  /** In the order of the rows. */
  readonly newcomers: readonly Newcomer[];
}

/**
 * Person numbers of the IDs one command has met. They are looked up and, for IDs nobody knew, reserved while the
 * files are read, outside any lock; so the commit moves rows by number and joins nothing by ID.
 * Reserved numbers that are not used leave a gap, which harms nothing.
 */
export class PersonNumbers {
  readonly #numbers = new IdTable();
  readonly #nobodyYet: boolean;
  #free: number[] = [];
  #coming: Promise<void> | undefined;

  /** @param nobodyYet the county knew nobody when the command began: nothing need be looked up */
  constructor(nobodyYet: boolean) {
    this.#nobodyYet = nobodyYet;
  }

  /** @param ids right ID numbers, one a row */
  async meet(instance: Instance, scope: Scope, ids: readonly string[]): Promise<Met> {
    const numbers: number[] = [];
    const unknown: Newcomer[] = [];
    for (const [at, id] of ids.entries()) {
      let number = this.#numbers.get(id);
      if (number === undefined) {
        // Until his number is known, where he stands among the unknown.
        number = -1 - unknown.length;
        this.#numbers.set(id, number);
        unknown.push({ at, hash: instance.cipher.blindIndex(id) });
      }
      numbers.push(number);
    }
    if (unknown.length === 0) return { numbers, newcomers: unknown };
    const known = this.#nobodyYet ? undefined : await this.#lookUp(instance, scope, unknown);
    const newcomers = known === undefined ? unknown : unknown.filter(({ hash }) => !known.has(hash));
    if (newcomers.length > this.#free.length) {
      await this.#coming;
      if (newcomers.length > this.#free.length) await this.#reserve(instance, scope, newcomers.length);
    }
    const found = unknown.map(({ at, hash }) => {
      const number = known?.get(hash) ?? (this.#free.pop() as number);
      this.#numbers.set(ids[at] as string, number);
      return number;
    });
    for (const [at, number] of numbers.entries()) if (number < 0) numbers[at] = found[-1 - number] as number;
    // A first load meets somebody new on almost every row: the next numbers are fetched while these are used.
    if (this.#nobodyYet && newcomers.length >= MANY && this.#free.length < 2 * newcomers.length) {
      this.#coming ??= this.#reserve(instance, scope, 4 * newcomers.length).finally(() => {
        this.#coming = undefined;
      });
      // Whoever needs them asks himself.
      this.#coming.catch(() => undefined);
    }
    return { numbers, newcomers };
  }

  /** @returns the numbers of those whom the county knows, by blind index */
  async #lookUp(
    instance: Instance,
    scope: Scope,
    unknown: readonly Newcomer[],
  ): Promise<Map<string, number>> {
    const known = await instance.db.transaction(scope, (tx) =>
      tx.query<{ id_hash: string; person_no: number }>(
        'select id_hash::text, person_no from person where county = $1 and id_hash = any($2::uuid[])',
        [scope.county, unknown.map(({ hash }) => hash)],
      ),
    );
    return new Map(known.map((row) => [row.id_hash, Number(row.person_no)]));
  }

  async #reserve(instance: Instance, scope: Scope, n: number): Promise<void> {
    const [taken] = await instance.db.transaction(scope, (tx) =>
      tx.query<{ numbers: string }>(
        `select string_agg(nextval('person_number')::text, ',') as numbers from generate_series(1, $1::int)`,
        [n],
      ),
    );
    const numbers = (taken?.numbers ?? '').split(',').map(Number);
    this.#free = [...numbers.reverse(), ...this.#free];
  }
}

/** Newcomers of one batch from which on it pays to fetch ahead. */
const MANY = 1_000;

/**
 * Enters the people that the stages carry. One whom another commit entered since the files were read keeps that
 * number, and the staged rows are moved to it.
 */
export async function admitPeople(tx: Tx, county: RegionCode, stages: readonly number[]): Promise<void> {
  const params = [county, [...stages]];
  const known = await tx.query<{ staged: number; number: number }>(
    `select s.person_no as staged, p.person_no as number from stage_person s
     join person p on p.county = s.county and p.id_hash = s.id_hash where s.county = $1 and s.stage = any($2::int[])`,
    params,
  );
  if (known.length > 0) {
    const numbers = [county, [...stages], known.map((one) => one.staged), known.map((one) => one.number)];
    await tx.query(
      `update stage_row s set person_no = u.number from unnest($3::bigint[], $4::bigint[]) as u (staged, number)
       where s.county = $1 and s.stage = any($2::int[]) and s.person_no = u.staged`,
      numbers,
    );
    await tx.query(
      'delete from stage_person where county = $1 and stage = any($2::int[]) and person_no = any($3::bigint[])',
      numbers.slice(0, 3),
    );
  }
  await tx.query(
    `insert into person (county, person_no, id_hash, id_cipher, birth, sex, name, region)
     select county, person_no, id_hash, id_cipher, birth, sex, name, region from stage_person
     where county = $1 and stage = any($2::int[]) order by person_no`,
    params,
  );
}
