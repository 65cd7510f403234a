import { looksLikeId } from '@quanbao/domain/sources/header';
import { openTables } from './open.ts';
import type { InputFile } from './read-files.ts';
import { type RejectedRow, readDate } from './rows.ts';
import { DATE, MONTH, type Table } from './table.ts';
import { BOLD, MARKED, NOTED, PLAIN, TextWorkbook } from './text-workbook.ts';

const WHOLE_FILE = 200_000;
const HEAD_ROWS = 60;
const MAX_ROWS = 1_048_576;
const TITLE = '拒收原因';
/** An ID number fits; a remark is read without widening. */
const WIDTH = 20;
const NOTE_WIDTH = 70;

/** What a reason needs to know of a refused row. */
export type RefusedCell = Pick<RejectedRow, 'fileNo' | 'sheet' | 'row' | 'column' | 'message'>;

/**
 * The sender's own files back, as text, with the column 拒收原因 behind the last one; refused rows are coloured.
 * Of more than 200,000 rows only the header blocks and the refused rows. The result holds ID numbers.
 */
export async function writeReasons(
  files: readonly InputFile[],
  rejected: readonly RefusedCell[],
  outPath: string,
): Promise<void> {
  const notes = rejected.map((one) => ({
    ...one,
    text: `${one.column}：${one.message}`,
    colour: 'red' as const,
  }));
  await writeNotes(files, notes, outPath, { title: TITLE });
}

/** What is said of a row of a file, and how it is coloured. */
export interface RowNote {
  readonly fileNo: number;
  readonly sheet: string;
  readonly row: number;
  readonly text: string;
  readonly colour: 'red' | 'yellow' | 'none';
}

const STYLES = { red: MARKED, yellow: NOTED, none: PLAIN } as const;

/**
 * The sender's own files back with one more column behind the last one.
 * @param options.shownOnly without hidden sheets, and with wide columns
 */
export async function writeNotes(
  files: readonly InputFile[],
  notes: readonly RowNote[],
  outPath: string,
  options: {
    readonly title: string;
    readonly shownOnly?: boolean;
    /** Behind the sender's own sheets. */
    readonly more?: { readonly name: string; readonly rows: readonly (readonly string[])[] };
  },
): Promise<void> {
  const reasons = new Map<string, { text: string; style: number }>();
  for (const one of notes) {
    const key = `${one.fileNo}\n${one.sheet}\n${one.row}`;
    const known = reasons.get(key);
    const text = known === undefined ? one.text : `${known.text}\n${one.text}`;
    reasons.set(key, { text, style: known?.style === MARKED ? MARKED : STYLES[one.colour] });
  }
  const isShown = (table: Table): boolean => options.shownOnly !== true || !table.hidden;
  const sizes: Size[][] = [];
  let total = 0;
  for (const file of files) {
    const { tables } = await openTables(file.path, file.name, widest);
    const own: Size[] = [];
    for (const table of tables.filter(isShown)) {
      const size = await measure(table, (row) => reasons.has(`${sizes.length + 1}\n${table.sheet}\n${row}`));
      own.push(size);
      total += size.rows;
    }
    sizes.push(own);
  }
  const workbook = await TextWorkbook.create(outPath);
  try {
    for (const [i, file] of files.entries()) {
      const { tables } = await openTables(file.path, file.name, widest);
      for (const [t, table] of tables.filter(isShown).entries()) {
        const sheet = table.sheet === '' ? file.name.replace(/\.[^.]*$/, '') : table.sheet;
        const size = sizes[i]?.[t] as Size;
        const widths = options.shownOnly ? [...Array<number>(size.width).fill(WIDTH), NOTE_WIDTH] : [];
        await workbook.startSheet(files.length === 1 ? sheet : `${i + 1}-${sheet}`, widths);
        await copy(table, size, workbook, total <= WHOLE_FILE, options.title, (row) =>
          reasons.get(`${i + 1}\n${table.sheet}\n${row}`),
        );
      }
    }
    const { more } = options;
    if (more !== undefined && more.rows.length > 0) {
      await workbook.startSheet(
        more.name,
        (more.rows[0] ?? []).map(() => WIDTH),
      );
      for (const [i, row] of more.rows.entries()) await workbook.row(i + 1, row, i === 0 ? BOLD : NOTED);
    }
  } finally {
    await workbook.finish();
  }
}

interface Size {
  readonly rows: number;
  readonly width: number;
  /** The last row before the first one that has an ID number or was refused. */
  readonly headRow: number;
}

function widest(rows: readonly (readonly string[])[]): number {
  return Math.max(0, ...rows.map((row) => row.length));
}

async function measure(table: Table, isRefused: (row: number) => boolean): Promise<Size> {
  let rows = 0;
  let width = 0;
  let headRow = 0;
  let inHead = true;
  const steps = table.chunks((row, cells) => {
    rows++;
    let last = cells.length;
    while (last > width && (cells[last - 1] ?? '') === '') last--;
    if (last > width) width = last;
    if (inHead) {
      if (rows > HEAD_ROWS || isRefused(row) || cells.some(looksLikeId)) inHead = false;
      else if (cells.some((cell) => cell !== '')) headRow = row;
    }
  });
  for await (const _ of steps);
  return { rows, width, headRow: inHead || rows > 1 ? headRow : 0 };
}

async function copy(
  table: Table,
  size: Size,
  workbook: TextWorkbook,
  whole: boolean,
  title: string,
  reasonOf: (row: number) => { text: string; style: number } | undefined,
): Promise<void> {
  let pending: { row: number; cells: string[]; style: number }[] = [];
  const steps = table.chunks((row, cells, kinds) => {
    const reason = reasonOf(row);
    const isHead = row <= size.headRow;
    if (!whole && !isHead && reason === undefined) return;
    const own: string[] = [];
    for (let c = 0; c < size.width; c++) own.push(shown(cells[c] ?? '', kinds[c], table.date1904));
    own.push(row === size.headRow ? title : (reason?.text ?? ''));
    pending.push({ row, cells: own, style: reason?.style ?? (isHead ? BOLD : PLAIN) });
  });
  for await (const _ of steps) {
    const rows = pending;
    pending = [];
    for (const { row, cells, style } of rows) {
      if (workbook.lastRow >= MAX_ROWS) return;
      await workbook.row(whole && row > workbook.lastRow ? row : workbook.lastRow + 1, cells, style);
    }
  }
}

function shown(text: string, kind: number | undefined, date1904: boolean): string {
  return kind === DATE || kind === MONTH ? (readDate(text, kind, date1904) ?? text) : text;
}
