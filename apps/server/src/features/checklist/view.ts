import type * as contract from '@quanbao/contract/checklist';
import type { AnswerOf } from '@quanbao/contract/route';
import { type ItemState, isLate, stateAfter } from '@quanbao/domain/checklist/life';
import { type Period, periodOn, periodsUntil, rhythmWords } from '@quanbao/domain/checklist/timing';
import { type CountOf, findIndicator, indicatorValue } from '@quanbao/domain/indicators/indicators';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { eventKey, type StoredEvent, type StoredItem } from './store.ts';

export type ItemView = AnswerOf<typeof contract.checklist>['items'][number];
type Events = ReadonlyMap<string, readonly StoredEvent[]>;

export interface PeriodState {
  readonly period: Period;
  readonly state: ItemState;
  readonly late: boolean;
}

/** Every period of an item begun by the day with its state, oldest first. */
export function periodStates(item: StoredItem, events: Events, day: PlainDate): PeriodState[] {
  return periodsUntil(item.timing, day).map((period) => {
    const done = events.get(eventKey(item.list, item.item, period.key)) ?? [];
    const state = stateAfter(done.map(({ act }) => act));
    return { period, state, late: isLate(period, state, day) };
  });
}

/** The period of the day, else the last there was. */
export function currentOf(
  item: StoredItem,
  states: readonly PeriodState[],
  day: PlainDate,
): PeriodState | undefined {
  const now = periodOn(item.timing, day);
  return states.find(({ period }) => period.key === now?.key) ?? states.at(-1);
}

export function lineOfPeriod({ period, state, late }: PeriodState) {
  return { key: period.key, from: period.from, due: period.due, state, late };
}

/**
 * An item as it stands on the day.
 * @param count the figures of the list's place on the day, where there are any
 */
export function viewItem(
  item: StoredItem,
  events: Events,
  day: PlainDate,
  count: CountOf | undefined,
  towns: ItemView['towns'],
): ItemView {
  const states = periodStates(item, events, day);
  const now = currentOf(item, states, day);
  const found = item.indicator === '' ? undefined : findIndicator(item.indicator);
  return {
    item: item.item,
    section: item.section,
    goal: item.goal,
    measure: item.measure,
    deadline: item.deadline,
    units: item.units,
    remark: item.remark,
    person: item.person,
    evidence: item.evidence,
    rhythm: rhythmWords(item.timing),
    period: now === undefined ? null : lineOfPeriod(now),
    lateBefore: states.filter((one) => one.late && one.period.key !== now?.period.key).length,
    progress:
      found === undefined || count === undefined
        ? null
        : { indicator: found.code, name: found.name, value: indicatorValue(found.code, count) },
    towns,
    parentItem: item.parentItem,
  };
}

export function countItems(views: readonly Pick<ItemView, 'period' | 'lateBefore'>[]) {
  const of = (state: ItemState): number => views.filter(({ period }) => period?.state === state).length;
  return {
    items: views.filter(({ period }) => period !== null).length,
    closed: of('closed'),
    requested: of('requested'),
    late: views.filter(({ period, lateBefore }) => period?.late || lateBefore > 0).length,
  };
}
