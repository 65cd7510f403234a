import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { Refusal } from '@quanbao/domain/kernel/problem';

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When that process started, as its system tells it: another process may get the same number later. */
  readonly started: string;
  readonly since: string;
  readonly token: string;
}

export interface DirectoryLock {
  release(): void;
}

/** A file being written or removed takes milliseconds; one left so for this long belongs to a dead process. */
const SETTLED_MS = 10_000;

/**
 * Takes `<path>.lock` for this process; that of a process which is gone is taken over.
 * @throws Refusal `db.locked` while another process lives that holds it
 */
export function lockDirectory(path: string): DirectoryLock {
  const file = `${path}.lock`;
  const mine: Holder = {
    pid: process.pid,
    host: hostname(),
    started: startOf(process.pid) ?? '',
    since: new Date().toISOString(),
    token: randomUUID(),
  };
  if (!create(file, mine)) takeOver(path, file, mine);
  return {
    release: () => {
      if (read(file)?.token === mine.token) rmSync(file, { force: true });
    },
  };
}

/** Only who holds the guard may remove a lock, and he looks at it again first: of two, one is too late. */
function takeOver(path: string, file: string, mine: Holder): void {
  refuseIfHeld(path, file);
  const guard = `${file}.guard`;
  if (!create(guard, mine)) {
    if (!isOld(guard)) throw locked(path, file, undefined);
    rmSync(guard, { force: true });
    if (!create(guard, mine)) throw locked(path, file, undefined);
  }
  try {
    refuseIfHeld(path, file);
    rmSync(file, { force: true });
    if (!create(file, mine)) throw locked(path, file, read(file));
  } finally {
    rmSync(guard, { force: true });
  }
}

function create(file: string, holder: Holder): boolean {
  let fd: number;
  try {
    fd = openSync(file, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  writeSync(fd, JSON.stringify(holder));
  closeSync(fd);
  return true;
}

function read(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

function isOld(file: string): boolean {
  try {
    return Date.now() - statSync(file).mtimeMs > SETTLED_MS;
  } catch {
    return true;
  }
}

function refuseIfHeld(path: string, file: string): void {
  const holder = read(file);
  if (holder === undefined ? !isOld(file) : isAlive(holder)) throw locked(path, file, holder);
}

/** Of a process on another machine nothing can be known: it counts as alive. */
function isAlive(holder: Holder): boolean {
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const started = startOf(holder.pid);
  return started === undefined || holder.started === '' || started === holder.started;
}

/** @returns undefined where the system does not tell */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The 22nd field; the second is a name in brackets that may hold spaces.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()} ${ticks}`;
  } catch {
    const ps = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
    return ps.status === 0 ? ps.stdout.trim() : undefined;
  }
}

function locked(path: string, file: string, holder: Holder | undefined): Refusal {
  const who =
    holder === undefined
      ? ''
      : `（进程 ${holder.pid}，主机 ${holder.host}，自 ${holder.since.slice(0, 19).replace('T', ' ')} UTC 起）`;
  const elsewhere =
    holder !== undefined && holder.host !== hostname()
      ? `如果那台主机确实已不再使用它，请删除 ${file} 再试。`
      : '';
  return new Refusal(
    'db.locked',
    `嵌入数据库 ${path} 正被另一个全保进程使用${who}，没有改动任何数据。请等它结束或先把它关掉再试；` +
      `${elsewhere}要几个进程同时使用，请改用 PostgreSQL（设置 DATABASE_URL）。`,
  );
}
