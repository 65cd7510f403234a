export { assignItems, closeItems, rebuildLedger, undoClosing } from './closings.ts';
export { listLedger, missingOf, readLedger, seesItem } from './items.ts';
export { itemLife } from './life.ts';
export { noteNotices } from './notices.ts';
export { ledgerOverview } from './overview.ts';
