/** Reads the lists that offices send: xlsx, xls, csv and txt, by header aliases, without ever guessing a number. */
export { type InputFile, type ReadBatch, readFiles, type ReadOptions, type ReadSummary, type ReadTable } from './read-files.ts';
export { type NormalRow, type RejectCode, type RejectedRow } from './rows.ts';
