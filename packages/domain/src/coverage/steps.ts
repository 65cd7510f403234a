import { birthday, FOREVER, type PlainDate, yearOf } from '../kernel/plain-date.ts';
import type { RegionCode } from '../kernel/region.ts';
import type { Adjudication, Claim } from './claim.ts';
import { type Absence, type Evidence, evidenceOf, orderOf, storedDay } from './evidence.ts';
import { type AgeBand, isRegistered, packClass, TAGS, type Willing } from './step-class.ts';
import {
  type CoverageSettings,
  decide,
  type Facts,
  officialVerdict,
  schemeStateOf,
  type Verdict,
} from './verdict.ts';

/** One stretch of days in which nothing that a form counts about the person changes: [from, to). */
export interface Step {
  readonly from: PlainDate;
  readonly to: PlainDate;
  readonly region: RegionCode;
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

export interface PersonJournal {
  readonly birth: PlainDate;
  readonly claims: readonly Claim[];
  readonly adjudications: readonly Adjudication[];
}

export interface CoverageContext {
  readonly county: RegionCode;
  readonly settings: CoverageSettings;
  /** Turns are written ahead to this day. */
  readonly horizon: PlainDate;
  readonly absenceOf: (source: string) => Absence;
  /** The region a code stands for on a day (撤乡并镇), undefined when unknown here. */
  readonly regionOn: (code: RegionCode, day: PlainDate) => RegionCode | undefined;
  /** Days on which `regionOn(code, …)` changes. */
  readonly regionTurns: (code: RegionCode) => readonly PlainDate[];
}

export interface PersonSteps {
  readonly steps: Step[];
  readonly findings: Finding[];
  readonly evidence: Evidence[];
}

/** Survey answers that name a fact, and the fact each names. */
const ANSWER_FACT: Record<string, keyof Facts> = {
  'employee-in-province': 'employee',
  'public-in-province': 'public',
  'employee-elsewhere': 'elsewhere',
  abroad: 'abroad',
  dead: 'death',
  prison: 'prison',
  military: 'military',
  student: 'student',
  obligated: 'obligated',
  'elsewhere-insured': 'other',
  'empty-household': 'other',
  'not-local': 'other',
  'data-error': 'other',
  other: 'other',
};

/** 附件3 ticks returned by a town, and the fact each names. */
const TICK_FACT: Record<number, keyof Facts> = {
  8: 'employee',
  9: 'public',
  10: 'elsewhere',
  11: 'obligated',
  12: 'student',
  13: 'military',
  14: 'prison',
  15: 'abroad',
  16: 'death',
  17: 'other',
};

/** The 附件3 column a survey answer names, or undefined when it names none (willing, a claim, alive). */
export function answeredColumn(claim: Claim): number | undefined {
  const fact = answeredFact(claim);
  if (fact === undefined) return claim.content.t?.includes(7) ? 7 : undefined;
  return Number(Object.keys(TICK_FACT).find((column) => TICK_FACT[Number(column)] === fact));
}

function answeredFact(claim: Claim): keyof Facts | undefined {
  const word = claim.content.w;
  if (word !== undefined && ANSWER_FACT[word] !== undefined) return ANSWER_FACT[word];
  const tick = claim.content.t?.find((column) => TICK_FACT[column] !== undefined);
  return tick === undefined ? undefined : TICK_FACT[tick];
}

/** The person is spoken of as living: he answered, or somebody saw him. */
function saysAlive(claim: Claim): boolean {
  const { w, i } = claim.content;
  return (
    i !== undefined ||
    w === 'alive' ||
    w === 'willing' ||
    w === 'refuses' ||
    w === 'claims-registered' ||
    w === 'migrant'
  );
}

function willingOf(claim: Claim): Willing | undefined {
  const { w, i } = claim.content;
  if (i !== undefined) return i;
  if (w === 'refuses') return 'no';
  if (w === 'willing') return 'yes';
  return undefined;
}

/** Everything true of the person on one day. */
interface Day {
  readonly official: Facts;
  readonly active: Evidence[];
  readonly answer: Evidence | undefined;
  readonly willing: Willing;
}

/**
 * The verdict as a step function of the day: a pure function of the person's journal.
 * Steps begin with the first delivery that names the person and end open.
 */
export function stepsOf(person: PersonJournal, context: CoverageContext): PersonSteps {
  const evidence = evidenceOf(person.claims, context.absenceOf);
  const start = startOf(person.claims);
  if (start === undefined) return { steps: [], findings: [], evidence };
  const payments = paidPeriods(evidence);
  const answers = evidence.filter((e) => e.fact === 'survey').sort(byVisit);
  const turns = turnsOf(person, context, evidence, payments, start);
  const steps: Step[] = [];
  const findings: Finding[] = [];
  const open = new Map<string, { from: PlainDate; region: RegionCode }>();
  for (let i = 0; i < turns.length; i++) {
    const from = turns[i] as PlainDate;
    const to = turns[i + 1] ?? FOREVER;
    const day = factsOn(evidence, answers, from);
    const verdict = verdictOn(person, context, day, from);
    const region = regionOn(context, day, from);
    const paid = payments.paid.some((period) => period.from <= from && from < period.to);
    addStep(steps, { from, to, region, ...stepData(person, day, verdict, paid, from) });
    noteFindings(
      findings,
      open,
      kindsOn(person, context, day, verdict, region, paid, payments.ever, from),
      from,
      region,
    );
  }
  for (const [kind, { from, region }] of open) findings.push({ kind, from, to: FOREVER, region });
  findings.sort((a, b) => (a.kind + a.from < b.kind + b.from ? -1 : 1));
  return { steps, findings, evidence };
}

function startOf(claims: readonly Claim[]): PlainDate | undefined {
  let start: PlainDate | undefined;
  for (const claim of claims) if (start === undefined || claim.since.asOf < start) start = claim.since.asOf;
  return start;
}

function byVisit(a: Evidence, b: Evidence): number {
  return a.from < b.from ? -1 : a.from > b.from ? 1 : orderOf(a.claim.since, b.claim.since);
}

function turnsOf(
  person: PersonJournal,
  context: CoverageContext,
  evidence: readonly Evidence[],
  payments: PaidPeriods,
  start: PlainDate,
): PlainDate[] {
  const days = new Set<PlainDate>([start]);
  const add = (day: PlainDate): void => {
    if (day > start && day <= context.horizon) days.add(day);
  };
  for (const e of evidence) {
    add(e.from);
    add(e.to);
    const region = e.claim.content.g;
    if (region !== undefined) for (const turn of context.regionTurns(region)) add(turn);
    if (e.fact === 'student') add(birthday(person.birth, 25));
  }
  for (const period of payments.paid) {
    add(period.from);
    add(period.to);
  }
  for (const adjudication of person.adjudications) {
    add(adjudication.from);
    add(adjudication.to);
  }
  add(birthday(person.birth, 16));
  add(birthday(person.birth, 60));
  if (context.settings.scopeAge !== 16) add(birthday(person.birth, context.settings.scopeAge));
  return days.size === 1 ? [start] : [...days].sort();
}

interface PaidPeriods {
  readonly paid: readonly { from: PlainDate; to: PlainDate }[];
  /** Any net payment of any year, ever. */
  readonly ever: boolean;
}

const NO_PAYMENTS: PaidPeriods = { paid: [], ever: false };

/**
 * Paid on day D: net sum of 缴费年度 = year of D, rows dated up to D (undated: from the as-of day), above 0.
 * Inside one series and year a full list replaces what earlier deliveries said; a repeated voucher counts once.
 */
function paidPeriods(evidence: readonly Evidence[]): PaidPeriods {
  const lists = evidence.filter((e) => e.fact === 'payment-list');
  if (lists.length === 0) return NO_PAYMENTS;
  const byYear = new Map<string, { day: PlainDate; fen: number }[]>();
  const vouchers = new Set<string>();
  let ever = 0;
  lists.sort((a, b) => orderOf(a.claim.since, b.claim.since));
  for (const { claim } of lists) {
    if (claim.until !== undefined) continue;
    const rows = byYear.get(claim.slot) ?? [];
    byYear.set(claim.slot, rows);
    for (const [fen, date, , voucher] of claim.content.p ?? []) {
      if (voucher !== '') {
        const key = `${claim.since.group}\n${claim.slot}\n${voucher}`;
        if (vouchers.has(key)) continue;
        vouchers.add(key);
      }
      const day = date === '' ? firstNamed(lists, claim, fen, voucher) : storedDay(date);
      rows.push({ day, fen });
      ever += fen;
    }
  }
  const paid: { from: PlainDate; to: PlainDate }[] = [];
  for (const [year, rows] of byYear) {
    const first = `${year}-01-01`;
    const end = `${Number(year) + 1}-01-01`;
    rows.sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
    let sum = 0;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] as { day: PlainDate; fen: number };
      sum += row.fen;
      const next = rows[i + 1]?.day ?? end;
      if (next === row.day || sum <= 0) continue;
      const from = row.day < first ? first : row.day;
      const to = next > end ? end : next;
      if (from < to) paid.push({ from, to });
    }
  }
  return { paid, ever: ever > 0 };
}

