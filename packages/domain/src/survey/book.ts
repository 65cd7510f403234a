import { groupName } from '../addresses/groups.ts';
import type { Content } from '../coverage/claim.ts';
import { COLUMN_WORDS } from '../coverage/words.ts';
import { toHalfWidth } from '../kernel/plain-date.ts';
import type { RegionCode } from '../kernel/region.ts';
import { PROOF_WORDS, PROOFS, type Proof, REASONS, reasonOf } from '../ledger/reasons.ts';
import { normaliseWord } from '../sources/vocabulary.ts';
import { SURVEY_CHOICES } from './answers.ts';

/** One column of a 底册 that is handed out; the headings are those that the reader of `survey-workbook` knows. */
export interface BookColumn {
  readonly key: string;
  readonly title: string;
  readonly width: number;
  /** Filled in by the village; all others are protected. */
  readonly open?: true;
  /** Which words may be chosen. */
  readonly choices?: 'answers' | 'willing' | 'reasons' | 'proofs' | 'villages' | 'ways';
}

/** As the province's 底册 has them (county-practice §4), with what the matrix of reasons and proofs asks for. */
export const BOOK_COLUMNS: readonly BookColumn[] = [
  { key: 'no', title: '序号', width: 6 },
  { key: 'name', title: '姓名', width: 10 },
  { key: 'id', title: '身份证号码', width: 21 },
  { key: 'address', title: '户籍地址', width: 26 },
  { key: 'verdict', title: '综合情况', width: 20 },
  { key: 'before', title: '之前落实情况', width: 20 },
  { key: 'village', title: '村社区', width: 12, open: true, choices: 'villages' },
  { key: 'group', title: '村组', width: 7, open: true },
  { key: 'villageCode', title: '12位行政区划编码', width: 15, open: true },
  { key: 'phone', title: '联系电话', width: 13, open: true },
  { key: 'answer', title: '核实情况', width: 14, open: true, choices: 'answers' },
  { key: 'willing', title: '是否愿意参保', width: 8, open: true, choices: 'willing' },
  { key: 'reasonKind', title: '未参保原因类别', width: 14, open: true, choices: 'reasons' },
  { key: 'reason', title: '未参保原因', width: 18, open: true },
  { key: 'proof', title: '佐证材料', width: 15, open: true, choices: 'proofs' },
  { key: 'attempts', title: '联系次数', width: 6, open: true },
  { key: 'workPlace', title: '务工地', width: 12, open: true },
  { key: 'workScheme', title: '务工参保险种', width: 12, open: true },
  { key: 'checked', title: '险种核实时间', width: 12, open: true },
  { key: 'contactDay', title: '走访时间', width: 12, open: true },
  { key: 'contactWay', title: '走访方式', width: 8, open: true, choices: 'ways' },
  { key: 'worker', title: '走访人', width: 9, open: true },
  { key: 'remark', title: '备注', width: 18, open: true },
];

/** Answers that only a 底册 has: what the towns' vocabulary of 2020 says beyond the phone's choices. */
const BOOK_ONLY: readonly (readonly [string, string])[] = [
  ['法定人员', 'obligated'],
  ['异地居保', 'elsewhere-insured'],
  ['空挂户', 'empty-household'],
  ['户口不在本地', 'not-local'],
  ['数据错误', 'data-error'],
  ['其他人员', 'other'],
];

/** Words of 核实情况 to choose from. */
export const BOOK_ANSWERS: readonly string[] = [
  ...SURVEY_CHOICES.map((one) => one.title),
  ...BOOK_ONLY.map(([title]) => title),
];
export const BOOK_WAYS: readonly string[] = ['入户', '电话', '微信', '委托他人'];

const AS_ISSUED = new Set(BOOK_ANSWERS.map(normaliseWord));

/** Whether the word is one of those to choose from, brackets and spaces aside. */
export function isBookAnswer(word: string): boolean {
  return AS_ISSUED.has(normaliseWord(word));
}

/** The word of 核实情况 for an answer, which reads back as the same; '' for none. */
export function answerWord(content: Pick<Content, 'w' | 'rc'>): string {
  if (content.w === undefined || content.w === 'unknown') return '';
  const same = SURVEY_CHOICES.filter((one) => one.answer === content.w);
  const choice = same.find((one) => one.reason === content.rc) ?? same[0];
  return choice?.title ?? BOOK_ONLY.find(([, answer]) => answer === content.w)?.[0] ?? '';
}

