import { COMPOSITION, type CountOf, indicator, indicatorValue } from '@quanbao/domain/indicators/indicators';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { Scope, Tx } from '../../db/port.ts';
import { loadRegionTree } from '../regions/index.ts';
import { addUp, askableDays, chooseDay, countAreas, countOf } from './counts.ts';
import { countQuarantined, requireRegion } from './report.ts';
import { countTrend, turningDays } from './trend.ts';

/** What a leader asks first, in this order. */
const SHOWN = [
  'coverage-rate',
  'paying-rate',
  'due-paying-rate',
  'population',
  'in-scope',
  'registered',
  'not-registered',
  'insured-any',
];

const DAYS_SHOWN = 16;

interface ValueOf {
  code: string;
  name: string;
  value: number;
}

function ofCount(code: string, count: CountOf): ValueOf {
  return { code, name: indicator(code).name, value: count(code) };
}

/** An indicator with what it is made of, so that a rate is never shown without its two numbers. */
function describeIndicator(code: string, count: CountOf) {
  const found = indicator(code);
  return {
    code,
    name: found.name,
    definition: found.definition,
    clause: found.clause,
    kind: found.kind,
    value: indicatorValue(code, count),
    numerator: found.kind === 'rate' ? ofCount(found.numerator, count) : null,
    denominator: found.kind === 'rate' ? ofCount(found.denominator, count) : null,
  };
}

export async function homeFigures(tx: Tx, scope: Scope, region: RegionCode, asked: PlainDate | undefined) {
  const tree = await loadRegionTree(tx, scope.county);
  requireRegion(tree, scope, region);
  const days = await askableDays(tx, scope.county);
  const day = chooseDay(days, asked);
  const name = requireRegion(tree, scope, region, day);
  const areas = await countAreas(
    tx,
    scope.county,
    region,
    region === scope.county ? 'towns' : 'villages',
    day,
  );
  const everybody = countOf(addUp(areas.values()));
  const trend = await countTrend(
    tx,
    scope.county,
    region,
    await turningDays(tx, scope.county, days.first, day, DAYS_SHOWN),
  );
  return {
    region: { code: region, name, path: tree.path(region) },
    asOf: day,
    indicators: SHOWN.map((code) => describeIndicator(code, everybody)),
    composition: COMPOSITION.map((code) => ({
      indicator: code,
      name: indicator(code).name,
      people: everybody(code),
    })).filter((part) => part.people > 0),
    ranking: tree
      .children(region, day)
      .map((child) => {
        const count = countOf(areas.get(child.code) ?? new Map());
        return {
          code: child.code,
          name: child.name,
          inScope: count('in-scope'),
          registered: count('registered'),
          coverage: indicatorValue('coverage-rate', count),
          paying: indicatorValue('paying-rate', count),
          notAsked: count('not-asked'),
        };
      })
      .toSorted((a, b) => (b.coverage ?? -1) - (a.coverage ?? -1)),
    trend: trend.map(({ day: on, count }) => ({
      day: on,
      inScope: count('in-scope'),
      registered: count('registered'),
      coverage: indicatorValue('coverage-rate', count),
      paying: indicatorValue('paying-rate', count),
    })),
    quarantined: await quarantinedRows(tx, scope, region, day),
  };
}

/** Register rows kept out for a wrong number, of the register in force on the day. */
async function quarantinedRows(tx: Tx, scope: Scope, region: RegionCode, day: PlainDate): Promise<number> {
  const counted = await countQuarantined(tx, scope.county, region, day);
  return [...counted.values()].reduce((a, n) => a + n, 0);
}
