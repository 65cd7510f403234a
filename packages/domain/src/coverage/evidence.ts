import { addDays, FOREVER, nextMonth, type PlainDate } from '../kernel/plain-date.ts';
import type { Claim, DeliveryRef, StoredDate } from './claim.ts';

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
  readonly end: PlainDate;
  readonly first: boolean;
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

export function orderOf(a: DeliveryRef, b: DeliveryRef): number {
  return a.asOf < b.asOf ? -1 : a.asOf > b.asOf ? 1 : a.id - b.id;
}

/**
 * The evidence of one person: what each list says, from when, until when.
 * @param claims everything stored about the person, in any order
 * @param absenceOf meaning of absence by source code; unknown sources end
 */
export function evidenceOf(claims: readonly Claim[], absenceOf: (source: string) => Absence): Evidence[] {
  const found: Evidence[] = [];
  if (claims.length === 1) {
    const only = claims[0] as Claim;
    addSeries([only], claims, absenceOf(only.since.source), found);
  } else {
    const bySeries = new Map<string, Claim[]>();
    for (const claim of claims) {
      const key = `${claim.since.series}\n${claim.slot}`;
      const list = bySeries.get(key);
      if (list) list.push(claim);
      else bySeries.set(key, [claim]);
    }
    for (const list of bySeries.values()) {
      list.sort((a, b) => orderOf(a.since, b.since));
      addSeries(list, claims, absenceOf((list[0] as Claim).since.source), found);
    }
  }
  preferExactDays(found);
  earliestStatedEnd(found);
  return found.filter((e) => e.from < e.to);
}

function addSeries(list: Claim[], all: readonly Claim[], absence: Absence, found: Evidence[]): void {
  const source = (list[0] as Claim).since.source;
  if (source === 'residents-payments') {
    for (const claim of list) push(found, 'payment-list', claim, claim.since.asOf, FOREVER);
    return;
  }
  if (source === 'survey-workbook') {
    for (const claim of list) push(found, 'survey', claim, visitDay(claim), FOREVER);
    return;
  }
  for (const run of runsOf(list, all, absence)) {
    const membership = MEMBERSHIP[source];
    if (membership !== undefined) addMembership(run, membership, found);
    else addStates(run, source, found);
  }
}

/** The day an answer was given: the stated contact day unless that lies after the delivery's own day. */
export function visitDay(claim: Claim): PlainDate {
  const stated = claim.content.d;
  if (stated === undefined || stated.length === 7) return claim.since.asOf;
  return stated <= claim.since.asOf ? stated : claim.since.asOf;
}

function runsOf(list: readonly Claim[], all: readonly Claim[], absence: Absence): Run[] {
  const runs: Run[] = [];
  let current: Claim[] = [];
  for (let i = 0; i < list.length; i++) {
    const claim = list[i] as Claim;
    current.push(claim);
    const next = list[i + 1];
    const until = claim.until;
    if (until === undefined) {
      runs.push({ claims: current, end: FOREVER, first: runs.length === 0 });
      current = [];
    } else if (next === undefined || next.since.id !== until.id) {
      const namedElsewhere =
        until.series !== claim.since.series &&
        all.some((c) => c.since.id === until.id || (c.since.series === until.series && covers(c, until)));
      if (namedElsewhere || absence === 'ended') {
        runs.push({ claims: current, end: until.asOf, first: runs.length === 0 });
      } else if (absence === 'nothing') {
        runs.push({ claims: current, end: FOREVER, first: runs.length === 0 });
      }
      current = [];
    }
  }
  return runs;
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
  monthStart = false,
  statedEnd = false,
): void {
  found.push({ fact, claim, from, to, monthStart, statedEnd });
}

/**
 * A date backdates membership. Inside a run the latest stated dates are the best known ones;
 * after a gap a new period opens, so an event date from before the gap does not fill it.
 */
function addMembership(run: Run, fact: Fact, found: Evidence[]): void {
  const first = run.claims[0] as Claim;
  let stating: Claim | undefined;
  let ends: StoredDate | undefined;
  for (let i = run.claims.length - 1; i >= 0; i--) {
    const claim = run.claims[i] as Claim;
    if (stating === undefined && claim.content.d !== undefined) stating = claim;
    ends ??= claim.content.x;
  }
  let from = first.since.asOf;
  let monthStart = false;
  const stated = stating?.content.d;
  if (stated !== undefined && (run.first || storedDay(stated) > first.since.asOf)) {
    from = storedDay(stated);
    monthStart = stated.length === 7;
  }
  let to = run.end;
  let statedEnd = false;
  if (ends !== undefined && storedEnd(ends) < to) {
    to = storedEnd(ends);
    statedEnd = true;
  }
  push(found, fact, stating ?? first, from, to, monthStart, statedEnd);
}

