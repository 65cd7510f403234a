import { formatRate } from '@quanbao/domain/indicators/indicators';
import {
  type CellValue,
  type FormColumn,
  type FormRow,
  type FormTable,
  printedRegion,
} from '@quanbao/domain/reports/forms';

/** Everything of a table but its rows: what a streamed form knows before its first line. */
export type TableHead = Omit<FormTable, 'rows' | 'total'>;

/** What a row prints in a column. */
export function cellOf(head: TableHead, row: FormRow, column: FormColumn): CellValue {
  const given = row.cells[column.number];
  if (given !== undefined) return given;
  if (column.kind === 'code') return printedRegion(head, row).code;
  if (column.kind === 'name') return printedRegion(head, row).name;
  return column.kind === 'remark' ? (row.remark ?? '') : null;
}

/** What the 合计 row prints in a column: 合计 stands in the first. */
export function totalCellOf(head: TableHead, total: FormRow, column: FormColumn): CellValue {
  if (column.number === 1) return '合计';
  return column.kind === 'name' ? null : cellOf(head, total, column);
}

/** A cell as words: percent with two decimals, `—` for a rate that has no denominator. */
export function cellText(column: FormColumn, value: CellValue): string {
  if (column.kind === 'rate') return formatRate(typeof value === 'number' ? value : null);
  return value === null ? '' : String(value);
}

/** The rows as words, 合计 last. */
export function textRows(table: FormTable): string[][] {
  const { columns } = table.form;
  return [
    ...table.rows.map((row) => columns.map((c) => cellText(c, cellOf(table, row, c)))),
    columns.map((c) =>
      c.number > 1 && c.kind === 'name' ? '' : cellText(c, totalCellOf(table, table.total, c)),
    ),
  ];
}

/** Terminal and sheet columns alike: a Chinese character is as wide as two digits. */
export function widthOf(text: string): number {
  let width = 0;
  for (const c of text) width += isWide(c.codePointAt(0) as number) ? 2 : 1;
  return width;
}

function isWide(c: number): boolean {
  return (
    (c >= 0x1100 && c <= 0x115f) ||
    (c >= 0x2e80 && c <= 0xa4cf) ||
    (c >= 0xac00 && c <= 0xd7a3) ||
    (c >= 0xf900 && c <= 0xfaff) ||
    (c >= 0xfe30 && c <= 0xfe6f) ||
    (c >= 0xff00 && c <= 0xff60) ||
    (c >= 0xffe0 && c <= 0xffe6) ||
    (c >= 0x20000 && c <= 0x3fffd)
  );
}

/** Breaks between any two characters, as Chinese text does. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    let used = 0;
    for (const c of paragraph) {
      const w = widthOf(c);
      if (used + w > width && line !== '') {
        lines.push(line);
        line = '';
        used = 0;
      }
      line += c;
      used += w;
    }
    lines.push(line);
  }
  return lines;
}
