import { expect, it } from 'vitest';
import { barWidth, placesBy } from './overview.ts';

const counts = (verify: number, settled: number) => ({ unpaid: { verify, settled, closed: 9 } });

it('places with most open come first, equal ones by code', () => {
  const places = placesBy('unpaid', [
    { code: '1', name: '甲', kinds: counts(1, 1) },
    { code: '3', name: '丙', kinds: counts(4, 0) },
    { code: '2', name: '乙', kinds: counts(0, 2) },
  ]);
  expect(places.map(({ name, open }) => `${name}${open}`)).toEqual(['丙4', '甲2', '乙2']);
  expect(placesBy('lapsed', [{ code: '1', name: '甲', kinds: counts(1, 1) }])[0]?.open).toBe(0);
});

it('a bar shows whatever is there', () => {
  expect([barWidth(0, 10), barWidth(1, 10_000), barWidth(5, 10), barWidth(3, 0)]).toEqual([0, 2, 50, 0]);
});
