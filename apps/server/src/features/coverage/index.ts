export { listSettings, setSetting } from './change-setting.ts';
export { CountDeltas, compactCounts, countDisagreements } from './count-deltas.ts';
export { type NetEffect, netEffects } from './effects.ts';
export { judgeAnew, nextChange } from './judge.ts';
export { itemKey } from './ledger-writer.ts';
export { absenceOf, coverageContext, findingKey, recompute, stepKey } from './recompute.ts';
export { loadDeliveryRefs, type StoredPerson, streamPeople } from './store.ts';
