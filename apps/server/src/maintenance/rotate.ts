import type { Tx } from '../db/port.ts';
import { record } from '../features/audit/index.ts';
import type { Instance } from '../instance.ts';

const BATCH = 10_000;

/**
 * A new data key; every stored number is rewritten under it in short transactions. Old keys stay, to read old
 * backups and the originals stored before. Stopped in the middle, nothing is lost: it can be run again.
 */
export async function rotateKeys(
  instance: Instance,
  options: { actor: string; onProgress?: (text: string) => void },
): Promise<{ key: number; values: number }> {
  const key = instance.keyring.rotateDataKey();
  instance.keyring.rotateFileKey();
  await recordRotation(instance, options.actor, 'keys.rotate', { key });
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
  await recordRotation(instance, options.actor, 'keys.rotate.done', { key, values });
  return { key, values };
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

const CIPHERS = [
  { table: 'person', column: 'id_cipher', keys: ['county', 'person_no'] },
  { table: 'claim', column: 'phone', keys: ['county', 'since', 'person_no', 'slot'] },
  { table: 'id_fix', column: 'id_cipher', keys: ['county', 'fix'] },
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
      since: 'int',
      slot: 'text',
      fix: 'int',
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
