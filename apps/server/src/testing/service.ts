import type { FastifyInstance, InjectOptions } from 'fastify';
import type { Aside } from '../aside/tasks.ts';
import { inThread } from '../aside/thread.ts';
import { addAccount, addDemoAccounts, DEMO_PASSWORD, doorScope } from '../features/access/index.ts';
import { LIMITS, type Limits } from '../http/limits.ts';
import { buildService } from '../http/service.ts';
import type { Instance } from '../instance.ts';
import { packageFile } from '../package-file.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Parsed where it is JSON, else the bytes. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every route
  readonly body: any;
}

export interface Client {
  readonly csrf: string;
  readonly cookie: string;
  get(url: string): Promise<Answer>;
  send(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, body?: unknown): Promise<Answer>;
  upload(
    url: string,
    files: readonly { name: string; content: Uint8Array | string }[],
    fields?: Record<string, string>,
  ): Promise<Answer>;
}

export interface TestService {
  readonly app: FastifyInstance;
  /** Signs in with a demo account. */
  as(login: string): Promise<Client>;
  close(): Promise<void>;
}

/** The real service over an instance, asked without a socket; one account of each role. */
export async function openTestService(
  instance: Instance,
  county: string,
  aside?: Aside,
  // One thread does everything a test wants: it sheds no load.
  limits: Limits = { ...LIMITS, waitMs: 0 },
): Promise<TestService> {
  await addDemoAccounts(instance, county);
  const { app, jobs } = await buildService(instance, {
    county,
    deskDir: '/nowhere',
    ...(aside === undefined ? {} : { aside }),
    limits,
  });
  return {
    app,
    as: (login) => signedIn(app, login, DEMO_PASSWORD),
    close: async () => {
      await app.close();
      await jobs.settled();
    },
  };
}

/** Long work in a thread of the built program, as a county's service does it. */
export async function threadOf({ dir, url }: { dir: string; url: string | undefined }): Promise<Aside> {
  const { build, isStale } = await import(packageFile('scripts/build.mjs'));
  if (isStale()) await build();
  return inThread({ dir, url }, packageFile('dist/task-worker.js'));
}

/** An account that no demo made: it must change its password first. */
export async function newAccount(
  instance: Instance,
  county: string,
  fields: { login: string; role: string; region?: string; office?: string; approved?: boolean },
): Promise<string> {
  const { password } = await addAccount(
    instance,
    doorScope(county, 'test'),
    { name: '某某', region: county, ...fields },
    { approved: fields.approved ?? true },
  );
  return password;
}

let addresses = 0;

export async function signedIn(app: FastifyInstance, login: string, password: string): Promise<Client> {
  const answer = await app.inject({
    method: 'POST',
    url: '/api/session',
    payload: { login, password },
    remoteAddress: `10.0.0.${++addresses % 250}`,
  });
  if (answer.statusCode !== 200) throw new Error(`${login}: ${answer.body}`);
  const cookie = String(answer.headers['set-cookie']).split(';')[0] as string;
  const { csrf } = answer.json<{ csrf: string }>();
  const ask = async (options: InjectOptions): Promise<Answer> => {
    const headers = { cookie, 'x-csrf-token': csrf, ...options.headers };
    if (options.url === ENDLESS) return firstOf(app, { ...options, headers });
    return answerOf(await app.inject({ ...options, headers }));
  };
  return {
    csrf,
    cookie,
    get: (url) => ask({ method: 'GET', url }),
    send: (method, url, body) => ask({ method, url, payload: body as object }),
    upload: (url, files, fields = {}) => ask({ method: 'POST', url, ...multipart(files, fields) }),
  };
}

/** A stream of events that goes on for as long as somebody listens. */
const ENDLESS = '/api/notices/events';

/** The first that an endless stream says; then nobody listens any more. */
async function firstOf(app: FastifyInstance, options: InjectOptions): Promise<Answer> {
  const gone = new AbortController();
  const told = await app.inject({ ...options, payloadAsStream: true, signal: gone.signal });
  let first: Buffer = Buffer.alloc(0);
  for await (const chunk of told.stream()) {
    first = Buffer.from(chunk as Uint8Array);
    break;
  }
  gone.abort();
  return answerOf({
    statusCode: told.statusCode,
    headers: told.headers,
    rawPayload: first,
    body: first.toString(),
  });
}

function answerOf(told: {
  statusCode: number;
  headers: Readonly<Record<string, unknown>>;
  rawPayload: Buffer;
  body: string;
}): Answer {
  const json = /json/.test(String(told.headers['content-type'] ?? ''));
  return {
    status: told.statusCode,
    headers: told.headers,
    body: json ? JSON.parse(told.body) : told.rawPayload,
  };
}

function multipart(
  files: readonly { name: string; content: Uint8Array | string }[],
  fields: Readonly<Record<string, string>> = {},
): { payload: Buffer; headers: Record<string, string> } {
  const boundary = 'quanbao-test-boundary';
  const pieces: Buffer[] = [];
  for (const [name, value] of Object.entries(fields)) {
    pieces.push(
      Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`),
    );
  }
  for (const { name, content } of files) {
    pieces.push(
      Buffer.from(
        `--${boundary}\r\ncontent-disposition: form-data; name="files"; filename="${name}"\r\ncontent-type: application/octet-stream\r\n\r\n`,
      ),
      Buffer.from(content),
      Buffer.from('\r\n'),
    );
  }
  pieces.push(Buffer.from(`--${boundary}--\r\n`));
  return {
    payload: Buffer.concat(pieces),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  };
}

/** Waits for a job and returns its last state. */
export async function finished(
  client: { get(url: string): Promise<Pick<Answer, 'body'>> },
  job: string,
): Promise<Answer['body']> {
  for (;;) {
    const { body } = await client.get(`/api/jobs/${job}`);
    if (!['waiting', 'running'].includes(body.state)) return body;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
