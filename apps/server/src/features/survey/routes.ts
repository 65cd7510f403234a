import * as contract from '@quanbao/contract/field';
import type { Aside } from '../../aside/tasks.ts';
import { journalOf } from '../../db/journal-of.ts';
import { type Handled, handle } from '../../http/handler.ts';
import type { Uploads } from '../sources/index.ts';
import { listDevices, noteDevice } from './devices.ts';
import { listVisits } from './list.ts';
import { managementRoutes } from './management-routes.ts';
import { mediaState, takePiece } from './media.ts';
import { fieldPack, fieldVillages } from './pack.ts';
import { syncVisits, undoVisit } from './visits.ts';
import { bookRoutes } from './workbooks/routes.ts';

/** @param aside does what keeps a processor busy; @param uploads keep what comes in encrypted from its first byte */
export function surveyRoutes(aside: Aside, uploads: Uploads): readonly Handled[] {
  return [...FIELD, ...managementRoutes, ...bookRoutes(aside, uploads)];
}

const FIELD: readonly Handled[] = [
  handle(contract.fieldVillages, async ({ instance, scope }) => fieldVillages(instance, scope)),
  handle(contract.fieldPack, async ({ instance, scope, query }) => fieldPack(instance, scope, query.village)),
  handle(contract.fieldSync, async ({ instance, scope, body }) => {
    const answer = await syncVisits(instance, scope, body);
    await noteDevice(instance, scope, body);
    return answer;
  }),
  handle(contract.visits, async ({ instance, scope, query }) => listVisits(instance, scope, query)),
  handle(contract.undoVisit, async ({ instance, scope, params }) =>
    undoVisit(instance, scope, params.command),
  ),
  handle(contract.devices, async ({ instance, scope }) => listDevices(instance, scope)),
  // Pictures belong to the county's journal; whoever may write visits down may send them.
  handle(contract.fieldMediaState, async ({ instance, scope, params }) =>
    mediaState(instance, journalOf(scope), params.digest),
  ),
  handle(contract.fieldMediaPiece, async ({ instance, scope, params, body }) =>
    takePiece(instance, journalOf(scope), params.digest, body),
  ),
];
