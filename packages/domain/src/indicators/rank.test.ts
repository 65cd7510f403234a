import { expect, it } from 'vitest';
import { rankValues } from './rank.ts';

it.each([
  ['coverage-rate', [0.5, null, 0.9, 0.5, 0.1], [2, null, 1, 2, 4]],
  // Alike in a bulletin, alike on a screen: 66.67% and 66.67%.
  ['coverage-rate', [2 / 3, 0.66671, 0.6], [1, 1, 3]],
  ['uninsured-open', [3, 0, 7], [2, 1, 3]],
  ['population', [3, 0, 7], [null, null, null]],
])('%s of %j is ranked %j', (code, values, ranks) => expect(rankValues(code, values)).toEqual(ranks));
