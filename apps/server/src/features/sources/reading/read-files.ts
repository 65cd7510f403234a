import { stat } from 'node:fs/promises';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { SourceDefinition } from '@quanbao/domain/sources/catalogue';
import {
  columnLetter,
  findHead,
  type HeadMatch,
  headingsOfOthers,
  looksLikeId,
} from '@quanbao/domain/sources/header';
import { emptyFile, openTables } from './open.ts';
import { type NormalRow, type RejectedRow, RowReader } from './rows.ts';
import type { OpenFile, Table } from './table.ts';

export interface InputFile {
  /** The sender's name for it. */
  readonly name: string;
  readonly path: string;
}

export interface ReadOptions {
  readonly source: SourceDefinition;
  readonly asOf: string;
  readonly today: string;
  /** Header text → column key, corrected by a person; '' leaves a column out. */
  readonly headerChoices?: Readonly<Record<string, string>>;
  readonly sheet?: string;
  /** A replacement for a wrong ID number. */
  readonly fix?: (rawId: string) => string | undefined;
}

interface ReadTable {
  readonly name: string;
  readonly sheet: string;
  /** The last row of the header block, from 1. */
  readonly headerRow: number;
  /** Column key → header text. */
  readonly headers: Readonly<Record<string, string>>;
  readonly unknown: readonly string[];
  /** People named, accepted or rejected. */
  readonly rows: number;
}

export interface ReadSummary {
  readonly files: readonly ReadTable[];
  readonly rows: number;
  /** Always 0 here: whoever compares rows counts them. */
  readonly duplicates: number;
  readonly warnings: readonly string[];
}

interface ReadBatch {
  readonly rows: NormalRow[];
  readonly rejected: RejectedRow[];
}

/** Few enough that what a row is made of dies young. */
const BATCH = 1_000;
const HEAD_ROWS = 60;
const KEEP_OPEN = 50 * 1024 ** 2;

interface Plan {
  readonly file: InputFile;
  readonly heads: ReadonlyMap<number, { head: HeadMatch; row: number }>;
  readonly open: OpenFile | undefined;
}

/**
 * Reads the files of one delivery. Every header is checked before the first row is handed out, so a missing column
 * stops it before anything changes; people come in batches of about 1,000.
 * @throws Refusal when a file cannot be read as what it should be
 */
export async function* readFiles(
  files: readonly InputFile[],
  options: ReadOptions,
): AsyncGenerator<ReadBatch, ReadSummary> {
  const warnings: string[] = [];
  let bytes = 0;
  for (const file of files) bytes += (await stat(file.path)).size;
  const plans: Plan[] = [];
  for (const file of files)
    plans.push(await planFile(file, options, warnings, files.length === 1 || bytes < KEEP_OPEN));
  const on = [options.asOf, options.today].sort()[1] as string;
  const read: ReadTable[] = [];
  for (const [i, plan] of plans.entries()) {
    const { file } = plan;
    const { tables } = plan.open ?? (await openTables(file.path, file.name, fitter(options)));
    let people = 0;
    for (const [t, { head, row }] of plan.heads) {
      const table = tables[t] as Table;
      const { sheet, date1904 } = table;
      const context = {
        source: options.source,
        fileNo: i + 1,
        file: file.name,
        sheet,
        date1904,
        on,
        fix: options.fix,
      };
      const reader = new RowReader(context, head, row);
      table.wanted = reader.wanted();
      for await (const _ of table.chunks(reader.read)) {
        while (reader.rows.length + reader.rejected.length >= BATCH) yield take(reader);
      }
      if (reader.rows.length + reader.rejected.length > 0) yield take(reader);
      people += reader.people;
      const described = describe(head);
      read.push({ name: file.name, sheet, headerRow: row, ...described, rows: reader.people });
      for (const { heading, of } of headingsOfOthers(
        options.source,
        head.columns.keys(),
        described.unknown,
      )) {
        warnings.push(
          `${place(file.name, sheet)}表头里有“${heading}”，是“${of.title}”名单的列；请确认来源没有选错。`,
        );
      }
      warn(warnings, place(file.name, sheet), reader);
    }
    if (people === 0) throw noRows(file.name);
    const claimed = claimedCount(file.name);
    if (claimed !== undefined && claimed !== people) {
      warnings.push(`《${file.name}》文件名写的是 ${claimed} 人，表内实有 ${people} 人，已按表内读取。`);
    }
  }
  return { files: read, rows: read.reduce((sum, one) => sum + one.rows, 0), duplicates: 0, warnings };
}

function take(reader: RowReader): ReadBatch {
  const { rows, rejected } = reader;
  if (rows.length <= BATCH * 1.5) {
    reader.rows = [];
    reader.rejected = [];
    return { rows, rejected };
  }
  reader.rows = rows.slice(BATCH);
  reader.rejected = [];
  rows.length = BATCH;
  return { rows, rejected };
}

function fitter(options: ReadOptions): (rows: readonly (readonly string[])[]) => number {
  return (rows) => {
    const head = findHead(options.source, rows, options.headerChoices);
    return head === undefined
      ? 0
      : head.columns.size + head.pairs.length + (head.missing.length === 0 ? 100 : 0);
  };
}

