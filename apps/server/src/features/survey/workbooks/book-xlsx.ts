import {
  BOOK_ANSWERS,
  BOOK_COLUMNS,
  BOOK_PROOFS,
  BOOK_REASONS,
  BOOK_WAYS,
  type BookColumn,
} from '@quanbao/domain/survey/book';
import { writeXlsx } from 'hucre/xlsx';
import { rowsIntoSample } from '../../reports/index.ts';

export interface BookHead {
  /** 大福村城乡居民基本养老保险全覆盖摸底底册 */
  readonly title: string;
  /** The stamp as it is read back. */
  readonly stamp: string;
  /** Who may look at it, and what to do with it. */
  readonly note: string;
  /** Villages of the town to choose from, with their codes. */
  readonly villages: readonly { readonly name: string; readonly code: string }[];
  readonly people: number;
}

const FONT = '宋体';
const FIRST_ROW = 4;
/** The words to choose from, and the stamp once more. */
const LISTS = '编码表';
const WILLING = ['是', '否'];
const OPEN_FILL = 'FFFBE6';
const SHUT_FILL = 'F2F2F2';

/**
 * A 底册 as a workbook, made while it is sent: what was handed out is protected, what is to be filled in is open and
 * yellow, with words to choose from. No password: the protection keeps from slips, the audit finds the rest.
 */
export async function* bookToXlsx(
  head: BookHead,
  rows: Iterable<readonly string[]> | AsyncIterable<readonly string[]>,
): AsyncGenerator<Buffer> {
  yield* rowsIntoSample(await sampleOf(head), { firstRow: FIRST_ROW, columns: BOOK_COLUMNS.length }, rows);
}

async function sampleOf({ title, stamp, note, villages, people }: BookHead): Promise<Buffer> {
  const line = { style: 'thin', color: { rgb: '999999' } } as const;
  const border = { top: line, bottom: line, left: line, right: line };
  const text = { numFmt: '@', font: { name: FONT, size: 10 }, border } as const;
  const center = { vertical: 'center', horizontal: 'center', wrapText: true } as const;
  const fill = (rgb: string) => ({ type: 'pattern', pattern: 'solid', fgColor: { rgb } }) as const;
  const styleOf = (column: BookColumn) => ({
    ...text,
    alignment: { vertical: 'center', wrapText: column.open === true },
    protection: { locked: column.open !== true },
    ...(column.open ? {} : { fill: fill(SHUT_FILL) }),
  });
  const lists: readonly (readonly [NonNullable<BookColumn['choices']>, readonly string[]])[] = [
    ['villages', villages.map((one) => one.name)],
    ['answers', BOOK_ANSWERS],
    ['willing', WILLING],
    ['reasons', BOOK_REASONS],
    ['proofs', BOOK_PROOFS],
    ['ways', BOOK_WAYS],
  ];
  const last = FIRST_ROW - 1 + Math.max(1, people);
  const bytes = await writeXlsx({
    defaultFont: { name: FONT, size: 10 },
    stringMode: 'inline',
    sheets: [
      {
        name: '底册',
        columns: BOOK_COLUMNS.map(({ width }) => ({ width })),
        rows: [
          [title],
          [`底册编号：${stamp}　${note}`],
          BOOK_COLUMNS.map((one) => one.title),
          BOOK_COLUMNS.map(() => 'x'),
        ],
        rowDefs: new Map([
          [0, { height: 26 }],
          [1, { height: 30 }],
          [2, { height: 32 }],
        ]),
        cells: new Map<string, object>([
          ['0,0', { value: title, style: { font: { name: FONT, size: 15, bold: true }, alignment: center } }],
          [
            '1,0',
            {
              value: `底册编号：${stamp}　${note}`,
              style: {
                font: { name: FONT, size: 9, color: { rgb: 'C00000' } },
                alignment: { vertical: 'center', wrapText: true },
              },
            },
          ],
          ...BOOK_COLUMNS.map(
            (column, c) =>
              [
                `2,${c}`,
                {
                  value: column.title,
                  style: {
                    ...text,
                    font: { name: FONT, size: 10, bold: true },
                    alignment: center,
                    fill: fill(column.open ? OPEN_FILL : SHUT_FILL),
                  },
                },
              ] as const,
          ),
          ...BOOK_COLUMNS.map((column, c) => [`3,${c}`, { value: 'x', style: styleOf(column) }] as const),
        ]),
        merges: [
          { startRow: 0, startCol: 0, endRow: 0, endCol: BOOK_COLUMNS.length - 1 },
          { startRow: 1, startCol: 0, endRow: 1, endCol: BOOK_COLUMNS.length - 1 },
        ],
        freezePane: { rows: FIRST_ROW - 1, columns: 3 },
        autoFilter: { range: `A3:${letterOf(BOOK_COLUMNS.length - 1)}${last}` },
        dataValidations: BOOK_COLUMNS.flatMap((column, c) => {
          const at = lists.findIndex(([key]) => key === column.choices);
          const words = lists[at]?.[1] ?? [];
          if (words.length === 0) return [];
          const free = column.choices === 'proofs' || column.choices === 'ways';
          return {
            type: 'list' as const,
            formula1: `'${LISTS}'!$${letterOf(at)}$2:$${letterOf(at)}$${words.length + 1}`,
            allowBlank: true,
            showErrorMessage: true,
            errorStyle: free ? ('information' as const) : ('stop' as const),
            errorTitle: column.title,
            errorMessage: free ? '一般从下拉框选择；也可以写明材料名称。' : '请从下拉框选择。',
            range: `${letterOf(c)}${FIRST_ROW}:${letterOf(c)}${last}`,
          };
        }),
        protection: {
          sheet: true,
          selectLockedCells: true,
          selectUnlockedCells: true,
          formatCells: true,
          formatColumns: true,
          formatRows: true,
          sort: true,
          autoFilter: true,
        },
        pageSetup: {
          paperSize: 'a3',
          orientation: 'landscape',
          fitToPage: true,
          fitToWidth: 1,
          fitToHeight: 0,
          printTitlesRow: '$3:$3',
        },
        headerFooter: { oddFooter: `&C${stamp}　第 &P 页，共 &N 页` },
      },
      {
        name: LISTS,
        hidden: true,
        rows: [
          [...lists.map(([key]) => key), '村（社区）编码', stamp],
          ...Array.from({ length: Math.max(...lists.map(([, words]) => words.length)) }, (_, i) => [
            ...lists.map(([, words]) => words[i] ?? null),
            villages[i]?.code ?? null,
          ]),
        ],
      },
    ],
  });
  return Buffer.from(bytes);
}

function letterOf(index: number): string {
  return index < 26 ? String.fromCharCode(65 + index) : `A${String.fromCharCode(65 + index - 26)}`;
}
