import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../kernel/plain-date.ts';
import { ANNEX1_YUANJIANG } from '../reports/annex1-yuanjiang.ts';
import { annex1Rows } from '../reports/forms.ts';
import { readAnnex1, resolveUnits } from './annex1.ts';
import { checkCourse, printedMilestones } from './plan.ts';
import { dueOf, dueShare, forecast, issuedLate, plannedOn, standingOf, standingWords } from './progress.ts';

const COURSE = { from: '2020-08-01', due: '2020-10-31', milestones: printedMilestones(2020) };

describe('what is due', () => {
  it('by a milestone rounds up: half of 13,915 are 6,958', () => {
    expect(dueOf(13_915, 50)).toBe(6_958);
    expect(plannedOn(13_915, COURSE, '2020-08-31')).toBe(6_958);
    expect(plannedOn(13_915, COURSE, '2020-10-31')).toBe(13_915);
  });

  it.each([
    ['2020-07-31', 0],
    ['2020-08-01', 2],
    ['2020-08-31', 50],
    ['2020-09-01', 51],
    ['2020-10-01', 76],
    ['2020-10-30', 100],
    ['2021-01-01', 100],
  ])('of 100 on %s: %i, in even steps between milestones', (day, planned) => {
    expect(plannedOn(100, COURSE, day)).toBe(planned);
  });

  it('asks whole people: of three at half the time two; of nobody no share', () => {
    expect([dueShare(3, COURSE, '2020-08-31'), dueShare(0, COURSE, '2020-08-31')]).toEqual([2 / 3, null]);
  });

  it('goes on to the deadline where the milestones end before', () => {
    const course = { from: '2020-01-01', due: '2020-12-31', milestones: [] };
    expect(plannedOn(366, course, '2020-01-01')).toBe(1);
    expect(plannedOn(366, course, '2020-06-30')).toBe(182);
    expect(plannedOn(366, course, '2020-12-31')).toBe(366);
  });

  it('is the same share for every amount, that of the milestones on their days', () => {
    expect(
      ['2020-07-01', '2020-07-31', '2020-08-31', '2020-10-31', '2020-12-31'].map((day) =>
        dueShare(1_000_000, COURSE, day),
      ),
    ).toEqual([0, 0, 0.5, 1, 1]);
    fc.assert(
      fc.property(fc.nat(200), fc.nat(1_000_000), (n, amount) => {
        const day = addDays('2020-07-01', n);
        const share = dueShare(1e12, COURSE, day) as number;
        expect(share).toBeLessThanOrEqual(dueShare(1e12, COURSE, addDays(day, 1)) as number);
        expect(Math.abs(plannedOn(amount, COURSE, day) - share * amount)).toBeLessThan(1.001);
      }),
    );
  });

  it('never falls, and ends at the whole', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000_000_000), fc.nat(130), (amount, after) => {
        const day = addDays('2020-07-25', after);
        const today = plannedOn(amount, COURSE, day);
        expect(today).toBeLessThanOrEqual(plannedOn(amount, COURSE, addDays(day, 1)));
        expect(today).toBeLessThanOrEqual(amount);
        if (day >= '2020-10-31') expect(today).toBe(amount);
      }),
    );
  });

  it.each([
    [{ from: '2020-09-01', due: '2020-08-01', milestones: [] }],
    [{ ...COURSE, milestones: [{ day: '2020-11-01', percent: 50 }] }],
    [{ ...COURSE, milestones: [{ day: '2020-09-01', percent: 101 }] }],
    [{ ...COURSE, milestones: [...COURSE.milestones].reverse() }],
    [{ ...COURSE, from: '2020-02-31' }],
  ])('a course that is none is refused: %j', (course) => expect(() => checkCourse(course)).toThrow(/请/));
});

describe('where a pace leads', () => {
  const now = { amount: 1_000, done: 600, day: '2020-09-30', due: '2020-10-31' };
  it('of 14 days: 280 in 14 days are 20 a day', () => {
    expect(forecast(now, 14, 320)).toEqual({ over: 14, pace: 20, atDue: 1_220, reachedOn: '2020-10-20' });
  });
  it('of 28 days, of none and backwards', () => {
    expect(forecast(now, 28, 320)).toMatchObject({ pace: 10, atDue: 910, reachedOn: '2020-11-09' });
    expect(forecast(now, 14, 600)).toMatchObject({ pace: 0, atDue: 600, reachedOn: null });
    expect(forecast(now, 14, 1_400)).toMatchObject({ atDue: 0, reachedOn: null });
    expect(forecast(now, 14, undefined)).toBeUndefined();
    expect(forecast({ ...now, done: 1_000 }, 14, 320)?.reachedOn).toBe('2020-09-30');
    expect(forecast({ ...now, day: '2020-11-30' }, 14, 320)?.atDue).toBe(600);
  });
});

