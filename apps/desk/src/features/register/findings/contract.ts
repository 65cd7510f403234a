import type { decisions, finding, findings } from '@quanbao/contract/register';
import type { AnswerOf } from '@quanbao/contract/route';

export type Findings = AnswerOf<typeof findings>;
export type FindingLine = Findings['items'][number];
export type Finding = AnswerOf<typeof finding>;
export type Decision = AnswerOf<typeof decisions>['items'][number];
