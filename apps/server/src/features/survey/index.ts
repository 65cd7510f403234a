export { syncVisits, undoVisit } from './visits.ts';
