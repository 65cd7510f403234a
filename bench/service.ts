// A service of its own over a county of some size, and people who ask it over loopback.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { openInstance } from '../apps/server/src/composition.ts';
import { addDemoAccounts, DEMO_PASSWORD } from '../apps/server/src/features/access/index.ts';
import { indexRegister } from '../apps/server/src/features/register/index.ts';
import { initCounty, readManifest, receive } from '../apps/server/src/features/sources/index.ts';
import { villagesOf, writeData } from './data.ts';

export const COUNTY = '430981';

export const say = (text: string): void => void process.stderr.write(`${text}\n`);

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

export class Visitor {
  readonly #base: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  #cookie = '';
  #csrf = '';

  constructor(base: string) {
    this.#base = base;
  }

  async ask(method: string, url: string, body?: unknown, type = 'application/json'): Promise<Answer> {
    const sent = request(`${this.#base}${url}`, {
      method,
      agent: this.#agent,
      headers: {
        cookie: this.#cookie,
        'x-csrf-token': this.#csrf,
        'accept-encoding': 'gzip',
        ...(body === undefined ? {} : { 'content-type': type }),
      },
    });
    sent.end(body === undefined || Buffer.isBuffer(body) ? body : JSON.stringify(body));
    const [got] = (await once(sent, 'response')) as [IncomingMessage];
    const pieces: Buffer[] = [];
    for await (const piece of got) pieces.push(piece as Buffer);
    const bytes = Buffer.concat(pieces);
    const packed = got.headers['content-encoding'] === 'gzip';
    const text = packed ? gunzipSync(bytes) : bytes;
    return { status: got.statusCode ?? 0, headers: got.headers, body: text.toString() };
  }

  async signIn(login: string): Promise<void> {
    const { status, headers, body } = await this.ask('POST', '/api/session', {
      login,
      password: DEMO_PASSWORD,
    });
    if (status !== 200) throw new Error(`${login}: ${status} ${body}`);
    this.#cookie = String(headers['set-cookie']).split(';')[0] as string;
    this.#csrf = (JSON.parse(body) as { csrf: string }).csrf;
  }

  /** Another window of the same session. */
  twin(): Visitor {
    const twin = new Visitor(this.#base);
    twin.#cookie = this.#cookie;
    twin.#csrf = this.#csrf;
    return twin;
  }

  close(): void {
    this.#agent.destroy();
  }
}

export async function prepare(
  root: string,
  dir: string,
  work: string,
  url: string,
  residents: number,
): Promise<void> {
  await writeData(dir, residents, villagesOf(root));
  const instance = await openInstance({ dir: work, url });
  const { db } = instance;
  const known = await db.asOwner((tx) => tx.query('select 1 from county where county = $1', [COUNTY]));
  if (known.length === 0) {
    say('receiving ten lists …');
    await initCounty(instance, COUNTY, 'load');
    const scope = { county: COUNTY, region: COUNTY, actor: 'load' };
    await receive(instance, scope, (await readManifest(join(dir, 'base.json'))).deliveries, {});
    say('indexing …');
    await indexRegister(instance, COUNTY);
    await addDemoAccounts(instance, COUNTY);
  }
  await instance.close();
}

export async function serve(
  root: string,
  work: string,
  url: string,
): Promise<{ child: ChildProcess; base: string }> {
  const port = 21_000 + (process.pid % 10_000);
  const child = spawn(
    process.execPath,
    [join(root, 'apps/server/dist/main.js'), 'serve', '--port', String(port)],
    {
      env: { ...process.env, DATABASE_URL: url, QUANBAO_DATA: work, LOG_LEVEL: 'warn' },
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  const base = `http://127.0.0.1:${port}`;
  for (let i = 0; ; i++) {
    const up = await fetch(`${base}/healthz`).catch(() => undefined);
    if (up?.ok) return { child, base };
    if (i > 600 || child.exitCode !== null) throw new Error('the service did not start');
    await sleep(100);
  }
}

export function percentile(sorted: readonly number[], p: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * p) / 100))] ?? Number.NaN;
}
