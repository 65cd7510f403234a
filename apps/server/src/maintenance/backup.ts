import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, constants, mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StringDecoder } from 'node:string_decoder';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { Tx } from '../db/port.ts';
import { exportHead, head, record } from '../features/audit/index.ts';
import { reindexRegister } from '../features/register/index.ts';
import type { Instance } from '../instance.ts';
import { createFileStore, FileStoreError, storedPath } from '../secrets/file-store.ts';

const FORMAT = 'quanbao-backup-1';
const FETCH = 2_000;

/** Tables in the order that foreign keys allow, and what people call what is in them. */
const TABLES = {
  county: '县',
  region: '区划',
  scheme_code: '居保系统区划代码',
  header_choice: '表头对应',
  delivery: '报送',
  delivery_file: '原始文件目录',
  delivery_reading: '读取记录',
  stored_file: '存入的文件',
  rejected_row: '拒收行',
  id_fix: '号码更正',
  person: '人员',
  claim: '名单内容',
  adjudication: '裁定',
  step: '判定结论',
  step_class: '结论类别',
  finding: '矛盾和待核',
  count_delta: '计数',
  saved_filter: '保存的查询',
  account: '账号',
  own_form: '自定表',
  visit: '走访记录',
  found_person: '新发现人员',
  media: '照片和签名',
  media_piece: '未传完的照片',
  device: '手机',
  workbook_issue: '下发的底册',
  workbook_line: '底册名单',
  workbook_return: '返回的底册',
  workbook_row: '返回的行',
  village_cover: '包村分派',
  survey_round: '走访任务',
  back_check: '抽查',
  back_check_visit: '抽查记录',
  headcount: '人数核定',
  checklist: '任务清单',
  checklist_item: '清单任务',
  checklist_event: '销账记录',
  checklist_gate: '阶段验收',
  team_member: '专班成员',
  filing: '备案上报',
  target_plan: '目标任务',
  target_version: '任务版本',
  target_share: '任务分解',
  target_receipt: '任务签收',
  paper_template: '材料模板',
  paper: '周报和通报',
  supervision_rule: '调度规则',
  submission: '报表报送',
  submission_version: '报送的报表',
  submission_event: '报送办理',
  supervision_order: '督办单',
  supervision_step: '督办办理',
  warning_notice: '预警告知',
  meeting: '会议',
  meeting_decision: '议定事项',
  city_problem: '上报的问题',
  assessment_scheme: '考核方案',
  assessment_round: '考核轮次',
  assessment_frozen: '考核定案',
  assessment_unit: '考核单位',
  assessment_value: '考核登记和自查',
  assessment_appeal: '考核申诉',
  assessment_act: '表扬和问责',
  assessment_file: '考核材料',
  address_rule: '地址规则',
  address_application: '地址分村',
  address_placement: '按规则归村的人',
  ledger_item: '台账',
  ledger_event: '台账变动',
  ledger_closing: '人工销号',
  ledger_task: '台账分派',
  notice: '推送',
  audit_event: '留痕',
  audit_block: '留痕封存',
} as const;

export interface BackupOptions {
  readonly actor: string;
  readonly onProgress?: (text: string) => void;
}

export interface Copied {
  rows: number;
  files: number;
}

/**
 * One encrypted file with every table and every stored original; it can be read with the instance's key file only.
 * The tables are read in one transaction, so the backup is of one moment; its audit row is committed before the
 * file gets its name, so no backup is without one.
 */
export async function backup(instance: Instance, path: string, options: BackupOptions): Promise<Copied> {
  await access(dirname(resolve(path)), constants.W_OK).catch(() => {
    throw new Refusal('backup.path', `写不到 ${dirname(resolve(path))}；请检查备份文件的路径。`);
  });
  const dir = await mkdtemp(join(instance.dir, 'backup-'));
  const out = `${path}.part`;
  try {
    const store = createFileStore(dir, instance.keyring);
    const counted = { rows: 0, files: 0 };
    await instance.db.asOwner(async (tx) => {
      await tx.query('set transaction isolation level repeatable read');
      for (const { county } of await tx.query<{ county: string }>('select county from county')) {
        await record(tx, {
          county,
          actor: options.actor,
          act: 'instance.backup',
          subject: 'backup',
        });
      }
      const stored = await store.put(Readable.from(lines(tx, instance, counted, options.onProgress)));
      const target = createWriteStream(out, { mode: 0o600 });
      target.write(`${FORMAT} ${stored.digest}\n`);
      await pipeline(createReadStream(storedPath(dir, stored.digest)), target);
      await syncFile(out);
    });
    await rename(out, path);
    return counted;
  } catch (error) {
    if (error instanceof FileStoreError) {
      throw new Refusal(
        'backup.original',
        '有一个原始文件缺失或被改动过，没有备份；请先运行 quanbao check 查明。',
      );
    }
    throw error;
  } finally {
    await rm(out, { force: true });
    await rm(dir, { recursive: true, force: true });
  }
}

async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function* lines(
  tx: Tx,
  instance: Instance,
  counted: Copied,
  onProgress?: (text: string) => void,
): AsyncGenerator<string> {
  yield `${JSON.stringify({ format: FORMAT, schema: await schemaVersion(tx), fingerprint: instance.keyring.fingerprint })}\n`;
  for (const [table, title] of Object.entries(TABLES)) {
    onProgress?.(`备份${title}`);
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
    `select digest from delivery_file union select document_digest from adjudication union select document_digest from ledger_closing
     union select document_digest from supervision_step where document_digest is not null
     union select document_digest from checklist_event where document_digest is not null
     union select document_digest from filing where document_digest is not null
     union select stored from media where stored is not null union select stored from workbook_return
     union select stored from assessment_file`,
  );
  for (const { digest } of digests) {
    counted.files++;
    yield `${JSON.stringify({ file: digest })}\n`;
    for await (const chunk of instance.files.open(digest))
      yield `${JSON.stringify((chunk as Buffer).toString('base64'))}\n`;
    yield `${JSON.stringify({ end: digest })}\n`;
  }
  yield `${JSON.stringify({ done: true, rows: counted.rows, files: counted.files })}\n`;
}

