import { addDays, dayNumber, type PlainDate } from '../kernel/plain-date.ts';
import type { Milestone } from './plan.ts';

export interface Course {
  readonly from: PlainDate;
  readonly due: PlainDate;
  readonly milestones: readonly Milestone[];
}

/** What has to be done of an amount by a milestone: half of 13,915 people are 6,958. */
export function dueOf(amount: number, percent: number): number {
  return ceil(BigInt(amount) * BigInt(percent), 100n);
}

/** What part of a plan has to be done by the end of the day, exactly: even steps from one milestone to the next. */
function partOn(course: Course, day: PlainDate): { readonly n: number; readonly of: number } {
  const points = [{ day: addDays(course.from, -1), percent: 0 }, ...course.milestones];
  if ((points.at(-1)?.day ?? '') < course.due) points.push({ day: course.due, percent: 100 });
  const next = points.findIndex((point) => point.day >= day);
  if (next === 0) return { n: 0, of: 100 };
  if (next < 0) return { n: points.at(-1)?.percent ?? 100, of: 100 };
  const [a, b] = [points[next - 1], points[next]] as [Milestone, Milestone];
  const span = dayNumber(b.day) - dayNumber(a.day);
  const gone = dayNumber(day) - dayNumber(a.day);
  return { n: a.percent * span + (b.percent - a.percent) * gone, of: 100 * span };
}

/** What has to be done of an amount by the end of the day; whole, rounded up. */
export function plannedOn(amount: number, course: Course, day: PlainDate): number {
  const { n, of } = partOn(course, day);
  return ceil(BigInt(amount) * BigInt(n), BigInt(of));
}

/** The share of an amount that is due by the end of the day (时间进度), 0–1, of whole people; null of nothing. */
export function dueShare(amount: number, course: Course, day: PlainDate): number | null {
  return amount === 0 ? null : plannedOn(amount, course, day) / amount;
}

function ceil(n: bigint, by: bigint): number {
  return Number((n + by - 1n) / by);
}

export const PACE_DAYS = [14, 28] as const;

export interface Forecast {
  /** The days the pace is taken from. */
  readonly over: number;
  /** A day; below 0 where fewer are done than before. */
  readonly pace: number;
  /** Done by the deadline at that pace, never below 0. */
  readonly atDue: number;
  /** When all is done at that pace; null where it never is. */
  readonly reachedOn: PlainDate | null;
}

/** Where the pace of the last days leads. @param before done so many days ago; undefined where nothing is known of it */
export function forecast(
  { amount, done, day, due }: { amount: number; done: number; day: PlainDate; due: PlainDate },
  over: number,
  before: number | undefined,
): Forecast | undefined {
  if (before === undefined) return undefined;
  const left = Math.max(0, dayNumber(due) - dayNumber(day));
  const gained = done - before;
  const missing = amount - done;
  const days = gained > 0 ? Math.ceil((missing * over) / gained) : undefined;
  return {
    over,
    pace: gained / over,
    atDue: Math.max(0, done + Math.floor((gained * left) / over)),
    reachedOn: missing <= 0 ? day : days === undefined || days > 36_500 ? null : addDays(day, days),
  };
}

export type StandingState = 'none' | 'done' | 'ahead' | 'behind';

export interface Standing {
  readonly amount: number;
  readonly done: number;
  readonly planned: number;
  readonly state: StandingState;
  /** Done less planned: below 0 for whoever is behind. */
  readonly lead: number;
  /** The same as a part of the amount; null of nothing. */
  readonly points: number | null;
  readonly rate: number | null;
}

export function standingOf(amount: number, done: number, planned: number): Standing {
  const lead = done - planned;
  const state = amount === 0 ? 'none' : done >= amount ? 'done' : lead < 0 ? 'behind' : 'ahead';
  return {
    amount,
    done,
    planned,
    state,
    lead,
    points: amount === 0 ? null : lead / amount,
    rate: amount === 0 ? null : done / amount,
  };
}

/** @example 落后 1,204 人（8.65 个百分点） */
export function standingWords(
  { state, lead, points }: Pick<Standing, 'state' | 'lead' | 'points'>,
  print: (n: number) => string,
): string {
  if (state === 'none') return '没有任务';
  if (state === 'done') return '已完成';
  if (lead === 0) return '与时间进度持平';
  const far = `${print(Math.abs(lead))}（${(Math.abs(points ?? 0) * 100).toFixed(2)} 个百分点）`;
  return state === 'behind' ? `落后 ${far}` : `超前 ${far}`;
}

/** 每年4月底前下达: of a plan for a whole calendar year, by how it was issued; undefined of any other plan (Q2.3). */
export function issuedLate(
  { from, due }: Pick<Course, 'from' | 'due'>,
  issued: PlainDate | undefined,
  day: PlainDate,
): boolean | undefined {
  const year = from.slice(0, 4);
  if (from !== `${year}-01-01` || due !== `${year}-12-31`) return undefined;
  return (issued ?? day) > `${year}-04-30`;
}
