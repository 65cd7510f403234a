import type { cockpit } from '@quanbao/contract/cockpit';
import type { AnswerOf } from '@quanbao/contract/route';
import { findIndicator, formatRate, formatValue } from '@quanbao/domain/indicators/indicators';
import { formatYuan } from '@quanbao/domain/kernel/money';
import { addDays } from '@quanbao/domain/kernel/plain-date';
import { number, signedPoints } from '../../ui/format.ts';

export type Cockpit = AnswerOf<typeof cockpit>;
export type PlanBoard = Cockpit['plans'][number];
export type Share = PlanBoard['whole'];
export type Series = PlanBoard['series'][number];
export type RankedPlace = Cockpit['rankings'][number]['places'][number];
export type Light = Cockpit['lights'][number];

/** The first of the seven days that end with this one. */
export function weekFrom(asOf: string): string {
  return addDays(asOf, -6);
}

/** 还有 41 天, 今天到期, 已过 3 天 */
export function daysWords(daysLeft: number): { before: string; days: string; after: string } {
  if (daysLeft === 0) return { before: '', days: '今天', after: '到期' };
  const days = String(Math.abs(daysLeft));
  return daysLeft > 0 ? { before: '还有', days, after: '天' } : { before: '已过期限', days, after: '天' };
}

export function amount(unit: string, n: number | null): string {
  if (n === null) return '待接入';
  return unit === 'fen' ? `${formatYuan(n)} 元` : number(n);
}

/** Up is better: a smaller place. Empty where nothing is known of the week before. */
export function movement({ rank, wasRank }: Pick<RankedPlace, 'rank' | 'wasRank'>): {
  readonly sign: string;
  readonly words: string;
  readonly way: 'up' | 'down' | 'same' | 'none';
} {
  if (rank === null || wasRank === null) return { sign: '', words: '', way: 'none' };
  const by = wasRank - rank;
  if (by === 0) return { sign: '＝', words: '名次不变', way: 'same' };
  const places = Math.abs(by);
  return by > 0
    ? { sign: `↑${places}`, words: `上升 ${places} 位`, way: 'up' }
    : { sign: `↓${places}`, words: `下降 ${places} 位`, way: 'down' };
}

/** How a value changed in the week; — where there is nothing to compare. */
export function changeWords(code: string, { value, was }: Pick<RankedPlace, 'value' | 'was'>): string {
  if (value === null || was === null) return '—';
  if (findIndicator(code)?.kind === 'rate') return signedPoints(value - was).replace('个百分点', '');
  return formatValue(code, value - was);
}

/** 完成 45.00%，应完成 50.00% */
export function progressWords({ standing }: Share): string {
  const { rate, planned, amount: all } = standing;
  const due = all === 0 ? null : planned / all;
  return `完成 ${formatRate(rate)}，按时间进度应完成 ${formatRate(due)}`;
}

/** Points of a line in a box, the first day at the left, the whole amount at the top. */
export function linePoints(
  days: readonly string[],
  values: readonly (number | null)[],
  top: number,
  box: { width: number; height: number },
): string {
  const at = days.map((day) => Date.parse(day));
  const first = at[0] ?? 0;
  const span = Math.max(1, (at.at(-1) ?? 0) - first);
  return values
    .flatMap((value, i) => {
      if (value === null) return [];
      const x = (((at[i] ?? first) - first) / span) * box.width;
      const y = box.height - (top === 0 ? 0 : value / top) * box.height;
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    })
    .join(' ');
}
