import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { addDemoAccounts, DEMO_PASSWORD } from '../features/access/index.ts';
import { packageFile } from '../package-file.ts';
import { type DataPlace, openPlace, type Place, registerCsv } from './command.ts';
import type { Engine } from './instance.ts';
import { COUNTY, PLACES } from './small-county.ts';

/** The real service in a process of its own, asked over loopback. */
export interface Served {
  readonly child: ChildProcess;
  readonly base: string;
  /** Everything it has said. */
  said(): string;
  /** Signs in with a demo account. */
  as(login: string): Promise<Caller>;
  /** Returns when the process is gone. */
  end(signal: NodeJS.Signals): Promise<void>;
}

interface Told {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every route
  readonly body: any;
}

/** @throws where the service is gone before it has answered */
export type Caller = (method: 'GET' | 'POST' | 'PUT', url: string, body?: unknown) => Promise<Told>;

/** @param preload a module that the process loads first, such as one that fails writes */
export async function serveAt(
  place: DataPlace,
  options: { env?: NodeJS.ProcessEnv; preload?: string } = {},
): Promise<Served> {
  const preload = options.preload === undefined ? [] : ['--import', options.preload];
  const child = spawn(
    process.execPath,
    [...preload, '--liftoff-only', packageFile('bin/quanbao.mjs'), 'serve', '--port', '0'],
    {
      env: {
        ...process.env,
        QUANBAO_DATA: place.dir,
        DATABASE_URL: place.url ?? '',
        LOG_LEVEL: 'warn',
        ...options.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  const gone = once(child, 'exit');
  while (!/http:\/\/\S+:\d+/.test(text)) {
    const ended = await Promise.race([gone, setTimeout(20)]);
    if (ended !== undefined) throw new Error(`the service did not start: ${text}`);
  }
  const base = (/http:\/\/\S+:\d+/.exec(text) as RegExpExecArray)[0].replace('localhost', '127.0.0.1');
  return {
    child,
    base,
    said: () => text,
    as: (login) => caller(base, login),
    end: async (signal) => {
      child.kill(signal);
      await gone;
    },
  };
}

async function caller(base: string, login: string): Promise<Caller> {
  const signIn = (): Promise<Response> =>
    fetch(`${base}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ login, password: DEMO_PASSWORD }),
    });
  let signedIn = await signIn();
  // On a slow machine a service that has just started sheds load.
  for (; signedIn.status === 503; signedIn = await signIn()) await setTimeout(200);
  if (!signedIn.ok) throw new Error(`${login}: ${signedIn.status} ${await signedIn.text()}`);
  const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] as string;
  const { csrf } = (await signedIn.json()) as { csrf: string };
  const ask: Caller = async (method, url, body) => {
    const answer = await fetch(`${base}${url}`, {
      method,
      headers: {
        cookie,
        'x-csrf-token': csrf,
        ...(body === undefined || body instanceof FormData ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const told = /json/.test(answer.headers.get('content-type') ?? '') ? JSON.parse(text) : text;
    if (answer.status !== 503 || told.code !== 'busy') return { status: answer.status, body: told };
    // Shed before anything was done.
    await setTimeout(200);
    return ask(method, url, body);
  };
  return ask;
}

/**
 * A place with a register of so many people, the demo accounts, and the numbers of those who live in the town that the
 * demo's town account keeps.
 */
export async function openServedPlace(
  engine: Engine,
  people: number,
  asOf: string,
): Promise<{ place: Place; ofTown: number[] }> {
  const place = await openPlace(engine, { county: COUNTY });
  const register = place.file('户籍.csv', registerCsv(0, people));
  const done = await place.quanbao(['import', register, '--source', 'household-register', '--as-of', asOf]);
  if (done.code !== 0) throw new Error(done.err);
  const ofTown = await place.inside(async (instance) => {
    await addDemoAccounts(instance, COUNTY);
    const rows = await instance.db.asOwner((tx) =>
      tx.query<{ n: number }>('select person_no as n from person where region like $1 order by 1', [
        `${PLACES.town}%`,
      ]),
    );
    return rows.map(({ n }) => Number(n));
  });
  return { place, ofTown };
}
