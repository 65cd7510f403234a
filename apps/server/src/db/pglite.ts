import pg from 'pg';
import { lockDirectory } from './lock.ts';
import { Memory } from './memory.ts';
import { WorkerSocket } from './pglite-socket.ts';
import type { Database, Scope, Tx } from './port.ts';
import { type Copy, PLANNER, runTransaction, types } from './session.ts';

/**
 * Residents the embedded database is meant for; beyond it, deliveries are refused. PostgreSQL in WebAssembly
 * has one connection and at most 4 GB, and never syncs to disk.
 */
export const PGLITE_CEILING = 200_000;

/**
 * PostgreSQL in the process, for trials, training and tests: one connection, used by one transaction after another.
 * @throws Refusal `db.locked` while another process has the directory
 */
export async function openPglite(dir: string): Promise<Database> {
  const lock = lockDirectory(`${dir}/pgdata`);
  let socket: WorkerSocket;
  let client: pg.Client;
  try {
    socket = await WorkerSocket.open(`${dir}/pgdata`);
    client = new pg.Client({
      stream: () => socket as never,
      user: 'postgres',
      database: 'postgres',
      host: 'localhost',
      ssl: false,
      types,
    });
    client.on('error', () => undefined);
    await client.connect();
    for (const [name, value] of Object.entries(PLANNER)) await client.query(`set ${name} = ${value}`);
  } catch (error) {
    lock.release();
    throw error;
  }
  const copy: Copy = async (_, sql, chunks) => {
    let n = 0;
    for await (const chunk of chunks) {
      socket.blob(new Uint8Array(chunk));
      const done: pg.QueryResult | pg.QueryResult[] = await client.query(sql("'/dev/blob'"));
      n += [done].flat().find((one) => one.command === 'COPY')?.rowCount ?? 0;
    }
    return n;
  };
  const memory = new Memory();
  let queue: Promise<unknown> = Promise.resolve();
  const run = <T>(scope: Scope | undefined, work: (tx: Tx) => Promise<T>): Promise<T> => {
    const next = queue.then(async () => {
      if (socket.destroyed) throw socket.reason();
      return runTransaction(client, 'pglite', copy, memory, scope, work).catch((error) => {
        throw socket.destroyed ? socket.reason() : error;
      });
    });
    queue = next.catch(() => undefined);
    return next;
  };
  let closed: Promise<void> | undefined;
  return {
    profile: 'pglite',
    ceiling: PGLITE_CEILING,
    transaction: run,
    asOwner: (work) => run(undefined, work),
    close: () => {
      closed ??= queue.then(() => socket.close()).finally(() => lock.release());
      return closed;
    },
  };
}
