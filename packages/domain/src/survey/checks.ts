import { ratio } from '../indicators/indicators.ts';
import { Refusal } from '../kernel/problem.ts';

/** What a back-check (抽查) finds. */
export const CHECK_RESULTS = ['same', 'different', 'unverifiable'] as const;
export type CheckResult = (typeof CHECK_RESULTS)[number];
export const CHECK_WORDS: Readonly<Record<CheckResult, string>> = {
  same: '一致',
  different: '不一致',
  unverifiable: '无法核实',
};

/** So many visits, or so many of a hundred. */
export type SampleSize = { readonly count: number } | { readonly percent: number };

export function sampleSizeOf(asked: {
  readonly count?: number | undefined;
  readonly percent?: number | undefined;
}): SampleSize {
  const { count, percent } = asked;
  if ((count === undefined) === (percent === undefined)) {
    throw new Refusal('check.size', '请写抽多少条，或抽百分之几；只写一个。');
  }
  if (count !== undefined) {
    if (!Number.isInteger(count) || count < 1) throw new Refusal('check.size', '抽查条数应为正整数。');
    return { count };
  }
  if (!(percent !== undefined && percent > 0 && percent <= 100)) {
    throw new Refusal('check.size', '抽查比例应大于0、不超过100。');
  }
  return { percent };
}

/** How many of `total` are drawn: a share is rounded up, at least one, so that a small village is not left out. */
export function sampleCount(total: number, size: SampleSize): number {
  const wanted =
    'count' in size ? size.count : Math.max(1, Math.ceil((total * Math.round(size.percent * 100)) / 10_000));
  return Math.min(total, wanted);
}

export function sampleWords(size: SampleSize): string {
  return 'count' in size ? `${size.count}条` : `${size.percent}%`;
}

/**
 * What a sample is drawn by: visits in the order of md5(seed + '|' + number of the visit), the first so many. Whoever
 * has the seed and the list can draw it again.
 */
export function sampleSeed(round: number | undefined, number: number): string {
  return `${round ?? 0}-${number}`;
}

export interface CheckCounts {
  readonly drawn: number;
  readonly same: number;
  readonly different: number;
  readonly unverifiable: number;
}

/** Agreement: of what could be verified; null where nothing could. */
export function agreement({ same, different }: CheckCounts): number | null {
  return ratio(same, same + different);
}

export function stillUnchecked({ drawn, same, different, unverifiable }: CheckCounts): number {
  return drawn - same - different - unverifiable;
}
