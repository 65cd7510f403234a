import type { Readable } from 'node:stream';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { record } from '../audit/index.ts';

/** Whatever kept a file has ended by then, and was killed if the note is still there. */
const KEPT_DAYS = 30;

/**
 * Puts a file into the encrypted store and notes that nothing names it yet.
 * @param source a path, or a stream that can be read only once
 */
export async function keepFile(
  instance: Instance,
  scope: Scope,
  source: string | Readable,
): Promise<{ digest: string; bytes: number }> {
  const stored = await instance.files.put(source);
  await instance.db.transaction(scope, (tx) =>
    tx.query(
      `insert into stored_file (county, digest) values ($1, $2)
       on conflict (county, digest) do update set stored_at = now()`,
      [scope.county, stored.digest],
    ),
  );
  // Somebody may just have dropped the same content; from now on he waits for the note.
  if (typeof source === 'string' && !(await instance.files.has(stored.digest)))
    await instance.files.put(source);
  return stored;
}

/** A kept file as a whole. */
export async function readStored(instance: Instance, digest: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of instance.files.open(digest)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Takes the notes off, in the transaction that names the files. @throws Refusal when one was dropped by another just now */
export async function nameFiles(
  tx: Tx,
  instance: Instance,
  scope: Scope,
  digests: readonly string[],
): Promise<void> {
  await tx.query('delete from stored_file where county = $1 and digest = any($2::text[])', [
    scope.county,
    [...digests],
  ]);
  for (const digest of digests) {
    if (await instance.files.has(digest)) continue;
    throw new Refusal('files.concurrent', '刚有人用同样的文件提交后又被拒；没有改动任何数据，请再试一次。');
  }
}

/** Deletes what was kept and came to nothing: files that nothing names. */
export async function dropFiles(instance: Instance, scope: Scope, digests: readonly string[]): Promise<void> {
  if (digests.length === 0) return;
  // As the owner: another county of the database may keep or name the same content.
  await instance.db.asOwner(async (tx) => {
    const noted = await tx.query<{ digest: string }>(
      'delete from stored_file where county = $1 and digest = any($2::text[]) returning digest',
      [scope.county, [...digests]],
    );
    await deleteUnnamed(
      tx,
      instance,
      noted.map((row) => row.digest),
    );
  });
}

/** Deletes stored files that killed commands left behind. @returns how many */
export async function sweepOriginals(instance: Instance, actor: string): Promise<number> {
  const old = `stored_at < now() - interval '${KEPT_DAYS} days'`;
  const counties = await instance.db.asOwner((tx) =>
    tx.query<{ county: string }>(`select distinct county from stored_file where ${old}`),
  );
  let swept = 0;
  for (const { county } of counties) {
    swept += await instance.db.asOwner(async (tx) => {
      const noted = await tx.query<{ digest: string }>(
        `delete from stored_file where county = $1 and ${old} returning digest`,
        [county],
      );
      const files = await deleteUnnamed(
        tx,
        instance,
        noted.map((row) => row.digest),
      );
      if (files > 0) {
        const detail = { files, olderThanDays: KEPT_DAYS };
        await record(tx, { county, actor, act: 'original.sweep', subject: 'files nobody names', detail });
      }
      return files;
    });
  }
  return swept;
}

/** Before the commit that takes the notes off: whoever keeps the same content meanwhile waits for it. */
async function deleteUnnamed(tx: Tx, instance: Instance, digests: readonly string[]): Promise<number> {
  const named = new Set<string>();
  for (const question of [
    'select digest from delivery_file where digest = any($1::text[])',
    `select document_digest as digest from adjudication where document_digest = any($1::text[])
     union select document_digest from ledger_closing where document_digest = any($1::text[])
     union select document_digest from supervision_step where document_digest = any($1::text[])
     union select stored from media where stored = any($1::text[])
     union select stored from workbook_return where stored = any($1::text[])
     union select document_digest from checklist_event where document_digest = any($1::text[])
     union select document_digest from filing where document_digest = any($1::text[])
     union select stored from assessment_file where stored = any($1::text[])`,
    'select digest from stored_file where digest = any($1::text[])',
  ]) {
    for (const { digest } of await tx.query<{ digest: string }>(question, [[...digests]])) named.add(digest);
  }
  let files = 0;
  for (const digest of digests) if (!named.has(digest) && (await instance.files.delete(digest))) files++;
  return files;
}
