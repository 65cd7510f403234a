import * as contract from '@quanbao/contract/checklist';
import { YUANJIANG_FILINGS } from '@quanbao/domain/checklist/filing';
import { journalOf } from '../../db/journal-of.ts';
import { attachment } from '../../http/attachment.ts';
import { type Handled, handle } from '../../http/handler.ts';
import { takeDocument } from '../originals/index.ts';
import { addFilings, answerFiling, listFilings, sendFiling } from './filings.ts';
import { loadListFile, withUpload } from './list-file.ts';
import { checklistToXlsx } from './list-xlsx.ts';
import { listChecklists, viewChecklist, viewItemLife } from './lists.ts';
import { addItem, changeItem, deriveList, loadShipped, retireList } from './make.ts';
import { readItems, readList } from './store.ts';
import { addTeamMember, endTeamMember, listTeams } from './teams.ts';
import { actOnItem, passGate, readDocument } from './write-off.ts';

const DONE = { done: true as const };

export const checklistRoutes: readonly Handled[] = [
  handle(contract.checklists, async ({ instance, scope, actor, query }) =>
    listChecklists(instance, scope, actor.role, query.asOf),
  ),
  handle(contract.loadChecklist, async ({ instance, scope, body }) => {
    const made = await loadShipped(instance, scope, body);
    // 附件2 names two papers for the city: they come with it.
    if (body.origin === 'yuanjiang' && body.deadline === undefined) {
      await addFilings(instance, scope, YUANJIANG_FILINGS);
    }
    return made;
  }),
  handle(contract.loadChecklistFile, async ({ instance, scope, request }) =>
    withUpload(request, (file) => loadListFile(instance, scope, file)),
  ),
  handle(contract.checklist, async ({ instance, scope, actor, params, query }) =>
    viewChecklist(instance, scope, actor.role, params.list, query.asOf),
  ),
  handle(contract.deriveChecklist, async ({ instance, scope, params, body }) =>
    deriveList(instance, scope, params.list, body),
  ),
  handle(contract.retireChecklist, async ({ instance, scope, params }) => {
    await retireList(instance, scope, params.list);
    return DONE;
  }),
  handle(contract.addItem, async ({ instance, scope, params, body }) =>
    addItem(instance, scope, params.list, body),
  ),
  handle(contract.changeItem, async ({ instance, scope, params, body }) => {
    await changeItem(instance, scope, params, body);
    return DONE;
  }),
  handle(contract.checklistItem, async ({ instance, scope, params, query }) =>
    viewItemLife(instance, scope, params, query.asOf),
  ),
  handle(contract.actOnItem, async ({ instance, scope, actor, params, body }) =>
    actOnItem(instance, scope, actor.role, params, body),
  ),
  handle(contract.requestWithDocument, async ({ instance, scope, actor, params, request }) => {
    const { order, document } = await takeDocument(instance, journalOf(scope), request, {
      field: 'act',
      schema: contract.ItemAct,
      act: '申请销账',
      code: 'checklist',
    });
    return actOnItem(instance, scope, actor.role, params, order, document);
  }),
  handle(contract.itemDocument, async ({ instance, scope, params, reply }) => {
    const { name, digest } = await readDocument(instance, scope, params);
    return attachment(reply, name).send(instance.files.open(digest));
  }),
  handle(contract.passGate, async ({ instance, scope, params, body }) => {
    await passGate(instance, scope, params.list, body);
    return DONE;
  }),
  handle(contract.checklistFile, async ({ instance, scope, params, reply }) => {
    const { list, items } = await instance.db.transaction(scope, async (tx) => ({
      list: await readList(tx, scope, params.list),
      items: await readItems(tx, scope, [params.list]),
    }));
    return attachment(reply, `${list.title}.xlsx`).send(await checklistToXlsx(list, items));
  }),
  handle(contract.teams, async ({ instance, scope, actor, query }) =>
    listTeams(instance, scope, actor.role, query.asOf),
  ),
  handle(contract.addTeamMember, async ({ instance, scope, body }) => addTeamMember(instance, scope, body)),
  handle(contract.endTeamMember, async ({ instance, scope, params, body }) => {
    await endTeamMember(instance, scope, params.member, body.to);
    return DONE;
  }),
  handle(contract.filings, async ({ instance, scope, actor, query }) =>
    listFilings(instance, scope, actor.role, query.asOf),
  ),
  handle(contract.addFiling, async ({ instance, scope, body }) => addFilings(instance, scope, [body])),
  handle(contract.sendFiling, async ({ instance, scope, params, request }) => {
    const { order, document } = await takeDocument(instance, journalOf(scope), request, {
      field: 'sent',
      schema: contract.FilingSent,
      act: '报出',
      code: 'filing',
    });
    await sendFiling(instance, scope, params.filing, order, document);
    return DONE;
  }),
  handle(contract.answerFiling, async ({ instance, scope, params, body }) => {
    await answerFiling(instance, scope, params.filing, body);
    return DONE;
  }),
];
