export { listSettings, setSetting } from './change-setting.ts';
export { CountDeltas, compactCounts, countDisagreements } from './count-deltas.ts';
export { absenceOf, coverageContext, type Effects, findingKey, recompute, stepKey } from './recompute.ts';
export { loadDeliveryRefs, streamPeople } from './store.ts';
