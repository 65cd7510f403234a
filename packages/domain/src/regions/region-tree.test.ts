import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FOREVER } from '../kernel/plain-date.ts';
import { parseRegionsCsv, RegionTree } from './region-tree.ts';

const DATA = new URL('../../../../apps/server/data/regions/', import.meta.url);
const DAY = '2024-09-30';

function shipped(county: string) {
  const read = parseRegionsCsv(readFileSync(new URL(`${county}.csv`, DATA), 'utf8'));
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
}

const trees = ['430981', '450324'].map((county) => new RegionTree(county, shipped(county), []));
const [yuanjiang, quanzhou] = trees as [RegionTree, RegionTree];

function treeOf(csv: string, county = '430981') {
  const head = '43,湖南省,province,,,,,湖南\n4309,益阳市,city,43,,,,\n430981,沅江市,county,4309,,,,\n';
  const read = parseRegionsCsv(`code,name,level,parent,from,to,successor,aliases\n${head}${csv}`);
  if (!read.ok) throw new Error(read.problem.message);
  return new RegionTree(county, read.value, [
    { schemeCode: '43030213', from: '2011-01-01', to: '2018-01-01', region: '430981201' },
    { schemeCode: '43030213', from: '2018-01-01', to: FOREVER, region: '430981114' },
  ]);
}

/** 撤乡并镇 on a made-up day: 熙和乡 ends in 草尾镇; two of its villages become one, one keeps its name. */
const merged = treeOf(`430981114,草尾镇,town,430981,,,,
430981114248,大福村,village,430981114,,,,
430981114257,熙和村,village,430981114,2023-07-01,,,
430981114258,新安村,village,430981114,2023-07-01,,,
430981114259,长新村,village,430981114,2025-01-01,,,
430981201,熙和乡,town,430981,,2023-07-01,430981114,熙和公社
430981201201,熙和村,village,430981201,,2023-07-01,430981114257,
430981201202,东洲村,village,430981201,,2023-07-01,430981114258,
430981201203,西洲村,village,430981201,,2023-07-01,430981114258,
430981201204,北洲村,village,430981201,,2023-07-01,,
`);

describe('shipped divisions', () => {
  const codes = trees.flatMap((tree) =>
    shipped(tree.county).filter((row) => row.code.startsWith(tree.county)),
  );
  const treeFor = (code: string) => (code.startsWith('430981') ? yuanjiang : quanzhou);

  it('has the towns and villages of the national list', () => {
    expect(yuanjiang.children('430981', DAY)).toHaveLength(14);
    expect(quanzhou.children('450324', DAY)).toHaveLength(18);
    expect(yuanjiang.children('430981114', DAY)).toHaveLength(21);
    const count = (tree: RegionTree) =>
      tree.children(tree.county, DAY).reduce((n, town) => n + tree.children(town.code, DAY).length, 0);
    expect([count(yuanjiang), count(quanzhou)]).toEqual([195, 286]);
    expect(yuanjiang.path('430981114248')).toBe('沅江市草尾镇大福村');
    expect(yuanjiang.path('430981114248-003')).toBe('沅江市草尾镇大福村3组');
  });

  it('finds every village from its own path, however the address goes on', () => {
    const villages = codes.filter((row) => row.level === 'village');
    const before = fc.constantFrom('', '湖南省益阳市', '广西壮族自治区桂林市', ' ');
    const after = fc.constantFrom('', '三组', '12号', '第5村民小组', '１２号', '新村路8号', '(原红旗村)');
    fc.assert(
      fc.property(fc.constantFrom(...villages), before, after, (row, lead, tail) => {
        const tree = treeFor(row.code);
        const own = row.code.startsWith('43') ? lead.replace(/广西.*/, '') : lead.replace(/湖南.*/, '');
        expect(tree.fromAddress(own + tree.path(row.code) + tail)).toBe(row.code);
      }),
      { numRuns: 3000 },
    );
    for (const row of villages) {
      const tree = treeFor(row.code);
      expect(tree.fromAddress(tree.path(row.code)), row.name).toBe(row.code);
      expect(tree.villageByName(row.parent, row.name), row.name).toBe(row.code);
    }
  });

  it('resolves every code to itself', () => {
    fc.assert(
      fc.property(fc.constantFrom(...codes), fc.integer({ min: 2000, max: 2100 }), (row, year) => {
        const tree = treeFor(row.code);
        expect(tree.current(row.code, `${year}-02-28`)).toBe(row.code);
        expect(tree.fromCode(row.code.padEnd(12, '0'), `${year}-02-28`)).toBe(row.code);
        expect(tree.turns(row.code)).toEqual([]);
      }),
    );
  });

  it('finds every town by its name, in and out of its address form', () => {
    for (const row of codes.filter((row) => row.level === 'town')) {
      const tree = treeFor(row.code);
      const stem = row.name.replace(/(瑶族乡|[镇乡]|街道)$/, '');
      const county = tree.path(tree.county);
      for (const name of [row.name, stem, county + row.name, `${row.name}人民政府`, `（原）${row.name}`]) {
        expect(tree.townByName(name), name).toBe(row.code);
      }
      expect(tree.fromAddress(county + row.name)).toBe(row.code);
    }
  });
});

