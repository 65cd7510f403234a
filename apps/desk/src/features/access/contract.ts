import type { accounts, roles } from '@quanbao/contract/access';
import type { AnswerOf } from '@quanbao/contract/route';

export type Account = AnswerOf<typeof accounts>['items'][number];
export type Roles = AnswerOf<typeof roles>;

export const STATE_WORDS: Readonly<Record<Account['state'], string>> = {
  pending: '待核准',
  active: '正常',
  locked: '已锁定',
  disabled: '已停用',
};
