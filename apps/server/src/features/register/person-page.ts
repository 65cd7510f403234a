import { becauseOf, type DecidingRow } from '@quanbao/domain/coverage/because';
import type { Evidence } from '@quanbao/domain/coverage/evidence';
import { findingKind } from '@quanbao/domain/coverage/finding';
import { saysOf } from '@quanbao/domain/coverage/says';
import { unpackClass } from '@quanbao/domain/coverage/step-class';
import type { Step } from '@quanbao/domain/coverage/steps';
import { ruleOf } from '@quanbao/domain/coverage/verdict';
import { FOREVER, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { maskPhone } from '@quanbao/domain/kernel/resident-id';
import { findSource } from '@quanbao/domain/sources/catalogue';
import { seesFinding, seesSource } from '@quanbao/domain/sources/sight';
import { standingAnswer } from '@quanbao/domain/survey/standing';
import type { Scope, Tx } from '../../db/port.ts';
import { showPeople } from '../../db/shown.ts';
import type { Instance } from '../../instance.ts';
import { actWords, record, requireReason } from '../audit/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { askableDays, chooseDay, type Standing } from '../reports/index.ts';
import { type Sight, seesStep, sightOf, UNSEEN } from './asked.ts';
import { linesOf, namesOf, type PersonLine, verdictOf } from './people.ts';
import { decides, type LoadedPerson, loadDecisions, loadPerson, notThen, openEnd } from './person.ts';
import { type RuledVillage, ruledVillage } from './ruled.ts';

export interface EvidenceLine {
  source: string;
  title: string;
  office: string;
  says: { title: string; value: string }[];
  visible: boolean;
  from: string;
  to: string | null;
  asOf: string;
  delivery: number;
  row: number;
  decides: boolean;
}

export interface ViewedPerson {
  line: PersonLine;
  asOf: string;
  phone: string | null;
  address: string | null;
  /** The rule for addresses that found the village, where no list names it. */
  ruled: RuledVillage | null;
  why: {
    verdict: string;
    column: number | null;
    rank: number | null;
    rule: string;
    because: string;
    from: string;
    to: string | null;
    adjudication: { number: number; reason: string; document: string; actor: string } | null;
  };
  evidence: EvidenceLine[];
  household: { person: number; name: string; relation: string; birth: string; verdict: string }[];
  findings: {
    kind: string;
    label: string;
    queue: string;
    advice: string;
    from: string;
    to: string | null;
  }[];
  history: {
    from: string;
    to: string | null;
    column: number | null;
    verdict: string;
    rule: string;
    place: string;
    registered: boolean;
    paid: boolean;
    delivery: number | null;
    source: string | null;
  }[];
  looks: { at: string; actor: string; act: string; reason: string | null }[];
}

const HOUSEHOLD = 'household-register';
const SURVEY = 'survey-workbook';
/** A 集体户 may have hundreds. */
const MOST_OF_HOUSEHOLD = 30;
const MOST_LOOKS = 50;

/** Why somebody stands where he stands on a day, with everything the scope may know; the view is recorded. */
export async function viewPerson(
  instance: Instance,
  scope: Scope,
  personNo: number,
  asked: PlainDate | undefined,
): Promise<ViewedPerson> {
  return instance.db.transaction(scope, async (tx) => {
    const { sight, person, step, standing } = await openPerson(tx, scope, personNo, asked);
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'person.view',
      subject: `person ${personNo}`,
      region: step.region,
      detail: { asOf: sight.day },
    });
    const [line] = await linesOf(tx, instance, sight, [standing]);
    const phone = phoneOf(instance, person);
    return {
      line: line as PersonLine,
      asOf: sight.day,
      phone: phone === null ? null : maskPhone(phone),
      address: addressOf(person),
      ruled: await ruledVillage(tx, scope, sight.tree, {
        evidence: person.evidence,
        personNo,
        region: step.region,
        day: sight.day,
      }),
      why: await whyOf(tx, sight, person, step, personNo, (line as PersonLine).birth),
      evidence: evidenceLines(sight, person, step),
      household: await householdOf(tx, instance, sight, person, personNo),
      findings: person.findings
        .filter((f) => seesFinding(sight.level, f.kind))
        .map((f) => {
          const { label, queue, advice } = findingKind(f.kind);
          return { kind: f.kind, label, queue, advice, from: f.from, to: openEnd(f.to) };
        }),
      history: person.steps.map((s) => {
        const facts = unpackClass(s.code);
        return {
          from: s.from,
          to: openEnd(s.to),
          ...verdictOf(sight, facts, s.delivery),
          rule: seesStep(sight, facts, s.delivery) ? ruleOf(facts.rank).because : UNSEEN,
          place: sight.tree.path(s.region),
          registered: facts.registered,
          paid: facts.paid,
          ...turnedBy(sight, person, s),
        };
      }),
      looks: (await looksAt(tx, sight, personNo)).map((look) => ({ ...look, act: actWords(look.act) })),
    };
  });
}

