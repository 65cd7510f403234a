import { formatYuan } from '../kernel/money.ts';
import type { RegionCode } from '../kernel/region.ts';
import { provinceName } from '../regions/provinces.ts';
import { findSource } from '../sources/catalogue.ts';
import type { CompareFact, Content, Membership, Payment } from './claim.ts';
import { COLUMN_WORDS } from './words.ts';

/** One column of a list and what it says of the person. */
export interface Said {
  readonly title: string;
  readonly value: string;
}

const REGISTER_STATUS: Record<NonNullable<Content['st']>, string> = {
  living: '管理中',
  dead: '死亡',
  moved: '迁出',
  cancelled: '注销',
};

/** 参保状态 with 缴费状态, as one state. */
export const SCHEME_WORDS: Record<NonNullable<Content['s']>, string> = {
  none: '未参保',
  paying: '正常缴费',
  paused: '暂停缴费',
  drawing: '正常待遇',
  'drawing-paused': '暂停待遇',
  ended: '终止参保',
  unknown: '状态组合异常',
};

const MEMBERSHIP_WORDS: Record<Membership, string> = {
  current: '正在参保或领取',
  lapsed: '暂停、中断',
  ended: '已终止',
};

const COMPARED: Record<CompareFact['k'], string> = {
  enterprise: '企业职工养老保险',
  public: '机关事业单位养老保险',
  residents: '城乡居民养老保险',
  unknown: '险种不明',
};

const ANSWER_WORDS: Readonly<Record<string, string>> = {
  'employee-in-province': '参加省内职保',
  'public-in-province': '参加机关保',
  'employee-elsewhere': '参加省外职保',
  abroad: '出国（境）',
  dead: '死亡',
  prison: '服刑',
  military: '参军',
  student: '在校学生',
  obligated: '法定人员',
  'elsewhere-insured': '在外地参加居保',
  'empty-household': '空挂户',
  'not-local': '户口不在本地',
  'data-error': '数据错误',
  other: '其他',
  refuses: '无参保意愿',
  willing: '愿意参保',
  'claims-registered': '称已参加居保',
  alive: '在世',
  migrant: '外出务工',
  unreachable: '联系不上',
  unknown: '用语无法识别',
};

const YES_NO = { yes: '是', no: '否' } as const;
const CATEGORY: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'low-income': { full: '全额', partial: '差额' },
  disability: { 1: '一级', 2: '二级', 3: '三级', 4: '四级' },
};

/** Which column of its source a key of the content was read from. */
const COLUMN_OF: Readonly<Record<string, Partial<Record<keyof Content, string>>>> = {
  'household-register': { st: 'status', h: 'household', r: 'relation', k: 'hukou' },
  'province-list': { m: 'batch' },
  'residents-scheme': { s: 'cbState', d: 'joined', c: 'identity' },
  'employees-in-province': { e: 'state', d: 'joined', m: 'employer' },
  'public-sector-in-province': { e: 'state', d: 'joined', m: 'employer' },
  'employees-elsewhere': { e: 'state', d: 'joined', m: 'employer', pv: 'province' },
  'employees-obligated': { m: 'employer' },
  students: { m: 'school', c: 'stage', x: 'graduates' },
  military: { d: 'joined', x: 'left' },
  prisoners: { d: 'termFrom', x: 'termTo' },
  abroad: { d: 'date', m: 'country' },
  deaths: { d: 'date', m: 'origin' },
  'low-income': { c: 'category', h: 'head', d: 'since' },
  'extreme-poverty': { d: 'since' },
  disability: { c: 'level', m: 'category' },
  'poverty-registered': { c: 'label', m: 'kind' },
  'land-expropriated': { d: 'taken', c: 'area', m: 'subsidy' },
  'survey-workbook': {
    w: 'answer',
    i: 'willing',
    d: 'contactDay',
    cw: 'contactWay',
    rs: 'reason',
    m: 'remark',
  },
};

/** Where no column of the source bears the key. */
const TITLES: Partial<Record<keyof Content, string>> = {
  e: '状态',
  d: '日期',
  x: '截止',
  m: '备注',
  c: '类别',
  h: '户号',
  pv: '省份',
};

/**
 * What a list says of a person, column by column in the words of the list. The keyed hash of a telephone is not
 * among it.
 * @param slot 缴费年度 of payments, project of expropriated land
 * @param pathOf the names of a place, from the county down
 */
export function saysOf(
  source: string,
  content: Content,
  slot: string,
  pathOf: (code: RegionCode) => string,
): Said[] {
  const said: Said[] = [];
  const add = (title: string, value: string | undefined): void => {
    if (value !== undefined && value !== '') said.push({ title, value });
  };
  const titleOf = (key: keyof Content): string => {
    const column = COLUMN_OF[source]?.[key];
    const found = findSource(source)?.columns.find((c) => c.key === column);
    return found?.title ?? TITLES[key] ?? key;
  };
  add('姓名', content.n);
  if (source === 'residents-payments') add('缴费年度', slot);
  if (source === 'land-expropriated') add('项目', slot);
  if (content.st !== undefined) add(titleOf('st'), REGISTER_STATUS[content.st]);
  if (content.s !== undefined) add('参保缴费状态', SCHEME_WORDS[content.s]);
  if (content.e !== undefined) add(titleOf('e'), MEMBERSHIP_WORDS[content.e]);
  if (content.pv !== undefined) add(titleOf('pv'), provinceName(content.pv));
  for (const fact of content.f ?? []) add(COMPARED[fact.k], comparedWords(fact));
  for (const payment of content.p ?? []) add('缴费', paymentWords(payment));
  if (content.w !== undefined) add(titleOf('w'), ANSWER_WORDS[content.w] ?? content.w);
  if (content.i !== undefined) add(titleOf('i'), YES_NO[content.i]);
  for (const column of content.t ?? []) add(`附件3第${column}栏`, `√ ${COLUMN_WORDS[column] ?? ''}`.trim());
  if (content.c !== undefined) add(titleOf('c'), CATEGORY[source]?.[content.c] ?? content.c);
  add(titleOf('d'), content.d);
  add(titleOf('x'), content.x);
  add(titleOf('rs'), content.rs);
  add(titleOf('cw'), content.cw);
  add(titleOf('m'), content.m);
  add(titleOf('h'), content.h);
  add(titleOf('r'), content.r);
  add(titleOf('k'), content.k);
  add('户籍地址', content.a);
  if (content.g !== undefined) add('所在地', pathOf(content.g) || content.g);
  if (content.gx === 1) add('12位区划编码', '不在本县');
  if (content.dis === 1) add('同一号码', '各行不一致');
  if (content.q === 1) add('用语', '有无法识别的');
  return said;
}

function comparedWords(fact: CompareFact): string {
  const where = {
    here: '本地',
    province: '省内',
    elsewhere: fact.pv === undefined ? '外省' : (provinceName(fact.pv) ?? '外省'),
    unknown: '参保地不明',
  }[fact.w];
  return [where, MEMBERSHIP_WORDS[fact.e], fact.d].filter((word) => word !== undefined).join('，');
}

function paymentWords([fen, day, fund]: Payment): string {
  return [`${formatYuan(fen)} 元`, day, fund].filter((word) => word !== '').join('，');
}
