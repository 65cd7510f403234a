import type { AnswerOf } from '@quanbao/contract/route';
import type * as contract from '@quanbao/contract/supervision';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { type RegionCode, regionRange } from '@quanbao/domain/kernel/region';
import type { RegionTree } from '@quanbao/domain/regions/region-tree';
import {
  type EscalationLevel,
  escalationColour,
  escalationOn,
  type OrderAct,
  type OrderState,
  orderNumber,
  stateAfter,
} from '@quanbao/domain/supervision/order';
import type { Scope, Tx } from '../../../db/port.ts';
import { record } from '../../audit/index.ts';
import { placeOf } from '../../register/index.ts';

/** Who reads and acts: how far he sees, and whose office he is of; empty for none. */
export interface Reader {
  readonly scope: Scope;
  readonly office: string;
}

export interface StoredOrder {
  readonly order: number;
  readonly region: RegionCode;
  readonly office: string;
  readonly subject: string;
  readonly asked: string;
  readonly figures: { text: string; reference: string }[];
  readonly warning: string;
  readonly raisedDay: PlainDate;
  readonly due: PlainDate;
  readonly state: OrderState;
  readonly actor: string;
}

const ORDER_COLUMNS = `number as "order", region, office, subject, asked, figures, warning, raised_day as "raisedDay",
  due_day as due, state, actor`;

/** An office meets its own only: it is no place, so no policy tells them apart. @throws Refusal */
export async function readOrder(
  tx: Tx,
  { scope, office }: Reader,
  order: number,
  lock: 'for update' | '' = '',
): Promise<StoredOrder> {
  const [row] = await tx.query<StoredOrder>(
    `select ${ORDER_COLUMNS} from supervision_order
     where county = $1 and number = $2 and ($3 = '' or office = $3) ${lock}`,
    [scope.county, order, office],
  );
  if (row === undefined) throw new Refusal('order.unknown', '没有这份督办单，或不在您的管辖范围。');
  return { ...row, order: Number(row.order) };
}

/** No county has raised more in the years that are kept. */
const MOST = 500;

/** Those raised up to the day, the newest first, each where it stood on the day: what was done later is not known of then. */
export async function ordersOn(
  tx: Tx,
  { scope, office }: Reader,
  region: RegionCode,
  day: PlainDate,
): Promise<StoredOrder[]> {
  const { lo, hi } = regionRange(region);
  const rows = await tx.query<StoredOrder & { last: OrderAct | null }>(
    `select ${ORDER_COLUMNS}, (select s.act from supervision_step s
       where s.county = o.county and s.number = o.number and s.day <= $5 order by s.step desc limit 1) as last
     from supervision_order o
     where county = $1 and region >= $2 and region < $3 and ($4 = '' or office = $4) and raised_day <= $5
     order by number desc limit ${MOST}`,
    [scope.county, lo, hi, office, day],
  );
  return rows.map(({ last, ...row }) => ({
    ...row,
    order: Number(row.order),
    state: stateAfter(last ?? 'raise'),
  }));
}

export function lineOfOrder(
  tree: RegionTree,
  one: StoredOrder,
  levels: readonly EscalationLevel[],
  day: PlainDate,
): AnswerOf<typeof contract.orders>['items'][number] {
  const { daysLate, reached } = escalationOn(one, levels, day);
  const level = reached.at(-1);
  const region = placeOf(tree, one.region);
  return {
    order: one.order,
    number: orderNumber(one.order, one.raisedDay),
    region,
    office: one.office,
    to: one.office === '' ? region.name : one.office,
    subject: one.subject,
    raisedDay: one.raisedDay,
    due: one.due,
    state: one.state,
    daysLate,
    escalation: level?.title ?? null,
    escalationColour: level === undefined ? null : escalationColour(level),
    actor: one.actor,
  };
}

/** One more line of what was done, in the act's own transaction. */
export async function noteStep(
  tx: Tx,
  scope: Scope,
  one: { readonly order: number; readonly region: RegionCode },
  act: OrderAct,
  day: PlainDate,
  remark: string,
  document?: { readonly name: string; readonly digest: string },
): Promise<void> {
  await tx.query(
    `insert into supervision_step (county, number, step, region, act, day, remark, document_name, document_digest, actor)
     select $1, $2::int, coalesce(max(step), 0) + 1, $3, $4, $5, $6, $7, $8, $9 from supervision_step
     where county = $1 and number = $2::int`,
    [
      scope.county,
      one.order,
      one.region,
      act,
      day,
      remark,
      document?.name ?? null,
      document?.digest ?? null,
      scope.actor,
    ],
  );
  await record(tx, {
    county: scope.county,
    actor: scope.actor,
    act: `order.${act}`,
    subject: `order ${one.order}`,
    region: one.region,
    detail: document === undefined ? {} : { digest: document.digest },
  });
}
