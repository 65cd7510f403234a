import {
  type CellValue,
  type FormColumn,
  type FormRow,
  type FormTable,
  fillIn,
  type HeaderCell,
} from '@quanbao/domain/reports/forms';
import { cellOf, type TableHead, totalCellOf, wrap } from './cells.ts';
import type { Look, Merge, SheetCell, SheetModel } from './sheet.ts';

const BOX = ['top', 'right', 'bottom', 'left'] as const;
const NUMBER: Look = { size: 14, bold: true, align: 'left' };
const TITLE: Look = { size: 20, bold: true, align: 'center' };
const META = {
  left: { size: 11, align: 'left' },
  center: { size: 11, align: 'center' },
  right: { size: 11, align: 'right' },
} as const satisfies Record<string, Look>;
const HEAD: Look = { size: 11, bold: true, align: 'center', lines: BOX };
const HEAD_DIAGONAL: Look = { ...HEAD, align: 'left', diagonal: true };
/** The two parts of an L-shaped heading: no line where they meet. */
const HEAD_OPEN_FOOT: Look = { ...HEAD, lines: ['top', 'left', 'right'] };
const HEAD_JOINED: Look = { ...HEAD, lines: ['bottom', 'left', 'right'] };
const INDEX: Look = { size: 10, align: 'center', lines: BOX, format: '0' };
const NOTE: Look = { size: 11, align: 'left' };

const centred: Look = { size: 11, align: 'center', lines: BOX, format: '@' };
const LOOKS: Record<FormColumn['kind'], Look> = {
  code: centred,
  name: { ...centred, align: 'left' },
  text: { ...centred, align: 'left' },
  tick: centred,
  mark: centred,
  count: { ...centred, format: '0' },
  rate: { ...centred, format: '0.00%' },
  remark: { ...centred, align: 'left' },
};
/** 合计 counts the √ of a column. */
const TICK_COUNT: Look = { ...centred, format: '0' };

const bold = new Map<Look, Look>();
function inBold(look: Look): Look {
  const found = bold.get(look) ?? { ...look, bold: true };
  bold.set(look, found);
  return found;
}

const LINE_HEIGHT = 15;
const PADDING = 7;
/** Excel's own limit; a taller row makes it mend the file. */
const TALLEST = 409;

/** Lines a text takes in a column; merged and wrapped cells never grow by themselves, so every height is set. */
function heightOf(text: string, width: number): number {
  const lines = text === '' ? 1 : wrap(text, Math.max(2, Math.floor(width - 1))).length;
  return Math.min(lines * LINE_HEIGHT + PADDING, TALLEST);
}

function dataCell(column: FormColumn, value: CellValue): SheetCell {
  if (column.kind === 'rate' && value === null) return { value: '—', look: centred };
  if (column.kind === 'tick' && typeof value === 'number') return { value, look: TICK_COUNT };
  return { value, look: LOOKS[column.kind] };
}

/** The height of a data row: as many lines as its longest text needs. */
export function rowHeight(
  columns: readonly FormColumn[],
  values: readonly (CellValue | undefined)[],
): number {
  let height = LINE_HEIGHT + PADDING;
  for (let i = 0; i < columns.length; i++) {
    const value = values[i];
    const { width } = columns[i] as FormColumn;
    // A cell whose characters would fit even if all were wide needs no measuring.
    if (typeof value !== 'string' || value.length * 2 <= width - 1) continue;
    height = Math.max(height, heightOf(value, width));
  }
  return height;
}

/** Puts rows under one another; the form's blocks stand side by side. */
class Draft {
  readonly rows: (SheetCell | undefined)[][] = [];
  readonly heights: number[] = [];
  readonly merges: Merge[] = [];
  readonly columns: number;

  constructor(columns: number) {
    this.columns = columns;
  }

  add(height: number, cells: (SheetCell | undefined)[] = []): number {
    this.rows.push(Array.from({ length: this.columns }, (_, i) => cells[i]));
    return this.heights.push(height) - 1;
  }

  /** One text over several cells of a row; every cell under it keeps the look (borders are per cell). */
  span(
    row: number,
    from: number,
    to: number,
    value: CellValue,
    look: Look,
    rowSpan = 1,
    footLook = look,
  ): void {
    for (let r = row; r < row + rowSpan; r++) {
      for (let c = from; c <= to; c++) {
        const first = r === row && c === from;
        (this.rows[r] as SheetCell[])[c] = {
          value: first ? value : null,
          look: c === from ? footLook : look,
        };
      }
    }
    if (to > from || rowSpan > 1) {
      this.merges.push({ startRow: row, startCol: from, endRow: row + rowSpan - 1, endCol: to });
    }
  }
}

