import type { Overview } from './contract.ts';

interface ByState {
  readonly verify: number;
  readonly settled: number;
  readonly closed: number;
}

export function openOf({ verify, settled }: ByState): number {
  return verify + settled;
}

export interface PlaceLine {
  readonly code: string;
  readonly name: string;
  readonly open: number;
  readonly verify: number;
  readonly settled: number;
  readonly closed: number;
}

/** Places by what is open of a kind, most first; as many, in the order of their codes. */
export function placesBy(kind: string, places: Overview['places']): PlaceLine[] {
  return places
    .map(({ code, name, kinds }) => {
      const counts = kinds[kind] ?? { verify: 0, settled: 0, closed: 0 };
      return { code, name, open: openOf(counts), ...counts };
    })
    .sort((a, b) => b.open - a.open || a.code.localeCompare(b.code));
}

/** A share of the most there is, in per cent; anything that is there is seen. */
export function barWidth(n: number, most: number): number {
  if (n <= 0 || most <= 0) return 0;
  return Math.max(2, Math.round((n / most) * 1000) / 10);
}
