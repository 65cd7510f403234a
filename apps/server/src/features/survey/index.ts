export { noteDevice } from './devices.ts';
export { syncVisits } from './visits.ts';
