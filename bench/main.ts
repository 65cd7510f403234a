// Runs each side in a process of its own and compares times, memory, disk and every figure of the forms.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PGLITE_CEILING } from '../apps/server/src/db/pglite.ts';
import { NEWCOMERS, villagesOf, writeData } from './data.ts';
import type { Measured } from './measure.ts';

const { values } = parseArgs({
  options: {
    residents: { type: 'string', default: '1000000' },
    only: { type: 'string', default: 'duckdb,postgres,pglite' },
    json: { type: 'boolean', default: false },
    child: { type: 'string' },
    dir: { type: 'string', default: '' },
    work: { type: 'string', default: '' },
    help: { type: 'boolean', default: false },
  },
});

const say = (text: string): void => void process.stderr.write(`${text}\n`);

interface Side extends Measured {
  /** Of the database server's processes, where there is one. */
  readonly serverMb?: number;
}

async function child(): Promise<void> {
  const { child: side, dir, work } = values as { child: string; dir: string; work: string };
  const measured: Measured =
    side === 'duckdb'
      ? await (await import('./duckdb.ts')).runDuckdb(dir, work)
      : await (await import('./product.ts')).runProduct(
          dir,
          work,
          side === 'postgres' ? process.env.DATABASE_URL : undefined,
        );
  writeFileSync(join(work, 'measured.json'), JSON.stringify(measured));
}

async function measure(side: string, dir: string, url?: string): Promise<Side> {
  const work = mkdtempSync(join(tmpdir(), 'quanbao-bench-'));
  try {
    say(`${side} …`);
    const args = [process.argv[1] as string, '--child', side, '--dir', dir, '--work', work];
    const running = spawn(process.execPath, args, {
      stdio: ['ignore', 2, 2],
      env: { ...process.env, ...(url ? { DATABASE_URL: url } : {}) },
    });
    const code = await new Promise((done) => running.once('exit', done));
    if (code !== 0) throw new Error(`${side} ended with code ${code}`);
    return JSON.parse(readFileSync(join(work, 'measured.json'), 'utf8'));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function disagreements(a: Measured, b: Measured): string[] {
  const wrong: string[] = [];
  for (const part of ['base', 'changed'] as const) {
    const areas = new Set([...Object.keys(a[part]), ...Object.keys(b[part])]);
    for (const area of areas) {
      if (JSON.stringify(a[part][area]) !== JSON.stringify(b[part][area]))
        wrong.push(`${part} ${area}: ${a[part][area]} / ${b[part][area]}`);
    }
  }
  return wrong;
}

async function main(): Promise<void> {
  if (values.help) {
    say('npm run bench -- [--residents N] [--only duckdb,postgres,pglite] [--json]');
    return;
  }
  const residents = Number(values.residents);
  if (!Number.isInteger(residents) || residents < 1000)
    throw new Error('--residents: a whole number from 1000');
  const root = process.env.QUANBAO_ROOT as string;
  const dir = join(root, 'bench/data', String(residents));
  mkdirSync(dir, { recursive: true });
  say(`${residents} residents, ten lists`);
  await writeData(dir, residents, villagesOf(root));
  const wanted = new Set(values.only.split(','));
  const sides: Record<string, Side> = {};
  if (wanted.has('duckdb')) sides.duckdb = await measure('duckdb', dir);
  if (wanted.has('postgres')) {
    const { startPrivatePostgres } = await import(join(root, 'scripts/private-postgres.mjs'));
    const cluster = process.env.DATABASE_URL ? undefined : startPrivatePostgres();
    const url = process.env.DATABASE_URL ?? cluster?.url;
    if (url === undefined) say('not measured, missing on this machine: PostgreSQL server programs');
    else {
      try {
        sides.postgres = await measure('postgres', dir, url);
      } finally {
        cluster?.stop();
      }
    }
  }
  if (wanted.has('pglite')) {
    if (residents + NEWCOMERS > PGLITE_CEILING)
      say(`not measured: pglite is stated up to ${PGLITE_CEILING} residents`);
    else sides.pglite = await measure('pglite', dir);
  }
  report(root, residents, sides);
}

function report(root: string, residents: number, sides: Readonly<Record<string, Side>>): void {
  const yardstick = sides.duckdb;
  const ratios: Record<string, { whole: number; delta: number }> = {};
  let agree = true;
  for (const [name, side] of Object.entries(sides)) {
    if (yardstick === undefined || name === 'duckdb') continue;
    ratios[name] = {
      whole: (side.seconds.whole as number) / (yardstick.seconds.whole as number),
      delta: (side.seconds.delta as number) / (yardstick.seconds.delta as number),
    };
    const wrong = disagreements(yardstick, side);
    if (wrong.length > 0) {
      agree = false;
      say(`duckdb and ${name} disagree:\n${wrong.slice(0, 5).join('\n')}`);
    }
  }
  const each = <T>(pick: (side: Side) => T): Record<string, T> =>
    Object.fromEntries(Object.entries(sides).map(([name, side]) => [name, pick(side)]));
  const result = {
    residents,
    ratios,
    seconds: each((side) => side.seconds),
    peakMb: each((side) => Math.round(side.peakMb)),
    diskMb: each((side) => Math.round(side.diskMb)),
    agree,
  };
  const out = join(root, 'bench/results');
  if (!existsSync(out)) mkdirSync(out, { recursive: true });
  const stamp = new Date().toISOString().slice(0, 16).replace(/[-:]/g, '');
  writeFileSync(join(out, `${stamp}-${residents}.json`), `${JSON.stringify(result, null, 2)}\n`);
  if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else {
    const number = (n: number | undefined, digits = 2): string =>
      (n === undefined ? '—' : n.toFixed(digits)).padStart(10);
    console.log(
      ['', 'whole s', 'delta s', '× whole', '× delta', 'peak MB', 'disk MB']
        .map((t) => t.padStart(10))
        .join(''),
    );
    for (const [name, side] of Object.entries(sides)) {
      const r = ratios[name];
      console.log(
        name.padStart(10) +
          number(side.seconds.whole) +
          number(side.seconds.delta) +
          number(r?.whole) +
          number(r?.delta) +
          number(side.peakMb, 0) +
          number(side.diskMb, 0),
      );
    }
    for (const [name, side] of Object.entries(sides)) {
      console.log(
        `${name}: ${Object.entries(side.seconds)
          .map(([stage, s]) => `${stage} ${s.toFixed(3)}`)
          .join(' · ')}`,
      );
    }
    console.log(agree ? 'every figure agrees' : 'FIGURES DISAGREE');
  }
  if (!agree) process.exitCode = 1;
}

await (values.child === undefined ? main() : child());
