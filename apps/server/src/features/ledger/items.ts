import { splitGroup } from '@quanbao/domain/addresses/groups';
import { FINDINGS, findingKind } from '@quanbao/domain/coverage/finding';
import { TAGS } from '@quanbao/domain/coverage/step-class';
import type { ItemCount } from '@quanbao/domain/indicators/indicator';
import { findIndicator } from '@quanbao/domain/indicators/indicators';
import { addDays, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { type RegionCode, type RegionLevel, regionLevel, regionRange } from '@quanbao/domain/kernel/region';
import { maskId } from '@quanbao/domain/kernel/resident-id';
import {
  findLedgerKind,
  isSettledByReason,
  itemNumber,
  LEDGER_KIND_CODES,
  LEDGER_STATES,
  LEDGER_TAG_WORDS,
  LEDGER_TAGS,
  type LedgerKindCode,
  type LedgerState,
  type LedgerTag,
  ledgerKind,
  STATE_WORDS,
  tagBit,
  tagsOf,
  WHY_WORDS,
  type Why,
} from '@quanbao/domain/ledger/kinds';
import type { RegionTree } from '@quanbao/domain/regions/region-tree';
import { seesFinding, seesSource, seesTag } from '@quanbao/domain/sources/sight';
import type { Scope, Tx } from '../../db/port.ts';
import { cursorOf, cursorParts, wholeNumber } from '../../http/cursor.ts';
import type { Instance } from '../../instance.ts';
import { record } from '../audit/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { namesOf, owedOf, placeOf } from '../register/index.ts';
import { askableDays, chooseDay, requirePlace } from '../reports/index.ts';

export interface LedgerQuestion {
  readonly indicator?: string | undefined;
  readonly kind?: string | undefined;
  readonly state?: string | undefined;
  readonly subject?: string | undefined;
  readonly region?: RegionCode | undefined;
  readonly asOf?: PlainDate | undefined;
  readonly tag?: string | undefined;
  readonly assignee?: string | undefined;
  readonly age?: string | undefined;
}

/** Ages at which an open item is looked at differently: the last day of each but the oldest. */
const AGE_ENDS = { week: 7, month: 30, quarter: 90, older: undefined } as const;
type Age = keyof typeof AGE_ENDS;
export const AGES = Object.values(AGE_ENDS).filter((days) => days !== undefined);

export type ByState = Record<LedgerState, number>;

export interface ItemLine {
  number: string;
  kind: LedgerKindCode;
  title: string;
  subject: string;
  state: LedgerState;
  stateTitle: string;
  why: string;
  /** What is still missing of a reason's proof; empty where nothing is, or no reason settles the kind. */
  missing: string;
  person: number;
  name: string;
  id: string;
  birth: string;
  region: { code: string; name: string; path: string };
  from: string;
  opened: string;
  tags: string[];
  assignee: string | null;
  due: string | null;
}

export interface LedgerPage {
  asOf: string;
  total: number;
  byState: ByState;
  items: ItemLine[];
  next: string | null;
}

/** Groups of the county's own making stand on no list. */
function seesGroup(level: RegionLevel, tag: LedgerTag): boolean {
  const proved = TAGS.find((one) => one === tag);
  return proved === undefined || seesTag(level, proved);
}

/** Kinds whose very presence tells what a list says that the level may not read. */
export function seesItem(level: RegionLevel, kind: LedgerKindCode, subject: string): boolean {
  if (kind === 'obligated') return seesSource(level, 'employees-obligated');
  return kind !== 'conflict' || seesFinding(level, subject);
}

export function subjectWords(kind: LedgerKindCode, subject: string): string {
  return ledgerKind(kind).subject === 'finding' ? findingKind(subject).label : subject;
}

interface Asked {
  readonly scope: Scope;
  readonly level: RegionLevel;
  readonly tree: RegionTree;
  readonly day: PlainDate;
  readonly region: RegionCode;
  readonly kinds: readonly LedgerKindCode[];
  readonly states: readonly LedgerState[];
  readonly where: string;
  readonly params: readonly unknown[];
  readonly byAssignee: boolean;
}

async function understand(tx: Tx, scope: Scope, question: LedgerQuestion, asOf?: PlainDate): Promise<Asked> {
  const tree = await loadRegionTree(tx, scope.county);
  const region = question.region ?? scope.region;
  requirePlace(tree, scope, region);
  const day = chooseDay(await askableDays(tx, scope.county), question.asOf ?? asOf);
  const level = regionLevel(scope.region) ?? 'village';
  const place = splitGroup(region);
  const { lo, hi } = regionRange(place.region);
  const counted = question.indicator === undefined ? undefined : itemCount(question.indicator);
  const kinds = kindsOf(question.kind, level, counted);
  const params: unknown[] = [scope.county, kinds, lo, hi, day];
  let where = `i.county = $1 and i.kind = any($2::text[]) and i.region >= $3 and i.region < $4
    and i.from_day <= $5 and i.to_day > $5`;
  if (place.group !== undefined) {
    where += ` and exists (select 1 from step s where s.county = i.county and s.person_no = i.person_no
      and s.from_day <= $5 and s.to_day > $5 and s.group_no = $${params.push(place.group)})`;
  }
  if (question.subject !== undefined) where += ` and i.subject = $${params.push(question.subject)}`;
  if (level !== 'county') {
    const hidden = hiddenSubjects(level);
    if (hidden.length > 0)
      where += ` and not (i.kind = 'conflict' and i.subject = any($${params.push(hidden)}::text[]))`;
  }
  if (question.tag !== undefined) {
    const tag = LEDGER_TAGS.find((one) => one === question.tag || LEDGER_TAG_WORDS[one] === question.tag);
    if (tag === undefined || !seesGroup(level, tag)) {
      throw new Refusal('ledger.tag', '没有这个组别，或所依据的名单不对您所在的层级开放；请换一个条件。');
    }
    where += ` and i.tags & $${params.push(tagBit(tag))} <> 0`;
  }
  if (question.assignee !== undefined) {
    where += ` and exists (select 1 from ledger_task t where t.county = i.county and t.person_no = i.person_no
      and t.kind = i.kind and t.subject = i.subject and t.assignee = $${params.push(question.assignee)})`;
  }
  if (question.age !== undefined) {
    const { older, younger } = ageOf(question.age);
    if (younger !== undefined) where += ` and i.from_day >= $${params.push(addDays(day, -younger))}`;
    if (older !== undefined) where += ` and i.from_day < $${params.push(addDays(day, -older))}`;
  }
  return {
    scope,
    level,
    tree,
    day,
    region,
    kinds,
    states: statesOf(question.state, counted),
    where,
    params,
    byAssignee: question.assignee !== undefined,
  };
}

/** Older than so many days, and not older than so many. */
function ageOf(asked: string): { older: number | undefined; younger: number | undefined } {
  const names = Object.keys(AGE_ENDS) as Age[];
  const at = names.indexOf(asked as Age);
  if (at < 0) {
    throw new Refusal(
      'ledger.age',
      '账龄应为7天以内（week）、8至30天（month）、31至90天（quarter）或90天以上（older）。',
    );
  }
  return { older: AGES[at - 1], younger: AGES[at] };
}

/** Conflicts whose very name tells what the level may not know. */
export function hiddenSubjects(level: RegionLevel): string[] {
  return FINDINGS.filter(({ kind }) => !seesFinding(level, kind)).map(({ kind }) => kind);
}

/** The definition by which forms and scores count: the list holds exactly what they counted. */
function itemCount(code: string): ItemCount {
  const found = findIndicator(code);
  if (found?.kind !== 'count' || found.over !== 'items')
    throw new Refusal('ledger.indicator', '没有这个指标，或它不是台账的件数；请换一个条件。');
  return found;
}

function kindsOf(
  asked: string | undefined,
  level: RegionLevel,
  counted: ItemCount | undefined,
): readonly LedgerKindCode[] {
  const all = counted?.kinds ?? LEDGER_KIND_CODES;
  if (asked === undefined) return all.filter((kind) => seesItem(level, kind, 'dead-insured'));
  const found = findLedgerKind(asked);
  if (found === undefined) {
    throw new Refusal(
      'ledger.kind',
      `没有这种台账；有：${LEDGER_KIND_CODES.map((kind) => ledgerKind(kind).title).join('、')}。`,
    );
  }
  if (!seesItem(level, found.kind, 'dead-insured')) {
    throw new Refusal('ledger.kind', `${found.title}所依据的名单不对您所在的层级开放；请向县人社部门了解。`);
  }
  return all.filter((kind) => kind === found.kind);
}

/** Open ones unless asked otherwise: what is written off is looked up, not worked on. */
function statesOf(asked: string | undefined, counted: ItemCount | undefined): readonly LedgerState[] {
  if (counted === undefined) return statesAsked(asked ?? 'open');
  const narrowed = statesAsked(asked ?? 'all');
  return counted.states.filter((state) => narrowed.includes(state));
}

function statesAsked(asked: string): readonly LedgerState[] {
  if (asked === 'open' || asked === '未销号') return ['verify', 'settled'];
  if (asked === 'all' || asked === '全部') return LEDGER_STATES;
  const found = LEDGER_STATES.find((state) => state === asked || STATE_WORDS[state] === asked);
  if (found === undefined) {
    throw new Refusal(
      'ledger.state',
      '状态应为待核实（verify）、已落实（settled）、销号（closed）或全部（all）。',
    );
  }
  return [found];
}

interface StoredItem {
  readonly personNo: number;
  readonly kind: LedgerKindCode;
  readonly subject: string;
  readonly region: RegionCode;
  readonly group: number | null;
  readonly state: LedgerState;
  readonly why: Why;
  readonly tags: number;
  readonly from: string;
  readonly opened: string;
  readonly assignee: string | null;
  readonly due: string | null;
}

/** Of the day that is $5. */
const ITEMS = `select i.person_no as "personNo", i.kind, i.subject, i.region, i.state, i.why, i.tags, i.from_day as "from",
       (select min(o.from_day) from ledger_item o where o.county = i.county and o.person_no = i.person_no
          and o.kind = i.kind and o.subject = i.subject) as opened,
       (select s.group_no from step s where s.county = i.county and s.person_no = i.person_no
          and s.from_day <= $5 and s.to_day > $5) as "group",
       t.assignee, t.due_day as due
     from ledger_item i left join ledger_task t on t.county = i.county and t.person_no = i.person_no
       and t.kind = i.kind and t.subject = i.subject`;

/** The ledger by place and person, a page at a time; the look is recorded. */
export async function listLedger(
  instance: Instance,
  scope: Scope,
  question: LedgerQuestion,
  page: { after?: string | undefined; limit: number },
): Promise<LedgerPage> {
  return instance.db.transaction(scope, async (tx) => {
    const answer = await readLedger(tx, instance, scope, question, page);
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'ledger.list',
      subject: 'ledger',
      region: question.region ?? scope.region,
      detail: {
        asOf: answer.asOf,
        rows: answer.items.length,
        ...(question.kind && { kind: findLedgerKind(question.kind)?.kind }),
        ...(question.indicator && { indicator: question.indicator }),
      },
    });
    return answer;
  });
}