async function planFile(
  file: InputFile,
  options: ReadOptions,
  warnings: string[],
  keep: boolean,
): Promise<Plan> {
  const opened = await openTables(file.path, file.name, fitter(options));
  const heads = new Map<number, { head: HeadMatch; row: number }>();
  const byName = options.sheet !== undefined && opened.tables.some((one) => one.sheet !== '');
  if (byName && !opened.tables.some((one) => one.sheet === options.sheet)) {
    const names = opened.tables.map((one) => `“${one.sheet}”`).join('、');
    throw new Refusal(
      'reading.sheet-missing',
      `《${file.name}》中没有名为“${options.sheet}”的工作表，现有：${names}。请改选其中一张，或让系统自动查找。`,
    );
  }
  let partial: { head: HeadMatch; sheet: string } | undefined;
  let anything = false;
  for (const [t, table] of opened.tables.entries()) {
    if (byName && table.sheet !== options.sheet) continue;
    const first = await firstRows(table);
    if (first.rows.length === 0) continue;
    anything = true;
    const head = findHead(options.source, first.rows, options.headerChoices);
    const where = place(file.name, table.sheet);
    const ids = first.rows.filter((row) => row.some(looksLikeId)).length;
    const serious = head !== undefined && (hasId(head) || head.columns.size > 1 || isNameAmongOthers(head));
    if (table.hidden && !byName) {
      if (serious) warnings.push(`${where}是隐藏的工作表，未读取。如需读取，请取消隐藏后重报。`);
      continue;
    }
    if (head !== undefined && head.missing.length === 0) {
      heads.set(t, { head, row: first.numbers[head.last] as number });
      continue;
    }
    if (head !== undefined && serious) {
      partial ??= { head, sheet: table.sheet };
      if (hasId(head) && ids > 0) throw columnMissing(file.name, table.sheet, head);
    }
    warnings.push(
      ids > 0
        ? `${where}有身份证号码但没有找到表头，未读取。请补上表头，或确认这张表不必读取。`
        : `${where}没有找到名单的表头，未读取。`,
    );
  }
  if (heads.size === 0) {
    if (partial) throw columnMissing(file.name, partial.sheet, partial.head);
    throw anything ? noHeader(file.name, options.source) : emptyFile(file.name);
  }
  return { file, heads, open: keep ? opened : undefined };
}

function hasId(head: HeadMatch): boolean {
  return head.columns.has('id') || head.columns.has('certificate');
}

function isNameAmongOthers(head: HeadMatch): boolean {
  return head.columns.has('name') && head.headers.filter((text) => text !== '').length > 1;
}

/** The first rows with any content, and their numbers. */
async function firstRows(table: Table): Promise<{ rows: string[][]; numbers: number[] }> {
  const rows: string[][] = [];
  const numbers: number[] = [];
  const steps = table.chunks((row, cells) => {
    if (rows.length >= HEAD_ROWS || cells.every((cell) => cell.trim() === '')) return;
    rows.push([...cells]);
    numbers.push(row);
  });
  for await (const _ of steps) if (rows.length >= HEAD_ROWS) break;
  return { rows, numbers };
}

function describe(head: HeadMatch): { headers: Record<string, string>; unknown: string[] } {
  const headers: Record<string, string> = {};
  const used = new Set<number>();
  for (const [key, at] of head.columns) {
    headers[key] = head.headers[at] || columnLetter(at);
    used.add(at);
  }
  for (const pair of head.pairs) used.add(pair.name).add(pair.id);
  return { headers, unknown: head.headers.filter((text, at) => text !== '' && !used.has(at)) };
}

function place(file: string, sheet: string): string {
  return sheet === '' ? `《${file}》` : `《${file}》工作表“${sheet}”`;
}

function warn(warnings: string[], where: string, reader: RowReader): void {
  for (const [header, count] of reader.dropped) {
    warnings.push(`${where}“${header}”列有 ${count} 个值无法识别，已略过该值，人员照常读取。`);
  }
  if (reader.nobody > 0) warnings.push(`${where}有 ${reader.nobody} 行没有姓名和身份证号码，未读取。`);
}

/** `先锋街道120.xls` claims 120 people; a date, a batch or the number of a form does not. */
export function claimedCount(fileName: string): number | undefined {
  const base = fileName.replace(/\.[^.]*$/, '').replace(/[（(]\d+[)）]$/, '');
  const match = /([\p{Script=Han})）])(\d{1,6})(人|户|条|名|行)?$/u.exec(base);
  if (!match) return undefined;
  const count = Number(match[2]);
  if (match[3] === '户') return undefined;
  if (match[3] !== undefined) return count;
  if (/(?:附件|附表|表|第|月|年|日|批|版|稿|副本|册|份|季度?)\d+$/.test(base)) return undefined;
  if (/^(?:19|20)\d\d(?:0[1-9]|1[0-2])?$/.test(match[2] as string)) return undefined;
  return count < 10 && !/[镇乡道场村区处]\d$/.test(base) ? undefined : count;
}

function columnMissing(file: string, sheet: string, head: HeadMatch): Refusal {
  const found = head.headers.filter((text) => text !== '' && !looksLikeId(text)).slice(0, 40);
  return new Refusal(
    'reading.column-missing',
    `${place(file, sheet)}缺少必需的列：${head.missing.map((one) => `“${one}”`).join('、')}。` +
      `表头中找到的是：${found.join('、')}。请补上该列，或指明哪一列是它，然后重新上传；本次没有改动任何数据。`,
  );
}

function noHeader(file: string, source: SourceDefinition): Refusal {
  const needed = source.columns
    .filter((one) => one.required || one.key === 'id')
    .map((one) => `“${one.title}”`);
  return new Refusal(
    'reading.no-header',
    `《${file}》的前 ${HEAD_ROWS} 行里没有找到“${source.title}”的表头（应有 ${needed.join('、')}）。请确认选对了名单种类，并保留表头行后再上传。`,
  );
}

function noRows(file: string): Refusal {
  return new Refusal(
    'reading.no-rows',
    `《${file}》只有表头，没有一个人员。请确认导出时选对了范围，重新导出后再上传。`,
  );
}
