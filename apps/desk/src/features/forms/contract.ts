import type { form, OwnForm as OwnFormSchema } from '@quanbao/contract/reports';
import type { AnswerOf } from '@quanbao/contract/route';
import type { Static } from 'typebox';

export type Form = AnswerOf<typeof form>;
export type Layout = Form['layout'];
export type Line = Form['rows'][number];
export type OwnForm = Static<typeof OwnFormSchema>;
