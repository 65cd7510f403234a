import { formatRate, indicator } from './indicators.ts';

/**
 * Places 1 for the best, equal for values that print alike (as in a bulletin), the next one counted on from there; null where there is no value, or
 * where neither more nor less is better.
 */
export function rankValues(code: string, values: readonly (number | null)[]): (number | null)[] {
  const { better, kind } = indicator(code);
  if (better === 'none') return values.map(() => null);
  const seen = values.map((value) =>
    value === null || kind !== 'rate' ? value : Number(formatRate(value).slice(0, -1)),
  );
  const ahead = (a: number, b: number): boolean => (better === 'more' ? a > b : a < b);
  return seen.map((value) =>
    value === null ? null : 1 + seen.filter((other) => other !== null && ahead(other, value)).length,
  );
}
