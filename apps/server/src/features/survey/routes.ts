import * as contract from '@quanbao/contract/field';
import type { Aside } from '../../aside/tasks.ts';
import { journalOf } from '../../db/journal-of.ts';
import { type Handled, handle } from '../../http/handler.ts';
import { inTheClear, type JobQueue, type Uploads, uploadStore } from '../sources/index.ts';
import { listDevices, noteDevice, requireDevice, revokeDevice } from './devices.ts';
import { enterFound, listFound, setFoundAside, undoFound } from './found-desk.ts';
import { listVisits } from './list.ts';
import { managementRoutes } from './management-routes.ts';
import { mediaState, takePiece } from './media.ts';
import { takeOutbox } from './outbox-file.ts';
import { fieldPack, fieldVillages } from './pack.ts';
import { sendPicture, surveyPicture } from './pictures.ts';
import { syncVisits, undoVisit } from './visits.ts';
import { bookRoutes } from './workbooks/routes.ts';

/**
 * @param aside does what keeps a processor busy
 * @param uploads keep what comes in encrypted from its first byte
 * @param jobs long work takes its turn among
 */
export function surveyRoutes(aside: Aside, uploads: Uploads, jobs: JobQueue): readonly Handled[] {
  return [
    ...fieldRoutes(aside),
    outboxRoute(uploads),
    ...managementRoutes,
    ...bookRoutes(aside, uploads, jobs),
  ];
}

function outboxRoute(uploads: Uploads): Handled {
  return handle(contract.takeOutbox, async ({ instance, scope, actor, request }) => {
    const taken = await uploads.take(instance, actor.account, request);
    const release = uploads.hold(taken);
    try {
      return await inTheClear(instance, uploadStore(instance, taken), taken.files, (files) =>
        takeOutbox(instance, scope, files),
      );
    } finally {
      release();
      await uploads.drop(instance, taken.upload, actor.account);
    }
  });
}

const fieldRoutes = (aside: Aside): readonly Handled[] => [
  handle(contract.fieldVillages, async ({ instance, scope }) => fieldVillages(instance, scope)),
  handle(contract.fieldPack, async ({ instance, scope, query: { village, device } }) => {
    if (device !== undefined) await requireDevice(instance, scope, device);
    const pack = await fieldPack(instance, scope, village, device);
    // A phone that has nothing to send is heard of all the same.
    if (device !== undefined) await noteDevice(instance, scope, { device });
    return pack;
  }),
  handle(contract.fieldSync, async ({ instance, scope, body }) => {
    await requireDevice(instance, scope, body.device);
    const answer = await syncVisits(instance, scope, body, new Date(), (whole, days) =>
      aside('ahead', () => undefined, whole, days),
    );
    const { device, waiting = 0, oldest, now } = body;
    await noteDevice(instance, scope, { device, waiting, oldest, now });
    return answer;
  }),
  handle(contract.visits, async ({ instance, scope, query }) => listVisits(instance, scope, query)),
  handle(contract.undoVisit, async ({ instance, scope, params }) =>
    undoVisit(instance, scope, params.command),
  ),
  handle(contract.devices, async ({ instance, scope }) => listDevices(instance, scope)),
  handle(contract.revokeDevice, async ({ instance, scope, body }) => {
    await revokeDevice(instance, scope, body);
    return { done: true as const };
  }),
  handle(contract.found, async ({ instance, scope, query }) => listFound(instance, scope, query)),
  handle(contract.enterFound, async ({ instance, scope, params, body }) =>
    enterFound(instance, scope, params.command, body),
  ),
  handle(contract.setFoundAside, async ({ instance, scope, params, body }) => {
    await setFoundAside(instance, scope, params.command, body.reason);
    return { done: true as const };
  }),
  handle(contract.foundPicture, async ({ instance, scope, params, reply }) =>
    sendPicture(reply, await surveyPicture(instance, scope, 'found', params)),
  ),
  handle(contract.undoFound, async ({ instance, scope, params }) => {
    await undoFound(instance, scope, params.command);
    return { done: true as const };
  }),
  // Pictures belong to the county's journal; whoever may write visits down may send them.
  handle(contract.fieldMediaState, async ({ instance, scope, params }) =>
    mediaState(instance, journalOf(scope), params.digest),
  ),
  handle(contract.fieldMediaPiece, async ({ instance, scope, params, body }) =>
    takePiece(instance, journalOf(scope), params.digest, body),
  ),
];
