import { addDays, FOREVER, nextMonth, type PlainDate } from '../kernel/plain-date.ts';
import type { Claim, CompareFact, Content, DeliveryRef, StoredDate } from './claim.ts';
import { isRegistered } from './step-class.ts';

/** What not being named any more in a full list means (source catalogue). */
export type Absence = 'ended' | 'was-wrong' | 'nothing' | 'replaces-year';

/** One fact about one person with the half-open period [from, to) in which its list holds it true. */
export interface Evidence {
  readonly fact: Fact;
  from: PlainDate;
  to: PlainDate;
  readonly claim: Claim;
  /** The start was stated by the month only; an exact date in that month wins. */
  monthStart: boolean;
  /** The end was stated by the row (not: dropped from the list). */
  statedEnd: boolean;
  /** The start is the row's own event date, not the day of the delivery. */
  readonly dated: boolean;
  /** Two digits of the province a membership elsewhere is in, where the list tells it. */
  readonly province: string | undefined;
}

export type Fact =
  | 'in-register'
  | 'register-dead'
  | 'register-gone'
  | 'on-province-list'
  | 'scheme'
  | 'payment-list'
  | 'employee-current'
  | 'employee-lapsed'
  | 'public-current'
  | 'public-lapsed'
  | 'elsewhere-current'
  | 'elsewhere-lapsed'
  | 'residents-elsewhere'
  | 'residents-here'
  | 'place-unknown'
  | 'obligated'
  | 'student'
  | 'military'
  | 'prison'
  | 'abroad'
  | 'death'
  | 'dishonest'
  | 'low-income'
  | 'extreme-poverty'
  | 'severe-disability'
  | 'disability'
  | 'poverty-registered'
  | 'land-expropriated'
  | 'survey'
  | 'ended-membership'
  | 'unknown-word';

export function storedDay(date: StoredDate): PlainDate {
  return date.length === 7 ? `${date}-01` : date;
}

/** A stated last day still counts, so the period ends the day (or month) after. */
function storedEnd(date: StoredDate): PlainDate {
  return date.length === 7 ? nextMonth(`${date}-01`) : addDays(date, 1);
}

/** A run of one series' claims with no gap: each replaced by the next in the delivery that closed it. */
interface Run {
  readonly claims: Claim[];
  /** The day the run ends; FOREVER while it is open. */
  end: PlainDate;
  /** A full list no longer named the person: what comes later is a new period. */
  left: boolean;
}

/** Which dated facts a membership list proves. */
const MEMBERSHIP: Record<string, Fact> = {
  'province-list': 'on-province-list',
  'employees-obligated': 'obligated',
  students: 'student',
  military: 'military',
  prisoners: 'prison',
  abroad: 'abroad',
  deaths: 'death',
  dishonest: 'dishonest',
  'low-income': 'low-income',
  'extreme-poverty': 'extreme-poverty',
  'poverty-registered': 'poverty-registered',
  'land-expropriated': 'land-expropriated',
};

const EMPLOYMENT: Record<string, 'employee' | 'public' | 'elsewhere'> = {
  'employees-in-province': 'employee',
  'public-sector-in-province': 'public',
  'employees-elsewhere': 'elsewhere',
};

/**
 * By as-of day; on one day receipt counts inside one source and sender, and among answers to the survey.
 * Between the others it must not: their lists may arrive in any order.
 */
export function orderOf(a: DeliveryRef, b: DeliveryRef): number {
  if (a.asOf !== b.asOf) return a.asOf < b.asOf ? -1 : 1;
  const byReceipt = a.group === b.group || (a.source === b.source && a.source === 'survey-workbook');
  return byReceipt ? a.id - b.id : a.group < b.group ? -1 : 1;
}

/** One order for everything: by as-of day, sender, receipt, then row. */
function inOrder(claims: readonly Claim[]): readonly Claim[] {
  for (let i = 1; i < claims.length; i++) {
    if (byDelivery(claims[i - 1] as Claim, claims[i] as Claim) > 0) return [...claims].sort(byDelivery);
  }
  return claims;
}

function byDelivery(a: Claim, b: Claim): number {
  return orderOf(a.since, b.since) || (a.slot < b.slot ? -1 : a.slot > b.slot ? 1 : a.row - b.row);
}

