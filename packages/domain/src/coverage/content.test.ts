import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DIVISIONS } from '../../cases/coverage/county.ts';
import { SHIPPED_SOURCES } from '../sources/catalogue.ts';
import type { Content, Payment } from './claim.ts';
import { contentOf, mergeContents, slotOf } from './content.ts';

const context = {
  county: '430981',
  countyName: '沅江市',
  provinceName: '湖南省',
  tree: DIVISIONS,
  asOf: '2020-08-01',
  hashPhone: (phone: string) => `#${phone.length}`,
};
const read = (source: string, values: Record<string, string>) =>
  contentOf(source, { name: '张三', values }, context);

const dates = fc.option(
  fc.constantFrom('2018-01-01', '2019', '2019-06', '2019-06-15', '2020-12', '2020-12-31'),
  {
    nil: undefined,
  },
);
const anyContent: fc.Arbitrary<Content> = fc
  .record({
    n: fc.constantFrom('张三', '章三'),
    g: fc.option(fc.constantFrom('430981114248', '430981106201'), { nil: undefined }),
    st: fc.constantFrom('living', 'dead', 'moved', 'cancelled'),
    s: fc.constantFrom('paying', 'paused', 'drawing', 'ended', 'unknown'),
    e: fc.constantFrom('current', 'lapsed', 'ended'),
    d: dates,
    x: dates,
    c: fc.constantFrom('1', '2', '4'),
    w: fc.option(fc.constantFrom('student', 'willing', 'unknown'), { nil: undefined }),
    i: fc.option(fc.constantFrom('yes', 'no'), { nil: undefined }),
    f: fc.array(
      fc.record({
        k: fc.constantFrom('enterprise', 'residents'),
        w: fc.constantFrom('here', 'province', 'elsewhere'),
        e: fc.constantFrom('current', 'lapsed'),
      } as const),
      { maxLength: 2 },
    ),
    p: fc.array(
      fc.tuple(
        fc.constantFrom(100, -100),
        fc.constantFrom('', '2020-01-01'),
        fc.constant(''),
        fc.constantFrom('', 'A'),
      ),
      { maxLength: 2 },
    ),
  } as const)
  .map((content) => JSON.parse(JSON.stringify(content)) as Content);

