import type { Content } from '../coverage/claim.ts';
import { type ContentContext, contentOf } from '../coverage/content.ts';
import { storedDay } from '../coverage/evidence.ts';
import { ageOn, type PlainDate, toHalfWidth } from '../kernel/plain-date.ts';
import type { RegionCode } from '../kernel/region.ts';
import { maskIdsIn } from '../kernel/resident-id.ts';
import { attemptsNamed, judgeReason, reasonNamed, reasonOf } from '../ledger/reasons.ts';
import { normaliseWord, surveyAnswer, yesNo } from '../sources/vocabulary.ts';
import { saysAnswer } from './answer-parts.ts';
import { answerWord, BOOK_COLUMNS, isBookAnswer, reasonOfWord } from './book.ts';

/** A person of a 底册 as it was handed out. */
export interface IssuedPerson {
  readonly key: number;
  readonly id: string;
  readonly name: string;
  readonly birth: PlainDate;
  /** The village, or the town where nobody knows the village. */
  readonly region: RegionCode;
  /** The residents' scheme knows him now. */
  readonly registered: boolean;
}

/** A row that came back, as the reader of lists reads it: columns found by their headings, wherever they stand. */
export interface ReturnedRow {
  readonly at: number;
  readonly sheet: string;
  readonly row: number;
  /** Undefined where the number cannot be one. */
  readonly id?: string | undefined;
  readonly name: string;
  /** By column key. */
  readonly values: Readonly<Record<string, string>>;
  /** Why the reader refused it. */
  readonly problem?: string | undefined;
  /** Headings over what could not be read. */
  readonly lost?: readonly string[] | undefined;
}

/** 采用, 采用但有提示, 未填写, 退回 */
export const AUDIT_VERDICTS = ['accepted', 'remarked', 'blank', 'refused'] as const;
export type AuditVerdict = (typeof AUDIT_VERDICTS)[number];
export const AUDIT_WORDS: Readonly<Record<AuditVerdict | 'missing', string>> = {
  accepted: '采用',
  remarked: '采用，有提示',
  blank: '未填写',
  refused: '退回',
  missing: '未回',
};

export interface Remark {
  readonly code: RemarkCode;
  /** What is wrong and what to do; never an ID number. */
  readonly text: string;
}

const REFUSING = [
  'id-unreadable',
  'id-edited',
  'not-in-list',
  'name-differs',
  'twice',
  'code-digits',
  'code-town',
  'code-unknown',
  'village-differs',
  'answer-unknown',
  'willing-unknown',
  'reason-unknown',
  'contradicts-itself',
  'id-in-text',
] as const;
const REMARKING = [
  'word-read-as',
  'student-25',
  'proof-missing',
  'claims-registered',
  'no-answer',
  'phone-wrong',
  'village-unknown',
  'attempts-unknown',
  'value-lost',
  'visit-in-future',
  'group-alone',
  'repeated',
] as const;
export type RemarkCode = (typeof REFUSING)[number] | (typeof REMARKING)[number];

export interface AuditedRow {
  readonly at: number;
  /** Of whom it speaks, where that is sure. */
  readonly key: number | undefined;
  readonly name: string;
  readonly verdict: AuditVerdict;
  readonly remarks: readonly Remark[];
  /** What it says, of an accepted row. */
  readonly content: Content | undefined;
  readonly phone: string | undefined;
}

export interface AuditContext {
  readonly content: ContentContext;
  /** The day the file came back. */
  readonly day: PlainDate;
  /** Where somebody stands who is not in the list, in words; undefined where nobody knows him, or may not say. */
  readonly elsewhere: (id: string) => string | undefined;
}

export interface Audit {
  readonly rows: readonly AuditedRow[];
  /** Handed out and not in the file any more (未回). */
  readonly missing: readonly number[];
}

/** Audits the rows that came back against the people that were handed out; each gets its verdict in words. */
export function auditBook(
  issued: readonly IssuedPerson[],
  rows: readonly ReturnedRow[],
  context: AuditContext,
): Audit {
  const byId = new Map(issued.map((person) => [person.id, person]));
  const returned = new Map<string, ReturnedRow[]>();
  for (const row of rows) {
    if (row.id === undefined || !byId.has(row.id)) continue;
    const same = returned.get(row.id);
    if (same === undefined) returned.set(row.id, [row]);
    else same.push(row);
  }
  const gone = issued.filter((person) => !returned.has(person.id));
  const goneByName = new Map<string, IssuedPerson[]>();
  for (const person of gone) {
    const name = plainName(person.name);
    goneByName.set(name, [...(goneByName.get(name) ?? []), person]);
  }
  const edited = new Set<number>();
  const audited = rows.map((row) => {
    const person = row.id === undefined ? undefined : byId.get(row.id);
    if (person === undefined) {
      const [meant, ...more] = goneByName.get(plainName(row.name)) ?? [];
      const sure = row.name !== '' && more.length === 0 ? meant : undefined;
      if (sure !== undefined) edited.add(sure.key);
      return stranger(row, sure, context);
    }
    return auditRow(row, person, returned.get(person.id) as ReturnedRow[], context);
  });
  return { rows: audited, missing: gone.filter((one) => !edited.has(one.key)).map((one) => one.key) };
}

