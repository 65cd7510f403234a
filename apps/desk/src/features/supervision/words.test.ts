import { expect, it } from 'vitest';
import { cellLook } from './words.ts';

it('says of a square how it stands and how late it is', () => {
  const of = (state: string | null, standing: string, daysLate = 0) =>
    cellLook({ state, standing, daysLate }).words;
  expect(of(null, 'ahead')).toBe('未到期');
  expect(of(null, 'due')).toBe('应报');
  expect(of(null, 'late', 3)).toBe('未编，迟 3 天');
  expect(of('prepared', 'late', 3)).toBe('未报，迟 3 天');
  expect(of('prepared', 'due')).toBe('已编未报');
  expect(of('approved', 'done-late', 2)).toBe('已审定，迟 2 天');
  expect(of('returned', 'late', 2)).toBe('退回待改');
});
