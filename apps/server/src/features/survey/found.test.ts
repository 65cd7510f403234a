import { createCipheriv, createECDH, createHash, hkdfSync, randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkInstance } from '../../maintenance/check.ts';
import { inventedId } from '../../testing/command.ts';
import { engines, openTestInstance, scopeOf, type TestInstance } from '../../testing/instance.ts';
import { type Client, openTestService, type TestService } from '../../testing/service.ts';
import { COUNTY, fillSmallCounty, PLACES, SMALL_COUNTY } from '../../testing/small-county.ts';

const NOW = () => new Date().toISOString();
const PHOTO = Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(5_000, 7)]);
const DIGEST = createHash('sha256').update(PHOTO).digest('hex');

describe.each(engines)('people found at doors, and outboxes that come as files, on %s', (engine) => {
  let instance: TestInstance;
  let service: TestService;
  let county: Client;
  let town: Client;
  let village: Client;
  beforeAll(async () => {
    instance = await openTestInstance(engine, { county: COUNTY });
    await fillSmallCounty(instance);
    await instance.db.asOwner((tx) => tx.query(`update county set settings = '{"demo": true}'`));
    service = await openTestService(instance, COUNTY);
    county = await service.as('county');
    town = await service.as('town');
    village = await service.as('village');
  });
  afterAll(async () => {
    await service?.close();
    await instance?.close();
  });

  const found = (given: object, more: object = {}) => ({
    command: randomUUID(),
    madeAt: NOW(),
    way: 'visit',
    answer: 'willing',
    found: { name: '符谷雨', village: PLACES.village, address: '3组9号', relation: '子女', ...given },
    ...more,
  });
  const sync = async (orders: object[], client = village, device = 'phone-1') =>
    (await client.send('POST', '/api/field/sync', { device, now: NOW(), commands: [], found: orders })).body;
  const queue = async (client = town, query = '') => (await client.get(`/api/found?${query}`)).body;
  const waiting = async (name: string) =>
    (await queue()).items.find((one: { name: string; state: string }) => one.name === name);
  /** 附件4 of the whole county, and 附件5. */
  const forms = async (): Promise<string> => {
    const [four, five] = [await county.get('/api/forms/annex4'), await county.get('/api/forms/annex5')];
    expect([four.status, five.status]).toEqual([200, 200]);
    return JSON.stringify([four.body, five.body]);
  };
  const answersOf = async (name: string): Promise<string[]> =>
    (await county.get('/api/visits?limit=100')).body.items
      .filter((one: { name: string; undone: boolean }) => one.name === name && !one.undone)
      .map((one: { answer: string }) => one.answer);

  it('whom the register lists anywhere in the county is visited there; both places are told', async () => {
    const [, , , , , , other] = SMALL_COUNTY;
    const before = (await county.get('/api/notices')).body.open;
    const order = found({ name: other?.name, id: other?.id.toLowerCase(), phone: '138 0000-1234' });
    const first = await sync([order, order]);
    expect(first.results).toEqual([
      { command: order.command, status: 'applied', code: null, message: expect.stringContaining('名单上') },
    ]);
    expect(first.results[0].message).not.toContain(other?.id as string);
    const again = await Promise.all([sync([order]), sync([order])]);
    expect(again.map(({ results }) => results[0].status)).toEqual(['known', 'known']);
    expect(again[0].results[0].message).toBe(first.results[0].message);
    expect(await answersOf(other?.name as string)).toEqual(['愿意参保']);
    const [visit] = (await county.get(`/api/visits?region=${PLACES.otherVillage}`)).body.items;
    expect(visit.region.code).toBe(PLACES.otherVillage);
    const { open, items } = (await county.get('/api/notices')).body;
    expect(open).toBeGreaterThanOrEqual(before + 2);
    const told = items.filter((one: { kind: string }) => one.kind === 'found');
    expect(told.map((one: { region: { code: string } }) => one.region.code).sort()).toEqual([
      PLACES.village,
      PLACES.otherVillage,
    ]);
    expect(told[0]).toMatchObject({ title: '新发现人员', opened: 1, closed: 0 });
    // The town sees that he was found, not whose page is another's.
    expect(await waiting(other?.name as string)).toMatchObject({ state: 'listed', person: null });
    // Taken back like any visit: he waits for the town.
    await county.send('POST', `/api/visits/${order.command}/undo`);
    expect(await waiting(other?.name as string)).toMatchObject({ state: 'open', listed: expect.any(String) });
    await town.send('POST', `/api/found/${order.command}/enter`, {});
    expect(await answersOf(other?.name as string)).toEqual(['愿意参保']);
  });

  it('whom nobody knows waits; entered he is evidence and in no form until the police list names him', async () => {
    const id = inventedId(900);
    const before = await forms();
    const order = found({ id }, { answer: 'alive', reason: { text: '随儿子迁入' } });
    expect((await sync([order])).results[0].message).toContain('没有这个号码');
    expect(await waiting('符谷雨')).toMatchObject({
      state: 'open',
      id: `${id.slice(0, 6)}********${id.slice(-4)}`,
      address: '3组9号',
      listed: null,
      same: 0,
    });
    expect(JSON.stringify(await queue())).not.toContain(id);
    expect((await village.send('POST', `/api/found/${order.command}/enter`, {})).status).toBe(403);
    const entered = await town.send('POST', `/api/found/${order.command}/enter`, {});
    expect(entered.body.message).toContain('不计入户籍人口');
    expect((await town.send('POST', `/api/found/${order.command}/enter`, {})).body.code).toBe('found.done');
    expect(await waiting('符谷雨')).toMatchObject({ state: 'entered', person: expect.any(Number) });
    expect(await answersOf('符谷雨')).toEqual(['在世，其他情况']);
    expect((await sync([order])).results[0].status).toBe('known');
    expect(await answersOf('符谷雨')).toHaveLength(1);
    expect(await forms()).toBe(before);
    await town.send('POST', `/api/found/${order.command}/undo`);
    expect(await answersOf('符谷雨')).toEqual([]);
    expect(await waiting('符谷雨')).toMatchObject({ state: 'open', person: null });
    await town.send('POST', `/api/found/${order.command}/enter`, {});
    expect(await answersOf('符谷雨')).toHaveLength(1);
    // The police list names him: he is in V, and what he answered is there already.
    await fillSmallCounty(instance, [
      ...SMALL_COUNTY,
      { id, name: '符谷雨', region: PLACES.village, household: 'H01', phone: '13800009999' },
    ]);
    expect(await forms()).not.toBe(before);
    const { people } = (await village.get(`/api/field/pack?village=${PLACES.village}`)).body;
    expect(people.find((one: { name: string }) => one.name === '符谷雨').answered).toMatchObject({
      answer: 'alive',
    });
  });

  it('without a number he waits until somebody fills it in, or is set aside with a reason', async () => {
    const order = found({ name: '麦芒种', birth: '1965-03', sex: 'female' });
    expect((await sync([order])).results[0].message).toContain('证件号不详');
    const enter = (body: object) => town.send('POST', `/api/found/${order.command}/enter`, body);
    expect((await enter({})).body.code).toBe('found.id');
    expect((await enter({ id: '430981196503030011' })).body.code).toBe('found.id');
    const aside = (reason: string) => town.send('POST', `/api/found/${order.command}/aside`, { reason });
    expect((await aside(' ')).body.code).toBe('found.reason');
    expect((await aside('外县户籍，已转当地')).status).toBe(200);
    expect(await waiting('麦芒种')).toMatchObject({ state: 'aside', reason: '外县户籍，已转当地' });
    expect((await town.send('POST', `/api/found/${order.command}/undo`)).status).toBe(200);
    expect((await enter({ id: inventedId(901) })).status).toBe(200);
    expect(await waiting('麦芒种')).toMatchObject({ state: 'entered' });
  });

  it('a correction counts in place of what it corrects, whichever comes first', async () => {
    const wrong = found({ name: '石惊蛰', id: inventedId(902) });
    await sync([wrong]);
    const right = found({ name: '石惊蛰', id: SMALL_COUNTY[2]?.id }, { instead: wrong.command });
    expect((await sync([right])).results[0].message).toContain('名单上');
    expect((await queue()).items.filter((one: { name: string }) => one.name === '石惊蛰')).toHaveLength(1);
    const early = found({ name: '石小暑', birth: '1960-01', sex: 'male' });
    const late = { ...early, command: randomUUID(), instead: early.command };
    await sync([late]);
    expect((await sync([early])).results[0].status).toBe('known');
    expect((await queue()).items.filter((one: { name: string }) => one.name === '石小暑')).toHaveLength(1);
    // A visit that a wrong number brought somebody else goes with it.
    const again = found({ name: '石惊蛰', id: inventedId(902) }, { instead: right.command });
    await sync([again]);
    expect(await answersOf(SMALL_COUNTY[2]?.name as string)).toEqual([]);
  });

  it('is refused in words, one by one', async () => {
    const { results } = await sync([
      found({ id: '430981196001020018' }),
      found({ id: inventedId(903), village: PLACES.otherVillage }),
      found({ birth: '', sex: 'male' }),
      found({ id: inventedId(903), address: `住${inventedId(904)}` }),
      found({ id: inventedId(903) }, { answer: 'flies' }),
    ]);
    expect(results.map((one: { code: string }) => one.code)).toEqual([
      'found.given',
      'found.village',
      'found.given',
      'found.given',
      'visit.answer',
    ]);
    expect(results.every((one: { message: string }) => /[\u4e00-\u9fff]/.test(one.message))).toBe(true);
  });

  /** As a phone writes it, by the words of the format alone. */
  const sealed = async (inside: object, change: { county?: string; device?: string } = {}) => {
    const device = change.device ?? 'phone-2';
    const { outbox } = (await village.get(`/api/field/pack?village=${PLACES.village}&device=phone-2`)).body;
    const pair = createECDH('prime256v1');
    const ephemeral = pair.generateKeys();
    const key = hkdfSync(
      'sha256',
      pair.computeSecret(Buffer.from(outbox.public, 'base64')),
      ephemeral,
      'quanbao outbox',
      32,
    );
    const iv = randomBytes(12);
    const line = Buffer.from(
      JSON.stringify({
        format: 'quanbao-outbox',
        version: 2,
        county: change.county ?? outbox.county,
        key: outbox.key,
        ephemeral: ephemeral.toString('base64'),
        iv: iv.toString('base64'),
      }),
    );
    const cipher = createCipheriv('aes-256-gcm', Buffer.from(key), iv).setAAD(line);
    const body = { device, login: 'village', pass: outbox.pass, madeAt: NOW(), ...inside };
    const plain = [
      Buffer.from(
        `${JSON.stringify({ commands: [], found: [], pictures: [{ digest: DIGEST, bytes: PHOTO.length }], ...body })}\n`,
      ),
      PHOTO,
    ];
    return Buffer.concat([
      line,
      Buffer.from('\n'),
      cipher.update(Buffer.concat(plain)),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
  };
  const take = async (content: Buffer, client = town) =>
    (await client.upload('/api/devices/outbox', [{ name: '全保入户-未上报.outbox', content }])).body;

  it('takes an exported outbox once, and nothing twice when the phone sends it after all', async () => {
    const { people } = (await village.get(`/api/field/pack?village=${PLACES.village}`)).body;
    const at = new Date(Date.now() - 5 * 86_400_000).toISOString();
    const answer = {
      command: randomUUID(),
      person: people[1].person,
      madeAt: at,
      way: 'visit',
      answer: 'refuses',
      media: [DIGEST],
    };
    const bad = { ...answer, command: randomUUID(), person: 999_999 };
    const stranger = found({ name: '牛夏至', id: inventedId(905) }, { media: [DIGEST] });
    const file = await sealed({ commands: [answer, bad], found: [stranger] });
    expect(file.toString('latin1')).not.toContain('refuses');
    // The phone had said that it holds these three, the picture, and one that it wrote after the file.
    const report = { device: 'phone-2', now: NOW(), waiting: 5, oldest: at, commands: [] };
    expect((await village.send('POST', '/api/field/sync', report)).status).toBe(200);
    const held = async () =>
      (await county.get('/api/devices')).body.items.find(
        (one: { device: string }) => one.device === 'phone-2',
      );
    const taken = await take(file);
    expect(taken).toMatchObject({ actor: 'village', device: 'phone-2', applied: 2, known: 0, pictures: 1 });
    expect(taken.refused).toMatchObject([{ answer: '不愿意参保', message: expect.stringContaining('名单') }]);
    expect(await held()).toMatchObject({ waiting: 2, waitingSince: expect.stringMatching(/^20/) });
    expect(await take(file)).toMatchObject({ applied: 0, known: 2, pictures: 0 });
    expect((await held()).waiting).toBe(2);
    // His picture is looked at while he waits, by those who see him.
    const picture = (client: Client, no = 1) => client.get(`/api/found/${stranger.command}/pictures/${no}`);
    expect(await waiting('牛夏至')).toMatchObject({ state: 'open', pictures: 1 });
    const shown = await picture(town);
    expect(shown.headers['content-type']).toBe('image/jpeg');
    expect(PHOTO.equals(shown.body)).toBe(true);
    expect((await picture(town, 2)).body.code).toBe('visit.picture');
    const looks = await instance.db.asOwner((tx) =>
      tx.query(`select actor, region from audit_event where act = 'found.picture'`),
    );
    expect(looks).toEqual([{ actor: 'town', region: PLACES.village }]);
    const sent = await village.send('POST', '/api/field/sync', {
      device: 'phone-2',
      now: NOW(),
      commands: [answer],
      found: [stranger],
    });
    expect(sent.body.results.map((one: { status: string }) => one.status)).toEqual(['known', 'known']);
    expect(sent.body.wanted).toEqual([]);
    expect(await held()).toMatchObject({ waiting: 0, waitingSince: null });
    // Of a phone that had reported less than the file holds, what came back is what is left.
    const more = [answer, bad].map((one) => ({ ...one, command: randomUUID(), media: [] }));
    await village.send('POST', '/api/field/sync', { ...report, waiting: 1 });
    expect(await take(await sealed({ commands: more }))).toMatchObject({ applied: 1 });
    expect((await held()).waiting).toBe(1);
    await county.send('POST', `/api/visits/${more[0]?.command}/undo`);
    expect(await answersOf(people[1].name)).toEqual(['不愿意参保']);
    // The file lay for five days: the visit's day is its own.
    const [visit] = await instance.db.asOwner((tx) =>
      tx.query<{ days: number }>(
        `select (select latest_day from county)::date - visited_on::date as days from visit where command = $1::uuid`,
        [answer.command],
      ),
    );
    expect(Number(visit?.days)).toBe(5);
  });

  it('refuses other files in words: county, damage, device, account, place, a phone that was cut off', async () => {
    const codeOf = async (file: Buffer, client = town): Promise<string> => (await take(file, client)).code;
    const good = await sealed({});
    expect(await codeOf(Buffer.from('{"commands":[]}\n'))).toBe('outbox.format');
    expect(await codeOf(await sealed({}, { county: '450324' }))).toBe('outbox.county');
    const cut = good.subarray(0, good.length - 9);
    const flipped = Buffer.from(good);
    flipped[good.length - 40] = (flipped[good.length - 40] as number) ^ 1;
    expect([await codeOf(cut), await codeOf(flipped)]).toEqual(['outbox.damaged', 'outbox.damaged']);
    expect(await codeOf(await sealed({}, { device: 'phone-3' }))).toBe('outbox.device');
    expect(await codeOf(await sealed({ login: 'town' }))).toBe('outbox.device');
    expect(await codeOf(good, village)).toBe('access.forbidden');
    const cutOff = (revoked: boolean) =>
      town.send('POST', '/api/devices/revoked', { device: 'phone-2', actor: 'village', revoked });
    expect((await cutOff(true)).status).toBe(200);
    expect(await codeOf(good)).toBe('device.revoked');
    const sent = await village.send('POST', '/api/field/sync', {
      device: 'phone-2',
      now: NOW(),
      commands: [],
    });
    expect([sent.status, sent.body.code]).toEqual([403, 'device.revoked']);
    expect((await village.get(`/api/field/pack?village=${PLACES.village}&device=phone-2`)).body.code).toBe(
      'device.revoked',
    );
    await cutOff(false);
    expect(await take(good)).toMatchObject({ applied: 0, refused: [] });
    instance.keyring.rotateFileKey();
    // Sealed for the key of before: it is kept to read.
    expect(await take(good)).toMatchObject({ applied: 0 });
    expect((await take(await sealed({}))).refused).toEqual([]);
  });

  it('hears of a phone that has nothing to send, when it fetches its list and when it reports', async () => {
    const seen = async () =>
      (await county.get('/api/devices')).body.items.find((one: { device: string }) => one.device === 'quiet');
    await village.get(`/api/field/pack?village=${PLACES.village}&device=quiet`);
    expect(await seen()).toMatchObject({ waiting: 0, actor: 'village', revoked: null });
    const age = () =>
      instance.db.asOwner((tx) =>
        tx.query(`update device set seen_at = now() - interval '9 days', waiting = 3 where device = 'quiet'`),
      );
    await age();
    await village.get(`/api/field/pack?village=${PLACES.village}&device=quiet`);
    expect(Date.now() - Date.parse((await seen()).seenAt)).toBeLessThan(60_000);
    // What it held it has not said anew.
    expect((await seen()).waiting).toBe(3);
    await age();
    await sync([], village, 'quiet');
    expect(Date.now() - Date.parse((await seen()).seenAt)).toBeLessThan(60_000);
    expect((await seen()).waiting).toBe(0);
  });

  it('hands no list of more than ten thousand to a phone, and says what to do', async () => {
    const many = 10_001;
    await instance.db.asOwner((tx) =>
      tx.query(
        `insert into step (county, person_no, from_day, to_day, region, class, delivery, row_no)
         select s.county, 5000000 + n, s.from_day, s.to_day, s.region, s.class, s.delivery, s.row_no
         from (select * from step where region = $1 order by to_day desc limit 1) s, generate_series(1, ${many}) n`,
        [PLACES.neighbour],
      ),
    );
    const { body } = await town.get(`/api/field/pack?village=${PLACES.neighbour}&device=phone-1`);
    await instance.db.asOwner((tx) => tx.query('delete from step where person_no > 5000000'));
    expect(body.code).toBe('field.too-many');
    expect(body.detail).toContain('按组分给');
  });

  it('agrees with the check after all this', async () => {
    expect((await checkInstance(instance, scopeOf(COUNTY))).filter((check) => !check.ok)).toEqual([]);
  });
});
