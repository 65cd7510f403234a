import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkDigit } from '@quanbao/domain/kernel/resident-id';
import { vi } from 'vitest';
import { runCommand } from '../cli/run.ts';
import { type OpenedInstance, openInstance } from '../composition.ts';
import { packageFile } from '../package-file.ts';
import { createPreparedDatabase, createTestDatabase, type Engine, preparedPglite } from './instance.ts';

export interface Done {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
  /** What stood on stdout, which must be one JSON value and nothing else. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look at shapes of every command
  json(): any;
}

interface RunOptions {
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly onStart?: (child: ChildProcess) => void;
  /** Called with the running process and everything it has said on stderr so far. */
  readonly onProgress?: (child: ChildProcess, said: string) => void;
}

/** A data directory (and a database), and the real program run on it. */
export interface DataPlace {
  readonly dir: string;
  readonly url: string | undefined;
  quanbao(args: readonly string[], options?: RunOptions): Promise<Done>;
  /** The same command line in this process: a second of processor time less, and nothing on stdin. One at a time. */
  here(args: readonly string[]): Promise<Done>;
  /** Opens the same data in this process, while no program runs. */
  inside<T>(work: (instance: OpenedInstance) => Promise<T>): Promise<T>;
}

/** One made for a test. */
export interface Place extends DataPlace {
  readonly engine: Engine;
  /** Writes a file to hand to the program. @returns its path */
  file(name: string, content: string | Uint8Array): string;
  drop(): Promise<void>;
}

export function placeAt(dir: string, url: string | undefined): DataPlace {
  return {
    dir,
    url,
    quanbao: (args, run = {}) => runQuanbao(args, dir, url, run),
    here: (args) => runHere(args, dir, url),
    async inside(work) {
      const instance = await openInstance({ dir, url });
      try {
        return await work(instance);
      } finally {
        await instance.close();
      }
    },
  };
}

/**
 * @param options.county initialised already
 * @param options.before called with the data directory before anything is in it
 */
export async function openPlace(
  engine: Engine,
  options: { county?: string; before?: (dir: string) => void } = {},
): Promise<Place> {
  const root = mkdtempSync(join(tmpdir(), 'quanbao-place-'));
  const dir = join(root, 'data');
  mkdirSync(dir);
  options.before?.(dir);
  const createDatabase = options.county === undefined ? createTestDatabase : createPreparedDatabase;
  const database = engine === 'postgres' ? await createDatabase() : undefined;
  const url = database?.url;
  const place: Place = {
    ...placeAt(dir, url),
    engine,
    file(name, content) {
      const path = join(root, name);
      writeFileSync(path, content);
      return path;
    },
    async drop() {
      await rm(root, { recursive: true, force: true });
      await database?.drop();
    },
  };
  if (options.county !== undefined) {
    if (engine === 'pglite') cpSync(await preparedPglite(), join(dir, 'pgdata'), { recursive: true });
    const made = await place.here(['init', '--county', options.county]);
    if (made.code !== 0) throw new Error(made.err);
  }
  return place;
}

/** The embedded database compiled simply: a command starts in 1.7 s of processor time instead of 3.0 s. */
const QUICK_START = ['--liftoff-only'];

function runQuanbao(
  args: readonly string[],
  dir: string,
  url: string | undefined,
  run: RunOptions,
): Promise<Done> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...QUICK_START, packageFile('bin/quanbao.mjs'), ...args], {
      env: { ...process.env, QUANBAO_DATA: dir, DATABASE_URL: url ?? '', ...run.env },
      ...(run.cwd === undefined ? {} : { cwd: run.cwd }),
    });
    run.onStart?.(child);
    const out: Buffer[] = [];
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      err += chunk;
      run.onProgress?.(child, err);
    });
    child.stdin.on('error', () => {});
    child.stdin.end(run.input ?? '');
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const text = Buffer.concat(out).toString('utf8');
      resolve({ code, signal, out: text, err, json: () => JSON.parse(text) });
    });
  });
}

/** The command line in this process: far quicker than a program. */
export async function runHere(args: readonly string[], dir: string, url = ''): Promise<Done> {
  const said = { out: '', err: '' };
  const before = { data: process.env.QUANBAO_DATA, url: process.env.DATABASE_URL };
  const catchAs = (what: 'out' | 'err') => (chunk: unknown) => {
    said[what] += String(chunk);
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(catchAs('out')),
    vi.spyOn(process.stderr, 'write').mockImplementation(catchAs('err')),
  ];
  Object.assign(process.env, { QUANBAO_DATA: dir, DATABASE_URL: url });
  try {
    const returned = await runCommand([process.execPath, 'quanbao', ...args]);
    const code = returned || Number(process.exitCode ?? 0);
    return { code, signal: null, ...said, json: () => JSON.parse(said.out) };
  } finally {
    process.exitCode = undefined;
    for (const spy of spies) spy.mockRestore();
    if (before.data === undefined) delete process.env.QUANBAO_DATA;
    else process.env.QUANBAO_DATA = before.data;
    if (before.url === undefined) delete process.env.DATABASE_URL;
    else process.env.DATABASE_URL = before.url;
  }
}

/** Every row of every table, as one digest a table: what a refusal must leave as it was. */
export async function tableDigests(instance: OpenedInstance): Promise<Record<string, string>> {
  return instance.db.asOwner(async (tx) => {
    const tables = await tx.query<{ name: string }>(
      `select tablename::text as name from pg_tables where schemaname = 'public' order by 1`,
    );
    const digests: Record<string, string> = {};
    for (const { name } of tables) {
      const [row] = await tx.query<{ n: number; digest: string | null }>(
        `select count(*)::int as n, md5(string_agg(t::text, E'\\n' order by t::text)) as digest from ${name} t`,
      );
      digests[name] = `${row?.n} ${row?.digest}`;
    }
    return digests;
  });
}

/** An invented person's number: the n-th, born between 1950 and 2009. */
export function inventedId(n: number): string {
  const birth = `${1950 + (n % 60)}${String((n % 12) + 1).padStart(2, '0')}${String((n % 28) + 1).padStart(2, '0')}`;
  const first17 = `430981${birth}${String(Math.floor(n / 420) % 1000).padStart(3, '0')}`;
  return first17 + checkDigit(first17);
}

const VILLAGES = ['430981006001', '430981006002', '430981114001'];

/** A household register of invented people, `from` … `to` − 1. */
export function registerCsv(from: number, to: number, name = (n: number): string => `人${n}`): string {
  const lines = ['身份证号码,姓名,户籍地址,行政区划代码,管理状态'];
  for (let n = from; n < to; n++) {
    lines.push(`${inventedId(n)},${name(n)},草尾镇${n}号,${VILLAGES[n % VILLAGES.length]},管理中`);
  }
  return `${lines.join('\n')}\n`;
}
