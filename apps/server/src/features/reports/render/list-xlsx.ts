import { writeXlsx } from 'hucre/xlsx';
import { rowsIntoSample } from './sample-sheet.ts';

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

/** A list of any length as a workbook, made while it is sent. */
export async function* listToXlsx(
  head: ListHead,
  rows: AsyncIterable<readonly string[]>,
): AsyncGenerator<Buffer> {
  yield* rowsIntoSample(await sampleOf(head), { firstRow: FIRST_ROW, columns: head.columns.length }, rows);
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
