import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tx } from '../db/port.ts';
import type { Instance } from '../instance.ts';
import { sweepFileStore } from '../secrets/file-store.ts';

/** Working directories of commands: originals being read again, a backup on its way. */
const WORK = /^(?:work|backup|restore)-/;

/**
 * Takes away what a killed command left: rows on the stage, marks, half-written and decrypted files.
 * Does nothing while another process works on the same data.
 */
export async function sweepLeftovers(instance: Instance): Promise<boolean> {
  const swept = await instance.db.asOwner(async (tx) => {
    if (!(await isAlone(tx, instance))) return false;
    // Looked at first: a lock on the whole table is not taken for nothing.
    const [left] = await tx.query<{ stage: boolean; touched: boolean }>(
      `select exists (select 1 from stage_row) or exists (select 1 from stage_person) as stage,
         exists (select 1 from touched) as touched`,
    );
    if (left?.stage) await tx.query('truncate stage_row, stage_person');
    if (left?.touched) await tx.query('delete from touched');
    return true;
  });
  if (!swept) return false;
  for (const name of await readdir(instance.dir)) {
    if (WORK.test(name)) await rm(join(instance.dir, name), { recursive: true, force: true });
  }
  await sweepFileStore(instance.dir);
  return true;
}

/** The embedded database has one process by its lock; on a server, whoever works keeps a connection open. */
async function isAlone(tx: Tx, instance: Instance): Promise<boolean> {
  if (instance.db.profile === 'pglite') return true;
  const [others] = await tx.query<{ n: number }>(
    `select count(*)::int as n from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
  );
  return Number(others?.n) === 0;
}
