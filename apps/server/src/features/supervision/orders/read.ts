import type { AnswerOf } from '@quanbao/contract/route';
import type * as contract from '@quanbao/contract/supervision';
import { isAllowed, type Role } from '@quanbao/domain/access/roles';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import { ORDER_ACT_WORDS, type OrderAct, stateAfter } from '@quanbao/domain/supervision/order';
import type { Instance } from '../../../instance.ts';
import { record } from '../../audit/index.ts';
import { readStored } from '../../originals/index.ts';
import { loadRegionTree } from '../../regions/index.ts';
import { requireRegion, workDay } from '../../reports/index.ts';
import { rulesOn } from '../rules.ts';
import { readScope } from '../today.ts';
import { lineOfOrder, ordersOn, type Reader, readOrder, type StoredOrder } from './store.ts';

export async function listOrders(
  instance: Instance,
  reader: Reader,
  query: {
    region?: RegionCode | undefined;
    asOf?: PlainDate | undefined;
    state?: 'open' | 'late' | 'closed' | undefined;
  },
): Promise<AnswerOf<typeof contract.orders>> {
  const scope = readScope(reader.scope);
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const region = query.region ?? scope.region;
    requireRegion(tree, scope, region);
    const day = query.asOf ?? (await workDay(tx, scope, new Date()));
    const { escalation } = await rulesOn(tx, scope, day);
    const all = (await ordersOn(tx, { ...reader, scope }, region, day)).map((one) =>
      lineOfOrder(tree, one, escalation, day),
    );
    const late = all.filter((one) => one.daysLate > 0);
    const wanted = {
      open: all.filter((one) => one.state !== 'closed'),
      late,
      closed: all.filter((one) => one.state === 'closed'),
    };
    return {
      asOf: day,
      items: query.state === undefined ? all : wanted[query.state],
      open: wanted.open.length,
      late: late.length,
    };
  });
}

interface StepRow {
  step: number;
  act: OrderAct;
  day: string;
  remark: string;
  document: string | null;
  actor: string;
  at: Date;
}

export async function viewOrder(
  instance: Instance,
  reader: Reader,
  role: Role,
  order: number,
  asOf: PlainDate | undefined,
): Promise<AnswerOf<typeof contract.order>> {
  const scope = readScope(reader.scope);
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const one = await readOrder(tx, { ...reader, scope }, order);
    const asked = asOf ?? (await workDay(tx, scope, new Date()));
    const day = [asked, one.raisedDay].sort().at(-1) as PlainDate;
    const { escalation } = await rulesOn(tx, scope, day);
    const steps = await tx.query<StepRow>(
      `select step, act, day, remark, document_name as document, actor, made_at as at from supervision_step
       where county = $1 and number = $2 order by step`,
      [scope.county, order],
    );
    // As it stood on the day; acts are offered where that is how it stands.
    const known = steps.filter((row) => row.day <= day);
    const state = stateAfter(known.at(-1)?.act ?? 'raise');
    const later = steps.length - known.length;
    return {
      asOf: day,
      order: lineOfOrder(tree, { ...one, state }, escalation, day),
      county: tree.get(scope.county)?.name ?? '',
      asked: one.asked,
      figures: one.figures,
      warning: one.warning,
      steps: known.map((row) => ({
        ...row,
        step: Number(row.step),
        title: ORDER_ACT_WORDS[row.act],
        at: new Date(row.at).toISOString(),
      })),
      later,
      acts: later > 0 ? [] : actsOf(role, one),
    };
  });
}

function actsOf(role: Role, one: StoredOrder): string[] {
  const acts: string[] = [];
  if (one.state !== 'closed' && isAllowed(role, 'supervision.answer')) acts.push('answer');
  if (one.state === 'answered' && isAllowed(role, 'supervision.write')) acts.push('return', 'close');
  return acts;
}

/** The evidence of an answer; the look is recorded. */
export async function orderDocument(
  instance: Instance,
  reader: Reader,
  order: number,
  step: number,
): Promise<{ name: string; bytes: Buffer }> {
  const scope = readScope(reader.scope);
  const found = await instance.db.transaction(scope, async (tx) => {
    const one = await readOrder(tx, { ...reader, scope }, order);
    const [row] = await tx.query<{ name: string; digest: string }>(
      `select document_name as name, document_digest as digest from supervision_step
       where county = $1 and number = $2 and step = $3 and document_digest is not null`,
      [scope.county, order, step],
    );
    if (row === undefined) throw new Refusal('order.document.unknown', '这一步没有附材料；请刷新后再看。');
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'order.document',
      subject: `order ${order}`,
      region: one.region,
      detail: { step },
    });
    return row;
  });
  return { name: found.name, bytes: await readStored(instance, found.digest) };
}
