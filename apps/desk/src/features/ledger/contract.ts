import type { ledger, ledgerItem, ledgerOverview, notices } from '@quanbao/contract/ledger';
import type { AnswerOf, QueryOf } from '@quanbao/contract/route';

export type LedgerQuery = QueryOf<typeof ledger>;
export type ItemLine = AnswerOf<typeof ledger>['items'][number];
export type Life = AnswerOf<typeof ledgerItem>;
export type Overview = AnswerOf<typeof ledgerOverview>;
export type KindLine = Overview['kinds'][number];
export type Notice = AnswerOf<typeof notices>['items'][number];
export type NoticeKey = Pick<Notice, 'change' | 'kind'> & { readonly region: string };
