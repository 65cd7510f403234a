export { adjudicate, undoAdjudication } from './adjudicate.ts';
export { findPerson, type PersonPage, personPage } from './person.ts';
export { findingQueue, type Queue } from './queues.ts';