/** 欧阳 · 明 and 欧阳明 are one name. */
function plainName(name: string): string {
  return normaliseWord(name).replace(/[·•・‧]/g, '');
}

function stranger(row: ReturnedRow, meant: IssuedPerson | undefined, context: AuditContext): AuditedRow {
  const of = (code: RemarkCode, text: string): AuditedRow => ({
    at: row.at,
    key: undefined,
    name: maskIdsIn(row.name),
    verdict: 'refused',
    remarks: [{ code, text }],
    content: undefined,
    phone: undefined,
  });
  if (meant !== undefined) {
    return of(
      'id-edited',
      `身份证号码与下发的${meant.name}不一致，号码被改动；请恢复下发的号码。号码确有错误的，另报更正。`,
    );
  }
  if (row.id === undefined)
    return of('id-unreadable', maskIdsIn(row.problem ?? '身份证号码读不出；请核对证件后改正。'));
  const place = context.elsewhere(row.id);
  return of(
    'not-in-list',
    place === undefined
      ? '不在这份底册的下发名单内；新发现的人员请另报户籍或用手机登记。'
      : `不在这份底册的下发名单内，此人在${place}；请填到该处的底册。`,
  );
}

function auditRow(
  row: ReturnedRow,
  person: IssuedPerson,
  same: readonly ReturnedRow[],
  context: AuditContext,
): AuditedRow {
  const refusals: Remark[] = [];
  const remarks: Remark[] = [];
  const refuse = (code: (typeof REFUSING)[number], text: string) => refusals.push({ code, text });
  const remark = (code: (typeof REMARKING)[number], text: string) => remarks.push({ code, text });
  const values = filled(row.values);
  const blank = Object.keys(values).length === 0 && (row.lost ?? []).length === 0;

  const name = maskIdsIn(row.name);
  for (const [key, text] of Object.entries({ name: row.name, ...values })) {
    // Two telephone numbers are none of these.
    if (key === 'phone' || maskIdsIn(text) === text) continue;
    refuse('id-in-text', `“${titleOf(key)}”里有身份证号码；请删去，只写事由。`);
    values[key] = maskIdsIn(text);
  }
  if (plainName(row.name) !== plainName(person.name)) {
    refuse(
      'name-differs',
      `姓名“${name}”与下发的“${person.name}”不一致；请核对是否填错了人，改名的另报更正。`,
    );
  }
  if (same.length > 1) {
    const first = same[0] as ReturnedRow;
    if (same.some((one) => JSON.stringify(filled(one.values)) !== JSON.stringify(filled(first.values)))) {
      refuse('twice', `同一人在第 ${same.map((one) => one.row).join('、')} 行填了不同的内容；请只留一行。`);
    } else if (row !== first) remark('repeated', `与第 ${first.row} 行重复，只计一次。`);
  }
  checkVillage(values, person, context, refuse, remark);
  checkAnswer(values, person, context.day, refuse, remark);
  if (values.phone !== undefined) {
    const phone = toHalfWidth(values.phone).replace(/[\s-]/g, '');
    if (/^\d{7,12}$/.test(phone)) values.phone = phone;
    else {
      delete values.phone;
      remark('phone-wrong', '联系电话应为 7 至 12 位数字，未采用；请核对。');
    }
  }
  if (values.attempts !== undefined && attemptsNamed(values.attempts) === undefined) {
    delete values.attempts;
    remark('attempts-unknown', '联系次数应为 1 至 20 的数字，未采用。');
  }
  for (const heading of row.lost ?? [])
    remark('value-lost', `“${maskIdsIn(heading)}”读不出，未采用；日期请写成 2020-08-31 的样子。`);
  if (values.contactDay !== undefined && storedDay(values.contactDay) > context.day) {
    delete values.contactDay;
    remark('visit-in-future', `走访时间晚于返回的 ${context.day}，按返回日计。`);
  }

  const told = (verdict: AuditVerdict, content?: Content): AuditedRow => ({
    at: row.at,
    key: person.key,
    name: person.name,
    verdict,
    remarks: [...refusals, ...remarks],
    content,
    phone: content === undefined ? undefined : values.phone,
  });
  if (refusals.length > 0) return told('refused');
  if (blank) return told('blank');
  const content = contentOf('survey-workbook', { name: '', values }, context.content);
  const plain = JSON.parse(JSON.stringify(content)) as Content;
  if (Object.keys(plain).every((key) => key === 'gr')) {
    if (values.group !== undefined) remark('group-alone', '只填了村组，没有核实情况；村组留在返回的表里。');
    return told('blank');
  }
  // A group is one of a village: of the one he was handed out in, unless the row names another.
  if (plain.gr !== undefined && person.region.length >= 12) plain.g ??= person.region.slice(0, 12);
  const reason = judgeReason(plain, plain.d === undefined ? context.day : storedDay(plain.d));
  if (reason !== undefined && !reason.complete) {
    remark(
      'proof-missing',
      `未参保原因“${reason.reason.title}”${reason.missing.join('，')}；补齐前按待核实计。`,
    );
  }
  if (!saysAnswer(plain)) remark('no-answer', '没有填核实情况，只采用其他各栏。');
  return told(remarks.length > 0 ? 'remarked' : 'accepted', plain);
}

