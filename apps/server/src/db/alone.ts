import type { Database } from './port.ts';

/**
 * Whether no other process has the database open: the embedded one has a lock; on a server each process's lines bear a
 * name of their own, and those stay open while it works.
 */
export async function isAlone(db: Database): Promise<boolean> {
  if (db.profile === 'pglite') return true;
  // As the owner: another role is shown no names.
  const [others] = await db.asOwner((tx) =>
    tx.query<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity
       where datname = current_database() and backend_type = 'client backend'
         and application_name is distinct from current_setting('application_name')`,
    ),
  );
  return Number(others?.n) === 0;
}
