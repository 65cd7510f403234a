import { describe, expect, it } from 'vitest';
import { behindPlace, holdsNumber, meaningsOf, nameKeys, readingKeys, wrongId } from './search.ts';

const kinds = (text: string): string[] => meaningsOf(text).map((m) => m.kind);

describe('what somebody typed', () => {
  it.each([
    ['小明', ['name']],
    ['王 小明', ['name']],
    ['阿依古丽·买买提', ['name']],
    ['张村', ['name', 'address']],
    ['草尾镇大福村3组12号', ['address', 'name']],
    ['wangxiaoming', ['pinyin', 'household']],
    ['Wang Xiao-ming', ['pinyin']],
    ['lü bu', ['pinyin']],
    ['wxm', ['pinyin', 'household']],
    ['13800138000', ['phone', 'household']],
    ['+86 138 0013 8000', ['phone']],
    ['43098100012', ['phone', 'household']],
    ['H-0012', ['household']],
    ['11010519491231002X', ['id']],
    ['１１０１０５１９４９１２３１００２ｘ', ['id']],
    ['王小明 11010519491231002X', ['id']],
    ['11010519491231002x王小明', ['id']],
    ['王小明 110105-19491231-002X', ['id']],
    ['沅江市 110105 19491231 002X 3组', ['id']],
    ['王小明 110105491231002', ['id']],
    ['  ', []],
    ['?!', []],
  ])('%s', (text, expected) => {
    expect(kinds(text)).toEqual(expected);
  });

  it('a wrong ID number is noticed, not searched for', () => {
    expect(wrongId('110105194912310021')).toBe(true);
    expect(wrongId('11010519491231002X')).toBe(false);
    expect(wrongId('13800138000')).toBe(false);
    expect(wrongId('王小明 110105194912310021')).toBe(true);
  });

  it.each([
    ['13800138000', true],
    ['王小明 13800138000', true],
    ['王小明 11010519491231002X', true],
    ['王小明 110105-19491231-002X', true],
    ['１１０１０５１９４９１２３１００２ｘ', true],
    ['王小明', false],
    ['草尾镇大福村3组12-1号', false],
    ['H-0012', false],
  ])('holds a number that is put nowhere: %s', (text, expected) => {
    expect(holdsNumber(text)).toBe(expected);
  });
});

describe('keys of a name', () => {
  it('every part from a character on', () => {
    expect(nameKeys('王小明')).toEqual(['王小明', '小明', '明']);
    expect(nameKeys('阿依·买')).toEqual(['阿依买', '依买', '买']);
  });

  it('characters beyond the basic plane are not cut in two', () => {
    expect(nameKeys('𠮷云')).toEqual(['𠮷云', '云']);
  });

  it('the reading from every syllable on, and initials', () => {
    expect(readingKeys(['wang', 'xiao', 'ming'])).toEqual(['wangxiaoming', 'xiaoming', 'ming', 'wxm', 'xm']);
    expect(readingKeys([])).toEqual([]);
  });
});

describe('behind the village', () => {
  it.each([
    ['沅江市草尾镇大福村3组12号', '3组12号'],
    ['大福村3组', '3组'],
    ['湖南省沅江市草尾镇大福村', ''],
    ['建设路7号', '建设路7号'],
  ])('%s', (address, rest) => {
    expect(behindPlace(address, ['沅江市', '草尾镇', '大福村'])).toBe(rest);
  });
});
