import { journalOf } from '../../db/journal-of.ts';
import type { Scope } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { loadRegionTree } from '../regions/index.ts';
import { placeOf } from '../register/index.ts';

/** Remembers what a device still holds unsent, and that it was heard of. */
export async function noteDevice(
  instance: Instance,
  seen: Scope,
  { device, waiting = 0 }: { device: string; waiting?: number | undefined },
): Promise<void> {
  await instance.db.transaction(journalOf(seen), (tx) =>
    tx.query(
      `insert into device (county, device, actor, region, waiting, waiting_since)
       values ($1, $2, $3, $4, $5::int, case when $5::int > 0 then now() end)
       on conflict (county, device, actor) do update set region = excluded.region, waiting = excluded.waiting, seen_at = now(),
         waiting_since = case when excluded.waiting > 0 then coalesce(device.waiting_since, now()) end`,
      [seen.county, device, seen.actor, seen.region, waiting],
    ),
  );
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
    }>(
      `select device, actor, region, waiting, waiting_since as since, seen_at as at from device where county = $1
       order by waiting_since nulls last, waiting desc, seen_at limit 500`,
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
      })),
    };
  });
}