/** An undated payment counts from the first delivery of its series that named it, even one since replaced. */
function firstNamed(lists: readonly Evidence[], claim: Claim, fen: number, voucher: string): PlainDate {
  for (const earlier of lists) {
    if (
      earlier.claim.slot === claim.slot &&
      earlier.claim.since.group === claim.since.group &&
      earlier.claim.content.p?.some((p) => p[0] === fen && p[1] === '' && p[3] === voucher)
    ) {
      if (earlier.claim === claim || earlier.claim.until?.id === claim.since.id)
        return earlier.claim.since.asOf;
    }
  }
  return claim.since.asOf;
}

function factsOn(evidence: readonly Evidence[], answers: readonly Evidence[], day: PlainDate): Day {
  const official: Facts = {};
  const active: Evidence[] = [];
  for (const e of evidence) {
    if (e.from > day || day >= e.to || e.fact === 'survey') continue;
    active.push(e);
    const key = OFFICIAL[e.fact];
    if (key !== undefined) keepDeciding(official, key, e);
  }
  let answer: Evidence | undefined;
  let willing: Willing = 'unknown';
  for (const e of answers) {
    if (e.from > day) break;
    answer = e;
    willing = willingOf(e.claim) ?? willing;
  }
  return { official, active, answer, willing };
}