describe('who is behind', () => {
  const print = (n: number) => `${n} 人`;
  it.each([
    [13_915, 5_754, 6_958, '落后 1204 人（8.65 个百分点）'],
    [100, 60, 50, '超前 10 人（10.00 个百分点）'],
    [100, 50, 50, '与时间进度持平'],
    [100, 120, 50, '已完成'],
    [0, 12, 0, '没有任务'],
  ])('%i given, %i done, %i planned: %s', (amount, done, planned, words) => {
    expect(standingWords(standingOf(amount, done, planned), print)).toBe(words);
  });
});

it.each([
  ['2020-01-01', '2020-12-31', '2020-04-30', false],
  ['2020-01-01', '2020-12-31', '2020-05-01', true],
  ['2020-01-01', '2020-12-31', undefined, true],
  ['2020-08-01', '2020-10-31', '2020-08-20', undefined],
])('a year’s plan is issued by the end of April: %s to %s on %s', (from, due, issued, late) => {
  expect(issuedLate({ from, due }, issued, '2020-06-01')).toBe(late);
});

describe('附件1', () => {
  const units = ANNEX1_YUANJIANG.units;
  const printed = (total: string | number = ANNEX1_YUANJIANG.total): string[][] => [
    ['附件1', '', '', ''],
    ['2020年度全市城乡居民基本养老保险参保缴费指导性任务表', '', '', ''],
    ['单位：人', '', '', ''],
    ['　　　项目\n单位', '需核实参保任务数', '　　　项目\n单位', '需核实参保任务数'],
    ...Array.from({ length: 7 }, (_, n) => [
      units[n]?.name ?? '',
      String(units[n]?.target),
      units[n + 7]?.name ?? '',
      String(units[n + 7]?.target),
    ]),
    ['', '', '合　计', String(total)],
    ['说明:1.各镇（场、街道）目标任务完成情况纳入绩效考核；', '', '', ''],
  ];

  it('is read in printed order: the left block from the top, then the right one', () => {
    const { lines, total, year } = readAnnex1(printed());
    expect(lines).toEqual(units.map(({ name, target }) => ({ name, amount: target })));
    expect([total, year]).toEqual([120_087, 2020]);
    expect(annex1Rows(lines.map(({ name, amount }) => ({ name, target: amount }))).total.cells[2]).toBe(
      120_087,
    );
  });

  it('whose 合计 is wrong is refused with the difference', () => {
    expect(() => readAnnex1(printed(120_097))).toThrow('合计印为 120097，各单位之和是 120087，相差 10');
  });

  it.each([
    ['no heading', [['姓名', '身份证号码']]],
    [
      'no 合计',
      [
        ['单位', '任务数'],
        ['草尾镇', '5'],
      ],
    ],
    [
      'two 合计',
      [
        ['单位', '任务数'],
        ['草尾镇', '5'],
        ['合计', '5'],
        ['合计', '5'],
      ],
    ],
    [
      'no unit',
      [
        ['单位', '任务数'],
        ['合计', '0'],
      ],
    ],
    [
      'a number without a unit',
      [
        ['单位', '任务数'],
        ['', '5'],
        ['合计', '5'],
      ],
    ],
    [
      'half a person',
      [
        ['单位', '任务数'],
        ['草尾镇', '5.5'],
        ['合计', '5.5'],
      ],
    ],
    [
      'fewer than nobody',
      [
        ['单位', '任务数'],
        ['草尾镇', '-5'],
        ['合计', '-5'],
      ],
    ],
  ])('with %s is refused', (_, rows) => expect(() => readAnnex1(rows)).toThrow(/请/));

  it('with units that are none, or the same one twice, is refused by name', () => {
    const find = (name: string) => ({ 漉湖芦苇场: '430981402', 漉湖: '430981402' })[name];
    const line = (name: string) => ({ name, amount: 1 });
    expect(resolveUnits([line('漉湖')], find)).toEqual([{ name: '漉湖', amount: 1, region: '430981402' }]);
    expect(() => resolveUnits([line('漉湖'), line('桃花镇')], find)).toThrow('桃花镇');
    expect(() => resolveUnits([line('漉湖'), line('漉湖芦苇场')], find)).toThrow('漉湖与漉湖芦苇场');
  });
});
