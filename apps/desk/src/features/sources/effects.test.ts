import { expect, it } from 'vitest';
import type { Effect } from './contract.ts';
import { effectTable } from './effects.ts';

const one = (region: string, indicator: string, change: number): Effect => ({
  region,
  regionName: region,
  indicator,
  name: indicator,
  change,
});

it('places down, indicators across, with sums', () => {
  const { rows, indicators } = effectTable([
    one('430981002', 'dead', 2),
    one('430981001', 'other', -1),
    one('430981001', 'dead', 3),
  ]);
  expect(rows.map(({ region }) => region)).toEqual(['430981001', '430981002']);
  expect(rows[0]?.changes.get('other')).toBe(-1);
  expect(indicators.map(({ code, total }) => [code, total])).toEqual([
    ['dead', 5],
    ['other', -1],
  ]);
});
