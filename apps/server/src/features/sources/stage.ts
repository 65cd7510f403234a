import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Content } from '@quanbao/domain/coverage/claim';
import { type ContentContext, contentOf, mergeContents, slotOf } from '@quanbao/domain/coverage/content';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { SourceDefinition } from '@quanbao/domain/sources/catalogue';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { copyHex } from '../../secrets/field.ts';
import { type NormalRow, type ReadSummary, type RejectedRow, readFiles } from './reading/index.ts';

export interface SourceFile {
  readonly name: string;
  readonly path: string;
}

export interface StagedDelivery {
  /** The number its rows lie under on the stage. */
  readonly delivery: number;
  readonly rejected: RejectedRow[];
  readonly summary: ReadSummary;
  /** Rows that were no repeats. */
  readonly accepted: number;
  readonly duplicates: number;
  readonly digest: string;
  /** 缴费年度 named by the rows. */
  readonly years: string[];
}

/** IDs already carried into the stage by this batch: their cipher need not be made again. */
export type BatchIds = Map<string, number>;

export interface StageRequest {
  readonly delivery: number;
  readonly source: SourceDefinition;
  readonly asOf: string;
  readonly today: string;
  readonly files: readonly SourceFile[];
  readonly sheet?: string;
  readonly headerChoices?: Readonly<Record<string, string>>;
  readonly fix?: (rawId: string) => string | undefined;
  readonly onProgress?: (rows: number) => void;
}

const COLUMNS = [
  'county',
  'delivery',
  'id_hash',
  'id_cipher',
  'birth',
  'sex',
  'name',
  'region',
  'slot',
  'row_no',
  'row_count',
  'repeated',
  'content',
  'phone',
];

/** A file that is at hand may be loaded in big pieces; the transaction of each piece stays short. */
const CHUNK = 20_000;

/**
 * Reads a delivery's files into `stage_row`, in short transactions outside any lock:
 * a desk with one connection stays alive while a file is read.
 */
export async function stageDelivery(
  instance: Instance,
  scope: Scope,
  context: ContentContext,
  request: StageRequest,
  ids: BatchIds,
): Promise<StagedDelivery> {
  const { source, delivery } = request;
  const rejected: RejectedRow[] = [];
  const digest = createHash('sha256');
  const rejectedDigest = createHash('sha256');
  const seen = new Set<string>();
  const years = new Set<string>();
  let lines: string[] = [];
  let rows = 0;
  let anyRepeated = false;

  const flush = async (): Promise<void> => {
    if (lines.length === 0) return;
    const text = lines.join('');
    lines = [];
    await instance.db.transaction(scope, (tx) => tx.copyIn('stage_row', COLUMNS, [text]));
    request.onProgress?.(rows);
  };

  const add = (row: NormalRow, cipher: Buffer | undefined): void => {
    const slot = slotOf(source.code, row.values);
    const content = contentOf(
      source.code,
      { name: row.name, values: row.values, household: row.householdKey },
      context,
    );
    const text = JSON.stringify(content);
    const key = slot === '' ? row.id : `${row.id}\n${slot}`;
    const repeated = seen.has(key);
    if (repeated) anyRepeated = true;
    else seen.add(key);
    if (source.code === 'residents-payments') years.add(slot);
    const phone = row.values.phone;
    digest
      .update(row.id)
      .update(slot)
      .update(text)
      .update(phone ?? '');
    lines.push(
      `${scope.county}\t${delivery}\t${instance.cipher.blindIndex(row.id)}\t` +
        (cipher === undefined
          ? '\\N\t\\N\t\\N\t\\N\t\\N'
          : `${copyHex(cipher)}\t${row.birth}\t${row.sex}\t${escapeCopy(row.name)}\t${content.g ?? scope.county}`) +
        `\t${escapeCopy(slot)}\t${row.row}\t1\t` +
        `${repeated ? 't' : 'f'}\t${escapeCopy(text)}\t${phone === undefined ? '\\N' : copyHex(instance.cipher.encryptField(phone))}\n`,
    );
    rows++;
  };

  const reader = readFiles([...request.files], {
    source,
    asOf: request.asOf,
    today: request.today,
    sheet: request.sheet,
    headerChoices: request.headerChoices,
    fix: request.fix,
  });
  let summary: ReadSummary;
  for (;;) {
    const next = await reader.next();
    if (next.done) {
      summary = next.value;
      break;
    }
    for (const wrong of next.value.rejected) {
      rejected.push(wrong);
      rejectedDigest.update(
        JSON.stringify([wrong.code, wrong.rawId ?? wrong.value, wrong.name, wrong.values]),
      );
    }
    const fresh = next.value.rows.filter((row) => !ids.has(row.id) && ids.set(row.id, delivery));
    const ciphers = instance.cipher.encryptFields(fresh.map((row) => row.id));
    let at = 0;
    for (const row of next.value.rows) {
      if (fresh[at] === row) {
        add(row, ciphers[at] as Buffer);
        at++;
      } else add(row, undefined);
    }
    if (lines.length >= CHUNK) await flush();
  }
  await flush();
  const duplicates = anyRepeated ? await mergeRepeated(instance, scope, source.code, delivery) : 0;
  return {
    delivery,
    rejected,
    summary,
    accepted: rows - duplicates,
    duplicates,
    digest: digest.update(rejectedDigest.digest()).digest('hex'),
    years: [...years].sort(),
  };
}