export interface OpenedPerson {
  readonly sight: Sight;
  readonly person: LoadedPerson;
  readonly step: Step;
  readonly standing: Standing;
}

/** @throws Refusal where the scope does not know the person, or not on that day */
export async function openPerson(
  tx: Tx,
  scope: Scope,
  personNo: number,
  asked: PlainDate | undefined,
): Promise<OpenedPerson> {
  const tree = await loadRegionTree(tx, scope.county);
  const day = chooseDay(await askableDays(tx, scope.county), asked);
  const sight = await sightOf(tx, scope, tree, day);
  const person = await loadPerson(tx, scope, personNo);
  const step = person.steps.find((s) => s.from <= day && day < s.to);
  if (step === undefined) throw notThen(scope, day, person.steps[0]?.from);
  const { region, group, code, delivery, row } = step;
  return { sight, person, step, standing: { personNo, region, group, class: code, delivery, row } };
}

/** The whole ID number and telephone. @throws Refusal without a reason */
export async function revealPerson(
  instance: Instance,
  scope: Scope,
  personNo: number,
  givenReason: string,
): Promise<{ id: string; phone: string | null }> {
  const reason = requireReason(givenReason);
  return instance.db.transaction(scope, async (tx) => {
    const person = await loadPerson(tx, scope, personNo);
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'person.reveal',
      subject: `person ${personNo}`,
      region: person.steps.at(-1)?.region,
      detail: { reason },
    });
    const named = (await namesOf(tx, instance, scope, [personNo])).get(personNo);
    if (named === undefined) throw new Refusal('person.unknown', '您的管辖范围内没有这个人。');
    return { id: named.id, phone: phoneOf(instance, person) };
  });
}

function phoneOf(instance: Instance, { claims }: LoadedPerson): string | null {
  const answers = claims.filter((claim) => claim.since.source === SURVEY);
  // The number by which he is reached now, whatever day is asked about.
  const stored =
    standingAnswer(answers, FOREVER)?.phoneOf ??
    claims.find((claim) => claim.since.source === HOUSEHOLD && claim.phone !== null);
  return stored?.phone == null ? null : instance.cipher.decryptField(stored.phone);
}

function addressOf({ claims }: LoadedPerson): string | null {
  const said = (source: string): string | undefined =>
    claims.find((claim) => claim.since.source === source && claim.content.a !== undefined)?.content.a;
  return said(HOUSEHOLD) ?? said('province-list') ?? null;
}

async function whyOf(
  tx: Tx,
  sight: Sight,
  person: LoadedPerson,
  step: Step,
  personNo: number,
  birth: PlainDate,
): Promise<ViewedPerson['why']> {
  const facts = unpackClass(step.code);
  const period = { from: step.from, to: openEnd(step.to) };
  if (!seesStep(sight, facts, step.delivery)) {
    const because = `${UNSEEN}，请向县级经办机构了解。`;
    return {
      verdict: UNSEEN,
      column: null,
      rank: null,
      rule: UNSEEN,
      because,
      ...period,
      adjudication: null,
    };
  }
  const adjudication =
    step.delivery < 0
      ? ((await loadDecisions(tx, sight.scope, personNo)).find(({ line }) => line.number === -step.delivery)
          ?.line ?? null)
      : null;
  const deciding = person.claims.find((claim) => decides(claim, step));
  return {
    ...verdictOf(sight, facts, step.delivery),
    rank: facts.rank,
    rule: ruleOf(facts.rank).because,
    because: becauseOf(facts, deciding && rowOf(sight, deciding), {
      birth,
      ...(adjudication === null ? {} : { decision: adjudication }),
    }),
    ...period,
    adjudication,
  };
}

function rowOf({ tree }: Sight, { since, row, content, slot }: LoadedPerson['claims'][number]): DecidingRow {
  const source = findSource(since.source);
  return {
    title: source?.title ?? since.source,
    office: source?.office ?? '',
    asOf: since.asOf,
    row,
    says: saysOf(since.source, content, slot, (code) => tree.path(code)),
  };
}

/** What decides first, then by the day it begins; what may not be read is one line that says how much there is. */
export function evidenceLines(
  sight: Sight,
  { evidence, unseenClaims }: LoadedPerson,
  step: Step,
  among: (evidence: Evidence) => boolean = () => true,
): EvidenceLine[] {
  const asked = evidence.filter(among);
  const seen = asked.filter((e) => seesSource(sight.level, e.claim.since.source));
  const lines = seen.map((e) => evidenceLine(sight, e, step)).sort(byWeight);
  const unseen = asked.length - seen.length + unseenClaims;
  if (unseen === 0) return lines;
  const title = `另有 ${unseen} 条依据，内容不可见`;
  const nothing = { source: '', office: '', says: [], from: '', to: null, asOf: '', delivery: 0, row: 0 };
  return [...lines, { ...nothing, title, visible: false, decides: false }];
}

