import type { PlainDate } from '../kernel/plain-date.ts';
import { Refusal } from '../kernel/problem.ts';
import type { Period } from './timing.ts';

/** What somebody does about an item in a period: 申请销账, 审核销账, 退回, 恢复. */
export const ACTS = ['request', 'close', 'return', 'reopen'] as const;
export type Act = (typeof ACTS)[number];
export const ACT_WORDS: Readonly<Record<Act, string>> = {
  request: '申请销账',
  close: '销账',
  return: '退回',
  reopen: '恢复',
};

export type ItemState = 'open' | 'requested' | 'returned' | 'closed';
export const STATE_WORDS: Readonly<Record<ItemState, string>> = {
  open: '未完成',
  requested: '待审核',
  returned: '已退回',
  closed: '已销账',
};

/** 任务清单销账: from which states an act leads where. */
const LEADS: Readonly<Record<Act, { readonly from: readonly ItemState[]; readonly to: ItemState }>> = {
  request: { from: ['open', 'returned'], to: 'requested' },
  close: { from: ['requested'], to: 'closed' },
  return: { from: ['requested'], to: 'returned' },
  reopen: { from: ['closed'], to: 'open' },
};

/** The state of a period after what was done about it, oldest first. */
export function stateAfter(acts: readonly Act[]): ItemState {
  const last = acts.at(-1);
  return last === undefined ? 'open' : LEADS[last].to;
}

/** @throws Refusal checklist.state for an act that the state does not allow */
export function requireAct(state: ItemState, act: Act): ItemState {
  if (LEADS[act].from.includes(state)) return LEADS[act].to;
  const may = ACTS.filter((one) => LEADS[one].from.includes(state)).map((one) => ACT_WORDS[one]);
  throw new Refusal(
    'checklist.state',
    `这一项现在是“${STATE_WORDS[state]}”，不能${ACT_WORDS[act]}；可以${may.join('、')}。请刷新后再看。`,
  );
}

/** Past its day and not written off. */
export function isLate(period: Period, state: ItemState, day: PlainDate): boolean {
  return state !== 'closed' && period.due < day;
}
