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
 * PostgreSQL as a fresh database.
 * @param options.county also initialised, with its shipped divisions
 */
export async function openTestInstance(
  engine: Engine,
  options: { county?: string } = {},
): Promise<TestInstance> {
  const dir = mkdtempSync(join(tmpdir(), 'quanbao-instance-'));
  const database = engine === 'postgres' ? await createTestDatabase() : undefined;
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

/** A fresh empty database in the server of QUANBAO_TEST_POSTGRES. */
export async function createTestDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const server = process.env.QUANBAO_TEST_POSTGRES as string;
  const name = `quanbao_test_${randomUUID().replaceAll('-', '')}`;
  await onServer(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(server, `drop database if exists ${name} with (force)`) };
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** A migrated, closed PGlite data directory: made once for these migrations, then copied. */
export async function preparedPglite(): Promise<string> {
  const migrations = packageFile('src/db/migrations');
  const key = createHash('sha256');
  for (const file of readdirSync(migrations).sort()) key.update(readFileSync(join(migrations, file)));
  const version = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  key.update(readFileSync(join(dirname(version), '../package.json')));
  const cache = packageFile('node_modules/.cache/quanbao-pglite');
  const ready = join(cache, key.digest('hex').slice(0, 16));
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
