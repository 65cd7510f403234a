import type { RegionCode } from '@quanbao/domain/kernel/region';
import { expect, vi } from 'vitest';
import { sealAndExport, verifyChain } from '../features/audit/index.ts';
import type { Instance } from '../instance.ts';

/**
 * Seals the whole trail. A seal leaves what is younger than the oldest transaction still running in the cluster, and other
 * tests run in the same one: it takes until those have ended.
 */
export async function sealEverything({ db, keyring, dir }: Instance, county: RegionCode): Promise<void> {
  await vi.waitFor(
    async () => {
      await sealAndExport(db, county, keyring.auditKey, dir);
      const chain = await db.asOwner((tx) => verifyChain(tx, county, keyring.auditKey, dir));
      expect(chain).toMatchObject({ ok: true, unsealed: 0 });
    },
    { timeout: 240_000, interval: 200 },
  );
}
