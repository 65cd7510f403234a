import { chinaDay, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import type { Scope, Tx } from '../../db/port.ts';

/** The day something is done on: today in China; a demo county lives in the days of its lists. */
export async function workDay(tx: Tx, { county }: Pick<Scope, 'county'>, now: Date): Promise<PlainDate> {
  const [row] = await tx.query<{ demo: boolean | null; latest: string | null }>(
    `select (settings->>'demo')::boolean as demo, latest_day as latest from county where county = $1`,
    [county],
  );
  return row?.demo === true && row.latest !== null ? row.latest : chinaDay(now);
}
