import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatYuan, parseYuan } from './money.ts';

describe('money', () => {
  it('comes back as it went out', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (fen) => {
        expect(parseYuan(formatYuan(fen))).toBe(fen);
      }),
    );
  });

  it.each([
    ['1,200.50', 120_050],
    ['-100', -10_000],
    ['￥200元', 20_000],
    ['２００', 20_000],
    ['0.1', 10],
    ['200.000', 20_000],
  ])('%s is %i fen', (raw, fen) => expect(parseYuan(raw)).toBe(fen));

  it.each(['', '两百', '1.2.3', '--1'])('%j is no amount', (raw) => expect(parseYuan(raw)).toBeUndefined());
});
