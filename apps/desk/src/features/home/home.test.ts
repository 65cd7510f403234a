import { expect, it } from 'vitest';
import { queuesOf, runningRound, waitingKinds } from './home.ts';

it('counts the kinds of each queue, as the queue lists them', () => {
  const one = (queue: string, kind: string) => ({ queue, kind, label: kind, people: 1 });
  expect(queuesOf([one('conflict', 'a'), one('quality', 'b'), one('conflict', 'c')])).toEqual([
    { queue: 'conflict', title: '矛盾', kinds: 2 },
    { queue: 'quality', title: '数据待核', kinds: 1 },
  ]);
  expect(queuesOf([one('quality', 'b')]).map(({ queue }) => queue)).toEqual(['quality']);
});

it('shows the kinds that wait, most first', () => {
  const kind = (name: string, verify: number, settled: number) => ({
    kind: name,
    title: name,
    opens: '',
    closes: '',
    byState: { verify, settled, closed: 9 },
    ages: [0, 0, 0, 0],
  });
  expect(
    waitingKinds([kind('a', 0, 0), kind('b', 1, 1), kind('c', 0, 3), kind('d', 2, 0)]).map((one) => one.kind),
  ).toEqual(['c', 'b', 'd']);
});

it('finds the round that runs here: around, within, never beside, never one that ended', () => {
  const round = (no: number, code: string, ended: boolean) =>
    ({ round: no, region: { code, name: '', path: '' }, ended }) as Parameters<
      typeof runningRound
    >[0][number];
  const items = [round(4, '999901102', false), round(3, '999901101', true), round(2, '999901101', false)];
  expect(runningRound(items, '999901')?.round).toBe(4);
  expect(runningRound(items, '999901101')?.round).toBe(2);
  expect(runningRound(items, '999901101001')?.round).toBe(2);
  expect(runningRound(items, '999901103')).toBeUndefined();
});
