import { ratio } from '../indicators/indicators.ts';

/** What one worker has been given in a round and has done. */
export interface WorkerCounts {
  /** People of the round in what he covers; null where he covers nothing. */
  readonly listed: number | null;
  /** Of these, whom he has seen himself. */
  readonly own: number;
  /** People of the round whom he has seen, wherever they are. */
  readonly visited: number;
}

/**
 * How far a worker is: of the round's quota whomever of it he has seen, and more than all of it where he has done more;
 * without a quota of the people he covers only those, since somebody seen elsewhere is no share of them.
 */
export function workerShare(quota: number | null, { listed, own, visited }: WorkerCounts): number | null {
  return quota === null ? ratio(own, listed ?? 0) : ratio(visited, quota);
}
