import { findIndicator, formatRate, formatValue } from '../indicators/indicators.ts';
import type { PlainDate } from '../kernel/plain-date.ts';
import { Refusal } from '../kernel/problem.ts';

export const COLOURS = ['yellow', 'orange', 'red'] as const;
export type Colour = (typeof COLOURS)[number];
export const COLOUR_WORDS: Readonly<Record<Colour, string>> = { yellow: '黄', orange: '橙', red: '红' };

/** What a value is held against: the plan's share by then, a level of its own, or itself some days before. */
export const BASES = ['plan', 'fixed', 'previous'] as const;
export type Basis = (typeof BASES)[number];
export const BASIS_TITLES: Readonly<Record<Basis, string>> = {
  plan: '落后时间进度（百分点）',
  fixed: '低于（高于）定值',
  previous: '比前期变差',
};

/**
 * One threshold line. `plan`: behind the time-proportional plan by more than so many points; `fixed`: beyond so many
 * points (a count: so many); `previous`: worse than `days` before by more than so much.
 */
export interface WarningRule {
  readonly code: string;
  readonly title: string;
  readonly indicator: string;
  readonly basis: Basis;
  readonly days?: number;
  readonly yellow: number | null;
  readonly orange: number | null;
  readonly red: number | null;
  /** From this colour on an order is to be raised; without one it is left to whoever looks. */
  readonly order?: Colour;
  /** How many days the order then gives for its answer. */
  readonly orderDays?: number;
  /** The paper it rests on, or that it is the product's choice. */
  readonly source: string;
}

const OWN = '本产品缺省值，文件未规定档次；县里可改';

export const DEFAULT_WARNINGS: readonly WarningRule[] = [
  {
    code: 'verify-behind',
    title: '核实任务落后时间进度',
    indicator: 'verify-task-rate',
    basis: 'plan',
    yellow: 5,
    orange: 10,
    red: 20,
    order: 'red',
    orderDays: 7,
    source: OWN,
  },
  {
    code: 'expand-behind',
    title: '扩面任务落后时间进度',
    indicator: 'expand-task-rate',
    basis: 'plan',
    yellow: 5,
    orange: 10,
    red: 20,
    order: 'red',
    orderDays: 7,
    source: OWN,
  },
  {
    code: 'coverage-falling',
    title: '覆盖率比七天前下降',
    indicator: 'coverage-rate',
    basis: 'previous',
    days: 7,
    yellow: 0.5,
    orange: 1,
    red: 2,
    source: OWN,
  },
];

export interface Judged {
  readonly value: number | null;
  readonly against: number | null;
  /** How much worse than what it is held against, in points of a rate or in the count's unit; null where nothing can be said. */
  readonly gap: number | null;
  readonly colour: Colour | undefined;
}

/**
 * @param value as `indicatorValue` gives it: a rate is a fraction
 * @param against of a plan its share by then (0–1), of a previous period the value then; a fixed level has none
 */
export function judge(rule: WarningRule, value: number | null, against: number | null): Judged {
  const found = findIndicator(rule.indicator);
  const scale = found?.kind === 'rate' ? 100 : 1;
  const sign = found?.better === 'less' ? -1 : 1;
  if (value === null) return { value, against, gap: null, colour: undefined };
  if (rule.basis === 'fixed') {
    const worse = (limit: number | null): boolean =>
      limit !== null && rounded(sign * (limit - value * scale)) > 0;
    const limit = rule.yellow ?? rule.orange ?? rule.red;
    const gap = limit === null ? null : rounded(sign * (limit - value * scale));
    return { value, against: limit === null ? null : limit / scale, gap, colour: highest(rule, worse) };
  }
  if (against === null) return { value, against, gap: null, colour: undefined };
  const gap = rounded(sign * (against - value) * scale);
  return { value, against, gap, colour: highest(rule, (limit) => limit !== null && gap > limit) };
}

/**
 * The colour of a plan's standing, by the county's own rule of its kind; no rule names another kind: those go by what is
 * shipped for 核实任务.
 * Both shares are of the amount, 0–1; null where there is no task or nothing tells it yet.
 */
export function planColour(
  rules: readonly WarningRule[],
  kind: string,
  done: number | null,
  planned: number | null,
): Colour | undefined {
  const [of, among] = kind === 'own' ? ['verify', DEFAULT_WARNINGS] : [kind, rules];
  const rule = among.find((one) => one.basis === 'plan' && planOfRate(one.indicator) === of);
  return rule === undefined ? undefined : judge(rule, done, planned).colour;
}

