import type { CoverageContext } from '../coverage/context.ts';
import type { Ages, Day } from '../coverage/day.ts';
import { findingKind } from '../coverage/finding.ts';
import { type PaidPeriods, within } from '../coverage/payments.ts';
import { isRegistered } from '../coverage/step-class.ts';
import { schemeStateOf, type Verdict } from '../coverage/verdict.ts';
import { FOREVER, type PlainDate } from '../kernel/plain-date.ts';
import type { RegionCode } from '../kernel/region.ts';
import { type Closing, itemClass, type LedgerKindCode, type LedgerState, tagBit, type Why } from './kinds.ts';

/** An item of the ledger over a stretch of days [from, to) in which its state, place and groups are the same. */
export interface LedgerItem {
  readonly kind: LedgerKindCode;
  /** Year, kind of finding, or nothing. */
  readonly subject: string;
  readonly from: PlainDate;
  readonly to: PlainDate;
  readonly region: RegionCode;
  readonly state: LedgerState;
  readonly why: Why;
  /** Bits of LEDGER_TAGS. */
  readonly tags: number;
}

interface Open {
  readonly kind: LedgerKindCode;
  readonly subject: string;
  readonly state: Exclude<LedgerState, 'closed'>;
  readonly why: Why;
}

/** What a day's items follow from. */
export interface ItemFacts {
  readonly context: CoverageContext;
  readonly day: Day;
  readonly verdict: Verdict;
  readonly payments: PaidPeriods;
  readonly ages: Ages;
  /** Conflicts and quality items of the day. */
  readonly findings: readonly string[];
}

/** Which items are open on the day, and in which state. */
function openOn({ context, day, verdict, payments, ages, findings }: ItemFacts): Open[] {
  const { on, inRegister } = day;
  const scheme = schemeStateOf(day.official.scheme);
  const registered = isRegistered(scheme);
  const open: Open[] = [];
  const add = (
    kind: LedgerKindCode,
    subject = '',
    state: Open['state'] = 'verify',
    why: Why = 'opened',
  ): void => {
    open.push({ kind, subject, state, why });
  };
  if (inRegister) {
    const year = on.slice(0, 4);
    const paidNow = within(payments.paid, on);
    const listed = context.paymentsFrom !== undefined && context.paymentsFrom <= on;
    const waiting = verdict.column === 7 && !registered;
    if (waiting || verdict.column === 11) {
      const { state, why } = settledBy(day, waiting);
      add(waiting ? 'uninsured' : 'obligated', '', state, why);
    }
    const paying = verdict.column === 7 && (scheme === 'paying' || scheme === 'paused');
    if (paying && on >= ages.at16 && on < ages.at60 && listed && !paidNow) add('unpaid', year);
    if (listed && scheme !== 'drawing' && scheme !== 'drawing-paused' && verdict.column === 7 && !paidNow) {
      const lastYear = String(Number(year) - 1);
      const before = payments.paid.some((period) => period.from.slice(0, 4) < lastYear);
      const last = payments.paid.some(
        (period) => period.from.slice(0, 4) === lastYear && period.to === `${year}-01-01`,
      );
      if (before && !last) add('lapsed');
    }
    if (verdict.column === 7 && on >= ages.at59 && scheme !== 'drawing') add('reaching-60');
    if (isAway(day) && !registered && verdict.column === 7 && !schemeKnown(day)) add('migrant');
  }
  for (const kind of findings) {
    const { queue } = findingKind(kind);
    if (kind === 'duplicate-insured') add('duplicate');
    else if (queue === 'conflict') add('conflict', kind);
    else if (queue === 'quality') add('quality', kind);
  }
  return open;
}

function isAway({ answers }: Day): boolean {
  return answers.situation?.claim.content.w === 'migrant';
}

/** Known with its place, and not longer ago than a year. */
function schemeKnown({ answers, on }: Day): boolean {
  const judged = answers.reason;
  if (judged?.reason.code !== 'working-away' || !judged.complete) return false;
  return judged.expires === undefined || on < judged.expires;
}

/** 已落实 by a recorded wish, or by a reason with its proof. */
function settledBy({ answers, on }: Day, mayWish: boolean): { state: Open['state']; why: Why } {
  if (mayWish && answers.willing === 'yes') return { state: 'settled', why: 'willing' };
  const judged = answers.reason;
  if (judged === undefined || !judged.complete) return { state: 'verify', why: 'opened' };
  if (judged.expires !== undefined && on >= judged.expires) return { state: 'verify', why: 'expired' };
  return { state: 'settled', why: judged.reason.why };
}

