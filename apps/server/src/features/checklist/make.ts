import type * as contract from '@quanbao/contract/checklist';
import type { BodyOf } from '@quanbao/contract/route';
import { type ListItem, SHIPPED_LISTS } from '@quanbao/domain/checklist/list';
import {
  type Phase,
  shiftPhase,
  shiftTiming,
  shiftTo,
  YUANJIANG_PHASES,
} from '@quanbao/domain/checklist/phase';
import { rhythmWords, type Timing } from '@quanbao/domain/checklist/timing';
import { partiesOf } from '@quanbao/domain/checklist/units';
import { findIndicator, pendingIndicator } from '@quanbao/domain/indicators/indicators';
import { isPlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { type RegionCode, regionLevel } from '@quanbao/domain/kernel/region';
import { journalOf } from '../../db/journal-of.ts';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { holdsIdNumber, record } from '../audit/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { requireRegion } from '../reports/index.ts';
import { requireItem } from './lists.ts';
import { readItems, readList, type StoredList } from './store.ts';

/** What a new list is made of. */
export interface NewList {
  readonly origin: string;
  readonly title: string;
  readonly region: RegionCode;
  readonly parent?: number;
  readonly phases: readonly Phase[];
  readonly items: readonly (ListItem & { readonly person?: string; readonly parentItem?: number })[];
}

type Made = { list: number; items: number };

export async function loadShipped(
  instance: Instance,
  scope: Scope,
  order: BodyOf<typeof contract.loadChecklist>,
): Promise<Made> {
  if (order.deadline !== undefined && !isPlainDate(order.deadline)) {
    throw new Refusal('checklist.day', '完成时限应为 2020-10-31 的样子。');
  }
  if (order.origin === 'own') {
    const title = order.title?.trim() ?? '';
    if (title.length < 2) throw new Refusal('checklist.title', '请写清单的名称（至少两个字）。');
    return makeList(instance, scope, { origin: 'own', title, region: scope.region, phases: [], items: [] });
  }
  if (regionLevel(scope.region) !== 'county') {
    throw new Refusal('checklist.level', '随产品提供的清单由县里载入；乡镇请从县清单制定工作细案。');
  }
  const shipped = SHIPPED_LISTS[order.origin];
  const phases = order.origin === 'yuanjiang' ? YUANJIANG_PHASES : [];
  const days = order.deadline === undefined ? 0 : shiftTo(phases, order.deadline);
  if (order.deadline !== undefined && phases.length === 0) {
    throw new Refusal('checklist.deadline', '这份清单没有阶段，不能倒排；请载入后逐项改时限。');
  }
  return makeList(instance, scope, {
    origin: order.origin,
    title: order.title?.trim() || shipped.title,
    region: scope.region,
    phases: phases.map((phase) => shiftPhase(phase, days)),
    items: shipped.items.map((item) => ({ ...item, timing: shiftTiming(item.timing, days) })),
  });
}

/** A town's 工作细案: the county's items that towns answer for, each linked to its own. */
export async function deriveList(
  instance: Instance,
  scope: Scope,
  number: number,
  order: BodyOf<typeof contract.deriveChecklist>,
): Promise<Made> {
  const region = order.region ?? scope.region;
  const { parent, items, name } = await instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const called = requireRegion(tree, scope, region);
    if (regionLevel(region) !== 'town') {
      throw new Refusal('checklist.level', '工作细案由乡镇（街道）制定；请选一个乡镇。');
    }
    const list = await readList(tx, scope, number);
    if (list.region !== scope.county) {
      throw new Refusal('checklist.parent', '工作细案只能从县里的清单制定；请选县清单。');
    }
    const [there] = await tx.query(
      'select 1 from checklist where county = $1 and parent = $2 and region = $3 and retired_at is null',
      [scope.county, number, region],
    );
    if (there !== undefined) {
      throw new Refusal('checklist.derived', `${called}已经从这份清单制定了工作细案；请在原来的细案里改。`);
    }
    return { parent: list, items: await readItems(tx, scope, [number]), name: called };
  });
  const own = items.filter(({ units }) => order.whole === true || partiesOf(units).towns);
  return makeList(instance, scope, {
    origin: parent.origin,
    title: `${name}工作细案（${parent.title}）`,
    region,
    parent: parent.list,
    // A stage in which the town has nothing to do is no gate of its own: it would stay late for ever.
    phases: parent.phases.filter((phase) => own.some(({ section }) => section === phase.name)),
    items: own.map((item, i) => ({ ...item, ordinal: i + 1, parentItem: item.item })),
  });
}

