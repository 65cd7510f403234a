/** Reads the lists that offices send: xlsx, xls, csv and txt, by header aliases, without ever guessing a number. */
export {
  type InputFile,
  type ReadBatch,
  type ReadOptions,
  type ReadSummary,
  type ReadTable,
  readFiles,
} from './read-files.ts';
export { writeReasons } from './reasons.ts';
export type { NormalRow, RejectCode, RejectedRow } from './rows.ts';