async function schemaVersion(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ version: number }>(
    'select max(version)::int as version from quanbao_migration',
  );
  return Number(row?.version ?? 0);
}

/** Fills an empty instance from a backup; @throws Refusal and changes nothing when anything is not as it should be */
export async function restore(instance: Instance, path: string, options: BackupOptions): Promise<Copied> {
  const digest = await readHeader(path);
  const dir = await mkdtemp(join(instance.dir, 'restore-'));
  const stored: string[] = [];
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
      const done = await readLines(tx, instance, store.open(digest), stored, options.onProgress);
      await tx.query(
        `select setval(pg_get_serial_sequence('audit_event', 'seq'), (select coalesce(max(seq), 0) + 1 from audit_event))`,
      );
      await tx.query(`select setval('person_number', (select coalesce(max(person_no), 0) + 1 from person))`);
      for (const { county } of await tx.query<{ county: string }>('select county from county')) {
        await reindexRegister(tx, county);
        const newest = await head(tx, county);
        if (newest !== undefined) exportHead(instance.dir, newest, instance.keyring.auditKey, 'restored');
        await record(tx, {
          county,
          actor: options.actor,
          act: 'instance.restore',
          subject: 'backup',
          detail: { rows: done.rows, files: done.files },
        });
      }
      return done;
    });
  } catch (error) {
    for (const file of stored) await instance.files.delete(file);
    if (!(error instanceof FileStoreError)) throw error;
    throw new Refusal(
      'restore.unreadable',
      '备份文件打不开：不完整、被改动过，或者不是用这里的 keys.json 加密的。没有恢复任何数据。请把备份时的 keys.json 放到数据目录再试。',
    );
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function readHeader(path: string): Promise<string> {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(path, 'r');
  } catch {
    throw new Refusal('restore.missing', `读不到备份文件 ${path}；请检查路径。`);
  }
  try {
    if (!(await handle.stat()).isFile()) {
      throw new Refusal('restore.missing', `${path} 不是文件；请写出备份文件。`);
    }
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(256), 0, 256, 0);
    const match = new RegExp(`^${FORMAT} ([0-9a-f]{64})\n`).exec(
      buffer.subarray(0, bytesRead).toString('latin1'),
    );
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
  stored: string[],
  onProgress?: (text: string) => void,
): Promise<Copied> {
  let table = '';
  let file: IncomingFile | undefined;
  let rows = 0;
  let files = 0;
  let done: Copied | undefined;
  for await (const line of splitLines(stream)) {
    const value = JSON.parse(line);
    if (Array.isArray(value)) {
      // Fenced: a composite is parsed once, not once for each of its columns.
      await tx.query(
        `insert into ${table} select (s.r).* from (
           select x.line::${table} as r from unnest($1::text[]) as x (line) offset 0) s`,
        [value],
      );
      rows += value.length;
    } else if (typeof value === 'string') await file?.write(Buffer.from(value, 'base64'));
    else if (value.format !== undefined) await checkSchema(tx, value.schema);
    else if (value.table !== undefined) {
      if (!Object.hasOwn(TABLES, value.table)) incomplete();
      table = value.table;
      onProgress?.(`恢复${TABLES[table as keyof typeof TABLES]}`);
    } else if (value.file !== undefined) {
      if (!(await instance.files.has(value.file))) stored.push(value.file);
      file = receiveFile(instance);
    } else if (value.end !== undefined) {
      if (file === undefined || (await file.end()) !== value.end) incomplete();
      file = undefined;
      files++;
    } else if (value.done) done = value;
  }
  if (done === undefined || done.rows !== rows || done.files !== files) incomplete();
  return { rows, files };
}

async function checkSchema(tx: Tx, schema: number): Promise<void> {
  const own = await schemaVersion(tx);
  if (schema === own) return;
  throw new Refusal(
    'restore.schema',
    `备份出自${schema > own ? '更新' : '更早'}的版本（表结构 ${schema}，本程序 ${own}）；请用备份时的程序版本恢复，再升级。`,
  );
}

interface IncomingFile {
  write(chunk: Buffer): Promise<void>;
  /** @returns the digest it was stored under */
  end(): Promise<string>;
}

/** One original on its way into the store, a chunk at a time. */
function receiveFile(instance: Instance): IncomingFile {
  const pipe = new PassThrough();
  const put = instance.files.put(pipe);
  put.catch((error) => pipe.destroy(error));
  return {
    async write(chunk) {
      if (!pipe.write(chunk)) await Promise.race([once(pipe, 'drain'), put]);
    },
    async end() {
      pipe.end();
      return (await put).digest;
    },
  };
}

/** Unlike readline, hands on the failure of a stream whose content turns out to be wrong. */
async function* splitLines(stream: Readable): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let parts: string[] = [];
  for await (const chunk of stream) {
    let text = decoder.write(chunk as Buffer);
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      parts.push(text.slice(0, end));
      yield parts.join('');
      parts = [];
      text = text.slice(end + 1);
    }
    if (text !== '') parts.push(text);
  }
  if (parts.length > 0) yield parts.join('');
}

function incomplete(): never {
  throw new Refusal('restore.incomplete', '备份文件不完整，没有恢复任何数据；请换一份备份。');
}
