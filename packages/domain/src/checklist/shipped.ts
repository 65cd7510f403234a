import type { Timing } from './timing.ts';

/** A line of a list as a paper prints it, with when it is due and what tells its progress. */
export interface ShippedItem {
  /** The cells in the order of the paper's columns; an empty one is merged with the cell above. */
  readonly printed: readonly [string, string, string, string, string, string];
  readonly timing: Timing;
  readonly indicator?: string;
}
