import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { Settings } from '../composition.ts';
import type { Aside, TaskName } from './tasks.ts';

export interface Order {
  readonly settings: Settings;
  readonly name: TaskName;
  readonly input: readonly unknown[];
}

export type Word =
  | { readonly kind: 'progress'; readonly text: string }
  | { readonly kind: 'done'; readonly outcome: unknown }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string; readonly stack: string | undefined };

/**
 * A thread for each task, with connections of its own: whoever reads a page meanwhile waits for the database, not for
 * the reading of a file (measured at 1,000,000 with 50 people at the desk: 186 ms at the 95th percentile in one
 * thread). What the thread holds is gone with it.
 */
export function inThread(
  settings: Settings,
  file = fileURLToPath(new URL('./task-worker.js', import.meta.url)),
): Aside {
  return async (name, told, ...input) => {
    const order: Order = { settings, name, input };
    const worker = new Worker(file, { workerData: order });
    let last: Word | undefined;
    worker.on('message', (word: Word) => {
      if (word.kind === 'progress') told(word.text);
      else last = word;
    });
    // An error that nobody caught in the thread rejects here.
    await once(worker, 'exit');
    if (last?.kind === 'done') return last.outcome as never;
    if (last?.kind === 'refused') throw new Refusal(last.code, last.message);
    const failed = new Error(last?.kind === 'failed' ? last.message : `the thread of ${name} ended`);
    if (last?.kind === 'failed' && last.stack !== undefined) failed.stack = last.stack;
    throw failed;
  };
}
