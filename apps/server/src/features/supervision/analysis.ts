import type { AnswerOf } from '@quanbao/contract/route';
import type * as contract from '@quanbao/contract/supervision';
import { changeOf } from '@quanbao/domain/indicators/change';
import { COMPOSITION, indicator, indicatorValue } from '@quanbao/domain/indicators/indicators';
import { rankValues } from '@quanbao/domain/indicators/rank';
import { referenceText } from '@quanbao/domain/indicators/reference';
import { addDays } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import { type Period, periodFromCode, periodOf } from '@quanbao/domain/supervision/calendar';
import { escalationOn } from '@quanbao/domain/supervision/order';
import type { Standing } from '@quanbao/domain/supervision/submission';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { loadRegionTree } from '../regions/index.ts';
import { placeOf } from '../register/index.ts';
import { askableDays, chooseDay, requireRegion, workDay } from '../reports/index.ts';
import { figuresAt, measure } from '../targets/index.ts';
import { ordersOn } from './orders/store.ts';
import { standingsOf } from './submissions/owed.ts';
import { readScope } from './today.ts';
import { warningsOn } from './warnings/warnings.ts';

/** What a quarter is judged by on the side of coverage (Q6.1b); the fund's side comes with the fund. */
const INDICATORS = [
  'coverage-rate',
  'paying-rate',
  'due-paying-rate',
  'verify-task-rate',
  'expand-task-rate',
  'visit-rate',
  'write-off-rate',
  'key-group-rate',
  'in-scope',
  'registered',
  'not-registered',
  'paid',
] as const;

type Answer = AnswerOf<typeof contract.analysis>;
type Figures = Awaited<ReturnType<typeof measure>>;

/** Level, change, rank, composition, warnings and what was asked of a place in a quarter. */
export async function readAnalysis(
  instance: Instance,
  asked: Scope,
  query: { region?: RegionCode | undefined; quarter?: string | undefined },
): Promise<Answer> {
  const scope = readScope(asked);
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const region = query.region ?? scope.region;
    requireRegion(tree, scope, region);
    const days = await askableDays(tx, scope.county);
    const latest = chooseDay(days, undefined);
    const quarter =
      query.quarter === undefined ? periodOf('quarter', latest) : periodFromCode('quarter', query.quarter);
    const day = [quarter.to, latest].sort()[0] as string;
    if (day < quarter.from || day < days.first) {
      throw new Refusal(
        'analysis.quarter',
        `${quarter.title}没有数字：名单从 ${days.first} 到 ${latest}；请换一个季度。`,
      );
    }
    const eve = addDays(quarter.from, -1);
    const now = await measure(tx, scope, region, day);
    const then = await figuresAt(tx, scope, tree, region, eve);
    const beside =
      region.length === 9 && scope.region === scope.county
        ? await measure(tx, scope, scope.county, day)
        : undefined;
    const warned = await warningsOn(tx, scope, {
      region: region.length > 6 ? region : undefined,
      asOf: day,
      itself: region.length === 9,
    });
    return {
      region: placeOf(tree, region),
      quarter: quarter.code,
      title: quarter.title,
      day,
      before: then?.day ?? null,
      lines: INDICATORS.map((code) => lineOf(code, region, now, then, beside)),
      composition: COMPOSITION.map((code) => ({
        indicator: code,
        name: indicator(code).name,
        people: now.whole(code),
      })),
      warnings: warned.items
        .filter((one) => one.colour !== null)
        .map((one) => ({
          place: one.region.name,
          colour: one.colour as string,
          words: one.words,
          since: one.since,
        })),
      orders: await ordersOf(tx, scope, region, quarter),
      submissions: await submissionsOf(tx, scope, region, quarter, day),
    };
  });
}

function lineOf(
  code: (typeof INDICATORS)[number],
  region: RegionCode,
  now: Figures,
  then: Figures | undefined,
  beside: Figures | undefined,
): Answer['lines'][number] {
  const { name, unit } = indicator(code);
  const value = indicatorValue(code, now.whole);
  const before = then === undefined ? null : indicatorValue(code, then.whole);
  const places = beside?.places ?? [];
  const values = places.map(({ count }) => indicatorValue(code, count));
  const rank = rankValues(code, values)[places.findIndex((place) => place.code === region)] ?? null;
  return {
    indicator: code,
    name,
    unit,
    value,
    before,
    change: value === null || before === null ? null : changeOf(indicator(code).kind, value, before),
    rank,
    of: rank === null ? null : values.filter((n) => n !== null).length,
    reference: referenceText({ what: 'value', indicator: code, region, day: now.day }),
  };
}

/** By the day of work, as /orders has it: an order needs no list, and lists lag behind. */
async function ordersOf(
  tx: Tx,
  scope: Scope,
  region: RegionCode,
  quarter: Period,
): Promise<Answer['orders']> {
  const day = [quarter.to, await workDay(tx, scope, new Date())].sort()[0] as string;
  const raised = (await ordersOn(tx, { scope, office: '' }, region, day)).filter(
    ({ raisedDay }) => raisedDay >= quarter.from,
  );
  return {
    raised: raised.length,
    closed: raised.filter(({ state }) => state === 'closed').length,
    late: raised.filter((one) => escalationOn(one, [], day).daysLate > 0).length,
  };
}

/** More weeks than a quarter has, and those that are due in it though they end before. */
const PERIODS_BACK = 16;

/** Of what fell due in the quarter by the day, also where nobody has begun it. */
async function submissionsOf(
  tx: Tx,
  scope: Scope,
  region: RegionCode,
  quarter: Period,
  day: string,
): Promise<Answer['submissions']> {
  const all = (await standingsOf(tx, scope, [region], day, PERIODS_BACK)).get(region) ?? [];
  const due = all.filter((one) => one.due >= quarter.from && one.due <= day);
  const count = (standing: Standing) => due.filter((one) => one.standing === standing).length;
  const [inTime, late] = [count('in-time'), count('done-late')];
  return { owed: due.length, inTime, late, missing: due.length - inTime - late };
}
