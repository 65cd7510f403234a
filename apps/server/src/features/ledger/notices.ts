import { setTimeout } from 'node:timers/promises';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import { regionRange } from '@quanbao/domain/kernel/region';
import { noticeTitle } from '@quanbao/domain/ledger/notices';
import type { Scope } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { record } from '../audit/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { requireRegion } from '../reports/index.ts';

/** What came for a place, what nobody has taken note of first; the county sees what is open everywhere, with its age. */
export async function listNotices(
  instance: Instance,
  scope: Scope,
  { open, limit }: { open?: boolean | undefined; limit: number },
) {
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const [count] = await tx.query<{ n: number }>(
      'select count(*)::int as n from notice where county = $1 and noted_at is null',
      [scope.county],
    );
    const rows = await tx.query<{
      change: number;
      region: string;
      kind: string;
      opened: number;
      closed: number;
      at: Date;
      notedAt: Date | null;
      notedBy: string | null;
    }>(
      `select change, region, kind, opened, closed, made_at as at, noted_at as "notedAt", noted_by as "notedBy" from notice
       where county = $1 ${open ? 'and noted_at is null' : ''}
       order by noted_at is not null, change desc, region, kind limit $2`,
      [scope.county, limit],
    );
    return {
      open: Number(count?.n ?? 0),
      items: rows.map((row) => ({
        change: Number(row.change),
        region: {
          code: row.region,
          name: tree.get(row.region)?.name ?? row.region,
          path: tree.path(row.region),
        },
        kind: row.kind,
        title: noticeTitle(row.kind),
        opened: row.opened,
        closed: row.closed,
        at: new Date(row.at).toISOString(),
        noted:
          row.notedAt === null ? null : { at: new Date(row.notedAt).toISOString(), by: row.notedBy ?? '' },
      })),
    };
  });
}

/** Takes note (签收) of everything up to a change, in the scope or a place in it. */
export async function noteNotices(
  instance: Instance,
  scope: Scope,
  { upTo, region = scope.region }: { upTo: number; region?: RegionCode | undefined },
): Promise<{ noted: number }> {
  return instance.db.transaction(scope, async (tx) => {
    requireRegion(await loadRegionTree(tx, scope.county), scope, region);
    const { lo, hi } = regionRange(region);
    const rows = await tx.query(
      `update notice set noted_at = now(), noted_by = $5 where county = $1 and region >= $2 and region < $3
         and change <= $4 and noted_at is null returning 1`,
      [scope.county, lo, hi, upTo, scope.actor],
    );
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'notice.note',
      subject: 'notices',
      region,
      detail: { notices: rows.length },
    });
    return { noted: rows.length };
  });
}

/** How soon an open screen learns of a change, in milliseconds: half of the two seconds it may take. */
const EVERY_MS = 1_000;

/** How many notices are open: at once, then whenever that or the newest change is another. */
export async function* followNotices(
  instance: Instance,
  scope: Scope,
  signal: AbortSignal,
): AsyncGenerator<{ open: number; change: number }> {
  let told = '';
  while (!signal.aborted) {
    const [row] = await instance.db.transaction(scope, (tx) =>
      tx.query<{ open: number; change: number }>(
        // Of the open ones alone: an index has these, and every open screen asks once a second.
        `select count(*)::int as open, coalesce(max(change), 0)::int as change from notice
         where county = $1 and noted_at is null`,
        [scope.county],
      ),
    );
    const now = { open: Number(row?.open ?? 0), change: Number(row?.change ?? 0) };
    const key = `${now.open} ${now.change}`;
    if (key !== told) {
      told = key;
      yield now;
    }
    await setTimeout(EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}
