import type { BodyOf } from '@quanbao/contract/route';
import type * as contract from '@quanbao/contract/supervision';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { type DecisionState, decisionAsItem } from '@quanbao/domain/supervision/meeting';
import { journalOf } from '../../../db/journal-of.ts';
import type { Scope } from '../../../db/port.ts';
import type { Instance } from '../../../instance.ts';
import { record } from '../../audit/index.ts';
import { actOnItem, itemName, putItem, requireOwn, standingOfItems } from '../../checklist/index.ts';
import { loadRegionTree } from '../../regions/index.ts';
import { workDay } from '../../reports/index.ts';
import { readDecision, readMeeting } from './store.ts';

/** A file that is in the store and named by nothing yet. */
export interface KeptDocument {
  readonly name: string;
  readonly digest: string;
}

/** The stage of a list that decisions stand in where nobody names another. */
const SECTION = '会议议定事项';

/** A decision becomes an item of a list that its place keeps: from then on it is written off there. */
export async function makeTask(
  instance: Instance,
  scope: Scope,
  key: { readonly meeting: number; readonly decision: number },
  order: BodyOf<typeof contract.decisionToTask>,
): Promise<{ list: number; item: number }> {
  return instance.db.transaction(scope, async (tx) => {
    const list = await requireOwn(tx, scope, order.list);
    const meeting = await readMeeting(tx, scope, key.meeting);
    // Two who press at once wait for each other here.
    const decision = await readDecision(tx, scope, key, 'for update');
    if (decision.state === 'done')
      throw new Refusal('decision.done', '这项议定事项已经完成，不用再转为任务。');
    const day = await workDay(tx, scope, new Date());
    const there = (await standingOfItems(tx, scope, [decision.item], day)).get(decision.item);
    if (there !== undefined) {
      throw new Refusal(
        'decision.task',
        `这项议定事项已经是《${there.title}》第 ${there.item} 项任务；请在那里办理。`,
      );
    }
    const tree = await loadRegionTree(tx, scope.county);
    const place = decision.region === scope.county ? '' : (tree.get(decision.region)?.name ?? '');
    const { content, units, due, source } = decisionAsItem(meeting, decision, place);
    const item = await putItem(tx, scope, list, {
      section: order.section?.trim() || SECTION,
      measure: content,
      units,
      remark: source,
      timing: { kind: 'day', day: due },
      ...(order.person === undefined ? {} : { person: order.person }),
      ...(order.evidence === undefined ? {} : { evidence: order.evidence }),
    });
    await tx.query(
      'update meeting_decision set item = $4 where county = $1 and meeting = $2 and decision = $3',
      [scope.county, key.meeting, key.decision, itemName(order.list, item)],
    );
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'meeting.task',
      subject: `meeting ${key.meeting} decision ${key.decision}`,
      region: decision.region,
      detail: { list: order.list, item },
    });
    return { list: order.list, item };
  });
}

/** What came of a decision that is a task asks for the write-off of the task; the county reviews it in the list. */
export async function answerAsTask(
  instance: Instance,
  scope: Scope,
  task: { readonly list: number; readonly item: number },
  order: { readonly state: DecisionState; readonly result: string },
  document: KeptDocument | undefined,
): Promise<void> {
  if (order.state !== 'done')
    throw new Refusal('decision.task', '这项议定事项已转为任务；要恢复办理，请县里在任务清单里恢复。');
  await actOnItem(
    instance,
    journalOf(scope),
    'county',
    task,
    { act: 'request', note: order.result },
    document,
  );
}
