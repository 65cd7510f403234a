import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import * as contract from '@quanbao/contract/workbooks';
import type { Aside } from '../../../aside/tasks.ts';
import { attachment } from '../../../http/attachment.ts';
import { type Handled, handle } from '../../../http/handler.ts';
import { inTheClear, type JobQueue, type Uploads, uploadStore } from '../../sources/index.ts';
import { downloadBooks, listIssues } from './issue.ts';
import { listContradictions } from './merge.ts';
import { listReturns, readReturn, returnBooks, writeAudited } from './return.ts';

const quietly = (): void => undefined;

/**
 * @param aside does what keeps a processor busy
 * @param uploads keep what comes in encrypted from its first byte
 * @param jobs handing out and merging take their turn among
 */
export function bookRoutes(aside: Aside, uploads: Uploads, jobs: JobQueue): readonly Handled[] {
  return [
    handle(contract.bookIssues, async ({ instance, scope, query }) => listIssues(instance, scope, query)),
    handle(contract.issueBooks, async ({ scope, actor, body }) =>
      jobs.start('issue', actor.account, async (progress) => ({
        issued: await aside('issue', progress, scope, body),
      })),
    ),
    handle(contract.downloadBooks, async ({ instance, scope, body, reply }) => {
      const { name, chunks } = await downloadBooks(instance, scope, [...new Set(body.issues)], body.reason);
      return attachment(reply, name).send(Readable.from(chunks, { objectMode: false }));
    }),
    handle(contract.bookReturns, async ({ instance, scope, query }) => listReturns(instance, scope, query)),
    handle(contract.returnBooks, async ({ instance, scope, actor, request }) => {
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
    handle(contract.bookReturn, async ({ instance, scope, params, query }) =>
      readReturn(instance, scope, params.return, query),
    ),
    handle(contract.auditedBook, async ({ instance, scope, params, reply }) => {
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
    handle(contract.mergeBooks, async ({ scope, actor, body }) =>
      jobs.start(body.dryRun ? 'merge-trial' : 'merge', actor.account, async (progress) => ({
        merge: await aside('merge', progress, scope, body),
      })),
    ),
    handle(contract.contradictions, async ({ instance, scope, query }) =>
      listContradictions(instance, scope, query),
    ),
    handle(contract.decideContradictions, async ({ scope, body }) =>
      aside('decide', quietly, scope, body.rows, body.choice),
    ),
  ];
}
