export { latestDay, listDeliveries, listRejected } from './deliveries.ts';
export { fixRow, undoFix } from './fix.ts';
export { initCounty } from './init.ts';
export { readManifest } from './manifest.ts';
export { overdueSources } from './overdue.ts';
export { writeReasons } from './reading/index.ts';
export { type DeliveryReport, type DeliveryRequest, receive } from './receive.ts';
export { undoDelivery } from './undo.ts';
export { verifyJournal } from './verify.ts';
