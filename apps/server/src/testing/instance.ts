import { createHash, randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { openInstance } from '../composition.ts';
import type { Scope } from '../db/port.ts';
import { initCounty } from '../features/sources/index.ts';
import type { Instance } from '../instance.ts';
import { packageFile } from '../package-file.ts';

export type Engine = 'pglite' | 'postgres';

/** The engines this run can use: `describe.each(engines)('… on %s', (engine) => …)`. */
export const engines: readonly Engine[] = process.env.QUANBAO_TEST_POSTGRES
  ? ['pglite', 'postgres']
  : ['pglite'];

export interface TestInstance extends Instance {
  readonly engine: Engine;
  /** For `openInstance`, `openDatabase` or a second connection to the same data. */
  readonly url: string | undefined;
  readonly warnings: readonly string[];
  /** Closes the instance and opens the same data again, as the next command would. */
  reopen(): Promise<TestInstance>;
  /** Closes and drops everything. */
  close(): Promise<void>;
}

/**
 * A new migrated instance in a directory of its own: PGlite from a prepared data directory (about a second),
 * PostgreSQL as
 * a copy of a prepared database.
 * @param options.county also initialised, with its shipped divisions
 */
export async function openTestInstance(
  engine: Engine,
  options: { county?: string } = {},
): Promise<TestInstance> {
  const dir = mkdtempSync(join(tmpdir(), 'quanbao-instance-'));
  const database = engine === 'postgres' ? await createPreparedDatabase() : undefined;
  if (engine === 'pglite') cpSync(await preparedPglite(), join(dir, 'pgdata'), { recursive: true });
  const drop = async (): Promise<void> => {
    await rm(dir, { recursive: true, force: true });
    await database?.drop();
  };
  const open = async (): Promise<TestInstance> => {
    const instance = await openInstance({ dir, url: database?.url });
    return {
      ...instance,
      engine,
      url: database?.url,
      reopen: async () => {
        await instance.close();
        return open();
      },
      close: async () => {
        await instance.close();
        await drop();
      },
    };
  };
  try {
    const instance = await open();
    if (options.county !== undefined) await initCounty(instance, options.county, 'test');
    return instance;
  } catch (error) {
    await drop();
    throw error;
  }
}

/** The county office's scope, or a town's. */
export function scopeOf(county: string, region = county, actor = 'test'): Scope {
  return { county, region, actor };
}

interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** A fresh empty database in the server of QUANBAO_TEST_POSTGRES. */
export function createTestDatabase(): Promise<TestDatabase> {
  return onServer((client) => createDatabase(client, 'template1'));
}

/** A database in that server to which the migrations have been applied: they are once, then it is copied. */
export async function createPreparedDatabase(): Promise<TestDatabase> {
  const prepared = `quanbao_prepared_${migrationsKey()}`;
  return onServer(async (client) => {
    const isThere = async (): Promise<boolean> =>
      (await client.query('select 1 from pg_database where datname = $1', [prepared])).rows.length > 0;
    if (!(await isThere())) {
      // Several processes begin at once.
      await client.query('select pg_advisory_lock($1)', [PREPARING]);
      if (!(await isThere())) await prepareDatabase(client, prepared);
      await client.query('select pg_advisory_unlock($1)', [PREPARING]);
    }
    return createDatabase(client, prepared);
  });
}

const PREPARING = 0x7465_7374;

async function prepareDatabase(client: pg.Client, name: string): Promise<void> {
  const made = await createDatabase(client, 'template1');
  const dir = mkdtempSync(join(tmpdir(), 'quanbao-prepared-'));
  try {
    await (await openInstance({ dir, url: made.url })).close();
    // Under its name only when it is whole.
    await client.query(`alter database ${new URL(made.url).pathname.slice(1)} rename to ${name}`);
  } catch (error) {
    await made.drop();
    throw error;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function createDatabase(client: pg.Client, template: string): Promise<TestDatabase> {
  const name = `quanbao_test_${randomUUID().replaceAll('-', '')}`;
  await client.query(`create database ${name} template ${template}`);
  const url = new URL(process.env.QUANBAO_TEST_POSTGRES as string);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: () =>
      onServer(async (again) => {
        await again.query(`drop database if exists ${name} with (force)`);
      }),
  };
}

async function onServer<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: process.env.QUANBAO_TEST_POSTGRES });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** A migrated, closed PGlite data directory: made once for these migrations, then copied. */
export async function preparedPglite(): Promise<string> {
  const version = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const cache = packageFile('node_modules/.cache/quanbao-pglite');
  const ready = join(cache, migrationsKey(readFileSync(join(dirname(version), '../package.json'))));
  if (existsSync(ready)) return ready;
  mkdirSync(cache, { recursive: true });
  const making = mkdtempSync(join(cache, 'making-'));
  try {
    await (await openInstance({ dir: making, url: undefined })).close();
    renameSync(join(making, 'pgdata'), ready);
  } catch (error) {
    if (!existsSync(ready)) throw error;
  } finally {
    await rm(making, { recursive: true, force: true });
  }
  return ready;
}

/** Another for other migrations, or another version of what applied them. */
function migrationsKey(version: Uint8Array = new Uint8Array()): string {
  const migrations = packageFile('src/db/migrations');
  const key = createHash('sha256');
  for (const file of readdirSync(migrations).sort())
    key.update(file).update(readFileSync(join(migrations, file)));
  return key.update(version).digest('hex').slice(0, 16);
}
