import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  ageOn,
  birthday,
  dayNumber,
  endAfter,
  fromDayNumber,
  fromExcelSerial,
  isPlainDate,
  nextMonth,
  parseStatedDate,
  startOf,
} from './plain-date.ts';

const days = fc.integer({ min: dayNumber('1850-01-01'), max: dayNumber('2199-12-31') });

describe('days', () => {
  it('are numbered one after the other, as the calendar of the machine has them', () => {
    fc.assert(
      fc.property(days, (n) => {
        const day = fromDayNumber(n);
        expect(day).toBe(new Date(n * 86_400_000).toISOString().slice(0, 10));
        expect(dayNumber(day)).toBe(n);
        expect(isPlainDate(day)).toBe(true);
        expect(addDays(day, 1) > day).toBe(true);
      }),
    );
  });

  it('of the next month begin on its first', () => {
    fc.assert(
      fc.property(days, (n) => {
        const day = fromDayNumber(n);
        const next = nextMonth(day);
        expect(next.slice(8)).toBe('01');
        expect(addDays(next, -1).slice(0, 7)).toBe(day.slice(0, 7));
      }),
    );
  });

  it('of a birthday are the first on which the age is reached', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 120 }), (n, age) => {
        const birth = fromDayNumber(n);
        const day = birthday(birth, age);
        expect(ageOn(birth, day)).toBe(age);
        expect(ageOn(birth, addDays(day, -1))).toBe(age - 1);
      }),
    );
    expect(birthday('2004-02-29', 16)).toBe('2020-02-29');
    expect(birthday('2004-02-29', 17)).toBe('2021-03-01');
  });

  it('stated as the last one still count, a month until its end', () => {
    fc.assert(
      fc.property(days, (n) => {
        const day = fromDayNumber(n);
        expect(endAfter({ day, precision: 'day' })).toBe(addDays(day, 1));
        const month = { day: `${day.slice(0, 7)}-01`, precision: 'month' as const };
        expect(startOf(month)).toBe(`${day.slice(0, 7)}-01`);
        expect(endAfter(month)).toBe(nextMonth(day));
      }),
    );
  });

  it('are read from Excel serials, the invented 29 February 1900 left out', () => {
    expect(fromExcelSerial(1)).toBe('1900-01-01');
    expect(fromExcelSerial(59)).toBe('1900-02-28');
    expect(fromExcelSerial(61)).toBe('1900-03-01');
    expect(fromExcelSerial(44_044)).toBe('2020-08-01');
  });
});

describe('dates as offices type them', () => {
  it.each([
    ['2021.3', '2021-03-01', 'month'],
    ['2021-03', '2021-03-01', 'month'],
    ['2021,3', '2021-03-01', 'month'],
    ['202103', '2021-03-01', 'month'],
    ['2021年3月', '2021-03-01', 'month'],
    ['２０２１年３月', '2021-03-01', 'month'],
    ['2020/12/5', '2020-12-05', 'day'],
    ['20201205', '2020-12-05', 'day'],
    ['2020年12月5日', '2020-12-05', 'day'],
    ['2020-12-05 00:00:00', '2020-12-05', 'day'],
    ['44170', '2020-12-05', 'day'],
  ])('%s → %s (%s)', (raw, day, precision) => {
    expect(parseStatedDate(raw)).toEqual({ day, precision });
  });

  it.each(['', '不详', '2019-02-29', '2020-13', '20201301', '12', '1790-01-01'])('%j is no date', (raw) => {
    expect(parseStatedDate(raw)).toBeUndefined();
  });
});
