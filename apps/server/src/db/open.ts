import { openPglite } from './pglite.ts';
import type { Database } from './port.ts';
import { openPostgres } from './postgres.ts';

export async function openDatabase(options: { url?: string | undefined; dir: string }): Promise<Database> {
  return options.url === undefined ? openPglite(options.dir) : openPostgres(options.url);
}
