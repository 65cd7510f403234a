import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { Tx } from '../db/port.ts';
import { exportHead, head } from '../features/audit/index.ts';
import type { Instance } from '../instance.ts';
import { createFileStore, storedPath } from '../secrets/file-store.ts';

const FORMAT = 'quanbao-backup-1';
const FETCH = 2_000;

/** Tables in the order that foreign keys allow. */
const TABLES = [
  'county',
  'region',
  'scheme_code',
  'header_choice',
  'delivery',
  'delivery_file',
  'rejected_row',
  'id_fix',
  'person',
  'claim',
  'adjudication',
  'step',
  'step_class',
  'finding',
  'count_delta',
  'audit_event',
  'audit_block',
] as const;

/**
 * One encrypted file with every table and every stored original; it can be read with the instance's key file only.
 * The tables are read in one transaction, so the backup is of one moment.
 */
export async function backup(
  instance: Instance,
  path: string,
  onProgress?: (text: string) => void,
): Promise<{ rows: number; files: number }> {
  const dir = await mkdtemp(join(instance.dir, 'backup-'));
  try {
    const store = createFileStore(dir, instance.keyring);
    const counted = { rows: 0, files: 0 };
    const stored = await instance.db.asOwner((tx) =>
      store.put(Readable.from(lines(tx, instance, counted, onProgress))),
    );
    const out = `${path}.part`;
    const target = createWriteStream(out, { mode: 0o600 });
    target.write(`${FORMAT} ${stored.digest}\n`);
    await pipeline(createReadStream(storedPath(dir, stored.digest)), target);
    await rename(out, path);
    return counted;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function* lines(
  tx: Tx,
  instance: Instance,
  counted: { rows: number; files: number },
  onProgress?: (text: string) => void,
): AsyncGenerator<string> {
  await tx.query('set transaction isolation level repeatable read');
  const [version] = await tx.query<{ version: number }>(
    'select max(version)::int as version from quanbao_migration',
  );
  yield `${JSON.stringify({ format: FORMAT, schema: version?.version, fingerprint: instance.keyring.fingerprint })}\n`;
  for (const table of TABLES) {
    onProgress?.(`备份 ${table}`);
    yield `${JSON.stringify({ table })}\n`;
    await tx.query(`declare backup_cursor no scroll cursor for select t::text as line from ${table} t`);
    for (;;) {
      const rows = await tx.query<{ line: string }>(`fetch ${FETCH} from backup_cursor`);
      counted.rows += rows.length;
      if (rows.length > 0) yield `${JSON.stringify(rows.map((row) => row.line))}\n`;
      if (rows.length < FETCH) break;
    }
    await tx.query('close backup_cursor');
  }
  const digests = await tx.query<{ digest: string }>(
    'select digest from delivery_file union select document_digest from adjudication',
  );
  for (const { digest } of digests) {
    if (!(await instance.files.has(digest))) continue;
    counted.files++;
    yield `${JSON.stringify({ file: digest })}\n`;
    for await (const chunk of instance.files.open(digest))
      yield `${JSON.stringify((chunk as Buffer).toString('base64'))}\n`;
    yield `${JSON.stringify({ end: digest })}\n`;
  }
  yield `${JSON.stringify({ done: true, rows: counted.rows, files: counted.files })}\n`;
}

/** Fills an empty instance from a backup; @throws Refusal and changes nothing when anything is not as it should be */
export async function restore(
  instance: Instance,
  path: string,
  onProgress?: (text: string) => void,
): Promise<{ rows: number; files: number }> {
  const digest = await readHeader(path);
  const dir = await mkdtemp(join(instance.dir, 'restore-'));
  try {
    const store = createFileStore(dir, instance.keyring);
    await place(path, dir, digest);
    return await instance.db.asOwner(async (tx) => {
      const [held] = await tx.query('select 1 from county limit 1');
      if (held !== undefined) {
        throw new Refusal(
          'restore.not-empty',
          '这里已经有数据；请恢复到一个新的 QUANBAO_DATA 目录或空的数据库（先放入备份时的 keys.json）。',
        );
      }
      const done = await readLines(tx, instance, store.open(digest), onProgress);
      await tx.query(
        `select setval(pg_get_serial_sequence('audit_event', 'seq'), (select coalesce(max(seq), 0) + 1 from audit_event))`,
      );
      await tx.query(`select setval('person_number', (select coalesce(max(person_no), 0) + 1 from person))`);
      for (const { county } of await tx.query<{ county: string }>('select county from county')) {
        const newest = await head(tx, county);
        if (newest !== undefined) exportHead(instance.dir, newest, instance.keyring.auditKey, 'restored');
      }
      return done;
    });
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const code = (error as { code?: string }).code ?? '';
    if (code.startsWith('file.')) {
      throw new Refusal(
        'restore.unreadable',
        '备份文件打不开：不完整、被改动过，或者不是用这里的 keys.json 加密的。请把备份时的 keys.json 放到数据目录再试。',
      );
    }
    throw error;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function readHeader(path: string): Promise<string> {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(path, 'r');
  } catch {
    throw new Refusal('restore.missing', `读不到备份文件 ${path}。`);
  }
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(256), 0, 256, 0);
    const match = new RegExp(`^${FORMAT} (\\S+)\n`).exec(buffer.subarray(0, bytesRead).toString('latin1'));
    if (match === null) throw new Refusal('restore.format', `${path} 不是全保的备份文件。`);
    return match[1] as string;
  } finally {
    await handle.close();
  }
}

/** Puts the encrypted body where the file store looks for it. */
async function place(path: string, dir: string, digest: string): Promise<void> {
  const target = storedPath(dir, digest);
  await mkdir(dirname(target), { recursive: true });
  await pipeline(
    createReadStream(path, { start: FORMAT.length + 1 + digest.length + 1 }),
    createWriteStream(target, { mode: 0o600 }),
  );
}

async function readLines(
  tx: Tx,
  instance: Instance,
  stream: Readable,
  onProgress?: (text: string) => void,
): Promise<{ rows: number; files: number }> {
  let table = '';
  let file: { digest: string; chunks: Buffer[] } | undefined;
  let rows = 0;
  let files = 0;
  let done: { rows: number; files: number } | undefined;
  for await (const line of createInterface({ input: stream })) {
    const value = JSON.parse(line);
    if (Array.isArray(value)) {
      await tx.query(`insert into ${table} select (x.line::${table}).* from unnest($1::text[]) as x (line)`, [
        value,
      ]);
      rows += value.length;
    } else if (typeof value === 'string') file?.chunks.push(Buffer.from(value, 'base64'));
    else if (value.table !== undefined) {
      table = TABLES.find((t) => t === value.table) ?? fail();
      onProgress?.(`恢复 ${table}`);
    } else if (value.file !== undefined) file = { digest: value.file, chunks: [] };
    else if (value.end !== undefined && file !== undefined) {
      const put = await instance.files.put(Readable.from(file.chunks));
      if (put.digest !== value.end) fail();
      files++;
      file = undefined;
    } else if (value.done) done = value;
  }
  if (done === undefined || done.rows !== rows || done.files !== files) fail();
  return { rows, files };
}

function fail(): never {
  throw new Refusal('restore.incomplete', '备份文件不完整，没有恢复任何数据；请换一份备份。');
}
