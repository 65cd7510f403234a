import type { PlainDate } from '../kernel/plain-date.ts';

/** What a village signs (核实户籍人口、核准应参保人数): 附件4 column 3 and 附件5 column 3 of a day. */
export interface Headcount {
  readonly day: PlainDate;
  readonly population: number;
  readonly inScope: number;
}

/** The indicators that the figures are, and what the screen calls them. */
export const HEADCOUNT_INDICATORS = { population: 'population', inScope: 'in-scope' } as const;

export type HeadcountState = 'unsigned' | 'signed' | 'moved';
export const HEADCOUNT_WORDS: Readonly<Record<HeadcountState, string>> = {
  unsigned: '未核定',
  signed: '已核定',
  moved: '已变动',
};

/** A signature holds for its figures: when they have moved since, it says so and stays. */
export function headcountState(signed: Headcount | undefined, now: Omit<Headcount, 'day'>): HeadcountState {
  if (signed === undefined) return 'unsigned';
  const { population, inScope } = headcountDrift(signed, now);
  return population === 0 && inScope === 0 ? 'signed' : 'moved';
}

/** By how many people the figures are higher now than signed. */
export function headcountDrift(
  signed: Omit<Headcount, 'day'>,
  now: Omit<Headcount, 'day'>,
): { readonly population: number; readonly inScope: number } {
  return { population: now.population - signed.population, inScope: now.inScope - signed.inScope };
}
