import * as contract from '@quanbao/contract/ledger';
import { attachment } from '../../http/attachment.ts';
import { type Handled, handle } from '../../http/handler.ts';
import { takeDocument } from '../originals/index.ts';
import { assignItems, closeItems, undoClosing } from './closings.ts';
import { exportLedger } from './export.ts';
import { itemsOfPerson, listLedger } from './items.ts';
import { itemLife } from './life.ts';
import { followNotices, listNotices, noteNotices } from './notices.ts';
import { ledgerOverview } from './overview.ts';

const PAGE = 50;

export const ledgerRoutes: readonly Handled[] = [
  handle(contract.ledger, async ({ instance, scope, query }) => {
    const { after, limit, ...question } = query;
    return listLedger(instance, scope, question, { after, limit: limit ?? PAGE });
  }),
  handle(contract.ledgerOverview, async ({ instance, scope, query }) =>
    ledgerOverview(instance, scope, query),
  ),
  handle(contract.ledgerItem, async ({ instance, scope, params }) =>
    itemLife(instance, scope, params.number),
  ),
  handle(contract.personItems, async ({ instance, scope, params, query }) => ({
    items: await itemsOfPerson(instance, scope, params.person, query.asOf),
  })),
  handle(contract.closeItems, async ({ instance, scope, request }) => {
    const { order, document } = await takeDocument(instance, scope, request, {
      field: 'closing',
      schema: contract.ClosingBody,
      act: '销号',
      code: 'ledger',
    });
    return closeItems(instance, scope, order, document);
  }),
  handle(contract.undoClosing, async ({ instance, scope, params }) =>
    undoClosing(instance, scope, params.closing),
  ),
  handle(contract.assignItems, async ({ instance, scope, county, actor, body }) =>
    assignItems(instance, { county, region: county, actor: actor.login }, body, scope),
  ),
  handle(contract.exportLedger, async ({ instance, scope, body, reply }) =>
    attachment(reply, '台账.xlsx').send(await exportLedger(instance, scope, body.filter, body.reason)),
  ),
  handle(contract.notices, async ({ instance, scope, query }) =>
    listNotices(instance, scope, { ...query, limit: query.limit ?? PAGE }),
  ),
  handle(contract.noteNotices, async ({ instance, scope, body }) => noteNotices(instance, scope, body)),
  handle(contract.noticeEvents, async ({ instance, scope, request, reply }) => {
    const gone = new AbortController();
    request.raw.on('close', () => gone.abort());
    for await (const news of followNotices(instance, scope, gone.signal)) {
      await reply.sse.send({ data: news });
    }
  }),
];
