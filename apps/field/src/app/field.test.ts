import { PHONE_PEOPLE } from '@quanbao/domain/survey/devices';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { memoryShelf } from '../store/memory.ts';
import { dayAt, type Pack } from '../survey/list.ts';
import { Field, STORAGE_WORDS } from './field.ts';

/** As long as a busy machine may take. */
const arrives = (seen: () => void) => vi.waitFor(seen, 30_000);

const PIN = '274918';
const DAY = 86_400_000;
const CURVE = { name: 'ECDH', namedCurve: 'P-256' };
const county = await crypto.subtle.generateKey(CURVE, true, ['deriveBits']);
const publicHalf = new Uint8Array(await crypto.subtle.exportKey('raw', county.publicKey));
const outbox = {
  county: '430981',
  key: 1,
  public: btoa(String.fromCharCode(...publicHalf)),
  pass: 'pass',
};
const bytesOf = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

const opened: Field[] = [];
function fieldOn(shelf: ConstructorParameters<typeof Field>[0]): Field {
  const field = new Field(shelf);
  opened.push(field);
  return field;
}

/** As the county opens it. */
async function openedFile(blob: Blob) {
  const file = new Uint8Array(await blob.arrayBuffer());
  const textOf = (part: Uint8Array): string => new TextDecoder().decode(part);
  const end = file.indexOf(10);
  const head = JSON.parse(textOf(file.subarray(0, end))) as Record<string, string>;
  expect(head).toMatchObject({ format: 'quanbao-outbox', version: 2, county: '430981', key: 1 });
  const theirs = bytesOf(head.ephemeral as string);
  const { subtle } = crypto;
  const shared = await subtle.deriveBits(
    { name: 'ECDH', public: await subtle.importKey('raw', theirs, CURVE, false, []) },
    county.privateKey,
    256,
  );
  const key = await subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: theirs, info: new TextEncoder().encode('quanbao outbox') },
    await subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']),
    { name: 'AES-GCM', length: 256 },
    false,
    ['decrypt'],
  );
  const how = { name: 'AES-GCM', iv: bytesOf(head.iv as string), additionalData: file.slice(0, end) };
  const plain = new Uint8Array(await subtle.decrypt(how, key, file.slice(end + 1)));
  const split = plain.indexOf(10);
  const inside = JSON.parse(textOf(plain.subarray(0, split)));
  return { sealed: textOf(file), inside, rest: textOf(plain.subarray(split + 1)) };
}

/** A phone on which a worker has signed in, before a server that answers as told. */
async function phone(people = 1) {
  const asked: { path: string; body: unknown }[] = [];
  let sync = (): Response => Response.json({ results: [], wanted: [] });
  const pack: Pack = {
    village: { code: '430981006001', name: '保民村', path: '' },
    asOf: '2020-08-31',
    madeAt: '2020-08-31T01:00:00Z',
    today: '2020-08-31',
    rounds: [],
    keepDays: 14,
    people: Array.from({ length: people }, () => ({ person: 1 }) as Pack['people'][number]),
    outbox,
  };
  vi.stubGlobal('navigator', { locks: { request: (_: string, work: () => Promise<unknown>) => work() } });
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    asked.push({ path, body: init.body === undefined ? undefined : JSON.parse(String(init.body)) });
    if (path.startsWith('/api/field/pack')) return Response.json(pack);
    if (path.startsWith('/api/field/sync')) return sync();
    return Response.json({
      account: { login: 'village', name: '某某', region: { path: '保民村' }, mustChange: false },
      permissions: ['visits.write'],
      csrf: 'x',
    });
  });
  const shelf = memoryShelf();
  const field = fieldOn(shelf);
  await field.start();
  await field.signIn({ login: 'village', password: 'x' });
  await field.setPin(PIN);
  const quiet = () => arrives(() => expect(field.view.line).not.toBe('sending'));
  const syncs = () => asked.filter(({ path }) => path === '/api/field/sync').map(({ body }) => body);
  return {
    field,
    shelf,
    asked,
    quiet,
    syncs,
    answerSync: (next: () => Response) => {
      sync = next;
    },
  };
}
const answer = {
  command: '00000000-0000-4000-8000-000000000001',
  person: 1,
  madeAt: '2020-08-31T08:00:00Z',
  way: 'visit',
  answer: 'willing',
} as const;