const SPECIAL = /[\\\t\n\r]/;

/** One field of COPY's text format. */
export function escapeCopy(text: string): string {
  if (!SPECIAL.test(text)) return text;
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('\t', '\\t')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r');
}

interface RepeatedRow {
  id_hash: string;
  slot: string;
  id_cipher: string | null;
  birth: string | null;
  sex: string | null;
  name: string | null;
  row_no: number;
  content: string;
  phone: string | null;
}

const TEXT_CIPHERS = `id_hash::text as id_hash, slot, encode(id_cipher, 'hex') as id_cipher, birth, sex, name, row_no, content,
  encode(phone, 'hex') as phone`;

/** One ID on several rows of one list becomes one staged row. @returns how many were exact repeats */
async function mergeRepeated(
  instance: Instance,
  scope: Scope,
  source: string,
  delivery: number,
): Promise<number> {
  return instance.db.transaction(scope, async (tx) => {
    let duplicates = 0;
    await tx.query(
      `declare repeated_cursor no scroll cursor for
       select ${TEXT_CIPHERS} from stage_row s
       where county = $1 and delivery = $2 and exists (
         select 1 from stage_row r where r.county = $1 and r.delivery = $2 and r.repeated
           and r.id_hash = s.id_hash and r.slot = s.slot)
       order by id_hash, slot, row_no, content`,
      [scope.county, delivery],
    );
    const merged: string[] = [];
    let group: RepeatedRow[] = [];
    const close = (): void => {
      const first = group[0];
      if (first === undefined) return;
      const result = mergeContents(
        source,
        group.map((row) => JSON.parse(row.content) as Content),
      );
      duplicates += result.duplicates;
      merged.push(
        mergedLine(scope.county, delivery, group, result.content, group.length - result.duplicates),
      );
      group = [];
    };
    for (;;) {
      const rows = await tx.query<RepeatedRow>('fetch 10000 from repeated_cursor');
      for (const row of rows) {
        const first = group[0];
        if (first !== undefined && (first.id_hash !== row.id_hash || first.slot !== row.slot)) close();
        group.push(row);
      }
      if (rows.length < 10_000) break;
    }
    close();
    await tx.query('close repeated_cursor');
    await tx.query(
      `delete from stage_row s using stage_row r
       where s.county = $1 and s.delivery = $2 and r.county = $1 and r.delivery = $2 and r.repeated
         and r.id_hash = s.id_hash and r.slot = s.slot`,
      [scope.county, delivery],
    );
    for (let i = 0; i < merged.length; i += CHUNK) {
      await tx.copyIn('stage_row', COLUMNS, [merged.slice(i, i + CHUNK).join('')]);
    }
    return duplicates;
  });
}

function mergedLine(
  county: RegionCode,
  delivery: number,
  group: readonly RepeatedRow[],
  content: Content,
  rowCount: number,
): string {
  const first = group[0] as RepeatedRow;
  const carrier = group.find((row) => row.id_cipher !== null);
  const phone = group.find((row) => row.phone !== null && JSON.parse(row.content).ph === content.ph)?.phone;
  return (
    `${county}\t${delivery}\t${first.id_hash}\t` +
    (carrier === undefined
      ? '\\N\t\\N\t\\N\t\\N\t\\N'
      : `\\\\x${carrier.id_cipher}\t${carrier.birth}\t${carrier.sex}\t${escapeCopy(content.n ?? carrier.name ?? '')}\t${content.g ?? county}`) +
    `\t${escapeCopy(first.slot)}\t` +
    `${Math.min(...group.map((row) => row.row_no))}\t${rowCount}\tf\t${escapeCopy(JSON.stringify(content))}\t` +
    `${phone == null ? '\\N' : `\\\\x${phone}`}\n`
  );
}

/** Puts the originals into the encrypted store; they are the journal. */
export async function storeFiles(
  instance: Instance,
  files: readonly SourceFile[],
): Promise<{ name: string; digest: string; bytes: number }[]> {
  const stored: { name: string; digest: string; bytes: number }[] = [];
  for (const file of files)
    stored.push({ name: basename(file.name), ...(await instance.files.put(file.path)) });
  return stored;
}

export async function clearStage(tx: Tx, county: RegionCode, deliveries: readonly number[]): Promise<void> {
  await tx.query('delete from stage_row where county = $1 and delivery = any($2::int[])', [
    county,
    [...deliveries],
  ]);
}
