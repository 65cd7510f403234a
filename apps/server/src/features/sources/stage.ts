import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Content } from '@quanbao/domain/coverage/claim';
import { type ContentContext, contentOf, mergeContents, slotOf } from '@quanbao/domain/coverage/content';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { SourceDefinition } from '@quanbao/domain/sources/catalogue';
import { CopyLines, copyField } from '../../db/copy-text.ts';
import type { Scope } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
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
  /** The commit itself is reading, nobody was known: newcomers are entered at once. */
  readonly admit?: boolean;
  /** Nothing of the list's group can meet its rows either: they open claims at once. */
  readonly open?: boolean;
}

const ROW_COLUMNS = ['person_no', 'slot', 'row_no', 'row_count', 'content', 'phone'];
const STAGE_COLUMNS = ['county', 'stage', ...ROW_COLUMNS];
const CLAIM_COLUMNS = ['county', 'since', ...ROW_COLUMNS];
const PERSON_COLUMNS = ['person_no', 'id_hash', 'id_cipher', 'birth', 'sex', 'name', 'region'];

const PROGRESS_ROWS = 20_000;
const MERGED = 20_000;
/** Rows whose IDs are looked up together; where nobody is looked up, few, so that they die young. */
const LOOKED_UP = 5_000;
const FIRST_MET = 1_000;
/** Bytes that one statement carries. */
const A_WRITE = 1 << 21;

/** What is left of a row until its person's number is known. */
interface ReadRow {
  readonly row: NormalRow;
  readonly slot: string;
  readonly content: string;
  /** Where the row places him, should he be new. */
  readonly region: RegionCode;
}

/**
 * Reads a delivery's files into `stage_row` and `stage_person`, in short transactions outside any lock:
 * a desk with one connection stays alive while a file is read. A first load goes straight into the tables.
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
  const said = new CopyLines();
  const rejectedDigest = createHash('sha256');
  const seen = new Map<string, NumberSet>();
  const repeated = new Set<number>();
  let rows = 0;

  const together = request.admit ? FIRST_MET : LOOKED_UP;

  // The database takes one write while the next is being read.
  let writing: Promise<void> = Promise.resolve();
  const entered = new CopyLines();
  const lines = new CopyLines();
  const repeats = new CopyLines();
  const held = (): number => entered.size + lines.size + repeats.size;
  const write = async (): Promise<void> => {
    const [people, firsts, others] = [entered, lines, repeats].map((one) =>
      one.size > 0 ? [one.take()] : [],
    ) as [Buffer[], Buffer[], Buffer[]];
    await writing;
    writing = instance.db.transaction(scope, async (tx) => {
      if (people.length > 0) {
        if (request.admit) await tx.copyIn('person', ['county', ...PERSON_COLUMNS], people);
        else await tx.copyIn('stage_person', ['county', 'stage', ...PERSON_COLUMNS], people);
      }
      if (firsts.length > 0) {
        if (request.open) await tx.copyIn('claim', CLAIM_COLUMNS, firsts);
        else await tx.copyIn('stage_row', STAGE_COLUMNS, firsts);
      }
      if (others.length > 0) await tx.copyIn('stage_row', STAGE_COLUMNS, others);
    });
    // Whoever waits next is told.
    writing.catch(() => undefined);
  };

  let waiting: ReadRow[] = [];
  const addRows = (batch: readonly NormalRow[]): void => {
    for (const row of batch) {
      const { id, name, values } = row;
      const slot = slotOf(source.code, values);
      const content = contentOf(source.code, { name, values, household: row.householdKey }, context);
      const text = JSON.stringify(content);
      said
        .start(id)
        .text(slot)
        .text(text)
        .text(values.phone ?? '')
        .end();
      waiting.push({ row, slot, content: text, region: content.g ?? county });
    }
    said.drain((bytes) => digest.update(bytes));
    rows += batch.length;
    if (rows % PROGRESS_ROWS < batch.length) request.onProgress?.(rows);
  };

  const encodeRows = async (): Promise<void> => {
    const batch = waiting;
    waiting = [];
    const { numbers, newcomers } = await people.meet(
      instance,
      scope,
      batch.map(({ row }) => row.id),
    );
    const ciphers = instance.cipher.encryptFields(newcomers.map(({ at }) => (batch[at] as ReadRow).row.id));
    const phones = instance.cipher.encryptFields(batch.flatMap(({ row }) => row.values.phone ?? []));
    for (const [i, { at, hash }] of newcomers.entries()) {
      const { row, region } = batch[at] as ReadRow;
      entered.start(county);
      if (!request.admit) entered.number(stage);
      entered
        .number(numbers[at] as number)
        .text(hash)
        .bytes(ciphers[i])
        .text(row.birth)
        .text(row.sex)
        .text(row.name)
        .text(region)
        .end();
    }
    let phoneAt = 0;
    for (const [i, { slot, content, row }] of batch.entries()) {
      const number = numbers[i] as number;
      let inSlot = seen.get(slot);
      if (inSlot === undefined) {
        inSlot = new NumberSet();
        // A copy that does not hold on to the piece of the file it was cut from.
        seen.set(Buffer.from(slot).toString(), inSlot);
      }
      const again = !inSlot.add(number);
      if (again) repeated.add(number);
      // One list makes one claim of a person: repeats wait on the stage until they are merged.
      (again && request.open ? repeats : lines)
        .start(county)
        .number(stage)
        .number(number)
        .text(slot)
        .number(row.row)
        .number(1)
        .text(content)
        .bytes(row.values.phone === undefined ? undefined : phones[phoneAt++])
        .end();
    }
    if (held() >= A_WRITE) await write();
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
      addRows(next.value.rows);
      if (waiting.length >= together) await encodeRows();
    }
    await encodeRows();
    await write();
  } finally {
    // Whoever fails in the middle leaves no file open, and no write that would come after the stage was cleared.
    await reader.return(undefined as never);
    await writing.catch(() => undefined);
  }
  await writing;
  const duplicates =
    repeated.size === 0
      ? 0
      : await mergeRepeated(instance, scope, source.code, stage, repeated, request.open ?? false);
  return {
    stage,
    rejected,
    summary,
    accepted: rows - duplicates,
    duplicates,
    // Keyed: whoever sees a delivery but not its content must not find it by guessing.
    digest: instance.cipher.blindIndex(digest.update(rejectedDigest.digest()).digest('hex')),
    years: source.code === 'residents-payments' ? [...seen.keys()].sort() : [],
  };
}

/** Whole numbers, most of them neighbours: a bit each. */
class NumberSet {
  readonly #pages = new Map<number, Int32Array>();

