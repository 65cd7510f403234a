import { describe, expect, it } from 'vitest';
import { isAt, isFolded } from './menu-groups.ts';

describe('the groups of the menu', () => {
  it('fold where there are more pages than fit, and only those that are seldom used', () => {
    expect([isFolded('管理', 35), isFolded('总览', 35), isFolded('管理', 22)]).toEqual([true, false, false]);
  });

  it('know the page one is at, and those below it', () => {
    expect(isAt('/', '/people')).toBe(false);
    expect(isAt('/people', '/people/7')).toBe(true);
    expect(isAt('/visits', '/visitsx')).toBe(false);
  });
});