/**
 * The evidence of one person: what each list says, from when, until when.
 * @param claims everything stored about the person, in any order
 * @param absenceOf meaning of absence by source code; unknown sources end
 */
export function evidenceOf(claims: readonly Claim[], absenceOf: (source: string) => Absence): Evidence[] {
  const found: Evidence[] = [];
  const sorted = inOrder(claims);
  for (let i = 0; i < sorted.length; i++) {
    const first = sorted[i] as Claim;
    let earlier = false;
    for (let j = 0; j < i && !earlier; j++) earlier = sameGroup(sorted[j] as Claim, first);
    if (earlier) continue;
    const group = [first];
    for (let j = i + 1; j < sorted.length; j++) {
      const claim = sorted[j] as Claim;
      if (sameGroup(claim, first)) group.push(claim);
    }
    addGroup(group, absenceOf(first.since.source), found);
  }
  preferExactDays(found);
  earliestStatedEnd(found);
  return found.every(lasts) ? found : found.filter(lasts);
}

function lasts(e: Evidence): boolean {
  return e.from < e.to;
}

function sameGroup(a: Claim, b: Claim): boolean {
  return a.since.group === b.since.group && a.slot === b.slot;
}

/** Everything one sender's list of one kind said about the person, oldest first. */
function addGroup(group: readonly Claim[], absence: Absence, found: Evidence[]): void {
  const source = (group[0] as Claim).since.source;
  if (source === 'residents-payments') {
    for (const claim of group) push(found, 'payment-list', claim, claim.since.asOf, FOREVER);
    return;
  }
  if (source === 'survey-workbook') {
    for (const claim of group) push(found, 'survey', claim, visitDay(claim), FOREVER);
    return;
  }
  const membership = MEMBERSHIP[source];
  const runs = runsOf(group, absence);
  for (const run of runs) {
    if (membership !== undefined) addMembership(run, gapBefore(run, runs), membership, found);
    else addStates(run, run === runs[0], source, group, found);
  }
}

/** A survey answer with the delivery that brought it. */
export interface GivenAnswer {
  readonly content: Content;
  readonly since: Pick<DeliveryRef, 'id' | 'asOf'>;
}

/** The day an answer was given: the stated contact day unless that lies after the delivery's own day. */
export function visitDay(claim: GivenAnswer): PlainDate {
  const stated = claim.content.d;
  if (stated === undefined || stated.length === 7) return claim.since.asOf;
  // the clock is checked: nobody was visited after his answer was handed in
  if (stated > claim.since.asOf) return claim.since.asOf;
  return stated;
}

function runsOf(group: readonly Claim[], absence: Absence): Run[] {
  const runs: Run[] = [];
  for (const claim of group) {
    const open = runs.find((run) => {
      const last = lastOf(run);
      return last.until?.id === claim.since.id && last.since.series === claim.since.series;
    });
    if (open === undefined) runs.push({ claims: [claim], end: FOREVER, left: false });
    else open.claims.push(claim);
  }
  return runs.filter((run) => {
    const last = lastOf(run);
    if (last.until === undefined) return true;
    const successor = successorOf(last, group);
    if (absence === 'was-wrong') {
      run.end = last.until.asOf;
      return successor !== undefined && stands(successor, group);
    }
    if (successor !== undefined) run.end = last.until.asOf;
    else if (absence === 'ended') {
      run.end = last.until.asOf;
      run.left = true;
    } else return absence === 'nothing';
    return true;
  });
}

function lastOf(run: Run): Claim {
  return run.claims[run.claims.length - 1] as Claim;
}

/** The claim that says on what `claim` said, in the delivery that closed it: of its own series or of the county's. */
function successorOf(claim: Claim, group: readonly Claim[]): Claim | undefined {
  const until = claim.until;
  if (until === undefined) return undefined;
  return group.find(
    (c) =>
      c.since.id === until.id ||
      (until.series !== claim.since.series && c.since.series === until.series && covers(c, until)),
  );
}

/** Where absence means *was wrong*: no later list dropped the person without naming him again. */
function stands(claim: Claim, group: readonly Claim[]): boolean {
  if (claim.until === undefined) return true;
  const successor = successorOf(claim, group);
  return successor !== undefined && stands(successor, group);
}

