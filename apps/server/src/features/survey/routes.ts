import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import * as contract from '@quanbao/contract/field';
import * as survey from '@quanbao/contract/survey';
import type { Aside } from '../../aside/tasks.ts';
import type { Scope } from '../../db/port.ts';
import { attachment } from '../../http/attachment.ts';
import { type Handled, handle } from '../../http/handler.ts';
import { inTheClear, type Uploads, uploadStore } from '../sources/index.ts';
import { listDevices, noteDevice } from './devices.ts';
import { listVisits } from './list.ts';
import { mediaState, takePiece } from './media.ts';
import { fieldPack, fieldVillages } from './pack.ts';
import { syncVisits, undoVisit } from './visits.ts';
import { downloadBooks, issueBooks, listIssues } from './workbooks/issue.ts';
import { listContradictions } from './workbooks/merge.ts';
import { listReturns, readReturn, returnBooks, writeAudited } from './workbooks/return.ts';

/** Pictures belong to the county's journal; whoever may write visits down may send them. */
function journal({ county, actor }: Scope): Scope {
  return { county, region: county, actor };
}

/** @param aside does what keeps a processor busy; @param uploads keep what comes in encrypted from its first byte */
export function surveyRoutes(aside: Aside, uploads: Uploads): readonly Handled[] {
  return [...FIELD, ...bookRoutes(aside, uploads)];
}

const quietly = (): void => undefined;

function bookRoutes(aside: Aside, uploads: Uploads): Handled[] {
  return [
    handle(survey.bookIssues, async ({ instance, scope, query }) => listIssues(instance, scope, query)),
    handle(survey.issueBooks, async ({ instance, scope, body }) => ({
      items: await issueBooks(instance, scope, body),
    })),
    handle(survey.downloadBooks, async ({ instance, scope, body, reply }) => {
      const { name, chunks } = await downloadBooks(instance, scope, [...new Set(body.issues)], body.reason);
      return attachment(reply, name).send(Readable.from(chunks, { objectMode: false }));
    }),
    handle(survey.bookReturns, async ({ instance, scope, query }) => listReturns(instance, scope, query)),
    handle(survey.returnBooks, async ({ instance, scope, actor, request }) => {
      const taken = await uploads.take(instance, actor.account, request);
      const release = uploads.hold(taken);
      try {
        return await inTheClear(instance, uploadStore(instance, taken), taken.files, (files) =>
          returnBooks(instance, scope, files),
        );
      } finally {
        release();
        await uploads.drop(instance, taken.upload, actor.account);
      }
    }),
    handle(survey.bookReturn, async ({ instance, scope, params, query }) =>
      readReturn(instance, scope, params.return, query),
    ),
    handle(survey.auditedBook, async ({ instance, scope, params, reply }) => {
      const path = join(instance.dir, `work-${randomUUID()}.xlsx`);
      try {
        const { name } = await writeAudited(instance, scope, params.return, path);
        const stream = createReadStream(path);
        stream.on('close', () => void rm(path, { force: true }));
        return attachment(reply, name).send(stream);
      } catch (error) {
        await rm(path, { force: true });
        throw error;
      }
    }),
    handle(survey.mergeBooks, async ({ scope, body }) => aside('merge', quietly, scope, body)),
    handle(survey.contradictions, async ({ instance, scope, query }) =>
      listContradictions(instance, scope, query),
    ),
    handle(survey.decideContradictions, async ({ scope, body }) =>
      aside('decide', quietly, scope, body.rows, body.choice),
    ),
  ];
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
  handle(contract.fieldMediaState, async ({ instance, scope, params }) =>
    mediaState(instance, journal(scope), params.digest),
  ),
  handle(contract.fieldMediaPiece, async ({ instance, scope, params, body }) =>
    takePiece(instance, journal(scope), params.digest, body),
  ),
];
