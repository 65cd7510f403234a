import type { PlainDate } from '../kernel/plain-date.ts';
import { type Claim, type Payment, voucherKey } from './claim.ts';
import { type Evidence, orderOf, storedDay } from './evidence.ts';

/** [from, to) */
export interface Period {
  readonly from: PlainDate;
  readonly to: PlainDate;
}

export interface PaidPeriods {
  /** Days on which the day's own year is paid. */
  readonly paid: readonly Period[];
  /** Days on which money of any year has been paid and not refunded. */
  readonly ever: readonly Period[];
}

interface DayAmount {
  readonly day: PlainDate;
  readonly fen: number;
}

const NO_PAYMENTS: PaidPeriods = { paid: [], ever: [] };
const OPEN_END: PlainDate = '9999-12-31';

/**
 * Paid on day D: net sum of 缴费年度 = year of D, rows dated up to D (undated: from the as-of day), above 0.
 * What a full list replaced is not there any more; a repeated voucher counts once.
 */
export function paidPeriods(evidence: readonly Evidence[]): PaidPeriods {
  if (!evidence.some((e) => e.fact === 'payment-list')) return NO_PAYMENTS;
  const lists = evidence.filter((e) => e.fact === 'payment-list').map((e) => e.claim);
  lists.sort((a, b) => orderOf(a.since, b.since));
  const byYear = new Map<string, DayAmount[]>();
  const all: DayAmount[] = [];
  const vouchers = new Set<string>();
  for (const claim of lists) {
    if (claim.until !== undefined) continue;
    const rows = byYear.get(claim.slot) ?? [];
    byYear.set(claim.slot, rows);
    const payments = claim.content.p ?? [];
    for (let i = 0; i < payments.length; i++) {
      const payment = payments[i] as Payment;
      const voucher = voucherKey(payment);
      if (voucher !== '') {
        const key = `${claim.since.group}\n${claim.slot}\n${voucher}`;
        if (vouchers.has(key)) continue;
        vouchers.add(key);
      }
      const day = payment[1] === '' ? firstNamed(lists, claim, i) : storedDay(payment[1]);
      const row = { day, fen: payment[0] };
      rows.push(row);
      all.push(row);
    }
  }
  const paid: Period[] = [];
  for (const [year, rows] of byYear) addPositive(paid, rows, `${year}-01-01`, `${Number(year) + 1}-01-01`);
  const ever: Period[] = [];
  addPositive(ever, all, '', OPEN_END);
  return { paid, ever };
}

/** Appends the stretches of [first, end) in which the running sum is above 0. */
function addPositive(periods: Period[], rows: DayAmount[], first: PlainDate, end: PlainDate): void {
  rows.sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
  let sum = 0;
  let since: PlainDate | undefined;
  for (let i = 0; i < rows.length; i++) {
    const { day, fen } = rows[i] as DayAmount;
    if (day >= end) break;
    sum += fen;
    if (rows[i + 1]?.day === day) continue;
    if (sum > 0) since ??= day < first ? first : day;
    else {
      if (since !== undefined && since < day) periods.push({ from: since, to: day });
      since = undefined;
    }
  }
  if (since !== undefined) periods.push({ from: since, to: end });
}

/** An undated payment counts from the first of the lists, each replaced by the next, that named it. */
function firstNamed(lists: readonly Claim[], claim: Claim, at: number): PlainDate {
  const key = JSON.stringify((claim.content.p as readonly Payment[])[at]);
  const nth = count(claim, key, at + 1);
  let first = claim;
  for (;;) {
    const current: Claim = first;
    const before = lists.find(
      (c) => c.slot === current.slot && c.until?.id === current.since.id && count(c, key) >= nth,
    );
    if (before === undefined) return first.since.asOf;
    first = before;
  }
}

function count(claim: Claim, key: string, upTo = Number.POSITIVE_INFINITY): number {
  let n = 0;
  const payments = claim.content.p ?? [];
  for (let i = 0; i < payments.length && i < upTo; i++) if (JSON.stringify(payments[i]) === key) n++;
  return n;
}

export function within(periods: readonly Period[], day: PlainDate): boolean {
  for (const period of periods) if (period.from <= day && day < period.to) return true;
  return false;
}
