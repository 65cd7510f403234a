import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Route } from '@quanbao/contract/route';
import { ROUTES } from '@quanbao/contract/routes';
import { isAllowed, type Permission, ROLES, type Role } from '@quanbao/domain/access/roles';
import { DEFAULT_WARNINGS } from '@quanbao/domain/supervision/warning';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { indexRegister } from '../features/register/index.ts';
import { bookFile, bookToXlsx, issueBooks, returnBooks } from '../features/survey/index.ts';
import { textOf } from '../testing/file-text.ts';
import { engines, openTestInstance, scopeOf, type TestInstance } from '../testing/instance.ts';
import { type Answer, type Client, finished, openTestService, type TestService } from '../testing/service.ts';
import {
  COUNTY,
  DECIDED,
  decidePrison,
  fillSmallCounty,
  PLACES,
  PRISON_WORDS,
  SMALL_COUNTY,
  type SmallPerson,
} from '../testing/small-county.ts';

/** Every route × role × region × channel, made from the contract: nothing of anybody outside the scope comes out. */

const ACCOUNTS: readonly { login: string; role: Role; region: string }[] = [
  { login: 'county', role: 'county', region: COUNTY },
  { login: 'leader', role: 'reader', region: COUNTY },
  { login: 'town', role: 'town', region: PLACES.town },
  { login: 'village', role: 'village', region: PLACES.village },
  { login: 'tax', role: 'office', region: COUNTY },
  { login: 'sysadmin', role: 'system-admin', region: COUNTY },
  { login: 'secadmin', role: 'security-admin', region: COUNTY },
  { login: 'auditor', role: 'audit-admin', region: COUNTY },
];

/** These end the session or change the accounts that ask; they are tested where they belong. */
const LEFT_OUT = new Set(
  [
    'DELETE /api/session',
    'POST /api/session/password',
    'POST /api/session/totp/end',
    'PATCH /api/accounts/:account',
    'POST /api/accounts/:account/password',
    'POST /api/keys/rotation',
    'POST /api/backups',
    'GET /api/oidc/start',
    'GET /api/oidc/callback',
  ].sort(),
);

/** A 底册 for each village has gone out, and come back as it was. */
async function sendBooks(instance: TestInstance): Promise<void> {
  const scope = scopeOf(COUNTY);
  const dir = await mkdtemp(join(tmpdir(), 'quanbao-matrix-'));
  const issued = await issueBooks(instance, scope, { region: COUNTY });
  for (const { issue } of issued) {
    const { head, rows, name } = await bookFile(instance, scope, issue);
    const path = join(dir, name);
    await pipeline(Readable.from(bookToXlsx(head, rows), { objectMode: false }), createWriteStream(path));
    await returnBooks(instance, scope, [{ name, path }]);
  }
  await rm(dir, { recursive: true, force: true });
}

function declares(route: Route, field: string): boolean {
  return JSON.stringify(route.querystring ?? {}).includes(`"${field}"`);
}