  /** @returns whether it was not in it before */
  add(number: number): boolean {
    const at = Math.floor(number / 1024);
    let page = this.#pages.get(at);
    if (page === undefined) {
      page = new Int32Array(32);
      this.#pages.set(at, page);
    }
    const word = (number >>> 5) & 31;
    const before = page[word] as number;
    page[word] = before | (1 << (number & 31));
    return page[word] !== before;
  }
}

interface RepeatedRow {
  person_no: number;
  slot: string;
  row_no: number;
  content: string;
  phone: string | null;
}

/**
 * One ID on several rows of one list becomes one staged row, or one claim.
 * @param people who stands on several rows
 * @param open the first row of each has opened a claim, the others are on the stage
 * @returns how many rows were exact repeats
 */
async function mergeRepeated(
  instance: Instance,
  scope: Scope,
  source: string,
  stage: number,
  people: ReadonlySet<number>,
  open: boolean,
): Promise<number> {
  return instance.db.transaction(scope, async (tx) => {
    let duplicates = 0;
    const fields = 'person_no, slot, row_no, content, phone';
    const staged = 'stage_row where county = $1 and stage = $2 and person_no = any($3::bigint[])';
    const opened = 'claim where county = $1 and since = $2 and person_no = any($3::bigint[])';
    const params = [scope.county, stage, [...people]];
    await tx.query(
      `declare repeated_cursor no scroll cursor for
       select person_no, slot, row_no, content, encode(phone, 'hex') as phone from (
         select ${fields} from ${staged}${open ? ` union all select ${fields} from ${opened}` : ''}) r
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
    await tx.query(`delete from ${staged}`, params);
    if (open) await tx.query(`delete from ${opened}`, params);
    for (let i = 0; i < merged.length; i += MERGED) {
      const lines = [merged.slice(i, i + MERGED).join('')];
      if (open) await tx.copyIn('claim', CLAIM_COLUMNS, lines);
      else await tx.copyIn('stage_row', STAGE_COLUMNS, lines);
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
    `${county}\t${stage}\t${first.person_no}\t${copyField(first.slot)}\t` +
    `${Math.min(...group.map((row) => row.row_no))}\t${rowCount}\t${copyField(JSON.stringify(content))}\t` +
    `${phone == null ? '\\N' : `\\\\x${phone}`}\n`
  );
}

export interface StoredFile {
  readonly name: string;
  readonly digest: string;
  readonly bytes: number;
}

/** Puts the originals into the encrypted store; they are the journal. @param kept gets the digest of each */
export async function storeFiles(
  instance: Instance,
  scope: Scope,
  files: readonly SourceFile[],
  kept: string[],
): Promise<StoredFile[]> {
  const stored: StoredFile[] = [];
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
