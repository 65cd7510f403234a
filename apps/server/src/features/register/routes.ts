import * as contract from '@quanbao/contract/register';
import { attachment } from '../../http/attachment.ts';
import { chinaTime } from '../../http/china-time.ts';
import { cursorNumber } from '../../http/cursor.ts';
import { type Handled, handle } from '../../http/handler.ts';
import { requirePermission } from '../access/index.ts';
import { takeDocument } from '../originals/index.ts';
import { decide, undoAdjudication } from './adjudicate.ts';
import { listDecisions } from './decisions.ts';
import { exportFindings, exportPeople } from './export.ts';
import { dropFilter, listFilters, saveFilter } from './filters.ts';
import { listFindings, viewFinding } from './findings.ts';
import { listPeople, suggestPeople } from './people.ts';
import { revealPerson, viewPerson } from './person-page.ts';

const PAGE = 50;

export const registerRoutes: readonly Handled[] = [
  handle(contract.people, async ({ instance, scope, query }) => {
    const { after, limit, ...question } = query;
    return listPeople(instance, scope, question, { after, limit: limit ?? PAGE });
  }),
  handle(contract.suggest, async ({ instance, scope, query }) => ({
    items: await suggestPeople(instance, scope, query.q),
  })),
  handle(contract.person, async ({ instance, scope, params, query }) =>
    viewPerson(instance, scope, params.person, query.asOf),
  ),
  handle(contract.reveal, async ({ instance, scope, params, body }) =>
    revealPerson(instance, scope, params.person, body.reason),
  ),
  handle(contract.exportPeople, async ({ instance, scope, actor, body, reply }) => {
    const reveal = body.reveal === true;
    if (reveal) requirePermission(actor, 'people.reveal');
    const order = { reason: body.reason, reveal, at: chinaTime(new Date()) };
    return attachment(reply, '人员清单.xlsx').send(await exportPeople(instance, scope, body.filter, order));
  }),
  handle(contract.exportFindings, async ({ instance, scope, actor, body, reply }) => {
    const reveal = body.reveal === true;
    if (reveal) requirePermission(actor, 'people.reveal');
    const order = { reason: body.reason, reveal, at: chinaTime(new Date()) };
    const name = body.filter.queue === 'conflict' ? '矛盾清单.xlsx' : '数据待核清单.xlsx';
    return attachment(reply, name).send(await exportFindings(instance, scope, body.filter, order));
  }),
  handle(contract.savedFilters, async ({ instance, scope, actor }) => ({
    items: await listFilters(instance, scope, actor.account),
  })),
  handle(contract.saveFilter, async ({ instance, scope, actor, body }) =>
    saveFilter(instance, scope, actor.account, body),
  ),
  handle(contract.dropFilter, async ({ instance, scope, actor, params }) => {
    await dropFilter(instance, scope, actor.account, params.filter);
    return { done: true as const };
  }),
  handle(contract.findings, async ({ instance, scope, query }) => {
    const { after, limit, ...question } = query;
    return listFindings(instance, scope, question, { after, limit: limit ?? PAGE });
  }),
  handle(contract.finding, async ({ instance, scope, params, query }) =>
    viewFinding(instance, scope, params.person, params.kind, query.asOf),
  ),
  handle(contract.decide, async ({ instance, scope, request }) => {
    const { order: decision, document } = await takeDocument(instance, scope, request, {
      field: 'decision',
      schema: contract.DecisionBody,
      act: '裁定',
      code: 'adjudicate',
    });
    const { adjudication, people, changed } = await decide(
      instance,
      scope,
      decision.people,
      decision,
      document,
    );
    return { number: adjudication, people, changed };
  }),
  handle(contract.decisions, async ({ instance, scope, query }) =>
    listDecisions(instance, scope, { before: cursorNumber(query.after), limit: query.limit ?? PAGE }),
  ),
  handle(contract.undoDecision, async ({ instance, scope, params }) => {
    const { adjudication, changed } = await undoAdjudication(instance, scope, params.number);
    return { number: adjudication, changed };
  }),
];
