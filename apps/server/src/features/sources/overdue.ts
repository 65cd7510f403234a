import { addDays, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { SHIPPED_SOURCES } from '@quanbao/domain/sources/catalogue';
import type { Scope, Tx } from '../../db/port.ts';

export interface OverdueSource {
  source: string;
  title: string;
  office: string;
  /** As-of day of the newest delivery in force, null when none ever came. */
  latest: PlainDate | null;
  due: PlainDate | null;
}

/** Days after a list's as-of day by which the next one should be here. */
export const DUE_DAYS: Readonly<Record<string, number>> = { month: 31, quarter: 92, term: 184 };

/** Sources whose next list is late on the day, and those that never sent one; of an office its own. */
export async function overdueSources(tx: Tx, scope: Scope, day: PlainDate): Promise<OverdueSource[]> {
  const rows = await tx.query<{ source: string; latest: string }>(
    'select source, max(as_of) as latest from delivery where county = $1 and undone_at is null and as_of <= $2 group by source',
    [scope.county, day],
  );
  const latest = new Map(rows.map((row) => [row.source, row.latest]));
  return SHIPPED_SOURCES.flatMap((source) => {
    // Of the others it sees no delivery: they would seem never to have come.
    if (scope.sources !== undefined && !scope.sources.includes(source.code)) return [];
    const last = latest.get(source.code) ?? null;
    const every = DUE_DAYS[source.due];
    const due = last === null || every === undefined ? null : addDays(last, every);
    const late = last === null ? source.due !== 'batch' : due !== null && due < day;
    return late
      ? [{ source: source.code, title: source.title, office: source.office, latest: last, due }]
      : [];
  });
}
