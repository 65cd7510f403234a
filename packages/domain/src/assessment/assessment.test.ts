import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { schemeProblems } from './check.ts';
import { gradeAll } from './grades.ts';
import { assess, canonicalText, definitionsOf, indicatorsOf } from './result.ts';
import type { Scheme, SchemeLine } from './scheme.ts';
import { scoreUnit, type UnitInput } from './score.ts';
import { SHIPPED_SCHEMES } from './shipped.ts';

const DAY = '2020-10-31';
const [YUANJIANG, TOWNS, OFFICES] = SHIPPED_SCHEMES as [Scheme, Scheme, Scheme];
const GRADES = YUANJIANG.grades;

function unit(values: Readonly<Record<string, number | null>>, more: Partial<UnitInput> = {}): UnitInput {
  return {
    unit: '430981101',
    name: '甲镇',
    values: Object.fromEntries(Object.entries(values).map(([code, value]) => [code, { value }])),
    facts: {},
    decided: {},
    ...more,
  };
}
const GOOD = {
  'coverage-rate': 0.99,
  'verify-task-rate': 1,
  'expand-task-rate': 1,
  'paying-rate': 0.95,
  'reason-proved-rate': 1,
  'key-group-rate': 1,
  'write-off-rate': 0.9,
};
const pointsOf = (scheme: Scheme, input: UnitInput, line: string, day = DAY) =>
  scoreUnit(scheme, day, input).lines.find((one) => one.line === line);

describe('shipped schemes', () => {
  it.each(SHIPPED_SCHEMES.map((scheme) => [scheme.title, scheme] as const))('%s can be used', (_, scheme) => {
    expect(schemeProblems(scheme)).toEqual([]);
    expect(scheme.sure).toBe('own');
  });

  it('name what the papers name', () => {
    expect(indicatorsOf(YUANJIANG)).toEqual(Object.keys(GOOD));
    expect(definitionsOf(TOWNS)['collection-rate']).toContain('实缴金额÷应缴金额');
    expect(OFFICES.offices).toEqual(['县人力资源社会保障局', '县财政局', '县税务局']);
  });
});

describe('a scheme', () => {
  const bad = (change: (scheme: { lines: SchemeLine[] } & Omit<Scheme, 'lines'>) => unknown): string => {
    const copy = structuredClone(YUANJIANG) as never;
    change(copy);
    return schemeProblems(copy).join();
  };
  it('is refused with what is wrong', () => {
    expect(bad((s) => Object.assign(s.lines[0]!, { full: 21 }))).toContain(
      '合计 101 分，方案满分 100 分，相差 -1 分',
    );
    expect(bad((s) => Object.assign(s.lines[0]!, { source: { indicator: 'nothing' } }))).toContain(
      '没有可以考核的指标',
    );
    expect(bad((s) => Object.assign(s.lines[0]!, { source: { indicator: 'population' } }))).toContain(
      '没有可以考核的指标',
    );
    const steps = (s: { lines: SchemeLine[] }) =>
      (s.lines[0]!.method as unknown as { steps: { at: number; points: number }[] }).steps;
    expect(bad((s) => Object.assign(steps(s)[1]!, { at: 0.99 }))).toContain('第 2 档的界限应比第 1 档低');
    expect(bad((s) => Object.assign(steps(s)[1]!, { points: 3 }))).toContain('第 3 档的分数不能高于第 2 档');
    expect(bad((s) => Object.assign(s.grades[1]!, { from: 95 }))).toContain('起分应低于');
    expect(bad((s) => Object.assign(s.grades[3]!, { from: 10 }))).toContain('应从 0 分起');
    expect(bad((s) => s.lines.push(s.lines[0]!))).toContain('代码不能重复');
    expect(bad((s) => Object.assign(s, { document: ' ' }))).toContain('文号');
    // Rounded to whole points, 2.5 would give 3.
    const whole = (s: { lines: SchemeLine[] }) => Object.assign(s, { decimals: 0 });
    expect(bad(whole)).toBe('');
    expect(bad((s) => Object.assign(whole(s).lines[0]!, { full: 2.5 }))).toContain(
      '2.5 分的小数多于得分保留的 0 位',
    );
    expect(bad((s) => Object.assign(whole(s), { bonusCap: 2.5 }))).toContain('加分上限 2.5 分的小数多于');
  });
});

