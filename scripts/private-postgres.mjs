// A PostgreSQL server of our own for tests and the benchmark, on loopback, gone afterwards.
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

function findPrograms() {
  const dirs = (process.env.PATH ?? '').split(':');
  const debian = '/usr/lib/postgresql';
  if (existsSync(debian)) {
    for (const version of readdirSync(debian).sort((a, b) => Number(b) - Number(a)))
      dirs.push(join(debian, version, 'bin'));
  }
  return dirs.find(
    (dir) => dir !== '' && existsSync(join(dir, 'initdb')) && existsSync(join(dir, 'postgres')),
  );
}

/** @returns the server's URL and how to stop it, or undefined where the server programs are not installed */
export function startPrivatePostgres(settings = {}) {
  const programs = findPrograms();
  if (programs === undefined) return undefined;
  const dir = mkdtempSync(join(tmpdir(), 'quanbao-pg-'));
  chmodSync(dir, 0o755);
  // initdb refuses root, so there the server runs as the account Debian's package made.
  const asRoot = process.getuid?.() === 0;
  const id = (flag) => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout);
  const owner = asRoot ? { uid: id('-u'), gid: id('-g') } : {};
  if (asRoot) {
    if (!owner.uid) return undefined;
    chownSync(dir, owner.uid, owner.gid);
  }
  const port = 20000 + (process.pid % 20000);
  const call = (program, args) => {
    const done = spawnSync(join(programs, program), args, {
      ...owner,
      cwd: dir,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (done.status !== 0) throw new Error(`${program}: ${done.stderr}`);
  };
  call('initdb', [
    '-D',
    join(dir, 'data'),
    '-U',
    'quanbao',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--no-locale',
    '--no-sync',
  ]);
  const options = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: dir,
    max_connections: 200,
    ...settings,
  };
  const flags = Object.entries(options)
    .map(([name, value]) => `-c ${name}='${value}'`)
    .join(' ');
  spawnSync(
    join(programs, 'pg_ctl'),
    ['-D', join(dir, 'data'), '-w', '-l', join(dir, 'log'), '-o', flags, 'start'],
    { ...owner, cwd: dir, stdio: 'ignore' },
  );
  return {
    url: `postgres://quanbao@127.0.0.1:${port}/postgres`,
    dir,
    stop() {
      spawnSync(join(programs, 'pg_ctl'), ['-D', join(dir, 'data'), '-m', 'immediate', 'stop'], {
        ...owner,
        cwd: dir,
        stdio: 'ignore',
      });
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
