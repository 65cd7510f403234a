import type { CountOf } from '@quanbao/domain/indicators/indicators';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { type RegionCode, regionLevel } from '@quanbao/domain/kernel/region';
import type { DayFigures, PaperFigures } from '@quanbao/domain/supervision/paper/figures';
import { WEEKS } from '@quanbao/domain/supervision/paper/tables';
import type { Needs } from '@quanbao/domain/supervision/paper/template';
import { dayOf, weekEnds } from '@quanbao/domain/supervision/paper/words';
import type { Scope, Tx } from '../../../db/port.ts';
import { frozenOn } from '../../assessment/index.ts';
import { loadRegionTree } from '../../regions/index.ts';
import { askableDays, chooseDay } from '../../reports/index.ts';
import { coursesInForce, measure } from '../../targets/index.ts';

/** What a paper of the region and day needs to know, as it is known now. */
export async function paperFigures(
  tx: Tx,
  scope: Scope,
  region: RegionCode,
  asked: PlainDate | undefined,
  needs: Needs,
): Promise<PaperFigures> {
  const askable = await askableDays(tx, scope.county);
  const day = chooseDay(askable, asked);
  const wanted = new Set(needs.days.map((word) => dayOf(word, day)));
  if (needs.weeks) for (const end of weekEnds(day, WEEKS)) wanted.add(end);
  const days: Record<PlainDate, DayFigures> = {};
  let name = '';
  for (const one of [...wanted].sort()) {
    if (one < askable.first) continue;
    const { found, name: called } = await dayFigures(tx, scope, region, one, needs.counts, one === day);
    if (found !== undefined) days[one] = found;
    if (called !== undefined) name = called;
  }
  const tree = await loadRegionTree(tx, scope.county);
  return {
    region: { code: region, name },
    county: { code: scope.county, name: tree.get(scope.county)?.name ?? scope.county },
    day,
    days,
    courses: await coursesInForce(tx, scope.county, day),
    ...(needs.assessment ? { assessment: await frozenOn(tx, scope, day) } : {}),
  };
}

async function dayFigures(
  tx: Tx,
  scope: Scope,
  region: RegionCode,
  day: PlainDate,
  counts: readonly string[],
  own: boolean,
): Promise<{ found?: DayFigures; name?: string }> {
  const tree = await loadRegionTree(tx, scope.county);
  // A place that was no division of an earlier day has nothing to be compared with.
  if (!own && tree.current(region, day) !== region) return {};
  const { whole, places, region: here } = await measure(tx, scope, region, day);
  const of = (count: CountOf): Record<string, number> =>
    Object.fromEntries(counts.map((code) => [code, count(code)]));
  return {
    name: here.name,
    found: {
      whole: of(whole),
      places:
        regionLevel(region) === 'village'
          ? []
          : places.map((place) => ({ code: place.code, name: place.name, counts: of(place.count) })),
    },
  };
}
