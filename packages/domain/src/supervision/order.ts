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

/** Whose inbox an escalation comes to: that of whoever it is asked of, or the county's. */
export type EscalatedTo = 'unit' | 'county';
export const ESCALATED_TO_WORDS: Readonly<Record<EscalatedTo, string>> = {
  unit: '告知承办单位',
  county: '告知县里',
};

/** Who hears of an order that is so many days late. */
export interface EscalationLevel {
  readonly days: number;
  readonly title: string;
  /** The county unless said. */
  readonly to?: EscalatedTo | undefined;
}

/** The papers say 通报整改 without days: the product's choice until a county writes its own. */
export const DEFAULT_ESCALATION: readonly EscalationLevel[] = [
  { days: 1, title: '提醒承办单位主要负责人', to: 'unit' },
  { days: 4, title: '报分管县领导' },
  { days: 8, title: '报县主要领导并通报' },
];

/** @returns how late it is, and the levels that this has reached, the highest last */
export function escalationOn(
  order: { readonly state: OrderState; readonly due: PlainDate },
  levels: readonly EscalationLevel[],
  day: PlainDate,
): { readonly daysLate: number; readonly reached: readonly EscalationLevel[] } {
  if (order.state === 'closed' || order.state === 'answered') return { daysLate: 0, reached: [] };
  const daysLate = Math.max(0, dayNumber(day) - dayNumber(order.due));
  return { daysLate, reached: levels.filter((level) => daysLate >= level.days) };
}

/** What it means that a level is reached: a reminder to whoever has to answer, or a matter of the county's. */
export function escalationColour(level: EscalationLevel): 'orange' | 'red' {
  return level.to === 'unit' ? 'orange' : 'red';
}

/** 〔2020〕督办第3号《报送周报》限 2020-10-22，逾期 4 天待答复：报分管县领导 */
export function escalationWords(
  order: {
    readonly order: number;
    readonly raisedDay: PlainDate;
    readonly due: PlainDate;
    readonly subject: string;
    readonly state: OrderState;
  },
  level: EscalationLevel,
): string {
  const { due, subject, state } = order;
  return `${orderNumber(order.order, order.raisedDay)}《${subject}》限 ${due}，逾期 ${level.days} 天${ORDER_WORDS[state]}：${level.title}`;
}

/** Under what an escalation is told; no warning's rule has such a code. */
export function escalationCode(order: number): string {
  return `order-${order}`;
}

/** The order that something told is of; undefined for a warning. */
export function orderOfNotice(code: string): number | undefined {
  const [, no] = /^order-(\d+)$/.exec(code) ?? [];
  return no === undefined ? undefined : Number(no);
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
