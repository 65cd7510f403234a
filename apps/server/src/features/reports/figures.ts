import type { CountOf } from '@quanbao/domain/indicators/indicators';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { type RegionCode, regionLevel } from '@quanbao/domain/kernel/region';
import type { Scope, Tx } from '../../db/port.ts';
import { loadRegionTree } from '../regions/index.ts';
import {
  type AreaCounts,
  addUp,
  askableDays,
  chooseDay,
  countAreas,
  countItems,
  countOf,
  join,
} from './counts.ts';
import { requireRegion } from './report.ts';

/** The counts of a region and of each place in it on a day, of people and of the ledger's items alike. */
export interface Figures {
  readonly region: { readonly code: RegionCode; readonly name: string };
  readonly day: PlainDate;
  readonly whole: CountOf;
  /** Towns of a county, villages of a town; a village is its own only place. */
  readonly places: readonly { readonly code: RegionCode; readonly name: string; readonly count: CountOf }[];
  /** Of a place on the day, or 0 throughout where nobody stands. */
  readonly of: (region: RegionCode) => CountOf;
}

/** @throws Refusal for a region outside the account's range or not in force, or a day that cannot be asked about */
export async function figuresOn(
  tx: Tx,
  scope: Scope,
  region: RegionCode,
  asked: PlainDate | undefined,
): Promise<Figures> {
  const tree = await loadRegionTree(tx, scope.county);
  requireRegion(tree, scope, region);
  const day = chooseDay(await askableDays(tx, scope.county), asked);
  const name = requireRegion(tree, scope, region, day);
  const areas = await areasOn(tx, scope, region, day);
  const of = (code: RegionCode): CountOf => countOf(areas.get(code) ?? new Map());
  const below = regionLevel(region) === 'village' ? [{ code: region, name }] : tree.children(region, day);
  return {
    region: { code: region, name },
    day,
    whole: countOf(addUp(areas.values())),
    places: below.map(({ code, name: called }) => ({ code, name: called, count: of(code) })),
    of,
  };
}

async function areasOn(tx: Tx, scope: Scope, region: RegionCode, day: PlainDate): Promise<AreaCounts> {
  const level = region === scope.county ? 'towns' : 'villages';
  return join(
    await countAreas(tx, scope.county, region, level, day),
    await countItems(tx, scope.county, region, level, day),
  );
}
