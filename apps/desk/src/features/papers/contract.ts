import type { paper, papers, paperTemplate } from '@quanbao/contract/papers';
import type { AnswerOf } from '@quanbao/contract/route';

export type PaperLine = AnswerOf<typeof papers>['items'][number];
export type OpenedPaper = AnswerOf<typeof paper>;
export type Paper = OpenedPaper['paper'];
export type Block = Paper['blocks'][number];
export type Run = Extract<Block, { type: 'paragraph' }>['runs'][number];
export type Template = AnswerOf<typeof paperTemplate>['template'];
export type TemplateSection = Template['sections'][number];
