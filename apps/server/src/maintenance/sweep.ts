import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlone } from '../db/alone.ts';
import { UPLOAD_KEPT_MS, UPLOADS } from '../features/sources/index.ts';
import type { Instance } from '../instance.ts';
import { sweepFileStore } from '../secrets/file-store.ts';

/** Working directories of commands: originals being read again, a backup on its way. */
const WORK = /^(?:work|backup|restore)-/;

/**
 * Takes away what a killed command left: rows on the stage, marks, half-written and decrypted files.
 * Does nothing while another process works on the same data.
 */
export async function sweepLeftovers(instance: Instance): Promise<boolean> {
  if (!(await isAlone(instance.db))) return false;
  await instance.db.asOwner(async (tx) => {
    // Looked at first: a lock on the whole table is not taken for nothing.
    const [left] = await tx.query<{ stage: boolean; touched: boolean }>(
      `select exists (select 1 from stage_row) or exists (select 1 from stage_person) as stage,
         exists (select 1 from touched) as touched`,
    );
    if (left?.stage) await tx.query('truncate stage_row, stage_person');
    if (left?.touched) await tx.query('delete from touched');
  });
  for (const name of await readdir(instance.dir)) {
    if (WORK.test(name)) await rm(join(instance.dir, name), { recursive: true, force: true });
  }
  // A service may be between two of its lines: its uploads go when it would have forgotten them.
  for (const name of await readdir(join(instance.dir, UPLOADS)).catch(() => [])) {
    const room = join(instance.dir, UPLOADS, name);
    if (Date.now() - (await stat(room)).mtimeMs > UPLOAD_KEPT_MS)
      await rm(room, { recursive: true, force: true });
  }
  await sweepFileStore(instance.dir);
  return true;
}
