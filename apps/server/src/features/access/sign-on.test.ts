import { createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SIGN_ON_FAILURES } from '@quanbao/contract/access';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inventedId } from '../../testing/command.ts';
import { engines, openTestInstance, type TestInstance } from '../../testing/instance.ts';
import { type Client, openTestService, type TestService } from '../../testing/service.ts';

const COUNTY = '430981';
const CLIENT = 'quanbao-test';
const SECRET = 'a-secret-of-the-test';
const REDIRECT = 'http://localhost/api/oidc/callback';

/** Who is at the province's page next, and what is wrong with what it answers. */
interface Visit {
  subject: string;
  wrong?: 'nonce' | 'signature' | 'audience';
}

interface Provider {
  readonly issuer: string;
  /** Looks at the request as a province would and sends the browser back. */
  authorize(url: string, visit: Visit): URL;
  close(): void;
}

/** A small OpenID provider: discovery, keys, code with PKCE, tokens signed RS256. */
async function openProvider(): Promise<Provider> {
  const known = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const codes = new Map<string, { challenge: string; nonce: string; visit: Visit }>();
  let issuer = '';
  const server: Server = createServer(async (request, response) => {
    const send = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.url === '/.well-known/openid-configuration') {
      return send(200, {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
        code_challenge_methods_supported: ['S256'],
      });
    }
    if (request.url === '/keys') {
      const key = { ...known.publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'RS256' };
      return send(200, { keys: [key] });
    }
    let text = '';
    for await (const chunk of request) text += chunk;
    const asked = new URLSearchParams(text);
    const code = codes.get(asked.get('code') ?? '');
    codes.delete(asked.get('code') ?? '');
    const verifier = createHash('sha256')
      .update(asked.get('code_verifier') ?? '')
      .digest('base64url');
    const right =
      request.url === '/token' &&
      (asked.get('client_secret') === SECRET || request.headers.authorization !== undefined) &&
      asked.get('redirect_uri') === REDIRECT &&
      code?.challenge === verifier;
    if (!right) return send(400, { error: 'invalid_grant' });
    const { visit, nonce } = code;
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: issuer,
      sub: visit.subject,
      aud: visit.wrong === 'audience' ? 'another' : CLIENT,
      nonce: visit.wrong === 'nonce' ? 'of-another-sign-on' : nonce,
      iat: now,
      exp: now + 60,
    };
    const key = visit.wrong === 'signature' ? other.privateKey : known.privateKey;
    return send(200, { access_token: 'x', token_type: 'bearer', id_token: token(claims, key) });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    close: () => server.close(),
    authorize(url, visit) {
      const { origin, pathname, searchParams: asked } = new URL(url);
      expect(origin + pathname).toBe(`${issuer}/authorize`);
      expect(asked.get('client_id')).toBe(CLIENT);
      expect(asked.get('redirect_uri')).toBe(REDIRECT);
      expect(asked.get('response_type')).toBe('code');
      expect(asked.get('code_challenge_method')).toBe('S256');
      expect(asked.get('state')?.length).toBeGreaterThan(20);
      expect(asked.get('nonce')?.length).toBeGreaterThan(20);
      const code = randomUUID();
      codes.set(code, {
        challenge: asked.get('code_challenge') as string,
        nonce: asked.get('nonce') as string,
        visit,
      });
      const back = new URL(REDIRECT);
      back.search = new URLSearchParams({ code, state: asked.get('state') as string }).toString();
      return back;
    },
  };
}