describe('rows of one ID in one list', () => {
  it.each(SHIPPED_SOURCES.map((source) => source.code))('%s merge whatever their order', (source) => {
    fc.assert(
      fc.property(
        fc
          .array(anyContent, { minLength: 1, maxLength: 5 })
          .chain((rows) =>
            fc.tuple(
              fc.constant(rows),
              fc.shuffledSubarray(rows, { minLength: rows.length, maxLength: rows.length }),
            ),
          ),
        ([rows, shuffled]) => {
          expect(JSON.stringify(mergeContents(source, shuffled))).toBe(
            JSON.stringify(mergeContents(source, rows)),
          );
        },
      ),
    );
  });

  it.each(SHIPPED_SOURCES.map((source) => source.code))('%s: one row stays as it is', (source) => {
    if (source === 'residents-payments') return;
    fc.assert(
      fc.property(anyContent, (row) => {
        const { content, duplicates } = mergeContents(source, [row, { ...row }]);
        const facts = source === 'insurance-compare' ? { ...row, f: content.f } : row;
        expect(content).toEqual(facts);
        expect(duplicates).toBe(1);
      }),
    );
  });

  it('keep a group only where the address does not say the same, and the one of the latest village', () => {
    const address = '沅江市草尾镇大福村第三村民小组8号';
    expect(read('household-register', { address, group: '3' }).gr).toBeUndefined();
    expect(read('household-register', { address, group: '4组' }).gr).toBe(4);
    expect(read('household-register', { address, group: '老屋组' }).gr).toBeUndefined();
    expect(read('province-list', { address: '沅江市草尾镇大福村', group: '十一' }).gr).toBe(11);
    const { content } = mergeContents('survey-workbook', [
      { w: 'willing', d: '2020-08-10', g: '430981114248', gr: 4 },
      { w: 'willing', d: '2020-08-12', g: '430981114249' },
    ]);
    expect(content).toEqual({ w: 'willing', d: '2020-08-12', g: '430981114249' });
  });

  it('any current state beats lapsed, lapsed beats ended, and dates come from the rows of that state', () => {
    const rows: Content[] = [
      { e: 'ended', d: '2001-01' },
      { e: 'lapsed', d: '2005-01' },
      { e: 'current', d: '2012-03' },
      { e: 'current', d: '2012-03-15' },
    ];
    expect(mergeContents('employees-in-province', rows).content).toEqual({ e: 'current', d: '2012-03-15' });
    expect(mergeContents('employees-in-province', rows.slice(0, 2)).content).toEqual({
      e: 'lapsed',
      d: '2005-01',
    });
  });

  it('the scheme takes the registered state', () => {
    const states = ['ended', 'unknown', 'paused', 'paying'] as const;
    expect(
      mergeContents(
        'residents-scheme',
        states.map((s) => ({ s })),
      ).content.s,
    ).toBe('paying');
    expect(mergeContents('residents-scheme', [{ s: 'ended' }, { s: 'drawing-paused' }]).content.s).toBe(
      'drawing-paused',
    );
  });

  it('of one workbook: the later visit speaks, the earlier fills what it left out', () => {
    const { content } = mergeContents('survey-workbook', [
      { w: 'student', d: '2020-08-10', g: '430981114248', i: 'no' },
      { w: 'military', d: '2020-08-12', ph: '#' },
    ]);
    expect(content).toEqual({ w: 'military', d: '2020-08-12', g: '430981114248', i: 'no', ph: '#' });
  });

  it('payments are a multiset, a voucher counts once in and once out', () => {
    const p = (...payments: Payment[]): Content => ({ p: payments });
    const paid: Payment = [100, '2020-01-01', '个人', ''];
    expect(mergeContents('residents-payments', [p(paid), p(paid)])).toEqual({
      content: { p: [paid, paid] },
      duplicates: 0,
    });
    const voucher: Payment = [100, '2020-01-01', '个人', 'A1'];
    const refund: Payment = [-100, '2020-02-01', '个人', 'A1'];
    const merged = mergeContents('residents-payments', [p(voucher), p(voucher), p(refund), p(refund)]);
    expect(merged.duplicates).toBe(2);
    expect(merged.content.p?.reduce((sum, [fen]) => sum + fen, 0)).toBe(0);
    expect(merged.content.p).toHaveLength(2);
  });
});

describe('worked example 6.9', () => {
  it.each([
    ['1', '3', 'drawing'],
    ['2', '3', 'drawing-paused'],
    ['2', '2', 'paused'],
  ])('(参保状态 %s, 缴费状态 %s) is %s', (cbState, jfState, state) => {
    expect(read('residents-scheme', { cbState, jfState }).s).toBe(state);
  });
});

describe('where a compared insurance is', () => {
  const where = (region: string) => read('insurance-compare', { scheme: '企业职工', region }).f?.[0];
  it.each([
    ['湖南省益阳市沅江市', 'here', undefined],
    ['430981', 'here', undefined],
    ['430981114', 'here', undefined],
    ['沅江市', 'here', undefined],
    ['湖南省', 'province', undefined],
    ['湖南省长沙市', 'province', undefined],
    ['430100', 'province', undefined],
    ['43', 'province', undefined],
    ['广东省深圳市', 'elsewhere', '44'],
    ['440300', 'elsewhere', '44'],
    ['湖北省沅江路街道', 'elsewhere', '42'],
    ['外省', 'elsewhere', undefined],
    ['', 'unknown', undefined],
    ['某地', 'unknown', undefined],
  ])('%j is %s', (region, w, pv) => {
    expect([where(region)?.w, where(region)?.pv]).toEqual([w, pv]);
  });

  it('a dash is no reason for a break', () => {
    const state = (breakReason: string) =>
      read('insurance-compare', { scheme: '企业职工', region: '43', breakReason }).f?.[0]?.e;
    expect(['', '-', '—', '无', ' ', '离职'].map(state)).toEqual([...Array(5).fill('current'), 'lapsed']);
  });
});

describe('slots', () => {
  it('are the year of payments, the project of land, else one', () => {
    expect(slotOf('residents-payments', { year: '2020' })).toBe('2020');
    expect(slotOf('land-expropriated', { project: '沅江大道' })).toBe('沅江大道');
    expect(slotOf('students', { year: '2020' })).toBe('');
  });
});