export async function readLedger(
  tx: Tx,
  instance: Instance,
  scope: Scope,
  question: LedgerQuestion,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<LedgerPage> {
  const parts = cursorParts(after, 5);
  const asked = await understand(tx, scope, question, parts && String(parts[0]));
  const byState = await countStates(tx, asked);
  const params = [...asked.params];
  const n = (value: unknown): string => `$${params.push(value)}`;
  const from = parts ?? ['', '', 0, '', ''];
  const rows = await tx.query<StoredItem>(
    `${ITEMS}
     where ${asked.where} and i.state = any(${n(asked.states)}::text[])
       and (i.region, i.person_no, i.kind, i.subject) > (${n(String(from[1]))}, ${n(wholeNumber(from[2]))}::bigint, ${n(String(from[3]))}, ${n(String(from[4]))})
     order by i.region, i.person_no, i.kind, i.subject limit ${n(limit + 1)}`,
    params,
  );
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    asOf: asked.day,
    total: asked.states.reduce((sum, state) => sum + byState[state], 0),
    byState,
    items: await linesOf(tx, instance, asked, shown),
    next:
      rows.length > limit && last !== undefined
        ? cursorOf([asked.day, last.region, Number(last.personNo), last.kind, last.subject])
        : null,
  };
}

async function countStates(tx: Tx, { where, params, byAssignee }: Asked): Promise<ByState> {
  const count = () =>
    tx.query<{ state: LedgerState; n: number }>(
      `select i.state, count(*)::int as n from ledger_item i where ${where} group by i.state`,
      params,
    );
  // Giving items to somebody is no change of the journal: what was remembered would be old.
  const rows = byAssignee
    ? await count()
    : await tx.remember(`ledger states ${where} ${params.join()}`, count);
  const byState: ByState = { verify: 0, settled: 0, closed: 0 };
  for (const { state, n } of rows) byState[state] = Number(n);
  return byState;
}

