import { addDays, type PlainDate } from '../kernel/plain-date.ts';

/** When an item has to be done: once by a day, again in every period, or all the time (持续). */
export type Timing =
  | { readonly kind: 'day'; readonly day: PlainDate }
  | {
      readonly kind: 'every';
      readonly every: 'year' | 'quarter' | 'month' | 'week';
      readonly from: PlainDate;
      /** The last day on which a period may begin; without one it never ends. */
      readonly to?: PlainDate;
      /** `MM-DD` of each year by which it is due, where a year has several (4月底前下达，年底考核). */
      readonly dues?: readonly string[];
    }
  | { readonly kind: 'ongoing'; readonly from: PlainDate; readonly to?: PlainDate };

/** One stretch of time for which an item is written off: [from, to), due on the last day unless said otherwise. */
export interface Period {
  /** Names it among the item's others: 2020, 2020Q3, 2020-08, 2020W33, `once`. */
  readonly key: string;
  readonly from: PlainDate;
  readonly to: PlainDate;
  readonly due: PlainDate;
}

/** What an item that is due once, or always, is written off for. */
const ONCE = 'once';
const ALWAYS: PlainDate = '9999-12-31';
const WEEK = 7;
const MOST = 1_000;

/** The periods of an item that have begun by the day, the first one first: recurring ones reopen by themselves. */
export function periodsUntil(timing: Timing, day: PlainDate): Period[] {
  if (timing.kind === 'day') return [{ key: ONCE, from: '0001-01-01', to: ALWAYS, due: timing.day }];
  if (timing.kind === 'ongoing') {
    // Kept up all the time, it is accounted for once a year.
    const { from, to } = timing;
    return periodsUntil({ kind: 'every', every: 'year', from, ...(to === undefined ? {} : { to }) }, day);
  }
  const periods: Period[] = [];
  let from = timing.every === 'week' ? timing.from : firstOf(timing.from, timing.every);
  const last = timing.to !== undefined && timing.to < day ? timing.to : day;
  while (from <= last && periods.length < MOST) {
    const to = timing.every === 'week' ? addDays(from, WEEK) : nextOf(from, timing.every);
    periods.push(...cut(timing, from, to).filter((period) => period.from <= last));
    from = to;
  }
  return periods;
}

/** The period that is open on the day, or undefined where none has begun or the last is over. */
export function periodOn(timing: Timing, day: PlainDate): Period | undefined {
  return periodsUntil(timing, day).findLast((period) => period.from <= day && day < period.to);
}

function cut(timing: Timing & { kind: 'every' }, from: PlainDate, to: PlainDate): Period[] {
  const key = keyOf(from, timing.every);
  if (timing.every !== 'year' || timing.dues === undefined) {
    return [{ key, from: from < timing.from ? timing.from : from, to, due: addDays(to, -1) }];
  }
  const year = from.slice(0, 4);
  let begin = from;
  return timing.dues.map((due, i) => {
    const day = `${year}-${due}`;
    const end = i === (timing.dues as readonly string[]).length - 1 ? to : addDays(day, 1);
    const period = { key: `${key}-${due}`, from: begin, to: end, due: day };
    begin = end;
    return period;
  });
}

function firstOf(day: PlainDate, every: 'year' | 'quarter' | 'month'): PlainDate {
  const year = day.slice(0, 4);
  if (every === 'year') return `${year}-01-01`;
  const month = Number(day.slice(5, 7));
  return `${year}-${two(every === 'month' ? month : month - ((month - 1) % 3))}-01`;
}

function nextOf(first: PlainDate, every: 'year' | 'quarter' | 'month'): PlainDate {
  const months = { year: 12, quarter: 3, month: 1 }[every];
  const at = Number(first.slice(0, 4)) * 12 + Number(first.slice(5, 7)) - 1 + months;
  return `${String(Math.floor(at / 12)).padStart(4, '0')}-${two((at % 12) + 1)}-01`;
}

function keyOf(from: PlainDate, every: 'year' | 'quarter' | 'month' | 'week'): string {
  const year = from.slice(0, 4);
  if (every === 'year') return year;
  if (every === 'quarter') return `${year}Q${Math.floor((Number(from.slice(5, 7)) - 1) / 3) + 1}`;
  return every === 'month' ? from.slice(0, 7) : `w${from}`;
}

function two(n: number): string {
  return String(n).padStart(2, '0');
}

const EVERY_WORDS = { year: '每年', quarter: '每季度', month: '每月', week: '每周' } as const;

/** How often an item is written off, in words. */
export function rhythmWords(timing: Timing): string {
  if (timing.kind === 'day') return '一次';
  if (timing.kind === 'ongoing') return '持续，每年销账';
  const times =
    timing.dues === undefined ? '' : `（${timing.dues.map((due) => due.replace('-', '月')).join('日、')}日）`;
  return EVERY_WORDS[timing.every] + times;
}