const OFFICIAL: Partial<Record<Evidence['fact'], keyof Facts>> = {
  death: 'death',
  'register-dead': 'death',
  abroad: 'abroad',
  'employee-current': 'employee',
  'public-current': 'public',
  'elsewhere-current': 'elsewhere',
  scheme: 'scheme',
  'employee-lapsed': 'lapsedEmployee',
  'public-lapsed': 'lapsedPublic',
  'elsewhere-lapsed': 'lapsedElsewhere',
  prison: 'prison',
  military: 'military',
  student: 'student',
  obligated: 'obligated',
  'residents-elsewhere': 'other',
  'register-gone': 'other',
};

/** Of several lists that prove one fact, the earliest start decides, then the earlier delivery: never the row order. */
function keepDeciding(facts: Facts, key: keyof Facts, e: Evidence): void {
  const held = facts[key];
  if (held === undefined) facts[key] = e;
  else if (key === 'scheme' && isRegistered(schemeStateOf(held)) !== isRegistered(schemeStateOf(e))) {
    if (isRegistered(schemeStateOf(e))) facts[key] = e;
  } else if (e.from < held.from || (e.from === held.from && precedes(e.claim, held.claim))) facts[key] = e;
}

function precedes(a: Claim, b: Claim): boolean {
  if (a.since.id !== b.since.id) return orderOf(a.since, b.since) < 0;
  return a.row < b.row;
}

function surveyFacts(day: Day): Facts | undefined {
  if (day.answer === undefined) return undefined;
  const fact = answeredFact(day.answer.claim);
  return fact === undefined ? undefined : { [fact]: day.answer };
}

