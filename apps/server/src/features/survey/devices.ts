import type { Scope } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';

/** Remembers what a device still holds unsent, and that it was heard of. */
export async function noteDevice(
  instance: Instance,
  seen: Scope,
  { device, waiting = 0 }: { device: string; waiting?: number | undefined },
): Promise<void> {
  await instance.db.transaction({ county: seen.county, region: seen.county, actor: seen.actor }, (tx) =>
    tx.query(
      `insert into device (county, device, actor, region, waiting) values ($1, $2, $3, $4, $5)
       on conflict (county, device, actor) do update set region = excluded.region, waiting = excluded.waiting, seen_at = now()`,
      [seen.county, device, seen.actor, seen.region, waiting],
    ),
  );
}
