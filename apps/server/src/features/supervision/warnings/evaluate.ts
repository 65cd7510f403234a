import { indicatorValue } from '@quanbao/domain/indicators/indicators';
import { addDays, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import { type Judged, judge, planOfRate, type WarningRule } from '@quanbao/domain/supervision/warning';
import { PLAN_COUNT } from '@quanbao/domain/targets/plan';
import { dueShare } from '@quanbao/domain/targets/progress';
import type { Scope, Tx } from '../../../db/port.ts';
import { loadRegionTree } from '../../regions/index.ts';
import { askableDays } from '../../reports/index.ts';
import { coursesInForce, figuresAt, measure } from '../../targets/index.ts';

export interface Warned extends Judged {
  readonly region: { readonly code: RegionCode; readonly name: string };
  readonly rule: WarningRule;
}

/**
 * What every place below a region is worth under every rule on a day: a pure function of that day's figures, so that any
 * past day can be asked again. A village is its own only place.
 * @param itself the region, too: a town has nobody above in its own range, beside whose places it would be judged
 */
export async function evaluate(
  tx: Tx,
  scope: Scope,
  rules: readonly WarningRule[],
  region: RegionCode,
  asked: PlainDate | undefined,
  itself = false,
): Promise<{ day: PlainDate; items: Warned[] }> {
  const figures = await measure(tx, scope, region, asked);
  const { day } = figures;
  const tree = await loadRegionTree(tx, scope.county);
  const courses = await coursesInForce(tx, scope.county, day);
  const { code: own, name: ownName } = figures.region;
  const places =
    itself && figures.places.every(({ code }) => code !== own)
      ? [{ code: own, name: ownName, count: figures.whole }, ...figures.places]
      : figures.places;
  const items: Warned[] = [];
  for (const rule of rules) {
    const plan = planOfRate(rule.indicator);
    const course = plan === undefined ? undefined : courses[plan];
    const earlier = rule.basis === 'previous' ? addDays(day, -(rule.days ?? 7)) : undefined;
    const before =
      earlier === undefined ? undefined : await figuresAt(tx, scope, tree, figures.region.code, earlier);
    for (const { code, name, count } of places) {
      const value = indicatorValue(rule.indicator, count);
      const against =
        rule.basis === 'plan'
          ? plan === undefined || course === undefined
            ? null
            : dueShare(count(PLAN_COUNT[plan]), course, day)
          : before === undefined
            ? null
            : indicatorValue(rule.indicator, code === own ? before.whole : before.of(code));
      items.push({ region: { code, name }, rule, ...judge(rule, value, against) });
    }
  }
  return { day, items };
}

export function keyOf(region: RegionCode, rule: string): string {
  return `${region} ${rule}`;
}

/** The colours of the days before, the oldest first; none before the first register, or where the region did not stand. */
export async function coloursBack(
  tx: Tx,
  scope: Scope,
  rules: readonly WarningRule[],
  region: RegionCode,
  day: PlainDate,
  back: number,
  itself = false,
): Promise<{ day: PlainDate; items: readonly Warned[] }[]> {
  const { first } = await askableDays(tx, scope.county);
  const tree = await loadRegionTree(tx, scope.county);
  const days: { day: PlainDate; items: readonly Warned[] }[] = [];
  for (let n = back; n >= 0; n--) {
    const one = addDays(day, -n);
    if (one >= first && tree.current(region, one) === region)
      days.push(await evaluate(tx, scope, rules, region, one, itself));
  }
  return days;
}
