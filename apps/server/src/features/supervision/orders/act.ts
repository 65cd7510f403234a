import type { BodyOf } from '@quanbao/contract/route';
import type * as contract from '@quanbao/contract/supervision';
import { findIndicator, formatValue, indicatorValue } from '@quanbao/domain/indicators/indicators';
import { referenceText } from '@quanbao/domain/indicators/reference';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import { checkOrder, orderMoved, orderNumber } from '@quanbao/domain/supervision/order';
import { COLOUR_WORDS, warningWords } from '@quanbao/domain/supervision/warning';
import { journalOf } from '../../../db/journal-of.ts';
import type { Scope, Tx } from '../../../db/port.ts';
import type { Instance } from '../../../instance.ts';
import { isInUse } from '../../access/index.ts';
import { nameFiles } from '../../originals/index.ts';
import { loadRegionTree } from '../../regions/index.ts';
import { requireRegion, workDay } from '../../reports/index.ts';
import { measure } from '../../targets/index.ts';
import { readScope, withoutNumbers } from '../today.ts';
import { warningOf } from '../warnings/warnings.ts';
import { noteStep, type Reader, readOrder } from './store.ts';

type Order = BodyOf<typeof contract.raiseOrder>;

/** Raises an order, by hand or by a warning, whose words and figures it then takes over. @param on the day of work where it is another */
export async function raiseOrder(
  instance: Instance,
  scope: Scope,
  order: Order,
  on?: PlainDate,
): Promise<{ order: number; number: string }> {
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const name = requireRegion(tree, scope, order.region);
    const office = (order.office ?? '').trim();
    if (office === '' && order.region === scope.county) {
      throw new Refusal('order.to', '督办单要下达给乡镇、村（社区）或一个部门；请选择承办单位。');
    }
    const region = office === '' ? order.region : scope.county;
    const today = on ?? (await workDay(tx, scope, new Date()));
    const warned = order.warning === undefined ? undefined : await byWarning(tx, scope, order, order.warning);
    const subject = (order.subject ?? warned?.subject ?? '').trim();
    const asked = (order.asked ?? warned?.asked ?? '').trim();
    checkOrder({ subject, asked, due: order.due, day: today });
    withoutNumbers('order.text', subject, asked, office);
    const figures = [
      ...(warned?.figures ?? []),
      ...(await figuresOf(tx, scope, order.region, order.indicators ?? [], order.asOf)),
    ];
    const [row] = await tx.query<{ number: number }>(
      `insert into supervision_order (county, number, region, office, subject, asked, figures, warning, raised_day, due_day, state, actor)
       select $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5, $6::text::jsonb, $7, $8, $9, 'open', $10
       from supervision_order where county = $1 returning number`,
      [
        scope.county,
        region,
        office,
        subject,
        asked,
        JSON.stringify(figures),
        order.warning ?? '',
        today,
        order.due,
        scope.actor,
      ],
    );
    const number = Number(row?.number);
    await noteStep(tx, scope, { order: number, region }, 'raise', today, office === '' ? name : office);
    return { order: number, number: orderNumber(number, today) };
  });
}

async function byWarning(tx: Tx, scope: Scope, order: Order, code: string) {
  const one = await warningOf(tx, scope, order.region, code, order.asOf);
  if (one.colour === undefined) {
    throw new Refusal(
      'warning.none',
      `${one.region.name}“${one.rule.title}”当天没有预警；请改为手工填写事项。`,
    );
  }
  const words = warningWords(one.rule, one);
  const reference = {
    what: 'value',
    indicator: one.rule.indicator,
    region: order.region,
    day: one.day,
  } as const;
  return {
    subject: `${one.region.name}${one.rule.title}（${COLOUR_WORDS[one.colour]}色预警）`,
    asked: `截至 ${one.day}，${one.region.name}${words}。请查明原因、落实措施，于 ${order.due} 前书面答复整改情况并附佐证。`,
    figures: [{ text: words, reference: referenceText(reference) }],
  };
}

async function figuresOf(
  tx: Tx,
  scope: Scope,
  region: RegionCode,
  codes: readonly string[],
  asOf: PlainDate | undefined,
): Promise<{ text: string; reference: string }[]> {
  if (codes.length === 0) return [];
  const { whole, day } = await measure(tx, scope, region, asOf);
  return codes.map((indicator) => {
    const found = findIndicator(indicator);
    if (found === undefined)
      throw new Refusal('order.indicator', `没有名为 ${indicator} 的指标；请从指标口径里选。`);
    const unit = found.kind === 'rate' ? '' : ` ${found.unit}`;
    return {
      text: `${found.name} ${formatValue(indicator, indicatorValue(indicator, whole))}${unit}`,
      reference: referenceText({ what: 'value', indicator, region, day }),
    };
  });
}

/** Answered by the place or the office it is asked of, or for it by whoever stands above. */
export async function answerOrder(
  instance: Instance,
  reader: Reader,
  { order, remark }: { order: number; remark: string },
  document?: { name: string; digest: string },
  on?: PlainDate,
): Promise<{ state: string }> {
  const text = remark.trim();
  if (text.length < 2) throw new Refusal('order.answer', '请写明办理情况（至少两个字）。');
  withoutNumbers('order.answer', text);
  const own = readScope(reader.scope);
  await instance.db.transaction(own, (tx) => readOrder(tx, { ...reader, scope: own }, order));
  const scope = journalOf(reader.scope);
  return instance.db.transaction(scope, async (tx) => {
    const one = await readOrder(tx, { scope, office: reader.office }, order, 'for update');
    const state = orderMoved(one.state, 'answer');
    await tx.query('update supervision_order set state = $3 where county = $1 and number = $2::int', [
      scope.county,
      order,
      state,
    ]);
    if (document !== undefined) await nameFiles(tx, instance, scope, [document.digest]);
    await noteStep(tx, scope, one, 'answer', on ?? (await workDay(tx, scope, new Date())), text, document);
    return { state };
  });
}

/**
 * Returned or closed by the one who raised it; once his account is out of use, by any who may raise orders, with a reason.
 */
export async function decideOrder(
  instance: Instance,
  scope: Scope,
  order: number,
  act: 'return' | 'close',
  remark: string,
  on?: PlainDate,
): Promise<{ state: string }> {
  const text = remark.trim();
  withoutNumbers('order.remark', text);
  if (act === 'return' && text.length < 2)
    throw new Refusal('order.remark', '请写明退回的理由（至少两个字）。');
  const seen = await instance.db.transaction(scope, (tx) => readOrder(tx, { scope, office: '' }, order));
  if (seen.actor !== scope.actor) {
    if (await isInUse(instance, scope.county, seen.actor, scope.actor)) {
      throw new Refusal('order.raiser', `这份督办单由 ${seen.actor} 下达，只能由其退回或办结。`);
    }
    if (text.length < 2) {
      throw new Refusal(
        'order.reason',
        `下达人 ${seen.actor} 的账号已不在用；代为办理要写明理由（至少两个字）。`,
      );
    }
  }
  return instance.db.transaction(scope, async (tx) => {
    const one = await readOrder(tx, { scope, office: '' }, order, 'for update');
    const state = orderMoved(one.state, act);
    await tx.query('update supervision_order set state = $3 where county = $1 and number = $2::int', [
      scope.county,
      order,
      state,
    ]);
    await noteStep(tx, scope, one, act, on ?? (await workDay(tx, scope, new Date())), text);
    return { state };
  });
}
