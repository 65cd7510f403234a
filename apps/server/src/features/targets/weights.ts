import { findIndicator } from '@quanbao/domain/indicators/indicators';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { Weight } from '@quanbao/domain/targets/split';
import type { Scope, Tx } from '../../db/port.ts';
import { measure } from './measure.ts';

/** Everybody weighs the same. */
export const EQUAL = 'equal';

export interface Weighing {
  /** `equal`, or an indicator that counts. */
  readonly by: string;
  readonly asOf?: PlainDate | undefined;
}

/** What each place in a region weighs on a day, and what the region counts as a whole. @throws Refusal */
export async function weigh(
  tx: Tx,
  scope: Scope,
  region: RegionCode,
  { by, asOf }: Weighing,
): Promise<{ day: PlainDate; whole: number; places: Weight[] }> {
  if (by !== EQUAL) requireCount(by);
  const { day, whole, places } = await measure(tx, scope, region, asOf);
  return {
    day,
    whole: by === EQUAL ? places.length : whole(by),
    // A village is its own only place.
    places: places
      .filter(({ code }) => code !== region)
      .map(({ code, count }) => ({ region: code, weight: by === EQUAL ? 1 : count(by) })),
  };
}

/** @throws Refusal for what is no indicator of people or items */
export function requireCount(code: string): void {
  const found = findIndicator(code);
  if (found?.kind === 'count' && found.over !== 'plan') return;
  throw new Refusal(
    'targets.indicator',
    `没有名为“${code.slice(0, 40)}”的人数或件数指标；请从指标口径里选一个。`,
  );
}
