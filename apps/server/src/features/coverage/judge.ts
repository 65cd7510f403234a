import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { Tx } from '../../db/port.ts';
import { loadRegionTree } from '../regions/index.ts';
import { type Effects, recompute } from './recompute.ts';

/** Begins a change of the journal: one at a time in a county, for the row is locked until the transaction ends. */
export async function nextChange(tx: Tx, county: RegionCode): Promise<number> {
  const [row] = await tx.query<{ change: number }>(
    'update county set next_change = next_change + 1 where county = $1 returning next_change - 1 as change',
    [county],
  );
  if (row === undefined) throw new Error(`county ${county} is not initialised`);
  return Number(row.change);
}

/** Judges people anew whose journal has got a line more, or lost one. */
export async function judgeAnew(
  tx: Tx,
  county: RegionCode,
  change: number,
  people: Iterable<number>,
  options: { readonly everybody?: boolean } = {},
): Promise<Effects> {
  await tx.query(
    'insert into touched (county, change, person_no) select $1, $2, u.person_no from unnest($3::bigint[]) as u (person_no)',
    [county, change, [...new Set(people)]],
  );
  return recompute(tx, county, await loadRegionTree(tx, county), change, options);
}