export async function makeList(instance: Instance, scope: Scope, made: NewList): Promise<Made> {
  if (holdsIdNumber(JSON.stringify(made))) {
    throw new Refusal('checklist.text', '清单里不能有身份证号码；请删去后再试。');
  }
  return instance.db.transaction(journalOf(scope), async (tx) => {
    const [row] = await tx.query<{ list: number }>(
      `insert into checklist (county, list, region, title, origin, parent, phases, actor)
       select $1, coalesce(max(list), 0) + 1, $2, $3, $4, $5, $6, $7 from checklist where county = $1 returning list`,
      [
        scope.county,
        made.region,
        made.title,
        made.origin,
        made.parent ?? null,
        JSON.stringify(made.phases),
        scope.actor,
      ],
    );
    const list = Number(row?.list);
    await insertItems(tx, scope, list, made.region, made.items);
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'checklist.make',
      subject: `checklist ${list}`,
      region: made.region,
      detail: { origin: made.origin, items: made.items.length },
    });
    return { list, items: made.items.length };
  });
}

async function insertItems(
  tx: Tx,
  scope: Scope,
  list: number,
  region: RegionCode,
  items: NewList['items'],
): Promise<void> {
  await tx.query(
    `insert into checklist_item (county, list, item, region, section, goal, measure, deadline, units, remark, timing,
       indicator, person, evidence, parent_item, actor)
     select $1, $2, u.item, $3, u.section, u.goal, u.measure, u.deadline, u.units, u.remark, u.timing::jsonb, u.indicator,
       u.person, '', nullif(u.parent, 0), $4
     from unnest($5::int[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[],
       $14::text[], $15::int[]) as u (item, section, goal, measure, deadline, units, remark, timing, indicator, person, parent)`,
    [
      scope.county,
      list,
      region,
      scope.actor,
      items.map(({ ordinal }) => ordinal),
      items.map(({ section }) => section),
      items.map(({ goal }) => goal),
      items.map(({ measure }) => measure),
      items.map(({ deadline }) => deadline),
      items.map(({ units }) => units),
      items.map(({ remark }) => remark),
      items.map(({ timing }) => JSON.stringify(timing)),
      items.map(({ indicator }) => indicator ?? ''),
      items.map(({ person }) => person ?? ''),
      items.map(({ parentItem }) => parentItem ?? 0),
    ],
  );
}

/** @throws Refusal checklist.foreign for a list that another place keeps */
export async function requireOwn(tx: Tx, scope: Scope, list: number): Promise<StoredList> {
  const found = await readList(tx, scope, list);
  if (found.region !== scope.region) {
    throw new Refusal('checklist.foreign', '这份清单由别的单位管理，您可以查看，不能改动。');
  }
  return found;
}

function checkTiming(timing: Timing): void {
  const days =
    timing.kind === 'day' ? [timing.day] : [timing.from, ...(timing.to === undefined ? [] : [timing.to])];
  if (days.some((day) => !isPlainDate(day))) {
    throw new Refusal('checklist.day', '完成时限应为 2020-08-31 的样子。');
  }
  if (timing.kind !== 'day' && timing.to !== undefined && timing.to < timing.from) {
    throw new Refusal('checklist.day', '结束日期不能早于开始日期。');
  }
}

function checkIndicator(code: string | undefined): void {
  if (code === undefined || code === '' || findIndicator(code) !== undefined) return;
  const waits = pendingIndicator(code);
  throw new Refusal(
    'checklist.indicator',
    waits === undefined
      ? '没有这个指标；请从指标口径里选。'
      : `“${waits.name}”还没有数据（待接入：${waits.waitsFor}），不能作进度；请另选。`,
  );
}

