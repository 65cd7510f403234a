import type { PlainDate } from '../kernel/plain-date.ts';

/** The kinds of ledger items (台账), as coverage §4 has them. What a word here says, `items.ts` does. */
export interface LedgerKind {
  readonly kind: LedgerKindCode;
  /** As lists and forms print it. */
  readonly title: string;
  /** What one person may have several items of: a year, a kind of finding. */
  readonly subject: '' | 'year' | 'finding';
  readonly opens: string;
  readonly closes: string;
  readonly reopens: string;
  /** What a closing by hand (人工销号) must rest on, and the papers that count as such; absent where only evidence closes. */
  readonly byHand?: { readonly needs: string; readonly papers: readonly ClosingPaper[] };
}

/** Papers that something is written off by hand with. */
export const CLOSING_PAPERS = [
  'deferral',
  'waiver',
  'decision',
  'termination',
  'refund',
  'check-record',
  'scheme-proof',
  'scheme-query',
] as const;
export type ClosingPaper = (typeof CLOSING_PAPERS)[number];
export const CLOSING_PAPER_WORDS: Readonly<Record<ClosingPaper, string>> = {
  deferral: '本人签名的延后补缴申请',
  waiver: '本人签名的放弃领取声明',
  decision: '写明理由的决定',
  termination: '一方参保关系终止的凭据',
  refund: '重复缴费清退办结的凭据',
  'check-record': '核实记录（过程和结果）',
  'scheme-proof': '务工地参保证明或缴费凭据',
  'scheme-query': '险种查询单',
};

export const LEDGER_KIND_CODES = [
  'uninsured',
  'obligated',
  'unpaid',
  'lapsed',
  'reaching-60',
  'duplicate',
  'conflict',
  'quality',
  'migrant',
] as const;
export type LedgerKindCode = (typeof LEDGER_KIND_CODES)[number];

export const LEDGER_KINDS: readonly LedgerKind[] = [
  {
    kind: 'uninsured',
    title: '应保未保',
    subject: '',
    opens: '户籍人口属于城乡居保覆盖范围，未参保登记',
    closes: '已参保登记，或结论不再属于覆盖范围；有佐证的不愿参保是已落实，不是销号',
    reopens: '参保登记终止；原因的佐证过期或被推翻（退回待核实）',
  },
  {
    kind: 'obligated',
    title: '职工应保未保',
    subject: '',
    opens: '依法应参加职工养老保险，未参保',
    closes: '职工或机关事业养老保险正在参保',
    reopens: '参保关系终止',
  },
  {
    kind: 'unpaid',
    title: '应缴未缴',
    subject: 'year',
    opens: '已参保登记（正常缴费或暂停缴费）、16至59周岁，当年未缴费；首份缴费名单之前不开',
    closes: '当年已缴费；转为领取待遇；退出城乡居保；年度结束转入下一年度',
    reopens: '退费后当年净缴费为零',
  },
  {
    kind: 'lapsed',
    title: '断保',
    subject: '',
    opens: '以前年度缴过费，上一整年和当年都没有缴费，未领取待遇',
    closes: '缴费，或开始领取待遇',
    reopens: '再次连续两年未缴费',
  },
  {
    kind: 'reaching-60',
    title: '到龄',
    subject: '',
    opens: '属于覆盖范围，12个月内满60周岁，或已满60周岁而未领取待遇（不论是否登记）',
    closes: '开始领取待遇；或写明理由的决定',
    reopens: '待遇停发而未死亡',
    byHand: {
      needs: '不办理领取的理由和材料（如选择延后补缴、自愿放弃）',
      papers: ['deferral', 'waiver', 'decision'],
    },
  },
  {
    kind: 'duplicate',
    title: '重复参保',
    subject: '',
    opens: '职工（机关）养老保险与城乡居保同时有效',
    closes: '一方终止；或退费办结的记录',
    reopens: '双方再次同时有效',
    byHand: { needs: '一方已终止、重复缴费已清退的凭据', papers: ['termination', 'refund'] },
  },
  {
    kind: 'conflict',
    title: '矛盾',
    subject: 'finding',
    opens: '名单之间或名单与摸底之间有其他矛盾',
    closes: '依据撤回或改正，或县级裁定',
    reopens: '出现新的矛盾',
  },
  {
    kind: 'quality',
    title: '数据待核',
    subject: 'finding',
    opens: '数据质量规则命中',
    closes: '数据改正；或核实无误的记录',
    reopens: '规则再次命中',
    byHand: { needs: '核实过程和结果', papers: ['check-record'] },
  },
  {
    kind: 'migrant',
    title: '外出务工待核',
    subject: '',
    opens: '摸底答复外出务工，参加何种保险不明',
    closes: '查明险种并有佐证',
    reopens: '核实满12个月',
    byHand: { needs: '务工地、险种、核实时间和佐证', papers: ['scheme-proof', 'scheme-query'] },
  },
];

const BY_CODE = new Map(LEDGER_KINDS.map((one) => [one.kind as string, one]));
const BY_TITLE = new Map(LEDGER_KINDS.map((one) => [one.title, one]));

export function ledgerKind(code: string): LedgerKind {
  const found = BY_CODE.get(code);
  if (found === undefined) throw new Error(`no ledger kind ${code}`);
  return found;
}

/** By its code or as it is printed. */
export function findLedgerKind(text: string): LedgerKind | undefined {
  return BY_CODE.get(text) ?? BY_TITLE.get(text);
}

