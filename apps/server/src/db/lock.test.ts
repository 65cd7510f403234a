import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { build } from 'esbuild';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { packageFile } from '../package-file.ts';
import { openTestInstance } from '../testing/instance.ts';
import { lockDirectory } from './lock.ts';

let dir: string;
let script: string;
let path: string;
let file: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'quanbao-lock-'));
  script = join(dir, 'hold.mjs');
  await build({
    stdin: {
      contents: `import { lockDirectory } from './lock.ts';
        process.on('message', (path) => {
          try { lockDirectory(path); process.send('held'); } catch (error) { process.send(error.problem?.code ?? error.stack); }
        });
        process.send('ready');`,
      resolveDir: packageFile('src/db'),
    },
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    alias: { '@quanbao/domain': packageFile('../../packages/domain/src') },
    resolveExtensions: ['.ts', '.js'],
  });
});
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
});
beforeEach(() => {
  path = join(mkdtempSync(join(dir, 'd-')), 'pgdata');
  file = `${path}.lock`;
});

async function startChild(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  children.push(child);
  await once(child, 'message');
  return child;
}

async function lockIn(child: ChildProcess): Promise<string> {
  const answer = once(child, 'message');
  child.send(path);
  return (await answer)[0] as string;
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

function refusal(work: () => unknown): Refusal {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('not refused');
}

describe('the lock of the embedded directory', () => {
  it('is held by one process until it lets go', async () => {
    const child = await startChild();
    expect(await lockIn(child)).toBe('held');
    const { code, message } = refusal(() => lockDirectory(path)).problem;
    expect(code).toBe('db.locked');
    expect(message).toContain(`进程 ${child.pid}`);
    expect(message).toMatch(/没有改动任何数据.*请等它结束.*DATABASE_URL/);
    await kill(child);
    const lock = lockDirectory(path);
    expect(refusal(() => lockDirectory(path)).problem.code).toBe('db.locked');
    expect(await lockIn(await startChild())).toBe('db.locked');
    lock.release();
    expect(existsSync(file)).toBe(false);
    lockDirectory(path).release();
  });

  it('of a dead process is taken over by exactly one of many', async () => {
    for (let round = 0; round < 3; round++) {
      const dead = await startChild();
      expect(await lockIn(dead)).toBe('held');
      await kill(dead);
      const many = await Promise.all(Array.from({ length: 6 }, startChild));
      const answers = await Promise.all(many.map(lockIn));
      expect(answers.sort()).toEqual([...Array(5).fill('db.locked'), 'held']);
      await Promise.all(many.map(kill));
    }
  });

  it('does not take another process with the same number for the holder', () => {
    lockDirectory(path);
    const holder = JSON.parse(readFileSync(file, 'utf8'));
    expect(holder).toMatchObject({ pid: process.pid, host: hostname() });
    writeFileSync(file, JSON.stringify({ ...holder, started: 'another boot 1' }));
    lockDirectory(path).release();
    expect(existsSync(file)).toBe(false);
  });

  it('of another machine is left alone, and it is said what to do', () => {
    writeFileSync(
      file,
      JSON.stringify({ pid: 1, host: 'elsewhere', started: '', since: '2020-08-31T00:00:00Z', token: 't' }),
    );
    expect(refusal(() => lockDirectory(path)).message).toContain(`请删除 ${file}`);
  });

  it('half written is given time, then taken over; so is the guard of a takeover', () => {
    const old = new Date(Date.now() - 60_000);
    writeFileSync(file, '{"pid":');
    expect(refusal(() => lockDirectory(path)).problem.code).toBe('db.locked');
    utimesSync(file, old, old);
    writeFileSync(`${file}.guard`, '');
    expect(refusal(() => lockDirectory(path)).problem.code).toBe('db.locked');
    utimesSync(`${file}.guard`, old, old);
    lockDirectory(path).release();
    expect(existsSync(`${file}.guard`)).toBe(false);
  });

  it('ends a second command with exit code 3 and a sentence', async () => {
    const instance = await openTestInstance('pglite');
    try {
      const second = spawnSync(process.execPath, [packageFile('bin/quanbao.mjs'), 'deliveries', '--json'], {
        encoding: 'utf8',
        env: { ...process.env, QUANBAO_DATA: instance.dir, DATABASE_URL: '' },
      });
      expect(second.stderr).toContain(`正被另一个全保进程使用（进程 ${process.pid}`);
      expect(JSON.parse(second.stdout).problem.code).toBe('db.locked');
      expect(second.status).toBe(3);
      await instance.db.asOwner((tx) => tx.query('select 1'));
    } finally {
      await instance.close();
    }
  });
});
