import { addDays, isPlainDate, type PlainDate, yearOf } from '../kernel/plain-date.ts';
import type { Timing } from './timing.ts';

const DAY = /(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日?/;
const MONTH_END = /(?:(\d{4})年)?(\d{1,2})月(?:底|以前|前)/;
const SINCE_YEAR = /(\d{4})年(?:起|开始)/;
const EVERY = [
  [/每周|周报/, 'week'],
  [/每月|月报/, 'month'],
  [/每季/, 'quarter'],
  [/每年/, 'year'],
] as const;

/**
 * What a printed 完成时限 means: a day, something that comes back, or all the time. What cannot be read is kept up all
 * the time, so that it is asked for once a year rather than never.
 * @param loaded the day the list is loaded on: its year is that of a day which names none, and what comes back begins
 * with the period that holds it, unless the list names a year: nobody is late with weeks before he had the list
 */
export function timingOf(printed: string, loaded: PlainDate): Timing {
  const year = yearOf(loaded);
  for (const [pattern, every] of EVERY) {
    if (!pattern.test(printed)) continue;
    const named = SINCE_YEAR.exec(printed)?.[1];
    return { kind: 'every', every, from: named === undefined ? loaded : `${named}-01-01` };
  }
  const from = `${year}-01-01`;
  const day = dayOf(printed, year);
  if (day !== undefined) {
    return printed.includes('开始') || printed.includes('起')
      ? { kind: 'ongoing', from: day }
      : { kind: 'day', day };
  }
  return { kind: 'ongoing', from };
}

function dayOf(printed: string, year: number): PlainDate | undefined {
  const [, named, month, date] = DAY.exec(printed) ?? [];
  if (month !== undefined && date !== undefined) return real(named ?? String(year), month, date);
  const [, ofYear, end] = MONTH_END.exec(printed) ?? [];
  if (end === undefined) return undefined;
  const next = Number(ofYear ?? year) * 12 + Number(end);
  const first = real(String(Math.floor(next / 12)), String((next % 12) + 1), '1');
  return first === undefined ? undefined : addDays(first, -1);
}

function real(year: string, month: string, date: string): PlainDate | undefined {
  const day = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
  return isPlainDate(day) ? day : undefined;
}
