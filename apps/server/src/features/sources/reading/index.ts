/** Reads the lists that offices send: xlsx, xls, csv and txt, by header aliases, without ever guessing a number. */
export { type Peeked, peek } from './peek.ts';
export { type ReadOptions, type ReadSummary, readFiles } from './read-files.ts';
export { type RowNote, writeNotes, writeReasons } from './reasons.ts';
export type { NormalRow, RejectedRow } from './rows.ts';
export { readSmallTable } from './small-table.ts';
export { unpackTables } from './unpack.ts';
