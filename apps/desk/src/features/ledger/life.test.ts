import { expect, it } from 'vitest';
import { stretchOn } from './life.ts';

it('finds the stretch of a day; its end is not in it', () => {
  const life = [
    { from: '2020-01-01', to: '2020-06-01' },
    { from: '2020-06-01', to: null },
  ];
  expect(stretchOn(life, '2020-06-01')).toBe(life[1]);
  expect(stretchOn(life, '2020-05-31')).toBe(life[0]);
  expect(stretchOn(life, '2019-12-31')).toBeUndefined();
  expect(stretchOn(life, undefined)).toBeUndefined();
});
