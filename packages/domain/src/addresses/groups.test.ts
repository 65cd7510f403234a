import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupCode, groupInAddress, groupInColumn, groupOf, numeralOf, spellingsOf } from './groups.ts';

describe('the group in an address', () => {
  it.each([
    ['湖南省沅江市草尾镇大福村3组', 3, ''],
    ['草尾镇大福村第三组', 3, ''],
    ['三组', 3, ''],
    ['3小组', 3, ''],
    ['大福村第十二村民小组5号', 12, '5号'],
    ['琼湖街道保民社区第3居民小组12号', 3, '12号'],
    ['大福村八村民组', 8, ''],
    ['大福村 ０７ 组 12号', 7, '12号'],
    ['大福村二十组', 20, ''],
    ['大福村二十一组8号', 21, '8号'],
    ['大福村一百零三组', 103, ''],
    ['大福村二〇组', 20, ''],
    ['大福村3组(原5组)12号', 3, '12号'],
    ['大福村3组3组12号', 3, '12号'],
  ])('%s', (address, group, rest) => {
    expect(groupInAddress(address)).toEqual({ group, rest });
  });

  it.each([
    [''],
    ['桔园路5号'],
    ['琼湖街道桔园路12号3栋2单元501室'],
    ['碧桂园3组团5栋'],
    ['县委第三组织部宿舍'],
    ['草尾镇大福村'],
    ['大福村老屋组'],
    ['大福村0组'],
    ['大福村1234组'],
    // 五一 may be the village.
    ['五一组'],
    ['五一三组'],
    ['二百五组'],
    // Two answers are none.
    ['大福村3组、5组'],
    ['12-3组'],
    ['3至5组'],
    ['第3至第5组'],
    ['3组至5组'],
    ['3、5组'],
    ['三队12号'],
  ])('%s names none', (address) => {
    expect(groupInAddress(address)).toBeUndefined();
  });
});

describe('the column for the group', () => {
  it.each([
    ['3', 3],
    ['003', 3],
    ['3.0', 3],
    ['三', 3],
    ['第3', 3],
    ['三组', 3],
    ['第3村民小组', 3],
    ['大福村3组', 3],
    ['0', undefined],
    ['无', undefined],
    ['老屋组', undefined],
    ['2025', undefined],
    ['3栋2单元', undefined],
    ['3-1', undefined],
    ['', undefined],
  ])('%s', (cell, group) => {
    expect(groupInColumn(cell)).toBe(group);
  });

  it('wins over the address where it gives a number', () => {
    expect(groupOf({ column: '4', address: '大福村3组' })).toBe(4);
    expect(groupOf({ column: '老屋组', address: '大福村3组' })).toBe(3);
    expect(groupOf({ address: '大福村3组' })).toBe(3);
    expect(groupOf({ column: '无', address: '桔园路5号' })).toBeUndefined();
  });
});

it('is three digits behind the village', () => {
  expect(groupCode('430981114201', 3)).toBe('430981114201-003');
});

const anyGroup = fc.integer({ min: 1, max: 999 });

it('reads every number as it is written, in digits and in words', () => {
  fc.assert(
    fc.property(anyGroup, fc.constantFrom('组', '小组', '村民小组', '居民小组', '村民组'), (n, word) => {
      for (const written of [String(n), String(n).padStart(3, '0'), numeralOf(n)]) {
        expect(groupInColumn(written)).toBe(n);
        expect(groupInAddress(`草尾镇大福村${written}${word}9号`)).toEqual({ group: n, rest: '9号' });
        expect(groupInAddress(`草尾镇大福村第${written}${word}`)?.group).toBe(n);
      }
    }),
  );
});

it('reads its own spellings back', () => {
  fc.assert(
    fc.property(anyGroup, (n) => {
      for (const spelling of spellingsOf(n)) {
        expect(groupInAddress(`${spelling}12号`)).toEqual({ group: n, rest: '12号' });
      }
    }),
  );
});

it('invents nothing from houses, buildings and flats', () => {
  const number = fc.oneof(anyGroup.map(String), anyGroup.map(numeralOf));
  const word = fc.constantFrom('号', '栋', '单元', '室', '楼', '巷', '队', '幢', '弄', '组团', '路');
  const part = fc.tuple(number, word).map(([n, w]) => n + w);
  fc.assert(
    fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
      expect(groupInAddress(`草尾镇大福村${parts.join('')}`)).toBeUndefined();
      expect(groupInColumn(parts.join(''))).toBeUndefined();
    }),
  );
});

it('is undefined or within 1 and 999 for any text at all', () => {
  const text = fc.string({
    unit: fc.constantFrom(...'第三十百零〇两五0１9村民小组号-(原)、 '),
    maxLength: 20,
  });
  fc.assert(
    fc.property(text, text, (column, address) => {
      const group = groupOf({ column, address });
      if (group !== undefined) expect(group >= 1 && group <= 999).toBe(true);
    }),
  );
});
