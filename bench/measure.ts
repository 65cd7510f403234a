/** Per town: columns 3, 4, 7–16 of 附件4 and columns 4, 5 of 附件5. Both sides must agree on every one. */
export type AreaCells = Readonly<Record<string, readonly number[]>>;

/** What one child process reports. */
export interface Measured {
  readonly seconds: Readonly<Record<string, number>>;
  readonly peakMb: number;
  readonly diskMb: number;
  readonly base: AreaCells;
  readonly changed: AreaCells;
}

/** @returns a function that gives the seconds since */
export function clock(): () => number {
  const start = performance.now();
  return () => (performance.now() - start) / 1000;
}
