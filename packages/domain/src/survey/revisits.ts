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

/** Why and from which day on; undefined where nothing but the first visit is due. */
export function revisitOf(
  { kind, why, from, last, revisitDays }: RevisitFacts,
  on: PlainDate,
): { readonly why: RevisitWhy; readonly due: PlainDate } | undefined {
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
