import { FOREVER, type PlainDate } from '../kernel/plain-date.ts';
import type { RegionCode } from '../kernel/region.ts';
import { ItemBuilder, itemTurns, type LedgerItem } from '../ledger/items.ts';
import { judgeReason } from '../ledger/reasons.ts';
import { answeredFact, byVisit } from './answer.ts';
import { kindsOn } from './beside.ts';
import type { Adjudication, Claim } from './claim.ts';
import type { CoverageContext, PersonJournal } from './context.ts';
import { type Ages, agesOf, type Day, dayOf } from './day.ts';
import { type Evidence, evidenceOf } from './evidence.ts';
import { type PaidPeriods, paidPeriods, within } from './payments.ts';
import { groupOn, regionOn } from './place.ts';
import { scopeDay } from './settings.ts';
import { packClass } from './step-class.ts';
import { decide, type Facts, schemeStateOf, type Verdict } from './verdict.ts';

export type { CoverageContext, PersonJournal } from './context.ts';

/** One stretch of days in which nothing that a form counts about the person changes: [from, to). */
export interface Step {
  readonly from: PlainDate;
  readonly to: PlainDate;
  readonly region: RegionCode;
  /** Group of the village (村民小组); `NO_GROUP` where nothing says it. */
  readonly group: number;
  /** Packed `StepClass`. */
  readonly code: number;
  /** Delivery and row of the deciding evidence; 0 when no list decided. An adjudication: its negative number. */
  readonly delivery: number;
  readonly row: number;
}

export interface Finding {
  readonly kind: string;
  readonly from: PlainDate;
  readonly to: PlainDate;
  readonly region: RegionCode;
}

export interface PersonSteps {
  readonly steps: Step[];
  readonly findings: Finding[];
  readonly items: LedgerItem[];
  readonly evidence: Evidence[];
}

const NONE: readonly Evidence[] = [];

/**
 * The verdict as a step function of the day: a pure function of the person's journal.
 * Steps begin with the first delivery that names the person and end open.
 */
export function stepsOf(person: PersonJournal, context: CoverageContext): PersonSteps {
  const evidence = evidenceOf(person.claims, context.absenceOf);
  const start = startOf(person.claims);
  if (start === undefined) return { steps: [], findings: [], items: [], evidence };
  const ages = agesOf(person.birth);
  const payments = paidPeriods(evidence);
  const surveyed = evidence.some(isSurvey);
  const answers = surveyed ? evidence.filter(isSurvey).sort((a, b) => byVisit(a.claim, b.claim)) : NONE;
  const turns = turnsOf(person, context, evidence, answers, payments, ages, start);
  const steps: Step[] = [];
  const findings: Finding[] = [];
  const items = new ItemBuilder(person.closings);
  const open = new Map<string, { from: PlainDate; region: RegionCode }>();
  for (let i = 0; i < turns.length; i++) {
    const from = turns[i] as PlainDate;
    const to = turns[i + 1] ?? FOREVER;
    const day = dayOf(person, context, evidence, answers, from);
    const verdict = verdictOn(person, day);
    const region = regionOn(context, day);
    const paid = within(payments.paid, from);
    addStep(
      steps,
      from,
      to,
      region,
      groupOn(day, region),
      classOn(day, verdict, payments, ages),
      day.decision,
      verdict.evidence?.claim,
    );
    const kinds = kindsOn(context, day, evidence, verdict, region, paid, within(payments.ever, from), ages);
    noteFindings(findings, open, kinds, from, region);
    items.note(from, region, { context, day, verdict, payments, ages, findings: kinds });
  }
  for (const [kind, { from, region }] of open) findings.push({ kind, from, to: FOREVER, region });
  if (findings.length > 1) findings.sort((a, b) => (a.kind + a.from < b.kind + b.from ? -1 : 1));
  return { steps, findings, items: items.finish(), evidence };
}

function startOf(claims: readonly Claim[]): PlainDate | undefined {
  let start: PlainDate | undefined;
  for (const claim of claims) if (start === undefined || claim.since.asOf < start) start = claim.since.asOf;
  return start;
}

function isSurvey(e: Evidence): boolean {
  return e.fact === 'survey';
}

