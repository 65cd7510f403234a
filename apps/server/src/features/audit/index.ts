import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { Database } from '../../db/port.ts';
import { exportHead, head, lockHeads, type Sealed, seal } from './store.ts';

export { holdsIdNumber } from './chain.ts';
export { requireReason } from './reason.ts';
export {
  exportHead,
  head,
  lockHeads,
  record,
  type Sealed,
  seal,
  verifyChain,
} from './store.ts';
export { actWords } from './words.ts';

/** Seals the county's trail and, once that is committed, exports the head. */
export async function sealAndExport(
  db: Database,
  county: RegionCode,
  auditKey: Uint8Array,
  dir: string,
  full = false,
): Promise<Sealed> {
  const sealed = await db.asOwner((tx) => seal(tx, county, auditKey, full));
  // Of two processes on one directory each writes its line after the other's, whose MAC it takes in.
  await db.asOwner(async (tx) => {
    await lockHeads(tx);
    const newest = await head(tx, county);
    if (newest) exportHead(dir, newest, auditKey);
  });
  return sealed;
}