/** The day a list last dropped the person before this run: no event date may fill that gap. */
function gapBefore(run: Run, runs: readonly Run[]): PlainDate | undefined {
  const start = (run.claims[0] as Claim).since.asOf;
  let gap: PlainDate | undefined;
  for (const other of runs) {
    if (other !== run && other.left && other.end <= start && (gap === undefined || other.end > gap))
      gap = other.end;
  }
  return gap;
}

/** The claim was in force when `delivery` of its own series came, and was not closed by it. */
function covers(claim: Claim, delivery: DeliveryRef): boolean {
  return (
    orderOf(claim.since, delivery) <= 0 && (claim.until === undefined || orderOf(claim.until, delivery) > 0)
  );
}

function push(
  found: Evidence[],
  fact: Fact,
  claim: Claim,
  from: PlainDate,
  to: PlainDate,
  dated = false,
  province?: string,
): Evidence {
  const evidence = { fact, claim, from, to, dated, province, monthStart: false, statedEnd: false };
  found.push(evidence);
  return evidence;
}

/** Nobody can be listed before it happened: a later date is a slip of the pen, and the day of the list holds. */
const PAST_EVENTS: readonly Fact[] = ['death', 'abroad'];

/**
 * A date backdates membership. Inside a run the latest stated dates are the best known ones;
 * after a gap a new period opens, so an event date from before the gap does not fill it.
 */
function addMembership(run: Run, gap: PlainDate | undefined, fact: Fact, found: Evidence[]): void {
  const first = run.claims[0] as Claim;
  const stating = statingStart(run.claims);
  let ends: StoredDate | undefined;
  for (let i = run.claims.length - 1; i >= 0 && ends === undefined; i--)
    ends = (run.claims[i] as Claim).content.x;
  const stated = stating?.content.d;
  let from = first.since.asOf;
  let dated = false;
  if (stating !== undefined && stated !== undefined) {
    const day = storedDay(stated);
    if (PAST_EVENTS.includes(fact) && day > stating.since.asOf) from = stating.since.asOf;
    else if (gap === undefined || day >= gap) {
      from = day;
      dated = true;
    }
  }
  const evidence = push(found, fact, stating ?? first, from, run.end, dated);
  evidence.monthStart = dated && stated?.length === 7;
  if (ends !== undefined && storedEnd(ends) < evidence.to) {
    evidence.to = storedEnd(ends);
    evidence.statedEnd = true;
  }
}

/** The claim with the latest stated start; an exact day stated before still beats "that month". */
function statingStart(claims: readonly Claim[]): Claim | undefined {
  let stating: Claim | undefined;
  for (let i = claims.length - 1; i >= 0; i--) {
    const claim = claims[i] as Claim;
    const stated = claim.content.d;
    if (stated === undefined) continue;
    if (stating === undefined) {
      stating = claim;
      if (stated.length > 7) return stating;
    } else if (stated.length > 7 && stated.startsWith(stating.content.d as StoredDate)) return claim;
  }
  return stating;
}

/**
 * A state holds from the as-of day of the delivery that first shows it;
 * only the first known active state reaches back to the day of joining.
 * @param first nothing was known from this sender before the run
 */
function addStates(
  run: Run,
  first: boolean,
  source: string,
  group: readonly Claim[],
  found: Evidence[],
): void {
  for (let i = 0; i < run.claims.length; i++) {
    const claim = run.claims[i] as Claim;
    const next = run.claims[i + 1];
    const from = claim.since.asOf;
    const to = next === undefined ? run.end : next.since.asOf;
    if (from >= to) continue;
    if (source === 'insurance-compare') addCompared(claim, from, to, group, found);
    else addState(source, claim, from, to, first && i === 0 ? joinedDay(run.claims) : undefined, found);
  }
}

/** 参保时间 as best known while the first state lasted. */
function joinedDay(claims: readonly Claim[]): StoredDate | undefined {
  const { s, e } = (claims[0] as Claim).content;
  let joined: StoredDate | undefined;
  for (const { content } of claims) {
    if (content.s !== s || content.e !== e) break;
    joined = content.d ?? joined;
  }
  return joined;
}

/** Reaches back to the day of joining, never forward. */
function backTo(joined: StoredDate | undefined, from: PlainDate): PlainDate {
  if (joined === undefined) return from;
  const day = storedDay(joined);
  return day < from ? day : from;
}

