export { addAccount, addAccounts, listAccounts, resetPassword } from './accounts.ts';
export {
  type Actor,
  doorScope,
  requirePermission,
  type SignedIn,
  scopeOfActor,
  scopeToReceive,
  sourcesOf,
} from './actor.ts';
export { addDemoAccounts, DEMO_PASSWORD, demoAccounts } from './demo-accounts.ts';
export { findSession, isCsrf } from './sign-in.ts';
export { isInUse, type VisitWorker, visitWorkers } from './workers.ts';
