import type { Route } from '@quanbao/contract/route';
import { ROUTES } from '@quanbao/contract/routes';
import { isAllowed, type Permission, type Role } from '@quanbao/domain/access/roles';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engines, openTestInstance, type TestInstance } from '../testing/instance.ts';
import { type Client, openTestService, type TestService } from '../testing/service.ts';
import { COUNTY, fillSmallCounty } from '../testing/small-county.ts';
import { cursorOf } from './cursor.ts';

/** What nobody types and somebody will send: numbers no column holds, and a NUL, which no text holds. */
const VALUES = ['99999999999999999999', '99999999999', '2147483648', '-1', '%00', '1%00'];

/** Parts of a made-up position in a list, as the cursors of several texts hold them. */
const CURSORS = [
  cursorOf(['2020-08-31', COUNTY, '\u0000', 1]),
  cursorOf(['2020-08-31', COUNTY, 'x', 99_999_999_999]),
  cursorOf(['2020-08-31', '\u0000', 'x', 1]),
  cursorOf([COUNTY, 99_999_999_999]),
  cursorOf(['\u0000', 1]),
  cursorOf([COUNTY, '\u0000']),
  cursorOf([COUNTY, 'x']),
];

const LOGINS: readonly (readonly [string, Role])[] = [
  ['county', 'county'],
  ['sysadmin', 'system-admin'],
  ['auditor', 'audit-admin'],
];

/** The names a query may have, also where it is put together of several. */
function namesOf(schema: unknown): string[] {
  const { properties, allOf } = (schema ?? {}) as { properties?: object; allOf?: readonly unknown[] };
  return [...Object.keys(properties ?? {}), ...(allOf ?? []).flatMap(namesOf)];
}

/** Each parameter of the route with each value, the others as they might be. */
function questions(route: Route): string[] {
  const params = [...route.url.matchAll(/:(\w+)/g)].map(([, name]) => name as string);
  const fill = (odd?: string, value = ''): string =>
    params.reduce((url, name) => {
      const usual = ['upload', 'job'].includes(name) ? '00000000-0000-4000-8000-000000000000' : '1';
      return url.replace(`:${name}`, name === odd ? value : usual);
    }, route.url);
  const names = namesOf(route.querystring);
  const need = names.includes('queue') ? 'queue=conflict&' : '';
  return [
    ...params.flatMap((name) => VALUES.map((value) => `${fill(name, value)}?${need}`)),
    ...names.flatMap((name) => VALUES.map((value) => `${fill()}?${need}${name}=${value}`)),
    ...(names.includes('after') ? CURSORS.map((value) => `${fill()}?${need}after=${value}`) : []),
  ].map((url) => url.replace('/forms/1', '/forms/annex4'));
}

describe.each(engines)('odd values on %s', (engine) => {
  let instance: TestInstance;
  let service: TestService;
  const clients = new Map<string, Client>();
  beforeAll(async () => {
    instance = await openTestInstance(engine, { county: COUNTY });
    await fillSmallCounty(instance);
    service = await openTestService(instance, COUNTY);
    for (const [login] of LOGINS) clients.set(login, await service.as(login));
  });
  afterAll(async () => {
    await service?.close();
    await instance?.close();
  });

  it('are no fault of the program, in whatever is read', async () => {
    const faults: string[] = [];
    let asked = 0;
    for (const route of ROUTES.filter(({ method, url }) => method === 'GET' && !url.includes('/oidc/'))) {
      const known = ['public', 'signed-in'].includes(route.needs);
      const [login] = LOGINS.find(([, role]) => known || isAllowed(role, route.needs as Permission)) ?? [''];
      for (const url of questions(route)) {
        const { status } = await (clients.get(login) as Client).get(url);
        asked++;
        if (status === 500) faults.push(`${url}: ${status}`);
      }
    }
    expect(faults).toEqual([]);
    expect(asked).toBeGreaterThan(200);
  });

  it('are refused in what is sent, too', async () => {
    const county = clients.get('county') as Client;
    const sysadmin = clients.get('sysadmin') as Client;
    for (const { status } of [
      await county.send('POST', '/api/filters', { name: '\u0000', question: {} }),
      await county.send('POST', '/api/filters', { name: '我的', question: { delivery: 99_999_999_999 } }),
      await county.send('POST', '/api/people/99999999999999999999/reveal', { reason: '核对' }),
      await county.send('POST', '/api/deliveries/99999999999/undo-preview'),
      await sysadmin.send('PATCH', '/api/accounts/99999999999', { name: '某' }),
      await sysadmin.send('POST', '/api/accounts', {
        login: 'odd',
        name: '某\u0000',
        role: 'reader',
        region: COUNTY,
      }),
      await county.send('PUT', '/api/forms/own/x%00', {}),
    ]) {
      expect(status).toBe(400);
    }
    const sent = await county.upload('/api/uploads', [{ name: '死\u0000亡.csv', content: '身份证号码\n' }]);
    expect(sent.status).not.toBe(500);
  });
});
