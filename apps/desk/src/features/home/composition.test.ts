import { COMPOSITION, INDICATORS, indicator } from '@quanbao/domain/indicators/indicators';
import { expect, it } from 'vitest';
import { groups, toneOf } from './composition.ts';

const part = (code: string, people: number) => ({ indicator: code, name: code, people });

it('gathers the parts of the population into four groups; nobody is lost', () => {
  const bar = groups(COMPOSITION.map((code) => part(code, 10)));
  expect(bar.map((group) => [group.tone, group.people])).toEqual([
    ['registered', 10],
    ['waiting', 30],
    ['employed', 30],
    ['other', 70],
  ]);
  expect(bar.reduce((sum, group) => sum + group.share, 0)).toBeCloseTo(1);
});

it('a group that nobody is in does not stand in the bar', () => {
  expect(groups([part('registered', 0), part('dead', 3)]).map((group) => group.tone)).toEqual(['other']);
  expect(groups([])).toEqual([]);
});

it('a list behind a group exists, and is not the list of one of the others', () => {
  const named = groups(COMPOSITION.map((code) => part(code, 1))).flatMap((group) => group.indicator ?? []);
  for (const code of named) expect(INDICATORS).toContain(indicator(code));
  expect(toneOf('other')).toBe('other');
});
