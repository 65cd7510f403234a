import type { ledgerOverview } from '@quanbao/contract/ledger';
import type { home } from '@quanbao/contract/reports';
import type { AnswerOf } from '@quanbao/contract/route';
import type { rounds } from '@quanbao/contract/survey';

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

type Kind = AnswerOf<typeof ledgerOverview>['kinds'][number];
type Round = AnswerOf<typeof rounds>['items'][number];

/** Kinds of which something is open, most first; as many, in the order of the ledger. */
export function waitingKinds(kinds: readonly Kind[]): Kind[] {
  const open = ({ byState }: Kind): number => byState.verify + byState.settled;
  return kinds.filter((kind) => open(kind) > 0).toSorted((a, b) => open(b) - open(a));
}

/** The newest round that still runs in the region, around it or within it. */
export function runningRound(items: readonly Round[], region: string): Round | undefined {
  return items.find(
    (one) => !one.ended && (one.region.code.startsWith(region) || region.startsWith(one.region.code)),
  );
}
