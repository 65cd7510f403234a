import { dayNumber, isPlainDate, type PlainDate, yearOf } from '../kernel/plain-date.ts';
import { Refusal } from '../kernel/problem.ts';

/** 督办单 (Y10.3): asked of a place or an office, answered with evidence, closed by whoever raised it. */
export const ORDER_STATES = ['open', 'answered', 'returned', 'closed'] as const;
export type OrderState = (typeof ORDER_STATES)[number];
export const ORDER_WORDS: Readonly<Record<OrderState, string>> = {
  open: '待答复',
  answered: '已答复',
  returned: '退回重办',
  closed: '已办结',
};

export const ORDER_ACTS = ['raise', 'answer', 'return', 'close'] as const;
export type OrderAct = (typeof ORDER_ACTS)[number];
export const ORDER_ACT_WORDS: Readonly<Record<OrderAct, string>> = {
  raise: '下达',
  answer: '答复',
  return: '退回',
  close: '办结',
};

const MOVES: Readonly<Record<Exclude<OrderAct, 'raise'>, { from: readonly OrderState[]; to: OrderState }>> = {
  answer: { from: ['open', 'returned', 'answered'], to: 'answered' },
  return: { from: ['answered'], to: 'returned' },
  close: { from: ['answered'], to: 'closed' },
};

/** @throws Refusal where the act does not follow */
export function orderMoved(state: OrderState, act: Exclude<OrderAct, 'raise'>): OrderState {
  if (MOVES[act].from.includes(state)) return MOVES[act].to;
  throw new Refusal(
    'order.state',
    `这份督办单${ORDER_WORDS[state]}，不能${ORDER_ACT_WORDS[act]}；请刷新后看办理记录。`,
  );
}

/** Where an order stands once this was the last thing done about it. */
export function stateAfter(act: OrderAct): OrderState {
  return act === 'raise' ? 'open' : MOVES[act].to;
}

/** Who hears of an order that is so many days late. */
export interface EscalationLevel {
  readonly days: number;
  readonly title: string;
}

/** The papers say 通报整改 without days: the product's choice until a county writes its own. */
export const DEFAULT_ESCALATION: readonly EscalationLevel[] = [
  { days: 1, title: '提醒承办单位主要负责人' },
  { days: 4, title: '报分管县领导' },
  { days: 8, title: '报县主要领导并通报' },
];

/** @returns how late it is, and the highest level that this has reached */
export function escalationOn(
  order: { readonly state: OrderState; readonly due: PlainDate },
  levels: readonly EscalationLevel[],
  day: PlainDate,
): { readonly daysLate: number; readonly title: string | undefined } {
  if (order.state === 'closed' || order.state === 'answered') return { daysLate: 0, title: undefined };
  const daysLate = Math.max(0, dayNumber(day) - dayNumber(order.due));
  return { daysLate, title: levels.findLast((level) => daysLate >= level.days)?.title };
}

/** @throws Refusal for levels that do not climb */
export function checkEscalation(levels: readonly EscalationLevel[]): void {
  levels.forEach((level, i) => {
    const before = levels[i - 1]?.days ?? 0;
    if (!Number.isInteger(level.days) || level.days <= before || level.days > 365) {
      throw new Refusal('escalation.days', '逾期几日升级应为从小到大的正整数；请改正后再试。');
    }
    if (level.title.trim().length < 2)
      throw new Refusal('escalation.title', '请写明升级到谁（至少两个字）。');
  });
}

/** 〔2020〕督办第3号 */
export function orderNumber(number: number, day: PlainDate): string {
  return `〔${yearOf(day)}〕督办第${number}号`;
}

/** @throws Refusal for an order that nobody could answer */
export function checkOrder(order: {
  readonly subject: string;
  readonly asked: string;
  readonly due: string;
  readonly day: PlainDate;
}): void {
  if (order.subject.trim().length < 2) throw new Refusal('order.subject', '请写明督办事项（至少两个字）。');
  if (order.asked.trim().length < 2) throw new Refusal('order.asked', '请写明办理要求（至少两个字）。');
  if (!isPlainDate(order.due)) throw new Refusal('order.due', '办结时限应为 2020-09-30 的样子。');
  if (order.due < order.day)
    throw new Refusal('order.due', `办结时限 ${order.due} 早于下达日期 ${order.day}；请改正后再试。`);
}
