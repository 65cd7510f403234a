import { expect, it } from 'vitest';
import { changeOf } from './change.ts';

it('is what a reader finds between the two that are printed', () => {
  // 66.66 % and 66.66 %, though there is 0.008 between them.
  expect(changeOf('rate', 0.66664, 0.66656)).toBe(0);
  expect(changeOf('rate', 0.66666, 0.6666)).toBe(0.0001);
  expect(changeOf('count', 7, 9)).toBe(-2);
});
