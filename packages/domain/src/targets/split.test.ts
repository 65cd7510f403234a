import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ANNEX1_YUANJIANG } from '../reports/annex1-yuanjiang.ts';
import {
  changeShare,
  changeTotal,
  checkShares,
  type Share,
  splitShares,
  splitTown,
  townsOf,
  villagesOfTown,
} from './shares.ts';
import { changeKeepingSum, splitByWeights, sumOf } from './split.ts';

const code = (n: number) => `430981${String(n + 1).padStart(3, '0')}`;
const village = (town: number, n: number) => `${code(town)}${String(n + 1).padStart(3, '0')}`;
/** 14 units and 195 villages: 13 with 14 villages each, one with 13. */
const VILLAGES = Array.from({ length: 14 }, (_, town) => (town === 13 ? 13 : 14));
const weight = fc.oneof(fc.constant(0), fc.nat(40), fc.nat(9_000_000_000_000));

describe('a split by largest remainder', () => {
  it.each([
    [10, [1, 1, 1], [4, 3, 3]],
    [13_915, [0, 0], [6_958, 6_957]],
    [7, [3, 0, 1], [5, 0, 2]],
    [0, [3, 1], [0, 0]],
    [100, [1, 2, 4], [14, 29, 57]],
  ])('%i by %j', (total, weights, amounts) => {
    const split = splitByWeights(
      total,
      weights.map((w, n) => ({ region: code(n), weight: w })),
    );
    expect(split.map(({ amount }) => amount)).toEqual(amounts);
  });

  it('does not depend on the order the places are named in', () => {
    const one = splitByWeights(10, [
      { region: 'b', weight: 1 },
      { region: 'a', weight: 1 },
      { region: 'c', weight: 1 },
    ]);
    expect(one).toEqual([
      { region: 'b', amount: 3 },
      { region: 'a', amount: 4 },
      { region: 'c', amount: 3 },
    ]);
  });

  it.each([
    [-1, [1]],
    [1.5, [1]],
    [1, [-1]],
    [1, [Number.NaN]],
    [1, []],
  ])('refuses %d by %j', (total, weights) => {
    expect(() =>
      splitByWeights(
        total,
        weights.map((w, n) => ({ region: code(n), weight: w })),
      ),
    ).toThrow(/请/);
  });

  it('sums exactly over 14 units and 195 villages, whatever the weights, and is within 1 of the proportion', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.constant(ANNEX1_YUANJIANG.total), fc.nat(1_000_000_000_000)),
        fc.array(weight, { minLength: 14, maxLength: 14 }),
        fc.array(weight, { minLength: 195, maxLength: 195 }),
        (total, towns, villages) => {
          let shares: Share[] = splitShares(
            total,
            towns.map((w, n) => ({ region: code(n), weight: w })),
          );
          let at = 0;
          VILLAGES.forEach((count, town) => {
            const weights = Array.from({ length: count }, (_, n) => ({
              region: village(town, n),
              weight: villages[at++] as number,
            }));
            shares = splitTown(shares, code(town), weights);
          });
          expect(shares).toHaveLength(14 + 195);
          expect(checkShares(total, shares, (region) => region)).toEqual([]);
          const all = BigInt(towns.reduce((a, b) => a + b, 0));
          if (all === 0n) return;
          for (const [n, share] of townsOf(shares).entries()) {
            const off = BigInt(share.amount) * all - BigInt(total) * BigInt(towns[n] as number);
            expect(off < all && off > -all).toBe(true);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

const amounts = fc
  .array(fc.nat(500), { minLength: 1, maxLength: 14 })
  .map((all) => all.map((amount, n) => ({ region: code(n), amount })));

describe('a change by hand', () => {
  const three = [
    { region: 'a', amount: 50 },
    { region: 'b', amount: 30 },
    { region: 'c', amount: 20 },
  ];
  it.each([
    ['raises one: the others give in proportion', 'a', 60, undefined, [60, 24, 16]],
    ['lowers one: the others take in proportion', 'a', 40, undefined, [40, 36, 24]],
    ['takes from the one that is named', 'a', 55, 'c', [55, 30, 15]],
    ['gives to the one that is named', 'a', 45, 'b', [45, 35, 20]],
    ['takes all', 'a', 100, undefined, [100, 0, 0]],
  ])('%s', (_, region, to, from, expected) => {
    expect(changeKeepingSum(three, region, to, from).map(({ amount }) => amount)).toEqual(expected);
  });
  it.each([
    ['more than the sum', 'a', 101, undefined],
    ['more than the named one has', 'a', 71, 'c'],
    ['one that is not there', 'x', 1, undefined],
    ['from itself', 'a', 51, 'a'],
    ['below nothing', 'a', -1, undefined],
  ])('refuses %s', (_, region, to, from) => {
    expect(() => changeKeepingSum(three, region, to, from)).toThrow(/请/);
  });

  it('keeps the sum or is refused', () => {
    fc.assert(
      fc.property(amounts, fc.nat(13), fc.nat(8_000), fc.option(fc.nat(13)), (all, at, to, from) => {
        const region = all[at % all.length]?.region as string;
        const giver = from === null ? undefined : all[from % all.length]?.region;
        let changed: ReturnType<typeof changeKeepingSum>;
        try {
          changed = changeKeepingSum(all, region, to, giver);
        } catch (error) {
          expect((error as Error).message).toMatch(/请/);
          return;
        }
        expect(sumOf(changed)).toBe(sumOf(all));
        expect(changed.find((one) => one.region === region)?.amount).toBe(to);
        expect(changed.every(({ amount }) => Number.isSafeInteger(amount) && amount >= 0)).toBe(true);
      }),
    );
  });

  it('of a town, or of the whole, is handed on to the villages and never lost', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.nat(300), { maxLength: 6 }), { minLength: 1, maxLength: 5 }),
        fc.nat(4),
        fc.nat(2_000),
        (towns, at, to) => {
          const shares = towns.flatMap((villages, t): Share[] => {
            const own = villages.map((amount, n) => share(village(t, n), amount));
            // A town without villages has an amount of its own.
            return [share(code(t), villages.length === 0 ? 100 : sumOf(own)), ...own];
          });
          const total = sumOf(townsOf(shares));
          const town = code(at % towns.length);
          const later = changeTotal(shares, to);
          expect(checkShares(to, later, (region) => region)).toEqual([]);
          if (to > total || (towns.length === 1 && to !== total)) {
            expect(() => changeShare(shares, town, to)).toThrow(/请/);
            return;
          }
          const changed = changeShare(shares, town, to);
          expect(checkShares(total, changed, (region) => region)).toEqual([]);
          expect(villagesOfTown(changed, town)).toHaveLength(villagesOfTown(shares, town).length);
        },
      ),
    );
  });

  it('of a village keeps its town’s', () => {
    const shares = [share(code(0), 10), share(village(0, 0), 6), share(village(0, 1), 4), share(code(1), 5)];
    const changed = changeShare(shares, village(0, 0), 9);
    expect(changed.map(({ amount, how }) => [amount, how])).toEqual([
      [10, 'given'],
      [9, 'hand'],
      [1, 'hand'],
      [5, 'given'],
    ]);
    expect(checkShares(15, changed, (region) => region)).toEqual([]);
  });
});

function share(region: string, amount: number): Share {
  return { region, amount, how: 'given', weight: null, printed: '', position: 0 };
}

it('sums that do not agree are said with the difference', () => {
  const shares = [share(code(0), 10), share(village(0, 0), 6), share(village(3, 0), 1)];
  expect(checkShares(12, shares, () => '草尾镇')).toEqual([
    '各乡镇之和 10 与合计 12 相差 -2',
    '草尾镇各村（社区）之和 6 与本乡镇 10 相差 -4',
    '1 个村（社区）有任务而所在乡镇没有',
  ]);
});
