import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Content } from '@quanbao/domain/coverage/claim';
import { type ContentContext, contentOf, mergeContents, slotOf } from '@quanbao/domain/coverage/content';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { SourceDefinition } from '@quanbao/domain/sources/catalogue';
import type { Scope } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { copyHex } from '../../secrets/field.ts';
import { keepFile } from '../originals/index.ts';
import type { PersonNumbers } from './person-numbers.ts';
import { type NormalRow, type ReadSummary, type RejectedRow, readFiles } from './reading/index.ts';

export interface SourceFile {
  readonly name: string;
  readonly path: string;
}

export interface StagedDelivery {
  /** The number its rows lie under on the stage: a delivery's own, or a negative one for a rereading. */
  readonly stage: number;
  readonly rejected: RejectedRow[];
  readonly summary: ReadSummary;
  /** Rows that were no repeats. */
  readonly accepted: number;
  readonly duplicates: number;
  readonly digest: string;
  /** 缴费年度 named by the rows. */
  readonly years: string[];
}

export interface StageRequest {
  readonly stage: number;
  readonly source: SourceDefinition;
  readonly asOf: string;
  readonly today: string;
  readonly files: readonly SourceFile[];
  readonly sheet?: string;
  readonly headerChoices?: Readonly<Record<string, string>>;
  readonly fix?: (rawId: string) => string | undefined;
  readonly onProgress?: (rows: number) => void;
}

const ROW_COLUMNS = ['county', 'stage', 'person_no', 'slot', 'row_no', 'row_count', 'content', 'phone'];
const PERSON_COLUMNS = [
  'county',
  'stage',
  'person_no',
  'id_hash',
  'id_cipher',
  'birth',
  'sex',
  'name',
  'region',
];

const PROGRESS_ROWS = 20_000;
const MERGED = 20_000;

/**
 * Reads a delivery's files into `stage_row` and `stage_person`, in short transactions outside any lock:
 * a desk with one connection stays alive while a file is read.
 */
export async function stageDelivery(
  instance: Instance,
  scope: Scope,
  context: ContentContext,
  request: StageRequest,
  people: PersonNumbers,
): Promise<StagedDelivery> {
  const { source, stage } = request;
  const { county } = scope;
  const rejected: RejectedRow[] = [];
  const digest = createHash('sha256');
  const rejectedDigest = createHash('sha256');
  const seen = new Set<number | string>();
  const repeated = new Set<number>();
  const years = new Set<string>();
  let rows = 0;

  // The database takes one batch while the next is being read.
  let writing: Promise<void> = Promise.resolve();
  const write = async (newcomers: string, lines: string): Promise<void> => {
    await writing;
    writing = instance.db.transaction(scope, async (tx) => {
      if (newcomers !== '') await tx.copyIn('stage_person', PERSON_COLUMNS, [newcomers]);
      await tx.copyIn('stage_row', ROW_COLUMNS, [lines]);
    });
    // Whoever waits next is told.
    writing.catch(() => undefined);
  };

  const addBatch = async (batch: readonly NormalRow[]): Promise<void> => {
    const unknown = await people.meet(
      instance,
      scope,
      batch.map((row) => row.id),
    );
    const ids = [...unknown.keys()];
    const ciphers = new Map(instance.cipher.encryptFields(ids).map((cipher, i) => [ids[i], cipher]));
    const phones = instance.cipher.encryptFields(batch.flatMap((row) => row.values.phone ?? []));
    let phoneAt = 0;
    let said = '';
    let lines = '';
    let newcomers = '';
    for (const row of batch) {
      const { id } = row;
      const { phone } = row.values;
      const number = people.of(id);
      const slot = slotOf(source.code, row.values);
      const content = contentOf(
        source.code,
        { name: row.name, values: row.values, household: row.householdKey },
        context,
      );
      const text = JSON.stringify(content);
      const key = slot === '' ? number : `${number}\n${slot}`;
      if (seen.has(key)) repeated.add(number);
      else seen.add(key);
      if (source.code === 'residents-payments') years.add(slot);
      said += `${id}${slot}${text}${phone ?? ''}`;
      lines +=
        `${county}\t${stage}\t${number}\t${escapeCopy(slot)}\t${row.row}\t1\t` +
        `${escapeCopy(text)}\t${phone === undefined ? '\\N' : copyHex(phones[phoneAt++] as Buffer)}\n`;
      const hash = unknown.get(id);
      if (hash !== undefined) {
        unknown.delete(id);
        newcomers +=
          `${county}\t${stage}\t${number}\t${hash}\t${copyHex(ciphers.get(id) as Buffer)}\t${row.birth}\t${row.sex}\t` +
          `${escapeCopy(row.name)}\t${content.g ?? county}\n`;
      }
    }
    digest.update(said);
    rows += batch.length;
    if (batch.length > 0) await write(newcomers, lines);
    if (rows % PROGRESS_ROWS < batch.length) request.onProgress?.(rows);
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
  try {
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
      await addBatch(next.value.rows);
    }
  } finally {
    // Whoever fails in the middle leaves no file open, and no write that would come after the stage was cleared.
    await reader.return(undefined as never);
    await writing.catch(() => undefined);
  }
  await writing;
  const duplicates =
    repeated.size === 0 ? 0 : await mergeRepeated(instance, scope, source.code, stage, repeated);
  return {
    stage,
    rejected,
    summary,
    accepted: rows - duplicates,
    duplicates,
    // Keyed: whoever sees a delivery but not its content must not find it by guessing.
    digest: instance.cipher.blindIndex(digest.update(rejectedDigest.digest()).digest('hex')),
    years: [...years].sort(),
  };
}

