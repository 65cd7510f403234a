import type { Tx } from '../db/port.ts';
import { record } from '../features/audit/index.ts';
import type { Instance } from '../instance.ts';
import { FileStoreError } from '../secrets/file-store.ts';

const BATCH = 10_000;

export interface Rotated {
  /** Number of the data key. */
  key: number;
  values: number;
  files: number;
  /** Stored files that could not be read, and stay as they are: `check` names them. */
  unreadable: number;
}

/**
 * A new data key and a new file key; every stored number is rewritten in short transactions, then every stored file.
 * Old keys stay, to read old backups. Stopped in the middle, nothing is lost: run again, it goes on under the same keys.
 */
export async function rotateKeys(
  instance: Instance,
  options: { actor: string; onProgress?: (text: string) => void },
): Promise<Rotated> {
  let key = instance.keyring.current('field');
  if (!(await isUnfinished(instance, key))) {
    key = instance.keyring.rotateDataKey();
    instance.keyring.rotateFileKey();
    await recordRotation(instance, options.actor, 'keys.rotate', { key });
  }
  let values = 0;
  for (const { table, column, keys } of CIPHERS) {
    let after: unknown[] | undefined;
    for (;;) {
      const page = await instance.db.asOwner((tx) => rewritePage(tx, instance, table, column, keys, after));
      if (page.last === undefined) break;
      values += page.rewritten;
      after = page.last;
      options.onProgress?.(`  已改写 ${values} 个值`);
    }
  }
  const { files, unreadable } = await rewriteFiles(instance, options.onProgress);
  await recordRotation(instance, options.actor, 'keys.rotate.done', { key, values, files, unreadable });
  return { key, values, files, unreadable };
}

/** Whether the newest rotation made this key and was stopped before its end. */
async function isUnfinished(instance: Instance, key: number): Promise<boolean> {
  const [last] = await instance.db.asOwner((tx) =>
    tx.query<{ act: string; subject: string }>(
      `select act, subject from audit_event where act in ('keys.rotate', 'keys.rotate.done') order by seq desc limit 1`,
    ),
  );
  return last?.act === 'keys.rotate' && last.subject === `key ${key}`;
}

async function rewriteFiles(
  instance: Instance,
  onProgress?: (text: string) => void,
): Promise<{ files: number; unreadable: number }> {
  const digests = await instance.files.digests();
  let files = 0;
  let unreadable = 0;
  for (const [i, digest] of digests.entries()) {
    try {
      if (await instance.files.renew(digest)) files++;
    } catch (error) {
      if (!(error instanceof FileStoreError)) throw error;
      unreadable++;
    }
    onProgress?.(`  已改写原始文件 ${i + 1}/${digests.length}`);
  }
  return { files, unreadable };
}

async function recordRotation(
  instance: Instance,
  actor: string,
  act: string,
  detail: Record<string, number>,
): Promise<void> {
  await instance.db.asOwner(async (tx) => {
    for (const { county } of await tx.query<{ county: string }>('select county from county')) {
      await record(tx, { county, actor, act, subject: `key ${detail.key}`, detail });
    }
  });
}

/**
 * Every encrypted column but the stage's: that is work of one commit, which is gone with it. What such a commit writes
 * after its page was rewritten stays under the old key until the next rotation.
 */
export const CIPHERS = [
  { table: 'person', column: 'id_cipher', keys: ['county', 'person_no'] },
  { table: 'claim', column: 'phone', keys: ['county', 'since', 'person_no', 'slot'] },
  { table: 'visit', column: 'detail', keys: ['county', 'command'] },
  { table: 'found_person', column: 'id_cipher', keys: ['county', 'command'] },
  { table: 'found_person', column: 'phone', keys: ['county', 'command'] },
  { table: 'found_person', column: 'detail', keys: ['county', 'command'] },
  { table: 'media_piece', column: 'content', keys: ['county', 'digest', 'start'] },
  { table: 'id_fix', column: 'id_cipher', keys: ['county', 'fix'] },
  { table: 'workbook_row', column: 'phone', keys: ['county', 'return_no', 'position'] },
  { table: 'team_member', column: 'phone', keys: ['county', 'member'] },
  { table: 'account', column: 'totp', keys: ['county', 'account'] },
  { table: 'account', column: 'totp_pending', keys: ['county', 'account'] },
] as const;

async function rewritePage(
  tx: Tx,
  instance: Instance,
  table: string,
  column: string,
  keys: readonly string[],
  after: readonly unknown[] | undefined,
): Promise<{ last: unknown[] | undefined; rewritten: number }> {
  const from =
    after === undefined ? '' : `and (${keys.join(',')}) > (${keys.map((_, i) => `$${i + 1}`).join(',')})`;
  const rows = await tx.query<Record<string, unknown>>(
    `select ${keys.join(',')}, ${column} as cipher from ${table} where ${column} is not null ${from} order by ${keys.join(',')} limit ${BATCH}`,
    after ?? [],
  );
  const last = rows.at(-1);
  if (last === undefined) return { last: undefined, rewritten: 0 };
  const stale = rows.filter((row) => !instance.cipher.isCurrent(row.cipher as Buffer));
  if (stale.length > 0) {
    const types: Record<string, string> = {
      county: 'text',
      person_no: 'bigint',
      command: 'uuid',
      digest: 'text',
      start: 'int',
      since: 'int',
      slot: 'text',
      fix: 'int',
      return_no: 'int',
      position: 'int',
      account: 'int',
    };
    await tx.query(
      `update ${table} t set ${column} = decode(u.cipher, 'hex')
       from unnest(${keys.map((k, i) => `$${i + 1}::${types[k]}[]`).join(',')}, $${keys.length + 1}::text[]) as u (${keys.join(',')}, cipher)
       where ${keys.map((k) => `t.${k} = u.${k}`).join(' and ')}`,
      [
        ...keys.map((k) => stale.map((row) => row[k])),
        stale.map((row) => instance.cipher.reencrypt(row.cipher as Buffer).toString('hex')),
      ],
    );
  }
  return { last: keys.map((k) => last[k]), rewritten: stale.length };
}
