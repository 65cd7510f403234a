import { setTimeout } from 'node:timers/promises';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import { regionLevel, regionRange } from '@quanbao/domain/kernel/region';
import { NOTICE_KINDS, noticeTitle, seesNotice } from '@quanbao/domain/ledger/notices';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { record } from '../audit/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { requireRegion } from '../reports/index.ts';

/** Which notices are meant: of a place in the scope, of one kind. */
interface Which {
  readonly region?: RegionCode | undefined;
  readonly kind?: string | undefined;
}

/** `county = $1` and the like: what the scope may be told of, and of that what is asked for; four parameters. */
const OF = 'county = $1 and region >= $2 and region < $3 and kind = any($4::text[])';

async function meant(tx: Tx, scope: Scope, { region = scope.region, kind }: Which): Promise<unknown[]> {
  requireRegion(await loadRegionTree(tx, scope.county), scope, region);
  if (kind !== undefined && !toldTo(scope).includes(kind)) {
    throw new Refusal('notice.kind', '没有这种推送，或所依据的名单不对您所在的层级开放；请换一个条件。');
  }
  const { lo, hi } = regionRange(region);
  return [scope.county, lo, hi, toldTo(scope).filter((one) => kind === undefined || one === kind)];
}

function toldTo(scope: Scope): string[] {
  const level = regionLevel(scope.region) ?? 'village';
  return NOTICE_KINDS.filter((kind) => seesNotice(level, kind));
}

/** What came for a place, what nobody has taken note of first; the county sees what is open everywhere, with its age. */
export async function listNotices(
  instance: Instance,
  scope: Scope,
  { open, limit, ...which }: Which & { open?: boolean | undefined; limit: number },
) {
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const of = await meant(tx, scope, which);
    const [count] = await tx.query<{ n: number }>(
      `select count(*)::int as n from notice where ${OF} and noted_at is null`,
      of,
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
       where ${OF} ${open === undefined ? '' : `and noted_at is ${open ? '' : 'not '}null`}
       order by noted_at is not null, change desc, region, kind limit $5`,
      [...of, limit],
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

/** One notice. */
export interface NoticeKey {
  readonly change: number;
  readonly region: RegionCode;
  readonly kind: string;
}

/** Takes note (签收): of everything up to a change, in the scope or a place in it, or of what was chosen. */
export async function noteNotices(
  instance: Instance,
  scope: Scope,
  order: (Which & { readonly upTo: number }) | { readonly chosen: readonly NoticeKey[] },
): Promise<{ noted: number }> {
  return instance.db.transaction(scope, async (tx) => {
    const which: Which = 'chosen' in order ? {} : order;
    const of = await meant(tx, scope, which);
    const noted = `update notice set noted_at = now(), noted_by = $5 where ${OF} and noted_at is null`;
    const rows =
      'chosen' in order
        ? await tx.query(
            `${noted} and (region, change, kind) in (select * from unnest($6::text[], $7::bigint[], $8::text[])) returning 1`,
            [
              ...of,
              scope.actor,
              order.chosen.map(({ region }) => region),
              order.chosen.map(({ change }) => change),
              order.chosen.map(({ kind }) => kind),
            ],
          )
        : await tx.query(`${noted} and change <= $6 returning 1`, [...of, scope.actor, order.upTo]);
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'notice.note',
      subject: 'notices',
      region: which.region ?? scope.region,
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
  const kinds = toldTo(scope);
  let told = '';
  while (!signal.aborted) {
    const [row] = await instance.db.transaction(scope, (tx) =>
      tx.query<{ open: number; change: number }>(
        // Of the open ones alone: an index has these, and every open screen asks once a second.
        `select count(*)::int as open, coalesce(max(change), 0)::int as change from notice
         where county = $1 and noted_at is null and kind = any($2::text[])`,
        [scope.county, kinds],
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
