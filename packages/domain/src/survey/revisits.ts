import { addDays, birthday, type PlainDate } from '../kernel/plain-date.ts';

/** Why somebody has to be visited again. */
export type RevisitWhy = 'expired' | 'attempts' | 'migrant-old' | 'migrant' | 'round';
export const REVISIT_WORDS: Readonly<Record<RevisitWhy, string>> = {
  expired: '原因的佐证到期',
  attempts: '联系不上，联系记录不够',
  'migrant-old': '外出务工，核实已满12个月',
  migrant: '外出务工，险种还不清楚',
  round: '本轮走访后仍待核实，到了复访日',
};

/** Reasons that dated attempts at contact prove (ledger/reasons). */
export const BY_ATTEMPTS: readonly string[] = ['separated', 'unreachable'];

/** Kinds of items that are visited again in any case; others only where a round watches them. */
export const REVISIT_KINDS: readonly string[] = ['uninsured', 'migrant'];

/** Why, and from which day on. */
export interface Revisit {
  readonly why: RevisitWhy;
  readonly due: PlainDate;
}

/** An item that is 待核实, or will be again by a day already known. */
export interface RevisitFacts {
  readonly kind: string;
  readonly why: string;
  /** Since when the item is 待核实. */
  readonly from: PlainDate;
  /** The latest visit and the reason it gave. */
  readonly last: { readonly day: PlainDate; readonly reason: string | undefined } | undefined;
  readonly revisitDays: number | undefined;
}

/** Undefined where nothing but the first visit is due. */
export function revisitOf(
  { kind, why, from, last, revisitDays }: RevisitFacts,
  on: PlainDate,
): Revisit | undefined {
  if (kind === 'migrant') {
    const year = last === undefined ? undefined : birthday(last.day, 1);
    if (year !== undefined && year <= (from > on ? from : on)) return { why: 'migrant-old', due: from };
    return { why: 'migrant', due: from };
  }
  if (why === 'expired') return { why: 'expired', due: from };
  if (last === undefined) return undefined;
  if (last.reason !== undefined && BY_ATTEMPTS.includes(last.reason)) {
    return { why: 'attempts', due: addDays(last.day, 1) };
  }
  if (revisitDays !== undefined) return { why: 'round', due: addDays(last.day, revisitDays) };
  return undefined;
}

/** Of several the one that is due first. */
export function earliest(revisits: readonly Revisit[]): Revisit | undefined {
  return revisits.toSorted((a, b) => (a.due < b.due ? -1 : 1))[0];
}