function headerHeights(head: TableHead): number[] {
  const { form } = head;
  const heights = Array.from({ length: form.headerRows }, () => (form.headerRows === 1 ? 48 : 26));
  const need = (cell: HeaderCell): number => {
    const under = form.columns.slice(cell.column - 1, cell.column - 1 + cell.columnSpan);
    return heightOf(
      cell.text,
      under.reduce((a, c) => a + c.width, 0),
    );
  };
  for (const cell of form.header.toSorted((a, b) => a.rowSpan - b.rowSpan)) {
    const rows = heights.slice(cell.row, cell.row + cell.rowSpan);
    const missing = need(cell) - rows.reduce((a, h) => a + h, 0);
    if (missing > 0) (heights[cell.row + cell.rowSpan - 1] as number) += missing;
  }
  return heights;
}

/** Number, title, the line over the table, headings and column numbers. @returns the rows pages repeat */
function addHead(draft: Draft, head: TableHead): [number, number] {
  const { form } = head;
  const last = draft.columns - 1;
  draft.span(draft.add(24), 0, last, form.number, NUMBER);
  draft.span(draft.add(38), 0, last, fillIn(form.title, head), TITLE);
  const meta = draft.add(24);
  for (const part of form.meta) {
    draft.span(meta, part.from - 1, part.to - 1, fillIn(part.text, head), META[part.align]);
  }
  const first = draft.rows.length;
  for (const height of headerHeights(head)) draft.add(height);
  for (let block = 0; block < form.blocks; block++) {
    for (const cell of form.header) {
      const from = block * form.columns.length + cell.column - 1;
      const diagonal = cell.text.includes('\n');
      // The first heading of a diagonal cell stands upper right, the second lower left.
      const text = diagonal ? `　　　　　　　　${cell.text}` : cell.text;
      const open = form.header.some((c) => c.joined && c.column === cell.column && c.row === cell.row + 1);
      const look = cell.joined ? HEAD_JOINED : diagonal ? HEAD_DIAGONAL : HEAD;
      const row = first + cell.row;
      draft.span(
        row,
        from,
        from + cell.columnSpan - 1,
        text,
        look,
        cell.rowSpan,
        open ? HEAD_OPEN_FOOT : look,
      );
    }
  }
  if (form.numbered) {
    draft.add(
      20,
      form.columns.map((c) => ({ value: c.number, look: INDEX })),
    );
  }
  return [first, draft.rows.length - 1];
}

function finish(draft: Draft, head: TableHead, repeated: [number, number]): SheetModel {
  const { form } = head;
  const widths = Array.from({ length: form.blocks }, () => form.columns.map((c) => c.width)).flat();
  return {
    name: form.number,
    widths,
    rows: draft.rows,
    heights: draft.heights,
    merges: draft.merges,
    frozen: { rows: repeated[1] + 1, columns: form.blocks > 1 ? 0 : 2 },
    repeated,
    paper: form.paper,
  };
}

/** Two blocks: the left one is filled first, 合计 ends the right one. */
function addBlocks(draft: Draft, table: FormTable): void {
  const { columns, blocks } = table.form;
  const perBlock = Math.ceil(table.rows.length / blocks);
  const lastBlock = table.rows.length - perBlock * (blocks - 1);
  const height = Math.max(perBlock, lastBlock + 1);
  for (let r = 0; r < height; r++) {
    const cells = Array.from({ length: blocks }, (_, block) => {
      const lastCell = block === blocks - 1 && r === height - 1;
      const row = r < perBlock ? table.rows[block * perBlock + r] : undefined;
      return columns.map((c): SheetCell => {
        if (lastCell) return totalCell(table, table.total, c);
        return {
          value: row ? cellOf(table, row, c) : null,
          look: c.kind === 'name' ? centred : LOOKS[c.kind],
        };
      });
    });
    draft.add(26, cells.flat());
  }
}

function totalCell(head: TableHead, total: FormRow, column: FormColumn): SheetCell {
  const cell = dataCell(column, totalCellOf(head, total, column));
  return { value: cell.value, look: inBold(column.number === 1 ? centred : cell.look) };
}

/** Where every text, number, border and height of a form stands. */
export function layOut(table: FormTable): SheetModel {
  const { form } = table;
  const draft = new Draft(form.columns.length * form.blocks);
  const repeated = addHead(draft, table);
  if (form.blocks > 1) addBlocks(draft, table);
  else {
    for (const row of table.rows) {
      const values = form.columns.map((c) => cellOf(table, row, c));
      draft.add(
        rowHeight(form.columns, values),
        form.columns.map((c, i) => dataCell(c, values[i] as CellValue)),
      );
    }
    const cells = form.columns.map((c) => totalCell(table, table.total, c));
    draft.add(
      rowHeight(
        form.columns,
        cells.map((c) => c.value),
      ),
      cells,
    );
  }
  const last = draft.columns - 1;
  const width = form.columns.reduce((a, c) => a + c.width, 0) * form.blocks;
  for (const text of [...form.footnotes.map((f) => fillIn(f, table)), ...(table.note ? [table.note] : [])]) {
    draft.span(draft.add(heightOf(text, width)), 0, last, text, NOTE);
  }
  return finish(draft, table, repeated);
}
