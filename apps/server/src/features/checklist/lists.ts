import type * as contract from '@quanbao/contract/checklist';
import type { AnswerOf } from '@quanbao/contract/route';
import { isAllowed, type Role } from '@quanbao/domain/access/roles';
import { blocking, gateOf, type Phase } from '@quanbao/domain/checklist/phase';
import type { CountOf } from '@quanbao/domain/indicators/indicators';
import { dayNumber, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { RegionTree } from '@quanbao/domain/regions/region-tree';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { loadRegionTree } from '../regions/index.ts';
import { placeOf } from '../register/index.ts';
import { measure } from '../targets/index.ts';
import {
  readDerived,
  readEvents,
  readItems,
  readList,
  readLists,
  type StoredEvent,
  type StoredItem,
  type StoredList,
} from './store.ts';
import { dayAsked } from './today.ts';
import { countItems, currentOf, lineOfPeriod, periodStates, viewItem } from './view.ts';

type Head = AnswerOf<typeof contract.checklist>['head'];
type Gate = AnswerOf<typeof contract.checklist>['gates'][number];
type Events = ReadonlyMap<string, readonly StoredEvent[]>;

function headOf(tree: RegionTree, scope: Scope, role: Role, list: StoredList, counts: Head['counts']): Head {
  return {
    list: list.list,
    title: list.title,
    region: placeOf(tree, list.region),
    origin: list.origin,
    parent: list.parent,
    counts,
    writes: list.region === scope.region && isAllowed(role, 'checklist.write'),
    reviews: isAllowed(role, 'checklist.review'),
  };
}

/** The lists of the place, of those above it and of those below. */
export async function listChecklists(
  instance: Instance,
  scope: Scope,
  role: Role,
  asked: PlainDate | undefined,
): Promise<AnswerOf<typeof contract.checklists>> {
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const day = await dayAsked(tx, scope, asked);
    const lists = await readLists(tx, scope);
    const numbers = lists.map(({ list }) => list);
    const items = await readItems(tx, scope, numbers);
    const events = await readEvents(tx, scope, numbers, day);
    return {
      asOf: day,
      items: lists.map((list) => {
        const own = items.filter((item) => item.list === list.list);
        const views = own.map((item) => viewItem(item, events, day, undefined, null));
        return headOf(tree, scope, role, list, countItems(views));
      }),
    };
  });
}

export async function viewChecklist(
  instance: Instance,
  scope: Scope,
  role: Role,
  number: number,
  asked: PlainDate | undefined,
): Promise<AnswerOf<typeof contract.checklist>> {
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const day = await dayAsked(tx, scope, asked);
    const list = await readList(tx, scope, number);
    const items = await readItems(tx, scope, [number]);
    const events = await readEvents(tx, scope, [number], day);
    const derived = await readDerived(tx, scope, number);
    const derivedEvents = await readEvents(tx, scope, [...new Set(derived.map((item) => item.list))], day);
    const count = await figuresOf(tx, scope, list, items, asked);
    const views = items.map((item) =>
      viewItem(item, events, day, count, townsOf(item, derived, derivedEvents, day)),
    );
    const passed = await readGates(tx, scope, number, day);
    return {
      asOf: day,
      head: headOf(tree, scope, role, list, countItems(views)),
      gates: list.phases.map((phase) => gateView(phase, items, events, passed, day)),
      items: views,
    };
  });
}

