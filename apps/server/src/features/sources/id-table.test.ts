import { checkDigit } from '@quanbao/domain/kernel/resident-id';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { IdTable } from './id-table.ts';

const id = fc
  .record({
    region: fc.integer({ min: 0, max: 999_999 }),
    year: fc.integer({ min: 1850, max: 2199 }),
    month: fc.integer({ min: 1, max: 12 }),
    day: fc.integer({ min: 1, max: 31 }),
    order: fc.integer({ min: 0, max: 999 }),
  })
  .map(({ region, year, month, day, order }) => {
    const padded = (n: number, width: number): string => String(n).padStart(width, '0');
    const first17 = `${padded(region, 6)}${year}${padded(month, 2)}${padded(day, 2)}${padded(order, 3)}`;
    return first17 + checkDigit(first17);
  });

it('holds what a map holds', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(id, fc.integer())), (pairs) => {
      const table = new IdTable();
      const map = new Map<string, number>();
      for (const [key, value] of pairs) {
        expect(table.get(key)).toBe(map.get(key));
        table.set(key, value);
        map.set(key, value);
      }
      for (const [key, value] of map) expect(table.get(key)).toBe(value);
    }),
  );
});

it('tells a whole county apart, through every growth', () => {
  const table = new IdTable();
  const ids: string[] = [];
  for (let n = 0; n < 20_000; n++) {
    const first17 = `43098${n % 10}19${50 + (n % 50)}0${1 + (n % 9)}${10 + (n % 19)}${String(n % 1000).padStart(3, '0')}`;
    ids.push(first17 + checkDigit(first17));
  }
  const all = [...new Set(ids)];
  for (const [n, one] of all.entries()) table.set(one, n);
  for (const [n, one] of all.entries()) expect(table.get(one)).toBe(n);
  expect(table.get('430981200013010108')).toBeUndefined();
});

it('takes no number that it would not give back', () => {
  expect(() => new IdTable().set('430981200001010109', 2 ** 31)).toThrow('does not fit');
});
