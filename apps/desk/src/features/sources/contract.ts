import type { AnswerOf, BodyOf } from '@quanbao/contract/route';
import type { commitUpload, deliveries, job, rejected, sources, upload } from '@quanbao/contract/sources';

export type Uploaded = AnswerOf<typeof upload>;
export type SeenTable = Uploaded['tables'][number];
export type Intention = BodyOf<typeof commitUpload>;
type Job = AnswerOf<typeof job>;
export type Report = NonNullable<Job['report']>;
export type Effect = NonNullable<Report['effects']>[number];
export type RejectedRow = AnswerOf<typeof rejected>['items'][number];
export type DeliveryLine = AnswerOf<typeof deliveries>['items'][number];

export type Source = AnswerOf<typeof sources>['items'][number];
