import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { workerShare } from './quota.ts';

describe('the share of a worker', () => {
  it.each([
    ['of the quota, wherever he saw them', 20, { listed: 40, own: 4, visited: 5 }, 0.25],
    ['of the quota, though he covers nothing', 20, { listed: null, own: 0, visited: 5 }, 0.25],
    ['more than the quota', 4, { listed: 40, own: 5, visited: 5 }, 1.25],
    ['nothing of the quota yet', 20, { listed: 40, own: 0, visited: 0 }, 0],
    ['without a quota of what he covers', null, { listed: 40, own: 4, visited: 5 }, 0.1],
    ['of nothing', null, { listed: 0, own: 0, visited: 5 }, null],
    ['where he covers nothing', null, { listed: null, own: 0, visited: 5 }, null],
  ])('is one %s', (_, quota, counts, share) => {
    expect(workerShare(quota, counts)).toBe(share);
  });

  // Villages of a round, each covered by one worker, who has seen some of its people and some of other villages.
  const village = fc
    .tuple(fc.nat(200), fc.nat(200), fc.nat(50))
    .map(([a, b, elsewhere]) => ({ listed: Math.max(a, b), own: Math.min(a, b), elsewhere }))
    .map(({ listed, own, elsewhere }) => ({ listed, own, visited: own + elsewhere }));

  it('without a quota is never more than the people, and what each has seen of his adds up exactly', () => {
    fc.assert(
      fc.property(fc.array(village, { minLength: 1 }), (workers) => {
        let seen = 0;
        for (const counts of workers) {
          const share = workerShare(null, counts);
          if (share === null) expect(counts.listed).toBe(0);
          else {
            expect(share).toBeGreaterThanOrEqual(0);
            expect(share).toBeLessThanOrEqual(1);
            seen += Math.round(share * counts.listed);
          }
        }
        expect(seen).toBe(workers.reduce((sum, { own }) => sum + own, 0));
      }),
    );
  });

  it('of a quota adds up to all whom the workers saw, and grows with each of them', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.array(village, { minLength: 1 }),
        (quota, workers) => {
          const shares = workers.map((counts) => workerShare(quota, counts) as number);
          expect(shares.reduce((sum, share) => sum + Math.round(share * quota), 0)).toBe(
            workers.reduce((sum, { visited }) => sum + visited, 0),
          );
          const [first] = workers;
          if (first === undefined) return;
          expect(workerShare(quota, { ...first, visited: first.visited + 1 })).toBeGreaterThan(
            workerShare(quota, first) as number,
          );
          expect((workerShare(quota, first) as number) >= 1).toBe(first.visited >= quota);
        },
      ),
    );
  });
});