describe('codes', () => {
  it('reads 12, 9 and 6 digits of the county only', () => {
    expect(yuanjiang.fromCode('430981114000', DAY)).toBe('430981114');
    expect(yuanjiang.fromCode(' ４３０９８１１１４２４８ ', DAY)).toBe('430981114248');
    expect(yuanjiang.fromCode('430981000000', DAY)).toBe('430981');
    expect(yuanjiang.fromCode("'430981114", DAY)).toBe('430981114');
    expect(yuanjiang.fromCode('430981114248-003', DAY)).toBe('430981114248-003');
    for (const text of [
      '',
      '4309',
      '43098111',
      '450324100001',
      '430981114999',
      '430103',
      '4.30981E+11',
      '43',
    ]) {
      expect(yuanjiang.fromCode(text, DAY), text).toBeUndefined();
    }
  });

  it('reads a scheme code by the day, never by equal digits', () => {
    expect(merged.fromSchemeCode('43030213', '2016-05-01')).toBe('430981201');
    expect(merged.fromSchemeCode('43030213', '2020-05-01')).toBe('430981114');
    expect(merged.fromSchemeCode('43030213', '2010-12-31')).toBeUndefined();
    expect(merged.fromSchemeCode('430981114', DAY)).toBeUndefined();
    expect(merged.fromCode('43030213', DAY)).toBeUndefined();
  });
});

describe('撤乡并镇', () => {
  it('moves people to the successor on the day', () => {
    expect(merged.current('430981201', '2023-06-30')).toBe('430981201');
    expect(merged.current('430981201', '2023-07-01')).toBe('430981114');
    expect(merged.current('430981201202', '2023-07-01')).toBe('430981114258');
    expect(merged.current('430981201202-001', '2023-07-01')).toBe('430981114258');
    expect(merged.current('430981201204', '2023-07-01')).toBe('430981114');
    expect(merged.turns('430981201202')).toEqual(['2023-07-01']);
    expect(merged.turns('430981114248')).toEqual([]);
    expect(merged.turns('430981114259')).toEqual(['2025-01-01']);
  });

  it('before its start counts a village where it was: the only one it follows, else its town', () => {
    expect(merged.current('430981114257', '2023-06-30')).toBe('430981201201');
    expect(merged.current('430981114258', '2023-06-30')).toBe('430981114');
  });

  it('lists what is in force, and current always lists', () => {
    expect(merged.children('430981', '2023-06-30').map((row) => row.name)).toEqual(['草尾镇', '熙和乡']);
    expect(merged.children('430981', '2023-07-01').map((row) => row.name)).toEqual(['草尾镇']);
    expect(merged.children('430981201', '2023-07-01')).toEqual([]);
    const codes = [
      '430981114257',
      '430981114258',
      '430981114259',
      '430981201',
      '430981201203',
      '430981201204',
    ];
    for (const code of codes) {
      for (const day of ['1990-01-01', '2023-06-30', '2023-07-01', '2024-12-31', '2025-01-01', FOREVER]) {
        const now = merged.current(code, day) as string;
        const parent = merged.get(now)?.parent as string;
        expect(merged.children(parent, day).map((row) => row.code)).toContain(now);
      }
    }
  });

  it('follows chains', () => {
    const tree = treeOf(`430981101,甲镇,town,430981,,2010-01-01,430981102,
430981102,乙镇,town,430981,,2015-01-01,430981103,
430981103,丙镇,town,430981,,,,
`);
    const at = ['2009-12-31', '2010-01-01', '2015-01-01'].map((day) => tree.current('430981101', day));
    expect(at).toEqual(['430981101', '430981102', '430981103']);
    expect(tree.turns('430981101')).toEqual(['2010-01-01', '2015-01-01']);
  });

  it('knows old and （原） names, and old villages under the new town', () => {
    expect(merged.townByName('熙和乡')).toBe('430981201');
    expect(merged.townByName('（原）熙和乡')).toBe('430981201');
    expect(merged.fromAddress('沅江市熙和乡东洲村2组')).toBe('430981201202');
    expect(merged.fromAddress('沅江市（原）熙和乡')).toBe('430981201');
    expect(merged.fromAddress('沅江市草尾镇东洲村2组')).toBe('430981201202');
    expect(merged.fromAddress('沅江市草尾镇熙和村2组')).toBe('430981114257');
    expect(merged.fromAddress('沅江市草尾镇（原东洲村）')).toBe('430981201202');
  });
});

