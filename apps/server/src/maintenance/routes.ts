import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as contract from '@quanbao/contract/settings';
import { type Handled, handle } from '../http/handler.ts';
import type { Instance } from '../instance.ts';
import { version } from '../version.ts';
import { backup } from './backup.ts';
import { rotateKeys } from './rotate.ts';

const NAME = /^\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}Z(-\w+)?\.backup$/;

interface BackupFile {
  name: string;
  bytes: number;
  at: string;
}

/** Made by hand and by the clock, newest first. */
async function backupsOf(instance: Instance): Promise<BackupFile[]> {
  const found: BackupFile[] = [];
  for (const folder of ['backups', 'dumps']) {
    const dir = join(instance.dir, folder);
    for (const name of await readdir(dir).catch(() => [] as string[])) {
      if (!NAME.test(name)) continue;
      const { size, mtime } = await stat(join(dir, name));
      found.push({ name: `${folder}/${name}`, bytes: size, at: mtime.toISOString() });
    }
  }
  return found.toSorted((a, b) => (a.at < b.at ? 1 : -1));
}

export const maintenanceRoutes: readonly Handled[] = [
  handle(contract.instance, async ({ instance, county }) => {
    const [row] = await instance.db.asOwner((tx) =>
      tx.query<{ people: number }>('select count(*)::int as people from person where county = $1', [county]),
    );
    return {
      version: version(),
      node: process.versions.node,
      database: instance.db.profile,
      people: row?.people ?? 0,
      ceiling: instance.db.ceiling ?? null,
      keyId: instance.keyring.current('field'),
      backups: await backupsOf(instance),
    };
  }),
  handle(contract.makeBackup, async ({ instance, scope }) => {
    const dir = join(instance.dir, 'backups');
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const name = `${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}Z.backup`;
    await backup(instance, join(dir, name), { actor: scope.actor });
    const { size, mtime } = await stat(join(dir, name));
    return { name: `backups/${name}`, bytes: size, at: mtime.toISOString() };
  }),
  handle(contract.rotateKeys, ({ instance, scope }) => rotateKeys(instance, { actor: scope.actor })),
];
