import { expect, it } from 'vitest';
import { queuesOf } from './home.ts';

it('counts the kinds of each queue, as the queue lists them', () => {
  const one = (queue: string, kind: string) => ({ queue, kind, label: kind, people: 1 });
  expect(queuesOf([one('conflict', 'a'), one('quality', 'b'), one('conflict', 'c')])).toEqual([
    { queue: 'conflict', title: '矛盾', kinds: 2 },
    { queue: 'quality', title: '数据待核', kinds: 1 },
  ]);
  expect(queuesOf([one('quality', 'b')]).map(({ queue }) => queue)).toEqual(['quality']);
});
