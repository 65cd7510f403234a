import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findIndicator } from '../indicators/indicators.ts';
import { SHIPPED_LISTS } from './list.ts';

/** The paper's own table, kept beside the code that ships it: no cell of it holds a comma, quote or line break of csv. */
function paper(name: string): string[][] {
  const text = readFileSync(new URL(`../../../../docs/papers/${name}.csv`, import.meta.url), 'utf8');
  return text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','));
}

const PAPERS = { yuanjiang: 'yuanjiang-annex2', quanzhou: 'quanzhou-task-list' } as const;

describe.each(Object.values(SHIPPED_LISTS))('$title', ({ code, columns, items, printed }) => {
  const [head, ...rows] = paper(PAPERS[code]);

  it('is the paper word for word', () => {
    expect(columns).toEqual(head);
    expect(printed).toEqual(rows);
  });

  it('names units and a deadline for every line, those of merged cells too', () => {
    for (const item of items) {
      expect(item.units, item.measure).not.toBe('');
      expect(item.deadline, item.measure).not.toBe('');
      expect(item.section, item.measure).not.toBe('');
    }
  });

  it('tells progress by indicators that are defined', () => {
    for (const { indicator } of items) if (indicator) expect(findIndicator(indicator)).toBeDefined();
  });
});

it('ships all 35 measures', () => {
  expect(SHIPPED_LISTS.yuanjiang.items).toHaveLength(10);
  expect(SHIPPED_LISTS.quanzhou.items).toHaveLength(25);
});

it('keeps the misprints of the papers, and takes a blank merged cell for the one above', () => {
  expect(SHIPPED_LISTS.yuanjiang.items[2]?.deadline).toBe('8月10前');
  expect(SHIPPED_LISTS.quanzhou.items[24]?.goal).toBe('制定基本基本养老保险扩面征缴工作细案');
  expect(SHIPPED_LISTS.quanzhou.items[4]?.deadline).toBe('全年持续开展');
  expect(SHIPPED_LISTS.quanzhou.items[14]?.units).toBe(SHIPPED_LISTS.quanzhou.items[13]?.units);
});
