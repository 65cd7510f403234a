import type {
  acceptance,
  assessedUnit,
  assessment,
  assessments,
  schemes,
} from '@quanbao/contract/assessment';
import type { AnswerOf } from '@quanbao/contract/route';
import { ROUND_STATE_WORDS } from '@quanbao/domain/assessment/round';
import { LEFT_OUT_WORDS } from '@quanbao/domain/assessment/score';
import type { QueryClient } from '@tanstack/react-query';

export type RoundHead = AnswerOf<typeof assessments>['items'][number];
export type RoundView = AnswerOf<typeof assessment>;
export type Standing = RoundView['items'][number];
export type UnitView = AnswerOf<typeof assessedUnit>;
export type Acceptance = AnswerOf<typeof acceptance>;
export type LineView = UnitView['lines'][number];
export type Count = LineView['counts'][number];
export type Appeal = UnitView['appeals'][number];
export type SchemeHead = AnswerOf<typeof schemes>['items'][number];

/** By the code as an answer brings it. */
export const STATE_WORDS: Readonly<Record<string, string>> = ROUND_STATE_WORDS;
export const LEFT_WORDS: Readonly<Record<string, string>> = LEFT_OUT_WORDS;
export const STATE_LOOK: Readonly<Record<string, string>> = {
  self: 'pending',
  draft: 'pending',
  frozen: 'disabled',
  published: 'in-force',
};

export function points(value: number): string {
  return String(Number(value.toFixed(2))).replace('-', '−');
}

/** A rate is typed in percent. */
export function typed(rate: boolean, amount: number | null | undefined): number | null {
  if (amount === null || amount === undefined) return null;
  return rate ? Number((amount * 100).toFixed(4)) : amount;
}

export function meant(rate: boolean, amount: number | null | undefined): number | null {
  if (amount === null || amount === undefined) return null;
  return rate ? Number((amount / 100).toFixed(6)) : amount;
}

/** Whatever an assessment's acts change is read again. */
export function refreshAssessments(queries: QueryClient): Promise<void> {
  return queries.invalidateQueries({
    predicate: ({ queryKey }) => String(queryKey[0]).includes('assessment'),
  });
}
