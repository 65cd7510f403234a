interface Stretch {
  readonly from: string;
  readonly to: string | null;
}

/** The stretch of a life that a day lies in. */
export function stretchOn<S extends Stretch>(life: readonly S[], day: string | undefined): S | undefined {
  if (day === undefined) return undefined;
  return life.find(({ from, to }) => from <= day && (to === null || day < to));
}
