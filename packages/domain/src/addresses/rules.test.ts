import { describe, expect, it } from 'vitest';
import { DIVISIONS } from '../../cases/coverage/county.ts';
import { FOREVER } from '../kernel/plain-date.ts';
import { Refusal } from '../kernel/problem.ts';
import { assign, type Unplaced } from './assign.ts';
import { unreachableRules } from './cover.ts';
import { draftOf, rulesOfTable, sameRule, type WrittenRule } from './draft.ts';
import { commonFragments, fragmentOf } from './fragments.ts';
import { type AddressRule, ALWAYS, matchRule, readRule, ruleWords } from './rules.ts';
import { readPlace } from './text.ts';

const COUNTY = '430981';
const TOWN = '430981114';
const DAFU = '430981114248';
const LEYUAN = '430981114249';
const KANGNING = '430981106201';
const DAY = '2020-08-31';

let next = 1;
function rule(
  kind: string,
  village: string,
  texts: string[],
  rest: Partial<WrittenRule> & { owner?: string } = {},
): AddressRule {
  const { owner = COUNTY, ...written } = rest;
  const number = next++;
  return {
    ...draftOf({ kind, village, texts, ...written }, DIVISIONS, owner),
    number,
    owner,
    position: number,
  };
}

function matches(one: AddressRule, address: string): boolean {
  return matchRule(readRule(one), readPlace(address)).matches;
}

function refused(written: Partial<WrittenRule>, owner = COUNTY): string {
  try {
    draftOf({ kind: 'pattern', village: DAFU, texts: ['长乐街'], ...written }, DIVISIONS, owner);
    return '';
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.problem.code;
  }
}

describe('a rule for addresses', () => {
  it.each([
    ['草尾镇长乐街农贸市场3号', true],
    ['草尾镇农贸市场（长乐街）', true],
    ['草 尾 镇 长乐街　农贸市场', true],
    ['草尾镇长乐街', false],
    ['草尾镇新长乐街农贸市场', false],
  ])('of text finds both parts in any order and not what it excludes: %s', (address, found) => {
    expect(matches(rule('文字', DAFU, ['长乐街', '农贸市场'], { without: ['新长乐街'] }), address)).toBe(
      found,
    );
  });

  it.each([
    ['建设街1号', true],
    ['建设街１号', true],
    ['建设街一号', true],
    ['建设街01号', true],
    ['建设街 1 号附3', true],
    ['建设街11号', false],
    ['建设街1-3号', false],
    ['建设街十一号', false],
  ])('reads 1号, １号 and 一号 alike, and cuts no number in two: %s', (address, found) => {
    expect(matches(rule('pattern', DAFU, ['建设街1号']), address)).toBe(found);
  });

  it('does not take 三组 for 十三组, nor the road 五一路 for a number', () => {
    const three = rule('pattern', DAFU, ['农场三组']);
    expect(
      ['农场三组', '农场3组', '农场第三组', '农场十三组', '农场13组'].map((a) => matches(three, a)),
    ).toEqual([true, true, false, false, false]);
    expect(matches(rule('pattern', DAFU, ['五一路']), '五一路8号')).toBe(true);
    expect(matches(rule('pattern', DAFU, ['第三']), '第三组')).toBe(true);
  });

  it.each([
    ['长乐街7号', true],
    ['长乐街七号', true],
    ['长乐街99号', true],
    ['长乐街101号', false],
    ['长乐街8号', false],
    ['长乐街3组7号', true],
    ['长乐街7-2号', true],
    ['长乐街7附1号', true],
    ['长乐街第7号', true],
    ['长乐街7栋2号', false],
    ['长乐街', false],
    ['长乐街口12号，长乐街9号', true],
    ['长乐街二十一号', true],
    ['长乐街二一号', true],
    ['长乐街一百零一号', false],
  ])('of a street reads the number of the house: %s', (address, found) => {
    expect(matches(rule('街道门牌', DAFU, ['长乐街'], { parity: '单', first: 1, last: 99 }), address)).toBe(
      found,
    );
  });

  it('says what it found, or what was missing', () => {
    const odd = readRule(rule('street', DAFU, ['长乐街'], { parity: 'odd', first: 1, last: 99 }));
    expect(matchRule(odd, readPlace('长乐街8号')).because).toBe('读到 8 号，不在单号 1 至 99 号');
    expect(matchRule(odd, readPlace('长乐街九号')).because).toBe('在长乐街，读到 9 号');
    expect(matchRule(odd, readPlace('长乐街口')).because).toContain('读不出门牌号');
    expect(ruleWords(odd.rule)).toBe('长乐街，门牌单号 1 至 99 号');
    expect(ruleWords(rule('unit', DAFU, ['农机厂', '农机小区']))).toBe('地址含“农机厂”、“农机小区”之一');
  });

  it('is refused when it cannot be meant, with what to write instead', () => {
    expect(refused({})).toBe('');
    expect(refused({ kind: '正则' })).toBe('address.kind');
    expect(refused({ texts: [] })).toBe('address.texts');
    expect(refused({ texts: ['%长乐街%'] })).toBe('address.wildcard');
    expect(refused({ texts: ['村'] })).toBe('address.text');
    expect(refused({ village: TOWN })).toBe('address.village');
    expect(refused({ village: '430981201201', from: '2020-09-15' })).toBe('address.village');
    expect(refused({ village: KANGNING }, TOWN)).toBe('address.scope');
    expect(refused({ first: 1 })).toBe('address.houses');
    expect(refused({ kind: 'street', first: 9, last: 1 })).toBe('address.houses');
    expect(refused({ kind: 'household' })).toBe('address.household');
    expect(refused({ from: '2020-09-01', to: '2020-08-01' })).toBe('address.period');
  });
});

