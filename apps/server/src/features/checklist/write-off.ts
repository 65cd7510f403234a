import type * as contract from '@quanbao/contract/checklist';
import type { BodyOf } from '@quanbao/contract/route';
import { isAllowed, type Role } from '@quanbao/domain/access/roles';
import { ACT_WORDS, type ItemState, requireAct, stateAfter } from '@quanbao/domain/checklist/life';
import { periodsUntil } from '@quanbao/domain/checklist/timing';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { Static } from 'typebox';
import { journalOf } from '../../db/journal-of.ts';
import type { Scope } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { holdsIdNumber, record } from '../audit/index.ts';
import { dropFiles, nameFiles } from '../originals/index.ts';
import { requireItem } from './lists.ts';
import { eventKey, readEvents, readList } from './store.ts';
import { dayOfAct } from './today.ts';
import { currentOf, periodStates } from './view.ts';

interface Key {
  readonly list: number;
  readonly item: number;
}
interface Document {
  readonly name: string;
  readonly digest: string;
}
type Order = Static<typeof contract.ItemAct>;

/**
 * 申请销账, 审核, 退回, 恢复: the place that keeps the list asks, the county decides. What a county asked for itself it may
 * decide, too; both stand in the record.
 * @param document kept already; dropped again when this is refused
 */
export async function actOnItem(
  instance: Instance,
  scope: Scope,
  role: Role,
  key: Key,
  order: Order,
  document?: Document,
): Promise<{ state: ItemState }> {
  const digests = document === undefined ? [] : [document.digest];
  try {
    const note = order.note.trim();
    if (holdsIdNumber(note) || (document !== undefined && holdsIdNumber(document.name))) {
      throw new Refusal('checklist.text', '说明和材料的文件名里不能有身份证号码。');
    }
    if (order.act !== 'close' && note.length < 2) {
      throw new Refusal('checklist.note', `请写明${ACT_WORDS[order.act]}的情况（至少两个字）。`);
    }
    const { region, day } = await instance.db.transaction(scope, async (tx) => {
      const list = await readList(tx, scope, key.list);
      if (order.act === 'request' && list.region !== scope.region) {
        throw new Refusal('checklist.foreign', '这份清单由别的单位管理；销账由该单位申请。');
      }
      if (order.act !== 'request' && !isAllowed(role, 'checklist.review')) {
        throw new Refusal('checklist.review', `${ACT_WORDS[order.act]}由县里办理；您可以申请销账。`);
      }
      await requireItem(tx, scope, key);
      return { region: list.region, day: await dayOfAct(tx, scope, order.asOf) };
    });
    return await instance.db.transaction(journalOf(scope), async (tx) => {
      // Two who decide at once wait for each other here.
      await tx.query(
        'select 1 from checklist_item where county = $1 and list = $2 and item = $3 for update',
        [scope.county, key.list, key.item],
      );
      const item = await requireItem(tx, scope, key);
      const events = await readEvents(tx, scope, [key.list], '9999-12-31');
      const period =
        order.period === undefined
          ? currentOf(item, periodStates(item, events, day), day)?.period
          : periodsUntil(item.timing, day).find((one) => one.key === order.period);
      if (period === undefined) {
        throw new Refusal('checklist.period', '这一项在这一天还没有开始，或没有这一期；请刷新后再选。');
      }
      const before = events.get(eventKey(key.list, key.item, period.key)) ?? [];
      const state = requireAct(stateAfter(before.map(({ act }) => act)), order.act);
      if (order.act === 'request' && item.evidence !== '' && document === undefined) {
        throw new Refusal('checklist.evidence', `这一项销账要附佐证：${item.evidence}；请选择文件后再申请。`);
      }
      await nameFiles(tx, instance, scope, digests);
      await tx.query(
        `insert into checklist_event (county, list, item, period, no, region, act, day, note, document_name, document_digest, actor)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
        [
          scope.county,
          key.list,
          key.item,
          period.key,
          before.length + 1,
          region,
          order.act,
          day,
          note,
          document?.name ?? null,
          document?.digest ?? null,
          scope.actor,
        ],
      );
      await record(tx, {
        county: scope.county,
        actor: scope.actor,
        act: `checklist.${order.act}`,
        subject: `checklist ${key.list}`,
        region,
        detail: { item: key.item, period: period.key },
      });
      return { state };
    });
  } finally {
    await dropFiles(instance, scope, digests);
  }
}

/** A leader passes a phase, with what is still open said in his remark. */
export async function passGate(
  instance: Instance,
  scope: Scope,
  number: number,
  order: BodyOf<typeof contract.passGate>,
): Promise<void> {
  const remark = order.remark.trim();
  if (remark.length < 2) throw new Refusal('checklist.remark', '请写验收意见（至少两个字）。');
  if (holdsIdNumber(remark)) throw new Refusal('checklist.text', '意见里不能有身份证号码。');
  await instance.db.transaction(scope, async (tx) => {
    const list = await readList(tx, scope, number);
    if (!list.phases.some(({ name }) => name === order.phase)) {
      throw new Refusal('checklist.phase', '清单里没有这个阶段；请刷新后再选。');
    }
    const day = await dayOfAct(tx, scope, order.asOf);
    const made = await tx.query(
      `insert into checklist_gate (county, list, phase, region, day, remark, actor) values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (county, list, phase) do nothing returning 1`,
      [scope.county, number, order.phase, list.region, day, remark, scope.actor],
    );
    if (made.length === 0) throw new Refusal('checklist.passed', '这个阶段已经通过；没有改动。');
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'checklist.gate',
      subject: `checklist ${number}`,
      region: list.region,
      detail: { phase: order.phase },
    });
  });
}

/** The proof of a request, as it was handed in. */
export async function readDocument(
  instance: Instance,
  scope: Scope,
  key: Key & { readonly period: string; readonly no: number },
): Promise<{ name: string; digest: string }> {
  const [row] = await instance.db.transaction(scope, (tx) =>
    tx.query<{ name: string; digest: string }>(
      `select document_name as name, document_digest as digest from checklist_event
       where county = $1 and list = $2 and item = $3 and period = $4 and no = $5 and document_digest is not null`,
      [scope.county, key.list, key.item, key.period, key.no],
    ),
  );
  if (row === undefined) throw new Refusal('checklist.document', '没有这份材料，或不在您的管辖范围。');
  return row;
}