const OPEN = new Set([
  ...BOOK_COLUMNS.filter((column) => column.open).map((column) => column.key),
  ...Array.from({ length: 11 }, (_, i) => `col${i + 7}`),
]);

/** What the village filled in; a dash says nothing. */
function filled(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter(([key, text]) => OPEN.has(key) && !/^[\s/\\—\-–－]*$/.test(text)),
  );
}

function titleOf(key: string): string {
  return BOOK_COLUMNS.find((column) => column.key === key)?.title ?? key;
}

type Refuse = (code: (typeof REFUSING)[number], text: string) => void;
type Tell = (code: (typeof REMARKING)[number], text: string) => void;

/** The village by its code, which has to be one of the town's, or by its name within the town. */
function checkVillage(
  values: Record<string, string>,
  person: IssuedPerson,
  { content: { tree }, day }: AuditContext,
  refuse: Refuse,
  remark: Tell,
): void {
  const town = person.region.slice(0, 9);
  const townName = tree.get(town)?.name ?? town;
  const named = values.village === undefined ? undefined : tree.villageByName(town, values.village);
  const byName = named === undefined ? undefined : tree.current(named, day);
  const written = values.villageCode;
  if (written === undefined) {
    if (values.village !== undefined && byName?.length !== 12)
      remark('village-unknown', `${townName}没有“${values.village}”这个村（社区），未采用；请从下拉框选择。`);
    // Where he stands already is nothing new.
    if (byName?.length === 12 && byName !== person.region.slice(0, 12)) values.villageCode = byName;
    return;
  }
  const code = toHalfWidth(written).replace(/[\s'"]/g, '');
  if (!/^\d{12}$/.test(code)) {
    refuse('code-digits', '行政区划编码应为 12 位数字；请从编码表里查。');
    return;
  }
  if (!code.startsWith(town)) {
    const other = tree.get(code.slice(0, 9))?.name;
    refuse(
      'code-town',
      `行政区划编码不是${townName}的${other === undefined ? '' : `，是${other}的`}；请核对村（社区）编码。`,
    );
    return;
  }
  const found = tree.fromCode(code, day);
  if (found?.length !== 12) {
    refuse('code-unknown', `${townName}没有编码为 ${code} 的村（社区）；请核对。`);
    return;
  }
  if (byName !== undefined && byName.length === 12 && byName !== found) {
    refuse('village-differs', `村（社区）“${values.village}”与编码 ${code} 不是同一个村；请改一致。`);
    return;
  }
  if (found === person.region.slice(0, 12)) delete values.villageCode;
  else values.villageCode = found;
}

/** Words of the answer, its reason, and what they say together. */
function checkAnswer(
  values: Record<string, string>,
  person: IssuedPerson,
  day: PlainDate,
  refuse: Refuse,
  remark: Tell,
): void {
  const { answer: word, willing } = values;
  const answer = word === undefined ? undefined : surveyAnswer(word);
  if (word !== undefined && answer === 'unknown')
    refuse('answer-unknown', `核实情况“${word.slice(0, 20)}”不是约定的用语；请从下拉框选择。`);
  else if (word !== undefined && !isBookAnswer(word))
    remark('word-read-as', `核实情况“${word.slice(0, 20)}”按“${answerWord({ w: answer })}”读取。`);
  const will = willing === undefined ? undefined : yesNo(willing);
  if (willing !== undefined && will === undefined)
    refuse('willing-unknown', `是否愿意参保“${willing.slice(0, 20)}”应填是或否。`);
  if ((answer === 'refuses' && will === 'yes') || (answer === 'willing' && will === 'no'))
    refuse('contradicts-itself', `核实情况“${word}”与是否愿意参保“${willing}”相互矛盾；请核实后只留一种。`);
  if (answer === 'student' && ageOn(person.birth, day) >= 25)
    remark('student-25', '已满25周岁仍填在校学生；请核对学籍证明。');
  if (answer === 'claims-registered' && !person.registered)
    remark('claims-registered', '系统里没有参保登记，记为自称已参保；请核对是否录入、审核。');
  if (values.reasonKind !== undefined && reasonNamed(values.reasonKind) === undefined)
    refuse(
      'reason-unknown',
      `未参保原因类别“${values.reasonKind.slice(0, 20)}”不在约定范围；请从下拉框选择。`,
    );
  const own = word === undefined ? undefined : reasonOfWord(word);
  if (own !== undefined && values.reasonKind === undefined) values.reasonKind = reasonOf(own)?.title ?? '';
}
