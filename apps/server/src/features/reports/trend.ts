import type { CountOf } from '@quanbao/domain/indicators/indicators';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { type RegionCode, regionRange } from '@quanbao/domain/kernel/region';
import type { Tx } from '../../db/port.ts';
import { addUp, countAreas, countOf } from './counts.ts';

/** The region's counts on each of some days: those of the first, then the differences appended since. */
export async function countTrend(
  tx: Tx,
  county: RegionCode,
  region: RegionCode,
  days: readonly PlainDate[],
): Promise<{ day: PlainDate; count: CountOf }[]> {
  const key = `trend ${region} ${days.join()}`;
  return tx.remember(key, () => readTrend(tx, county, region, days));
}

async function readTrend(
  tx: Tx,
  county: RegionCode,
  region: RegionCode,
  days: readonly PlainDate[],
): Promise<{ day: PlainDate; count: CountOf }[]> {
  const [first, ...later] = days.toSorted();
  if (first === undefined) return [];
  const level = region === county ? 'towns' : 'villages';
  const classes = addUp((await countAreas(tx, county, region, level, first)).values());
  const { lo, hi } = regionRange(region);
  const changes = await tx.query<{ bucket: string; class: number; n: number }>(
    `select bucket, class, sum(n)::int as n from count_delta
     where county = $1 and class >= 0 and grain = $2 and bucket > $3 and bucket <= $4 and region >= $5 and region < $6
     group by bucket, class having sum(n) <> 0 order by bucket`,
    [county, level === 'towns' ? 'D' : 'd', first, later.at(-1) ?? first, lo, hi],
  );
  const trend = [{ day: first, count: countOf(new Map(classes)) }];
  let at = 0;
  for (const day of later) {
    for (let row = changes[at]; row !== undefined && row.bucket <= day; row = changes[++at]) {
      classes.set(row.class, (classes.get(row.class) ?? 0) + Number(row.n));
    }
    trend.push({ day, count: countOf(new Map(classes)) });
  }
  return trend;
}

/** The last as-of days of lists in force up to the day, at most one a day, spread evenly when there are many. */
export async function turningDays(
  tx: Tx,
  county: RegionCode,
  from: PlainDate,
  day: PlainDate,
  most: number,
): Promise<PlainDate[]> {
  const rows = await tx.query<{ as_of: string }>(
    `select distinct as_of from delivery
     where county = $1 and undone_at is null and as_of >= $2 and as_of <= $3 order by as_of`,
    [county, from, day],
  );
  const days = [...new Set([...rows.map((row) => row.as_of), day])];
  const step = Math.max(1, Math.ceil(days.length / most));
  return days.filter((_one, i) => (days.length - 1 - i) % step === 0);
}