function turnsOf(
  person: PersonJournal,
  context: CoverageContext,
  evidence: readonly Evidence[],
  answers: readonly Evidence[],
  payments: PaidPeriods,
  ages: Ages,
  start: PlainDate,
): PlainDate[] {
  const { horizon } = context;
  const days: PlainDate[] = [start];
  const add = (day: PlainDate): void => {
    if (day > start && day <= horizon && !days.includes(day)) days.push(day);
  };
  const addRegion = (code: RegionCode | undefined): void => {
    if (code !== undefined) for (const turn of context.regionTurns(code)) add(turn);
  };
  for (const e of evidence) {
    if (e.fact === 'payment-list') continue;
    const { content, since } = e.claim;
    add(e.from);
    add(e.to);
    addRegion(content.g);
    if (since.region !== context.county) addRegion(since.region);
    if (e.fact === 'student' || (e.fact === 'survey' && answeredFact(content) === 'student')) add(ages.at25);
    if (e.fact === 'scheme') {
      if (e.from < since.asOf) add(since.asOf);
      if (context.paymentsFrom !== undefined) add(context.paymentsFrom);
    }
  }
  for (const period of payments.paid) {
    add(period.from);
    add(period.to);
  }
  for (const period of payments.ever) {
    add(period.from);
    add(period.to);
  }
  for (const adjudication of person.adjudications) {
    add(adjudication.from);
    add(adjudication.to);
    addRegion(adjudication.region);
  }
  for (const placement of person.placements ?? []) {
    add(placement.from);
    add(placement.to);
    addRegion(placement.village);
  }
  itemTurns(
    { ages, start, horizon },
    payments.ever.length > 0 || evidence.some((e) => e.fact === 'scheme'),
    answers.map((e) => judgeReason(e.claim.content, e.from)?.expires),
    add,
  );
  for (const closing of person.closings ?? []) add(closing.from);
  add(ages.at16);
  add(ages.at60);
  add(ages.at120);
  for (const { from, settings } of context.settings) {
    if (context.settings.length > 1) add(from);
    if (settings.scopeAge !== 16 || settings.scopeCut !== 'birthday') add(scopeDay(person.birth, settings));
  }
  return days.length === 1 ? days : days.sort();
}

function verdictOn(person: PersonJournal, day: Day): Verdict {
  if (day.decision?.column !== undefined)
    return { rank: 0, column: day.decision.column, evidence: undefined };
  const { situation } = day.answers;
  const fact = situation === undefined ? undefined : answeredFact(situation.claim.content);
  const surveyed: Facts | undefined = fact === undefined ? undefined : { [fact]: situation };
  return decide(day.official, surveyed, day.on < scopeDay(person.birth, day.settings), day.settings);
}

function classOn(day: Day, verdict: Verdict, { paid }: PaidPeriods, ages: Ages): number {
  const lastYearsEnd = `${Number(day.on.slice(0, 4)) - 1}-12-31`;
  return packClass(
    verdict.column,
    verdict.rank,
    schemeStateOf(day.official.scheme),
    within(paid, day.on),
    day.answers.willing,
    day.inRegister,
    day.onProvinceList,
    day.on < ages.at16 ? 'under-16' : day.on < ages.at60 ? '16-59' : '60-plus',
    day.tagBits,
    within(paid, lastYearsEnd),
  );
}

function addStep(
  steps: Step[],
  from: PlainDate,
  to: PlainDate,
  region: RegionCode,
  group: number,
  code: number,
  decision: Adjudication | undefined,
  claim: Claim | undefined,
): void {
  const delivery = decision !== undefined ? -decision.id : (claim?.since.id ?? 0);
  const row = decision !== undefined ? 0 : (claim?.row ?? 0);
  const last = steps[steps.length - 1];
  if (
    last !== undefined &&
    last.code === code &&
    last.region === region &&
    last.group === group &&
    last.delivery === delivery &&
    last.row === row
  ) {
    steps[steps.length - 1] = { ...last, to };
  } else steps.push({ from, to, region, group, code, delivery, row });
}

function noteFindings(
  findings: Finding[],
  open: Map<string, { from: PlainDate; region: RegionCode }>,
  kinds: readonly string[],
  from: PlainDate,
  region: RegionCode,
): void {
  if (open.size > 0) {
    for (const [kind, started] of open) {
      if (kinds.includes(kind) && started.region === region) continue;
      findings.push({ kind, from: started.from, to: from, region: started.region });
      open.delete(kind);
    }
  }
  for (const kind of kinds) if (!open.has(kind)) open.set(kind, { from, region });
}
