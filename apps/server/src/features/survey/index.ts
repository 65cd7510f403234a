export { turnAhead } from './ahead.ts';
export { drawCheck, enterResult, viewCheck } from './checks.ts';
export { addCovers } from './covers.ts';
export { noteDevice } from './devices.ts';
export { enterFound, setFoundAside } from './found-desk.ts';
export { listHeadcounts, signHeadcount } from './headcounts.ts';
export { countVisits } from './list.ts';
export { takeWhole } from './media.ts';
export { readOutboxFile } from './outbox-file.ts';
export { addRound } from './rounds.ts';
export { syncVisits } from './visits.ts';
export { bookToXlsx } from './workbooks/book-xlsx.ts';
export { bookFile, type IssuedBook, type IssueOrder, issueBooks } from './workbooks/issue.ts';
export {
  decideContradictions,
  listContradictions,
  type MergeOrder,
  type MergeReport,
  mergeBooks,
} from './workbooks/merge.ts';
export { type ReturnedBook, returnBooks, writeAudited } from './workbooks/return.ts';