function checkTexts(texts: readonly (string | undefined)[]): void {
  if (texts.some((text) => text !== undefined && holdsIdNumber(text))) {
    throw new Refusal('checklist.text', '清单里不能有身份证号码；请删去后再试。');
  }
}

type NewItem = BodyOf<typeof contract.addItem> & { readonly remark?: string };

export async function addItem(
  instance: Instance,
  scope: Scope,
  list: number,
  order: NewItem,
): Promise<{ item: number }> {
  const owned = await instance.db.transaction(scope, (tx) => requireOwn(tx, scope, list));
  return instance.db.transaction(journalOf(scope), async (tx) => ({
    item: await putItem(tx, scope, owned, order),
  }));
}

/**
 * In a transaction of the county's journal, for whoever keeps the list.
 * @throws Refusal for what cannot stand in a list
 */
export async function putItem(tx: Tx, scope: Scope, list: StoredList, order: NewItem): Promise<number> {
  checkTiming(order.timing);
  checkIndicator(order.indicator);
  checkTexts([order.section, order.goal, order.measure, order.units, order.person, order.evidence]);
  if (order.measure.trim().length < 4) {
    throw new Refusal('checklist.measure', '请写清要做什么（至少四个字）。');
  }
  if (order.units.trim() === '') throw new Refusal('checklist.units', '请写责任单位。');
  const [row] = await tx.query<{ item: number }>(
    `insert into checklist_item (county, list, item, region, section, goal, measure, deadline, units, remark, timing,
       indicator, person, evidence, actor)
     select $1, $2, coalesce(max(item), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11, $12, $13, $14
     from checklist_item where county = $1 and list = $2 returning item`,
    [
      scope.county,
      list.list,
      list.region,
      order.section.trim(),
      order.goal?.trim() ?? '',
      order.measure.trim(),
      order.deadline?.trim() ||
        (order.timing.kind === 'day' ? `${order.timing.day}前` : rhythmWords(order.timing)),
      order.units.trim(),
      order.remark ?? '',
      JSON.stringify(order.timing),
      order.indicator ?? '',
      order.person?.trim() ?? '',
      order.evidence?.trim() ?? '',
      scope.actor,
    ],
  );
  const item = Number(row?.item);
  await noteItem(tx, scope, 'checklist.item.add', list.list, item);
  return item;
}

/** The words of the paper stay; who does it, by when, what has to be shown and what tells its progress change. */
export async function changeItem(
  instance: Instance,
  scope: Scope,
  key: { readonly list: number; readonly item: number },
  order: BodyOf<typeof contract.changeItem>,
): Promise<void> {
  if (order.timing !== undefined) checkTiming(order.timing);
  checkIndicator(order.indicator);
  checkTexts([order.person, order.evidence]);
  await instance.db.transaction(scope, async (tx) => {
    await requireOwn(tx, scope, key.list);
    await requireItem(tx, scope, key);
  });
  await instance.db.transaction(journalOf(scope), async (tx) => {
    await tx.query(
      `update checklist_item set person = coalesce($4, person), evidence = coalesce($5, evidence),
         timing = coalesce($6::jsonb, timing), indicator = coalesce($7, indicator)
       where county = $1 and list = $2 and item = $3`,
      [
        scope.county,
        key.list,
        key.item,
        order.person?.trim() ?? null,
        order.evidence?.trim() ?? null,
        order.timing === undefined ? null : JSON.stringify(order.timing),
        order.indicator ?? null,
      ],
    );
    await noteItem(tx, scope, 'checklist.item.change', key.list, key.item);
  });
}

async function noteItem(tx: Tx, scope: Scope, act: string, list: number, item: number): Promise<void> {
  const { county, actor, region } = scope;
  await record(tx, { county, actor, act, subject: `checklist ${list}`, region, detail: { item } });
}

export async function retireList(instance: Instance, scope: Scope, list: number): Promise<void> {
  await instance.db.transaction(scope, (tx) => requireOwn(tx, scope, list));
  await instance.db.transaction(journalOf(scope), async (tx) => {
    await tx.query('update checklist set retired_at = now() where county = $1 and list = $2', [
      scope.county,
      list,
    ]);
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'checklist.retire',
      subject: `checklist ${list}`,
      region: scope.region,
    });
  });
}
