export { advance, verifyRound } from './advance.ts';
export { addAct, appeal, decide, enterFact, handInSelf } from './answers.ts';
export { acceptanceOf, frozenOn } from './papers.ts';
export { countyReach } from './reach.ts';
export { resultFile, tryScheme } from './result.ts';
export { beginRound, recountRound } from './rounds.ts';
export { saveScheme, schemesOf } from './schemes.ts';
export { listRounds, viewRound } from './views.ts';
export { resultToXlsx } from './xlsx.ts';
