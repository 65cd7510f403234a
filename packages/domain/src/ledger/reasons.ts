import type { Content } from '../coverage/claim.ts';
import { storedDay } from '../coverage/evidence.ts';
import { birthday, type PlainDate } from '../kernel/plain-date.ts';
import { normaliseWord } from '../sources/vocabulary.ts';
import type { Why } from './kinds.ts';

/** What lies behind a reason (佐证). */
export const PROOFS = ['statement', 'record', 'document'] as const;
export type Proof = (typeof PROOFS)[number];
export const PROOF_WORDS: Readonly<Record<Proof, string>> = {
  statement: '本人签名的意愿书',
  record: '详细的走访记录',
  document: '证明材料',
};

export const REASON_CODES = [
  'unwilling',
  'separated',
  'unreachable',
  'working-away',
  'studying',
  'serving',
  'imprisoned',
  'abroad',
  'dead',
  'other',
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

/** One row of the matrix of reasons and evidence (Y10.4). */
export interface Reason {
  readonly code: ReasonCode;
  readonly title: string;
  /** One of these proofs is needed; none where only what is written counts. */
  readonly proofs: readonly Proof[];
  /** Dated attempts at contact, with way and number tried. */
  readonly attempts: number;
  /** Fields that must be filled in. */
  readonly fields: readonly ('place' | 'scheme' | 'checked' | 'text')[];
  /** After how many years it has to be asked again; absent: it stands. */
  readonly yearsValid?: number;
  readonly why: Why;
}

export const REASONS: readonly Reason[] = [
  reason('unwilling', '个人不愿意参保', 'unwilling', { proofs: ['statement', 'record'] }),
  reason('separated', '人户分离', 'separated', { attempts: 1, yearsValid: 1 }),
  reason('unreachable', '联系不上', 'unreachable', { attempts: 2, yearsValid: 1 }),
  reason('working-away', '外出务工', 'working-away', {
    fields: ['place', 'scheme', 'checked'],
    yearsValid: 1,
  }),
  reason('studying', '在校', 'proved', { proofs: ['document'], yearsValid: 1 }),
  reason('serving', '服役', 'proved', { proofs: ['document'] }),
  reason('imprisoned', '服刑', 'proved', { proofs: ['document'] }),
  reason('abroad', '出国（境）', 'proved', { proofs: ['document'] }),
  reason('dead', '死亡', 'proved', { proofs: ['document'] }),
  reason('other', '其他', 'other', { fields: ['text'] }),
];

function reason(
  code: ReasonCode,
  title: string,
  why: Why,
  needs: Partial<Pick<Reason, 'proofs' | 'attempts' | 'fields' | 'yearsValid'>>,
): Reason {
  return { code, title, why, proofs: [], attempts: 0, fields: [], ...needs };
}

export function reasonOf(code: string): Reason | undefined {
  return REASONS.find((one) => one.code === code);
}

/** As a workbook writes it: by its title, brackets and spaces aside. */
export function reasonNamed(text: string): Reason | undefined {
  const word = normaliseWord(text);
  return REASONS.find((one) => normaliseWord(one.title) === word);
}

/** What lies with a row, as it is written: a signed statement, a record, or any other paper by its name. */
export function proofsNamed(text: string): Proof[] | undefined {
  const found = new Set<Proof>();
  for (const part of text.split(/[、，,；;/\s]+/)) {
    if (part === '' || /^(无|没有|[-—/]+)$/.test(part)) continue;
    found.add(/意愿书|承诺书|声明书/.test(part) ? 'statement' : /记录/.test(part) ? 'record' : 'document');
  }
  return found.size === 0 ? undefined : [...found].sort();
}

/** 2, 2次, 二次 are no guess; anything else says nothing. */
export function attemptsNamed(text: string): number | undefined {
  const word = normaliseWord(text).replace(/次$/, '');
  const n = /^\d{1,2}$/.test(word)
    ? Number(word)
    : word.length === 1
      ? '一二三四五六七八九'.indexOf(word) + 1
      : 0;
  return n >= 1 && n <= 20 ? n : undefined;
}

/** What an answer says by itself about why somebody is not insured. */
const ANSWER_REASON: Readonly<Record<string, ReasonCode>> = {
  refuses: 'unwilling',
  unreachable: 'unreachable',
  migrant: 'working-away',
  student: 'studying',
  military: 'serving',
  prison: 'imprisoned',
  abroad: 'abroad',
  dead: 'dead',
};

/** 未参保原因 as towns write it. */
const WRITTEN: readonly (readonly [RegExp, ReasonCode])[] = [
  [/不愿|无意愿|放弃/, 'unwilling'],
  [/人户分离|空挂|不在本地/, 'separated'],
  [/联系不上|无法联系|失联/, 'unreachable'],
  [/务工|打工|外出/, 'working-away'],
  [/在校|读书|上学/, 'studying'],
  [/服役|参军|现役/, 'serving'],
  [/服刑|坐牢/, 'imprisoned'],
  [/出国|出境|国外/, 'abroad'],
  [/死亡|去世/, 'dead'],
];

export interface Judged {
  readonly reason: Reason;
  readonly complete: boolean;
  /** What is still missing, in words for the village. */
  readonly missing: readonly string[];
  /** At contact, all of them since the reason was first given. */
  readonly attempts: number;
  /** The first day on which it no longer counts. */
  readonly expires: PlainDate | undefined;
}

/** The reason that an answer gives: by its code, by what was answered, or by what is written. */
export function reasonGiven(content: Content): Reason | undefined {
  const code = content.rc ?? codeOf(content);
  return code === undefined ? undefined : reasonOf(code);
}

/** A short sentence is no detailed record. */
const DETAILED = 15;

/**
 * The reason an answer gives and whether its proof is complete.
 * @param content of a survey answer
 * @param on the day of the visit
 * @param before what the answer before it gave: attempts at the same reason add up, and a proof once given stands
 * @returns undefined where no reason is given
 */
export function judgeReason(content: Content, on: PlainDate, before?: Judged): Judged | undefined {
  const found = reasonGiven(content);
  if (found === undefined) return undefined;
  const missing: string[] = [];
  const proofs = content.pf ?? [];
  const detailed = (content.m ?? '').length >= DETAILED || (content.rs ?? '').length >= DETAILED;
  const proved = found.proofs.some((proof) => proofs.includes(proof) || (proof === 'record' && detailed));
  if (found.proofs.length > 0 && !proved) {
    missing.push(`缺${found.proofs.map((proof) => PROOF_WORDS[proof]).join('或')}`);
  }
  const again = before?.reason.code === found.code ? before : undefined;
  const attempts = attemptsOf(content) + (again?.attempts ?? 0);
  if (attempts < found.attempts) {
    missing.push(`联系记录 ${attempts} 次，应有 ${found.attempts} 次（时间、方式、号码）`);
  }
  for (const field of found.fields) {
    const [given, words] = FIELD[field];
    if ((content[given] ?? '') === '') missing.push(`缺${words}`);
  }
  const from = content.ck === undefined ? on : storedDay(content.ck);
  if (missing.length > 0 && again?.complete && (again.expires === undefined || on < again.expires))
    return again;
  return {
    reason: found,
    complete: missing.length === 0,
    missing,
    attempts,
    expires: found.yearsValid === undefined ? undefined : birthday(from, found.yearsValid),
  };
}

const FIELD: Readonly<Record<Reason['fields'][number], readonly [keyof Content, string]>> = {
  place: ['pl', '务工地'],
  scheme: ['sc', '参加的险种'],
  checked: ['ck', '核实时间'],
  text: ['rs', '原因说明'],
};

function codeOf(content: Content): ReasonCode | undefined {
  const byAnswer = content.w === undefined ? undefined : ANSWER_REASON[content.w];
  if (byAnswer !== undefined) return byAnswer;
  const written = content.rs ?? '';
  const found = WRITTEN.find(([pattern]) => pattern.test(written))?.[1];
  if (found !== undefined) return found;
  if (content.i === 'no') return 'unwilling';
  return written === '' ? undefined : 'other';
}

/** Counted on the phone; of a workbook, the dated way it names. */
function attemptsOf(content: Content): number {
  if (content.at !== undefined) return content.at;
  return content.cw !== undefined && content.d !== undefined ? 1 : 0;
}
