import type { home } from '@quanbao/contract/reports';
import type { AnswerOf } from '@quanbao/contract/route';

export type Home = AnswerOf<typeof home>;