async function linesOf(
  tx: Tx,
  instance: Instance,
  { scope, level, tree, day }: Pick<Asked, 'scope' | 'level' | 'tree' | 'day'>,
  rows: readonly StoredItem[],
): Promise<ItemLine[]> {
  if (rows.length === 0) return [];
  const names = await namesOf(tx, instance, scope, [...new Set(rows.map((row) => Number(row.personNo)))]);
  const owed = await owedOf(
    tx,
    scope,
    rows.filter(waitsForReason).map((row) => Number(row.personNo)),
    day,
  );
  return rows.map((row) => {
    const person = Number(row.personNo);
    const named = names.get(person);
    return {
      number: itemNumber(row.kind, person, row.subject),
      kind: row.kind,
      title: ledgerKind(row.kind).title,
      subject: subjectWords(row.kind, row.subject),
      state: row.state,
      stateTitle: STATE_WORDS[row.state],
      why: WHY_WORDS[row.why] ?? row.why,
      missing: waitsForReason(row) ? (owed.get(person) ?? '') : '',
      person,
      name: named?.name ?? '',
      id: maskId(named?.id ?? ''),
      birth: named?.birth ?? '',
      region: placeOf(tree, row.region, Number(row.group)),
      from: row.from,
      opened: row.opened,
      tags: tagsOf(row.tags)
        .filter((tag) => seesGroup(level, tag))
        .map((tag) => LEDGER_TAG_WORDS[tag]),
      assignee: row.assignee,
      due: row.due,
    };
  });
}