/** The lists of Y1.3 that are written off: 矛盾 and 数据待核 are the county's own work. */
export const WRITTEN_OFF: readonly LedgerKindCode[] = [
  'uninsured',
  'unpaid',
  'lapsed',
  'reaching-60',
  'duplicate',
];

/** By its code or as it is printed. */
export function findClosingPaper(text: string): ClosingPaper | undefined {
  return CLOSING_PAPERS.find((paper) => paper === text || CLOSING_PAPER_WORDS[paper] === text);
}

/** The papers that close each of the kinds by hand; none where one of them is closed by evidence only. */
export function papersClosing(kinds: readonly string[]): ClosingPaper[] {
  return CLOSING_PAPERS.filter((paper) =>
    kinds.every((kind) => BY_CODE.get(kind)?.byHand?.papers.includes(paper)),
  );
}

/** A reason with its proof settles it, or closes it; the rest stay open whatever is answered at the door. */
const BY_REASON: ReadonlySet<string> = new Set<LedgerKindCode>(['uninsured', 'obligated', 'migrant']);
export function isSettledByReason(kind: string): boolean {
  return BY_REASON.has(kind);
}

/** A closing by hand (人工销号) with its reason and proof: part of the journal. */
export interface Closing {
  readonly id: number;
  readonly kind: LedgerKindCode;
  readonly subject: string;
  readonly from: PlainDate;
}

/** 待核实, 已落实, 销号 */
export const LEDGER_STATES = ['verify', 'settled', 'closed'] as const;
export type LedgerState = (typeof LEDGER_STATES)[number];
export const STATE_WORDS: Readonly<Record<LedgerState, string>> = {
  verify: '待核实',
  settled: '已落实',
  closed: '销号',
};

/** Why an item is in its state, in words. */
export const WHY_WORDS = {
  opened: '名单或摸底开出',
  expired: '佐证过期，退回待核实',
  reopened: '再次出现，恢复原号',
  willing: '已登记参保意愿',
  unwilling: '不愿参保，有意愿书或详细记录',
  separated: '人户分离，有联系记录',
  unreachable: '联系不上，有联系记录',
  'working-away': '外出务工，务工地和险种清楚',
  proved: '原因有材料佐证',
  other: '其他原因已写明',
  registered: '已参保登记',
  'left-scope': '不再属于覆盖范围',
  insured: '已参加职工（机关）养老保险',
  paid: '已缴费',
  drawing: '已领取待遇',
  'left-scheme': '已退出城乡居保，或不再是应缴人员',
  'year-over': '年度结束，转入下一年度',
  adjudicated: '县级裁定',
  'evidence-gone': '依据撤回或已改正',
  'by-rule': '按地址规则归村',
  'scheme-known': '险种已查明',
  'by-hand': '人工销号',
  'not-in-register': '不在户籍名单内',
} as const;
export type Why = keyof typeof WHY_WORDS;

/** Groups of Y1.3 that lists are narrowed by; the first six are those of a step's class. */
export const LEDGER_TAGS = [
  'low-income',
  'extreme-poverty',
  'severe-disability',
  'disability',
  'poverty-registered',
  'land-expropriated',
  'over-60-uninsured',
  'near-60',
  'migrant',
  'willing',
] as const;
export type LedgerTag = (typeof LEDGER_TAGS)[number];
export const LEDGER_TAG_WORDS: Readonly<Record<LedgerTag, string>> = {
  'low-income': '低保',
  'extreme-poverty': '特困',
  'severe-disability': '重残',
  disability: '其他残疾',
  'poverty-registered': '建档立卡',
  'land-expropriated': '被征地',
  'over-60-uninsured': '60岁以上未参保',
  'near-60': '临近领取年龄',
  migrant: '外出务工',
  willing: '有参保意愿',
};

export function tagsOf(bits: number): LedgerTag[] {
  return LEDGER_TAGS.filter((_, i) => ((bits >> i) & 1) === 1);
}

export function tagBit(tag: LedgerTag): number {
  return 1 << LEDGER_TAGS.indexOf(tag);
}

/** Items are counted like classes of a step, under numbers of their own: negative ones. */
export function itemClass(kind: LedgerKindCode, state: LedgerState): number {
  return -(LEDGER_KIND_CODES.indexOf(kind) * LEDGER_STATES.length + LEDGER_STATES.indexOf(state) + 1);
}

export function itemOfClass(code: number): { kind: LedgerKindCode; state: LedgerState } {
  const n = -code - 1;
  const kind = LEDGER_KIND_CODES[Math.floor(n / LEDGER_STATES.length)];
  const state = LEDGER_STATES[n % LEDGER_STATES.length];
  if (kind === undefined || state === undefined) throw new Error(`no ledger class ${code}`);
  return { kind, state };
}

/**
 * The number of an item, the same through every reopening: kind, person, subject.
 * @example itemNumber('unpaid', 123, '2020') is `C-123-2020`
 */
export function itemNumber(kind: LedgerKindCode, personNo: number, subject: string): string {
  const letter = String.fromCharCode(65 + LEDGER_KIND_CODES.indexOf(kind));
  return `${letter}-${personNo}${subject === '' ? '' : `-${subject}`}`;
}

export function parseItemNumber(
  text: string,
): { kind: LedgerKindCode; personNo: number; subject: string } | undefined {
  const match = /^([A-I])-(\d{1,15})(?:-([a-z0-9-]{1,40}))?$/.exec(text.trim());
  if (match === null) return undefined;
  const kind = LEDGER_KIND_CODES[(match[1] as string).charCodeAt(0) - 65] as LedgerKindCode;
  return { kind, personNo: Number(match[2]), subject: match[3] ?? '' };
}
