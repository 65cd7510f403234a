import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isProvinceOf, parseRegionsCsv, parseSchemeCodesCsv } from './region-tree.ts';

const HEAD = 'code,name,level,parent,from,to,successor,aliases\n430981,沅江市,county,,,,,\n';

function problem(csv: string): string {
  const read = parseRegionsCsv(HEAD + csv);
  return read.ok ? '' : `${read.problem.code} ${read.problem.message}`;
}

describe('parseRegionsCsv', () => {
  it.each([
    [
      '430981114,草尾镇,town,430981,,,,\n430981114,草尾镇,town,430981,,,,',
      'regions.duplicate 第 4 行',
      '第 3 行重复',
    ],
    ['430981114,草尾镇,town,430982,,,,', 'regions.parent 第 3 行', '不在表中'],
    ['430981114,草尾镇,village,430981,,,,', 'regions.level 第 3 行', '写“village”'],
    ['43098111,草尾镇,town,430981,,,,', 'regions.code 第 3 行', '位数不对'],
    ['430981114,,town,430981,,,,', 'regions.name 第 3 行', '没有名称'],
    ['430981114,草尾镇,town,430981,,2020-02-30,,', 'regions.date 第 3 行', '2020-02-30'],
    ['430981114,草尾镇,town,430981,2020-01-01,2019-01-01,,', 'regions.period 第 3 行', '不晚于'],
    ['430981114,草尾镇,town,430981,,2020-01-01,430981115,', 'regions.successor 第 3 行', '430981115'],
    ['430981114,草尾镇,town,430981,,,430981,', 'regions.period 第 3 行', '没有撤销日期'],
    [
      '430981114,甲镇,town,430981,,2020-01-01,430981115,\n430981115,乙镇,town,430981,,2021-01-01,430981114,',
      'regions.cycle 第 3 行',
      '绕回',
    ],
    [
      '430981114,甲镇,town,430981,,2020-01-01,430981115,\n430981115,乙镇,town,430981,,,,\n430981114201,丙村,village,430981114,,,,',
      'regions.period 第 5 行',
      '丙村却还在用',
    ],
    ['430981114,草尾镇,town,430981,,,,,,', 'regions.columns 第 3 行', '逗号'],
  ])('refuses %s', (csv, where, what) => {
    expect(problem(csv)).toContain(where);
    expect(problem(csv)).toContain(what);
  });

  it('names missing columns', () => {
    const read = parseRegionsCsv('code,name\n');
    expect(read.ok || read.problem.message).toContain('level、parent');
  });

  it('reads a BOM, CRLF, quotes and blank lines', () => {
    const read = parseRegionsCsv(
      `\ufeff${HEAD.replaceAll('\n', '\r\n')}\r\n430981114,"草尾镇",town,430981,,,,甲|乙\r\n`,
    );
    expect(read.ok && read.value[1]).toEqual({
      code: '430981114',
      name: '草尾镇',
      level: 'town',
      parent: '430981',
      aliases: ['甲', '乙'],
    });
  });
});

describe('parseSchemeCodesCsv', () => {
  const regions = parseRegionsCsv(`${HEAD}430981114,草尾镇,town,430981,,,,`);
  const rows = regions.ok ? regions.value : [];
  const read = (csv: string) => parseSchemeCodesCsv(`schemeCode,from,to,region\n${csv}`, rows);

  it('ships empty', () => {
    for (const county of ['430981', '450324']) {
      const file = new URL(
        `../../../../apps/server/data/regions/${county}.scheme-codes.csv`,
        import.meta.url,
      );
      expect(parseSchemeCodesCsv(readFileSync(file, 'utf8'), rows)).toEqual({ ok: true, value: [] });
    }
  });

  it('lets a code be reused on other days, never on the same', () => {
    expect(read('13,2010-01-01,2018-01-01,430981\n13,2018-01-01,,430981114').ok).toBe(true);
    const clash = read('13,2010-01-01,2018-01-02,430981\n13,2018-01-01,,430981114');
    expect(clash.ok || clash.problem.message).toContain('第 3 行：代码 13 的有效期与第 2 行重叠');
    const unknown = read('13,,,430981999');
    expect(unknown.ok || unknown.problem.code).toBe('regions.unknown');
  });
});

describe('isProvinceOf', () => {
  it.each([
    ['湖南省长沙市', true],
    ['湖南长沙', true],
    ['430102', true],
    ['430102000000', true],
    ['43', true],
    ['４３０１０２', true],
    ['省内', true],
    ['广东省深圳市', false],
    ['广东', false],
    ['440300', false],
    ['内蒙古自治区', false],
    ['新疆生产建设兵团第八师', false],
    ['省外', false],
    ['长沙市', undefined],
    ['海南藏族自治州', undefined],
    ['河北区', undefined],
    ['990102', undefined],
    ['中央本级', undefined],
    ['', undefined],
  ])('%s', (text, expected) => {
    expect(isProvinceOf('430981', text, '湖南省')).toBe(expected);
  });

  it('knows a province of four characters', () => {
    expect(isProvinceOf('450324', '广西壮族自治区南宁市', '广西壮族自治区')).toBe(true);
    expect(isProvinceOf('450324', '广西南宁', '广西壮族自治区')).toBe(true);
    expect(isProvinceOf('450324', '湖南省', '广西壮族自治区')).toBe(false);
  });
});
