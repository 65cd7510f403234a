import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../kernel/plain-date.ts';
import { periodOn, periodsUntil, type Timing } from './timing.ts';

const keys = (timing: Timing, day: string) => periodsUntil(timing, day).map(({ key }) => key);

describe('periods of an item', () => {
  it('that is due once is open from the beginning', () => {
    expect(periodOn({ kind: 'day', day: '2020-08-31' }, '2020-08-01')).toMatchObject({
      key: 'once',
      due: '2020-08-31',
    });
  });

  it('reopen every quarter, month, week and year', () => {
    const from = '2021-01-01';
    expect(keys({ kind: 'every', every: 'quarter', from }, '2021-07-01')).toEqual([
      '2021Q1',
      '2021Q2',
      '2021Q3',
    ]);
    expect(keys({ kind: 'every', every: 'month', from }, '2021-02-28')).toEqual(['2021-01', '2021-02']);
    expect(keys({ kind: 'every', every: 'year', from }, '2022-12-31')).toEqual(['2021', '2022']);
    expect(
      periodOn({ kind: 'every', every: 'week', from: '2020-08-10', to: '2020-10-31' }, '2020-08-31'),
    ).toEqual({
      key: 'w2020-08-31',
      from: '2020-08-31',
      to: '2020-09-07',
      due: '2020-09-06',
    });
    expect(
      periodOn({ kind: 'every', every: 'week', from: '2020-08-10', to: '2020-10-31' }, '2020-11-20'),
    ).toBeUndefined();
  });

  it('of a plan issued by 4月底 and assessed at 年底 are two a year', () => {
    const timing: Timing = { kind: 'every', every: 'year', from: '2021-01-01', dues: ['04-30', '12-31'] };
    expect(periodsUntil(timing, '2021-12-31').map(({ key, due }) => [key, due])).toEqual([
      ['2021-04-30', '2021-04-30'],
      ['2021-12-31', '2021-12-31'],
    ]);
    expect(periodOn(timing, '2021-05-01')?.due).toBe('2021-12-31');
  });

  it('are accounted for once a year where an item goes on all the time', () => {
    expect(keys({ kind: 'ongoing', from: '2021-01-01' }, '2022-03-01')).toEqual(['2021', '2022']);
  });

  it('follow each other without a gap, whatever the day', () => {
    const timing = fc.oneof(
      fc
        .constantFrom('year' as const, 'quarter' as const, 'month' as const, 'week' as const)
        .map((every): Timing => ({ kind: 'every', every, from: '2020-08-10' })),
      fc.constant<Timing>({ kind: 'every', every: 'year', from: '2020-01-01', dues: ['04-30', '12-31'] }),
    );
    fc.assert(
      fc.property(timing, fc.nat(1500), (one, n) => {
        const day = addDays('2020-08-10', n);
        const periods = periodsUntil(one, day);
        for (const [i, period] of periods.entries()) {
          expect(period.from < period.to && period.due >= period.from && period.due < period.to).toBe(true);
          if (i > 0) expect(period.from).toBe(periods[i - 1]?.to);
        }
        expect(periodOn(one, day)).toEqual(periods.at(-1));
        expect(new Set(periods.map(({ key }) => key)).size).toBe(periods.length);
      }),
    );
  });
});