describe('rules in their order', () => {
  const one = (person: number, address: string, region = TOWN, household = ''): Unplaced => ({
    person,
    region,
    address,
    household,
  });
  const placedBy = (rules: AddressRule[], people: Unplaced[], known: Record<string, string[]> = {}) =>
    Object.fromEntries(
      assign(rules, DAY, people, new Map(Object.entries(known))).placed.map((p) => [
        p.person,
        [p.rule, p.village],
      ]),
    );

  it('place by the first that matches; a town tries its own before the county', () => {
    const first = rule('pattern', DAFU, ['长乐街']);
    const second = rule('unit', LEYUAN, ['农机厂']);
    const own = rule('unit', LEYUAN, ['长乐街供销社'], { owner: TOWN });
    expect(
      placedBy(
        [second, first, own],
        [one(1, '长乐街农机厂'), one(2, '农机厂'), one(3, '长乐街供销社'), one(4, '别处')],
      ),
    ).toEqual({
      1: [first.number, DAFU],
      2: [second.number, LEYUAN],
      3: [own.number, LEYUAN],
    });
  });

  it('place nobody in a village of another town than the one known, and count him', () => {
    const there = rule('pattern', KANGNING, ['长乐街']);
    const here = rule('pattern', DAFU, ['长乐街']);
    const found = assign([there, here], DAY, [one(1, '长乐街1号'), one(2, '长乐街2号', COUNTY)], new Map());
    expect(found.placed).toEqual([
      { person: 2, rule: there.number, village: KANGNING },
      { person: 1, rule: here.number, village: DAFU },
    ]);
    expect(found.elsewhere).toEqual(new Map([[there.number, 1]]));
  });

  it('hold on their days only', () => {
    const later = rule('pattern', DAFU, ['长乐街'], { from: '2020-09-15' });
    const ended = rule('pattern', DAFU, ['长乐街'], { to: DAY });
    expect(placedBy([later, ended], [one(1, '长乐街')])).toEqual({});
    expect([ended.from, later.to]).toEqual([ALWAYS, FOREVER]);
  });

  it('let a household follow its known members, just placed ones too, and nobody where they contradict', () => {
    const street = rule('pattern', DAFU, ['长乐街']);
    const follow = rule('household', '', []);
    const people = [
      one(1, '无名路', TOWN, 'H1'),
      one(2, '无名路', TOWN, 'H2'),
      one(3, '长乐街', TOWN, 'H3'),
      one(4, '', TOWN, 'H3'),
      one(5, '', TOWN, 'H4'),
    ];
    const known = { H1: [LEYUAN], H2: [LEYUAN, DAFU], H4: [KANGNING] };
    expect(placedBy([street, follow], people, known)).toEqual({
      1: [follow.number, LEYUAN],
      3: [street.number, DAFU],
      4: [follow.number, DAFU],
    });
    expect([...assign([street, follow], DAY, people, new Map(Object.entries(known))).torn]).toEqual(['H2']);
  });
});