describe('a score', () => {
  it('is full where everything is reached, and says how', () => {
    const { total, judged, leftOut, percent } = scoreUnit(
      YUANJIANG,
      DAY,
      unit(GOOD, { facts: { 'late-reports': 0 } }),
    );
    expect({ total, judged, leftOut, percent }).toEqual({
      total: 100,
      judged: 100,
      leftOut: 0,
      percent: 100,
    });
    expect(pointsOf(YUANJIANG, unit({ 'verify-task-rate': 0.4 }), 'verify-task-rate')).toMatchObject({
      points: 10,
      formula: '核实任务完成率 40.00% ÷ 目标 100.00% × 25：10 分',
    });
  });

  it('holds a rate against a limit as both are printed', () => {
    const points = (rate: number) => pointsOf(YUANJIANG, unit({ 'coverage-rate': rate }), 'coverage-rate');
    expect(points(0.97996)).toMatchObject({
      points: 20,
      formula: expect.stringContaining('98.00% ≥ 98.00%'),
    });
    expect(points(0.97994)).toMatchObject({
      points: 16,
      formula: expect.stringContaining('97.99% ≥ 95.00%'),
    });
    const veto = {
      ...YUANJIANG.lines[0]!,
      kind: 'veto' as const,
      full: 0,
      method: { kind: 'veto' as const, limit: 0.6, grade: 'fail' },
    };
    const vetoed = (rate: number) =>
      pointsOf({ ...YUANJIANG, lines: [veto] }, unit({ 'coverage-rate': rate }), veto.code)?.veto;
    expect([vetoed(0.59996), vetoed(0.59994)]).toEqual([undefined, 'fail']);
  });

  it('asks 50 % by the end of August', () => {
    expect(
      pointsOf(YUANJIANG, unit({ 'verify-task-rate': 0.4 }), 'verify-task-rate', '2020-08-31')?.points,
    ).toBe(20);
  });

  it('neither gives nor takes where nothing is known', () => {
    const one = scoreUnit(TOWNS, DAY, unit({ 'insured-rate': 0.95, 'land-rate': null }));
    expect(one.lines.map(({ state, points }) => [state, points])).toEqual([
      ['judged', 40],
      ['pending', 0],
      ['no-base', 0],
    ]);
    expect(one).toMatchObject({ total: 40, judged: 40, leftOut: 60, percent: 100 });
    expect(one.lines[1]?.formula).toBe('待接入，不计分，满分 40 分单列');
    expect(one.lines[2]?.formula).toContain('无基数');
    expect(scoreUnit(OFFICES, DAY, unit({}))).toMatchObject({
      total: 0,
      judged: 0,
      leftOut: 100,
      percent: null,
    });
  });

  it('takes off, adds within the cap and vetoes', () => {
    const facts = { 'late-reports': 2, commended: 3, 'late-orders': 9, 'false-figures': 1 };
    const one = scoreUnit(YUANJIANG, DAY, unit(GOOD, { facts }));
    expect(one.lines.slice(-4).map(({ points }) => points)).toEqual([3, 5, -10, 0]);
    expect(one.total).toBe(93);
    expect(gradeAll(YUANJIANG, [one])[0]).toMatchObject({
      grade: 'fail',
      why: expect.stringContaining('一票否决'),
    });
    // Nothing goes below 0.
    expect(scoreUnit(YUANJIANG, DAY, unit({}, { facts: { 'late-orders': 3 } })).total).toBe(0);
  });

  it('uses what an appeal was granted', () => {
    const input = unit(
      { ...GOOD, 'coverage-rate': 0.5 },
      { decided: { 'coverage-rate': { value: 0.96, appeal: 3 } } },
    );
    expect(pointsOf(YUANJIANG, input, 'coverage-rate')).toMatchObject({
      points: 16,
      formula: '城乡居保覆盖率（申诉第 3 号改定） 96.00% ≥ 95.00%：16 分',
    });
  });
});

describe('grades', () => {
  const scored = (percents: readonly number[]) =>
    percents.map((percent, i) => ({
      unit: `u${i}`,
      name: '',
      lines: [],
      total: percent,
      judged: 100,
      leftOut: 0,
      percent,
    }));
  it('give no more of the best than their share, and none to some of those who share a rank', () => {
    const grades = (percents: readonly number[]) =>
      gradeAll(YUANJIANG, scored(percents)).map(({ grade, rank }) => [rank, grade]);
    expect(grades([99, 98, 97, 96, 70, 50, 60, 85, 86, 87]).map(([, grade]) => grade)).toEqual([
      'excellent',
      'excellent',
      'excellent',
      'good',
      'good',
      'good',
      'good',
      'pass',
      'pass',
      'fail',
    ]);
    expect(grades([99, 98, 98, 98])).toEqual([
      [1, 'excellent'],
      [2, 'good'],
      [2, 'good'],
      [2, 'good'],
    ]);
    expect(gradeAll(YUANJIANG, scored([99, 98, 98, 98]))[1]?.why).toBe('得分达到优秀，超出优秀的比例');
  });
});

// What holds for every scheme and every value.