function waitsForReason({ kind, state }: Pick<StoredItem, 'kind' | 'state'>): boolean {
  return state === 'verify' && isSettledByReason(kind);
}

/** What is still missing of whoever of these is 待核实 on the day for want of a reason, in words. */
export async function missingOf(
  tx: Tx,
  scope: Scope,
  people: readonly number[],
  day: PlainDate,
): Promise<Map<number, string>> {
  const rows = await tx.query<{
    personNo: number;
    kind: LedgerKindCode;
    state: LedgerState;
    subject: string;
  }>(
    `select person_no as "personNo", kind, state, subject from ledger_item
     where county = $1 and person_no = any($2::bigint[]) and from_day <= $3 and to_day > $3`,
    [scope.county, [...people], day],
  );
  const level = regionLevel(scope.region) ?? 'village';
  const waiting = rows.filter((row) => waitsForReason(row) && seesItem(level, row.kind, row.subject));
  return owedOf(tx, scope, [...new Set(waiting.map(({ personNo }) => Number(personNo)))], day);
}

/** Everything that stands in the ledger of one person on the day, written off or not. */
export async function itemsOfPerson(
  instance: Instance,
  scope: Scope,
  person: number,
  asOf: PlainDate | undefined,
): Promise<ItemLine[]> {
  return instance.db.transaction(scope, async (tx) => {
    const asked = await understand(tx, scope, { state: 'all', asOf });
    const params = [...asked.params, person];
    const rows = await tx.query<StoredItem>(
      `${ITEMS}
       where ${asked.where} and i.person_no = $${params.length} order by i.state desc, i.kind, i.subject`,
      params,
    );
    return linesOf(tx, instance, asked, rows);
  });
}
