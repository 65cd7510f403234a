import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { Scope } from '../db/port.ts';
import { indexRegister } from '../features/register/index.ts';
import {
  type DeliveryReport,
  type DeliveryRequest,
  type ReceiveOptions,
  receive,
  type UndoReport,
  undoDelivery,
} from '../features/sources/index.ts';
import {
  decideContradictions,
  type IssueOrder,
  issueBooks,
  type MergeOrder,
  type MergeReport,
  mergeBooks,
  turnAhead,
} from '../features/survey/index.ts';
import type { Instance } from '../instance.ts';

type Told = (text: string) => void;

/** Work that keeps a processor busy for seconds. Arguments and answers are plain values: they may cross to a thread. */
export const TASKS = {
  receive: (
    instance: Instance,
    told: Told,
    scope: Scope,
    request: DeliveryRequest,
    options: Omit<ReceiveOptions, 'onProgress' | 'alongside'>,
  ): Promise<DeliveryReport> =>
    receive(instance, scope, [request], { ...options, onProgress: told }).then(([report]) => report!),
  undo: (
    instance: Instance,
    told: Told,
    scope: Scope,
    delivery: number,
    options: { dryRun: boolean },
  ): Promise<UndoReport> => undoDelivery(instance, scope, delivery, told, options),
  issue: (
    instance: Instance,
    told: Told,
    scope: Scope,
    order: IssueOrder,
  ): Promise<{ issues: number[]; people: number }> =>
    issueBooks(instance, scope, order, { told }).then((books) => ({
      issues: books.map(({ issue }) => issue),
      people: books.reduce((sum, { people }) => sum + people, 0),
    })),
  merge: (instance: Instance, told: Told, scope: Scope, order: MergeOrder): Promise<MergeReport> =>
    mergeBooks(instance, scope, order, told),
  decide: (
    instance: Instance,
    _told: Told,
    scope: Scope,
    rows: readonly { returnNo: number; position: number }[],
    choice: 'theirs' | 'ours',
  ): Promise<{ decided: number; deliveries: number[] }> =>
    decideContradictions(instance, scope, rows, choice),
  ahead: (instance: Instance, _told: Told, scope: Scope, days: readonly string[]): Promise<boolean> =>
    turnAhead(instance, scope, days),
  index: (instance: Instance, _told: Told, county: RegionCode): Promise<number> =>
    indexRegister(instance, county),
} as const;

export type TaskName = keyof typeof TASKS;
type TaskInput<N extends TaskName> =
  Parameters<(typeof TASKS)[N]> extends [Instance, Told, ...infer Rest] ? Rest : never;
type TaskOutcome<N extends TaskName> = Awaited<ReturnType<(typeof TASKS)[N]>>;

/** Does such work, where it disturbs others least. */
export type Aside = <N extends TaskName>(
  name: N,
  told: Told,
  ...input: TaskInput<N>
) => Promise<TaskOutcome<N>>;

/** In the thread that asks: the embedded database has one connection, which cannot be shared. */
export function inProcess(instance: Instance): Aside {
  return (name, told, ...input) =>
    (TASKS[name] as (...given: unknown[]) => Promise<never>)(instance, told, ...input);
}
