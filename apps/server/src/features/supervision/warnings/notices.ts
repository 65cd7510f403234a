import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { type RegionCode, regionRange } from '@quanbao/domain/kernel/region';
import type { Colour } from '@quanbao/domain/supervision/warning';
import type { Scope, Tx } from '../../../db/port.ts';

/** What a place is told: of a warning, or that an order has escalated. */
export interface Notice {
  readonly region: RegionCode;
  readonly warning: string;
  readonly day: PlainDate;
  readonly colour: Colour;
  readonly words: string;
}
interface Told extends Notice {
  readonly actor: string;
  readonly notedBy: string | null;
  readonly notedAt: string | null;
}

/** What places of a region were told by a day, the newest first. */
export async function noticesOf(tx: Tx, scope: Scope, region: RegionCode, day?: PlainDate): Promise<Told[]> {
  const { lo, hi } = regionRange(region);
  const rows = await tx.query<Omit<Told, 'notedAt'> & { notedAt: Date | null }>(
    `select region, warning, day, colour, words, actor, noted_by as "notedBy", noted_at as "notedAt" from warning_notice
     where county = $1 and region >= $2 and region < $3 and ($4::text is null or day <= $4)
     order by day desc, region, warning limit 500`,
    [scope.county, lo, hi, day ?? null],
  );
  return rows.map((row) => ({
    ...row,
    notedAt: row.notedAt === null ? null : new Date(row.notedAt).toISOString(),
  }));
}

/** What was told that day already is told once. @returns how many are new */
export async function putNotices(tx: Tx, scope: Scope, notices: readonly Notice[]): Promise<number> {
  const rows = await tx.query(
    `insert into warning_notice (county, region, warning, day, colour, words, actor)
     select $1, u.region, u.warning, u.day, u.colour, u.words, $7
     from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) as u (region, warning, day, colour, words)
     on conflict (county, region, warning, day) do nothing returning 1`,
    [
      scope.county,
      notices.map((one) => one.region),
      notices.map((one) => one.warning),
      notices.map((one) => one.day),
      notices.map((one) => one.colour),
      notices.map((one) => one.words),
      scope.actor,
    ],
  );
  return rows.length;
}
