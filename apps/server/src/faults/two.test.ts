import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMO_PASSWORD } from '../features/access/index.ts';
import { lockHeads, sealAndExport, verifyChain } from '../features/audit/index.ts';
import { checkInstance } from '../maintenance/check.ts';
import { type Place, registerCsv } from '../testing/command.ts';
import { engines, scopeOf } from '../testing/instance.ts';
import { openServedPlace, type Served, serveAt } from '../testing/served.ts';
import { finished } from '../testing/service.ts';

/** Two services on one database and one data directory, as while one takes over from the other. */

const COUNTY = '430981';
const scope = scopeOf(COUNTY);

describe.runIf(engines.includes('postgres'))('two services on one database', () => {
  let place: Place;
  const services: Served[] = [];
  let people: number[];

  beforeAll(async () => {
    ({ place, ofTown: people } = await openServedPlace('postgres', 300, '2020-12-31'));
    services.push(await serveAt(place));
  });
  afterAll(async () => {
    for (const served of services) if (served.child.exitCode === null) await served.end('SIGTERM');
    await place?.drop();
  });

  it('leave each other’s uploads, count an answer once, and show what the other wrote', async () => {
    const [first] = services as [Served];
    const county = await first.as('county');
    const form = new FormData();
    form.append('files', new Blob([registerCsv(0, 400)]), '九月.csv');
    const sent = await county('POST', '/api/uploads', form);
    expect(sent.status).toBe(200);
    const second = await serveAt(place);
    services.push(second);
    const trial = await county('POST', `/api/uploads/${sent.body.upload}/trial`, {
      source: 'household-register',
      asOf: '2020-12-31',
    });
    expect([trial.status, trial.body]).toEqual([200, expect.objectContaining({ job: expect.any(String) })]);
    const { state } = await finished({ get: (url) => county('GET', url) }, trial.body.job);
    expect(state).toBe('done');

    const towns = [await first.as('town'), await second.as('town')];
    const command = randomUUID();
    const body = {
      device: 'phone',
      now: new Date().toISOString(),
      waiting: 1,
      commands: [
        { command, person: people[0], madeAt: new Date().toISOString(), way: 'visit', answer: 'willing' },
      ],
    };
    for (const ask of towns) expect((await ask('GET', '/api/ledger/overview')).status).toBe(200);
    const answers = await Promise.all(towns.map((ask) => ask('POST', '/api/field/sync', body)));
    const states = answers.map((answer) => answer.body.results[0].status).sort();
    expect(states).toEqual(['applied', 'known']);
    const [one, other] = await Promise.all(towns.map((ask) => ask('GET', '/api/ledger/overview')));
    expect(other?.body).toEqual(one?.body);
  });

  it('write the heads of the trail one after the other: each line takes in the one before', async () => {
    await place.inside(async ({ db, keyring, dir }) => {
      let sealing: Promise<unknown> | undefined;
      await db.asOwner(async (tx) => {
        await lockHeads(tx);
        sealing = sealAndExport(db, COUNTY, keyring.auditKey, dir);
        expect(await Promise.race([sealing, setTimeout(500, 'waits')])).toBe('waits');
      });
      await sealing;
    });
    await place.inside(async (instance) => {
      const { keyring, dir } = instance;
      const chain = await instance.db.asOwner((tx) => verifyChain(tx, COUNTY, keyring.auditKey, dir));
      expect(chain).toMatchObject({ ok: true });
      expect((await checkInstance(instance, scope)).filter((result) => !result.ok)).toEqual([]);
    });
  });

  it('let one code of the second factor in once, though it is tried at both at the same time', async () => {
    const [first] = services as [Served];
    const county = await first.as('county');
    const { secret } = (await county('POST', '/api/session/totp', {})).body;
    const codeAt = (ms: number) =>
      new TOTP({ issuer: '全保', secret: Secret.fromBase32(secret), period: 30 }).generate({ timestamp: ms });
    const confirmed = await county('POST', '/api/session/totp/confirm', {
      code: codeAt(Date.now() - 30_000),
    });
    expect(confirmed.status).toBe(200);
    const code = codeAt(Date.now());
    const tries = services.map(({ base }) =>
      fetch(`${base}/api/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ login: 'county', password: DEMO_PASSWORD, code }),
      }),
    );
    expect((await Promise.all(tries)).map(({ status }) => status).sort()).toEqual([200, 401]);
  });
});
