import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { type RegionCode, regionRange } from '@quanbao/domain/kernel/region';
import type { Colour } from '@quanbao/domain/supervision/warning';
import type { Scope, Tx } from '../../../db/port.ts';

interface Notice {
  readonly region: RegionCode;
  readonly warning: string;
  readonly day: PlainDate;
  readonly colour: Colour;
  readonly words: string;
  readonly actor: string;
  readonly notedBy: string | null;
  readonly notedAt: string | null;
}

/** What places of a region were told by a day, the newest first. */
export async function noticesOf(
  tx: Tx,
  scope: Scope,
  region: RegionCode,
  day?: PlainDate,
): Promise<Notice[]> {
  const { lo, hi } = regionRange(region);
  const rows = await tx.query<Omit<Notice, 'notedAt'> & { notedAt: Date | null }>(
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
