/**
 * Calendar days as `YYYY-MM-DD` text, end to end: text sorts as days do, and no time zone can move it.
 * (`pg` reads DATE as a local midnight: 1940-06-01 became 1940-05-31 in Asia/Shanghai.)
 */
export type PlainDate = string;

/** A stated date with the precision its writer gave. `month` precision stands for the 1st. */
export interface StatedDate {
  readonly day: PlainDate;
  readonly precision: 'day' | 'month';
}

/** After every day that can be asked about; the end of a period that has no known end. */
export const FOREVER: PlainDate = '9999-12-31';

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

export function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (MONTH_DAYS[month - 1] ?? 0);
}

/** @returns the day, or undefined when no such day exists (2019-02-29). */
export function plainDate(year: number, month: number, day: number): PlainDate | undefined {
  if (!Number.isInteger(year) || year < 1 || year > 9999) return undefined;
  if (!Number.isInteger(month) || month < 1 || month > 12) return undefined;
  if (!Number.isInteger(day) || day < 1 || day > daysInMonth(year, month)) return undefined;
  return formatDay(year, month, day);
}

export function isPlainDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  return match !== null && plainDate(Number(match[1]), Number(match[2]), Number(match[3])) === text;
}

function formatDay(year: number, month: number, day: number): PlainDate {
  return `${String(year).padStart(4, '0')}-${month < 10 ? '0' : ''}${month}-${day < 10 ? '0' : ''}${day}`;
}

export function yearOf(day: PlainDate): number {
  return Number(day.slice(0, 4));
}

export function monthOf(day: PlainDate): string {
  return day.slice(0, 7);
}

/** Days since 1970-01-01 in the proleptic Gregorian calendar. */
export function dayNumber(day: PlainDate): number {
  const y0 = Number(day.slice(0, 4));
  const m = Number(day.slice(5, 7));
  const d = Number(day.slice(8, 10));
  const y = m <= 2 ? y0 - 1 : y0;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (m + (m > 2 ? -3 : 9)) + 2) / 5) + d - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146097 + dayOfEra - 719468;
}

export function fromDayNumber(n: number): PlainDate {
  const z = n + 719468;
  const era = Math.floor(z / 146097);
  const doe = z - era * 146097;
  const yoe = Math.floor(
    (doe - Math.floor(doe / 1460) + Math.floor(doe / 36524) - Math.floor(doe / 146096)) / 365,
  );
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
  const mp = Math.floor((5 * doy + 2) / 153);
  const d = doy - Math.floor((153 * mp + 2) / 5) + 1;
  const m = mp + (mp < 10 ? 3 : -9);
  return formatDay(yoe + era * 400 + (m <= 2 ? 1 : 0), m, d);
}

/** The day in China of a moment; nothing here reads a clock. */
export function chinaDay(moment: Date): PlainDate {
  return new Date(moment.getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
}

export function addDays(day: PlainDate, n: number): PlainDate {
  return fromDayNumber(dayNumber(day) + n);
}

/** The first day of the month after the month of `day`. */
export function nextMonth(day: PlainDate): PlainDate {
  const y = yearOf(day);
  const m = Number(day.slice(5, 7));
  return m === 12 ? formatDay(y + 1, 1, 1) : formatDay(y, m + 1, 1);
}

/** The day somebody born on `birth` reaches `age`; born on 29 February: 1 March in a common year. */
export function birthday(birth: PlainDate, age: number): PlainDate {
  const y = yearOf(birth) + age;
  const rest = birth.slice(4);
  if (rest === '-02-29' && !isLeapYear(y)) return formatDay(y, 3, 1);
  return `${y < 1000 ? String(y).padStart(4, '0') : y}${rest}`;
}

/** Full years lived on `day`. */
export function ageOn(birth: PlainDate, day: PlainDate): number {
  const years = yearOf(day) - yearOf(birth);
  return day < birthday(birth, years) ? years - 1 : years;
}

/** First day of a stated event. A month stands for its 1st. */
export function startOf(stated: StatedDate): PlainDate {
  return stated.day;
}

/** Half-open end of a period whose last day is stated: that day (or month) still counts. */
export function endAfter(stated: StatedDate): PlainDate {
  return stated.precision === 'day' ? addDays(stated.day, 1) : nextMonth(stated.day);
}

/** Full-width digits, letters and marks to half-width ones. */
export function toHalfWidth(text: string): string {
  return text.replace(/[！-～]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/　/g, ' ');
}

/** The day an Excel serial number stands for (1900 system, with its invented 1900-02-29). */
export function fromExcelSerial(serial: number): PlainDate | undefined {
  const whole = Math.floor(serial);
  if (whole < 1 || whole > 2958465) return undefined;
  return fromDayNumber(whole - 25569 + (whole < 60 ? 1 : 0));
}

/**
 * Dates as offices type them: 2021.3 · 2021-03 · 2021,3 · 202103 · 2021年3月 · 2020/12/5 · 20201205 ·
 * 2020年12月5日 · 2020-12-05 00:00:00 · an Excel serial (1985-01-01 … 2099). Month precision is kept as such.
 * @returns undefined for a blank or for what is no date.
 */
export function parseStatedDate(raw: string): StatedDate | undefined {
  const text = toHalfWidth(raw).trim();
  if (text === '') return undefined;
  let match =
    /^(\d{4})\s*[-./,、年]\s*(\d{1,2})\s*(?:[-./,、月]\s*(\d{1,2})\s*日?)?\s*月?(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?$/.exec(
      text,
    );
  if (match) return stated(Number(match[1]), Number(match[2]), match[3]);
  match = /^(\d{4})(\d{2})(\d{2})?(?:\.0+)?$/.exec(text);
  if (match) {
    const found = stated(Number(match[1]), Number(match[2]), match[3]);
    if (found) return found;
  }
  match = /^(\d{5})(?:\.\d+)?$/.exec(text);
  if (match) {
    const day = fromExcelSerial(Number(match[1]));
    return day === undefined ? undefined : { day, precision: 'day' };
  }
  return undefined;
}

function stated(year: number, month: number, day: string | undefined): StatedDate | undefined {
  if (year < 1880 || year > 2199) return undefined;
  const found = plainDate(year, month, day === undefined ? 1 : Number(day));
  if (found === undefined) return undefined;
  return { day: found, precision: day === undefined ? 'month' : 'day' };
}
