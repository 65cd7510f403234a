import type { Claim, Content } from '@quanbao/domain/coverage/claim';
import { type Evidence, evidenceOf, type Fact, orderOf } from '@quanbao/domain/coverage/evidence';
import { findingKind } from '@quanbao/domain/coverage/finding';
import { unpackClass } from '@quanbao/domain/coverage/step-class';
import type { Finding, Step } from '@quanbao/domain/coverage/steps';
import { ruleOf } from '@quanbao/domain/coverage/verdict';
import { columnWords } from '@quanbao/domain/coverage/words';
import { FOREVER, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { regionLevel } from '@quanbao/domain/kernel/region';
import { maskId, parseResidentId } from '@quanbao/domain/kernel/resident-id';
import { seesFinding, seesSource, seesVerdict } from '@quanbao/domain/sources/sight';
import type { Scope, Tx } from '../../db/port.ts';
import { showPeople } from '../../db/shown.ts';
import type { Instance } from '../../instance.ts';
import { holdsIdNumber, record } from '../audit/index.ts';
import { absenceOf, loadDeliveryRefs } from '../coverage/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { askableDays, chooseDay } from '../reports/index.ts';
import { seesDecision, UNSEEN } from './asked.ts';
import { type RuledVillage, ruledVillage } from './ruled.ts';

interface DecisionLine {
  number: number;
  reason: string;
  document: string;
  actor: string;
}

export interface PersonPage {
  id: string;
  name: string;
  asOf: string;
  region: { code: string; path: string };
  verdict: string;
  /** Null, like the rule, where the list that decides is not for the office that asks. */
  column: number | null;
  rule: { rank: number; id: string; because: string } | null;
  from: string;
  to: string | null;
  inRegister: boolean;
  registered: boolean;
  paid: boolean;
  willing: string;
  evidence: {
    source: string;
    fact: Fact;
    from: string;
    to: string | null;
    delivery: number;
    row: number;
    decides: boolean;
    says: Content;
  }[];
  /** How many more lines of evidence there are that the office that asks may not read. */
  unseen: number;
  /** The decision of a reviewer (裁定) that the verdict rests on. */
  adjudication: DecisionLine | null;
  /** The decision that placed the person in the village. */
  placement: DecisionLine | null;
  /** The rule for addresses that found the village, where no list names it. */
  ruled: RuledVillage | null;
  conflicts: { kind: string; label: string; advice: string; from: string; to: string | null }[];
  history: {
    from: string;
    to: string | null;
    verdict: string;
    column: number | null;
    rule: string | null;
    region: string;
    registered: boolean;
    paid: boolean;
  }[];
}

/** Finds a person by ID number; @throws Refusal `person.unknown` in words that do not repeat the number. */
export async function findPerson(
  tx: Tx,
  instance: Instance,
  scope: Scope,
  rawId: string,
): Promise<{ personNo: number; id: string }> {
  const parsed = parseResidentId(rawId, '9999-12-31');
  if (typeof parsed === 'string') {
    throw new Refusal('person.id', '这不是一个正确的身份证号码；请核对位数和末位校验码。');
  }
  const [row] = await tx.query<{ person_no: number }>(
    'select person_no from person where county = $1 and id_hash = $2::uuid',
    [scope.county, instance.cipher.blindIndex(parsed.id)],
  );
  if (row === undefined) {
    throw new Refusal('person.unknown', '您的管辖范围内没有任何名单提到这个身份证号码。');
  }
  return { personNo: Number(row.person_no), id: parsed.id };
}

/** Why a person stands where he stands on a day: verdict, rule, evidence, conflicts, history. */
export async function personPage(
  instance: Instance,
  scope: Scope,
  rawId: string,
  options: { asOf?: PlainDate | undefined; reveal?: boolean | undefined; reason?: string | undefined },
): Promise<PersonPage> {
  if (holdsIdNumber(options.reason ?? '')) {
    throw new Refusal('person.reason', '事由里不能写身份证号码；请只写事由。');
  }
  return instance.db.transaction(scope, async (tx) => {
    const { personNo, id } = await findPerson(tx, instance, scope, rawId);
    const day = chooseDay(await askableDays(tx, scope.county), options.asOf);
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: options.reveal ? 'person.reveal' : 'person.view',
      subject: `person ${personNo}`,
      detail: { asOf: day, ...(options.reason === undefined ? {} : { reason: options.reason }) },
    });
    const person = await loadPerson(tx, scope, personNo);
    const tree = await loadRegionTree(tx, scope.county);
    const step = person.steps.find((s) => s.from <= day && day < s.to);
    if (step === undefined) throw notThen(scope, day, person.steps[0]?.from);
    const level = regionLevel(scope.region) ?? 'village';
    const verdictOf = (s: Step): Pick<PersonPage['history'][number], 'verdict' | 'column' | 'rule'> => {
      const was = unpackClass(s.code);
      return seesVerdict(level, was, person.sourceOf(s.delivery))
        ? { verdict: columnWords(was), column: was.column, rule: ruleOf(was.rank).id }
        : { verdict: UNSEEN, column: null, rule: null };
    };
    const facts = unpackClass(step.code);
    const { verdict, column } = verdictOf(step);
    const { rank, id: ruleId, because } = ruleOf(facts.rank);
    const decisions = await loadDecisions(tx, scope, personNo);
    const placing = decisions.findLast((d) => d.places(day));
    const seen = person.evidence.filter((e) => seesSource(level, e.claim.since.source));
    return {
      id: options.reveal ? id : maskId(id),
      name: person.name,
      asOf: day,
      region: { code: step.region, path: tree.path(step.region) },
      verdict,
      column,
      rule: column === null ? null : { rank, id: ruleId, because },
      from: step.from,
      to: openEnd(step.to),
      inRegister: facts.inRegister,
      registered: facts.registered,
      paid: facts.paid,
      willing: facts.willing,
      evidence: seen
        .map((e) => evidenceLine(e, step))
        .sort((a, b) => Number(b.decides) - Number(a.decides) || (a.from < b.from ? -1 : 1)),
      unseen: person.evidence.length - seen.length + person.unseenClaims,
      adjudication:
        step.delivery < 0 && column !== null
          ? (decisions.find((d) => d.line.number === -step.delivery)?.line ?? null)
          : null,
      placement:
        placing === undefined || seesDecision(level, placing.column)
          ? (placing?.line ?? null)
          : { ...placing.line, reason: UNSEEN, document: '' },
      ruled: await ruledVillage(tx, scope, tree, {
        evidence: person.evidence,
        personNo,
        region: step.region,
        day,
      }),
      conflicts: person.findings
        .filter((f) => f.from <= day && day < f.to && seesFinding(level, f.kind))
        .map((f) => {
          const kind = findingKind(f.kind);
          return { kind: f.kind, label: kind.label, advice: kind.advice, from: f.from, to: openEnd(f.to) };
        }),
      history: person.steps.map((s) => {
        const was = unpackClass(s.code);
        return {
          from: s.from,
          to: openEnd(s.to),
          ...verdictOf(s),
          region: s.region,
          registered: was.registered,
          paid: was.paid,
        };
      }),
    };
  });
}