function verdictOn(
  person: PersonJournal,
  context: CoverageContext,
  day: Day,
  on: PlainDate,
): Verdict & { decision: number } {
  let decision: Adjudication | undefined;
  for (const a of person.adjudications)
    if (a.from <= on && on < a.to && (decision === undefined || a.id > decision.id)) decision = a;
  if (decision !== undefined)
    return { rank: 0, column: decision.column, evidence: undefined, decision: decision.id };
  const underAge = on < birthday(person.birth, context.settings.scopeAge);
  return { ...decide(day.official, surveyFacts(day), underAge, context.settings), decision: 0 };
}

function stepData(
  person: PersonJournal,
  day: Day,
  verdict: Verdict & { decision: number },
  paid: boolean,
  on: PlainDate,
): { code: number; delivery: number; row: number } {
  let inRegister = false;
  let onProvinceList = false;
  let tagBits = 0;
  for (const e of day.active) {
    if (e.fact === 'in-register') inRegister = true;
    else if (e.fact === 'on-province-list') onProvinceList = true;
    else {
      const tag = TAGS.indexOf(e.fact as (typeof TAGS)[number]);
      if (tag >= 0) tagBits |= 1 << tag;
    }
  }
  const code = packClass(
    verdict.column,
    verdict.rank,
    schemeStateOf(day.official.scheme),
    paid,
    day.willing,
    inRegister,
    onProvinceList,
    ageBandOn(person.birth, on),
    tagBits,
  );
  if (verdict.decision !== 0) return { code, delivery: -verdict.decision, row: 0 };
  const claim = verdict.evidence?.claim;
  return { code, delivery: claim?.since.id ?? 0, row: claim?.row ?? 0 };
}

function ageBandOn(birth: PlainDate, day: PlainDate): AgeBand {
  if (day < birthday(birth, 16)) return 'under-16';
  return day < birthday(birth, 60) ? '16-59' : '60-plus';
}

const FROM_LISTS: readonly Evidence['fact'][] = ['in-register', 'scheme', 'on-province-list'];

/**
 * Survey's 12-digit code > register's code or address > the scheme's region > the province list's,
 * first a village of any of them, then the deepest region known (counted under 未分村社区).
 */
function regionOn(context: CoverageContext, day: Day, on: PlainDate): RegionCode {
  let deepest: RegionCode = context.county;
  const consider = (code: RegionCode | undefined): RegionCode | undefined => {
    const now = code === undefined ? undefined : context.regionOn(code, on);
    if (now === undefined) return undefined;
    if (now.length >= 12) return now;
    if (now.length > deepest.length) deepest = now;
    return undefined;
  };
  const answered = consider(day.answer?.claim.content.g);
  if (answered !== undefined) return answered;
  for (const fact of FROM_LISTS) {
    for (const e of day.active) {
      if (e.fact !== fact) continue;
      const village = consider(e.claim.content.g);
      if (village !== undefined) return village;
    }
  }
  if (deepest === context.county) {
    consider(day.answer?.claim.since.region);
    for (const e of day.active) consider(e.claim.since.region);
  }
  return deepest;
}

