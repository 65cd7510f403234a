// The embedded database in a thread of its own, because a query blocks the loop it runs in.
// It speaks PostgreSQL's wire protocol over messages; the thread that asks holds an ordinary `pg` client.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';

const port = parentPort as MessagePort;
const lite = await PGlite.create({ dataDir: workerData as string });

port.on('message', (message: ToWorker) => {
  tasks = tasks.then(() => serve(message));
});
let tasks: Promise<void> = Promise.resolve();
port.postMessage({ kind: 'ready' } satisfies FromWorker);

async function serve(message: ToWorker): Promise<void> {
  if (message.kind === 'close') {
    await lite.close();
    port.close();
  } else if (message.kind === 'blob') {
    await lite._handleBlob(new Blob([message.data]));
  } else {
    const answer = lite.execProtocolRawSync(message.data);
    // The answer to a start-up message is a view of PGlite's own buffer.
    const data = answer.byteLength === answer.buffer.byteLength ? answer : answer.slice();
    port.postMessage({ kind: 'wire', data } satisfies FromWorker, [data.buffer as ArrayBuffer]);
  }
}

export type ToWorker =
  | { readonly kind: 'wire'; readonly data: Uint8Array }
  /** What the next COPY reads as /dev/blob. */
  | { readonly kind: 'blob'; readonly data: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'close' };

export type FromWorker = { readonly kind: 'ready' } | { readonly kind: 'wire'; readonly data: Uint8Array };
