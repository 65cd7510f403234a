import { expect, it } from 'vitest';
import { segments } from './composition.ts';

const part = (indicator: string, people: number) => ({ indicator, name: indicator, people });

it('names what is wide enough and gathers the rest; nobody is lost', () => {
  const parts = [
    part('registered', 600),
    part('student', 300),
    part('prison', 60),
    part('dead', 40),
    part('abroad', 0),
  ];
  const bar = segments(parts);
  expect(bar.map((s) => [s.indicator, s.people])).toEqual([
    ['registered', 600],
    ['student', 300],
    [undefined, 100],
  ]);
  expect(bar.at(-1)?.name).toBe('其余 2 种情形');
  expect(bar.reduce((sum, s) => sum + s.share, 0)).toBeCloseTo(1);
});

it('an empty county has no bar', () => {
  expect(segments([part('registered', 0)])).toEqual([]);
});