/**
 * A state holds from the as-of day of the delivery that first shows it;
 * only the first known active state reaches back to the day of joining.
 */
function addStates(run: Run, source: string, found: Evidence[]): void {
  for (let i = 0; i < run.claims.length; i++) {
    const claim = run.claims[i] as Claim;
    const next = run.claims[i + 1];
    const from = claim.since.asOf;
    const to = next === undefined ? run.end : next.since.asOf;
    if (from >= to) continue;
    const firstKnown = run.first && i === 0;
    addState(source, claim, from, to, firstKnown, found);
  }
}

function addState(
  source: string,
  claim: Claim,
  from: PlainDate,
  to: PlainDate,
  firstKnown: boolean,
  found: Evidence[],
): void {
  const content = claim.content;
  const since = (day: StoredDate | undefined, active: boolean): PlainDate =>
    firstKnown && active && day !== undefined && storedDay(day) < from ? storedDay(day) : from;
  if (content.q === 1) push(found, 'unknown-word', claim, from, to);
  if (source === 'household-register') {
    push(found, 'in-register', claim, from, to);
    if (content.st === 'dead') push(found, 'register-dead', claim, from, to);
    if (content.st === 'moved' || content.st === 'cancelled') push(found, 'register-gone', claim, from, to);
  } else if (source === 'residents-scheme') {
    push(found, 'scheme', claim, since(content.d, content.s !== 'ended' && content.s !== 'unknown'), to);
  } else if (source === 'disability') {
    const fact = content.c === '1' || content.c === '2' ? 'severe-disability' : 'disability';
    push(found, fact, claim, from, to);
  } else if (source === 'insurance-compare') {
    for (const fact of content.f ?? []) {
      if (fact.k === 'unknown') push(found, 'unknown-word', claim, from, to);
      else if (fact.k === 'residents') {
        if (fact.e === 'ended') push(found, 'ended-membership', claim, from, to);
        else if (fact.w === 'here') push(found, 'residents-here', claim, since(fact.d, true), to);
        else push(found, 'residents-elsewhere', claim, since(fact.d, true), to);
      } else if (fact.w === 'unknown') push(found, 'place-unknown', claim, from, to);
      else {
        const kind = fact.w === 'elsewhere' ? 'elsewhere' : fact.k === 'public' ? 'public' : 'employee';
        addEmployment(kind, fact.e, claim, since(fact.d, fact.e === 'current'), to, found);
      }
    }
  } else {
    const kind = EMPLOYMENT[source];
    const membership = content.e ?? 'current';
    if (kind !== undefined) {
      addEmployment(kind, membership, claim, since(content.d, membership === 'current'), to, found);
    }
  }
}

function addEmployment(
  kind: 'employee' | 'public' | 'elsewhere',
  membership: 'current' | 'lapsed' | 'ended',
  claim: Claim,
  from: PlainDate,
  to: PlainDate,
  found: Evidence[],
): void {
  if (membership === 'ended') push(found, 'ended-membership', claim, from, to);
  else push(found, `${kind}-${membership}`, claim, from, to);
}

/** Several lists name one event: inside one month an exact day beats "that month". */
function preferExactDays(found: Evidence[]): void {
  for (const vague of found) {
    if (!vague.monthStart) continue;
    for (const exact of found) {
      if (
        exact.fact === vague.fact &&
        !exact.monthStart &&
        exact.from.slice(0, 7) === vague.from.slice(0, 7) &&
        exact.claim.content.d !== undefined
      ) {
        vague.from = exact.from;
        break;
      }
    }
  }
}

/** Of several stated ends of one sentence, service or study the earliest wins. */
function earliestStatedEnd(found: Evidence[]): void {
  for (const ending of found) {
    if (!ending.statedEnd) continue;
    for (const other of found) {
      if (other.fact === ending.fact && other.from < ending.to && other.to > ending.to) {
        other.to = ending.to;
        other.statedEnd = true;
      }
    }
  }
}
