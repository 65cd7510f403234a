import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AGE_BANDS,
  isRegistered,
  SCHEME_STATES,
  type StepClass,
  TAGS,
  WILLING,
} from '../coverage/step-class.ts';
import { PLAN_INDICATOR, PLAN_WEIGHT } from '../targets/plan.ts';
import {
  countsOf,
  findIndicator,
  formatValue,
  INDICATORS,
  indicator,
  indicatorValue,
  PENDING_INDICATORS,
  peopleIndicator,
} from './indicators.ts';
import { INDICATOR_TAGS } from './people.ts';
import { parseReference, type Reference, referenceText } from './reference.ts';

const packed: fc.Arbitrary<StepClass> = fc
  .record({
    column: fc.oneof(fc.constant(7), fc.integer({ min: 7, max: 17 })),
    rank: fc.integer({ min: 0, max: 14 }),
    scheme: fc.constantFrom(...SCHEME_STATES),
    paid: fc.boolean(),
    willing: fc.constantFrom(...WILLING),
    inRegister: fc.boolean(),
    onProvinceList: fc.boolean(),
    ageBand: fc.constantFrom(...AGE_BANDS),
    tags: fc.subarray([...TAGS]),
    paidLastYear: fc.boolean(),
  })
  .map((c) => {
    const registered = isRegistered(c.scheme);
    return { ...c, registered, insuredAny: registered || (c.column >= 8 && c.column <= 10) };
  });

describe('indicators', () => {
  it('have one definition each, a clause and a first day', () => {
    const all = [...INDICATORS, ...PENDING_INDICATORS];
    expect(new Set(all.map((one) => one.code)).size).toBe(all.length);
    for (const one of all) {
      expect(one.definition).toMatch(/[\u4e00-\u9fff]/);
      expect(one.clause).toMatch(/^[YQ]\d/);
      expect(one.from).toMatch(/^\d{4}-\d\d-\d\d$/);
    }
  });

  it('have rates made of counts, whose numerator is part of the denominator or of a plan', () => {
    for (const one of INDICATORS) {
      for (const count of countsOf(one.code)) expect(indicator(count).kind).toBe('count');
    }
    expect(INDICATORS.filter(({ kind }) => kind === 'rate').map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        '城乡居保覆盖率',
        '参保缴费率',
        '应缴人员缴费率',
        '入库参保率',
        '核实任务完成率',
        '扩面任务完成率',
        '入户核实率',
        '销号率',
        '重点对象参保率',
        '原因佐证率',
        '续保率',
      ]),
    );
  });

  it('never count more done of 扩面任务 than it asks, nor fewer asked once somebody joins', () => {
    const asked = peopleIndicator(PLAN_WEIGHT.expand);
    const done = peopleIndicator(PLAN_INDICATOR.expand);
    fc.assert(
      fc.property(packed, (c) => {
        if (done.matches(c)) expect(asked.matches(c)).toBe(true);
        if (peopleIndicator('willing').matches(c)) expect(asked.matches(c)).toBe(true);
        if (asked.matches(c)) {
          const joined = { ...c, scheme: 'paying', registered: true, insuredAny: true, paid: true } as const;
          expect([asked.matches(joined), done.matches(joined)]).toEqual([true, true]);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('know nothing where there is nothing to divide by', () => {
    expect(indicatorValue('coverage-rate', () => 0)).toBeNull();
    expect(formatValue('coverage-rate', null)).toBe('—');
    expect(formatValue('coverage-rate', 0.5)).toBe('50.00%');
    expect(formatValue('paid', 12)).toBe('12');
  });

  it('tell which lists their people are known from', () => {
    for (const code of Object.keys(INDICATOR_TAGS)) expect(findIndicator(code)?.kind).toBe('count');
  });
});

const reference: fc.Arbitrary<Reference> = fc
  .record({
    what: fc.constantFrom('value', 'rank', 'change', 'pace', 'gap', 'rest' as const),
    indicator: fc.constantFrom(...INDICATORS.map(({ code }) => code)),
    region: fc.constantFrom('430981', '430981114', '430981114201', '430981114201-003'),
    day: fc.constantFrom('2020-08-31', '2020-10-31'),
  })
  .map((one) => (one.what === 'change' ? { ...one, since: '2020-08-24' } : one));

describe('a reference', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(reference, (one) => {
        expect(parseReference(referenceText(one))).toEqual(one);
      }),
    );
  });

  it.each([
    'nothing@430981@2020-08-31',
    'paid@4309@x@2020-08-31',
    'paid@430981@2020-02-30',
    'change:paid@430981@2020-08-31',
    'rank:paid@430981@2020-08-01..2020-08-31',
    'paid@43098@2020-08-31',
  ])('is none: %s', (text) => expect(parseReference(text)).toBeUndefined());
});
