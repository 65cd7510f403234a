import * as contract from '@quanbao/contract/survey';
import { journalOf } from '../../db/journal-of.ts';
import { type Handled, handle } from '../../http/handler.ts';
import { takeDocument } from '../originals/index.ts';
import { drawCheck, enterResult, listChecks, viewCheck } from './checks.ts';
import { addCovers, endCover, listCovers, listWorkers } from './covers.ts';
import { enterVisit } from './desk-visits.ts';
import { listHeadcounts, signHeadcount } from './headcounts.ts';
import { sendPicture, surveyPicture } from './pictures.ts';
import { roundPeople, roundProgress } from './progress.ts';
import { listRevisits } from './revisits.ts';
import { addRound, endRound, listRounds } from './rounds.ts';
import { readStatements, statementPlaces } from './statements.ts';
import { surveyDay } from './visits.ts';

const PAGE = 50;

export const managementRoutes: readonly Handled[] = [
  handle(contract.surveyDay, async ({ instance, scope }) => ({
    day: (await surveyDay(instance, journalOf(scope), new Date())).day,
  })),
  handle(contract.covers, async ({ instance, scope, query }) => listCovers(instance, scope, query)),
  handle(contract.surveyWorkers, async ({ instance, scope, query }) =>
    listWorkers(instance, scope, query.region),
  ),
  handle(contract.addCovers, async ({ instance, scope, body }) => addCovers(instance, scope, body)),
  handle(contract.endCover, async ({ instance, scope, params, body }) =>
    endCover(instance, scope, params.cover, body.to),
  ),
  handle(contract.rounds, async ({ instance, scope }) => listRounds(instance, scope)),
  handle(contract.addRound, async ({ instance, scope, body }) => addRound(instance, scope, body)),
  handle(contract.endRound, async ({ instance, scope, params }) => endRound(instance, scope, params.round)),
  handle(contract.roundProgress, async ({ instance, scope, params, query }) =>
    roundProgress(instance, scope, params.round, query),
  ),
  handle(contract.roundPeople, async ({ instance, scope, params, query }) =>
    roundPeople(instance, scope, params.round, { ...query, limit: query.limit ?? PAGE }),
  ),
  handle(contract.revisits, async ({ instance, scope, query }) =>
    listRevisits(instance, scope, { ...query, limit: query.limit ?? PAGE }),
  ),
  handle(contract.enterVisit, async ({ instance, scope, body }) => enterVisit(instance, scope, body)),
  handle(contract.enterScannedVisit, async ({ instance, scope, request }) => {
    const { order, document } = await takeDocument(instance, journalOf(scope), request, {
      field: 'visit',
      schema: contract.DeskVisit,
      act: '登记',
      code: 'visit',
    });
    return enterVisit(instance, scope, order, document);
  }),
  handle(contract.visitPicture, async ({ instance, scope, params, reply }) =>
    sendPicture(reply, await surveyPicture(instance, scope, 'visit', params)),
  ),
  handle(contract.checks, async ({ instance, scope }) => listChecks(instance, scope)),
  handle(contract.drawCheck, async ({ instance, scope, body }) => drawCheck(instance, scope, body)),
  handle(contract.check, async ({ instance, scope, params }) => viewCheck(instance, scope, params.check)),
  handle(contract.enterResult, async ({ instance, scope, params, body }) =>
    enterResult(instance, scope, params.check, body),
  ),
  handle(contract.headcounts, async ({ instance, scope, query }) => listHeadcounts(instance, scope, query)),
  handle(contract.signHeadcount, async ({ instance, scope, body }) => signHeadcount(instance, scope, body)),
  handle(contract.statements, async ({ instance, scope, query }) => readStatements(instance, scope, query)),
  handle(contract.statementPlaces, async ({ instance, scope, query }) =>
    statementPlaces(instance, scope, query),
  ),
  handle(contract.fullStatements, async ({ instance, scope, body }) => {
    const { reason, ...question } = body;
    return readStatements(instance, scope, question, { reason });
  }),
];