/** Why an item that was open is not open any more. */
function closedBy(kind: LedgerKindCode, subject: string, { day, verdict, payments }: ItemFacts): Why {
  if (kind === 'conflict' || kind === 'duplicate' || kind === 'quality') {
    if (subject === 'no-village' && day.placement === undefined && day.ruled.length > 0) return 'by-rule';
    return day.decision === undefined && day.placement === undefined ? 'evidence-gone' : 'adjudicated';
  }
  if (!day.inRegister) return 'not-in-register';
  const scheme = schemeStateOf(day.official.scheme);
  switch (kind) {
    case 'uninsured':
      return verdict.column === 7 ? 'registered' : 'left-scope';
    case 'obligated':
      return verdict.column >= 8 && verdict.column <= 10 ? 'insured' : 'left-scope';
    case 'unpaid':
      if (subject !== day.on.slice(0, 4)) return 'year-over';
      if (within(payments.paid, day.on)) return 'paid';
      return scheme === 'drawing' || scheme === 'drawing-paused' ? 'drawing' : 'left-scheme';
    case 'lapsed':
      if (within(payments.paid, day.on)) return 'paid';
      return scheme === 'drawing' || scheme === 'drawing-paused' ? 'drawing' : 'left-scheme';
    case 'reaching-60':
      return scheme === 'drawing' ? 'drawing' : 'left-scope';
    case 'migrant':
      return isRegistered(scheme) ? 'registered' : 'scheme-known';
  }
}

/** Days on which items turn though no list, payment or visit does. */
export function itemTurns(
  day: { readonly ages: Ages; readonly start: PlainDate; readonly horizon: PlainDate },
  pays: boolean,
  reasons: readonly (PlainDate | undefined)[],
  add: (day: PlainDate) => void,
): void {
  add(day.ages.at59);
  for (const expires of reasons) if (expires !== undefined) add(expires);
  if (!pays) return;
  const last = Number(day.horizon.slice(0, 4));
  for (let year = Number(day.start.slice(0, 4)) + 1; year <= last; year++) add(`${year}-01-01`);
}

/** Puts the items of one day after the other together. */
export class ItemBuilder {
  readonly #closings: readonly Closing[];
  readonly #last = new Map<string, { item: LedgerItem; since: PlainDate }>();
  readonly #done: LedgerItem[] = [];

  constructor(closings: readonly Closing[] = []) {
    this.#closings = closings;
  }

  /** @param from the first day of a stretch in which nothing turns */
  note(from: PlainDate, region: RegionCode, facts: ItemFacts): void {
    const open = openOn(facts);
    if (open.length === 0 && this.#last.size === 0) return;
    const tags = open.length === 0 ? 0 : tagsOn(facts);
    const seen = new Set<string>();
    for (const { kind, subject, state, why } of open) {
      const key = `${kind} ${subject}`;
      seen.add(key);
      const before = this.#last.get(key);
      const since = before === undefined || isNatural(before.item) ? from : before.since;
      const byHand = this.#closings.some(
        (c) => c.kind === kind && c.subject === subject && c.from >= since && c.from <= from,
      );
      const again = before !== undefined && before.item.state === 'closed' && why === 'opened';
      const held = before !== undefined && before.item.state !== 'closed' && state === before.item.state;
      this.#set(key, since, {
        kind,
        subject,
        from,
        to: FOREVER,
        region,
        state: byHand ? 'closed' : state,
        why: byHand ? 'by-hand' : again ? 'reopened' : held && why === 'opened' ? before.item.why : why,
        tags,
      });
    }
    for (const [key, { item }] of [...this.#last]) {
      if (seen.has(key)) continue;
      const closed = item.state === 'closed' && item.why !== 'by-hand';
      const why = closed ? item.why : closedBy(item.kind, item.subject, facts);
      this.#set(key, from, { ...item, from, region, state: 'closed', why, tags: closed ? item.tags : 0 });
    }
  }

  #set(key: string, since: PlainDate, item: LedgerItem): void {
    const before = this.#last.get(key)?.item;
    if (before !== undefined && same(before, item)) {
      this.#last.set(key, { item: before, since });
      return;
    }
    if (before !== undefined && before.from < item.from) this.#done.push({ ...before, to: item.from });
    this.#last.set(key, { item, since });
  }

  /** Every item's stretches, by kind, subject and day. */
  finish(): LedgerItem[] {
    const all = [...this.#done];
    for (const { item } of this.#last.values()) all.push(item);
    return all.length < 2 ? all : all.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  }
}

function sortKey(item: LedgerItem): string {
  return `${item.kind} ${item.subject} ${item.from}`;
}

/** Closed by evidence: what opens it again begins a new stretch, which no earlier closing by hand covers. */
function isNatural(item: LedgerItem): boolean {
  return item.state === 'closed' && item.why !== 'by-hand';
}

function same(a: LedgerItem, b: LedgerItem): boolean {
  return a.state === b.state && a.why === b.why && a.region === b.region && a.tags === b.tags;
}

function tagsOn({ day, verdict, ages }: ItemFacts): number {
  let bits = day.tagBits;
  const waiting = verdict.column === 7 && !isRegistered(schemeStateOf(day.official.scheme));
  if (waiting && day.on >= ages.at60) bits |= tagBit('over-60-uninsured');
  if (day.on >= ages.at59 && day.on < ages.at60) bits |= tagBit('near-60');
  if (isAway(day)) bits |= tagBit('migrant');
  if (day.answers.willing === 'yes') bits |= tagBit('willing');
  return bits;
}

/** A stretch as the counts add it up. */
export function itemCode(item: Pick<LedgerItem, 'kind' | 'state'>): number {
  return itemClass(item.kind, item.state);
}
