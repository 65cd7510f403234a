// One task in a thread of its own; the thread ends with it.
import { readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { basename } from 'node:path';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { openInstance } from '../composition.ts';
import { sayable } from '../trouble.ts';
import { TASKS } from './tasks.ts';
import type { Order, Word } from './thread.ts';

yieldToOthers();
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
  const said = sayable(error);
  if (said !== undefined) say({ kind: 'refused', ...said.problem });
  else say({ kind: 'failed', message: String(error), stack: (error as Error).stack });
} finally {
  await instance.close();
}

/** Whoever waits at the desk has the processor first: on Linux a thread has a priority of its own. */
function yieldToOthers(): void {
  if (process.platform !== 'linux') return;
  const thread = Number(basename(readlinkSync('/proc/thread-self')));
  setPriority(thread, constants.priority.PRIORITY_BELOW_NORMAL);
}
