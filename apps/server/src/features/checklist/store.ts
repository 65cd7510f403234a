import type { Act } from '@quanbao/domain/checklist/life';
import type { Phase } from '@quanbao/domain/checklist/phase';
import type { Timing } from '@quanbao/domain/checklist/timing';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { Scope, Tx } from '../../db/port.ts';

export interface StoredList {
  readonly list: number;
  readonly region: RegionCode;
  readonly title: string;
  readonly origin: string;
  readonly parent: number | null;
  readonly phases: readonly Phase[];
}

export interface StoredItem {
  readonly list: number;
  readonly item: number;
  readonly region: RegionCode;
  readonly section: string;
  readonly goal: string;
  readonly measure: string;
  readonly deadline: string;
  readonly units: string;
  readonly remark: string;
  readonly timing: Timing;
  /** Empty for none. */
  readonly indicator: string;
  readonly person: string;
  readonly evidence: string;
  readonly parentItem: number | null;
}

export interface StoredEvent {
  readonly list: number;
  readonly item: number;
  readonly period: string;
  readonly no: number;
  readonly act: Act;
  readonly day: string;
  readonly note: string;
  readonly document: string | null;
  readonly actor: string;
  readonly at: Date;
}

const LIST = 'list, region, title, origin, parent, phases';
const ITEM = `list, item, region, section, goal, measure, deadline, units, remark, timing, indicator, person, evidence,
  parent_item as "parentItem"`;

export async function readLists(tx: Tx, scope: Scope): Promise<StoredList[]> {
  return tx.query<StoredList>(
    `select ${LIST} from checklist where county = $1 and retired_at is null order by region, list`,
    [scope.county],
  );
}

/** @throws Refusal checklist.unknown, also for a list of another place */
export async function readList(tx: Tx, scope: Scope, list: number): Promise<StoredList> {
  const [found] = await tx.query<StoredList>(
    `select ${LIST} from checklist where county = $1 and list = $2 and retired_at is null`,
    [scope.county, list],
  );
  if (found === undefined) {
    throw new Refusal('checklist.unknown', '没有这份清单，或不在您的管辖范围；请从清单目录里选。');
  }
  return found;
}

/** Of some lists, in printed order. */
export async function readItems(tx: Tx, scope: Scope, lists: readonly number[]): Promise<StoredItem[]> {
  return tx.query<StoredItem>(
    `select ${ITEM} from checklist_item where county = $1 and list = any($2::int[]) and retired_at is null order by list, item`,
    [scope.county, [...lists]],
  );
}

/** The items that towns made from those of a list. */
export async function readDerived(tx: Tx, scope: Scope, list: number): Promise<StoredItem[]> {
  return tx.query<StoredItem>(
    `select ${ITEM} from checklist_item where county = $1 and retired_at is null and parent_item is not null
       and list in (select list from checklist where county = $1 and parent = $2 and retired_at is null)
     order by region, item`,
    [scope.county, list],
  );
}

/** What was done up to the day, oldest first, by `list item period`. */
export async function readEvents(
  tx: Tx,
  scope: Scope,
  lists: readonly number[],
  day: string,
): Promise<Map<string, StoredEvent[]>> {
  const rows = await tx.query<StoredEvent>(
    `select list, item, period, no, act, day, note, document_name as document, actor, made_at as at
     from checklist_event where county = $1 and list = any($2::int[]) and day <= $3 order by list, item, period, no`,
    [scope.county, [...lists], day],
  );
  const events = new Map<string, StoredEvent[]>();
  for (const row of rows) {
    const key = eventKey(row.list, row.item, row.period);
    const all = events.get(key) ?? [];
    events.set(key, all);
    all.push({ ...row, list: Number(row.list), item: Number(row.item), no: Number(row.no) });
  }
  return events;
}

export function eventKey(list: number, item: number, period: string): string {
  return `${list} ${item} ${period}`;
}
