import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, fromDayNumber } from '../kernel/plain-date.ts';
import { FORMS, formRow } from '../reports/forms.ts';
import {
  checkDuties,
  DEFAULT_DUTIES,
  dutyAbove,
  dutyBelow,
  lastPeriods,
  periodFromCode,
  periodOf,
  RHYTHMS,
} from './calendar.ts';
import { decisionAsItem, problemMoved, problemStateOn } from './meeting.ts';
import {
  checkEscalation,
  DEFAULT_ESCALATION,
  escalationCode,
  escalationColour,
  escalationOn,
  orderMoved,
  orderNumber,
  orderOfNotice,
  stateAfter,
} from './order.ts';
import { compareTables, moved, standingOn } from './submission.ts';
import {
  asksOrder,
  COLOURS,
  checkWarnings,
  DEFAULT_WARNINGS,
  judge,
  planColour,
  runsOf,
  type WarningRule,
  warningWords,
} from './warning.ts';

const day = fc.integer({ min: 10_000, max: 40_000 }).map(fromDayNumber);

describe('the report calendar', () => {
  it('cuts time into weeks, months and quarters without a gap', () => {
    fc.assert(
      fc.property(day, fc.constantFrom(...RHYTHMS), (one, every) => {
        const period = periodOf(every, one);
        expect(period.from <= one && one <= period.to).toBe(true);
        expect(periodOf(every, period.from)).toEqual(period);
        expect(periodOf(every, period.to)).toEqual(period);
        expect(periodOf(every, addDays(period.to, 1)).from).toBe(addDays(period.to, 1));
        expect(periodFromCode(every, period.code)).toEqual(period);
      }),
    );
  });

  it.each([
    ['week', '2020-09-06', '2020-W36', '2020-08-31', '2020-09-06'],
    ['week', '2021-01-03', '2020-W53', '2020-12-28', '2021-01-03'],
    ['week', '2018-12-31', '2019-W01', '2018-12-31', '2019-01-06'],
    ['month', '2020-02-10', '2020-02', '2020-02-01', '2020-02-29'],
    ['quarter', '2020-12-31', '2020-Q4', '2020-10-01', '2020-12-31'],
  ] as const)('puts %s of %s into %s', (every, one, code, from, to) => {
    expect(periodOf(every, one)).toMatchObject({ code, from, to });
  });

  it('refuses a code that is none, and a calendar with a line twice', () => {
    expect(() => periodFromCode('week', '2020-W54')).toThrow('2020-W36');
    expect(() => periodFromCode('month', '2020-Q3')).toThrow('2020-09');
    expect(lastPeriods('month', '2020-03-15', 3).map(({ code }) => code)).toEqual([
      '2020-03',
      '2020-02',
      '2020-01',
    ]);
    const known = (form: string): boolean => form === 'annex4' || form === 'annex5';
    expect(() => checkDuties(DEFAULT_DUTIES, known)).not.toThrow();
    const [first] = DEFAULT_DUTIES;
    expect(() => checkDuties([first as never, { ...first, code: 'again' } as never], known)).toThrow('两次');
    expect(() => checkDuties([{ ...first, form: 'annex9' } as never], known)).toThrow('annex9');
  });

  it('knows whose form goes into whose', () => {
    const town = DEFAULT_DUTIES.find(({ code }) => code === 'annex4-month-town') as never;
    expect(dutyBelow(DEFAULT_DUTIES, town)?.level).toBe('village');
    expect(dutyAbove(DEFAULT_DUTIES, town)?.level).toBe('county');
  });

  it('says how late a form is by the day it first went up', () => {
    expect(standingOn('2020-09-21', '2020-09-20', undefined, '2020-09-18')).toEqual({
      standing: 'ahead',
      days: 0,
    });
    expect(standingOn('2020-09-21', '2020-09-20', undefined, '2020-09-21')).toEqual({
      standing: 'due',
      days: 0,
    });
    expect(standingOn('2020-09-21', '2020-09-20', undefined, '2020-09-24')).toEqual({
      standing: 'late',
      days: 3,
    });
    expect(standingOn('2020-09-21', '2020-09-20', '2020-09-23', '2020-09-30')).toEqual({
      standing: 'done-late',
      days: 2,
    });
  });
});

