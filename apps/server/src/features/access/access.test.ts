import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engines, openTestInstance, type TestInstance } from '../../testing/instance.ts';
import { newAccount, openTestService, signedIn, type TestService } from '../../testing/service.ts';
import { doorScope, resetPassword } from './index.ts';

const COUNTY = '430981';
const TOWN = '430981114';

describe.each(engines)('signing in on %s', (engine) => {
  let instance: TestInstance;
  let service: TestService;
  let tries = 0;
  // Each from another address: the limit on one is a test of its own.
  const tryDoor = (login: string, password: string, more: object = {}) =>
    service.app.inject({
      method: 'POST',
      url: '/api/session',
      payload: { login, password, ...more },
      remoteAddress: `10.2.0.${++tries}`,
    });
  const sql = (text: string, params: unknown[] = []) => instance.db.asOwner((tx) => tx.query(text, params));
  beforeAll(async () => {
    instance = await openTestInstance(engine, { county: COUNTY });
    service = await openTestService(instance, COUNTY);
  });
  afterAll(async () => {
    await service?.close();
    await instance?.close();
  });

  it('lets somebody in with a cookie that no script reads, and keeps nothing of it that opens the door', async () => {
    const answer = await tryDoor('county', 'Quanbao-2020');
    expect(answer.statusCode).toBe(200);
    const cookie = String(answer.headers['set-cookie']);
    expect(cookie).toMatch(/^quanbao_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    const token = cookie.slice('quanbao_session='.length, cookie.indexOf(';'));
    const [row] = (await sql('select string_agg(token_hash || csrf, $1) as all from session', [','])) as {
      all: string;
    }[];
    expect(row?.all).not.toContain(token);
    expect(answer.json().account).toMatchObject({ role: 'county', mustChange: false });
    expect(answer.body).not.toMatch(/password|argon/);
  });

  it('says the same of a wrong password and of nobody', async () => {
    const wrong = await tryDoor('county', 'nonsense');
    const nobody = await tryDoor('nobody', 'nonsense');
    expect(wrong.statusCode).toBe(401);
    expect(nobody.json()).toEqual(wrong.json());
    expect(wrong.headers['content-type']).toContain('application/problem+json');
    // A right one afterwards clears what was counted.
    expect((await tryDoor('county', 'Quanbao-2020')).statusCode).toBe(200);
  });

  it('locks after five wrong passwords, also when they come at once, and is unlocked by the security administrator', async () => {
    const password = await newAccount(instance, COUNTY, { login: 'guessed', role: 'reader' });
    const tries = await Promise.all(Array.from({ length: 12 }, (_, i) => tryDoor('guessed', `wrong-${i}`)));
    const codes = tries.map((answer) => answer.json().code);
    expect(codes.filter((code) => code === 'access.wrong').length).toBeLessThanOrEqual(5);
    expect(codes).toContain('access.locked');
    expect((await tryDoor('guessed', password)).json().code).toBe('access.locked');
    const sysadmin = await service.as('sysadmin');
    const { body } = await sysadmin.get('/api/accounts');
    const account = body.items.find((one: { login: string }) => one.login === 'guessed');
    expect(account.state).toBe('locked');
    // The system administrator may not do it.
    expect((await sysadmin.send('POST', `/api/accounts/${account.account}/approval`)).status).toBe(403);
    const secadmin = await service.as('secadmin');
    expect((await secadmin.send('POST', `/api/accounts/${account.account}/approval`)).body.state).toBe(
      'active',
    );
    expect((await tryDoor('guessed', password)).statusCode).toBe(200);
  });

  it('begins to count anew when a lock has run out', async () => {
    const password = await newAccount(instance, COUNTY, { login: 'forgetful', role: 'reader' });
    for (let i = 0; i < 6; i++) await tryDoor('forgetful', `wrong-${i}`);
    expect((await tryDoor('forgetful', password)).json().code).toBe('access.locked');
    await sql(`update account set locked_until = now() - interval '1 second' where login = 'forgetful'`);
    expect((await tryDoor('forgetful', 'wrong-again')).json().code).toBe('access.wrong');
    expect((await tryDoor('forgetful', password)).statusCode).toBe(200);
    // An expired lock is no five tries more than anybody has.
    await sql(`update account set failures = 5, locked_until = now() - interval '1 second'
      where login = 'forgetful'`);
    const codes: string[] = [];
    for (let i = 0; i < 7; i++) codes.push((await tryDoor('forgetful', `wrong-${i}`)).json().code);
    expect(codes.filter((code) => code === 'access.wrong')).toHaveLength(5);
  });

  it('lets the right password in however many times at once', async () => {
    const password = await newAccount(instance, COUNTY, { login: 'hasty', role: 'reader' });
    const answers = await Promise.all(Array.from({ length: 15 }, () => tryDoor('hasty', password)));
    expect(answers.map((answer) => answer.statusCode)).toEqual(Array.from({ length: 15 }, () => 200));
  });

  it('is slow to guess for one address, whatever account it tries', async () => {
    const answers: { status: number; code: string }[] = [];
    for (let i = 0; i < 62; i++) {
      const answer = await service.app.inject({
        method: 'POST',
        url: '/api/session',
        payload: { login: `someone${i}` },
        remoteAddress: '10.1.2.3',
      });
      answers.push({ status: answer.statusCode, code: answer.json().code });
    }
    expect(answers[59]).toEqual({ status: 400, code: 'request.invalid' });
    expect(answers.slice(60)).toEqual([1, 2].map(() => ({ status: 429, code: 'request.too-often' })));
  });

  it('lets nobody do anything before the first password is changed', async () => {
    const first = await newAccount(instance, COUNTY, { login: 'newcomer', role: 'reader' });
    const client = await signedIn(service.app, 'newcomer', first);
    expect((await client.get('/api/forms')).body).toMatchObject({ code: 'access.must-change', status: 403 });
    for (const [weak, why] of [
      ['short1A', '10 位'],
      ['onlylowercase', '三种'],
      ['Newcomer-2020', '账号名'],
      ['Aaaaaaaa-2020', '连续四个'],
    ] as const) {
      const refused = await client.send('POST', '/api/session/password', { old: first, new: weak });
      expect(refused.body.code).toBe('access.weak');
      expect(refused.body.detail).toContain(why);
    }
    const other = await signedIn(service.app, 'newcomer', first);
    const changed = await client.send('POST', '/api/session/password', { old: first, new: 'Xiangjiang-7' });
    expect(changed.body.account.mustChange).toBe(false);
    expect((await client.get('/api/forms')).status).toBe(200);
    // The other session is over.
    expect((await other.get('/api/session')).status).toBe(401);
    expect((await tryDoor('newcomer', first)).statusCode).toBe(401);
  });

  it('ends a session that idles, is too old, is signed out, or whose account is closed', async () => {
    const county = await service.as('leader');
    const hashes = (await sql('select token_hash from session order by created_at desc limit 1')) as {
      token_hash: string;
    }[];
    const age = (column: string, hours: number) =>
      sql(`update session set ${column} = now() - make_interval(hours => ${hours}) where token_hash = $1`, [
        hashes[0]?.token_hash,
      ]);
    await age('seen_at', 1);
    expect((await county.get('/api/session')).body.code).toBe('access.signed-out');
    await sql('update session set seen_at = now() where token_hash = $1', [hashes[0]?.token_hash]);
    expect((await county.get('/api/session')).status).toBe(200);
    await age('created_at', 11);
    expect((await county.get('/api/session')).status).toBe(401);
    const again = await service.as('leader');
    await again.send('DELETE', '/api/session');
    expect((await again.get('/api/session')).status).toBe(401);
    const password = await newAccount(instance, COUNTY, { login: 'leaving', role: 'reader' });
    const leaving = await signedIn(service.app, 'leaving', password);
    const sysadmin = await service.as('sysadmin');
    const { body } = await sysadmin.get('/api/accounts');
    const number = body.items.find((one: { login: string }) => one.login === 'leaving').account;
    expect((await sysadmin.send('PATCH', `/api/accounts/${number}`, { disabled: true })).body.state).toBe(
      'disabled',
    );
    expect((await leaving.get('/api/session')).status).toBe(401);
    expect((await tryDoor('leaving', password)).json().code).toBe('access.disabled');
  });

  it('takes a second factor once', async () => {
    const password = await newAccount(instance, COUNTY, { login: 'careful', role: 'security-admin' });
    const client = await signedIn(service.app, 'careful', password);
    await client.send('POST', '/api/session/password', { old: password, new: 'Dongting-2020' });
    const { secret, uri } = (await client.send('POST', '/api/session/totp')).body;
    expect(uri).toMatch(/^otpauth:\/\/totp\//);
    const codeAt = (ms: number) =>
      new TOTP({ issuer: '全保', secret: Secret.fromBase32(secret), period: 30 }).generate({ timestamp: ms });
    expect((await client.send('POST', '/api/session/totp/confirm', { code: '000000' })).status).toBe(401);
    expect(
      (await client.send('POST', '/api/session/totp/confirm', { code: codeAt(Date.now() - 30_000) })).status,
    ).toBe(200);
    const stored = (await sql(`select totp from account where login = 'careful'`)) as { totp: Buffer }[];
    expect(stored[0]?.totp.toString('latin1')).not.toContain(secret);
    expect((await tryDoor('careful', 'Dongting-2020')).json().code).toBe('access.code-needed');
    expect((await tryDoor('careful', 'Dongting-2020', { code: '123456' })).json().code).toBe('access.code');
    const code = codeAt(Date.now());
    const twice = await Promise.all([1, 2].map(() => tryDoor('careful', 'Dongting-2020', { code })));
    expect(twice.map((answer) => answer.statusCode).sort()).toEqual([200, 401]);
  });

  it('hands out an account only when both administrators agree, and closes it when it is to see more', async () => {
    const sysadmin = await service.as('sysadmin');
    const secadmin = await service.as('secadmin');
    const made = await sysadmin.send('POST', '/api/accounts', {
      login: 'town2',
      name: '乡镇经办',
      role: 'town',
      region: TOWN,
    });
    expect(made.status).toBe(200);
    expect(made.body.account.state).toBe('pending');
    expect((await tryDoor('town2', made.body.password)).json().code).toBe('access.pending');
    await secadmin.send('POST', `/api/accounts/${made.body.account.account}/approval`);
    const client = await signedIn(service.app, 'town2', made.body.password);
    const wider = await sysadmin.send('PATCH', `/api/accounts/${made.body.account.account}`, {
      role: 'county',
      region: COUNTY,
    });
    expect(wider.body.state).toBe('pending');
    expect((await client.get('/api/session')).status).toBe(401);
    for (const [fields, code] of [
      [{ login: 'Z', name: '某', role: 'town', region: TOWN }, 'access.login'],
      [{ login: 'a430981196001020017', name: '某', role: 'town', region: TOWN }, 'access.login'],
      [{ login: 'ok1', name: '某', role: 'boss', region: TOWN }, 'access.role'],
      [{ login: 'ok1', name: '某', role: 'town', region: COUNTY }, 'access.level'],
      [{ login: 'ok1', name: '某', role: 'town', region: '450324101' }, 'access.region'],
      [{ login: 'ok1', name: '某', role: 'office', region: COUNTY }, 'access.office'],
      [{ login: 'town2', name: '某', role: 'town', region: TOWN }, 'db.account_login_uq'],
    ] as const) {
      expect((await sysadmin.send('POST', '/api/accounts', fields)).body.code).toBe(code);
    }
  });

  it('takes accounts from a table, all of them or none', async () => {
    const sysadmin = await service.as('sysadmin');
    const head = '账号,姓名,角色,部门,区划代码\n';
    const wrong = await sysadmin.upload('/api/accounts/file', [
      { name: 'a.csv', content: `${head}civil,民政经办,部门经办,民政,430981\nwrong,某,乡镇经办,,430981\n` },
    ]);
    expect(wrong.body.code).toBe('access.level');
    expect(wrong.body.detail).toContain('第 2 个');
    const right = await sysadmin.upload('/api/accounts/file', [
      {
        name: 'a.csv',
        content: `县里的账号\n${head}civil,民政经办,部门经办,民政,430981\nvill,村干部,village,,430981006001\n`,
      },
    ]);
    expect(right.body.accounts.map((one: { login: string }) => one.login)).toEqual(['civil', 'vill']);
    const unlisted = await sysadmin.upload('/api/accounts/file', [
      { name: 'a.csv', content: '账号,电话\n某,1\n' },
    ]);
    expect(unlisted.body.detail).toContain('缺少列：姓名、角色、区划代码');
  });

  it('refuses a table of more accounts than it reads, and builds none of them', async () => {
    const sysadmin = await service.as('sysadmin');
    const rows = Array.from({ length: 2_001 }, (_, i) => `many${i},某,乡镇经办,,${COUNTY}`);
    const answer = await sysadmin.upload('/api/accounts/file', [
      { name: 'a.csv', content: `账号,姓名,角色,部门,区划代码\n${rows.join('\n')}\n` },
    ]);
    expect(answer.body.code).toBe('access.many');
    // Also where titles above the headings push the last rows out of what is read.
    const titled = await sysadmin.upload('/api/accounts/file', [
      {
        name: 'a.csv',
        content: `${'标题\n'.repeat(30)}账号,姓名,角色,部门,区划代码\n${rows.slice(2).join('\n')}\n`,
      },
    ]);
    expect(titled.body.code).toBe('access.many');
  });

  it('makes a password that the system administrator set anew wait for the security administrator', async () => {
    const sysadmin = await service.as('sysadmin');
    const secadmin = await service.as('secadmin');
    const first = await newAccount(instance, COUNTY, { login: 'coveted', role: 'security-admin' });
    const owner = await signedIn(service.app, 'coveted', first);
    await owner.send('POST', '/api/session/password', { old: first, new: 'Yuanjiang-2020' });
    const { secret } = (await owner.send('POST', '/api/session/totp')).body;
    const totp = new TOTP({ issuer: '全保', secret: Secret.fromBase32(secret), period: 30 });
    await owner.send('POST', '/api/session/totp/confirm', { code: totp.generate() });
    const lineOf = async () => {
      const { body } = await sysadmin.get('/api/accounts');
      return body.items.find((one: { login: string }) => one.login === 'coveted');
    };
    const { account } = await lineOf();
    const { password } = (await sysadmin.send('POST', `/api/accounts/${account}/password`)).body;
    expect((await owner.get('/api/session')).status).toBe(401);
    expect(await lineOf()).toMatchObject({ state: 'pending', reset: true, totp: true });
    expect((await tryDoor('coveted', password)).json().code).toBe('access.pending');
    // Neither approving nor taking the second factor off is the system administrator's.
    expect((await sysadmin.send('POST', `/api/accounts/${account}/approval`)).status).toBe(403);
    expect((await sysadmin.send('DELETE', `/api/accounts/${account}/totp`)).status).toBe(403);
    expect((await secadmin.send('POST', `/api/accounts/${account}/approval`)).body).toMatchObject({
      state: 'active',
      reset: false,
    });
    expect((await tryDoor('coveted', password)).json().code).toBe('access.code-needed');
    expect((await secadmin.send('DELETE', `/api/accounts/${account}/totp`)).body.totp).toBe(false);
    expect((await tryDoor('coveted', password)).json().account.mustChange).toBe(true);
    // Whoever has the machine helps at once, also where the administrators have shut each other out.
    await sysadmin.send('POST', `/api/accounts/${account}/password`);
    const told = await resetPassword(instance, doorScope(COUNTY, 'test'), account, { atTheMachine: true });
    expect((await tryDoor('coveted', told.password)).statusCode).toBe(200);
  });

  it('refuses what comes from another site or without the token, whatever cookie it brings', async () => {
    const { cookie, csrf } = await service.as('county');
    const send = (headers: Record<string, string>) =>
      service.app.inject({ method: 'POST', url: '/api/session/totp', headers: { cookie, ...headers } });
    expect((await send({})).json().code).toBe('access.csrf');
    expect((await send({ 'x-csrf-token': 'x'.repeat(csrf.length) })).json().code).toBe('access.csrf');
    expect((await send({ 'x-csrf-token': csrf, origin: 'https://evil.example' })).json().code).toBe(
      'access.csrf',
    );
    expect((await send({ 'x-csrf-token': csrf, origin: 'null' })).json().code).toBe('access.csrf');
    expect((await send({ 'x-csrf-token': csrf, 'sec-fetch-site': 'cross-site' })).json().code).toBe(
      'access.csrf',
    );
    expect((await send({ 'x-csrf-token': csrf, origin: 'http://localhost' })).statusCode).not.toBe(403);
    const foreign = await service.app.inject({
      method: 'POST',
      url: '/api/session',
      headers: { origin: 'https://evil.example' },
      payload: { login: 'county', password: 'Quanbao-2020' },
    });
    expect(foreign.statusCode).toBe(403);
  });

  it('sends headers that keep a page from being framed, sniffed or scripted from elsewhere', async () => {
    const { headers } = await service.app.inject({ method: 'GET', url: '/api/door' });
    expect(headers['content-security-policy']).toMatch(/default-src 'self'/);
    expect(headers['content-security-policy']).toMatch(/frame-ancestors 'none'/);
    expect(headers['content-security-policy']).not.toMatch(/script-src[^;]*unsafe/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
  });

  it('shows the demo passwords to this machine only', async () => {
    const door = (remoteAddress: string) =>
      service.app.inject({ method: 'GET', url: '/api/door', remoteAddress });
    expect((await door('127.0.0.1')).json().demo).toHaveLength(8);
    expect((await door('10.0.0.9')).json().demo).toEqual([]);
  });

  it('offers no demo account at the door any more that has a password of its own', async () => {
    const leader = await service.as('leader');
    await leader.send('POST', '/api/session/password', { old: 'Quanbao-2020', new: 'Lingdao-2021' });
    const { demo } = (
      await service.app.inject({ method: 'GET', url: '/api/door', remoteAddress: '127.0.0.1' })
    ).json();
    expect(demo.map((one: { login: string }) => one.login)).not.toContain('leader');
    expect(demo).toHaveLength(7);
    expect((await signedIn(service.app, 'leader', 'Lingdao-2021')).csrf).not.toBe('');
  });

  it('tells its figures to this machine only, also behind a proxy', async () => {
    const ask = (headers: Record<string, string>, remoteAddress = '127.0.0.1') =>
      service.app.inject({ method: 'GET', url: '/metrics', headers, remoteAddress });
    expect((await ask({})).body).toContain('quanbao_request_seconds');
    expect((await ask({ 'x-forwarded-for': '10.0.0.9' })).statusCode).toBe(404);
    expect((await ask({}, '10.0.0.9')).statusCode).toBe(404);
    // From elsewhere nobody is believed to be this machine.
    expect((await ask({ 'x-forwarded-for': '127.0.0.1' }, '10.0.0.9')).statusCode).toBe(404);
  });

  it('traces what was refused, without a password', async () => {
    const village = await service.as('village');
    expect((await village.get('/api/accounts')).status).toBe(403);
    const rows = (await sql(
      `select act, subject, detail::text as detail, actor from audit_event where act in ('access.refused', 'session.refused') order by seq`,
    )) as {
      act: string;
      subject: string;
      detail: string;
      actor: string;
    }[];
    expect(rows.at(-1)).toMatchObject({
      act: 'access.refused',
      subject: 'GET /api/accounts',
      actor: 'village',
    });
    expect(rows.some((row) => row.act === 'session.refused' && row.detail.includes('password'))).toBe(true);
    expect(JSON.stringify(rows)).not.toMatch(/nonsense|wrong-|Quanbao-2020/);
  });
});