describe('a rule that can never match', () => {
  it.each<[string, AddressRule, AddressRule, boolean]>([
    [
      'a longer text behind a shorter',
      rule('pattern', DAFU, ['长乐街']),
      rule('pattern', LEYUAN, ['长乐街农贸市场']),
      true,
    ],
    [
      'more texts behind fewer',
      rule('pattern', DAFU, ['长乐街']),
      rule('pattern', LEYUAN, ['长乐街', '农机厂']),
      true,
    ],
    [
      'fewer texts behind more',
      rule('pattern', DAFU, ['长乐街', '农机厂']),
      rule('pattern', LEYUAN, ['长乐街']),
      false,
    ],
    [
      'a street behind its text',
      rule('pattern', DAFU, ['长乐街']),
      rule('street', LEYUAN, ['长乐街'], { first: 1, last: 9 }),
      true,
    ],
    ['another town', rule('pattern', KANGNING, ['长乐街']), rule('pattern', DAFU, ['长乐街']), false],
    [
      'a part of a range',
      rule('street', DAFU, ['长乐街'], { last: 99 }),
      rule('street', LEYUAN, ['长乐街'], { parity: '单', first: 3, last: 9 }),
      true,
    ],
    [
      'the other side',
      rule('street', DAFU, ['长乐街'], { parity: '双' }),
      rule('street', LEYUAN, ['长乐街'], { parity: '单' }),
      false,
    ],
    [
      'units some of which are new',
      rule('unit', DAFU, ['农机厂']),
      rule('unit', LEYUAN, ['农机厂', '供销社']),
      false,
    ],
    [
      'what the first excludes',
      rule('pattern', DAFU, ['长乐街'], { without: ['供销社'] }),
      rule('pattern', LEYUAN, ['长乐街供销社']),
      false,
    ],
    ['1号 is no part of 11号', rule('pattern', DAFU, ['1号']), rule('pattern', LEYUAN, ['11号']), false],
    [
      'a shorter validity',
      rule('pattern', DAFU, ['长乐街'], { to: '2020-01-01' }),
      rule('pattern', LEYUAN, ['长乐街']),
      false,
    ],
    [
      'a town before the county',
      rule('pattern', DAFU, ['长乐街'], { owner: TOWN }),
      rule('pattern', LEYUAN, ['长乐街']),
      false,
    ],
  ])('is named: %s', (_, earlier, later, covered) => {
    expect(unreachableRules([later, earlier]).map((u) => [u.rule, u.by])).toEqual(
      covered ? [[later.number, earlier.number]] : [],
    );
  });

  it('is named when it contradicts itself', () => {
    const itself = rule('pattern', DAFU, ['新长乐街'], { without: ['长乐街'] });
    const odd = rule('street', DAFU, ['建设街'], { parity: '单', first: 2, last: 2 });
    expect(unreachableRules([itself, odd]).map((u) => [u.rule, u.by])).toEqual([
      [itself.number, undefined],
      [odd.number, undefined],
    ]);
  });
});

describe('a file of rules', () => {
  const head = ['种类', '文字', '不含', '单双', '起号', '止号', '村代码', '村名称', '备注'];
  it('is read in its order, villages by code or name', () => {
    const read = rulesOfTable(
      [
        ['草尾镇地址对照表'],
        head,
        ['文字', '长乐街|农贸市场', '新长乐街', '', '', '', DAFU, '', '老街'],
        [],
        ['街道门牌', '建设街', '', '双', '2', '98号', '', '草尾镇乐园村', ''],
        ['同户', '', '', '', '', '', '', '', ''],
      ],
      DIVISIONS,
      COUNTY,
    );
    expect(read.map(({ row, draft }) => [row, draft.kind, draft.village, draft.texts, draft.last])).toEqual([
      [3, 'pattern', DAFU, ['长乐街', '农贸市场'], undefined],
      [5, 'street', LEYUAN, ['建设街'], 98],
      [6, 'household', '', [], undefined],
    ]);
    expect(sameRule(read[0]!.draft, { ...read[0]!.draft, texts: ['农贸市场', '长乐街'], note: '' })).toBe(
      true,
    );
    expect(sameRule(read[0]!.draft, { ...read[0]!.draft, without: [] })).toBe(false);
  });

  it('names the row that cannot be meant', () => {
    expect(() => rulesOfTable([head, ['文字', '%长乐街', '', '', '', '', DAFU]], DIVISIONS, COUNTY)).toThrow(
      /第 2 行.*通配符/,
    );
    expect(() =>
      rulesOfTable([head, ['文字', '长乐街', '', '', '', '', '', '没有村']], DIVISIONS, COUNTY),
    ).toThrow(/第 2 行.*没有村/);
    expect(() => rulesOfTable([['姓名']], DIVISIONS, COUNTY)).toThrow(/种类/);
    const id = '430981199001010017';
    for (const places of [
      [id, ''],
      ['', `大福村${id}`],
    ])
      expect(() =>
        rulesOfTable([head, ['文字', '长乐街', '', '', '', '', ...places]], DIVISIONS, COUNTY),
      ).toThrow(/^第 2 行(?!.*\d{13}).*村/);
  });
});

describe('fragments of addresses', () => {
  const names = ['湖南省', '沅江市', '草尾镇', '草尾'];
  it.each([
    ['湖南省沅江市草尾镇长乐街12号', '长乐街'],
    ['沅江市草尾镇 五一路８号', '五一路'],
    ['草尾镇农场三组', '农场'],
    ['草尾镇', ''],
  ])('of %s is %s', (address, text) => expect(fragmentOf(address, names)).toBe(text));

  it('are counted, the most people first', () => {
    const addresses = ['草尾镇长乐街1号', '草尾镇长乐街2号', '草尾镇农场3组'];
    expect(commonFragments(addresses, names, 1)).toEqual([{ text: '长乐街', people: 2 }]);
  });
});
