/** A round of assessment goes from state to state and never back. */
export type RoundState = 'self' | 'draft' | 'frozen' | 'published';

export const ROUND_STATE_WORDS: Readonly<Record<RoundState, string>> = {
  self: '自查评估',
  draft: '初评',
  frozen: '已定案',
  published: '已公布',
};
