export { makeCampaign } from './campaign.ts';
export { signNotices, workLedger } from './desk-work.ts';
export { type DemoFiles, generate } from './generate.ts';
export { receiveLaterList } from './later-list.ts';
export { CHECKLIST_DONE, makeManagement } from './management.ts';
export { handOutBooks, takeBooksBack } from './papers.ts';
export { placeByRules } from './rules.ts';
export { compareWithTruth } from './verify.ts';
export { addVisitors, makeVisits, type PlannedRound, readVisits, sendVisits } from './visits.ts';