describe('the app on a phone', () => {
  afterEach(() => {
    // One that waits to send again waits no longer.
    for (const field of opened.splice(0)) field.lock();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it('wipes its lists after fourteen days without contact, not before; what was not sent stays', async () => {
    const { field, shelf } = await phone();
    await field.download(['430981006001'], () => undefined);
    await field.outbox?.save({ command: answer, missing: [], pictures: [] });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 14 * DAY - 60_000 });
    const early = fieldOn(shelf);
    await early.start();
    expect([early.view.notice, (await shelf.all('villages')).length]).toEqual(['', 1]);
    vi.setSystemTime(Date.now() + 2 * 60_000);
    // A clock that was set back gives no more time.
    await fieldOn(shelf).start();
    expect(await shelf.all('villages')).toEqual([]);
    expect(await shelf.all('outbox')).toHaveLength(1);
    const late = fieldOn(shelf);
    await late.start();
    expect(await late.unlock(PIN)).toBeUndefined();
    expect(late.view.entries).toMatchObject([{ state: 'waiting', command: answer }]);
    // And still leaves the phone as a file: the key has outlived the lists.
    expect((await late.exported()).size).toBeGreaterThan(300);
  });

  it('wipes them on a phone that was never closed, too: when it is looked at or unlocked again, numbers called as well', async () => {
    const { field, shelf, answerSync, quiet } = await phone();
    answerSync(() => {
      throw new TypeError('offline');
    });
    const bytes = new TextEncoder().encode('a picture') as Uint8Array<ArrayBuffer>;
    await field.outbox?.save({ command: answer, missing: [], pictures: [{ digest: 'd', bytes }] });
    const call = { person: 1, at: answer.madeAt, way: '电话', number: '13800000000' } as const;
    const left = async () =>
      Promise.all(
        (['villages', 'attempts', 'outbox', 'media'] as const).map(async (s) => (await shelf.all(s)).length),
      );
    const asKept = async (): Promise<void> => {
      await field.download(['430981006001'], () => undefined);
      await field.outbox?.tried(call);
      await field.refresh();
      expect(await left()).toEqual([1, 1, 1, 1]);
    };
    await asKept();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 14 * DAY - 60_000 });
    await field.seenAgain();
    await quiet();
    expect([field.view.packs.length, await left()]).toEqual([1, [1, 1, 1, 1]]);
    vi.setSystemTime(Date.now() + 2 * 60_000);
    await field.seenAgain();
    expect([field.view.packs, field.view.attempts, await left()]).toEqual([[], [], [0, 0, 1, 1]]);
    // The page that is open stays open: what is being written there is not thrown away for it.
    expect(field.view.door).toBe('open');
    await quiet();

    await asKept();
    field.lock();
    vi.setSystemTime(Date.now() + 14 * DAY + 1);
    expect(await field.unlock('111111')).toBe(4);
    expect(field.view.notice).toContain('名单已从手机清除');
    expect(await left()).toEqual([0, 0, 1, 1]);
    expect(await field.unlock(PIN)).toBeUndefined();
    // Not sent yet: it can be sent or exported, though there is no list.
    expect(field.view).toMatchObject({ door: 'open', packs: [], attempts: [] });
    expect(field.view.entries).toMatchObject([{ state: 'waiting', command: answer }]);
    await quiet();
  });

  it('says it when its storage fails, and goes on when that is over', async () => {
    const { field, shelf, quiet, syncs } = await phone();
    await field.download(['430981006001'], () => undefined);
    shelf.killAfter(0);
    await field.seenAgain();
    expect(field.view).toMatchObject({ line: 'broken', notice: STORAGE_WORDS });
    // What may be too old is not sent before that is known.
    expect(syncs()).toEqual([]);
    field.send();
    await arrives(() => expect(syncs()).toHaveLength(1));
    await quiet();
    expect(field.view.line).toBe('broken');
    expect(field.view.packs).toHaveLength(1);
    shelf.killAfter(Number.POSITIVE_INFINITY);
    await field.seenAgain();
    await quiet();
    expect(field.view).toMatchObject({ line: 'idle', notice: '' });
  });

  it('a phone that was cut off keeps no numbers called', async () => {
    const { field, shelf, answerSync } = await phone();
    await field.download(['430981006001'], () => undefined);
    await field.outbox?.tried({ person: 1, at: answer.madeAt, way: '电话', number: '13800000000' });
    await field.outbox?.save({ command: answer, missing: [], pictures: [] });
    answerSync(() =>
      Response.json({ code: 'device.revoked', detail: '这部手机已被停用。' }, { status: 403 }),
    );
    await field.saved();
    await arrives(() => expect(field.view.line).toBe('disabled'));
    expect([field.view.attempts, await shelf.all('attempts')]).toEqual([[], []]);
    expect(await shelf.all('outbox')).toHaveLength(1);
  });

  it('takes no more than ten thousand people, says what to do, and keeps what it had', async () => {
    const { field } = await phone(PHONE_PEOPLE / 2);
    await field.download(['430981006001', '430981006001'], () => undefined);
    expect(field.view.packs).toHaveLength(2);
    const three = Array.from({ length: 3 }, () => '430981006001');
    await expect(field.download(three, () => undefined)).rejects.toThrow('15000 人');
    await expect(field.download(three, () => undefined)).rejects.toThrow('按村分给几位协办员');
    expect(field.view.packs).toHaveLength(2);
  });

  it('reports itself when it has nothing to send, once an hour, and is quiet about it offline', async () => {
    const { field, quiet, syncs, answerSync, asked } = await phone();
    await field.download(['430981006001'], () => undefined);
    expect(asked.at(-1)?.path).toMatch(/device=[0-9a-f-]{36}/);
    field.send();
    await arrives(() => expect(syncs()).toHaveLength(1));
    await quiet();
    expect(syncs()).toMatchObject([{ waiting: 0, commands: [] }]);
    field.send();
    await quiet();
    expect(syncs()).toHaveLength(1);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_001 });
    answerSync(() => {
      throw new TypeError('offline');
    });
    field.send();
    await arrives(() => expect(syncs()).toHaveLength(2));
    await quiet();
    expect(field.view).toMatchObject({ line: 'idle', notice: '' });
    answerSync(() =>
      Response.json({ code: 'device.revoked', detail: '这部手机已被停用。' }, { status: 403 }),
    );
    field.send();
    await arrives(() => expect(field.view.packs).toEqual([]));
    expect(field.view.notice).toContain('停用');
  });

  it('counts the county’s days on by its own clock, however wrong that is', async () => {
    const { field } = await phone();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2020-09-04T23:00:00+08:00') });
    await field.download(['430981006001'], () => undefined);
    const [pack] = field.view.packs;
    const on = (moment: string) => dayAt(pack as Pack, new Date(moment));
    expect([on('2020-09-04T23:30:00+08:00'), on('2020-09-05T08:00:00+08:00')]).toEqual([
      '2020-08-31',
      '2020-09-01',
    ]);
  });

  it('exports what was not sent for the county alone to read, pictures too', async () => {
    const { field, answerSync, quiet } = await phone();
    await expect(field.exported()).rejects.toThrow('更新一次名单');
    await field.download(['430981006001'], () => undefined);
    answerSync(() => {
      throw new TypeError('offline');
    });
    const bytes = new TextEncoder().encode('a picture') as Uint8Array<ArrayBuffer>;
    await field.outbox?.save({ command: answer, missing: [], pictures: [{ digest: 'd', bytes }] });
    await field.saved();
    await quiet();
    const { sealed, inside, rest } = await openedFile(await field.exported());
    expect(sealed).not.toContain('willing');
    expect(inside).toMatchObject({ login: 'village', pass: 'pass', commands: [answer], found: [] });
    expect(inside.pictures).toEqual([{ digest: 'd', bytes: bytes.length }]);
    expect(rest).toBe('a picture');
  });

  it('exports what the server sent back, too, though nothing else is left', async () => {
    const { field, answerSync, quiet } = await phone();
    await field.download(['430981006001'], () => undefined);
    answerSync(() =>
      Response.json({
        results: [
          { command: answer.command, status: 'refused', code: 'visit.person', message: '此人已迁出' },
          { command: done.command, status: 'applied', code: null, message: null },
        ],
        wanted: [],
      }),
    );
    const done = { ...answer, command: '00000000-0000-4000-8000-000000000002', person: 2 };
    for (const command of [answer, done]) await field.outbox?.save({ command, missing: [], pictures: [] });
    await field.saved();
    await quiet();
    expect(field.view.entries.map(({ state }) => state)).toEqual(['refused', 'done']);
    const { inside } = await openedFile(await field.exported());
    expect(inside.commands).toEqual([answer]);
  });

  it('tells at once what came back, and that it was given up', async () => {
    const { field, answerSync, syncs } = await phone();
    await field.download(['430981006001'], () => undefined);
    const refused = { command: answer.command, status: 'refused', code: 'visit.person', message: '已迁出' };
    answerSync(() => Response.json({ results: [refused], wanted: [] }));
    await field.outbox?.save({ command: answer, missing: [], pictures: [] });
    await field.saved();
    await arrives(() => expect(syncs()).toHaveLength(2));
    expect(syncs()).toMatchObject([
      { waiting: 0, commands: [answer] },
      { waiting: 1, oldest: answer.madeAt, commands: [] },
    ]);
    await arrives(() => expect(field.view.line).toBe('idle'));
    await field.outbox?.drop(field.view.entries[0]?.number as number);
    await field.saved();
    await arrives(() => expect(syncs()).toHaveLength(3));
    expect(syncs()[2]).toMatchObject({ waiting: 0, commands: [] });
  });
});
