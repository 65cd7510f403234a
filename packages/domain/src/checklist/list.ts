import { QUANZHOU_ITEMS } from './quanzhou.ts';
import type { ShippedItem } from './shipped.ts';
import type { Timing } from './timing.ts';
import { YUANJIANG_ITEMS } from './yuanjiang.ts';

/** A line with the merged cells filled in. */
export interface ListItem {
  /** From 1, in printed order. */
  readonly ordinal: number;
  /** 工作内容 or 实施阶段 */
  readonly section: string;
  /** 工作目标; empty where the paper has no such column. */
  readonly goal: string;
  /** 具体措施 or 重点任务 */
  readonly measure: string;
  /** 完成时限, as printed */
  readonly deadline: string;
  /** 责任单位, as printed */
  readonly units: string;
  readonly remark: string;
  readonly timing: Timing;
  readonly indicator?: string;
}

export type ShippedCode = 'yuanjiang' | 'quanzhou';

export interface ShippedList {
  readonly code: ShippedCode;
  readonly title: string;
  /** Headings of the paper's columns. */
  readonly columns: readonly string[];
  readonly items: readonly ListItem[];
  readonly printed: readonly ShippedItem['printed'][];
}

/** Merged cells say what the cell above them says. */
function filled(items: readonly ShippedItem[]): string[][] {
  const rows: string[][] = [];
  for (const { printed } of items) {
    const above = rows.at(-1);
    rows.push(printed.map((cell, i) => (cell === '' ? (above?.[i] ?? '') : cell)));
  }
  return rows;
}

function timed({ timing, indicator }: ShippedItem): Pick<ListItem, 'timing' | 'indicator'> {
  return indicator === undefined ? { timing } : { timing, indicator };
}

function yuanjiang(): ListItem[] {
  const rows = filled(YUANJIANG_ITEMS);
  return YUANJIANG_ITEMS.map((item, i) => {
    const [, section = '', measure = '', units = '', deadline = ''] = rows[i] as string[];
    return {
      ordinal: i + 1,
      section,
      goal: '',
      measure,
      deadline,
      units,
      remark: item.printed[5],
      ...timed(item),
    };
  });
}

function quanzhou(): ListItem[] {
  const rows = filled(QUANZHOU_ITEMS);
  return QUANZHOU_ITEMS.map((item, i) => {
    const [, section = '', goal = '', measure = '', deadline = '', units = ''] = rows[i] as string[];
    return { ordinal: i + 1, section, goal, measure, deadline, units, remark: '', ...timed(item) };
  });
}

export const SHIPPED_LISTS: Readonly<Record<ShippedCode, ShippedList>> = {
  yuanjiang: {
    code: 'yuanjiang',
    title: '沅江市城乡居民养老保险全覆盖专项行动重点任务分工表',
    columns: ['序号', '实施阶段', '重点任务', '责任单位', '完成时限', '备注'],
    items: yuanjiang(),
    printed: YUANJIANG_ITEMS.map(({ printed }) => printed),
  },
  quanzhou: {
    code: 'quanzhou',
    title: '全州县基本养老保险扩面征缴工作任务清单',
    columns: ['序号', '工作内容', '工作目标', '具体措施', '完成时限', '责任单位'],
    items: quanzhou(),
    printed: QUANZHOU_ITEMS.map(({ printed }) => printed),
  },
};
