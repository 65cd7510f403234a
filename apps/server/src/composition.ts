import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { migrate } from './db/migrate.ts';
import { openDatabase } from './db/open.ts';
import type { Instance } from './instance.ts';
import { createFieldCipher } from './secrets/field.ts';
import { createFileStore } from './secrets/file-store.ts';
import { openKeyring } from './secrets/keyring.ts';

export interface Settings {
  /** Keys, stored files and the embedded database. */
  readonly dir: string;
  /** A PostgreSQL server instead of the embedded database. */
  readonly url: string | undefined;
}

export function settingsFromEnvironment(env: NodeJS.ProcessEnv): Settings {
  return {
    dir: resolve(env.QUANBAO_DATA ?? 'quanbao-data'),
    url: env.DATABASE_URL === undefined || env.DATABASE_URL === '' ? undefined : env.DATABASE_URL,
  };
}

export interface OpenedInstance extends Instance {
  /** Things the person at the terminal must read, such as the warning to keep the key file. */
  readonly warnings: readonly string[];
  close(): Promise<void>;
}

/** The only wiring: database, migrations, keys, file store. */
export async function openInstance(settings: Settings): Promise<OpenedInstance> {
  mkdirSync(settings.dir, { recursive: true, mode: 0o700 });
  const db = await openDatabase({ url: settings.url, dir: settings.dir });
  try {
    await migrate(db);
    const held = await db.asOwner((tx) => tx.query('select 1 from person limit 1'));
    const { keyring, warning } = openKeyring(settings.dir, { holdsData: held.length > 0 });
    return {
      db,
      keyring,
      cipher: createFieldCipher(keyring),
      files: createFileStore(settings.dir, keyring),
      dir: settings.dir,
      warnings: warning === undefined ? [] : [warning],
      close: () => db.close(),
    };
  } catch (error) {
    await db.close();
    throw error;
  }
}
