import type { Route } from '@quanbao/contract/route';
import { ROUTES } from '@quanbao/contract/routes';
import { isAllowed, type Permission, type Role } from '@quanbao/domain/access/roles';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestInstance, type TestInstance } from '../testing/instance.ts';
import { type Client, openTestService, type TestService } from '../testing/service.ts';
import { COUNTY, fillSmallCounty } from '../testing/small-county.ts';
import { fitting, odd } from './values.ts';

/**
 * What nobody sends on purpose to every route that changes something, made from its schema: a body that fits, with one
 * place spoilt. It may be refused in any way but as a fault of the program.
 */

/** These end the session that asks, close accounts or take a minute; they are tested where they belong. */
const LEFT_OUT = [
  'DELETE /api/session',
  'POST /api/session/password',
  'POST /api/keys/rotation',
  'POST /api/backups',
  'PATCH /api/accounts/:account',
  'POST /api/accounts/:account/password',
];
const BODIES = Number(process.env.QUANBAO_FUZZ ?? 6);
const LOGINS: readonly (readonly [string, Role])[] = [
  ['county', 'county'],
  ['town', 'town'],
  ['sysadmin', 'system-admin'],
  ['secadmin', 'security-admin'],
  ['auditor', 'audit-admin'],
];

describe('bodies that nobody meant', () => {
  let instance: TestInstance;
  let service: TestService;
  const clients = new Map<string, Client>();
  beforeAll(async () => {
    instance = await openTestInstance('pglite', { county: COUNTY });
    await fillSmallCounty(instance);
    service = await openTestService(instance, COUNTY);
    for (const [login] of LOGINS) clients.set(login, await service.as(login));
  });
  afterAll(async () => {
    await service?.close();
    await instance?.close();
  });

  const routes = ROUTES.filter(
    (route) => route.method !== 'GET' && !LEFT_OUT.includes(`${route.method} ${route.url}`),
  );

  function askers(route: Route): Client[] {
    const may = LOGINS.filter(
      ([, role]) =>
        ['public', 'signed-in'].includes(route.needs) || isAllowed(role, route.needs as Permission),
    );
    return may.slice(0, 2).map(([login]) => clients.get(login) as Client);
  }

  it('are no fault of the program, wherever they are sent', async () => {
    const faults: string[] = [];
    let sent = 0;
    for (const route of routes) {
      const url = route.url
        .replace(/:(upload|job|command)/, '00000000-0000-4000-8000-000000000000')
        .replace(/:\w+/g, '1');
      const bodies = fc.sample(
        route.body === undefined ? fc.constant(undefined) : odd(fitting(route.body)),
        route.body === undefined ? 1 : BODIES,
      );
      for (const client of askers(route)) {
        for (const body of bodies) {
          const { status, body: told } = await client.send(route.method as 'POST', url, body);
          sent++;
          if (status >= 500)
            faults.push(`${route.method} ${url} ${JSON.stringify(body)?.slice(0, 300)}: ${status}`);
          if (/\d{17}/.test(JSON.stringify(told?.detail ?? '')))
            faults.push(`${url}: a number in the message`);
        }
      }
    }
    expect(faults).toEqual([]);
    expect(sent).toBeGreaterThan(routes.length);
  }, 600_000);

  it('are no fault before anybody is known', async () => {
    const faults: string[] = [];
    for (const body of fc.sample(
      odd(
        fc.record({
          login: fc.string({ maxLength: 40 }),
          password: fc.string({ maxLength: 80 }),
          code: fc.string(),
        }),
      ),
      30,
    )) {
      const answer = await service.app.inject({
        method: 'POST',
        url: '/api/session',
        payload: body as object,
      });
      if (answer.statusCode >= 500) faults.push(`${JSON.stringify(body)}: ${answer.statusCode}`);
    }
    expect(faults).toEqual([]);
  });
});
