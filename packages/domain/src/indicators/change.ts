/** Percent in hundredths, as it is printed: differences are taken between what a reader sees. */
export function printedPoints(rate: number): number {
  return Number((rate * 100).toFixed(2));
}

/** How much more it is than before; of rates what their printed values differ by, as a part of one. */
export function changeOf(kind: string, now: number, before: number): number {
  if (kind !== 'rate') return now - before;
  return Number((printedPoints(now) - printedPoints(before)).toFixed(2)) / 100;
}