const SPECIAL = /[\\\t\n\r]/;

/** One field of COPY's text format. */
function escapeCopy(text: string): string {
  if (!SPECIAL.test(text)) return text;
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('\t', '\\t')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r');
}

interface RepeatedRow {
  person_no: number;
  slot: string;
  row_no: number;
  content: string;
  phone: string | null;
}

/**
 * One ID on several rows of one list becomes one staged row.
 * @param people who stands on several rows
 * @returns how many rows were exact repeats
 */
async function mergeRepeated(
  instance: Instance,
  scope: Scope,
  source: string,
  stage: number,
  people: ReadonlySet<number>,
): Promise<number> {
  return instance.db.transaction(scope, async (tx) => {
    let duplicates = 0;
    const theirs = 'county = $1 and stage = $2 and person_no = any($3::bigint[])';
    const params = [scope.county, stage, [...people]];
    await tx.query(
      `declare repeated_cursor no scroll cursor for
       select person_no, slot, row_no, content, encode(phone, 'hex') as phone from stage_row where ${theirs}
       order by person_no, slot, row_no, content`,
      params,
    );
    const merged: string[] = [];
    let group: RepeatedRow[] = [];
    const close = (): void => {
      if (group.length === 0) return;
      const result = mergeContents(
        source,
        group.map((row) => JSON.parse(row.content) as Content),
      );
      duplicates += result.duplicates;
      merged.push(mergedLine(scope.county, stage, group, result.content, group.length - result.duplicates));
      group = [];
    };
    for (;;) {
      const rows = await tx.query<RepeatedRow>('fetch 10000 from repeated_cursor');
      for (const row of rows) {
        const first = group[0];
        if (first !== undefined && (first.person_no !== row.person_no || first.slot !== row.slot)) close();
        group.push(row);
      }
      if (rows.length < 10_000) break;
    }
    close();
    await tx.query('close repeated_cursor');
    await tx.query(`delete from stage_row where ${theirs}`, params);
    for (let i = 0; i < merged.length; i += MERGED) {
      await tx.copyIn('stage_row', ROW_COLUMNS, [merged.slice(i, i + MERGED).join('')]);
    }
    return duplicates;
  });
}

function mergedLine(
  county: RegionCode,
  stage: number,
  group: readonly RepeatedRow[],
  content: Content,
  rowCount: number,
): string {
  const first = group[0] as RepeatedRow;
  const phone = group.find((row) => row.phone !== null && JSON.parse(row.content).ph === content.ph)?.phone;
  return (
    `${county}\t${stage}\t${first.person_no}\t${escapeCopy(first.slot)}\t` +
    `${Math.min(...group.map((row) => row.row_no))}\t${rowCount}\t${escapeCopy(JSON.stringify(content))}\t` +
    `${phone == null ? '\\N' : `\\\\x${phone}`}\n`
  );
}

/** Puts the originals into the encrypted store; they are the journal. @param kept gets the digest of each */
export async function storeFiles(
  instance: Instance,
  scope: Scope,
  files: readonly SourceFile[],
  kept: string[],
): Promise<{ name: string; digest: string; bytes: number }[]> {
  const stored: { name: string; digest: string; bytes: number }[] = [];
  for (const file of files) {
    const { digest, bytes } = await keepFile(instance, scope, file.path);
    kept.push(digest);
    stored.push({ name: basename(file.name), digest, bytes });
  }
  return stored;
}

/** Takes rows off the stage; one that holds nothing else and that nobody is using is emptied at once: no dead rows. */
export async function clearStage(instance: Instance, scope: Scope, stages: readonly number[]): Promise<void> {
  if (stages.length === 0) return;
  const params = [scope.county, [...stages]];
  const mine = 'county = $1 and stage = any($2::int[])';
  const emptied = await instance.db
    .asOwner(async (tx) => {
      // Never waits: whoever commits holds one of the two and wants the other.
      await tx.query('lock table stage_row, stage_person in access exclusive mode nowait');
      const [other] = await tx.query(
        `select 1 from stage_row where not (${mine}) union all select 1 from stage_person where not (${mine}) limit 1`,
        params,
      );
      if (other === undefined) await tx.query('truncate stage_row, stage_person');
      return other === undefined;
    })
    .catch((error: { code?: string }) => {
      if (error.code === LOCK_NOT_AVAILABLE) return false;
      throw error;
    });
  if (emptied) return;
  await instance.db.transaction(scope, async (tx) => {
    await tx.query(`delete from stage_person where ${mine}`, params);
    await tx.query(`delete from stage_row where ${mine}`, params);
  });
}

const LOCK_NOT_AVAILABLE = '55P03';
