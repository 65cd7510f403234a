import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifyChain } from '../features/audit/index.ts';
import { openTestInstance, type TestInstance } from '../testing/instance.ts';
import { struck } from '../testing/rounds.ts';
import { openTestService, type TestService } from '../testing/service.ts';

/** A server whose clock jumps: everything noted so far moves the other way. */

const COUNTY = '430981';

describe.each(struck)('a clock that jumps on %s', (engine) => {
  let instance: TestInstance;
  let service: TestService;
  beforeAll(async () => {
    instance = await openTestInstance(engine, { county: COUNTY });
    service = await openTestService(instance, COUNTY);
  });
  afterAll(async () => {
    await service?.close();
    await instance?.close();
  });
  beforeEach(() =>
    instance.db.asOwner((tx) => tx.query('update account set failures = 0, locked_until = null')),
  );

  /** @param by what the clock gains, such as `-3 days` */
  const jump = (by: string): Promise<unknown> =>
    instance.db.asOwner(async (tx) => {
      await tx.query(
        'update session set seen_at = seen_at - $1::interval, created_at = created_at - $1::interval',
        [by],
      );
      await tx.query('update account set locked_until = locked_until - $1::interval', [by]);
    });
  const tryWrong = async (times: number): Promise<number> => {
    let status = 0;
    for (let n = 0; n < times; n++) {
      const answer = await service.app.inject({
        method: 'POST',
        url: '/api/session',
        payload: { login: 'county', password: 'Wrong-password-1' },
        remoteAddress: `10.1.0.${n}`,
      });
      status = answer.statusCode;
    }
    return status;
  };

  it('ends sessions when it jumps ahead', async () => {
    const county = await service.as('county');
    await jump('3 days');
    expect((await county.get('/api/home')).status).toBe(401);
  });

  it('lets no session outlast its time when it is put back', async () => {
    const county = await service.as('county');
    await jump('-3 days');
    expect((await county.get('/api/home')).status).toBe(401);
    await service.as('county');
    const [left] = await instance.db.asOwner((tx) =>
      tx.query<{ n: number }>(
        `select count(*)::int as n from session where seen_at > now() + interval '1 day'`,
      ),
    );
    expect(Number(left?.n)).toBe(0);
  });

  it('bears a correction by some minutes', async () => {
    const county = await service.as('county');
    await jump('-5 minutes');
    expect((await county.get('/api/session')).status).toBe(200);
  });

  it('keeps nobody out for days when it is put back after a lock', async () => {
    expect(await tryWrong(6)).toBe(401);
    await expect(service.as('county')).rejects.toThrow('access.locked');
    await jump('-3 days');
    await service.as('county');
  });

  it('leaves the trail whole', async () => {
    await jump('-3 days');
    const chain = await instance.db.asOwner((tx) =>
      verifyChain(tx, COUNTY, instance.keyring.auditKey, instance.dir),
    );
    expect(chain.ok).toBe(true);
  });
});
