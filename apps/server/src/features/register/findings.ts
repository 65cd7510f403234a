import type { Fact } from '@quanbao/domain/coverage/evidence';
import { FINDINGS, findingKind } from '@quanbao/domain/coverage/finding';
import { suggestionFor } from '@quanbao/domain/coverage/suggestion';
import { COLUMN_WORDS } from '@quanbao/domain/coverage/words';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { type RegionCode, regionRange } from '@quanbao/domain/kernel/region';
import { seesFinding } from '@quanbao/domain/sources/sight';
import type { Scope, Tx } from '../../db/port.ts';
import { cursorOf, cursorParts, wholeNumber } from '../../http/cursor.ts';
import type { Instance } from '../../instance.ts';
import { record } from '../audit/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { askableDays, chooseDay, countFindings, decidedFindings, type Standing } from '../reports/index.ts';
import { askedRegion, type Sight, seesDecision, sightOf, UNSEEN } from './asked.ts';
import { linesOf, type PersonLine, placeOf } from './people.ts';
import { openEnd } from './person.ts';
import { type EvidenceLine, evidenceLines, openPerson } from './person-page.ts';

type QueueName = 'conflict' | 'quality';

export interface FindingsQuestion {
  readonly queue: QueueName;
  readonly kind?: string | undefined;
  readonly region?: RegionCode | undefined;
  readonly asOf?: PlainDate | undefined;
  /** Those that wait, unless the decided are asked for. */
  readonly state?: 'waiting' | 'decided' | undefined;
}

export interface FindingsPage {
  asOf: string;
  total: number;
  /** In the whole queue, of all kinds and places of the region. */
  waiting: number;
  decided: number;
  kinds: { kind: string; label: string; advice: string; people: number }[];
  places: { code: string; name: string; people: number }[];
  items: {
    line: PersonLine;
    kind: string;
    label: string;
    from: string;
    to: string | null;
    decided: boolean;
  }[];
  next: string | null;
}

/** A queue by kind and by place, and its people a page at a time; the view is recorded. */
export async function listFindings(
  instance: Instance,
  scope: Scope,
  question: FindingsQuestion,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<FindingsPage> {
  return instance.db.transaction(scope, async (tx) => {
    const opened = await openQueue(tx, scope, question, after);
    const { sight, region, kinds, state } = opened;
    const counted = (await countFindings(tx, scope, region, sight.day)).filter(({ kind }) =>
      kinds.includes(kind),
    );
    const counts = counted.map((one): Count => ({ ...one, people: one[state] }));
    const wanted = counts.filter(({ kind }) => question.kind === undefined || kind === question.kind);
    const page = await readFindings(tx, instance, opened, limit);
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: `${question.queue}.view`,
      subject: question.queue,
      region,
      // What was asked for may be anything, an ID number too; the trail keeps a kind there is.
      detail: {
        asOf: sight.day,
        rows: page.items.length,
        ...(opened.asked.length === 1 && { kind: opened.asked[0] }),
      },
    });
    return {
      asOf: sight.day,
      total: sum(wanted),
      waiting: counted.reduce((all, one) => all + one.waiting, 0),
      decided: counted.reduce((all, one) => all + one.decided, 0),
      kinds: kinds
        .map((kind) => ({ kind, people: sum(counts.filter((count) => count.kind === kind)) }))
        .filter(({ people }) => people > 0)
        .map(({ kind, people }) => {
          const { label, advice } = findingKind(kind);
          return { kind, label, advice, people };
        }),
      places: placesOf(sight, wanted),
      ...page,
    };
  });
}

interface Cursor {
  readonly day: PlainDate;
  readonly region: RegionCode;
  readonly kind: string;
  readonly personNo: number;
}

interface OpenedQueue {
  readonly sight: Sight;
  readonly region: RegionCode;
  /** Of the queue, as far as the level may know them. */
  readonly kinds: readonly string[];
  /** Of these, those asked for. */
  readonly asked: readonly string[];
  readonly state: 'waiting' | 'decided';
  readonly from: Cursor | undefined;
}

