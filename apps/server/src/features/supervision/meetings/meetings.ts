import type { AnswerOf, BodyOf } from '@quanbao/contract/route';
import type * as contract from '@quanbao/contract/supervision';
import { isOfficeNamed } from '@quanbao/domain/access/office';
import { type PlainDate, yearOf } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { decidedAt, MEETING_WORDS, requireDay, requireText } from '@quanbao/domain/supervision/meeting';
import { journalOf } from '../../../db/journal-of.ts';
import type { Scope } from '../../../db/port.ts';
import type { Instance } from '../../../instance.ts';
import { record } from '../../audit/index.ts';
import { standingOfItems } from '../../checklist/index.ts';
import { dropFiles } from '../../originals/index.ts';
import { loadRegionTree } from '../../regions/index.ts';
import { placeOf } from '../../register/index.ts';
import { requireRegion, workDay } from '../../reports/index.ts';
import type { Reader } from '../orders/store.ts';
import { readScope, withoutNumbers } from '../today.ts';
import { decisionRows, meetingRows, readDecision, readMeeting } from './store.ts';
import { answerAsTask, type KeptDocument } from './tasks.ts';

/** Meetings of the scope, and the decisions that ask something of it, whosever meeting took them. */
export async function listMeetings(
  instance: Instance,
  asked: Scope,
  asOf: PlainDate | undefined,
): Promise<AnswerOf<typeof contract.meetings>> {
  const scope = readScope(asked);
  // A place is told which meeting asked it, not what else was spoken of there.
  const all = await instance.db.transaction(journalOf(scope), async (tx) =>
    meetingRows(tx, scope, asOf ?? (await workDay(tx, scope, new Date()))),
  );
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const day = asOf ?? (await workDay(tx, scope, new Date()));
    const meetings = await meetingRows(tx, scope, day);
    const decisions = await decisionRows(tx, scope);
    const tasks = await standingOfItems(
      tx,
      scope,
      decisions.flatMap(({ item }) => (item === '' ? [] : [item])),
      day,
    );
    return {
      asOf: day,
      items: meetings.map((one) => ({
        ...one,
        region: placeOf(tree, one.region),
        kindTitle: MEETING_WORDS[one.kind],
      })),
      decisions: decisions.flatMap(({ item, ...one }) => {
        const meeting = all.find((m) => m.meeting === Number(one.meeting));
        if (meeting === undefined) return [];
        const { note = '', ...task } = tasks.get(item) ?? {};
        const isTask = 'state' in task;
        const open = isTask ? task.state !== 'closed' : one.state === 'open';
        return [
          {
            ...one,
            decision: Number(one.decision),
            meeting: meeting.meeting,
            region: placeOf(tree, one.region),
            state: open ? 'open' : 'done',
            result: note || one.result,
            late: isTask ? task.late : open && one.due < day,
            source: decidedAt(meeting),
            task: isTask ? task : null,
          },
        ];
      }),
      studyHeld: all.some((one) => one.kind === 'study' && yearOf(one.day) === yearOf(day)),
    };
  });
}

export async function addMeeting(
  instance: Instance,
  scope: Scope,
  order: BodyOf<typeof contract.addMeeting>,
): Promise<{ meeting: number }> {
  const title = requireText(order.title, 'meeting.title', '会议名称');
  const agenda = requireText(order.agenda, 'meeting.agenda', '议题');
  const attended = requireText(order.attended, 'meeting.attended', '参加人员');
  const day = requireDay(order.day, 'meeting.day', '会议日期');
  withoutNumbers('meeting.text', title, agenda, attended);
  return instance.db.transaction(scope, async (tx) => {
    const [row] = await tx.query<{ meeting: number }>(
      `insert into meeting (county, meeting, region, kind, title, day, agenda, attended, actor)
       select $1, coalesce(max(meeting), 0) + 1, $2, $3, $4, $5, $6, $7, $8 from meeting where county = $1 returning meeting`,
      [scope.county, scope.region, order.kind, title, day, agenda, attended, scope.actor],
    );
    const meeting = Number(row?.meeting);
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'meeting.add',
      subject: `meeting ${meeting}`,
      detail: { kind: order.kind, day },
    });
    return { meeting };
  });
}

