export { adjudicate, undoAdjudication } from './adjudicate.ts';
export { sightOf as sightOn } from './asked.ts';
export { listFindings } from './findings.ts';
export { owedOf } from './owed.ts';
export { listPeople, namesOf, placeOf, suggestPeople, verdictOf } from './people.ts';
export { type PersonPage, personPage } from './person.ts';
export { viewPerson } from './person-page.ts';
export { findingQueue } from './queues.ts';
export { checkSearchIndex, countSearchDue, indexRegister, reindexRegister } from './search-index.ts';
