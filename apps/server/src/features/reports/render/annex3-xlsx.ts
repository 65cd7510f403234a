import { rm } from 'node:fs/promises';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { Annex3Totals } from '@quanbao/domain/reports/annex3';
import { ANNEX3, type CellValue, type FormTable } from '@quanbao/domain/reports/forms';
import { hucreWriter } from './hucre-writer.ts';
import { layOut, rowHeight } from './layout.ts';
import type { SheetWriter } from './sheet.ts';
import { escapeXml, MAX_ROWS, rowXml, SHEET } from './sheet-xml.ts';
import { readZip, writeZip } from './zip.ts';

const CHUNK = 256 * 1024;

export type Annex3Head = Omit<FormTable, 'form' | 'rows' | 'total'>;

/**
 * 附件3 of a whole county. No library streams merged headings, row heights and print titles; so an ordinary
 * sheet with one sample row is written, and its rows are put in while the file goes to disk.
 * @param rows 20 cells each, from column 1
 * @param mark who took it out and what for: under the last line, and on every printed page
 */
export async function annex3ToXlsx(
  head: Annex3Head,
  rows: AsyncIterable<readonly string[]> | Iterable<readonly string[]>,
  outPath: string,
  { mark, writer = hucreWriter }: { mark?: string; writer?: SheetWriter } = {},
): Promise<{ rows: number; total: CellValue[] }> {
  const { columns } = ANNEX3;
  const zeros = Object.fromEntries(columns.filter((c) => c.kind === 'tick').map((c) => [c.number, 0]));
  const sample = { code: '', name: '', cells: Object.fromEntries(columns.map((c) => [c.number, 'x'])) };
  const total = { code: '', name: '合计', cells: zeros };
  const model = layOut({ ...head, form: ANNEX3, rows: [sample], total });
  const parts = readZip(await writer.write(model));
  const frame = openFrame(
    parts.find((p) => p.name === SHEET)?.data.toString('utf8') ?? '',
    model.frozen.rows,
  );
  const totals = new Annex3Totals();
  let count = 0;

  async function* sheet(): AsyncGenerator<Buffer> {
    let text = frame.before;
    let at = frame.firstRow;
    for await (const row of rows) {
      if (at >= MAX_ROWS) throw tooMany();
      text += rowXml(at, row, rowHeight(columns, row), frame.dataStyles, frame.letters);
      totals.add(row);
      at++;
      count++;
      if (text.length < CHUNK) continue;
      yield Buffer.from(text);
      text = '';
    }
    const last = rowXml(at, totals.row(), rowHeight(columns, []), frame.totalStyles, frame.letters);
    const under = mark === undefined ? '' : rowXml(at + 2, [mark], undefined, ['0'], ['A']);
    yield Buffer.from(text + last + under + (mark === undefined ? frame.after : marked(frame.after, mark)));
  }

  try {
    await writeZip(
      outPath,
      parts.map((part) => (part.name === SHEET ? { name: SHEET, data: sheet() } : part)),
    );
  } catch (error) {
    await rm(outPath, { force: true });
    throw error;
  }
  return { rows: count, total: totals.row() };
}

/** What a printed footer may hold beside the page number. */
const LONGEST_MARK = 220;

function marked(after: string, mark: string): string {
  const printed = escapeXml(mark.slice(0, LONGEST_MARK).replaceAll('&', '&&'));
  return after.replace('<oddFooter>', () => `<oddFooter>&amp;L${printed}`);
}

function tooMany(): Refusal {
  return new Refusal('reports.too-many-rows', '人数超过一张工作表的上限（1,048,576 行），请按乡镇分别导出。');
}

interface Frame {
  readonly before: string;
  readonly after: string;
  /** From 1. */
  readonly firstRow: number;
  readonly letters: readonly string[];
  readonly dataStyles: readonly string[];
  readonly totalStyles: readonly string[];
}

/** Cuts a written sheet around its sample row and its 合计, and keeps the styles of their cells. */
function openFrame(xml: string, headRows: number): Frame {
  const start = xml.indexOf(`<row r="${headRows + 1}"`);
  const totalAt = xml.indexOf(`<row r="${headRows + 2}"`);
  const end = xml.indexOf('</row>', totalAt) + '</row>'.length;
  if (start < 0 || totalAt < start) throw new Error('The sheet writer left out the sample rows');
  const cells = (row: string) => [...row.matchAll(/<c r="([A-Z]+)\d+"[^>]*? s="(\d+)"/g)];
  const data = cells(xml.slice(start, totalAt));
  const total = cells(xml.slice(totalAt, end));
  if (data.length !== ANNEX3.columns.length || total.length !== data.length) {
    throw new Error('The sheet writer left cells without a style');
  }
  return {
    // The written range would be that of the sample.
    before: xml.slice(0, start).replace(/<dimension [^>]*\/>/, ''),
    after: xml.slice(end),
    firstRow: headRows + 1,
    letters: data.map((m) => m[1] as string),
    dataStyles: data.map((m) => m[2] as string),
    totalStyles: total.map((m) => m[2] as string),
  };
}