export async function addDecision(
  instance: Instance,
  scope: Scope,
  meeting: number,
  order: BodyOf<typeof contract.addDecision>,
): Promise<{ decision: number }> {
  const text = requireText(order.text, 'decision.text', '议定事项');
  const unit = requireText(order.unit, 'decision.unit', '责任单位');
  const due = requireDay(order.due, 'decision.due', '完成时限');
  withoutNumbers('decision.text', text, unit);
  return instance.db.transaction(scope, async (tx) => {
    requireRegion(await loadRegionTree(tx, scope.county), scope, order.region);
    const held = await readMeeting(tx, scope, meeting);
    if (due < held.day)
      throw new Refusal('decision.due', `完成时限 ${due} 早于会议日期 ${held.day}；请改正后再试。`);
    const [row] = await tx.query<{ decision: number }>(
      `insert into meeting_decision (county, meeting, decision, region, text, unit, due_day, state, result, item, actor)
       select $1, $2::int, coalesce(max(decision), 0) + 1, $3, $4, $5, $6, 'open', '', '', $7 from meeting_decision
       where county = $1 and meeting = $2::int returning decision`,
      [scope.county, meeting, order.region, text, unit, due, scope.actor],
    );
    const decision = Number(row?.decision);
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'meeting.decide',
      subject: `meeting ${meeting} decision ${decision}`,
      region: order.region,
      detail: { due },
    });
    return { decision };
  });
}

/**
 * What came of it, by the place it asks something of or one above.
 * @param reader.office an office's account answers by name for what its own office was asked, never for a place
 * @param document kept already, for the task it has become; dropped again when this is refused
 */
export async function setDecision(
  instance: Instance,
  reader: Reader,
  key: { readonly meeting: number; readonly decision: number },
  order: BodyOf<typeof contract.setDecision>,
  document?: KeptDocument,
): Promise<{ done: true }> {
  try {
    return await answerDecision(instance, reader, key, order, document);
  } finally {
    // What came to something is named by then, and stays.
    await dropFiles(instance, journalOf(reader.scope), document === undefined ? [] : [document.digest]);
  }
}

async function answerDecision(
  instance: Instance,
  { scope, office }: Reader,
  { meeting, decision }: { readonly meeting: number; readonly decision: number },
  order: BodyOf<typeof contract.setDecision>,
  document: KeptDocument | undefined,
): Promise<{ done: true }> {
  const result =
    order.state === 'done' ? requireText(order.result, 'decision.result', '办理结果') : order.result.trim();
  withoutNumbers('decision.result', result);
  const { seen, task } = await instance.db.transaction(readScope(scope), async (tx) => {
    const row = await readDecision(tx, scope, { meeting, decision });
    const own = row.region === scope.county && isOfficeNamed(row.unit, office);
    if (scope.duty === 'office' && !own) {
      throw new Refusal('decision.own', `这项议定事项由${row.unit}办理；请由责任单位登记结果。`);
    }
    const day = await workDay(tx, scope, new Date());
    return { seen: row, task: (await standingOfItems(tx, scope, [row.item], day)).get(row.item) };
  });
  if (task === undefined && document !== undefined)
    throw new Refusal('decision.document', '这项议定事项没有转为任务，不收佐证材料；请只写办理结果。');
  if (task !== undefined) await answerAsTask(instance, scope, task, { ...order, result }, document);
  return instance.db.transaction(journalOf(scope), async (tx) => {
    await tx.query(
      'update meeting_decision set state = $4, result = $5 where county = $1 and meeting = $2 and decision = $3',
      [scope.county, meeting, decision, task === undefined ? order.state : 'open', result],
    );
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'meeting.result',
      subject: `meeting ${meeting} decision ${decision}`,
      region: seen.region,
      detail: { state: order.state },
    });
    return { done: true };
  });
}