export async function openQueue(
  tx: Tx,
  scope: Scope,
  question: FindingsQuestion,
  after?: string,
): Promise<OpenedQueue> {
  const from = readCursor(after);
  const tree = await loadRegionTree(tx, scope.county);
  const day = chooseDay(await askableDays(tx, scope.county), question.asOf ?? from?.day);
  const sight = await sightOf(tx, scope, tree, day);
  const { kind: wanted } = question;
  if (wanted !== undefined && !FINDINGS.some((f) => f.kind === wanted)) {
    throw new Refusal('finding.kind', '没有这一种矛盾或待核；请从列出的种类里选。');
  }
  const kinds = FINDINGS.filter((f) => f.queue === question.queue && seesFinding(sight.level, f.kind)).map(
    (f) => f.kind,
  );
  const asked = question.kind === undefined ? kinds : kinds.filter((kind) => kind === question.kind);
  const region = askedRegion(tree, scope, question.region);
  return { sight, region, kinds, asked, state: question.state ?? 'waiting', from };
}

interface Count {
  readonly kind: string;
  readonly place: RegionCode;
  readonly people: number;
}

function placesOf({ tree }: Sight, counts: readonly Count[]): FindingsPage['places'] {
  const people = new Map<RegionCode, number>();
  for (const count of counts.filter((one) => one.people > 0))
    people.set(count.place, (people.get(count.place) ?? 0) + count.people);
  return [...people]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, n]) => ({ code, name: placeOf(tree, code).name, people: n }));
}

function sum(counts: readonly { people: number }[]): number {
  return counts.reduce((all, { people }) => all + people, 0);
}

interface FoundFinding extends Standing {
  readonly at: RegionCode;
  readonly kind: string;
  readonly from: PlainDate;
  readonly to: PlainDate;
}

/** The next people of the queue, by place, kind and person. */
export async function readFindings(
  tx: Tx,
  instance: Instance,
  { sight, region, asked, state, from }: OpenedQueue,
  limit: number,
  reveal = false,
): Promise<Pick<FindingsPage, 'items' | 'next'>> {
  const { lo, hi } = regionRange(region);
  const decided = await decidedFindings(tx, sight.scope, region, sight.day);
  const among = `exists (select 1 from unnest($10::bigint[], $11::text[]) as d (person_no, kind)
         where d.person_no = f.person_no and d.kind = f.kind)`;
  const rows = await tx.query<FoundFinding>(
    `select f.region as at, f.kind, f.person_no as "personNo", f.from_day as "from", f.to_day as "to",
       s.region, s.group_no as "group", s.class, s.delivery, s.row_no as row
     from finding f join step s on s.county = f.county and s.person_no = f.person_no
       and s.from_day <= $4 and s.to_day > $4
     where f.county = $1 and f.region >= $2 and f.region < $3 and f.from_day <= $4 and f.to_day > $4
       and f.kind = any($5::text[]) and (f.region, f.kind, f.person_no) > ($6, $7, $8::bigint)
       and ${state === 'decided' ? among : `not ${among}`}
     order by f.region, f.kind, f.person_no limit $9`,
    [
      sight.scope.county,
      lo,
      hi,
      sight.day,
      asked,
      from?.region ?? '',
      from?.kind ?? '',
      from?.personNo ?? 0,
      limit + 1,
      decided.map((one) => one.personNo),
      decided.map((one) => one.kind),
    ],
  );
  const shown = rows.slice(0, limit);
  const lines = await linesOf(tx, instance, sight, shown, reveal);
  const last = shown.at(-1);
  return {
    items: shown.map((row, i) => ({
      line: lines[i] as PersonLine,
      kind: row.kind,
      label: findingKind(row.kind).label,
      from: row.from,
      to: openEnd(row.to),
      decided: state === 'decided',
    })),
    next:
      rows.length > limit && last !== undefined
        ? writeCursor({ day: sight.day, region: last.at, kind: last.kind, personNo: last.personNo })
        : null,
  };
}

function writeCursor({ day, region, kind, personNo }: Cursor): string {
  return cursorOf([day, region, kind, personNo]);
}

function readCursor(text: string | undefined): Cursor | undefined {
  const parts = cursorParts(text, 4);
  if (parts === undefined) return undefined;
  const [day, region, kind, personNo] = parts;
  return { day: String(day), region: String(region), kind: String(kind), personNo: wholeNumber(personNo) };
}