describe('a submission', () => {
  it('moves only by the acts that follow', () => {
    expect(moved('prepared', 'submit')).toBe('submitted');
    expect(moved('submitted', 'return')).toBe('returned');
    expect(moved('returned', 'prepare')).toBe('prepared');
    expect(moved('approved', 'reopen')).toBe('returned');
    expect(() => moved('submitted', 'prepare')).toThrow('已报送');
    expect(() => moved('approved', 'return')).toThrow('重新打开');
    expect(() => moved('returned', 'submit')).toThrow('编制');
  });

  it('differs from a table in exactly the cells that are other', () => {
    const form = FORMS.annex5;
    const table = (n: Record<string, number>[]) => {
      const rows = n.map((count, i) =>
        formRow(form, { code: `43098100${i}`, name: `某镇${i}` }, (c) => count[c] ?? 0),
      );
      const total = formRow(form, { code: '430981', name: '合计' }, (c) =>
        n.reduce((a, r) => a + (r[c] ?? 0), 0),
      );
      return { form, rows, total };
    };
    const counts = fc.array(fc.record({ 'in-scope': fc.nat(50), registered: fc.nat(50), paid: fc.nat(50) }), {
      minLength: 2,
      maxLength: 4,
    });
    fc.assert(
      fc.property(counts, (n) => {
        expect(compareTables(table(n), table(n))).toEqual([]);
        const other = n.map((c, i) => (i === 0 ? { ...c, paid: c.paid + 1 } : c));
        const changes = compareTables(table(n), table(other)).filter((c) => c.kind === 'count');
        expect(changes.map((c) => [c.name, c.title, Number(c.now) - Number(c.was)])).toEqual([
          ['某镇0', form.columns[4]?.title, 1],
          ['合计', form.columns[4]?.title, 1],
        ]);
      }),
    );
    const gone = compareTables(table([{ 'in-scope': 3 }, { 'in-scope': 4 }]), table([{ 'in-scope': 3 }]));
    expect(gone.filter((c) => c.name === '某镇1' && c.column === 3)).toMatchObject([{ was: 4, now: null }]);
  });
});

describe('an order', () => {
  it('is answered, returned and closed in that order, and climbs while it is late', () => {
    expect(orderMoved('open', 'answer')).toBe('answered');
    expect(orderMoved('answered', 'return')).toBe('returned');
    expect(orderMoved('answered', 'close')).toBe('closed');
    expect((['raise', 'answer', 'return', 'close'] as const).map(stateAfter)).toEqual([
      'open',
      'answered',
      'returned',
      'closed',
    ]);
    expect(() => orderMoved('open', 'close')).toThrow('待答复');
    expect(() => orderMoved('closed', 'answer')).toThrow('已办结');
    const late = (on: string, state: 'open' | 'answered' = 'open') =>
      escalationOn({ state, due: '2020-09-10' }, DEFAULT_ESCALATION, on);
    expect(late('2020-09-10')).toEqual({ daysLate: 0, reached: [] });
    expect(late('2020-09-13').reached).toEqual(DEFAULT_ESCALATION.slice(0, 1));
    expect(late('2020-09-14').reached).toEqual(DEFAULT_ESCALATION.slice(0, 2));
    expect(late('2020-12-01').reached).toEqual(DEFAULT_ESCALATION);
    // A reminder is not the county's matter yet; a level of a county that does not say is.
    expect(DEFAULT_ESCALATION.map(escalationColour)).toEqual(['orange', 'red', 'red']);
    expect([orderOfNotice(escalationCode(12)), orderOfNotice('verify-behind')]).toEqual([12, undefined]);
    expect(late('2020-12-01', 'answered').daysLate).toBe(0);
    expect(orderNumber(3, '2020-09-10')).toBe('〔2020〕督办第3号');
    expect(() =>
      checkEscalation([
        { days: 4, title: '分管领导' },
        { days: 4, title: '主要领导' },
      ]),
    ).toThrow('从小到大');
  });
});