function addState(
  source: string,
  claim: Claim,
  from: PlainDate,
  to: PlainDate,
  joined: StoredDate | undefined,
  found: Evidence[],
): void {
  const content = claim.content;
  if (content.q === 1) push(found, 'unknown-word', claim, from, to);
  if (source === 'household-register') {
    push(found, 'in-register', claim, from, to);
    if (content.st === 'dead') push(found, 'register-dead', claim, from, to);
    if (content.st === 'moved' || content.st === 'cancelled') push(found, 'register-gone', claim, from, to);
  } else if (source === 'residents-scheme') {
    const active = content.s !== undefined && isRegistered(content.s);
    push(found, 'scheme', claim, active ? backTo(joined, from) : from, to);
  } else if (source === 'disability') {
    const fact = content.c === '1' || content.c === '2' ? 'severe-disability' : 'disability';
    push(found, fact, claim, from, to);
  } else {
    const kind = EMPLOYMENT[source];
    const membership = content.e ?? 'current';
    if (kind === undefined) return;
    const start = membership === 'current' ? backTo(joined, from) : from;
    addEmployment(kind, membership, claim, start, to, content.pv, found);
  }
}

/** One national-compare row says several memberships; each is followed by itself. */
function addCompared(
  claim: Claim,
  from: PlainDate,
  to: PlainDate,
  group: readonly Claim[],
  found: Evidence[],
): void {
  for (const fact of claim.content.f ?? []) {
    const start = isFirstKnown(fact, claim, group) ? backTo(fact.d, from) : from;
    if (fact.q === 1 || fact.k === 'unknown') push(found, 'unknown-word', claim, from, to);
    if (fact.k === 'unknown') continue;
    if (fact.e === 'ended') push(found, 'ended-membership', claim, from, to);
    else if (fact.w === 'unknown') push(found, 'place-unknown', claim, from, to);
    else if (fact.k === 'residents') {
      push(found, fact.w === 'here' ? 'residents-here' : 'residents-elsewhere', claim, start, to);
    } else {
      const kind = fact.w === 'elsewhere' ? 'elsewhere' : fact.k === 'public' ? 'public' : 'employee';
      addEmployment(kind, fact.e, claim, fact.e === 'current' ? start : from, to, fact.pv, found);
    }
  }
}

function isFirstKnown(fact: CompareFact, claim: Claim, group: readonly Claim[]): boolean {
  for (const earlier of group) {
    if (earlier === claim) return true;
    if (earlier.content.f?.some((f) => f.k === fact.k && f.w === fact.w && f.pv === fact.pv)) return false;
  }
  return true;
}

function addEmployment(
  kind: 'employee' | 'public' | 'elsewhere',
  membership: 'current' | 'lapsed' | 'ended',
  claim: Claim,
  from: PlainDate,
  to: PlainDate,
  province: string | undefined,
  found: Evidence[],
): void {
  if (membership === 'ended') push(found, 'ended-membership', claim, from, to);
  else
    push(found, `${kind}-${membership}`, claim, from, to, false, kind === 'elsewhere' ? province : undefined);
}

/** Several lists name one event: inside one month an exact day beats "that month". */
function preferExactDays(found: Evidence[]): void {
  for (const vague of found) {
    if (!vague.monthStart) continue;
    const month = vague.from.slice(0, 7);
    let earliest: PlainDate | undefined;
    for (const exact of found) {
      if (
        exact.fact === vague.fact &&
        exact.dated &&
        !exact.monthStart &&
        exact.from.startsWith(month) &&
        (earliest === undefined || exact.from < earliest)
      ) {
        earliest = exact.from;
      }
    }
    if (earliest !== undefined) vague.from = earliest;
  }
}

/** Of several stated ends of one sentence, service or study the earliest wins. */
function earliestStatedEnd(found: Evidence[]): void {
  const stated = found.filter((e) => e.statedEnd).map((e) => ({ fact: e.fact, to: e.to }));
  if (stated.length === 0) return;
  for (const e of found) {
    for (const ending of stated) {
      if (e.fact === ending.fact && e.from < ending.to && ending.to < e.to) {
        e.to = ending.to;
        e.statedEnd = true;
      }
    }
  }
}
