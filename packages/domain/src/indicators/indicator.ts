import type { StepClass } from '../coverage/step-class.ts';
import type { LedgerKindCode, LedgerState } from '../ledger/kinds.ts';

/** What every indicator says of itself: printed beside its number. */
export interface Described {
  readonly code: string;
  readonly name: string;
  /** As the forms print it, or as the rules define it where no form does. */
  readonly definition: string;
  readonly clause: string;
  readonly unit: '人' | '件' | '元';
  /** Whether more is better; `none` where neither is. */
  readonly better: 'more' | 'less' | 'none';
  /** The first day it is defined for. */
  readonly from: string;
  /** How sure the definition is: `form` as a form prints it, `own` this product's, `reading` our reading of a term that no paper defines. */
  readonly sure: 'form' | 'own' | 'reading';
}

export const BETTER_WORDS: Readonly<Record<Described['better'], string>> = {
  more: '越高越好',
  less: '越低越好',
  none: '不比高低',
};

/** People of a day, by the class of their step. */
export interface PeopleCount extends Described {
  readonly kind: 'count';
  readonly over: 'people';
  readonly matches: (c: StepClass) => boolean;
}

/** Items of the ledger of a day, by kind and state. */
export interface ItemCount extends Described {
  readonly kind: 'count';
  readonly over: 'items';
  readonly kinds: readonly LedgerKindCode[];
  readonly states: readonly LedgerState[];
}

/** What a plan in force on the day gives a place (targets). */
export interface PlanCount extends Described {
  readonly kind: 'count';
  readonly over: 'plan';
  readonly plan: 'verify' | 'expand';
}

export type CountIndicator = PeopleCount | ItemCount | PlanCount;

export interface RateIndicator extends Omit<Described, 'unit'> {
  readonly kind: 'rate';
  readonly unit: '%';
  readonly numerator: string;
  readonly denominator: string;
}

/** Named in a document, but nothing that is received tells it yet: 待接入, never 0. */
export interface PendingIndicator extends Omit<Described, 'unit'> {
  readonly kind: 'pending';
  readonly unit: string;
  /** What has to be received first. */
  readonly waitsFor: string;
}

export type Indicator = CountIndicator | RateIndicator;

/** How much of an indicator one region counts on one day. */
export type CountOf = (indicator: string) => number;

type Say = Pick<Described, 'code' | 'name' | 'definition' | 'clause'> & Partial<Described>;

const SAYS = { better: 'none', from: '2020-01-01', sure: 'form' } as const;

/** Counts on V: everyone the household register names. */
export function people(say: Say, matches: PeopleCount['matches']): PeopleCount {
  return anybody(say, (c) => c.inRegister && matches(c));
}

/** Counts whoever a list names, in the household register or not. */
export function anybody(say: Say, matches: PeopleCount['matches']): PeopleCount {
  return { ...SAYS, unit: '人', ...say, kind: 'count', over: 'people', matches };
}

export function items(say: Say, kinds: ItemCount['kinds'], states: ItemCount['states']): ItemCount {
  return { ...SAYS, sure: 'own', unit: '件', ...say, kind: 'count', over: 'items', kinds, states };
}

export function planned(say: Say, plan: PlanCount['plan']): PlanCount {
  return { ...SAYS, unit: '人', ...say, kind: 'count', over: 'plan', plan };
}

export function rate(say: Say, numerator: string, denominator: string): RateIndicator {
  return { ...SAYS, better: 'more', ...say, kind: 'rate', unit: '%', numerator, denominator };
}