describe('names', () => {
  it.each([
    ['草尾', '430981114'],
    ['沅江市草尾镇', '430981114'],
    ['湖南省益阳市沅江市草尾镇人民政府', '430981114'],
    ['琼湖街道办事处', '430981006'],
    ['琼湖办事处', '430981006'],
    ['漉湖芦苇场', '430981402'],
    ['南洞庭芦苇场', '430981401'],
    ['沅江市', undefined],
    ['', undefined],
    ['长城乡', undefined],
  ])('town %s', (name, code) => {
    expect(yuanjiang.townByName(name)).toBe(code);
  });

  it.each([
    ['430981114', '大福', '430981114248'],
    ['430981114', '大福村委会', '430981114248'],
    ['430981114', '大福村村民委员会', '430981114248'],
    ['430981114', '草尾镇大福村', '430981114248'],
    ['430981114', '草尾社区居委会', '430981114001'],
    ['430981116', '黄土包', undefined],
    ['430981116', '黄土包社区', '430981116001'],
    ['430981116', '黄土包村', '430981116202'],
    ['430981116', '共华渔场', '430981116501'],
    [undefined, '大福村', '430981114248'],
    [undefined, '先锋村', undefined],
    ['430981006', '大福村', undefined],
    ['430981114', '', undefined],
  ])('village %s %s', (town, name, code) => {
    expect(yuanjiang.villageByName(town, name)).toBe(code);
  });

  it('keeps 新村 whole', () => {
    for (const name of ['新村', '新村村委会', '新村委会', '新村村']) {
      expect(quanzhou.villageByName('450324106', name), name).toBe('450324106214');
    }
  });
});

describe('addresses', () => {
  it.each([
    ['湖南省沅江市草尾镇大福村八村民组', '430981114248'],
    ['湖南省益阳市沅江市草尾镇 大福 三组', '430981114248'],
    ['草尾镇大福村', '430981114248'],
    ['沅江草尾大福村3组', '430981114248'],
    ['沅江市草尾镇', '430981114'],
    ['沅江市草尾', '430981114'],
    ['沅江县草尾乡大福村', '430981114248'],
    ['沅江市琼湖街道办事处人民路12号韩家汊社区居委会', '430981006001'],
    ['沅江市琼湖街道办事处政府机关', '430981006'],
    ['沅江市琼湖街道办事处农场', '430981006'],
    ['沅江市漉湖芦苇场柴下洲社区', '430981402002'],
    ['沅江市共华镇黄土包村5组', '430981116202'],
    ['沅江市共华镇黄土包5组', '430981116'],
    ['沅江市共华镇共华渔场一队', '430981116501'],
    ['沅江市南嘴镇目平湖南村', '430981107217'],
    ['沅江市草尾镇福民村', '430981114'],
    ['沅江市草尾镇小大福村', '430981114'],
    ['沅江市草尾镇红卫村大福村', '430981114'],
    ['沅江市新湾村3组', '430981108204'],
    ['凤凰', undefined],
    ['\u200b沅江市\t草尾镇\u00a0大福村', '430981114248'],
    ['沅江市大福村', undefined],
    ['沅江市草尾路12号', undefined],
    ['湖南省长沙市岳麓区草尾镇', undefined],
    ['中国湖南省沅江市草尾镇', '430981114'],
    ['湖南省', undefined],
    ['', undefined],
    ['　', undefined],
  ])('%s', (address, code) => {
    expect(yuanjiang.fromAddress(address)).toBe(code);
    expect(yuanjiang.fromAddress(address)).toBe(code);
  });

  it.each([
    ['广西全州县全州镇民主社区12号', '450324100001'],
    ['全州镇民主社区', '450324100001'],
    ['广西全州才湾镇南一村委南一村12号', '450324106203'],
    ['广西全州县安和镇大广塘村委会', '450324111207'],
    ['广西全州县安和镇小广塘村', '450324111'],
    ['广西全州县绍水镇桂北农场三队', '450324107002'],
    ['广西全州县凤凰路12号', undefined],
    ['广西全州县全州镇建设路12号', '450324100'],
    ['广西全州县东山乡白竹村委会', '450324208212'],
    ['广西桂林市兴安县石塘镇', undefined],
    ['湖南省永州市零陵区石塘镇', undefined],
  ])('%s', (address, code) => {
    expect(quanzhou.fromAddress(address)).toBe(code);
  });

  it('reaches a town through the street that a functional zone now runs', () => {
    const tree = treeOf(`430981401,高新区管委会,town,430981,,,,石矶湖街道
430981401001,石矶湖社区,village,430981401,,,,
`);
    expect(tree.fromAddress('沅江市石矶湖街道石矶湖社区2组')).toBe('430981401001');
  });
});
