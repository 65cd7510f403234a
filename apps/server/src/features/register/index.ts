export { adjudicate, undoAdjudication } from './adjudicate.ts';
export { type PersonPage, personPage } from './person.ts';
export { findingQueue } from './queues.ts';
export { registerRoutes } from './routes.ts';
