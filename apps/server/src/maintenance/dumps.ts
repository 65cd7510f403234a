import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Instance } from '../instance.ts';
import { backup } from './backup.ts';

const KEPT = 3;
const EVERY_MS = 6 * 3_600_000;
const NAME = /^(\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}Z)-(\w+)\.backup$/;

/** Said where an instance begins: what the embedded database is for. */
const TRIAL_NOTICE =
  '提示：现在用的是嵌入数据库，供试用、培训和测试：程序被中止不丢数据，但突然断电可能损坏数据。' +
  '数据目录的 dumps/ 里会自动保留最近 3 份加密备份；正式使用请改用 PostgreSQL（设置 DATABASE_URL）。';

export function trialNotice(instance: Instance): string | undefined {
  return instance.db.profile === 'pglite' ? TRIAL_NOTICE : undefined;
}

/**
 * Dumps the embedded database into `<dir>/dumps` when it holds what no dump holds and the last one is six hours
 * old or there is none; keeps three. They are ordinary backups: `quanbao restore` takes them.
 * @returns the new file's path, or undefined when none was due
 */
export async function dumpIfDue(
  instance: Instance,
  options: { now?: Date; onProgress?: (text: string) => void } = {},
): Promise<string | undefined> {
  if (instance.db.profile !== 'pglite') return undefined;
  const state = await stateOf(instance);
  if (state === undefined) return undefined;
  const now = options.now ?? new Date();
  const dir = join(instance.dir, 'dumps');
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const dumps = (await readdir(dir)).filter((name) => NAME.test(name)).sort();
  const [, made, of] = NAME.exec(dumps.at(-1) ?? '') ?? [];
  if (of === state) return undefined;
  if (made !== undefined && now.getTime() - timeOf(made) < EVERY_MS) return undefined;
  options.onProgress?.('自动备份嵌入数据库');
  const stamp = `${now.toISOString().slice(0, 19).replaceAll(':', '-')}Z`;
  const path = join(dir, `${stamp}-${state}.backup`);
  await backup(instance, path, { actor: 'automatic' });
  for (const old of dumps.slice(0, Math.max(0, dumps.length + 1 - KEPT))) await rm(join(dir, old));
  return path;
}

function timeOf(stamp: string): number {
  return Date.parse(stamp.replace(/T(\d\d)-(\d\d)-(\d\d)Z/, 'T$1:$2:$3Z'));
}

/** Every act that changes something leaves an audit row (a dump's own apart); undefined while nobody is known, who could be lost. */
async function stateOf(instance: Instance): Promise<string | undefined> {
  const [row] = await instance.db.asOwner((tx) =>
    tx.query<{ seq: number | null }>(
      `select max(seq) as seq from audit_event where act <> 'instance.backup' and exists (select 1 from person)`,
    ),
  );
  return row?.seq == null ? undefined : `a${row.seq}`;
}
