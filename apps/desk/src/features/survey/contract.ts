import type { AnswerOf } from '@quanbao/contract/route';
import type { job } from '@quanbao/contract/sources';
import type { bookIssues, bookReturn, bookReturns, contradictions } from '@quanbao/contract/workbooks';

export type Issue = AnswerOf<typeof bookIssues>['items'][number];
export type Returned = AnswerOf<typeof bookReturns>['items'][number];
export type AuditedRow = AnswerOf<typeof bookReturn>['items'][number];
export type Contradiction = AnswerOf<typeof contradictions>['items'][number];
export type Merge = NonNullable<AnswerOf<typeof job>['merge']>;
export type MergeLine = Merge['lines'][number];
