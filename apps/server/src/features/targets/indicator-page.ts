import type { AnswerOf } from '@quanbao/contract/route';
import type * as contract from '@quanbao/contract/targets';
import { isAllowed, type Role } from '@quanbao/domain/access/roles';
import { indicatorAddress } from '@quanbao/domain/indicators/address';
import {
  type CountOf,
  countsOf,
  findIndicator,
  INDICATORS,
  indicator,
  indicatorValue,
} from '@quanbao/domain/indicators/indicators';
import { rankValues } from '@quanbao/domain/indicators/rank';
import { parseReference, type Reference } from '@quanbao/domain/indicators/reference';
import { addDays, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { type RegionCode, regionLevel } from '@quanbao/domain/kernel/region';
import { parseScoreReference } from '@quanbao/domain/supervision/paper/assessment';
import {
  type DayFigures,
  foundAt,
  type PaperFigures,
  printed,
} from '@quanbao/domain/supervision/paper/figures';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { loadRegionTree } from '../regions/index.ts';
import { placeOf } from '../register/index.ts';
import { measure } from './measure.ts';
import { figuresAt } from './progress.ts';
import { coursesInForce } from './shares.ts';

const WEEKS = 12;

/** One indicator: of each place in a region with its rank, and of the region over the last weeks. */
export async function readFigure(
  instance: Instance,
  scope: Scope,
  code: string,
  asked: { region?: RegionCode | undefined; asOf?: PlainDate | undefined },
): Promise<AnswerOf<typeof contract.figure>> {
  const found = findIndicator(code);
  if (found === undefined) throw new Refusal('indicator.unknown', '没有这个指标；请从指标口径里选一个。');
  return instance.db.transaction(scope, async (tx) => {
    const { region, day, whole, places } = await measure(tx, scope, asked.region ?? scope.region, asked.asOf);
    const tree = await loadRegionTree(tx, scope.county);
    const below = places.filter((place) => place.code !== region.code);
    const values = below.map(({ count }) => indicatorValue(code, count));
    const ranks = rankValues(code, values);
    const trend: { day: PlainDate; value: number | null }[] = [];
    for (let week = WEEKS; week > 0; week--) {
      const then = addDays(day, -7 * week);
      const figures = await figuresAt(tx, scope, tree, region.code, then);
      if (figures) trend.push({ day: then, value: indicatorValue(code, figures.whole) });
    }
    const value = indicatorValue(code, whole);
    return {
      indicator: code,
      region: placeOf(tree, region.code),
      asOf: day,
      value,
      places: below.map((place, at) => {
        const [numerator, denominator] = found.kind === 'rate' ? countsOf(code).map(place.count) : [];
        return {
          place: placeOf(tree, place.code),
          value: values[at] ?? null,
          numerator: numerator ?? null,
          denominator: denominator ?? null,
          rank: ranks[at] ?? null,
        };
      }),
      trend: [...trend, { day, value }],
    };
  });
}

/** What a number of a paper is made of, and what it is by what is known now. */
export async function resolveReference(
  instance: Instance,
  scope: Scope,
  role: Role,
  text: string,
): Promise<AnswerOf<typeof contract.reference>> {
  const reference = parseReference(text);
  const score = parseScoreReference(text);
  if (score !== undefined) {
    throw new Refusal(
      'reference.score',
      `这是第 ${score.assessment} 轮考核定案的数；请在考核轮次里打开这一轮，逐项查看得分、指标和人员。`,
    );
  }
  if (reference === undefined) {
    throw new Refusal('reference.unknown', '这不是一个数字的出处；请从文稿里的数字点开。');
  }
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const { value, printed } = await valueIn(tx, scope, reference);
    const { name, definition, clause, unit } = indicator(reference.indicator);
    return {
      reference: text,
      what: reference.what,
      indicator: reference.indicator,
      name,
      definition,
      clause,
      unit,
      region: placeOf(tree, reference.region),
      day: reference.day,
      since: reference.since ?? null,
      value,
      printed,
      link: addressOf(reference, isAllowed(role, 'people.read')),
    };
  });
}

/** The desk's page with whom it counts; whoever sees no people is shown how the number is made. */
function addressOf({ indicator: code, region, day }: Reference, seesPeople: boolean) {
  const { path, query } = indicatorAddress(code);
  const seen = path === '/indicators' || seesPeople;
  return {
    path: seen ? path : '/indicators',
    query: { ...(seen ? query : { indicator: code }), region, asOf: day },
  };
}

/** The reference as a paper comes to it: one rule for both. */
async function valueIn(
  tx: Tx,
  scope: Scope,
  reference: Reference,
): Promise<{ value: number | null; printed: string }> {
  const figures = await figuresFor(tx, scope, reference);
  const value = foundAt(figures, reference) ?? null;
  return { value, printed: printedAlone(reference, value) };
}

/** The region's figures of the day and of the day before it; of a rank those of the places beside it. */
async function figuresFor(
  tx: Tx,
  scope: Scope,
  { what, region, day, since }: Reference,
): Promise<PaperFigures> {
  const tree = await loadRegionTree(tx, scope.county);
  const of = what === 'rank' ? regionAbove(scope, region) : region;
  const days: Record<PlainDate, DayFigures> = {};
  for (const one of since === undefined ? [day] : [since, day]) {
    const { whole, places } = await measure(tx, scope, of, one);
    days[one] = {
      whole: countsBy(whole),
      places: places
        .filter(({ code }) => code !== of)
        .map(({ code, name, count }) => ({ code, name, counts: countsBy(count) })),
    };
  }
  const named = (code: RegionCode) => ({ code, name: tree.get(code)?.name ?? code });
  return {
    region: named(of),
    county: named(scope.county),
    day,
    days,
    courses: await coursesInForce(tx, scope.county, day),
  };
}

const COUNTED = INDICATORS.filter(({ kind }) => kind === 'count').map(({ code }) => code);

function countsBy(count: CountOf): Record<string, number> {
  return Object.fromEntries(COUNTED.map((code) => [code, count(code)]));
}

/** @throws Refusal for what stands among no others */
function regionAbove(scope: Scope, region: RegionCode): RegionCode {
  const level = regionLevel(region);
  if (level === 'town') return scope.county;
  if (level === 'village') return region.slice(0, 9);
  throw new Refusal('reference.rank', '只有乡镇和村（社区）有名次；请核对出处。');
}

/** Outside its sentence a number says by itself which way it goes, and what it is. */
function printedAlone(reference: Reference, value: number | null): string {
  const text = printed(reference, value);
  const { what } = reference;
  if (value === null) return text;
  if (what === 'rank') return `第${text}位`;
  if (what !== 'change' && what !== 'gap') return text;
  const sign = value > 0 ? '+' : value < 0 ? '−' : '';
  return `${sign}${text}${indicator(reference.indicator).kind === 'rate' ? '个百分点' : ''}`;
}
