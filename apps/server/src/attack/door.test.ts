import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMO_PASSWORD } from '../features/access/index.ts';
import { buildService } from '../http/service.ts';
import { openTestInstance, type TestInstance } from '../testing/instance.ts';
import { struck } from '../testing/rounds.ts';
import { openTestService, type TestService } from '../testing/service.ts';
import { COUNTY, fillSmallCounty, PLACES } from '../testing/small-county.ts';

/** At the door: a session that was handed to the user, paths that lead out, a stolen form, a guessed name. */

const SECRET = 'the keys of the county';
const PATHS = [
  '..%2f..%2fkeys.json',
  '%2e%2e/%2e%2e/keys.json',
  '....//keys.json',
  '..%5c..%5ckeys.json',
  '%00keys.json',
  '%2fetc%2fpasswd',
];

describe.each(struck)('the door of %s', (engine) => {
  let instance: TestInstance;
  let service: TestService;
  beforeAll(async () => {
    instance = await openTestInstance(engine, { county: COUNTY });
    await fillSmallCounty(instance);
    service = await openTestService(instance, COUNTY);
  });
  afterAll(async () => {
    await service?.close();
    await instance?.close();
  });

  const signIn = (headers: Record<string, string> = {}, login = 'county') =>
    service.app.inject({
      method: 'POST',
      url: '/api/session',
      payload: { login, password: DEMO_PASSWORD },
      headers,
      remoteAddress: '10.9.0.1',
    });

  it('gives a new session at each sign-in, whatever cookie was planted before', async () => {
    const planted = `quanbao=${'a'.repeat(43)}`;
    const first = String((await signIn({ cookie: planted })).headers['set-cookie']).split(';')[0] as string;
    expect(first).not.toBe(planted);
    const again = String((await signIn({ cookie: first })).headers['set-cookie']).split(';')[0] as string;
    expect(again).not.toBe(first);
    for (const cookie of [planted, ''])
      expect((await service.app.inject({ url: '/api/home', headers: { cookie } })).statusCode).toBe(401);
  });

  it('lets a session’s token change nothing in another session', async () => {
    const [town, county] = [await service.as('town'), await service.as('county')];
    const answer = await service.app.inject({
      method: 'POST',
      url: '/api/filters',
      payload: { name: '我的', question: {} },
      headers: { cookie: county.cookie, 'x-csrf-token': town.csrf },
    });
    expect(answer.statusCode).toBe(403);
  });

  it('leads nowhere by a path', async () => {
    const root = mkdtempSync(join(tmpdir(), 'quanbao-desk-'));
    const desk = join(root, 'in/dist');
    mkdirSync(join(desk, 'assets'), { recursive: true });
    writeFileSync(join(desk, 'index.html'), 'the page');
    writeFileSync(join(root, 'keys.json'), SECRET);
    const { app, jobs } = await buildService(instance, { county: COUNTY, deskDir: desk });
    try {
      for (const at of ['/', '/assets/', '/field/', '/docs/static/', '/api/forms/', '/api/forms/own/']) {
        for (const path of PATHS) {
          const { body } = await app.inject(`${at}${path}`);
          expect([at, path, body.includes(SECRET), body.includes('root:')]).toEqual([at, path, false, false]);
        }
      }
    } finally {
      await app.close();
      await jobs.settled();
      rmSync(root, { recursive: true });
    }
  });

  it('keeps a file under a name of its own, however the sender calls it', async () => {
    const county = await service.as('county');
    // Other tests make directories of their own beside it.
    const beside = (): string[] =>
      readdirSync(join(instance.dir, '..')).filter((name) => name.includes('户籍'));
    expect(beside()).toEqual([]);
    const { status, body } = await county.upload('/api/uploads', [
      { name: '../../../户籍.csv', content: '身份证号码,姓名,户籍地址\n' },
      { name: 'C:\\windows\\户籍.csv', content: '身份证号码,姓名,户籍地址\n' },
    ]);
    expect(status).toBe(200);
    expect(body.files.map((one: { name: string }) => one.name)).toEqual(['户籍.csv', '2-户籍.csv']);
    expect(beside()).toEqual([]);
  });

  it('says the same of a place, a person and a form outside the scope as of one that is not there', async () => {
    const village = await service.as('village');
    const [other] = await instance.db.asOwner((tx) =>
      tx.query<{ n: number }>(`select person_no as n from person where region = $1 limit 1`, [
        PLACES.otherVillage,
      ]),
    );
    const [outside, nobody] = [
      await village.get(`/api/people/${other?.n}`),
      await village.get('/api/people/1999999'),
    ];
    expect([outside.status, outside.body.code, outside.body.detail]).toEqual([
      nobody.status,
      nobody.body.code,
      nobody.body.detail,
    ]);
  });
});
