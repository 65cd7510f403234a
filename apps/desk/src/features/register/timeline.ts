interface Period {
  readonly from: string;
  /** Half-open; null goes on. */
  readonly to: string | null;
}

const DAY = 86_400_000;

function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / DAY;
}

export interface Scale {
  readonly first: string;
  readonly last: string;
}

/** From the earliest beginning to some way past the day asked about; what began long ago does not squeeze the rest. */
export function scaleOf(periods: readonly Period[], asOf: string, years = 3): Scale {
  const earliest = `${Number(asOf.slice(0, 4)) - years}-01-01`;
  const begun = periods.map(({ from }) => from).filter((day) => day !== '');
  const first = [...begun, asOf].sort()[0] ?? asOf;
  return { first: first < earliest ? earliest : first, last: `${asOf.slice(0, 4)}-12-31` };
}

/** Where a period stands on the scale, in percent; undefined when outside. */
export function placeOn(
  { first, last }: Scale,
  { from, to }: Period,
): { readonly left: number; readonly width: number; readonly before: boolean } | undefined {
  const start = dayNumber(first);
  const whole = Math.max(1, dayNumber(last) - start);
  const a = Math.max(0, (dayNumber(from) - start) / whole);
  const b = to === null ? 1 : Math.min(1, (dayNumber(to) - start) / whole);
  if (b <= 0 || a >= 1 || b <= a) return undefined;
  return { left: a * 100, width: Math.max(0.8, (b - a) * 100), before: from < first };
}

export function pointOn(scale: Scale, day: string): number {
  return placeOn(scale, { from: day, to: null })?.left ?? 100;
}
