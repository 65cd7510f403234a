import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agreement, sampleCount, sampleSeed, sampleSizeOf, sampleWords, stillUnchecked } from './checks.ts';

describe('a back-check', () => {
  it('draws so many, or a share rounded up, and never more than there are', () => {
    expect(sampleCount(7, { count: 3 })).toBe(3);
    expect(sampleCount(2, { count: 3 })).toBe(2);
    expect(sampleCount(41, { percent: 5 })).toBe(3);
    expect(sampleCount(40, { percent: 5 })).toBe(2);
    expect(sampleCount(1000, { percent: 0.55 })).toBe(6);
    expect(sampleCount(1000, { percent: 0.004 })).toBe(1);
    expect(sampleCount(0, { percent: 5 })).toBe(0);
    fc.assert(
      fc.property(fc.nat(100_000), fc.integer({ min: 1, max: 100 }), (total, percent) => {
        const drawn = sampleCount(total, { percent });
        expect(drawn).toBeLessThanOrEqual(total);
        expect(drawn * 100).toBeGreaterThanOrEqual(total * percent);
        expect((drawn - 1) * 100).toBeLessThan(total * percent);
      }),
    );
  });

  it('takes one size and not two', () => {
    expect(sampleSizeOf({ count: 5 })).toEqual({ count: 5 });
    expect(sampleWords(sampleSizeOf({ percent: 2.5 }))).toBe('2.5%');
    for (const wrong of [
      {},
      { count: 1, percent: 1 },
      { count: 0 },
      { count: 1.5 },
      { percent: 0 },
      { percent: 101 },
    ])
      expect(() => sampleSizeOf(wrong)).toThrow();
  });

  it('is drawn by its round and a number', () => {
    expect(sampleSeed(3, 17)).toBe('3-17');
    expect(sampleSeed(undefined, 17)).toBe('0-17');
  });

  it('counts agreement of what could be verified only', () => {
    const counts = { drawn: 10, same: 3, different: 1, unverifiable: 2 };
    expect(agreement(counts)).toBe(0.75);
    expect(stillUnchecked(counts)).toBe(4);
    expect(agreement({ drawn: 3, same: 0, different: 0, unverifiable: 3 })).toBeNull();
  });
});
