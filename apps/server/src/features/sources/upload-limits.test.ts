import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Limits } from '../../http/limits.ts';
import { inventedId } from '../../testing/command.ts';
import { engines, openTestInstance, type TestInstance } from '../../testing/instance.ts';
import { type Client, openTestService, type TestService } from '../../testing/service.ts';

const COUNTY = '430981';
const KB = 1024;
const LIMITS: Limits = {
  files: 3,
  fileBytes: 100 * KB,
  uploadBytes: 150 * KB,
  kept: 5,
  keptBytes: 400 * KB,
  waitMs: 0,
};

describe.each(engines)('uploads that are too much on %s', (engine) => {
  let instance: TestInstance;
  let service: TestService;
  let county: Client;
  /** Every receipt waits until it is told to go on. */
  let goOn: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const aside = async () => {
    await held;
    throw new Error('held');
  };
  beforeAll(async () => {
    instance = await openTestInstance(engine, { county: COUNTY });
    service = await openTestService(instance, COUNTY, aside as never, LIMITS);
    county = await service.as('county');
  });
  afterAll(async () => {
    goOn();
    await service?.close();
    await instance?.close();
  });

  /** A list of about so many bytes; no two are alike. */
  let made = 0;
  const file = (bytes: number) => {
    const head = `身份证号码,姓名,死亡日期\n${inventedId(1)},人${++made},2020-09-01\n`;
    const line = `,${'空'.repeat(30)},\n`;
    const lines = Math.ceil((bytes - Buffer.byteLength(head)) / Buffer.byteLength(line));
    return { name: `死亡${made}.csv`, content: head + line.repeat(Math.max(0, lines)) };
  };
  const send = (...sizes: number[]) => county.upload('/api/uploads', sizes.map(file));
  const rooms = async (): Promise<string[]> =>
    readdir(join(instance.dir, 'uploads')).catch(() => [] as string[]);
  const isKept = async (upload: string): Promise<boolean> => (await rooms()).includes(upload);

  it('refuses a file, a number of files and a sum of bytes beyond the limits, and keeps nothing of them', async () => {
    const before = await rooms();
    const tooLarge = await send(101 * KB);
    expect([tooLarge.status, tooLarge.body.code]).toEqual([413, 'upload.too-large']);
    const tooMany = await send(KB, KB, KB, KB);
    expect([tooMany.status, tooMany.body.code]).toEqual([413, 'request.too-many']);
    const total = await send(60 * KB, 60 * KB, 60 * KB);
    expect([total.status, total.body.code]).toEqual([413, 'upload.total']);
    expect(await rooms()).toEqual(before);
    expect((await send(60 * KB, 60 * KB)).status).toBe(200);
  });

  it('counts what comes and not what was said to come', async () => {
    const boundary = 'x';
    const body = function* () {
      for (let i = 0; i < 3; i++) {
        yield `--${boundary}\r\ncontent-disposition: form-data; name="files"; filename="${i}.csv"\r\n\r\n`;
        for (let n = 0; n < 60; n++) yield `${String(n).padEnd(KB - 1)}\n`;
        yield '\r\n';
      }
      yield `--${boundary}--\r\n`;
    };
    const answer = await service.app.inject({
      method: 'POST',
      url: '/api/uploads',
      headers: {
        cookie: county.cookie,
        'x-csrf-token': county.csrf,
        'content-type': `multipart/form-data; boundary=${boundary}`,
        'transfer-encoding': 'chunked',
      },
      payload: Readable.from(body()),
    });
    expect(answer.json().code).toBe('upload.total');
  });

  it('keeps the latest five of an account and no more bytes than its share', async () => {
    const six: string[] = [];
    for (let i = 0; i < 6; i++) six.push((await send(KB)).body.upload);
    expect(await isKept(six[0] as string)).toBe(false);
    expect(await isKept(six[1] as string)).toBe(true);
    const gone = await county.send('POST', `/api/uploads/${six[0]}/trial`, {
      source: 'deaths',
      asOf: '2020-09-10',
    });
    expect([gone.status, gone.body.code]).toEqual([404, 'upload.unknown']);
    // 3 × 140 kB are more than 400 kB.
    const large: string[] = [];
    for (let i = 0; i < 3; i++) large.push((await send(70 * KB, 70 * KB)).body.upload);
    expect(await Promise.all(large.map(isKept))).toEqual([false, true, true]);
    // Another's are another's.
    const tax = await service.as('tax');
    await tax.upload('/api/uploads', [file(90 * KB)]);
    expect(await Promise.all(large.map(isKept))).toEqual([false, true, true]);
  });

  it('lets many at once have no more than one after another', async () => {
    const answers = await Promise.all(Array.from({ length: 9 }, () => send(90 * KB)));
    expect(answers.map(({ status }) => status).filter((status) => ![200, 413].includes(status))).toEqual([]);
    const kept = await Promise.all(
      answers.map(async ({ body }) => body.upload !== undefined && (await isKept(body.upload))),
    );
    expect(kept.filter(Boolean).length).toBeLessThanOrEqual(4);
  });

  it('refuses more while everything kept is being received', async () => {
    for (let i = 0; i < 5; i++) {
      const { upload } = (await send(KB)).body;
      await county.send('POST', `/api/uploads/${upload}/trial`, { source: 'deaths', asOf: '2020-09-10' });
    }
    const refused = await send(KB);
    expect([refused.status, refused.body.code]).toEqual([413, 'upload.quota']);
    expect(refused.body.detail).toContain('5 次');
  });
});
