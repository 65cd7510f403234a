import { Refusal } from '@quanbao/domain/kernel/problem';
import { writeXlsx } from 'hucre/xlsx';
import { MAX_ROWS, rowXml, SHEET } from './sheet-xml.ts';
import { readZip, zipChunks } from './zip.ts';

export interface ListHead {
  readonly name: string;
  /** Who took it out, when and why: the first line, and on every printed page. */
  readonly mark: string;
  readonly columns: readonly { readonly title: string; readonly width: number }[];
}

const FONT = '宋体';
const FIRST_ROW = 3;
/** What a printed header may hold. */
const LONGEST_MARK = 240;

/**
 * A list of any length as a workbook, made while it is sent: a sheet with one sample row is written, its rows are
 * put in on the way. Every cell is text, so that no number is rounded and none becomes a date.
 */
export async function* listToXlsx(
  head: ListHead,
  rows: AsyncIterable<readonly string[]>,
): AsyncGenerator<Buffer> {
  const parts = readZip(await sampleOf(head));
  const xml = parts.find((part) => part.name === SHEET)?.data.toString('utf8') ?? '';
  const start = xml.indexOf(`<row r="${FIRST_ROW}"`);
  const end = xml.indexOf('</row>', start) + '</row>'.length;
  const cells = [...xml.slice(start, end).matchAll(/<c r="([A-Z]+)\d+"[^>]*? s="(\d+)"/g)];
  if (start < 0 || cells.length !== head.columns.length) {
    throw new Error('The sheet writer left out the sample row');
  }
  const letters = cells.map((cell) => cell[1] as string);
  const styles = cells.map((cell) => cell[2] as string);
  async function* sheet(): AsyncGenerator<Buffer> {
    let at = FIRST_ROW;
    let text = xml.slice(0, start).replace(/<dimension [^>]*\/>/, '');
    for await (const row of rows) {
      if (at > MAX_ROWS) throw tooManyRows();
      text += rowXml(at, row, undefined, styles, letters);
      at++;
      if (text.length < CHUNK) continue;
      yield Buffer.from(text);
      text = '';
    }
    yield Buffer.from(text + xml.slice(end));
  }
  yield* zipChunks(parts.map((part) => (part.name === SHEET ? { name: SHEET, data: sheet() } : part)));
}

const CHUNK = 256 * 1024;

function tooManyRows(): Refusal {
  return new Refusal('reports.too-many-rows', '人数超过一张工作表的上限（1,048,576 行），请按乡镇分别导出。');
}

async function sampleOf({ name, mark, columns }: ListHead): Promise<Buffer> {
  const line = { style: 'thin', color: { rgb: '000000' } } as const;
  const border = { top: line, bottom: line, left: line, right: line };
  const text = {
    numFmt: '@',
    font: { name: FONT, size: 10 },
    border,
    alignment: { vertical: 'center' },
  } as const;
  const heading = { ...text, font: { name: FONT, size: 10, bold: true } } as const;
  const printed = mark.slice(0, LONGEST_MARK).replaceAll('&', '&&');
  const bytes = await writeXlsx({
    defaultFont: { name: FONT, size: 10 },
    stringMode: 'inline',
    sheets: [
      {
        name,
        columns: columns.map(({ width }) => ({ width })),
        rows: [[mark], columns.map(({ title }) => title), columns.map(() => 'x')],
        cells: new Map<string, object>([
          ['0,0', { value: mark, style: { font: { name: FONT, size: 10, color: { rgb: 'C00000' } } } }],
          ...columns.map(({ title }, c) => [`1,${c}`, { value: title, style: heading }] as const),
          ...columns.map((_, c) => [`2,${c}`, { value: 'x', style: text }] as const),
        ]),
        merges: [{ startRow: 0, startCol: 0, endRow: 0, endCol: columns.length - 1 }],
        freezePane: { rows: 2 },
        pageSetup: {
          paperSize: 'a4',
          orientation: 'landscape',
          fitToPage: true,
          fitToWidth: 1,
          fitToHeight: 0,
          printTitlesRow: '$1:$2',
        },
        headerFooter: {
          oddHeader: `&C${printed}`,
          oddFooter: `&C${printed}　第 &P 页，共 &N 页`.slice(0, 255),
        },
      },
    ],
  });
  return Buffer.from(bytes);
}
