/** What a cell was in its file. */
export const TEXT = 0;
export const NUMBER = 1;
/** A formula without a cached value. */
export const FORMULA = 2;
export const ERROR = 3;
/** A number shown as a day; a number shown as a year and a month. */
export const DATE = 4;
export const MONTH = 5;
export const BOOLEAN = 6;

/**
 * Called for each row in order. `cells` and `kinds` are reused: copy what you keep. Blank cells are ''.
 * Once `table.wanted` is set, only those columns and the first cell with content are sure to be filled in.
 */
export type OnRow = (row: number, cells: string[], kinds: number[]) => void;

/** A sheet, or the one table of a text file. */
export interface Table {
  readonly sheet: string;
  readonly hidden: boolean;
  readonly date1904: boolean;
  /** Columns that are needed; undefined for all. May be set between two chunks. */
  wanted?: Uint8Array | undefined;
  /** Each step has handed a chunk of rows to `onRow`. Leaving early closes the file. */
  chunks(onRow: OnRow): AsyncGenerator<void>;
}

export interface OpenFile {
  readonly tables: readonly Table[];
}

export const MAX_COLUMNS = 1_000;