/** Live progress: the figures of the list's place, where its items name indicators and a register is there. */
async function figuresOf(
  tx: Tx,
  scope: Scope,
  list: StoredList,
  items: readonly StoredItem[],
  asked: PlainDate | undefined,
): Promise<CountOf | undefined> {
  if (!items.some(({ indicator }) => indicator !== '')) return undefined;
  // Whoever sees only his place reads its own progress in a county's list.
  const region = list.region.startsWith(scope.region) ? list.region : scope.region;
  try {
    return (await measure(tx, scope, region, asked)).whole;
  } catch (error) {
    // No register yet, or a day before it: tasks are there all the same, without figures.
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

function townsOf(
  item: StoredItem,
  derived: readonly StoredItem[],
  events: Events,
  day: PlainDate,
): { derived: number; closed: number } | null {
  const own = derived.filter(({ parentItem }) => parentItem === item.item);
  if (own.length === 0) return null;
  const closed = own.filter((one) => currentOf(one, periodStates(one, events, day), day)?.state === 'closed');
  return { derived: own.length, closed: closed.length };
}

interface Passed {
  readonly phase: string;
  readonly day: string;
  readonly remark: string;
  readonly actor: string;
}

async function readGates(tx: Tx, scope: Scope, list: number, day: PlainDate): Promise<Passed[]> {
  return tx.query<Passed>(
    'select phase, day, remark, actor from checklist_gate where county = $1 and list = $2 and day <= $3',
    [scope.county, list, day],
  );
}

function gateView(
  phase: Phase,
  items: readonly StoredItem[],
  events: Events,
  passed: readonly Passed[],
  day: PlainDate,
): Gate {
  const until = day < phase.due ? day : phase.due;
  const states = items
    .filter(({ section }) => section === phase.name)
    .flatMap((item) => periodStates(item, events, until < phase.from ? phase.due : until))
    .map(({ period, state }) => ({ state, due: period.due }));
  const due = states.filter((one) => one.due <= phase.due);
  const by = passed.find((one) => one.phase === phase.name);
  return {
    ...phase,
    state: gateOf(phase, states, by !== undefined, day),
    items: due.length,
    closed: due.filter(({ state }) => state === 'closed').length,
    blocking: blocking(phase, states),
    daysLeft: Math.max(0, dayNumber(phase.due) - dayNumber(day)),
    passed: by === undefined ? null : { day: by.day, remark: by.remark, actor: by.actor },
  };
}

/** One item with all its periods, what was done about it, and the towns' own items made from it. */
export async function viewItemLife(
  instance: Instance,
  scope: Scope,
  key: { readonly list: number; readonly item: number },
  asked: PlainDate | undefined,
): Promise<AnswerOf<typeof contract.checklistItem>> {
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const day = await dayAsked(tx, scope, asked);
    const list = await readList(tx, scope, key.list);
    const item = await requireItem(tx, scope, key);
    const events = await readEvents(tx, scope, [key.list], day);
    const derived = (await readDerived(tx, scope, key.list)).filter(
      ({ parentItem }) => parentItem === key.item,
    );
    const derivedEvents = await readEvents(tx, scope, [...new Set(derived.map((one) => one.list))], day);
    const count = await figuresOf(tx, scope, list, [item], asked);
    return {
      item: viewItem(item, events, day, count, townsOf(item, derived, derivedEvents, day)),
      periods: periodStates(item, events, day).map(lineOfPeriod).toReversed(),
      events: [...events.values()]
        .flat()
        .filter((event) => event.item === key.item)
        .toSorted((a, b) => new Date(b.at).getTime() - new Date(a.at).getTime() || b.no - a.no)
        .map(({ period, no, act, day: on, note, document, actor, at }) => ({
          period,
          no,
          act,
          day: on,
          note,
          document,
          actor,
          at: new Date(at).toISOString(),
        })),
      towns: derived.map((one) => {
        const now = currentOf(one, periodStates(one, derivedEvents, day), day);
        return {
          list: one.list,
          item: one.item,
          region: placeOf(tree, one.region),
          state: now?.state ?? ('open' as const),
          late: now?.late ?? false,
        };
      }),
    };
  });
}

/** @throws Refusal checklist.item */
export async function requireItem(
  tx: Tx,
  scope: Scope,
  key: { readonly list: number; readonly item: number },
): Promise<StoredItem> {
  const found = (await readItems(tx, scope, [key.list])).find(({ item }) => item === key.item);
  if (found === undefined) throw new Refusal('checklist.item', '清单里没有这一项；请刷新后再选。');
  return found;
}
