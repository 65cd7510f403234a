import { ANNEX5 } from '@quanbao/domain/reports/forms';
import { expect, it } from 'vitest';
import { isOpenBelow, isUnderOpen, metaCells, shortFormula } from './layout.ts';

it('the line over the table is as wide as the table, its gaps filled', () => {
  const cells = metaCells([{ text: '单位：人', from: 3, to: 4, align: 'right' }], [10, 20, 30, 40, 50, 60]);
  expect(cells.map((c) => [c.text, c.width])).toEqual([
    ['', 30],
    ['单位：人', 70],
    ['', 110],
  ]);
});

it('附件5: the headings of columns 4 and 5 run down beside their parts', () => {
  const header = ANNEX5.header.map((cell) => ({ ...cell, joined: cell.joined ?? false }));
  expect(header.filter((cell) => isOpenBelow(cell, header)).map((cell) => cell.text)).toEqual([
    '已进行城乡居保参保登记人数',
    '其中已缴费人数',
  ]);
  expect(header.filter((cell) => isUnderOpen(cell, header)).map((cell) => cell.text)).toEqual([
    '其中已缴费人数',
    '参保缴费率',
  ]);
});

it('long sums are shortened, short ones and others are not', () => {
  expect(shortFormula('6 + 10 + 11 + 12 + 13 + 14 + 15 + 16')).toBe('=6+10+…+16');
  expect(shortFormula('7 + 8 + 9')).toBe('=7+8+9');
  expect(shortFormula('3 − 4')).toBe('=3−4');
  expect(shortFormula('5 ÷ 4')).toBe('=5÷4');
});