function token(claims: object, key: KeyObject): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'RS256', kid: 'k1' })}.${part(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}

describe.each(engines)('single sign-on on %s', (engine) => {
  let instance: TestInstance;
  let service: TestService;
  let provider: Provider;
  let sysadmin: Client;
  let secadmin: Client;
  beforeAll(async () => {
    instance = await openTestInstance(engine, { county: COUNTY });
    service = await openTestService(instance, COUNTY);
    provider = await openProvider();
    Object.assign(process.env, {
      QUANBAO_OIDC_ISSUER: provider.issuer,
      QUANBAO_OIDC_CLIENT: CLIENT,
      QUANBAO_OIDC_SECRET: SECRET,
      QUANBAO_OIDC_REDIRECT: REDIRECT,
    });
    sysadmin = await service.as('sysadmin');
    secadmin = await service.as('secadmin');
  });
  afterAll(async () => {
    for (const name of ['ISSUER', 'CLIENT', 'SECRET', 'REDIRECT']) delete process.env[`QUANBAO_OIDC_${name}`];
    provider?.close();
    await service?.close();
    await instance?.close();
  });

  const get = (url: string, cookie = '') =>
    service.app.inject({ method: 'GET', url, headers: cookie === '' ? {} : { cookie } });
  /** From the door to the province and back again. */
  const signOn = async (visit: Visit, change: (back: URL) => void = () => undefined) => {
    const begun = await get('/api/oidc/start');
    expect(begun.statusCode).toBe(302);
    const cookie = String(begun.headers['set-cookie']).split(';')[0];
    const back = provider.authorize(String(begun.headers.location), visit);
    change(back);
    return get(`${back.pathname}${back.search}`, cookie);
  };
  const refusals = async (): Promise<string[]> => {
    const rows = await instance.db.asOwner((tx) =>
      tx.query<{ why: string }>(
        `select detail->>'why' as why from audit_event where act = 'session.refused' order by seq`,
      ),
    );
    return rows.map((row) => row.why);
  };
  const expectRefused = async (answer: Awaited<ReturnType<typeof get>>, code: string): Promise<void> => {
    expect(answer.statusCode).toBe(302);
    expect(answer.headers.location).toBe(`/login?why=${code}`);
    expect(Object.keys(SIGN_ON_FAILURES)).toContain(code);
    expect(String(answer.headers['set-cookie'] ?? '')).not.toContain('quanbao_session');
    expect((await refusals()).at(-1)).toBe(code);
  };

  it('lets in whom the province vouches for once both administrators agree, and nobody unknown', async () => {
    await expectRefused(await signOn({ subject: 'hn-0001' }), 'access.oidc-subject');
    const made = await sysadmin.send('POST', '/api/accounts', {
      login: 'zhao',
      name: '赵某',
      role: 'reader',
      region: COUNTY,
      subject: ' hn-0001 ',
    });
    expect(made.body.account).toMatchObject({ subject: 'hn-0001', state: 'pending' });
    await expectRefused(await signOn({ subject: 'hn-0001' }), 'access.oidc-subject');
    await secadmin.send('POST', `/api/accounts/${made.body.account.account}/approval`);
    const done = await signOn({ subject: 'hn-0001' });
    expect(done.headers.location).toBe('/');
    const cookie = String(done.headers['set-cookie']).match(/quanbao_session=[^;]+/)?.[0];
    expect((await get('/api/session', cookie)).json().account.login).toBe('zhao');
  });

  it.each(['nonce', 'signature', 'audience'] as const)('refuses a token with a wrong %s', async (wrong) => {
    await expectRefused(await signOn({ subject: 'hn-0001', wrong }), 'access.oidc-refused');
  });

  it('refuses an answer to a question that this browser did not ask, and one given twice', async () => {
    const back = (await get('/api/oidc/start')).headers.location;
    const stolen = provider.authorize(String(back), { subject: 'hn-0001' });
    await expectRefused(await get(`${stolen.pathname}${stolen.search}`), 'access.oidc-late');
    const wrongState = await signOn({ subject: 'hn-0001' }, (url) => url.searchParams.set('state', 'x'));
    await expectRefused(wrongState, 'access.oidc-refused');
    const wrongCode = await signOn({ subject: 'hn-0001' }, (url) => url.searchParams.set('code', 'x'));
    await expectRefused(wrongCode, 'access.oidc-refused');
  });

  it('gives a subject to one account only, waits for approval when it changes, and takes no ID number', async () => {
    const { body } = await sysadmin.get('/api/accounts');
    const town = body.items.find((one: { login: string }) => one.login === 'town').account;
    const give = (subject: string | null) => sysadmin.send('PATCH', `/api/accounts/${town}`, { subject });
    expect((await give('hn-0001')).body.code).toBe('db.account_subject_uq');
    expect((await give(inventedId(7))).body.code).toBe('access.subject');
    expect((await give('张 三')).body.code).toBe('access.subject');
    expect((await give('hn-0002')).body).toMatchObject({ subject: 'hn-0002', state: 'pending' });
    await secadmin.send('POST', `/api/accounts/${town}/approval`);
    expect((await signOn({ subject: 'hn-0002' })).headers.location).toBe('/');
    expect((await give(null)).body).toMatchObject({ subject: null, state: 'active' });
    await expectRefused(await signOn({ subject: 'hn-0002' }), 'access.oidc-subject');
  });

  it('takes subjects from a table', async () => {
    const answer = await sysadmin.upload('/api/accounts/file', [
      {
        name: 'a.csv',
        content: `账号,姓名,角色,部门,区划代码,统一认证标识\nqian,钱某,reader,,${COUNTY},hn-0003\nsun,孙某,reader,,${COUNTY},\n`,
      },
    ]);
    expect(answer.status).toBe(200);
    const { body } = await sysadmin.get('/api/accounts');
    const subjects = new Map(
      body.items.map((one: { login: string; subject: string }) => [one.login, one.subject]),
    );
    expect([subjects.get('qian'), subjects.get('sun')]).toEqual(['hn-0003', null]);
  });

  it('says at the door when the province cannot be reached', async () => {
    process.env.QUANBAO_OIDC_ISSUER = 'http://127.0.0.1:1';
    await expectRefused(await get('/api/oidc/start'), 'access.oidc-down');
    process.env.QUANBAO_OIDC_ISSUER = provider.issuer;
    expect((await signOn({ subject: 'hn-0001' })).headers.location).toBe('/');
  });
});
