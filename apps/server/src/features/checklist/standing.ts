import type { ItemState } from '@quanbao/domain/checklist/life';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import type { Scope, Tx } from '../../db/port.ts';
import { eventKey, readEvents, readItems, readLists } from './store.ts';
import { currentOf, periodStates } from './view.ts';

/** How an item stands on a day, for whoever made it one. */
export interface ItemStanding {
  readonly list: number;
  readonly title: string;
  readonly item: number;
  readonly state: ItemState;
  readonly late: boolean;
  /** What was said last when its write-off was asked for, reviewed or given back. */
  readonly note: string;
  /** The file that its write-off asks for, in words; empty where none. */
  readonly evidence: string;
}

/** The name by which another record keeps an item. */
export function itemName(list: number, item: number): string {
  return `${list}/${item}`;
}

/** By their names; what stands in a list that is no longer used is absent. */
export async function standingOfItems(
  tx: Tx,
  scope: Scope,
  names: readonly string[],
  day: PlainDate,
): Promise<ReadonlyMap<string, ItemStanding>> {
  const numbers = [...new Set(names.map((name) => Number(name.split('/')[0])))];
  const lists = (await readLists(tx, scope)).filter(({ list }) => numbers.includes(list));
  const items = await readItems(
    tx,
    scope,
    lists.map(({ list }) => list),
  );
  const events = await readEvents(
    tx,
    scope,
    lists.map(({ list }) => list),
    day,
  );
  const found = new Map<string, ItemStanding>();
  for (const one of items) {
    const { list, item } = one;
    if (!names.includes(itemName(list, item))) continue;
    const now = currentOf(one, periodStates(one, events, day), day);
    const done = now === undefined ? [] : (events.get(eventKey(list, item, now.period.key)) ?? []);
    found.set(itemName(list, item), {
      list,
      item,
      title: lists.find((each) => each.list === list)?.title ?? '',
      state: now?.state ?? 'open',
      late: now?.late ?? false,
      note: done.at(-1)?.note ?? '',
      evidence: one.evidence,
    });
  }
  return found;
}