/** What a row of 人户分离 means beyond 联系不上: chosen by its word, it is its own reason. */
export function reasonOfWord(word: string): string | undefined {
  const chosen = SURVEY_CHOICES.find((one) => normaliseWord(one.title) === normaliseWord(word));
  const plain = SURVEY_CHOICES.find((one) => one.answer === chosen?.answer);
  return chosen === plain ? undefined : chosen?.reason;
}

/** An answer in one line, for whoever compares two of them. */
export function answerLine(content: Content): string {
  const words: string[] = [answerWord(content)];
  if (content.i !== undefined && content.w !== 'willing' && content.w !== 'refuses')
    words.push(content.i === 'yes' ? '愿意参保' : '不愿意参保');
  const reason = content.rc === undefined ? undefined : reasonOf(content.rc);
  // What goes with the answer by itself need not be said.
  const own = SURVEY_CHOICES.some((one) => one.answer === content.w && one.reason === reason?.code);
  if (reason !== undefined && !own) words.push(reason.title);
  for (const column of content.t ?? []) if (column !== 7) words.push(COLUMN_WORDS[column] ?? '');
  if (content.t?.includes(7) && words.join('') === '') words.push(COLUMN_WORDS[7] ?? '');
  return words.filter((word) => word !== '').join('，');
}

/**
 * The cells of a row that says this: what is merged is written as a workbook, read by the same reader as any other.
 * @param phone in the clear
 */
export function cellsOf(content: Content, phone?: string): Record<string, string> {
  const ticks = Object.fromEntries((content.t ?? []).map((column) => [`col${column}`, '√']));
  const cells: Record<string, string | undefined> = {
    ...ticks,
    answer: answerWord(content),
    willing: content.i === undefined ? undefined : content.i === 'yes' ? '是' : '否',
    villageCode: content.g,
    group: content.gr === undefined ? undefined : groupName(content.gr),
    phone,
    reason: content.rs,
    contactDay: content.d,
    contactWay: content.cw,
    remark: content.m,
    reasonKind: content.rc === undefined ? undefined : reasonOf(content.rc)?.title,
    proof: proofWords(content.pf),
    workPlace: content.pl,
    workScheme: content.sc,
    checked: content.ck,
    attempts: content.at?.toString(),
    worker: content.by,
  };
  return Object.fromEntries(
    Object.entries(cells).filter((cell): cell is [string, string] => (cell[1] ?? '') !== ''),
  );
}

export function proofWords(proofs: readonly string[] | undefined): string {
  const known = (proofs ?? []).filter((one): one is Proof => (PROOFS as readonly string[]).includes(one));
  return known.map((one) => PROOF_WORDS[one]).join('、');
}

export const BOOK_REASONS: readonly string[] = REASONS.map((one) => one.title);
export const BOOK_PROOFS: readonly string[] = PROOFS.map((one) => PROOF_WORDS[one]);

/** Which 底册 a returned file is: the issue, the change of the county it was made at, and a keyed digest of its lines. */
export interface Stamp {
  readonly county: RegionCode;
  readonly issue: number;
  readonly change: number;
  readonly digest: string;
}

export const STAMP_DIGITS = 10;

export function stampText({ county, issue, change, digest }: Stamp): string {
  return `QBDC-${county}-${issue}-${change}-${digest.toUpperCase()}`;
}

/** The stamps that stand in some cells, each once. */
export function stampsIn(cells: Iterable<string>): Stamp[] {
  const found = new Map<string, Stamp>();
  for (const cell of cells) {
    if (!/D\s*C/i.test(toHalfWidth(cell))) continue;
    const text = toHalfWidth(cell)
      .replace(/\s*-\s*/g, '-')
      .toUpperCase();
    for (const [whole, county, issue, change, digest] of text.matchAll(
      /QBDC-(\d{6})-(\d{1,9})-(\d{1,15})-([0-9A-F]{10})(?![0-9A-F])/g,
    )) {
      found.set(whole, {
        county: county as string,
        issue: Number(issue),
        change: Number(change),
        digest: (digest as string).toLowerCase(),
      });
    }
  }
  return [...found.values()];
}
