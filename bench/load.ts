// What people at the desk wait for while a large delivery is received: the real service in a process of its own, asked
// over loopback. `npm run load -- [--residents N] [--users N] [--think SECONDS] [--json]`.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { County, DELTA_DAY, paymentsOf, villagesOf } from './data.ts';
import { COUNTY, percentile, prepare, say, serve, Visitor } from './service.ts';

const DELIVERED = 100_000;
/** Reads, 95th percentile, milliseconds (issue B). */
const LIMIT = 100;

const { values } = parseArgs({
  options: {
    residents: { type: 'string', default: '1000000' },
    users: { type: 'string', default: '50' },
    think: { type: 'string', default: '2' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** One after another the things people do, each named as it is reported. */
function questions(county: County, residents: number, own: string, turn: () => number) {
  const somebody = () => county.person(Math.floor(turn() * residents));
  const q = (text: string): string => `/api/people?limit=50&q=${encodeURIComponent(text)}`;
  const given = (): string => [...somebody().name].slice(1).join('');
  const kinds: readonly (readonly [weight: number, name: string, url: () => string])[] = [
    [12, 'find by name', () => q(somebody().name)],
    [12, 'find by half a name', () => q(given())],
    [4, 'find by surname', () => q([...somebody().name][0] as string)],
    [8, 'find by number', () => q(somebody().id)],
    [12, 'suggestion', () => `/api/people/suggestions?q=${encodeURIComponent(given())}`],
    [22, 'person', () => `/api/people/${1 + Math.floor(turn() * residents * 0.9)}`],
    [8, 'form 4', () => `/api/forms/annex4?region=${own}`],
    [8, 'form 5', () => `/api/forms/annex5?region=${own}`],
    [4, 'form 3, first lines', () => `/api/forms/annex3/lines?region=${own}&limit=100`],
    [4, 'home', () => `/api/home?region=${own}`],
    [4, 'list behind a number', () => `/api/people?limit=50&indicator=not-registered&region=${own}`],
    [2, 'conflicts', () => '/api/findings?queue=conflict&limit=50'],
  ];
  const sum = kinds.reduce((all, [weight]) => all + weight, 0);
  return (): { name: string; url: string } => {
    let at = turn() * sum;
    for (const [weight, name, url] of kinds) {
      at -= weight;
      if (at < 0) return { name, url: url() };
    }
    return { name: 'home', url: '/api/home' };
  };
}

type Waits = Map<string, number[]>;

async function user(
  visitor: Visitor,
  next: () => { name: string; url: string },
  think: number,
  turn: () => number,
  waits: Waits,
  errors: string[],
  over: () => boolean,
): Promise<void> {
  await sleep(turn() * think * 1000);
  while (!over()) {
    const { name, url } = next();
    const start = performance.now();
    const { status } = await visitor.ask('GET', url);
    // A person number that was never used is no error of the service.
    if (status !== 200 && !(status === 404 || status === 422)) errors.push(`${status} ${name}`);
    const list = waits.get(name) ?? [];
    list.push(performance.now() - start);
    waits.set(name, list);
    await sleep(-Math.log(1 - turn()) * think * 1000);
  }
}

function multipart(name: string, content: string): { body: Buffer; type: string } {
  const boundary = 'quanbao-load';
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.from(
      `--${boundary}\r\ncontent-disposition: form-data; name="files"; filename="${name}"\r\ncontent-type: text/csv\r\n\r\n${content}\r\n--${boundary}--\r\n`,
    ),
  };
}

async function deliver(visitor: Visitor, content: string): Promise<string> {
  const { body, type } = multipart('缴费明细.csv', content);
  const uploaded = await visitor.ask('POST', '/api/uploads', body, type);
  if (uploaded.status !== 200) throw new Error(`upload: ${uploaded.body}`);
  const { upload } = JSON.parse(uploaded.body) as { upload: string };
  const started = await visitor.ask('POST', `/api/uploads/${upload}/delivery`, {
    source: 'residents-payments',
    asOf: DELTA_DAY,
    mode: 'delta',
  });
  if (started.status !== 200) throw new Error(`delivery: ${started.body}`);
  const { job } = JSON.parse(started.body) as { job: string };
  for (;;) {
    const { body: told } = await visitor.ask('GET', `/api/jobs/${job}`);
    const { state, problem } = JSON.parse(told) as { state: string; problem?: { detail: string } };
    if (state === 'done') return state;
    if (state === 'refused' || state === 'failed') throw new Error(`delivery ${state}: ${problem?.detail}`);
    await sleep(500);
  }
}

async function main(): Promise<void> {
  if (values.help) {
    say('npm run load -- [--residents N] [--users N] [--think SECONDS] [--json]');
    return;
  }
  const residents = Number(values.residents);
  const root = process.env.QUANBAO_ROOT as string;
  const dir = join(root, 'bench/data', String(residents));
  mkdirSync(dir, { recursive: true });
  const { startPrivatePostgres } = await import(join(root, 'scripts/private-postgres.mjs'));
  const cluster = process.env.DATABASE_URL ? undefined : startPrivatePostgres();
  const url: string | undefined = process.env.DATABASE_URL ?? cluster?.url;
  if (url === undefined) throw new Error('missing on this machine: PostgreSQL server programs');
  const kept = process.env.QUANBAO_DATA;
  const work = kept ?? mkdtempSync(join(tmpdir(), 'quanbao-load-'));
  let child: ChildProcess | undefined;
  try {
    await prepare(root, dir, work, url, residents);
    const service = await serve(root, work, url);
    child = service.child;
    await measure(root, service.base, residents);
  } finally {
    if (child !== undefined && child.exitCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    cluster?.stop();
    if (kept === undefined) rmSync(work, { recursive: true, force: true });
  }
}

async function measure(root: string, base: string, residents: number): Promise<void> {
  const think = Number(values.think);
  const county = new County(villagesOf(root));
  let seed = 1;
  const turn = (): number => county.at(seed++, 500);
  const demo = new Visitor(base);
  await demo.signIn('county');
  const sessions = await Promise.all(
    ['town', 'village'].map(async (login) => {
      const visitor = new Visitor(base);
      await visitor.signIn(login);
      const { body } = await visitor.ask('GET', '/api/session');
      return [
        login,
        (JSON.parse(body) as { account: { region: { code: string } } }).account.region.code,
      ] as const;
    }),
  );
  const regions: Record<string, string> = { county: COUNTY, ...Object.fromEntries(sessions) };
  const waits: Waits = new Map();
  const errors: string[] = [];
  let over = false;
  const users: (() => Promise<void>)[] = [];
  // One after another: many guesses at once of one account would lock it.
  for (let i = 0; i < Number(values.users); i++) {
    // Of ten people three sit at the county, five in a town, two in a village.
    const login = i % 10 < 3 ? 'county' : i % 10 < 8 ? 'town' : 'village';
    const visitor = new Visitor(base);
    await visitor.signIn(login);
    const next = questions(county, residents, regions[login] as string, turn);
    users.push(() => user(visitor, next, think, turn, waits, errors, () => over));
  }
  say(`${users.length} people at the desk, each asks about every ${think} s; ten seconds of them alone …`);
  const all = Promise.all(users.map((one) => one()));
  await sleep(10_000);
  const alone = new Map(waits);
  waits.clear();
  say(`a delivery of ${DELIVERED} payments …`);
  const start = performance.now();
  // Another amount each time: a database that is kept has something to change.
  await deliver(demo, paymentsOf(county, residents, DELIVERED, 100 + (process.pid % 900)));
  const seconds = (performance.now() - start) / 1000;
  over = true;
  await all;
  report(root, residents, think, seconds, alone, waits, errors);
}

function summary(waits: Waits): Record<string, { n: number; p50: number; p95: number; p99: number }> {
  const every = [...waits.values()].flat();
  return Object.fromEntries(
    [...waits, ['all', every] as const].map(([name, list]) => {
      const sorted = [...list].sort((a, b) => a - b);
      return [
        name,
        {
          n: sorted.length,
          p50: percentile(sorted, 50),
          p95: percentile(sorted, 95),
          p99: percentile(sorted, 99),
        },
      ];
    }),
  );
}

function report(
  root: string,
  residents: number,
  think: number,
  seconds: number,
  before: Waits,
  during: Waits,
  errors: readonly string[],
): void {
  const result = {
    residents,
    users: Number(values.users),
    think,
    deliverySeconds: seconds,
    alone: summary(before),
    during: summary(during),
    errors: errors.length,
  };
  const out = join(root, 'bench/results');
  mkdirSync(out, { recursive: true });
  const stamp = new Date().toISOString().slice(0, 16).replace(/[-:]/g, '');
  writeFileSync(join(out, `${stamp}-load-${residents}.json`), `${JSON.stringify(result, null, 2)}\n`);
  if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else {
    for (const [title, part] of [
      ['alone', result.alone],
      ['during the delivery', result.during],
    ] as const) {
      console.log(`${title}, milliseconds`);
      for (const [name, { n, p50, p95, p99 }] of Object.entries(part)) {
        console.log(
          `${name.padEnd(22)} ${String(n).padStart(6)} ${[p50, p95, p99].map((ms) => ms.toFixed(0).padStart(6)).join(' ')}`,
        );
      }
    }
    console.log(
      `the delivery took ${seconds.toFixed(1)} s; ${errors.length} errors ${[...new Set(errors)].join(', ')}`,
    );
  }
  if (errors.length > 0 || (result.during.all?.p95 ?? Number.POSITIVE_INFINITY) > LIMIT) process.exitCode = 1;
}

await main();
