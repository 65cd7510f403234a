/**
 * Everything a form counts about one person on one day, packed into one whole number: the class of a step.
 * Counting is then by village × class, and a new indicator is only a new predicate over classes.
 */
export interface StepClass {
  /** 附件3 column: 7 in scope, 8–17 the ten reasons. */
  readonly column: number;
  /** Rank of the rule that decided, 0 adjudication … 14 in scope and not registered. */
  readonly rank: number;
  readonly scheme: SchemeState;
  readonly registered: boolean;
  /** Net contributions of the day's own year, up to the day, are above 0. */
  readonly paid: boolean;
  readonly willing: Willing;
  /** Columns 8–10, or registered in the residents' scheme. */
  readonly insuredAny: boolean;
  /** Named by the household register: a member of V. */
  readonly inRegister: boolean;
  readonly onProvinceList: boolean;
  readonly ageBand: AgeBand;
  readonly tags: readonly Tag[];
  /** Net contributions of the year before the day's own were above 0 at its end: who may pay again (续保). */
  readonly paidLastYear: boolean;
}

export const SCHEME_STATES = [
  'none',
  'paying',
  'paused',
  'drawing',
  'drawing-paused',
  'ended',
  'unknown',
] as const;
export type SchemeState = (typeof SCHEME_STATES)[number];
export const WILLING = ['unknown', 'yes', 'no'] as const;
export type Willing = (typeof WILLING)[number];
export const AGE_BANDS = ['under-16', '16-59', '60-plus'] as const;
export type AgeBand = (typeof AGE_BANDS)[number];
/** 低保, 特困, 重残, 其他残疾, 建档立卡, 被征地 */
export const TAGS = [
  'low-income',
  'extreme-poverty',
  'severe-disability',
  'disability',
  'poverty-registered',
  'land-expropriated',
] as const;
export type Tag = (typeof TAGS)[number];

/** 正常缴费, 暂停缴费, 正常待遇, 暂停待遇 are registrations; 终止 and unknown pairs are not. */
export function isRegistered(scheme: SchemeState): boolean {
  return scheme === 'paying' || scheme === 'paused' || scheme === 'drawing' || scheme === 'drawing-paused';
}

/** Where two rows or lists disagree: any current state beats a paused one, a paused one beats 终止. */
export const SCHEME_ORDER: readonly SchemeState[] = [
  'drawing',
  'paying',
  'paused',
  'drawing-paused',
  'unknown',
  'ended',
  'none',
];

/** The packed number; fits a positive 32-bit integer (25 bits). `tagBits`: bit i is TAGS[i]. */
export function packClass(
  column: number,
  rank: number,
  scheme: SchemeState,
  paid: boolean,
  willing: Willing,
  inRegister: boolean,
  onProvinceList: boolean,
  ageBand: AgeBand,
  tagBits: number,
  paidLastYear: boolean,
): number {
  return (
    (column - 7) |
    (rank << 4) |
    (SCHEME_STATES.indexOf(scheme) << 8) |
    ((paid ? 1 : 0) << 11) |
    (WILLING.indexOf(willing) << 12) |
    ((inRegister ? 1 : 0) << 14) |
    ((onProvinceList ? 1 : 0) << 15) |
    (AGE_BANDS.indexOf(ageBand) << 16) |
    (tagBits << 18) |
    ((paidLastYear ? 1 : 0) << 24)
  );
}

export function unpackClass(code: number): StepClass {
  const column = (code & 15) + 7;
  const scheme = SCHEME_STATES[(code >> 8) & 7] as SchemeState;
  const registered = isRegistered(scheme);
  return {
    column,
    rank: (code >> 4) & 15,
    scheme,
    registered,
    paid: ((code >> 11) & 1) === 1,
    willing: WILLING[(code >> 12) & 3] as Willing,
    insuredAny: registered || (column >= 8 && column <= 10),
    inRegister: ((code >> 14) & 1) === 1,
    onProvinceList: ((code >> 15) & 1) === 1,
    ageBand: AGE_BANDS[(code >> 16) & 3] as AgeBand,
    tags: TAGS.filter((_, i) => ((code >> (18 + i)) & 1) === 1),
    paidLastYear: ((code >> 24) & 1) === 1,
  };
}
