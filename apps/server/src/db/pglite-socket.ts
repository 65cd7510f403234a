import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { packageFile } from '../package-file.ts';
import type { FromWorker, ToWorker } from './pglite-worker.ts';

/** What a `pg` client takes for a TCP socket: the bytes go to the worker's database as messages. */
export class WorkerSocket extends Duplex {
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  #closing = false;
  #error: Error | undefined;

  /** Starts the worker and waits until the database in it is open. */
  static async open(dataDir: string): Promise<WorkerSocket> {
    const worker = new Worker(await workerFile(), { workerData: dataDir });
    await new Promise<void>((resolve, reject) => {
      worker.once('message', () => resolve());
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('the worker ended before it was ready')));
    }).catch((error: Error) => {
      throw new Error(`嵌入数据库打不开：${error.message}`, { cause: error });
    });
    // Not all at once: the thread listens to its own listeners.
    for (const event of ['error', 'exit']) worker.removeAllListeners(event);
    return new WorkerSocket(worker);
  }

  constructor(worker: Worker) {
    super();
    this.#worker = worker;
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'wire') {
        const { buffer, byteOffset, byteLength } = message.data;
        this.push(Buffer.from(buffer, byteOffset, byteLength));
      }
    });
    worker.on('error', (error) => {
      this.#error = error;
    });
    this.#exited = new Promise((resolve) => {
      worker.once('exit', () => {
        if (!this.#closing) this.destroy(this.reason());
        resolve();
      });
    });
  }

  /** Why nothing more can be asked. */
  reason(): Error {
    if (this.#closing) return new Error('the database is closed');
    return new Error(
      `嵌入数据库的线程意外结束（${this.#error?.message ?? '原因不明'}）；未提交的操作没有写入。数据较多时请改用 PostgreSQL（DATABASE_URL）。`,
      { cause: this.#error },
    );
  }

  /** Hands over what the next COPY reads; the array cannot be used any more. */
  blob(data: Uint8Array<ArrayBuffer>): void {
    this.#send({ kind: 'blob', data }, [data.buffer]);
  }

  /** Closes the database, then the thread. */
  async close(): Promise<void> {
    this.#closing = true;
    if (!this.destroyed) this.#send({ kind: 'close' });
    await this.#exited;
    this.destroy();
  }

  #send(message: ToWorker, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  override _write(chunk: Buffer, _: string, done: () => void): void {
    this._writev([{ chunk }], done);
  }

  /** One query's messages come together (`pg` corks them) and go as one. */
  override _writev(pieces: readonly { chunk: Buffer }[], done: () => void): void {
    const length = pieces.reduce((sum, { chunk }) => sum + chunk.length, 0);
    const data = new Uint8Array(length);
    let at = 0;
    for (const { chunk } of pieces) {
      data.set(chunk, at);
      at += chunk.length;
    }
    this.#send({ kind: 'wire', data }, [data.buffer]);
    done();
  }

  override _read(): void {}

  connect(): void {
    process.nextTick(() => this.emit('connect'));
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

/** The built worker beside the built program; under a test runner, one built from the source. */
async function workerFile(): Promise<string> {
  const here = fileURLToPath(import.meta.url);
  if (!here.endsWith('.ts')) return fileURLToPath(new URL('./pglite-worker.js', import.meta.url));
  const { build } = await import('esbuild');
  const built = await build({
    entryPoints: [packageFile('src/db/pglite-worker.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
  });
  const code = built.outputFiles[0]?.text ?? '';
  const name = createHash('sha256').update(code).digest('hex').slice(0, 16);
  const file = packageFile(`node_modules/.cache/quanbao-worker/${name}.mjs`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.${process.pid}`, code);
  renameSync(`${file}.${process.pid}`, file);
  return file;
}
