import { dayNumber, fromDayNumber } from '@quanbao/domain/kernel/plain-date';

/** Days since 1970-01-01: a million lives are compared day by day, so days are numbers inside the generator. */
export type Day = number;

const known = new Map<string, Day>();

/** The day a text names; the same few are asked for again and again. */
export function day(text: string): Day {
  let d = known.get(text);
  if (d === undefined) {
    d = dayNumber(text);
    if (known.size < 50_000) known.set(text, d);
  }
  return d;
}

const FIRST = dayNumber('1900-01-01');
const texts: string[] = [];

export function iso(d: Day): string {
  const at = d - FIRST;
  let text = texts[at];
  if (text === undefined) {
    text = fromDayNumber(d);
    texts[at] = text;
  }
  return text;
}

export function monthStart(d: Day): Day {
  return d - Number(iso(d).slice(8)) + 1;
}

/** The first day of the next month. */
export function monthEnd(d: Day): Day {
  return monthStart(monthStart(d) + 31);
}

/** The day somebody reaches an age; born on 29 February: 1 March in a common year. */
export function ageDay(birth: Day, age: number): Day {
  const text = iso(birth);
  const year = Number(text.slice(0, 4)) + age;
  const rest = text.slice(4);
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return day(rest === '-02-29' && !leap ? `${year}-03-01` : `${year}${rest}`);
}

/** One way of writing dates, kept by an office through all its lists. */
export type Notation = (d: Day) => string;

const parts = (d: Day): [string, string, string] => {
  const text = iso(d);
  return [text.slice(0, 4), text.slice(5, 7), text.slice(8)];
};

export const NOTATIONS = {
  iso,
  slashes: (d) => {
    const [y, m, dd] = parts(d);
    return `${y}/${Number(m)}/${Number(dd)}`;
  },
  digits: (d) => parts(d).join(''),
  words: (d) => {
    const [y, m, dd] = parts(d);
    return `${y}年${Number(m)}月${Number(dd)}日`;
  },
  isoMonth: (d) => iso(d).slice(0, 7),
  dotMonth: (d) => {
    const [y, m] = parts(d);
    return `${y}.${Number(m)}`;
  },
  digitsMonth: (d) => parts(d).slice(0, 2).join(''),
  wordsMonth: (d) => {
    const [y, m] = parts(d);
    return `${y}年${Number(m)}月`;
  },
} as const satisfies Record<string, Notation>;