describe.each(engines)('what each role can see on %s', (engine) => {
  let instance: TestInstance;
  let service: TestService;
  const clients = new Map<string, Client>();
  const numbers = new Map<string, number>();
  const outsiders = (region: string): SmallPerson[] =>
    SMALL_COUNTY.filter((p) => !p.region.startsWith(region));
  beforeAll(async () => {
    instance = await openTestInstance(engine, { county: COUNTY });
    await fillSmallCounty(instance);
    await decidePrison(instance);
    await indexRegister(instance, COUNTY);
    await sendBooks(instance);
    service = await openTestService(instance, COUNTY);
    for (const { login } of ACCOUNTS) clients.set(login, await service.as(login));
    const rows = await instance.db.asOwner((tx) =>
      tx.query<{ name: string; person_no: number }>('select name, person_no from person'),
    );
    for (const row of rows) numbers.set(row.name, Number(row.person_no));
  });
  afterAll(async () => {
    await service?.close();
    await instance?.close();
  });

  /** Ways to ask a route: for one's own place and for another's, about people inside and outside. */
  function questions(route: Route, account: (typeof ACCOUNTS)[number]): { url: string; body?: object }[] {
    const inside = SMALL_COUNTY.find((p) => p.region.startsWith(account.region)) as SmallPerson;
    const outside = outsiders(account.region)[0] ?? inside;
    const asked: { url: string; body?: object }[] = [];
    for (const person of [inside, outside]) {
      const query: Record<string, string[]> = {
        region: ['', account.region, PLACES.otherTown, PLACES.otherVillage, COUNTY],
        q: ['', person.name.slice(1), person.id, person.phone, '沅江市', person.household],
      };
      const fill = (url: string): string =>
        url
          .replace(':person', String(numbers.get(person.name)))
          .replace(':kind', 'dead-insured')
          // Undone for good, the county would be empty for whoever asks next.
          .replace(':delivery', url.endsWith('/undo') ? '999' : person === inside ? '1' : '3')
          .replace(':no', '1')
          .replace(':fix', '999')
          .replace(':form', 'annex4')
          .replace(':number', url.endsWith('/undo') ? '999' : '1')
          .replace(/:(round|check|cover|plan)/, '1')
          .replace(':indicator', 'coverage-rate')
          .replace(':reference', `registered@${account.region}@2020-09-20`)
          .replace(/:(submission|order|meeting|problem)/, '1')
          .replace(/:(list|item|member|filing)/g, '1')
          .replace(':period', 'once')
          .replace(':decision', '1')
          .replace(':assessment', '1')
          .replace(':unit', person.region.slice(0, 9))
          .replace(':scheme', 'yuanjiang-2020-10')
          .replace(/:(appeal|file)$|:appeal(?=\/)/, '1')
          .replace(':filter', '1')
          .replace(':paperKind', 'weekly')
          .replace(':paper', '1')
          .replace(':return', person === inside ? '1' : '2')
          .replace(':account', '1')
          .replace(':key', 'coverage.scope-age')
          .replace(/:(upload|job)/, '00000000-0000-4000-8000-000000000000');
      const urls = [fill(route.url)];
      if (route.url.includes(':form')) urls.push(fill(route.url.replace(':form', 'annex3')));
      for (const url of urls) {
        if (route.method !== 'GET') asked.push({ url, body: bodyOf(route, person, account.region) });
        else if (route.querystring === undefined) asked.push({ url });
        else {
          // A route that knows no region is asked once: a field it does not declare is not read.
          const regions = declares(route, 'region') ? (query.region as string[]) : [''];
          for (const region of regions) {
            for (const q of ['search', 'suggestion'].includes(route.channel) ? (query.q as string[]) : ['']) {
              const params = new URLSearchParams();
              if (region !== '') params.set('region', region);
              if (q !== '') params.set('q', q);
              if (route.url === '/api/findings') params.set('queue', 'conflict');
              if (route.channel === 'suggestion' && q === '') continue;
              asked.push({ url: `${url}?${params}` });
            }
          }
        }
      }
    }
    return [...new Map(asked.map((one) => [JSON.stringify(one), one])).values()];
  }

  function bodyOf(route: Route, person: SmallPerson, region: string): object {
    const bodies: Record<string, object> = {
      '/api/people/:person/reveal': { reason: '核对' },
      '/api/forms/annex3/xlsx': { region, reason: '核对' },
      '/api/people/export': { filter: { q: person.name }, reason: '核对' },
      '/api/filters': { name: '我的', question: { region } },
      '/api/survey/issues': { region },
      '/api/survey/issues/download': { issues: [person.region.startsWith(region) ? 1 : 3], reason: '核对' },
      '/api/survey/contradictions/decide': { rows: [{ returnNo: 1, position: 1 }], choice: 'ours' },
      '/api/session/totp/confirm': { code: '000000' },
      '/api/accounts': { login: 'x', name: '', role: 'county', region },
      '/api/deliveries/:delivery/rejected/:no/fix': { id: '1' },
      '/api/survey/rounds': {
        name: '整村走访',
        basis: 'village',
        region,
        from: '2020-09-01',
        due: '2020-12-31',
      },
      '/api/survey/covers': { villages: [person.region], accounts: ['village'], from: '2020-09-01' },
      '/api/survey/covers/:cover/end': { to: '2020-12-31' },
      '/api/survey/checks': { round: 1, count: 5, number: 1 },
      '/api/survey/headcounts': { village: person.region, day: '2020-09-20', population: 3, inScope: 1 },
      '/api/survey/statements/full': { region: person.region, who: 'all', reason: '核对' },
      '/api/papers': { kind: 'weekly', region, day: '2020-09-20' },
      '/api/papers/:paper/remarks': { texts: [] },
      '/api/papers/:paper/withdraw': { reason: '核对' },
      '/api/submissions': {
        form: 'annex5',
        every: 'week',
        region: person.region.slice(0, 9),
        period: '2020-W38',
      },
      '/api/supervision/rules/preview': { warnings: DEFAULT_WARNINGS },
      '/api/orders': { region: PLACES.town, due: '2030-12-31', subject: '走访进度', asked: '加快走访' },
      '/api/orders/answers': { order: 1, remark: '已办理' },
      '/api/problems': { subject: '查不到外省', detail: '请协调', due: '2030-12-31' },
      '/api/assessments': { scheme: 'yuanjiang-2020-10' },
      '/api/assessments/:assessment/facts': {
        unit: person.region.slice(0, 9),
        line: 'late-reports',
        amount: 1,
        remark: '登记簿',
      },
      '/api/assessments/:assessment/self': {
        unit: person.region.slice(0, 9),
        text: '自查评估情况',
        lines: [],
      },
      '/api/assessments/:assessment/appeals': {
        unit: person.region.slice(0, 9),
        line: 'late-reports',
        reason: '与登记不符',
      },
      '/api/assessments/:assessment/advance': { to: 'draft' },
      '/api/settings/:key': { value: 'x', from: '2020-01-01', document: '' },
    };
    return bodies[route.url] ?? {};
  }

  async function ask(
    client: Client,
    route: Route,
    question: { url: string; body?: object },
  ): Promise<Answer> {
    if (route.method === 'GET') return client.get(question.url);
    return client.send(route.method, question.url, question.body);
  }

  /** Names and numbers of people outside the scope that came out, with the route and the question. */
  async function leaksOf(account: (typeof ACCOUNTS)[number], routes: readonly Route[]): Promise<string[]> {
    const client = clients.get(account.login) as Client;
    const peopleAllowed = isAllowed(account.role, 'people.read');
    const foreign = peopleAllowed ? outsiders(account.region) : SMALL_COUNTY;
    const leaks: string[] = [];
    const ofPrison = ['county', 'leader'].includes(account.login) ? [] : PRISON_WORDS;
    for (const route of routes) {
      for (const question of questions(route, account)) {
        const answer = await ask(client, route, question);
        const text = textOf(answer.body);
        if (answer.status >= 500) leaks.push(`${route.method} ${question.url}: fault ${text.slice(0, 200)}`);
        for (const person of foreign) {
          // What a question itself said is no answer.
          const said = decodeURIComponent(question.url) + JSON.stringify(question.body ?? {});
          for (const mark of [person.name, person.id, person.phone]) {
            if (!text.includes(mark) || (said.includes(mark) && answer.status >= 400)) continue;
            leaks.push(`${account.login} ${route.method} ${question.url}: ${person.name}`);
          }
        }
        for (const word of ofPrison) {
          if (text.includes(word)) leaks.push(`${account.login} ${route.method} ${question.url}: ${word}`);
        }
        // A list of everybody shows no full number to anybody on screen.
        if (route.channel !== 'export' && !route.url.endsWith('/reveal')) {
          const shown = SMALL_COUNTY.find(
            (p) => text.includes(p.id) && !decodeURIComponent(question.url).includes(p.id),
          );
          if (shown !== undefined)
            leaks.push(`${account.login} ${route.method} ${question.url}: a full number`);
        }
      }
    }
    return [...new Set(leaks)];
  }

  /**
   * Totals, counts by kind and place, and figures that are not what the small county holds inside the account's scope.
   * @param day the totals of a day nobody asked for yet: what was counted once is remembered
   */
  async function wrongCounts(account: (typeof ACCOUNTS)[number], day: string): Promise<string[]> {
    const client = clients.get(account.login) as Client;
    const inside = SMALL_COUNTY.filter((p) => p.region.startsWith(account.region));
    const wrong: string[] = [];
    const same = (what: string, is: unknown, should: unknown): void => {
      if (JSON.stringify(is) !== JSON.stringify(should))
        wrong.push(`${what}: ${JSON.stringify(is)} instead of ${JSON.stringify(should)}`);
    };
    const people = (await client.get(`/api/people?asOf=${day}&limit=500`)).body;
    same('people', people.total, inside.length);
    same(
      'people listed',
      people.items.map((line: { name: string }) => line.name).sort(),
      inside.map((p) => p.name).sort(),
    );
    for (const surname of ['柳', '严', '区']) {
      const found = (await client.get(`/api/people?asOf=${day}&q=${surname}`)).body;
      same(`people ${surname}`, found.items.length, inside.filter((p) => p.name.startsWith(surname)).length);
      const { items } = (await client.get(`/api/people/suggestions?q=${surname}`)).body;
      same(`suggestions ${surname}`, items.length, inside.filter((p) => p.name.startsWith(surname)).length);
    }
    // Dead and registered: the first of each village.
    const dead = inside.filter((p) => SMALL_COUNTY.indexOf(p) % 3 === 0);
    const queue = (await client.get(`/api/findings?queue=conflict&kind=dead-insured&asOf=${day}`)).body;
    same('conflicts', [queue.total, queue.decided], [dead.length, 0]);
    same(
      'conflicts by place',
      queue.places.reduce((sum: number, place: { people: number }) => sum + place.people, 0),
      dead.length,
    );
    same('conflicts listed', queue.items.length, dead.length);
    const home = (await client.get(`/api/home?asOf=${day}`)).body;
    const counted = home.composition.reduce((sum: number, part: { people: number }) => sum + part.people, 0);
    same('home', counted, inside.length);
    same('home kept out', home.quarantined, account.region === COUNTY ? 1 : 0);
    if (isAllowed(account.role, 'lists.read')) {
      const rejected = (await client.get('/api/deliveries/1/rejected')).body;
      same('rejected', [rejected.total, rejected.items.length], account.region === COUNTY ? [1, 1] : [0, 0]);
      const { report } = (await client.get('/api/deliveries/1')).body;
      same('rejected of a delivery', report.rejectedCount, account.region === COUNTY ? 1 : 0);
    }
    return wrong;
  }

  /** Runs while the table shows every row to everybody. */
  async function withoutPolicies<T>(table: string, work: () => Promise<T>): Promise<T> {
    await instance.db.asOwner((tx) => tx.query(`alter table ${table} disable row level security`));
    try {
      return await work();
    } finally {
      await instance.db.asOwner((tx) => tx.query(`alter table ${table} enable row level security`));
    }
  }

  const PLACED = ['person', 'person_search', 'step', 'finding', 'count_delta', 'rejected_row'];

  const asked = ROUTES.filter((route) => !LEFT_OUT.has(`${route.method} ${route.url}`));

  it('has a handler for every route of the contract', () => {
    const bare = ROUTES.filter((route) => !service.app.hasRoute({ method: route.method, url: route.url }));
    expect(bare.map((route) => `${route.method} ${route.url}`)).toEqual([]);
  });

  it('has an account of every role in the matrix', () => {
    expect(ACCOUNTS.map((account) => account.role).sort()).toEqual(ROLES.map((role) => role.code).sort());
  });

  it.each(ACCOUNTS)(
    '$login ($role) meets a refusal wherever its role has no permission',
    async ({ login, role }) => {
      const client = clients.get(login) as Client;
      const open: string[] = [];
      for (const route of asked) {
        if (route.needs === 'public' || route.needs === 'signed-in') continue;
        const [question] = questions(route, {
          login,
          role,
          region: ACCOUNTS.find((a) => a.login === login)!.region,
        });
        const { status, body } = await ask(client, route, question!);
        const refused = status === 403 && body.code === 'access.forbidden';
        if (refused === isAllowed(role, route.needs as Permission))
          open.push(`${route.method} ${route.url}: ${status}`);
      }
      expect(open).toEqual([]);
    },
  );

  it.each(ACCOUNTS)(
    '$login ($role) sees nobody outside its scope, by no route and channel',
    async (account) => {
      expect(await leaksOf(account, asked)).toEqual([]);
    },
  );

  it('lets nobody in without a session', async () => {
    for (const route of asked) {
      if (route.needs === 'public') continue;
      const [question] = questions(route, ACCOUNTS[0]!);
      const answer = await service.app.inject({
        method: route.method,
        url: question!.url,
        ...(route.method === 'GET' ? {} : { payload: question!.body ?? {} }),
      });
      expect(answer.statusCode, route.url).toBe(401);
      expect(answer.json().code).toBe('access.signed-out');
    }
  });

  it('hides from a village who is in prison, and shows it to the county', async () => {
    const prisoner = SMALL_COUNTY[1] as SmallPerson;
    const url = `/api/people/${numbers.get(prisoner.name)}?asOf=2020-09-15`;
    const village = await (clients.get('village') as Client).get(url);
    expect(village.status).toBe(200);
    expect(JSON.stringify(village.body)).not.toMatch(/服刑|刑期/);
    expect(village.body.why.verdict).toBe('原因由县掌握');
    const county = await (clients.get('county') as Client).get(url);
    expect(county.body.why.verdict).toContain('服刑');
  });

  it.each(ACCOUNTS.filter((account) => isAllowed(account.role, 'people.read')))(
    '$login ($role) is told the totals of its own scope',
    async (account) => {
      expect(await wrongCounts(account, '2020-09-20')).toEqual([]);
    },
  );

  it('hides from a town and a village why the county decided, and shows it to the county', async () => {
    const [decided] = DECIDED as readonly [SmallPerson];
    const url = `/api/findings/${numbers.get(decided.name)}/dead-insured`;
    for (const login of ['county', 'town', 'village']) {
      const { body } = await (clients.get(login) as Client).get(url);
      expect(body.decisions).toHaveLength(1);
      for (const word of PRISON_WORDS) expect(JSON.stringify(body).includes(word)).toBe(login === 'county');
      expect(body.decisions[0].column).toBe(login === 'county' ? 14 : null);
    }
  });

  it('is found leaking by these tests when one policy is removed', async () => {
    const people = asked.filter((route) => ['people.read', 'findings.read'].includes(route.needs));
    const town = ACCOUNTS.find((account) => account.login === 'town')!;
    expect(await leaksOf(town, people)).toEqual([]);
    const leaking: string[] = [];
    for (const [i, table] of PLACED.entries()) {
      const wrong = await withoutPolicies(table, async () => [
        ...(await wrongCounts(town, `2020-10-0${i + 1}`)),
        ...(await leaksOf(town, people)),
      ]);
      if (wrong.length > 0) leaking.push(table);
    }
    // Before the other tables a question is held to its region or to people found by their steps; their policies are a
    // second defence, each proved below.
    expect(leaking).toEqual(['step', 'rejected_row']);
  });

  it.each(PLACED)('has in %s a policy that holds by itself, whatever is asked', async (table) => {
    for (const { login, region } of ACCOUNTS.filter(({ role }) => ['town', 'village'].includes(role))) {
      const outside = async (): Promise<number> => {
        const rows = await instance.db.transaction(
          { county: COUNTY, region, actor: login, duty: 'read' },
          (tx) => tx.query<{ region: string }>(`select region from ${table}`),
        );
        return rows.filter((row) => !row.region.startsWith(region)).length;
      };
      expect(await outside()).toBe(0);
      expect(await withoutPolicies(table, outside)).toBeGreaterThan(0);
    }
  });

  it('keeps an event stream for the account that began the work', async () => {
    const county = clients.get('county') as Client;
    const { body } = await county.upload('/api/uploads', [
      { name: '死亡.csv', content: `身份证号码,姓名,死亡日期\n${SMALL_COUNTY[8]!.id},乐惊蛰,2020-09-01\n` },
    ]);
    const { job } = (
      await county.send('POST', `/api/uploads/${body.upload}/trial`, { source: 'deaths', asOf: '2020-09-25' })
    ).body;
    for (const login of ['leader', 'town', 'tax']) {
      const other = clients.get(login) as Client;
      expect((await other.get(`/api/jobs/${job}/events`)).status).toBe(404);
      expect((await other.get(`/api/jobs/${job}`)).status).toBe(404);
    }
    expect((await finished(county, job)).state).toBe('done');
  });
});
