import type { home } from '@quanbao/contract/reports';
import type { AnswerOf } from '@quanbao/contract/route';

export type Home = AnswerOf<typeof home>;

const QUEUES = [
  { queue: 'conflict', title: '矛盾' },
  { queue: 'quality', title: '数据待核' },
] as const;

/** The queues in which something waits, with as many kinds as each of them lists. */
export function queuesOf(items: Home['attention']): { queue: string; title: string; kinds: number }[] {
  return QUEUES.map(({ queue, title }) => ({
    queue,
    title,
    kinds: items.filter((one) => one.queue === queue).length,
  })).filter(({ kinds }) => kinds > 0);
}