describe('a warning', () => {
  const [verify] = DEFAULT_WARNINGS as [WarningRule];
  it('is coloured by how far it is behind the plan', () => {
    const colours = [0.5, 0.45, 0.449, 0.39, 0.2].map((value) => judge(verify, value, 0.5).colour);
    expect(colours).toEqual([undefined, undefined, 'yellow', 'orange', 'red']);
    expect(judge(verify, null, 0.5)).toMatchObject({ gap: null, colour: undefined });
    expect(judge(verify, 0.2, null).colour).toBeUndefined();
    expect(warningWords(verify, judge(verify, 0.312, 0.5))).toBe(
      '核实任务完成率 31.20%，按时间进度应为 50.00%，落后 18.80 个百分点',
    );
  });
  it('knows a level to keep and a fall', () => {
    const fixed = {
      ...verify,
      indicator: 'coverage-rate',
      basis: 'fixed',
      yellow: 95,
      orange: 90,
      red: null,
    } as const;
    expect([0.95, 0.949, 0.89].map((v) => judge(fixed, v, null).colour)).toEqual([
      undefined,
      'yellow',
      'orange',
    ]);
    const less = { ...fixed, indicator: 'uninsured-open', yellow: 10, orange: 20 } as const;
    expect([10, 11, 21].map((v) => judge(less, v, null).colour)).toEqual([undefined, 'yellow', 'orange']);
    const fall = DEFAULT_WARNINGS.find(({ basis }) => basis === 'previous') as WarningRule;
    expect([0.9, 0.896, 0.894, 0.87].map((v) => judge(fall, v, 0.9).colour)).toEqual([
      undefined,
      undefined,
      'yellow',
      'red',
    ]);
  });
  it('refuses thresholds that do not climb or hold nothing against anything', () => {
    expect(() => checkWarnings(DEFAULT_WARNINGS)).not.toThrow();
    expect(() => checkWarnings([{ ...verify, orange: 3 }])).toThrow('一档比一档重');
    expect(() => checkWarnings([{ ...verify, indicator: 'coverage-rate' }])).toThrow('时间进度');
    expect(() => checkWarnings([{ ...verify, indicator: 'nothing' }])).toThrow('nothing');
    expect(() => checkWarnings([{ ...verify, yellow: null, orange: null, red: null }])).toThrow('至少写一档');
    expect(() => checkWarnings([{ ...verify, red: null }])).toThrow('红色没有写档次');
    const { orderDays: _, ...without } = verify;
    expect(() => checkWarnings([without])).toThrow('要写都写');
  });
  it('asks for an order from its colour on, and never where it names none', () => {
    const asked = (order: WarningRule['order']) => {
      const { order: _, ...rule } = verify;
      const of: WarningRule = order === undefined ? rule : { ...rule, order };
      return [undefined, ...COLOURS].map((colour) => asksOrder(of, colour));
    };
    expect(asked('orange')).toEqual([false, false, true, true]);
    expect(asked('red')).toEqual([false, false, false, true]);
    expect(asked(undefined)).toEqual([false, false, false, false]);
  });
  it('gathers days into runs of one colour that cover them all', () => {
    const colour = fc.constantFrom('yellow' as const, 'red' as const, undefined);
    fc.assert(
      fc.property(fc.array(colour, { minLength: 1, maxLength: 30 }), (colours) => {
        const days = colours.map((one, i) => ({ day: addDays('2020-09-01', i), colour: one }));
        const runs = runsOf(days);
        expect(runs[0]?.from).toBe(days[0]?.day);
        expect(runs.at(-1)?.to).toBe(days.at(-1)?.day);
        runs.slice(1).forEach((run, i) => {
          expect(run.from).toBe(addDays(runs[i]?.to as string, 1));
          expect(run.colour).not.toBe(runs[i]?.colour);
        });
      }),
    );
  });
});

describe('the colour of a plan', () => {
  const colour = (done: number | null, kind = 'verify', rules = DEFAULT_WARNINGS) =>
    planColour(rules, kind, done, 0.5);

  it('is by the points that are printed, and none within five of them', () => {
    expect([0.5, 0.45, 0.4499, 0.4, 0.3999, 0.3, 0.2999].map((done) => colour(done))).toEqual([
      undefined,
      undefined,
      'yellow',
      'yellow',
      'orange',
      'orange',
      'red',
    ]);
  });

  it('is none for whoever is ahead, has no task, or has a plan whose rule the county took away', () => {
    expect(colour(0.6)).toBeUndefined();
    expect(colour(null)).toBeUndefined();
    expect(colour(0, 'verify', [])).toBeUndefined();
    expect(colour(0, 'own', [])).toBe('red');
  });

  it('follows what the county has set', () => {
    const strict = DEFAULT_WARNINGS.map((rule) => (rule.basis === 'plan' ? { ...rule, red: 12 } : rule));
    expect(colour(0.37)).toBe('orange');
    expect(colour(0.37, 'verify', strict)).toBe('red');
  });
});

it('makes a decision into an item that says where it comes from', () => {
  const meeting = { kind: 'coordination', day: '2020-09-02', title: '第三次协调会' } as const;
  const decision = { text: '公安每周送死亡名单', unit: '公安局', due: '2020-09-30' };
  expect(decisionAsItem(meeting, decision)).toEqual({
    content: '公安每周送死亡名单',
    units: '公安局',
    due: '2020-09-30',
    source: '2020-09-02 定期协调会议《第三次协调会》议定',
  });
  expect(decisionAsItem(meeting, decision, '草尾镇').units).toBe('草尾镇、公安局');
  expect(decisionAsItem(meeting, { ...decision, unit: '草尾镇派出所' }, '草尾镇').units).toBe('草尾镇派出所');
});

it('sends a problem up before it is answered', () => {
  expect(problemMoved('raised', 'send')).toBe('sent');
  expect(problemMoved('sent', 'answer')).toBe('answered');
  expect(problemMoved('answered', 'close')).toBe('closed');
  expect(() => problemMoved('raised', 'answer')).toThrow('待上报');
});

it('shows a problem as it stood on the day', () => {
  const problem = { sentDay: '2020-09-03', answeredDay: '2020-09-10', closedDay: '2020-09-12' };
  const on = (day: string) => problemStateOn(problem, day);
  expect(['2020-09-02', '2020-09-03', '2020-09-11', '2020-09-12'].map(on)).toEqual([
    'raised',
    'sent',
    'answered',
    'closed',
  ]);
  expect(problemStateOn({ sentDay: null, answeredDay: null, closedDay: null }, '2020-09-30')).toBe('raised');
});
