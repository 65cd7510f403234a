import { randomUUID } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { Refusal } from '@quanbao/domain/kernel/problem';
import pg from 'pg';
import copyStreams from 'pg-copy-streams';
import { Memory } from './memory.ts';
import type { Database, Profile } from './port.ts';
import { type Copy, PLANNER, runTransaction, types } from './session.ts';

const OLDEST = 15;

/**
 * A pool over a PostgreSQL server; `citus` when that extension is in the database.
 * @throws Refusal when the server cannot be reached or is too old
 */
export async function openPostgres(url: string, options: { max?: number } = {}): Promise<Database> {
  // Idle connections stay: whoever sweeps the stage tells by them that this process is still at work.
  const pool = new pg.Pool({
    connectionString: url,
    application_name: `quanbao ${randomUUID()}`,
    max: options.max ?? 10,
    idleTimeoutMillis: 0,
    options: Object.entries(PLANNER)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    types,
  });
  // A server that restarts ends idle connections: the pool makes new ones, and whoever was using one is told
  // by his own query. Without listeners the event would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  let profile: Profile;
  try {
    profile = await look(pool);
  } catch (error) {
    await pool.end();
    throw error;
  }
  const memory = new Memory();
  const run: Database['transaction'] = async (scope, work) => transact(pool, profile, memory, scope, work);
  let ended: Promise<void> | undefined;
  return {
    profile,
    ceiling: undefined,
    transaction: run,
    asOwner: (work) => transact(pool, profile, memory, undefined, work),
    close: () => {
      ended ??= pool.end();
      return ended;
    },
  };
}

async function transact<T>(
  pool: pg.Pool,
  profile: Profile,
  memory: Memory,
  scope: Parameters<Database['transaction']>[0] | undefined,
  work: Parameters<typeof runTransaction<T>>[5],
): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  const onError = (): void => {
    broken = true;
  };
  client.on('error', onError);
  try {
    return await runTransaction(client, profile, copy, memory, scope, work);
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

const copy: Copy = async (client, sql, chunks) => {
  const stream = client.query(copyStreams.from(sql('stdin')));
  await pipeline(chunks, stream);
  return stream.rowCount;
};

async function look(pool: pg.Pool): Promise<Profile> {
  const found = await pool
    .query<{ version: number; encoding: string; citus: boolean }>(
      `select current_setting('server_version_num')::int / 10000 as version, current_setting('server_encoding') as encoding,
         exists (select 1 from pg_extension where extname = 'citus') as citus`,
    )
    .catch((error: Error) => {
      throw new Refusal(
        'db.connect',
        `连不上 DATABASE_URL 指定的 PostgreSQL：${error.message}。请确认服务器已启动，地址、用户和密码正确。`,
      );
    });
  const server = found.rows[0] as { version: number; encoding: string; citus: boolean };
  if (server.version < OLDEST || server.encoding !== 'UTF8') {
    throw new Refusal(
      'db.server',
      `需要 PostgreSQL ${OLDEST} 或更新版本、UTF8 编码的数据库；这里是 PostgreSQL ${server.version}、${server.encoding}。`,
    );
  }
  return server.citus ? 'citus' : 'postgres';
}
