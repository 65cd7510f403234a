import type { CellValue } from '@quanbao/domain/reports/forms';

/** How a cell looks, in the few terms our forms need; a writer turns it into its library's own. */
export interface Look {
  readonly size: number;
  readonly bold?: boolean;
  readonly align: 'left' | 'center' | 'right';
  /** Sides that have a line. */
  readonly lines?: readonly ('top' | 'right' | 'bottom' | 'left')[];
  /** A line from the upper left to the lower right corner: two headings in one cell. */
  readonly diagonal?: boolean;
  readonly format?: '@' | '0' | '0.00%';
}

export interface SheetCell {
  readonly value: CellValue;
  readonly look: Look;
}

/** Rows and columns from 0, both ends included. */
export interface Merge {
  readonly startRow: number;
  readonly startCol: number;
  readonly endRow: number;
  readonly endCol: number;
}

export interface SheetModel {
  readonly name: string;
  readonly widths: readonly number[];
  readonly rows: readonly (readonly (SheetCell | undefined)[])[];
  /** In points, one per row. */
  readonly heights: readonly number[];
  readonly merges: readonly Merge[];
  readonly frozen: { readonly rows: number; readonly columns: number };
  /** First and last row, from 0, that every printed page repeats. */
  readonly repeated: readonly [number, number];
  readonly paper: { readonly size: 'A3' | 'A4'; readonly orientation: 'landscape' | 'portrait' };
}

/** What stands between our forms and the library that writes xlsx files. */
export interface SheetWriter {
  write(sheet: SheetModel): Promise<Buffer>;
}