function byWeight(a: EvidenceLine, b: EvidenceLine): number {
  return Number(b.decides) - Number(a.decides) || (a.from < b.from ? -1 : a.from > b.from ? 1 : 0);
}

function evidenceLine({ tree }: Sight, e: Evidence, step: Step): EvidenceLine {
  const { since, row, content, slot } = e.claim;
  const source = findSource(since.source);
  return {
    source: since.source,
    title: source?.title ?? since.source,
    office: source?.office ?? '',
    says: saysOf(since.source, content, slot, (code) => tree.path(code)),
    visible: true,
    from: e.from,
    to: openEnd(e.to),
    asOf: since.asOf,
    delivery: since.id,
    row,
    decides: decides(e.claim, step) && e.from <= step.from && step.from < e.to,
  };
}

/** What the day a step begins on goes back to; neither for a birthday, 1 January or a term that ran out by itself. */
function turnedBy(
  { level }: Sight,
  { evidence }: LoadedPerson,
  step: Step,
): { delivery: number | null; source: string | null } {
  if (step.delivery < 0) return { delivery: null, source: 'adjudication' };
  const seen = evidence.filter((e) => seesSource(level, e.claim.since.source));
  const begun =
    seen.find((e) => e.from === step.from && decides(e.claim, step)) ??
    seen.find((e) => e.from === step.from);
  const paid = seen.find((e) => e.claim.content.p?.some(([, day]) => day === step.from));
  const ended = seen.find((e) => e.to === step.from)?.claim.until;
  const by = begun?.claim.since ?? paid?.claim.since ?? (ended?.asOf === step.from ? ended : undefined);
  return { delivery: by?.id ?? null, source: by?.source ?? null };
}

/** Who shares the household number, as far as the scope sees them. */
async function householdOf(
  tx: Tx,
  instance: Instance,
  sight: Sight,
  person: LoadedPerson,
  personNo: number,
): Promise<ViewedPerson['household']> {
  const { scope, day } = sight;
  const number = person.claims.find((c) => c.since.source === HOUSEHOLD && c.content.h !== undefined)?.content
    .h;
  if (number === undefined) return [];
  const rows = await tx.query<Standing>(
    `select ps.person_no as "personNo", s.region, s.group_no as "group", s.class, s.delivery, s.row_no as row
     from person_search ps join step s on s.county = ps.county and s.person_no = ps.person_no
       and s.from_day <= $3 and s.to_day > $3
     where ps.county = $1 and ps.household = $2 and ps.household <> '' and ps.person_no <> $4
     order by ps.person_no limit ${MOST_OF_HOUSEHOLD}`,
    [scope.county, number, day, personNo],
  );
  if (rows.length === 0) return [];
  const numbers = rows.map((row) => row.personNo);
  const names = await namesOf(tx, instance, scope, numbers);
  await showPeople(tx, scope, numbers);
  const claims = await tx.query<{ person_no: number; content: string }>(
    `select c.person_no, c.content from claim c join delivery d on d.county = c.county and d.delivery = c.since
     where c.county = $1 and c.person_no = any($2::bigint[]) and d.source = '${HOUSEHOLD}' and d.as_of <= $3
     order by d.as_of, d.delivery`,
    [scope.county, numbers, day],
  );
  const relations = new Map(
    claims.map((claim) => [claim.person_no, (JSON.parse(claim.content) as { r?: string }).r ?? '']),
  );
  return rows.map((row) => ({
    person: row.personNo,
    name: names.get(row.personNo)?.name ?? '',
    relation: relations.get(row.personNo) ?? '',
    birth: names.get(row.personNo)?.birth ?? '',
    verdict: verdictOf(sight, unpackClass(row.class), row.delivery).verdict,
  }));
}

/**
 * Of a town the looks that are on record for a place of its own, without the reasons that others gave: they may tell
 * what it may not know. A village is not told.
 */
async function looksAt(tx: Tx, { scope, level }: Sight, personNo: number): Promise<ViewedPerson['looks']> {
  if (level !== 'county' && level !== 'town') return [];
  const looks = await tx.query<ViewedPerson['looks'][number]>(
    `select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at, actor, act, detail->>'reason' as reason
     from audit_event where county = $1 and subject = $2 order by seq desc limit ${MOST_LOOKS}`,
    [scope.county, `person ${personNo}`],
  );
  return level === 'county'
    ? looks
    : looks.map((look) => (look.actor === scope.actor ? look : { ...look, reason: null }));
}
