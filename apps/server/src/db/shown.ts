import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { type RegionCode, regionRange } from '@quanbao/domain/kernel/region';
import type { Scope, Tx } from './port.ts';

/**
 * Lets a town or a village read, for the rest of the transaction, what lists say of these people, as far as they stand
 * or once stood in it: its own policy on `step` decides. The county's own sees everybody without it.
 */
export async function showPeople(tx: Tx, scope: Scope, people: readonly number[]): Promise<void> {
  if (scope.region === scope.county) return;
  const rows = await tx.query<{ person_no: number }>(
    'select distinct person_no from step where county = $1 and person_no = any($2::bigint[])',
    [scope.county, [...people]],
  );
  await tx.query(`set local app.people = '{${rows.map((row) => Number(row.person_no)).join(',')}}'`);
}

/** The same for everybody of whom a finding stands in a region on a day: the policy on `finding` decides. */
export async function showPeopleFound(
  tx: Tx,
  scope: Scope,
  region: RegionCode,
  day: PlainDate,
): Promise<void> {
  if (scope.region === scope.county) return;
  const { lo, hi } = regionRange(region);
  await tx.query(
    `select set_config('app.people', coalesce('{' || string_agg(distinct person_no::text, ',') || '}', ''), true)
     from finding where county = $1 and region >= $2 and region < $3 and from_day <= $4 and to_day > $4`,
    [scope.county, lo, hi, day],
  );
}
