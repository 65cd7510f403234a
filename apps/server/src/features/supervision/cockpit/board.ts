import type * as contract from '@quanbao/contract/cockpit';
import type { AnswerOf } from '@quanbao/contract/route';

export type Cockpit = AnswerOf<typeof contract.cockpit>;
export type PlanBoard = Cockpit['plans'][number];
