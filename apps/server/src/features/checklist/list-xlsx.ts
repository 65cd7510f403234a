import { SHIPPED_LISTS } from '@quanbao/domain/checklist/list';
import { writeXlsx } from 'hucre/xlsx';
import type { StoredItem, StoredList } from './store.ts';

const FONT = '宋体';
const WIDTHS = { yuanjiang: [6, 12, 60, 34, 14, 10], other: [6, 24, 28, 60, 20, 34] } as const;
const HEAD_ROWS = 2;

/** A list as its paper prints it: 附件2 with 实施阶段 down its rows, 全州's with 工作内容 and 工作目标. */
export async function checklistToXlsx(list: StoredList, items: readonly StoredItem[]): Promise<Buffer> {
  const annex2 = list.origin === 'yuanjiang';
  const { columns } = SHIPPED_LISTS[annex2 ? 'yuanjiang' : 'quanzhou'];
  const rows = items.map((item, i) => cellsOf(item, i + 1, annex2));
  const line = { style: 'thin', color: { rgb: '000000' } } as const;
  const border = { top: line, bottom: line, left: line, right: line };
  const middle = { vertical: 'center', horizontal: 'center', wrapText: true } as const;
  const style = (c: number) => ({
    numFmt: '@',
    font: { name: FONT, size: 11 },
    border,
    alignment: c === (annex2 ? 2 : 3) ? { vertical: 'center', wrapText: true } : middle,
  });
  const heading = { ...style(0), font: { name: FONT, size: 11, bold: true } };
  const bytes = await writeXlsx({
    defaultFont: { name: FONT, size: 11 },
    stringMode: 'inline',
    sheets: [
      {
        name: annex2 ? '附件2' : '任务清单',
        columns: (annex2 ? WIDTHS.yuanjiang : WIDTHS.other).map((width) => ({ width })),
        rows: [[list.title], [...columns], ...rows],
        cells: new Map<string, object>([
          [
            '0,0',
            {
              value: list.title,
              style: { font: { name: FONT, size: 16, bold: true }, alignment: middle },
            },
          ],
          ...columns.map((value, c) => [`1,${c}`, { value, style: heading }] as const),
          ...rows.flatMap((row, r) =>
            row.map((value, c) => [`${r + HEAD_ROWS},${c}`, { value, style: style(c) }] as const),
          ),
        ]),
        merges: [
          { startRow: 0, startCol: 0, endRow: 0, endCol: columns.length - 1 },
          ...downMerges(rows, annex2 ? [1] : [1, 2]),
        ],
        freezePane: { rows: HEAD_ROWS },
        pageSetup: {
          paperSize: 'a4',
          orientation: 'landscape',
          fitToPage: true,
          fitToWidth: 1,
          fitToHeight: 0,
          printTitlesRow: '$1:$2',
        },
        headerFooter: { oddFooter: '&C第 &P 页，共 &N 页' },
      },
    ],
  });
  return Buffer.from(bytes);
}

export function cellsOf(item: StoredItem, number: number, annex2: boolean): string[] {
  const { section, goal, measure, deadline, units, remark } = item;
  return annex2
    ? [String(number), section, measure, units, deadline, remark]
    : [String(number), section, goal, measure, deadline, units];
}

/** Cells that say the same one under the other are one cell. */
function downMerges(rows: readonly (readonly string[])[], columns: readonly number[]) {
  const merges: { startRow: number; startCol: number; endRow: number; endCol: number }[] = [];
  for (const c of columns) {
    let start = 0;
    for (let r = 1; r <= rows.length; r++) {
      if (r < rows.length && rows[r]?.[c] === rows[start]?.[c] && rows[start]?.[c] !== '') continue;
      if (r - start > 1) {
        merges.push({ startRow: start + HEAD_ROWS, startCol: c, endRow: r - 1 + HEAD_ROWS, endCol: c });
      }
      start = r;
    }
  }
  return merges;
}
