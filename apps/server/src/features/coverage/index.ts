export { CountDeltas, compactCounts, countDisagreements } from './count-deltas.ts';
export { type NetEffect, netEffects } from './effects.ts';
export { coverageContext, type Effects, findingKey, recompute, stepKey } from './recompute.ts';
export { loadDeliveryRefs, type StoredPerson, streamPeople } from './store.ts';
