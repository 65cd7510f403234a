export { assignItems, closeItems, rebuildLedger, undoClosing } from './closings.ts';
export { listLedger, readLedger } from './items.ts';
export { itemLife } from './life.ts';
