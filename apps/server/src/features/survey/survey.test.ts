import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkInstance } from '../../maintenance/check.ts';
import { engines, openTestInstance, scopeOf, type TestInstance } from '../../testing/instance.ts';
import { type Client, openTestService, type TestService } from '../../testing/service.ts';
import { COUNTY, fillSmallCounty, PLACES, SMALL_COUNTY } from '../../testing/small-county.ts';

const NOW = () => new Date().toISOString();

describe.each(engines)('visits from a phone on %s', (engine) => {
  let instance: TestInstance;
  let service: TestService;
  let county: Client;
  let village: Client;
  beforeAll(async () => {
    instance = await openTestInstance(engine, { county: COUNTY });
    await fillSmallCounty(instance);
    // A demo county lives in the days of its lists: so does this one.
    await instance.db.asOwner((tx) => tx.query(`update county set settings = '{"demo": true}'`));
    service = await openTestService(instance, COUNTY);
    county = await service.as('county');
    village = await service.as('village');
  });
  afterAll(async () => {
    await service?.close();
    await instance?.close();
  });

  const pack = async () => (await village.get(`/api/field/pack?village=${PLACES.village}`)).body;
  const waiting = async () => {
    const { people } = await pack();
    return people.find((p: { items: { kind: string }[] }) => p.items.some((i) => i.kind === 'uninsured'));
  };
  const command = (person: number, answer: string, more: object = {}) => ({
    command: randomUUID(),
    person,
    madeAt: NOW(),
    way: 'visit',
    answer,
    ...more,
  });
  const sync = async (commands: object[], client = village, now = NOW()) =>
    (await client.send('POST', '/api/field/sync', { device: 'phone-1', now, commands })).body;
  const open = async (): Promise<string[]> =>
    (await county.get(`/api/ledger?kind=uninsured&region=${PLACES.village}`)).body.items.map(
      (i: { stateTitle: string; why: string }) => `${i.stateTitle}：${i.why}`,
    );

  it('hands a village out with the least that a visit needs, and no other village', async () => {
    const { people, keepDays } = await pack();
    const own = SMALL_COUNTY.filter((p) => p.region === PLACES.village);
    expect(people.map((p: { name: string }) => p.name).sort()).toEqual(own.map((p) => p.name).sort());
    expect(keepDays).toBeGreaterThan(0);
    const text = JSON.stringify(people);
    for (const { id, phone } of own) {
      expect(text).not.toContain(id);
      expect(text).not.toContain(phone);
    }
    expect(text).not.toContain('服刑');
    expect((await village.get(`/api/field/pack?village=${PLACES.otherVillage}`)).body.code).toBe(
      'report.scope',
    );
    const { items } = (await village.get('/api/field/villages')).body;
    expect(items.map((i: { village: { code: string } }) => i.village.code)).toEqual([PLACES.village]);
  });

  it('applies an answer once, however often it is sent, and moves its item', async () => {
    const { person } = await waiting();
    const refusal = command(person, 'refuses');
    expect(await sync([refusal, refusal])).toMatchObject({
      results: [{ command: refusal.command, status: 'applied' }],
      wanted: [],
    });
    expect(await open()).toContain('待核实：名单或摸底开出');
    const again = await Promise.all([sync([refusal]), sync([refusal]), sync([refusal])]);
    for (const { results } of again) expect(results[0].status).toBe('known');
    const signed = command(person, 'refuses', { proofs: ['statement'] });
    await sync([signed]);
    expect(await open()).toContain('已落实：不愿参保，有意愿书或详细记录');
    const { answered } = (await pack()).people.find((p: { person: number }) => p.person === person);
    expect(answered).toMatchObject({ answer: 'refuses', actor: 'village' });
    const listed = (await county.get(`/api/visits?region=${PLACES.village}`)).body.items;
    expect(listed[0]).toMatchObject({ command: signed.command, answer: '不愿意参保', undone: false });
    expect((await village.send('POST', `/api/visits/${signed.command}/undo`)).status).toBe(403);
    expect((await county.send('POST', `/api/visits/${signed.command}/undo`)).body).toMatchObject({
      changed: 0,
    });
    expect((await county.send('POST', `/api/visits/${signed.command}/undo`)).body.code).toBe('visit.unknown');
    expect(await open()).not.toContain('已落实：不愿参保，有意愿书或详细记录');
  });

  it('asks attempts at contact where they are the proof, and shows when, how and the number masked', async () => {
    const { person } = await waiting();
    const settled = async () => (await open()).some((one) => one.startsWith('已落实'));
    const untried = command(person, 'separated');
    await sync([untried]);
    expect(await settled()).toBe(false);
    const at = NOW();
    const tried = command(person, 'separated', { attempts: [{ at, way: '电话', number: '13812345678' }] });
    await sync([tried]);
    expect(await settled()).toBe(true);
    const [visit] = (await county.get(`/api/visits?person=${person}`)).body.items;
    expect(visit).toMatchObject({
      details: ['联系1次'],
      attempts: [{ at, way: '电话', number: '138****5678' }],
    });
    // 附件3 carries reason and proof (Y10.4).
    expect(
      JSON.stringify((await county.get(`/api/forms/annex3/lines?region=${PLACES.village}`)).body),
    ).toContain('人户分离；联系1次；');
    // At his door counts like on the telephone: of these two make 联系不上.
    const door = { at, way: '上门' };
    const unmet = command(person, 'unreachable', {
      attempts: [door, { at, way: '电话', number: '13812345678' }],
    });
    await sync([unmet]);
    expect(await settled()).toBe(true);
    const [last] = (await county.get(`/api/visits?person=${person}`)).body.items;
    expect(last.attempts).toEqual([
      { ...door, number: '' },
      { at, way: '电话', number: '138****5678' },
    ]);
    for (const one of [unmet, tried, untried]) await county.send('POST', `/api/visits/${one.command}/undo`);
    // The office writes one attempt down with its day and way.
    const desk = {
      command: randomUUID(),
      person,
      way: 'call',
      day: (await county.get('/api/home')).body.asOf,
      answer: 'separated',
    };
    expect((await county.send('POST', '/api/visits', desk)).status).toBe(200);
    expect(await settled()).toBe(true);
    await county.send('POST', `/api/visits/${desk.command}/undo`);
  });

  it('is listed among the deliveries only where the survey itself is asked for', async () => {
    const senders = async (query: string): Promise<string[]> =>
      (await county.get(`/api/deliveries${query}`)).body.items.map((d: { sender: string }) => d.sender);
    expect(await senders('?source=survey-workbook')).toContain('走访·village');
    expect(await senders('')).not.toContain('走访·village');
    const { arrivals } = (await county.get('/api/home')).body;
    expect(arrivals.map((a: { sender: string }) => a.sender)).not.toContain('走访·village');
  });

  it('refuses one by one in words, and holds up none of the rest', async () => {
    const { person } = await waiting();
    const others = (await county.get(`/api/people?region=${PLACES.otherVillage}`)).body.items;
    const wrong = [
      command(others[0].person, 'willing'),
      command(person, 'flies'),
      command(person, 'alive', { remark: `号码 ${SMALL_COUNTY[0]?.id}` }),
      command(person, 'willing', { village: '430981999999' }),
      command(person, 'willing', { phone: '12' }),
      command(person, 'willing', { madeAt: '2001-01-01T00:00:00Z' }),
    ];
    const good = command(person, 'alive', { remark: '在家务农' });
    const { results } = await sync([...wrong, good]);
    expect(results.map((r: { code: string | null }) => r.code)).toEqual([
      'visit.person',
      'visit.answer',
      'visit.id-number',
      'visit.village',
      'visit.phone',
      'visit.moment',
      null,
    ]);
    expect(
      results.every((r: { message: string | null; status: string }) => r.status !== 'refused' || r.message),
    ).toBe(true);
    expect(results.at(-1).status).toBe('applied');
  });

  it('sets a clock right that goes wrong by days, by the moment of sending', async () => {
    const { person } = await waiting();
    const ahead = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();
    const late = command(person, 'alive', { madeAt: ahead(5) });
    await sync([late], village, ahead(6));
    const [row] = await instance.db.asOwner((tx) =>
      tx.query<{ visited_on: string; latest: string }>(
        'select visited_on, (select latest_day from county) as latest from visit where command = $1::uuid',
        [late.command],
      ),
    );
    expect(Date.parse(row?.latest as string) - Date.parse(row?.visited_on as string)).toBe(86_400_000);
  });

  it('takes a photograph in pieces, goes on where it stopped, and checks it whole', async () => {
    const photo = Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(150_000, 7)]);
    const digest = createHash('sha256').update(photo).digest('hex');
    const { person } = await waiting();
    const { wanted } = await sync([command(person, 'alive', { media: [digest] })]);
    expect(wanted).toEqual([digest]);
    const piece = (offset: number, size: number) =>
      village.send('POST', `/api/field/media/${digest}`, {
        offset,
        total: photo.length,
        base64: photo.subarray(offset, offset + size).toString('base64'),
      });
    expect((await piece(0, 60_000)).body).toEqual({ received: 60_000, complete: false });
    expect((await piece(0, 60_000)).body).toEqual({ received: 60_000, complete: false });
    expect((await piece(120_000, 10)).body).toEqual({ received: 60_000, complete: false });
    expect((await village.get(`/api/field/media/${digest}`)).body).toEqual({
      received: 60_000,
      complete: false,
    });
    await piece(60_000, 60_000);
    expect((await piece(120_000, 60_000)).body).toEqual({ received: photo.length, complete: true });
    const [{ stored }] = (await instance.db.asOwner((tx) =>
      tx.query('select stored from media where digest = $1', [digest]),
    )) as [{ stored: string }];
    const chunks: Buffer[] = [];
    for await (const chunk of instance.files.open(stored)) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).equals(photo)).toBe(true);
    const bad = await village.send('POST', `/api/field/media/${'0'.repeat(64)}`, {
      offset: 0,
      total: 4,
      base64: Buffer.from('ffd8ffe0', 'hex').toString('base64'),
    });
    expect(bad.body.code).toBe('media.digest');
  });

  it('agrees with the check after all this', async () => {
    const wrong = (await checkInstance(instance, scopeOf(COUNTY))).filter((check) => !check.ok);
    expect(wrong).toEqual([]);
  });
});
