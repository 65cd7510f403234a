import type { checklist, checklistItem, checklists, filings, teams } from '@quanbao/contract/checklist';
import type { AnswerOf } from '@quanbao/contract/route';

export type ListLine = AnswerOf<typeof checklists>['items'][number];
export type Checklist = AnswerOf<typeof checklist>;
export type Item = Checklist['items'][number];
export type Gate = Checklist['gates'][number];
export type ItemLife = AnswerOf<typeof checklistItem>;
export type TeamMember = AnswerOf<typeof teams>['items'][number];
export type Filing = AnswerOf<typeof filings>['items'][number];
