import * as contract from '@quanbao/contract/supervision';
import { journalOf } from '../../db/journal-of.ts';
import { attachment } from '../../http/attachment.ts';
import { type Ask, type Handled, handle } from '../../http/handler.ts';
import { takeDocument } from '../originals/index.ts';
import { readAnalysis } from './analysis.ts';
import { addDecision, addMeeting, listMeetings, setDecision } from './meetings/meetings.ts';
import { makeTask } from './meetings/tasks.ts';
import { answerOrder, decideOrder, raiseOrder } from './orders/act.ts';
import { listOrders, orderDocument, viewOrder } from './orders/read.ts';
import type { Reader } from './orders/store.ts';
import { listProblems, moveProblem, raiseProblem } from './problems/problems.ts';
import { readRules, ruleHistory, setRules } from './rules.ts';
import { readCalendar } from './submissions/calendar.ts';
import { decideSubmission, submitSubmission } from './submissions/move.ts';
import { prepareSubmission } from './submissions/prepare.ts';
import { compareTwo, submissionFile, viewSubmission } from './submissions/view.ts';
import { previewWarnings } from './warnings/preview.ts';
import { listNotices, noteWarning, tellWarnings } from './warnings/told.ts';
import { readWarnings, warningHistory } from './warnings/warnings.ts';

/** An office's account meets the orders to its office. */
function readerOf({ scope, actor }: Pick<Ask<never>, 'scope' | 'actor'>): Reader {
  return { scope, office: scope.duty === 'office' ? actor.office : '' };
}

export const supervisionRoutes: readonly Handled[] = [
  handle(contract.calendar, async ({ instance, scope, query }) => readCalendar(instance, scope, query)),
  handle(contract.prepareSubmission, async ({ instance, scope, body }) =>
    prepareSubmission(instance, scope, body),
  ),
  handle(contract.submission, async ({ instance, scope, actor, params, query }) =>
    viewSubmission(instance, scope, actor.role, params.submission, query.version),
  ),
  handle(contract.compareSubmissions, async ({ instance, scope, params, query }) =>
    compareTwo(instance, scope, params.submission, query.against, query.version),
  ),
  handle(contract.submissionFile, async ({ instance, scope, params, query, reply }) => {
    const { name, bytes } = await submissionFile(instance, scope, params.submission, query.version);
    return attachment(reply, name).send(bytes);
  }),
  handle(contract.submitSubmission, async ({ instance, scope, params, body }) =>
    submitSubmission(instance, scope, params.submission, body.remark),
  ),
  handle(contract.decideSubmission, async ({ instance, scope, params, body }) =>
    decideSubmission(instance, scope, params.submission, body.act, body.remark),
  ),
  handle(contract.supervisionRules, async ({ instance, scope, query }) =>
    readRules(instance, scope, query.asOf),
  ),
  handle(contract.setSupervisionRules, async ({ instance, scope, body }) => setRules(instance, scope, body)),
  handle(contract.supervisionRuleHistory, async ({ instance, scope }) => ruleHistory(instance, scope)),
  handle(contract.previewWarnings, async ({ instance, scope, body }) =>
    previewWarnings(instance, scope, body.warnings, body.asOf),
  ),
  handle(contract.orders, async (ask) => listOrders(ask.instance, readerOf(ask), ask.query)),
  handle(contract.order, async (ask) =>
    viewOrder(ask.instance, readerOf(ask), ask.actor.role, ask.params.order, ask.query.asOf),
  ),
  handle(contract.raiseOrder, async ({ instance, scope, body }) => raiseOrder(instance, scope, body)),
  handle(contract.answerOrder, async (ask) => answerOrder(ask.instance, readerOf(ask), ask.body)),
  handle(contract.answerOrderWithFile, async (ask) => {
    const { order, document } = await takeDocument(ask.instance, journalOf(ask.scope), ask.request, {
      field: 'answer',
      schema: contract.OrderAnswer,
      act: '答复',
      code: 'order',
    });
    return answerOrder(ask.instance, readerOf(ask), order, document);
  }),
  handle(contract.orderDocument, async (ask) => {
    const { order, no } = ask.params;
    const { name, bytes } = await orderDocument(ask.instance, readerOf(ask), order, no);
    return attachment(ask.reply, name).send(bytes);
  }),
  handle(contract.decideOrder, async ({ instance, scope, params, body }) =>
    decideOrder(instance, scope, params.order, body.act, body.remark),
  ),
  handle(contract.warnings, async ({ instance, scope, query }) => readWarnings(instance, scope, query)),
  handle(contract.warningHistory, async ({ instance, scope, query }) =>
    warningHistory(instance, scope, query),
  ),
  handle(contract.tellWarnings, async ({ instance, scope, body }) =>
    tellWarnings(instance, scope, body.items, body.asOf),
  ),
  handle(contract.warningNotices, async (ask) => listNotices(ask.instance, readerOf(ask), ask.query.region)),
  handle(contract.noteWarning, async ({ instance, scope, body }) => noteWarning(instance, scope, body)),
  handle(contract.analysis, async ({ instance, scope, query }) => readAnalysis(instance, scope, query)),
  handle(contract.meetings, async ({ instance, scope, query }) => listMeetings(instance, scope, query.asOf)),
  handle(contract.addMeeting, async ({ instance, scope, body }) => addMeeting(instance, scope, body)),
  handle(contract.addDecision, async ({ instance, scope, params, body }) =>
    addDecision(instance, scope, params.meeting, body),
  ),
  handle(contract.setDecision, async (ask) => setDecision(ask.instance, readerOf(ask), ask.params, ask.body)),
  handle(contract.setDecisionWithFile, async (ask) => {
    const { order, document } = await takeDocument(ask.instance, journalOf(ask.scope), ask.request, {
      field: 'result',
      schema: contract.DecisionResult,
      act: '登记结果',
      code: 'decision',
    });
    return setDecision(ask.instance, readerOf(ask), ask.params, order, document);
  }),
  handle(contract.decisionToTask, async ({ instance, scope, params, body }) =>
    makeTask(instance, scope, params, body),
  ),
  handle(contract.problems, async ({ instance, scope, actor, query }) =>
    listProblems(instance, scope, actor.role, query),
  ),
  handle(contract.raiseProblem, async ({ instance, scope, body }) => raiseProblem(instance, scope, body)),
  handle(contract.moveProblem, async ({ instance, scope, params, body }) =>
    moveProblem(instance, scope, params.problem, body.act, body.text),
  ),
];
