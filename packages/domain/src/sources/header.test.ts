import { describe, expect, it } from 'vitest';
import { findSource, type SourceDefinition } from './catalogue.ts';
import {
  columnLetter,
  findHead,
  isColumnNumbers,
  isNotPeople,
  looksLikeId,
  normaliseHeader,
} from './header.ts';

const source = (code: string) => findSource(code) as SourceDefinition;
const mapped = (code: string, rows: string[][], choices = {}) => {
  const head = findHead(source(code), rows, choices);
  return head && Object.fromEntries(head.columns);
};

describe('normaliseHeader', () => {
  it.each([
    ['行政\n代码', '行政代码'],
    ['是否愿意参保（是，否）', '是否愿意参保'],
    ['属于城乡居保覆盖范围（√）', '属于城乡居保覆盖范围'],
    [' *姓　名： ', '姓名'],
    ['１２位区划编码', '12位区划编码'],
    ['人员状态(公安)', '人员状态'],
    ['（姓名）', '姓名'],
  ])('%j → %s', (raw, expected) => expect(normaliseHeader(raw)).toBe(expected));
});

describe('findHead', () => {
  it('reads 附件3 as it is printed: titles, merged cells, two header rows, column numbers', () => {
    const rows = [
      ['附件3            沅江市城乡居民养老保险全覆盖摸底明细表（例表）'],
      ['填报单位：草尾镇', '', '', '填报人：', '', '', '联系方式：'],
      [
        '行政\n代码',
        '行政\n区划',
        '姓名',
        '身份证号码',
        '出生年月',
        '户籍地址',
        '属于城乡居保覆盖范围（√）',
        '不属于城乡居保覆盖范围（√）',
        '',
        '',
        '',
        '',
        '',
        '',
        '',
        '',
        '',
        '是否愿意参保（是，否）',
        '联系电话',
        '备注',
      ],
      [
        '',
        '',
        '',
        '',
        '',
        '',
        '',
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
      Array.from({ length: 20 }, (_, i) => String(i + 1)),
    ];
    const head = findHead(source('survey-workbook'), rows);
    expect([head?.first, head?.last]).toEqual([2, 3]);
    expect(Object.fromEntries(head?.columns ?? [])).toEqual({
      villageCode: 0,
      village: 1,
      name: 2,
      id: 3,
      col7: 6,
      col8: 7,
      col9: 8,
      col10: 9,
      col11: 10,
      col12: 11,
      col13: 12,
      col14: 13,
      col15: 14,
      col16: 15,
      col17: 16,
      willing: 17,
      phone: 18,
      remark: 19,
    });
    expect(isColumnNumbers(rows[4] as string[])).toBe(true);
  });

  it('prefers the exact title to an alias, and uses a header once', () => {
    expect(
      mapped('household-register', [['身份证号', '公民身份证号', '身份证号码', '姓名', '地址', '户籍地址']]),
    ).toEqual({
      id: 2,
      name: 3,
      address: 5,
    });
    expect(mapped('residents-scheme', [['姓名', '证件号码', '参保状态', '缴费状态']])).toEqual({
      name: 0,
      id: 1,
      cbState: 2,
      jfState: 3,
    });
  });

  it('does not take the answers of the first person for a header', () => {
    const rows = [
      ['姓名', '身份证号码', '核实情况', '统筹区'],
      ['测试甲', '430981197001010019', '在校学生', '现役军人'],
    ];
    const head = findHead(source('survey-workbook'), rows);
    expect(head?.last).toBe(0);
    expect(head?.columns.get('col12')).toBeUndefined();
  });

  it('names what is missing', () => {
    expect(findHead(source('household-register'), [['身份证号码', '姓名']])?.missing).toEqual(['户籍地址']);
    expect(findHead(source('disability'), [['姓名', '级别']])?.missing).toEqual(['残疾证号或身份证号码']);
    expect(findHead(source('survey-workbook'), [['姓名', '身份证号码']])?.missing).toHaveLength(1);
    expect(findHead(source('survey-workbook'), [['姓名', '身份证号码', '服刑人员']])?.missing).toEqual([]);
    expect(findHead(source('deaths'), [['甲', '乙']])).toBeUndefined();
  });

  it('follows a person who corrected the mapping', () => {
    const rows = [['编号', '姓名', '死亡日期', '火化时间']];
    expect(mapped('deaths', rows)).toEqual({ name: 1, date: 2 });
    expect(mapped('deaths', rows, { 编号: 'id', 火化时间: 'date', 死亡日期: '' })).toEqual({
      id: 0,
      name: 1,
      date: 3,
    });
  });

  it.each([
    [
      ['户主', '身份证号', '类别', '成员1姓名', '成员1身份证号码', '成员2姓名', '成员2身份证号码'],
      [
        [0, 1],
        [3, 4],
        [5, 6],
      ],
    ],
    [
      ['姓名', '身份证', '类别', '姓名', '身份证', '姓名', '身份证'],
      [
        [0, 1],
        [3, 4],
        [5, 6],
      ],
    ],
    [
      ['类别', '身份证号1', '姓名1', '身份证号2', '姓名2'],
      [
        [2, 1],
        [4, 3],
      ],
    ],
    [
      ['户主姓名', '成员姓名1', '成员姓名2', '户主身份证号码', '成员身份证号码1', '成员身份证号码2'],
      [
        [0, 3],
        [1, 4],
        [2, 5],
      ],
    ],
  ])('pairs the members of a household: %j', (headers, pairs) => {
    const head = findHead(source('low-income'), [headers]);
    expect(head?.pairs.map((pair) => [pair.name, pair.id])).toEqual(pairs);
    expect(head?.columns.has('head')).toBe(false);
  });

  it('leaves a list of single people with a 户主 column alone', () => {
    expect(mapped('low-income', [['户主', '姓名', '身份证号码', '类别']])).toEqual({
      head: 0,
      name: 1,
      id: 2,
      category: 3,
    });
  });
});

describe('rows that are not people', () => {
  it.each([
    '合计',
    '合 计',
    '小计：',
    '总计120人',
    '说明：1.本表一式两份',
    '注：',
    '注1：身份证',
    '填报单位：草尾镇',
    '……',
    '',
    '共 12 人',
    '备注：',
  ])('%j', (text) => expect(isNotPeople(text)).toBe(true));
  it.each(['注桂花', '合欢', '1', '草尾镇', '测试甲', '总计算机学院', '第一批'])('%j is', (text) =>
    expect(isNotPeople(text)).toBe(false),
  );
  it('knows the row of column numbers', () => {
    expect(isColumnNumbers(['1', '2', '3=1+2', ''])).toBe(true);
    expect(isColumnNumbers(['1', '2020', '3'])).toBe(false);
    expect(isColumnNumbers(['1', '测试', '3'])).toBe(false);
    expect(isColumnNumbers(['1'])).toBe(false);
  });
  it('knows what looks like a number', () => {
    expect(looksLikeId('430981197001010019')).toBe(true);
    expect(looksLikeId(' 43098119700101001X')).toBe(true);
    expect(looksLikeId('430981113201')).toBe(false);
    expect(looksLikeId('填报日期2020年12月31日，联系电话13800000000')).toBe(false);
  });
  it('letters columns', () =>
    expect([0, 25, 26, 701, 702].map(columnLetter)).toEqual(['A', 'Z', 'AA', 'ZZ', 'AAA']));
});