function addStep(steps: Step[], step: Step): void {
  const last = steps[steps.length - 1];
  if (
    last !== undefined &&
    last.code === step.code &&
    last.region === step.region &&
    last.delivery === step.delivery &&
    last.row === step.row
  ) {
    steps[steps.length - 1] = { ...last, to: step.to };
  } else steps.push(step);
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

/** Conflicts and quality items of one day; each is a step by day like the verdict itself. */
function kindsOn(
  person: PersonJournal,
  context: CoverageContext,
  day: Day,
  verdict: Verdict,
  region: RegionCode,
  paid: boolean,
  everPaid: boolean,
  on: PlainDate,
): string[] {
  const kinds: string[] = [];
  const f = day.official;
  const scheme = schemeStateOf(f.scheme);
  const registered = isRegistered(scheme);
  const employed = f.employee ?? f.public ?? f.elsewhere;
  const inRegister = day.active.some((e) => e.fact === 'in-register');
  if (f.death !== undefined && scheme === 'drawing') kinds.push('dead-drawing');
  else if (f.death !== undefined && (registered || employed !== undefined)) kinds.push('dead-insured');
  if (f.prison !== undefined && scheme === 'drawing') kinds.push('prison-drawing');
  if (f.abroad !== undefined && scheme === 'drawing') kinds.push('abroad-drawing');
  if (employed !== undefined && (scheme === 'paying' || scheme === 'drawing'))
    kinds.push('duplicate-insured');
  if (f.elsewhere !== undefined && (f.employee ?? f.public) !== undefined) kinds.push('two-provinces');
  if (scheme === 'drawing' && on < birthday(person.birth, 60)) kinds.push('drawing-under-60');
  if (paid && !registered) kinds.push('paid-unregistered');
  if (f.student !== undefined && on >= birthday(person.birth, 25)) kinds.push('student-over-25');
  if (f.student !== undefined && registered) kinds.push('student-registered');
  if (f.military !== undefined && registered) kinds.push('soldier-registered');
  if (f.military !== undefined && f.prison !== undefined) kinds.push('military-and-prison');
  if (registered && !inRegister) kinds.push('not-in-register');
  if (scheme === 'unknown') kinds.push('unknown-state-pair');
  for (const e of day.active) {
    if (e.fact === 'unknown-word' && e.claim.since.source !== 'residents-scheme')
      addOnce(kinds, 'unknown-word');
    else if (e.fact === 'place-unknown') addOnce(kinds, 'place-unknown');
    else if (e.fact === 'residents-here' && !registered) addOnce(kinds, 'registered-here-elsewhere');
    else if (e.fact === 'in-register' && e.claim.content.dis === 1) addOnce(kinds, 'register-disagrees');
  }
  if (namesDiffer(day)) kinds.push('name-differs');
  if (inRegister && region.length < 12) kinds.push('no-village');
  if ((scheme === 'paying' || scheme === 'paused') && !everPaid && inRegister) kinds.push('never-paid');
  if (day.answer !== undefined)
    answerFindings(kinds, context, day, day.answer.claim, verdict, registered, on);
  return kinds;
}

function addOnce(kinds: string[], kind: string): void {
  if (!kinds.includes(kind)) kinds.push(kind);
}

function answerFindings(
  kinds: string[],
  context: CoverageContext,
  day: Day,
  answer: Claim,
  verdict: Verdict,
  registered: boolean,
  on: PlainDate,
): void {
  if (verdict.rank !== 0) {
    const official = officialVerdict(day.official, context.settings);
    const answered = answeredColumn(answer);
    if (official !== undefined && answered !== undefined && answered !== official.column)
      kinds.push('survey-differs');
    if (day.official.death !== undefined && saysAlive(answer)) kinds.push('dead-but-alive');
    if (answer.content.w === 'claims-registered' && !registered) kinds.push('claim-unregistered');
  }
  const fact = answeredFact(answer);
  if (
    (fact === 'military' && day.official.prison !== undefined) ||
    (fact === 'prison' && day.official.military !== undefined)
  ) {
    addOnce(kinds, 'military-and-prison');
  }
  const village = answer.content.g;
  const town = answer.since.region;
  if (village !== undefined && town.length >= 9) {
    const now = context.regionOn(village, on) ?? village;
    if (!now.startsWith(context.regionOn(town, on) ?? town)) kinds.push('village-outside-town');
  }
}

function namesDiffer(day: Day): boolean {
  let name: string | undefined;
  const differs = (claim: Claim): boolean => {
    if (claim.content.n === undefined) return false;
    const other = bareName(claim.content.n);
    if (name === undefined) name = other;
    return name !== other;
  };
  for (const e of day.active) if (differs(e.claim)) return true;
  return day.answer !== undefined && differs(day.answer.claim);
}

const NOT_NAME = /[\s·•・.．\u200b\u3000]/g;

function bareName(name: string): string {
  return /[\s·•・.．\u200b\u3000]/.test(name) ? name.replace(NOT_NAME, '') : name;
}