export interface ViewedFinding {
  line: PersonLine;
  label: string;
  advice: string;
  from: string;
  sides: EvidenceLine[];
  suggested: { column: number; words: string; because: string } | null;
  decisions: {
    number: number;
    column: number | null;
    reason: string;
    document: string;
    actor: string;
    madeAt: string;
    undone: boolean;
    /** False where column, reason and document would tell what the level may not know. */
    visible: boolean;
  }[];
}

const EMPLOYED: readonly Fact[] = ['employee-current', 'public-current', 'elsewhere-current'];
const DEATH: readonly Fact[] = ['death', 'register-dead'];

/** Whose words a contradiction is between; of a kind that is not here everything on the day is shown. */
const SIDES: Readonly<Record<string, readonly Fact[]>> = {
  'dead-insured': [...DEATH, 'scheme', ...EMPLOYED],
  'dead-drawing': [...DEATH, 'scheme'],
  'prison-drawing': ['prison', 'scheme'],
  'abroad-drawing': ['abroad', 'scheme'],
  'duplicate-insured': ['scheme', ...EMPLOYED],
  'two-provinces': EMPLOYED,
  'drawing-under-60': ['scheme', 'in-register'],
  'paid-unregistered': ['payment-list', 'scheme', 'ended-membership'],
  'student-over-25': ['student', 'survey'],
  'dead-but-alive': [...DEATH, 'in-register', 'survey'],
  'claim-unregistered': ['survey', 'scheme'],
  'village-outside-town': ['survey', 'in-register'],
  'military-and-prison': ['military', 'prison', 'survey'],
  'register-disagrees': ['in-register', ...DEATH, 'register-gone'],
  'registered-here-elsewhere': ['residents-here', 'scheme'],
  'never-paid': ['scheme', 'payment-list'],
  'not-in-register': ['scheme', 'in-register'],
};

/** One contradiction of one person: who says what, and what the rules suggest; the view is recorded. */
export async function viewFinding(
  instance: Instance,
  scope: Scope,
  personNo: number,
  kind: string,
  asked: PlainDate | undefined,
): Promise<ViewedFinding> {
  return instance.db.transaction(scope, async (tx) => {
    const { sight, person, step, standing } = await openPerson(tx, scope, personNo, asked);
    const { day, level } = sight;
    const found = person.findings.find((f) => f.kind === kind && f.from <= day && day < f.to);
    if (found === undefined || !seesFinding(level, kind)) {
      throw new Refusal('finding.unknown', `${day} 此人没有这一项矛盾或待核；可能已经处理。`);
    }
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'finding.view',
      subject: `person ${personNo}`,
      region: found.region,
      detail: { kind, asOf: day },
    });
    const sides = SIDES[kind];
    const valid = person.evidence.filter((e) => e.from <= day && day < e.to);
    const official = new Set(valid.filter((e) => e.fact !== 'survey').map((e) => e.fact));
    const [line] = await linesOf(tx, instance, sight, [standing]);
    const { column } = line as PersonLine;
    const suggested = column === null ? undefined : suggestionFor({ kind, column, official });
    return {
      line: line as PersonLine,
      label: findingKind(kind).label,
      advice: findingKind(kind).advice,
      from: found.from,
      sides: evidenceLines(
        sight,
        person,
        step,
        (e) => e.from <= day && day < e.to && (sides?.includes(e.fact) ?? true),
      ),
      suggested:
        suggested === undefined ? null : { ...suggested, words: COLUMN_WORDS[suggested.column] ?? '' },
      decisions: await decisionsOn(tx, sight, personNo),
    };
  });
}

async function decisionsOn(
  tx: Tx,
  { scope, level }: Sight,
  personNo: number,
): Promise<ViewedFinding['decisions']> {
  const rows = await tx.query<Omit<ViewedFinding['decisions'][number], 'visible'>>(
    `select adjudication as number, column_no as "column", reason, document_name as document, actor,
       to_char(made_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "madeAt", undone_at is not null as undone
     from adjudication where county = $1 and person_no = $2 order by adjudication desc`,
    [scope.county, personNo],
  );
  return rows.map((row) =>
    seesDecision(level, row.column)
      ? { ...row, visible: true }
      : { ...row, column: null, reason: UNSEEN, document: '', visible: false },
  );
}
