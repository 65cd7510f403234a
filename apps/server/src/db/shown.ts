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
