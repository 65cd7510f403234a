import { addDays, type PlainDate } from '@quanbao/domain/kernel/plain-date';

const Real = globalThis.Date;

/**
 * The process lives on a day of the campaign: whatever asks for the time now, the product's edge included, is told that
 * day. Within it time passes as it does. The database keeps its own clock, by which it notes when rows came in.
 */
export class Clock {
  #ahead = 0;

  start(): void {
    const ahead = (): number => this.#ahead;
    globalThis.Date = class extends Real {
      constructor(...given: ConstructorParameters<typeof Date> | []) {
        if (given.length === 0) super(Real.now() + ahead());
        else super(...given);
      }
      static override now(): number {
        return Real.now() + ahead();
      }
    } as DateConstructor;
  }

  /** Nine in the morning of the day. */
  set(day: PlainDate): void {
    this.#ahead = Real.parse(`${day}T09:00:00+08:00`) - Real.now();
  }

  stop(): void {
    globalThis.Date = Real;
  }
}

export const FIRST_DAY = '2020-08-01';
const LAST_DAY = '2020-10-31';

/** The days of the campaign, or the first so many of them. */
export function campaignDays(many = Number.POSITIVE_INFINITY): PlainDate[] {
  const days: PlainDate[] = [];
  for (let day: PlainDate = FIRST_DAY; day <= LAST_DAY && days.length < many; day = addDays(day, 1))
    days.push(day);
  return days;
}

export const SUNDAY = 0;

/** From Sunday on. */
export function weekday(day: PlainDate): number {
  return new Real(`${day}T00:00:00Z`).getUTCDay();
}

export function chinese(day: PlainDate): string {
  return `${Number(day.slice(5, 7))}月${Number(day.slice(8))}日`;
}
