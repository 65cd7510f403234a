import { SHIPPED_LISTS } from '@quanbao/domain/checklist/list';
import { YUANJIANG_PHASES } from '@quanbao/domain/checklist/phase';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { Scope, Tx } from '../../db/port.ts';
import { cellsOf } from './list-xlsx.ts';
import { readItems, readLists, type StoredItem, type StoredList } from './store.ts';

/**
 * 附件2 as the county last loaded it, or as the paper has it where it has not; of a town the 工作细案 it has derived from it.
 * @throws Refusal for a place that has none
 */
export async function annex2Of(
  tx: Tx,
  scope: Scope,
  of: RegionCode = scope.county,
): Promise<{ list: StoredList; items: StoredItem[] }> {
  const list = (await readLists(tx, scope)).findLast(
    ({ origin, region }) => origin === 'yuanjiang' && region === of,
  );
  if (list !== undefined) return { list, items: await readItems(tx, scope, [list.list]) };
  if (of !== scope.county) {
    const words = '没有从附件2 制定工作细案；请先由乡镇制定，或看全县的。';
    throw new Refusal('annex2.region', `${of} ${words}`);
  }
  const { title, items } = SHIPPED_LISTS.yuanjiang;
  const region = scope.county;
  return {
    list: { list: 0, region, title, origin: 'yuanjiang', parent: null, phases: YUANJIANG_PHASES },
    items: items.map((item) => ({
      ...item,
      list: 0,
      item: item.ordinal,
      region,
      indicator: item.indicator ?? '',
      person: '',
      evidence: '',
      parentItem: null,
    })),
  };
}

export function annex2Table(list: StoredList, items: readonly StoredItem[]) {
  return {
    title: list.title,
    columns: [...SHIPPED_LISTS.yuanjiang.columns],
    rows: items.map((item, i) => cellsOf(item, i + 1, true)),
  };
}
