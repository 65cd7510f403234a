import { Refusal } from '@quanbao/domain/kernel/problem';
import { journalOf } from '../../db/journal-of.ts';
import type { Scope } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { record } from '../audit/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { placeOf } from '../register/index.ts';
import { isTooOld, rightMoment, skewOf } from './visits.ts';

/** Nothing is handed to a device that was cut off, and nothing taken from it. @throws Refusal */
export async function requireDevice(instance: Instance, seen: Scope, device: string): Promise<void> {
  const rows = await instance.db.transaction(journalOf(seen), (tx) =>
    tx.query(
      'select 1 from device where county = $1 and device = $2 and actor = $3 and revoked_at is not null',
      [seen.county, device, seen.actor],
    ),
  );
  if (rows.length === 0) return;
  throw new Refusal('device.revoked', '这部手机已被停用；如果手机还在您手里，请联系乡镇恢复。');
}

/** Cuts a device off, or lets it in again. */
export async function revokeDevice(
  instance: Instance,
  seen: Scope,
  { device, actor, revoked }: { device: string; actor: string; revoked: boolean },
): Promise<void> {
  const there = await instance.db.transaction(seen, (tx) =>
    tx.query('select 1 from device where county = $1 and device = $2 and actor = $3', [
      seen.county,
      device,
      actor,
    ]),
  );
  if (there.length === 0) throw new Refusal('device.unknown', '没有这部手机，请刷新后再试。');
  await instance.db.transaction(journalOf(seen), async (tx) => {
    await tx.query(
      `update device set revoked_at = case when $4::boolean then now() end, revoked_by = case when $4::boolean then $5::text end
       where county = $1 and device = $2 and actor = $3`,
      [seen.county, device, actor, revoked, seen.actor],
    );
    await record(tx, {
      county: seen.county,
      actor: seen.actor,
      act: revoked ? 'device.revoke' : 'device.restore',
      subject: 'device',
      region: seen.region,
      detail: { of: actor },
    });
  });
}

/** What a device says of itself. */
interface Said {
  readonly device: string;
  /** How much it holds that was not taken. */
  readonly waiting?: number | undefined;
  /** When the oldest of it was written down, which older phones do not say; and when this was said, by the same clock. */
  readonly oldest?: string | undefined;
  readonly now?: string | undefined;
}

/** Remembers that a device was heard of and, where it says so, what it still holds and since when. */
export async function noteDevice(
  instance: Instance,
  seen: Scope,
  { device, waiting, oldest, now }: Said,
): Promise<void> {
  if (waiting === undefined) {
    await instance.db.transaction(journalOf(seen), (tx) =>
      tx.query(
        `insert into device (county, device, actor, region, waiting) values ($1, $2, $3, $4, 0)
         on conflict (county, device, actor) do update set region = excluded.region, seen_at = now()`,
        [seen.county, device, seen.actor, seen.region],
      ),
    );
    return;
  }
  const since = sinceOf(oldest, now, new Date());
  await instance.db.transaction(journalOf(seen), (tx) =>
    tx.query(
      `insert into device (county, device, actor, region, waiting, waiting_since)
       values ($1, $2, $3, $4, $5::int, case when $5::int > 0 then coalesce($6::timestamptz, now()) end)
       on conflict (county, device, actor) do update set region = excluded.region, waiting = excluded.waiting, seen_at = now(),
         waiting_since = case when excluded.waiting > 0 then coalesce($6::timestamptz, device.waiting_since, now()) end`,
      [seen.county, device, seen.actor, seen.region, waiting, since],
    ),
  );
}

/**
 * What a file brought of a phone it holds alone no more; what the file brought in vain it does. Until it reports itself:
 * it does not know of the file.
 */
export async function noteHandedOver(
  instance: Instance,
  worker: Scope,
  device: string,
  { taken, refused }: { readonly taken: number; readonly refused: number },
): Promise<void> {
  const left = 'greatest(waiting - $4::int, least(waiting, $5::int))';
  await instance.db.transaction(journalOf(worker), (tx) =>
    tx.query(
      `update device set waiting = ${left}, waiting_since = case when ${left} > 0 then waiting_since end
       where county = $1 and device = $2 and actor = $3`,
      [worker.county, device, worker.actor, taken, refused],
    ),
  );
}

/** Null where it is not said, or said by a clock that cannot have been right. */
function sinceOf(oldest: string | undefined, said: string | undefined, now: Date): string | null {
  if (oldest === undefined || said === undefined) return null;
  const right = rightMoment(oldest, skewOf(said, now), now);
  return Number.isNaN(right) || isTooOld(right, now) ? null : new Date(right).toISOString();
}

/** The devices of the scope: those that have held something unsent longest first, then the longest unheard of. */
export async function listDevices(instance: Instance, scope: Scope) {
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const rows = await tx.query<{
      device: string;
      actor: string;
      region: string;
      waiting: number;
      since: Date | null;
      at: Date;
      revokedAt: Date | null;
      revokedBy: string | null;
    }>(
      `select device, actor, region, waiting, waiting_since as since, seen_at as at, revoked_at as "revokedAt", revoked_by as "revokedBy"
       from device where county = $1 order by revoked_at is not null, waiting_since nulls last, waiting desc, seen_at limit 500`,
      [scope.county],
    );
    return {
      items: rows.map((row) => ({
        device: row.device,
        actor: row.actor,
        region: placeOf(tree, row.region),
        waiting: row.waiting,
        waitingSince: row.since === null ? null : new Date(row.since).toISOString(),
        seenAt: new Date(row.at).toISOString(),
        revoked:
          row.revokedAt === null
            ? null
            : { at: new Date(row.revokedAt).toISOString(), by: row.revokedBy ?? '' },
      })),
    };
  });
}
