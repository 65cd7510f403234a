import { expect, it } from 'vitest';
import { fileSize, localTime, longDay, number, shortDay, signed, signedPoints } from './format.ts';

it('numbers', () => {
  expect(number(12345)).toBe('12,345');
  expect(number(0)).toBe('0');
  expect(number(null)).toBe('—');
});

it('changes carry their sign', () => {
  expect(signed(1200)).toBe('+1,200');
  expect(signed(-3)).toBe('−3');
  expect(signed(0)).toBe('0');
  expect(signedPoints(0.01234)).toBe('+1.23个百分点');
  expect(signedPoints(-0.5)).toBe('−50.00个百分点');
  expect(signedPoints(0.00001)).toBe('0');
});

it('days', () => {
  expect(longDay('2020-08-31')).toBe('2020年8月31日');
  expect(shortDay('2020-08-01')).toBe('8月1日');
});

it('moments and sizes', () => {
  expect(localTime('2020-08-31T17:05:00Z')).toBe('2020-09-01 01:05');
  expect(fileSize(1536)).toBe('1.5 KB');
});