export function notThen(scope: Scope, day: PlainDate, first: PlainDate | undefined): Refusal {
  if (scope.region !== scope.county && first !== undefined && first <= day) {
    return new Refusal('person.elsewhere', `${day} 此人不在您的管辖范围内。`);
  }
  return new Refusal('person.not-yet', `到 ${day} 为止还没有名单提到此人；最早为 ${first ?? '—'}。`);
}

export function openEnd(day: PlainDate): PlainDate | null {
  return day === FOREVER ? null : day;
}

function evidenceLine(e: Evidence, step: Step): PersonPage['evidence'][number] {
  return {
    source: e.claim.since.source,
    fact: e.fact,
    from: e.from,
    to: openEnd(e.to),
    delivery: e.claim.since.id,
    row: e.claim.row,
    decides: decides(e.claim, step) && e.from <= step.from && step.from < e.to,
    says: withoutHash(e.claim.content),
  };
}

export function decides(claim: Claim, step: Step): boolean {
  return claim.since.id === step.delivery && claim.row === step.row;
}

function withoutHash(content: Content): Content {
  const { ph, ...rest } = content;
  return rest;
}

/** The decisions about the person that stand, oldest first. */
export async function loadDecisions(
  tx: Tx,
  scope: Scope,
  personNo: number,
): Promise<{ line: DecisionLine; column: number | null; places: (day: PlainDate) => boolean }[]> {
  const rows = await tx.query<
    DecisionLine & { column: number | null; village: string | null; from: PlainDate; to: PlainDate }
  >(
    `select adjudication as number, column_no as "column", reason, document_name as document, actor, village, from_day as "from", to_day as "to"
     from adjudication where county = $1 and person_no = $2 and undone_at is null order by adjudication`,
    [scope.county, personNo],
  );
  return rows.map(({ column, village, from, to, ...line }) => ({
    line,
    column,
    places: (day) => village !== null && from <= day && day < to,
  }));
}

export interface LoadedPerson {
  readonly name: string;
  readonly steps: Step[];
  readonly findings: Finding[];
  readonly evidence: Evidence[];
  /** What deliveries say that the scope does not see at all: another town's. */
  readonly unseenClaims: number;
  readonly sourceOf: (delivery: number) => string | undefined;
  /** What the seen lists say, newest first, with the telephone as it is stored. */
  readonly claims: readonly (Claim & { readonly phone: Buffer | null })[];
}

/** What stands written about the person, as far as the scope sees it. */
export async function loadPerson(tx: Tx, scope: Scope, personNo: number): Promise<LoadedPerson> {
  const params = [scope.county, personNo];
  const of = 'where county = $1 and person_no = $2';
  await showPeople(tx, scope, [personNo]);
  const [person] = await tx.query<{ name: string }>(`select name from person ${of}`, params);
  if (person === undefined) throw new Refusal('person.unknown', '您的管辖范围内没有这个人。');
  const refs = await loadDeliveryRefs(tx, scope.county);
  const claims = await tx.query<{
    since: number;
    until: number | null;
    slot: string;
    row: number;
    content: string;
    phone: Buffer | null;
  }>(`select since, until, slot, row_no as row, content, phone from claim ${of}`, params);
  const seen = claims.flatMap((claim): LoadedPerson['claims'][number][] => {
    const since = refs.get(claim.since);
    if (since === undefined) return [];
    const until = claim.until === null ? undefined : refs.get(claim.until);
    return [{ ...claim, since, until, content: JSON.parse(claim.content) }];
  });
  return {
    name: person.name,
    steps: await tx.query<Step>(
      `select from_day as "from", to_day as "to", region, group_no as "group", class as code, delivery, row_no as row
       from step ${of} order by from_day`,
      params,
    ),
    findings: await tx.query<Finding>(
      `select kind, from_day as "from", to_day as "to", region from finding ${of} order by kind, from_day`,
      params,
    ),
    evidence: evidenceOf(seen, absenceOf),
    unseenClaims: claims.length - seen.length,
    sourceOf: (delivery) => refs.get(delivery)?.source,
    claims: seen.sort((a, b) => -orderOf(a.since, b.since)),
  };
}