const methodFor = (better: 'more' | 'less'): fc.Arbitrary<(full: number) => SchemeLine['method']> => {
  const values = fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 3, maxLength: 3 });
  return fc.oneof(
    values.map((at) => (full: number) => ({
      kind: 'steps' as const,
      steps: at
        .toSorted((a, b) => (better === 'more' ? b - a : a - b))
        .map((value, i) => ({ at: value / 100, points: (full * (3 - i)) / 3 })),
    })),
    values.map((at) => () => {
      const [low, high] = [Math.min(...at) / 100, Math.max(...at) / 100];
      return better === 'more'
        ? { kind: 'proportional' as const, targets: [{ until: DAY, value: high }], zeroAt: low }
        : { kind: 'proportional' as const, targets: [{ until: DAY, value: low }], zeroAt: high };
    }),
  );
};
const anyLine = (n: number): fc.Arbitrary<SchemeLine> =>
  fc.constantFrom('more' as const, 'less' as const).chain((better) =>
    fc
      .record({
        kind: fc.constantFrom('score' as const, 'score' as const, 'bonus' as const, 'deduct' as const),
        full: fc.integer({ min: 1, max: 40 }),
        method: methodFor(better),
      })
      .map(({ kind, full, method }) => ({
        code: `line-${n}`,
        title: `第${n}行`,
        kind: kind === 'deduct' && better === 'more' ? ('bonus' as const) : kind,
        basis: '',
        source: { fact: { name: '事项', unit: '%', better } },
        full,
        method:
          kind === 'deduct' && better === 'less' ? { kind: 'each' as const, points: full } : method(full),
      })),
  );
const anyScheme: fc.Arbitrary<Scheme> = fc
  .record({
    lines: fc
      .integer({ min: 1, max: 6 })
      .chain((n) => fc.tuple(...Array.from({ length: n }, (_, i) => anyLine(i)))),
    bonusCap: fc.integer({ min: 0, max: 10 }),
    decimals: fc.integer({ min: 0, max: 2 }),
  })
  .map(({ lines, bonusCap, decimals }) => ({
    ...YUANJIANG,
    lines: lines as SchemeLine[],
    full: (lines as SchemeLine[]).reduce((sum, one) => sum + (one.kind === 'score' ? one.full : 0), 0),
    bonusCap,
    decimals,
    grades: GRADES,
  }));
const anyFacts = fc.dictionary(
  fc.constantFrom(...Array.from({ length: 6 }, (_, i) => `line-${i}`)),
  fc.integer({ min: 0, max: 100 }).map((n) => n / 100),
);

describe('whatever the scheme and the values', () => {
  it('the lines add up to the total, which is never above full marks and bonus cap', () => {
    fc.assert(
      fc.property(anyScheme, anyFacts, (scheme, facts) => {
        const one = scoreUnit(scheme, DAY, unit({}, { facts }));
        const scale = 10 ** scheme.decimals;
        const sum = one.lines.reduce((all, line) => all + Math.round(line.points * scale), 0);
        expect(sum).toBe(Math.round(one.total * scale));
        expect(one.total).toBeGreaterThanOrEqual(0);
        expect(one.total).toBeLessThanOrEqual(one.judged + scheme.bonusCap);
        expect(one.judged + one.leftOut).toBe(scheme.full);
      }),
    );
  });

  it('a better value never scores less', () => {
    fc.assert(
      fc.property(
        anyScheme,
        anyFacts,
        fc.nat(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (scheme, facts, nth, by) => {
          const line = scheme.lines[nth % scheme.lines.length] as SchemeLine;
          const before = facts[line.code];
          fc.pre(before !== undefined);
          const better =
            'fact' in line.source && line.source.fact.better === 'more'
              ? before + by
              : Math.max(0, before - by);
          const was = scoreUnit(scheme, DAY, unit({}, { facts }));
          const is = scoreUnit(scheme, DAY, unit({}, { facts: { ...facts, [line.code]: better } }));
          expect(is.total).toBeGreaterThanOrEqual(was.total);
        },
      ),
    );
  });

  it('the order of the towns does not matter, and the same score shares a rank', () => {
    const towns = fc.array(anyFacts, { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(anyScheme, towns, (scheme, facts) => {
        const units = facts.map((one, i) => ({
          ...unit({}, { facts: one }),
          unit: `4309811${i}`,
          name: `${i}镇`,
        }));
        const inputs = { scheme, day: DAY, units, definitions: {} };
        const result = assess(inputs);
        expect(assess({ ...inputs, units: units.toReversed() })).toEqual(result);
        for (const a of result) {
          for (const b of result) {
            if (a.percent === b.percent)
              expect([a.rank, a.rank === null || a.grade !== null]).toEqual([
                b.rank,
                b.rank === null || b.grade !== null,
              ]);
            if (a.percent !== null && b.percent !== null && a.percent > b.percent)
              expect(a.rank).toBeLessThan(b.rank as number);
          }
        }
        const best = result.filter(({ grade }) => grade === 'excellent').length;
        const judged = result.filter(({ percent }) => percent !== null).length;
        expect(best).toBeLessThanOrEqual(Math.floor(judged * 0.3));
        // What is written down is read again the same.
        expect(canonicalText(JSON.parse(canonicalText({ inputs, result })))).toBe(
          canonicalText({ inputs, result }),
        );
        expect(canonicalText(assess(JSON.parse(canonicalText(inputs))))).toBe(canonicalText(result));
      }),
    );
  });
});
