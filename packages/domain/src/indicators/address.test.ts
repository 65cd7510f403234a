import { describe, expect, it } from 'vitest';
import { indicatorAddress } from './address.ts';
import { INDICATORS } from './indicators.ts';

describe('the address of a number', () => {
  it.each([
    ['verified', '/people', { indicator: 'verified' }],
    ['uninsured-items', '/items', { indicator: 'uninsured-items' }],
    ['uninsured-known', '/items', { indicator: 'uninsured-known' }],
    // Of several kinds: no one kind's list holds them.
    ['written-off', '/items', { indicator: 'written-off' }],
    ['written-off-items', '/items', { indicator: 'written-off-items' }],
    ['coverage-rate', '/indicators', { indicator: 'coverage-rate' }],
    ['task-verify', '/indicators', { indicator: 'task-verify' }],
  ])('%s is listed at %s', (code, path, query) => {
    expect(indicatorAddress(code)).toEqual({ path, query });
  });

  it('of every count of items is their list', () => {
    const counts = INDICATORS.filter((one) => one.kind === 'count' && one.over === 'items');
    expect(counts.length).toBeGreaterThan(5);
    for (const { code } of counts)
      expect(indicatorAddress(code)).toEqual({ path: '/items', query: { indicator: code } });
  });
});
