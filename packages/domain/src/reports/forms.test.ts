import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AGE_BANDS, isRegistered, SCHEME_STATES, type StepClass, WILLING } from '../coverage/step-class.ts';
import {
  type CountOf,
  formatRate,
  INDICATORS,
  indicator,
  indicatorValue,
  peopleIndicator,
} from '../indicators/indicators.ts';
import { ANNEX1_YUANJIANG } from './annex1-yuanjiang.ts';
import { checkForm } from './footing.ts';
import { ANNEX3, ANNEX4, ANNEX5, annex1Rows, FORMS, type FormDefinition, fillIn, formRow } from './forms.ts';

/** The headings of the printed form, row by row, without the blanks that vertical merging leaves. */
function printedHeadings(form: FormDefinition): string[][] {
  return Array.from({ length: form.headerRows }, (_, row) =>
    form.header
      .filter((c) => c.row === row && c.text !== '')
      .toSorted((a, b) => a.column - b.column)
      .map((c) => c.text),
  );
}

describe('the forms as printed', () => {
  it('prints the headings of 附件1', () => {
    expect(printedHeadings(FORMS.annex1)).toEqual([['项目\n单位', '需核实参保任务数']]);
    const head = { county: { code: '430981', name: '沅江市' }, asOf: '2020-07-31', unit: '' };
    expect(fillIn(FORMS.annex1.title, head)).toBe('2020年度全市城乡居民基本养老保险参保缴费指导性任务表');
    expect(FORMS.annex1.footnotes.map((f) => fillIn(f, head))).toEqual([
      '说明:1.各镇（场、街道）目标任务完成情况纳入市政府对镇（场、街道）的绩效考核；',
      '     2.8月底前完成任务50%；10月底前完成任务100%。市里将对完成任务情况进行督查通报。',
    ]);
  });

  it('prints the 20 columns of 附件3', () => {
    expect(printedHeadings(ANNEX3)).toEqual([
      [
        '行政代码',
        '行政区划',
        '姓名',
        '身份证号码',
        '出生年月',
        '户籍地址',
        '属于城乡居保覆盖范围（√）',
        '不属于城乡居保覆盖范围（√）',
        '是否愿意参保（是，否）',
        '联系电话',
        '备注',
      ],
      [
        '已参加省内企业职保',
        '已参加省内机关事保',
        '已参加外省职工养老保险',
        '职工养老保险法定人员（未参保）',
        '在校学生',
        '现役军人',
        '服刑人员',
        '已出国（境）定居',
        '已死亡未销户',
        '其他（列具体情况）',
      ],
    ]);
    expect(ANNEX3.columns.map((c) => c.number)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  });

  it('prints the 19 columns of 附件4', () => {
    expect(printedHeadings(ANNEX4)).toEqual([
      [
        '行政代码',
        '行政区划',
        '户籍人口数',
        '属于城乡居保覆盖范围人数',
        '不属于城乡居保覆盖范围人数',
        '无参保意愿人数',
        '拟参保扩面人数',
        '备注',
      ],
      [
        '合计',
        '已参加职保人数',
        '职工养老保险法定人员（未参保）',
        '在校学生',
        '现役军人',
        '服刑人员',
        '已出国（境）定居',
        '已死亡未销户',
        '其他',
      ],
      ['小计', '已参加省内企业职保', '已参加省内机关事保', '已参加外省职工养老保险'],
    ]);
    expect(ANNEX4.columns).toHaveLength(19);
    expect(ANNEX4.header.find((c) => c.text === '不属于城乡居保覆盖范围人数')).toMatchObject({
      column: 5,
      columnSpan: 12,
    });
    expect(ANNEX4.header.find((c) => c.text === '已参加职保人数')).toMatchObject({
      row: 1,
      column: 6,
      columnSpan: 4,
    });
  });

  it('prints the 9 columns of 附件5 with 已缴费人数 and 参保缴费率 inside 已进行参保登记人数', () => {
    expect(printedHeadings(ANNEX5)).toEqual([
      [
        '行政代码',
        '行政区划',
        '城乡居保应覆盖人数',
        '已进行城乡居保参保登记人数',
        '未进行城乡居保参保登记人数',
        '城乡居保覆盖率',
        '备注',
      ],
      ['其中已缴费人数'],
      ['参保缴费率'],
    ]);
    expect(ANNEX5.columns.map((c) => c.number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(ANNEX5.header.find((c) => c.text.startsWith('已进行'))).toMatchObject({
      row: 0,
      column: 4,
      columnSpan: 3,
    });
  });

  it.each(Object.values(FORMS))('covers every cell of the header block of $code once', (form) => {
    const seen = new Map<string, number>();
    for (const cell of form.header) {
      for (let r = 0; r < cell.rowSpan; r++) {
        for (let c = 0; c < cell.columnSpan; c++) {
          const at = `${cell.row + r},${cell.column + c}`;
          seen.set(at, (seen.get(at) ?? 0) + 1);
        }
      }
    }
    expect(seen.size).toBe(form.headerRows * form.columns.length);
    expect(new Set(seen.values())).toEqual(new Set([1]));
  });

  it('names only indicators that are defined', () => {
    for (const form of Object.values(FORMS)) {
      for (const code of [...form.columns.flatMap((c) => c.indicator ?? []), ...form.extras]) indicator(code);
    }
    for (const i of INDICATORS) {
      if (i.kind === 'rate')
        for (const code of [i.numerator, i.denominator]) expect(indicator(code).kind).toBe('count');
    }
    expect(new Set(INDICATORS.map((i) => i.code)).size).toBe(INDICATORS.length);
  });
});

describe('附件1 of 沅江市', () => {
  it('adds up to the printed 120087', () => {
    const { rows, total } = annex1Rows(ANNEX1_YUANJIANG.units);
    expect(rows).toHaveLength(14);
    expect(total.cells[2]).toBe(ANNEX1_YUANJIANG.total);
    expect(checkForm(FORMS.annex1, rows, total)).toEqual([]);
  });
});

const stepClass: fc.Arbitrary<StepClass> = fc
  .record({
    column: fc.integer({ min: 7, max: 17 }),
    rank: fc.integer({ min: 0, max: 14 }),
    scheme: fc.constantFrom(...SCHEME_STATES),
    paid: fc.boolean(),
    willing: fc.constantFrom(...WILLING),
    inRegister: fc.boolean(),
    onProvinceList: fc.boolean(),
    ageBand: fc.constantFrom(...AGE_BANDS),
  })
  .map((c) => {
    const registered = isRegistered(c.scheme);
    return {
      ...c,
      registered,
      insuredAny: registered || (c.column >= 8 && c.column <= 10),
      tags: [],
      paidLastYear: false,
    };
  });
type Village = { c: StepClass; n: number }[];
const village: fc.Arbitrary<Village> = fc.array(fc.record({ c: stepClass, n: fc.nat(5000) }), {
  maxLength: 40,
});

function counter(people: Village): CountOf {
  return (code) => {
    const found = peopleIndicator(code);
    return people.filter(({ c }) => found.matches(c)).reduce((a, { n }) => a + n, 0);
  };
}

describe('footing', () => {
  it.each([ANNEX4, ANNEX5])('of $code holds for whatever the classes count', (form) => {
    fc.assert(
      fc.property(fc.array(village, { maxLength: 5 }), (villages) => {
        const rows = villages.map((v, i) =>
          formRow(form, { code: `43098111420${i}`, name: `村${i}` }, counter(v)),
        );
        const total = formRow(form, { code: '430981114', name: '合计' }, counter(villages.flat()));
        expect(checkForm(form, rows, total)).toEqual([]);
      }),
    );
  });

  it('of 附件4 agrees with the indicators its formulas stand for', () => {
    fc.assert(
      fc.property(village, (people) => {
        const of = counter(people);
        for (const form of [ANNEX4, ANNEX5]) {
          const { cells } = formRow(form, { code: '', name: '' }, of);
          for (const c of form.columns)
            if (c.indicator) expect(cells[c.number]).toBe(indicatorValue(c.indicator, of));
        }
      }),
    );
  });

  it.each([ANNEX4, ANNEX5])('of $code fails when any one figure is changed', (form) => {
    const changed = form.columns.filter((c) => c.kind === 'count' || c.kind === 'rate').map((c) => c.number);
    fc.assert(
      fc.property(village, fc.constantFrom(...changed), (people, column) => {
        const row = formRow(form, { code: '1', name: '村' }, counter(people));
        const wrong = { ...row, cells: { ...row.cells, [column]: Number(row.cells[column] ?? 0) + 1 } };
        expect(checkForm(form, [row, wrong], row).length).toBeGreaterThan(0);
        expect(checkForm(form, [wrong], row).length).toBeGreaterThan(0);
      }),
    );
  });

  it('names the rule and the region that break it', () => {
    const people: Village = [
      {
        c: {
          column: 7,
          rank: 14,
          scheme: 'none',
          registered: false,
          paid: false,
          willing: 'yes',
          insuredAny: false,
          inRegister: true,
          onProvinceList: true,
          ageBand: '16-59',
          tags: [],
          paidLastYear: false,
        },
        n: 10,
      },
    ];
    const row = formRow(ANNEX4, { code: '430981114', name: '草尾镇' }, counter(people));
    const wrong = { ...row, cells: { ...row.cells, 3: 11 } };
    expect(checkForm(ANNEX4, [wrong], wrong)[0]).toEqual({
      check: 'annex4.3=4+5',
      code: '430981114',
      name: '草尾镇',
      message: '草尾镇：第3栏应等于第4栏与第5栏之和',
    });
  });
});

describe('figures and remarks', () => {
  const of = (counts: Record<string, number>) => (code: string) => counts[code] ?? 0;

  it('leaves a rate without a denominator null and prints —', () => {
    const { cells, remark } = formRow(ANNEX5, { code: '', name: '' }, of({}));
    expect(cells).toEqual({ 3: 0, 4: 0, 5: 0, 6: null, 7: 0, 8: null });
    expect(remark).toBe('应缴人员缴费率 —（无应缴人员）');
    expect(formatRate(null)).toBe('—');
  });

  it('keeps rates unrounded and prints two decimals', () => {
    const counts = { 'in-scope': 3, registered: 2, paid: 1, 'due-payers': 2, 'due-paid': 1 };
    const { cells, remark } = formRow(ANNEX5, { code: '', name: '' }, of(counts));
    expect(cells).toEqual({ 3: 3, 4: 2, 5: 1, 6: 0.5, 7: 1, 8: 2 / 3 });
    expect(formatRate(2 / 3)).toBe('66.67%');
    expect(remark).toBe('应缴人员缴费率 50.00%（1/2 人）');
  });

  it('tells who has not been asked and which rows are not counted', () => {
    expect(formRow(ANNEX4, { code: '', name: '' }, of({ 'not-asked': 3 })).remark).toBe('尚未摸底 3 人');
    expect(formRow(ANNEX4, { code: '', name: '' }, of({ 'not-asked': 3 }), 12).remark).toBe(
      '尚未摸底 3 人；另有 12 行未计入',
    );
  });
});
