export { initCounty } from './init.ts';
export { readManifest } from './manifest.ts';
export { type DeliveryReport, type DeliveryRequest, openContext, receive } from './receive.ts';
export { undoDelivery } from './undo.ts';
