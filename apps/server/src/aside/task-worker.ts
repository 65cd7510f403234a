// One task in a thread of its own; the thread ends with it.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { openInstance } from '../composition.ts';
import { TASKS } from './tasks.ts';
import type { Order, Word } from './thread.ts';

const port = parentPort as MessagePort;
const { settings, name, input } = workerData as Order;
const say = (word: Word): void => port.postMessage(word);

const instance = await openInstance(settings);
try {
  const task = TASKS[name] as (...given: unknown[]) => Promise<unknown>;
  say({
    kind: 'done',
    outcome: await task(instance, (text: string) => say({ kind: 'progress', text }), ...input),
  });
} catch (error) {
  if (error instanceof Refusal) say({ kind: 'refused', ...error.problem });
  else say({ kind: 'failed', message: String(error), stack: (error as Error).stack });
} finally {
  await instance.close();
}
