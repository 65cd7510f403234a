import type { Claim, Content } from '@quanbao/domain/coverage/claim';
import type { Evidence, Fact } from '@quanbao/domain/coverage/evidence';
import { findingKind } from '@quanbao/domain/coverage/finding';
import { unpackClass } from '@quanbao/domain/coverage/step-class';
import { type Step, stepsOf } from '@quanbao/domain/coverage/steps';
import { ruleOf } from '@quanbao/domain/coverage/verdict';
import { columnWords } from '@quanbao/domain/coverage/words';
import { FOREVER, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { maskId, parseResidentId } from '@quanbao/domain/kernel/resident-id';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { holdsIdNumber, record } from '../audit/index.ts';
import { coverageContext, loadDeliveryRefs, type StoredPerson, streamPeople } from '../coverage/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { askableDays, chooseDay } from '../reports/index.ts';

export interface PersonPage {
  id: string;
  name: string;
  asOf: string;
  region: { code: string; path: string };
  verdict: string;
  column: number;
  rule: { rank: number; id: string; because: string };
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
  /** The decision of a reviewer (裁定) that the verdict rests on. */
  adjudication: { number: number; reason: string; document: string; actor: string } | null;
  conflicts: { kind: string; label: string; advice: string; from: string; to: string | null }[];
  history: {
    from: string;
    to: string | null;
    verdict: string;
    column: number;
    rule: string;
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
    const result = stepsOf(person, await coverageContext(tx, scope.county, tree));
    const step = result.steps.find((s) => s.from <= day && day < s.to);
    if (step === undefined) {
      throw new Refusal(
        'person.not-yet',
        `到 ${day} 为止还没有名单提到此人；最早为 ${result.steps[0]?.from ?? '—'}。`,
      );
    }
    const facts = unpackClass(step.code);
    const rule = ruleOf(facts.rank);
    return {
      id: options.reveal ? id : maskId(id),
      name: person.name,
      asOf: day,
      region: { code: step.region, path: tree.path(step.region) },
      verdict: columnWords(facts),
      column: facts.column,
      rule: { rank: rule.rank, id: rule.id, because: rule.because },
      from: step.from,
      to: openEnd(step.to),
      inRegister: facts.inRegister,
      registered: facts.registered,
      paid: facts.paid,
      willing: facts.willing,
      evidence: result.evidence
        .map((e) => evidenceLine(e, step))
        .sort((a, b) => Number(b.decides) - Number(a.decides) || (a.from < b.from ? -1 : 1)),
      adjudication: step.delivery < 0 ? await loadDecision(tx, scope, -step.delivery, personNo) : null,
      conflicts: result.findings
        .filter((f) => f.from <= day && day < f.to)
        .map((f) => {
          const kind = findingKind(f.kind);
          return { kind: f.kind, label: kind.label, advice: kind.advice, from: f.from, to: openEnd(f.to) };
        }),
      history: result.steps.map((s) => {
        const was = unpackClass(s.code);
        return {
          from: s.from,
          to: openEnd(s.to),
          verdict: columnWords(was),
          column: was.column,
          rule: ruleOf(was.rank).id,
          region: s.region,
          registered: was.registered,
          paid: was.paid,
        };
      }),
    };
  });
}

function openEnd(day: PlainDate): PlainDate | null {
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

function decides(claim: Claim, step: Step): boolean {
  return claim.since.id === step.delivery && claim.row === step.row;
}

function withoutHash(content: Content): Content {
  const { ph, ...rest } = content;
  return rest;
}

async function loadDecision(
  tx: Tx,
  scope: Scope,
  number: number,
  personNo: number,
): Promise<PersonPage['adjudication']> {
  const [row] = await tx.query<{ number: number; reason: string; document: string; actor: string }>(
    `select adjudication as number, reason, document_name as document, actor from adjudication
     where county = $1 and adjudication = $2 and person_no = $3`,
    [scope.county, number, personNo],
  );
  return row ?? null;
}

async function loadPerson(tx: Tx, scope: Scope, personNo: number): Promise<StoredPerson> {
  const mark = -personNo;
  await tx.query('insert into touched (county, change, person_no) values ($1, $2, $3)', [
    scope.county,
    mark,
    personNo,
  ]);
  const deliveries = await loadDeliveryRefs(tx, scope.county);
  for await (const people of streamPeople(tx, scope.county, deliveries, mark, false)) {
    await tx.query('delete from touched where county = $1 and change = $2', [scope.county, mark]);
    return people[0] as StoredPerson;
  }
  throw new Error(`person ${personNo} vanished`);
}