function highest(rule: WarningRule, reached: (limit: number | null) => boolean): Colour | undefined {
  return COLOURS.findLast((colour) => reached(rule[colour]));
}

/** To a hundredth of a point: what a screen prints decides. */
function rounded(n: number): number {
  return Math.round(n * 100) / 100;
}

/** Whether a rule asks for an order once this colour is reached. */
export function asksOrder(rule: WarningRule, colour: Colour | undefined): boolean {
  if (rule.order === undefined || colour === undefined) return false;
  return COLOURS.indexOf(colour) >= COLOURS.indexOf(rule.order);
}

/** A row of days with one colour; `open` where it began before the first day that was looked at. */
export interface Run {
  readonly colour: Colour | undefined;
  readonly from: PlainDate;
  readonly to: PlainDate;
}

/** @param days in order */
export function runsOf(
  days: readonly { readonly day: PlainDate; readonly colour: Colour | undefined }[],
): Run[] {
  const runs: Run[] = [];
  for (const { day, colour } of days) {
    const last = runs.at(-1);
    if (last !== undefined && last.colour === colour) runs[runs.length - 1] = { ...last, to: day };
    else runs.push({ colour, from: day, to: day });
  }
  return runs;
}

/** 核实任务完成率 31.20%，按时间进度应为 50.00%，落后 18.80 个百分点 */
export function warningWords(rule: WarningRule, judged: Judged): string {
  const found = findIndicator(rule.indicator);
  const name = found?.name ?? rule.indicator;
  const value = `${name} ${formatValue(rule.indicator, judged.value)}`;
  if (judged.gap === null || judged.against === null) return value;
  const unit = found?.kind === 'rate' ? '个百分点' : (found?.unit ?? '');
  const gap = `${found?.kind === 'rate' ? judged.gap.toFixed(2) : judged.gap} ${unit}`;
  const against = found?.kind === 'rate' ? formatRate(judged.against) : String(judged.against);
  if (rule.basis === 'plan') return `${value}，按时间进度应为 ${against}，落后 ${gap}`;
  if (rule.basis === 'fixed') return `${value}，警戒线 ${against}，相差 ${gap}`;
  return `${value}，${rule.days} 天前为 ${against}，变差 ${gap}`;
}

/** @throws Refusal for thresholds that cannot be read */
export function checkWarnings(rules: readonly WarningRule[]): void {
  const seen = new Set<string>();
  for (const rule of rules) {
    const refused = (words: string): Refusal => new Refusal('warning.rule', `预警“${rule.title}”：${words}`);
    if (!/^(?!order-\d)[a-z][a-z0-9-]{2,40}$/.test(rule.code) || seen.has(rule.code))
      throw refused('代码不能用或重复；请换一个（小写字母、数字和短横）。');
    seen.add(rule.code);
    const found = findIndicator(rule.indicator);
    if (found === undefined) throw refused(`没有名为 ${rule.indicator} 的指标；请从指标口径里选。`);
    if (rule.basis === 'plan' && planOfRate(rule.indicator) === undefined)
      throw refused('只有核实任务完成率和扩面任务完成率可以与时间进度相比。');
    if (rule.basis === 'previous' && !(Number.isInteger(rule.days) && (rule.days as number) > 0))
      throw refused('与前期相比要写明几天前。');
    const limits = COLOURS.map((colour) => rule[colour]).filter((n) => n !== null);
    if (limits.length === 0) throw refused('黄、橙、红至少写一档。');
    // A level to stay above falls from yellow to red; everything else climbs.
    const climbs = rule.basis !== 'fixed' || found.better === 'less';
    const ordered = limits.every(
      (n, i) => i === 0 || (climbs ? n > (limits[i - 1] as number) : n < (limits[i - 1] as number)),
    );
    if (!ordered) throw refused('黄、橙、红三档应一档比一档重。');
    if (rule.order !== undefined && rule[rule.order] === null)
      throw refused(`${COLOUR_WORDS[rule.order]}色没有写档次，不能从这一档起下达督办单。`);
    if ((rule.order === undefined) !== (rule.orderDays === undefined))
      throw refused('从哪一档起下达督办单，和办结天数，要写都写。');
    if (rule.orderDays !== undefined && !(Number.isInteger(rule.orderDays) && rule.orderDays > 0))
      throw refused('督办单的办结天数应为正整数。');
  }
}

/** The plan whose share a rate is held against. */
export function planOfRate(indicator: string): 'verify' | 'expand' | undefined {
  const found = findIndicator(indicator);
  if (found?.kind !== 'rate') return undefined;
  const below = findIndicator(found.denominator);
  return below?.kind === 'count' && below.over === 'plan' ? below.plan : undefined;
}
