import * as contract from '@quanbao/contract/cockpit';
import { type Handled, handle } from '../../../http/handler.ts';
import { readCockpit } from './cockpit.ts';

export const cockpitRoutes: readonly Handled[] = [
  handle(contract.cockpit, async ({ instance, scope, actor, query }) =>
    readCockpit(instance, scope, actor.role, query),
  ),
];
