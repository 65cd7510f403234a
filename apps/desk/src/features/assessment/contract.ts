import type {
  acceptance,
  assessedUnit,
  assessment,
  assessments,
  schemes,
} from '@quanbao/contract/assessment';
import type { AnswerOf } from '@quanbao/contract/route';
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

export const STATE_WORDS: Readonly<Record<string, string>> = {
  self: '自查评估',
  draft: '初评',
  frozen: '已定案',
  published: '已公布',
};
export const STATE_LOOK: Readonly<Record<string, string>> = {
  self: 'pending',
  draft: 'pending',
  frozen: 'disabled',
  published: 'in-force',
};
export const LEFT_WORDS: Readonly<Record<string, string>> = {
  pending: '待接入',
  'no-base': '无基数',
  missing: '未登记',
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
