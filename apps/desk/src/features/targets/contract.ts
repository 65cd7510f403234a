import type { AnswerOf } from '@quanbao/contract/route';
import type { figure, figures, plan, planCourse, plans } from '@quanbao/contract/targets';

export type PlanPage = AnswerOf<typeof plan>;
export type PlanLine = PlanPage['plan'];
export type ShareLine = PlanPage['whole'];
export type Standing = ShareLine['standing'];
export type PlanItem = AnswerOf<typeof plans>['items'][number];
export type Course = AnswerOf<typeof planCourse>;
export type Figures = AnswerOf<typeof figures>;
export type Figure = AnswerOf<typeof figure>;
