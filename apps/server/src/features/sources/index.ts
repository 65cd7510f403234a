export { daysAreNoted, isHorizonDue, noteDays, rollHorizon, VISITS_SENDER } from './county-journal.ts';
export { latestDay, listDeliveries, listRejected } from './deliveries.ts';
export { findRefusedRow, fixRow, undoFix } from './fix.ts';
export { initCounty } from './init.ts';
export type { JobQueue } from './jobs.ts';
export { readManifest } from './manifest.ts';
export { overdueSources } from './overdue.ts';
export {
  peek,
  type RowNote,
  readFiles,
  readSmallTable,
  unpackTables,
  writeNotes,
  writeReasons,
} from './reading/index.ts';
export { type DeliveryReport, type DeliveryRequest, type ReceiveOptions, receive } from './receive.ts';
export type { SourceFile } from './stage.ts';
export { type UndoReport, undoDelivery } from './undo.ts';
export { inTheClear, UPLOAD_KEPT_MS, UPLOADS, type Uploads, uploadStore } from './uploads.ts';
export { verifyJournal } from './verify.ts';
