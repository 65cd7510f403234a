import type { EvidenceLine as EvidenceSchema, people, person } from '@quanbao/contract/register';
import type { AnswerOf, QueryOf } from '@quanbao/contract/route';
import type { Static } from 'typebox';

export type PeopleQuery = QueryOf<typeof people>;
export type PersonLine = AnswerOf<typeof people>['items'][number];
export type Person = AnswerOf<typeof person>;
export type EvidenceLine = Static<typeof EvidenceSchema>;
