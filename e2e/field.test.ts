import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type BrowserContext, type CDPSession, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DEMO_PASSWORD } from '../apps/server/src/features/access/index.ts';
import { axeFaults, CHROMIUM, type Desk, FLAGS, openDesk, picture } from './desk.ts';
import { tooSmall } from './phone.ts';

const PIN = '274918';
const PHONE = '13812345678';
const REMARK = '上门见到本人说已在外地打工多年';

/** A day of a village worker with a bad line, in a real browser whose tab is killed again and again. */
describe.runIf(CHROMIUM !== undefined)('the phone app', () => {
  let desk: Desk;
  let context: BrowserContext;
  let page: Page;
  const profile = mkdtempSync(join(tmpdir(), 'quanbao-phone-'));
  const faults: string[] = [];
  /** The people on the list: none of their names may be readable on the phone. */
  let names: string[] = [];

  const freshPage = async (): Promise<Page> => {
    const fresh = await context.newPage();
    fresh.setDefaultTimeout(60_000);
    fresh.on('pageerror', (error) => faults.push(error.message));
    return fresh;
  };
  /** The tab dies as when the phone runs out of memory; another one is opened. */
  const kill = async (): Promise<void> => {
    const dying = page;
    const session = await context.newCDPSession(dying);
    void session.send('Page.crash').catch(() => undefined);
    await new Promise((done) => setTimeout(done, 150));
    page = await freshPage();
    await dying.close().catch(() => undefined);
  };
  const typePin = async (pin: string): Promise<void> => {
    for (const digit of pin) await page.getByRole('button', { name: digit, exact: true }).click();
  };
  const unlock = async (): Promise<void> => {
    await page.goto(`${desk.url}/field/`);
    await page.getByText('请输入六位开屏密码').waitFor();
    await typePin(PIN);
    await page.getByRole('heading', { name: '今日走访' }).waitFor();
  };
  const unsent = async (): Promise<{ answers: number; pictures: number }> => {
    await page.goto(`${desk.url}/field/#/outbox`);
    const text = (await page.getByText(/^未上报 \d+ 条/).textContent()) ?? '';
    const [answers = 0, pictures = 0] = [...text.matchAll(/\d+/g)].map(Number);
    return { answers, pictures };
  };
  const openVisit = async (name: string): Promise<void> => {
    await page.goto(`${desk.url}/field/#/`);
    await page.getByLabel('查找').fill(name);
    await page.locator('.household', { hasText: name }).first().click();
    await page.locator('.person', { hasText: name }).first().click();
    await page.getByRole('heading', { name, exact: true }).waitFor();
  };
  const sign = async (): Promise<void> => {
    const field = page.getByLabel('签名处');
    await field.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    const box = await field.boundingBox();
    if (box === null) throw new Error('nowhere to sign');
    await page.mouse.move(box.x + 40, box.y + 90);
    await page.mouse.down();
    for (const [x, y] of [
      [90, 40],
      [120, 130],
      [170, 60],
      [220, 120],
      [290, 50],
    ] as const) {
      await page.mouse.move(box.x + x, box.y + y, { steps: 4 });
    }
    await page.mouse.up();
  };
  const looksRight = async (name: string): Promise<void> => {
    await picture(page, name);
    expect(await axeFaults(page)).toEqual([]);
    expect(await tooSmall(page)).toEqual([]);
  };
  /** Everything that the page's origin keeps, as text: bytes as UTF-8 and keys too. */
  const kept = (program: boolean): Promise<string> =>
    page.evaluate(async (withProgram) => {
      const words: string[] = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })];
      const walk = (value: unknown): void => {
        if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
          words.push(new TextDecoder().decode(value as ArrayBuffer));
        } else if (typeof value === 'object' && value !== null) {
          for (const [key, inner] of Object.entries(value)) {
            words.push(key);
            walk(inner);
          }
        } else words.push(String(value));
      };
      const answer = <T>(asked: IDBRequest<T>) =>
        new Promise<T>((done) => {
          asked.onsuccess = () => done(asked.result);
        });
      for (const { name } of await indexedDB.databases()) {
        const db = await answer(indexedDB.open(name as string));
        for (const store of db.objectStoreNames) {
          walk(await answer(db.transaction(store).objectStore(store).getAllKeys()));
          walk(await answer(db.transaction(store).objectStore(store).getAll()));
        }
        db.close();
      }
      for (const name of withProgram ? await caches.keys() : []) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
          words.push(request.url, (await (await cache.match(request))?.text()) ?? '');
        }
      }
      return words.join('\n');
    }, program);

  beforeAll(async () => {
    desk = await openDesk({ residents: 6000, received: true });
    context = await chromium.launchPersistentContext(profile, {
      executablePath: CHROMIUM as string,
      args: FLAGS,
      viewport: { width: 360, height: 740 },
      deviceScaleFactor: 2,
      hasTouch: true,
      locale: 'zh-CN',
    });
    page = await freshPage();
  });
  afterAll(async () => {
    await context?.close();
    await desk?.close();
    rmSync(profile, { recursive: true, force: true });
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail')
      await picture(page, `failed-${task.name.slice(0, 30)}`).catch(() => undefined);
  });

  it('signs in once, sets a PIN, downloads its own village, and is installable', async () => {
    await page.goto(`${desk.url}/field`);
    await page.getByLabel('账号').fill('village');
    await page.getByLabel('密码').fill('nonsense');
    await page.getByRole('button', { name: '登录' }).click();
    await page.getByText('账号或密码不对').waitFor();
    await looksRight('field-01-sign-in');
    await page.getByLabel('密码').fill(DEMO_PASSWORD);
    await page.getByRole('button', { name: '登录' }).click();
    await page.getByText('请设六位数字').waitFor();
    await typePin('123456');
    await page.getByText('太好猜').waitFor();
    await looksRight('field-02-pin');
    await typePin(PIN);
    await page.getByText('请再输一次').waitFor();
    await typePin(PIN);
    await page.getByRole('heading', { name: '下载名单' }).waitFor();
    await page.getByRole('checkbox').first().waitFor();
    expect(await page.getByRole('checkbox').count()).toBe(1);
    await looksRight('field-03-villages');
    await page.getByRole('button', { name: /^下载 \d+ 人/ }).click();
    await page.getByRole('heading', { name: '今日走访' }).waitFor();
    await page.getByRole('tab', { name: /^待走访/ }).waitFor();
    await looksRight('field-04-list');
    await page.getByRole('tab', { name: /^全部/ }).click();
    names = [...new Set(await page.locator('.member b').allTextContents())];
    expect(names.length).toBeGreaterThan(5);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    const session = await context.newCDPSession(page);
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
    expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual(
      [],
    );
  });

  /** Who was visited, by name, and with which answer. */
  const visited = new Map<string, string>();
  let photo: Buffer;
  /** Holds the bad line of the page that is open. */
  let slow: CDPSession | undefined;
  let todo: string[];

  it('without network it opens by the PIN alone; a plain visit is three taps', async () => {
    await page.reload();
    await page.getByText('请输入六位开屏密码').waitFor();
    await context.setOffline(true);
    await unlock();
    await page.getByRole('tab', { name: /^待走访/ }).click();
    const open = await page.locator('.member', { hasText: '待走访' }).locator('b').allTextContents();
    expect(open.length).toBeGreaterThan(1);
    // Those who are open first; and nobody whose name is part of another's.
    todo = [...new Set([...open, ...names])].filter(
      (name) => names.filter((other) => other.includes(name)).length === 1,
    );
    expect(todo.length).toBeGreaterThan(5);
    const [first = ''] = todo;
    await page.locator('.household', { hasText: first }).first().click();
    await page.locator('.person', { hasText: first }).waitFor();
    await looksRight('field-05-household');
    await page.locator('.person', { hasText: first }).click();
    await page.getByRole('button', { name: '愿意参保', exact: true }).waitFor();
    await looksRight('field-06-choices');
    await page.getByRole('button', { name: '愿意参保', exact: true }).click();
    await page.getByRole('button', { name: '保存', exact: true }).click();
    await page.locator('.person', { hasText: '未上报' }).waitFor();
    visited.set(first, 'willing');
    expect(await unsent()).toEqual({ answers: 1, pictures: 0 });
  });

  it('killed in the middle of saving, an answer is there whole or not at all', async () => {
    photo = Buffer.from(
      await page.evaluate(async () => {
        const canvas = new OffscreenCanvas(1200, 900);
        const pen = canvas.getContext('2d');
        for (let i = 0; i < 9_000; i++) {
          if (pen) pen.fillStyle = `hsl(${(i * 47) % 360} 70% 50%)`;
          pen?.fillRect((i * 131) % 1200, (i * 71) % 900, 17, 13);
        }
        const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.8 });
        const bytes = new Uint8Array(await blob.arrayBuffer());
        return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
      }),
      'base64',
    );
    expect(photo.length).toBeGreaterThan(100_000);
    const [, name = ''] = todo;
    let before = 1;
    let killed = 0;
    // Later each time: once before anything is written, once when all of it is.
    for (const delay of [0, 15, 40, 80, 400]) {
      await openVisit(name);
      await page.getByRole('button', { name: '不愿意参保' }).click();
      await page.getByText('佐证不全').waitFor();
      if (killed === 0) await looksRight('field-07-incomplete');
      await sign();
      await page.getByText('佐证不全').waitFor({ state: 'detached' });
      await page
        .locator('input[type=file]')
        .setInputFiles({ name: 'p.jpg', mimeType: 'image/jpeg', buffer: photo });
      await page.locator('.photos img').waitFor();
      await page.getByLabel('备注').fill(REMARK);
      if (killed === 0) await picture(page, 'field-08-signed');
      await page.evaluate(() => document.querySelector<HTMLElement>('.foot .main-button')?.click());
      await new Promise((done) => setTimeout(done, delay));
      await kill();
      killed++;
      await unlock();
      const { answers, pictures } = await unsent();
      expect([before, before + 1]).toContain(answers);
      expect(pictures).toBe(answers === before ? 0 : 2);
      if (answers > before) {
        before = answers;
        break;
      }
    }
    expect(before).toBe(2);
    visited.set(name, 'refuses');
  });

  it('counts calls, asks for what a reason needs, and saves it incomplete all the same', async () => {
    const [, , away = '', lost = '', dead = ''] = todo;
    await openVisit(lost);
    await page.getByRole('button', { name: '联系不上' }).click();
    await page.getByLabel('电话', { exact: true }).fill(PHONE);
    await page.evaluate(() => {
      // No telephone here: the tap counts, the number is not dialled.
      document.addEventListener('click', (event) => {
        if ((event.target as Element).closest('a[href^="tel:"]')) event.preventDefault();
      });
    });
    await page.getByText('打电话（已打 0 次）').click();
    await page.getByText('打电话（已打 1 次）').waitFor();
    await page.getByText('联系记录 1 次，应有 2 次').waitFor();
    await looksRight('field-09-call');
    await kill();
    await unlock();
    await openVisit(lost);
    await page.getByRole('button', { name: '联系不上' }).click();
    await page.getByText('已打 1 次').waitFor();
    await page.getByRole('button', { name: '先这样保存' }).click();
    await page.locator('.person', { hasText: '佐证不全' }).first().waitFor();
    visited.set(lost, 'unreachable');
    await openVisit(away);
    await page.getByRole('button', { name: '外出务工' }).click();
    await page.getByLabel('在哪里务工').fill('广东佛山');
    await page.getByRole('button', { name: '没有参保' }).click();
    await looksRight('field-10-away');
    await page.getByRole('button', { name: '保存', exact: true }).click();
    await page.locator('.person', { hasText: '外出务工' }).waitFor();
    visited.set(away, 'migrant');
    await openVisit(dead);
    await page.getByRole('button', { name: '已死亡' }).click();
    await page.getByRole('button', { name: '不住本村：更正村（社区）' }).click();
    await page.getByLabel('现住村（社区）的 12 位代码').fill('430981999999');
    await page.getByRole('button', { name: '先这样保存' }).click();
    await page.locator('.person', { hasText: '已死亡' }).waitFor();
    await page.goto(`${desk.url}/field/#/`);
    await looksRight('field-11-list-after');
    expect(await unsent()).toEqual({ answers: 5, pictures: 2 });
    await looksRight('field-12-outbox');
  });

  it('shows every answer’s form whole on a small screen', async () => {
    await openVisit(todo[5] as string);
    await page.getByRole('button', { name: '愿意参保', exact: true }).waitFor();
    const answers = await page.locator('.choices button').allTextContents();
    expect(answers.length).toBeGreaterThan(10);
    for (const [i, answer] of answers.entries()) {
      await page.locator('.choices button').nth(i).click();
      await page.locator('.foot .main-button').waitFor();
      await looksRight(`field-form-${String(i + 1).padStart(2, '0')}-${answer}`);
      await page.getByRole('button', { name: '改选' }).click();
    }
  });

  it('keeps nothing that can be read: not in the database, the caches, nor on the disk', async () => {
    const personal = [...names, REMARK, PHONE, '广东佛山', DEMO_PASSWORD, PIN];
    const everything = await kept(true);
    expect(everything).toContain('/field/index.html');
    expect(personal.filter((word) => everything.includes(word))).toEqual([]);
    // Words that the program itself holds.
    const database = await kept(false);
    expect(['refuses', 'unreachable', 'unwilling', 'csrf'].filter((word) => database.includes(word))).toEqual(
      [],
    );
    const onDisk = new Set<string>();
    for (const path of readdirSync(profile, { recursive: true }) as string[]) {
      const whole = join(profile, path);
      if (!statSync(whole, { throwIfNoEntry: false })?.isFile()) continue;
      const bytes = readFileSync(whole);
      for (const word of [...names, REMARK, PHONE]) {
        if (bytes.includes(Buffer.from(word)) || bytes.includes(Buffer.from(word, 'utf16le'))) {
          onDisk.add(`${word} in ${path}`);
        }
      }
      if (bytes.includes(photo.subarray(1_000, 1_200))) onDisk.add(`photo in ${path}`);
    }
    expect([...onDisk]).toEqual([]);
  });

  it('exports the outbox sealed when nothing else helps', async () => {
    await page.goto(`${desk.url}/field/#/outbox`);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: '导出加密文件' }).click(),
    ]);
    const text = readFileSync((await file.path()) as string, 'utf8');
    const head = JSON.parse(text.slice(0, text.indexOf('\n')));
    expect(head).toMatchObject({ format: 'quanbao-outbox', version: 2, county: '430981' });
    expect(text.length).toBeGreaterThan(photo.length / 2);
    expect(['willing', 'refuses'].filter((word) => text.includes(word))).toEqual([]);
    expect(names.filter((name) => text.includes(name))).toEqual([]);
  });

  const rowsIn = (sql: string, values: unknown[] = []) =>
    desk.instance.db.asOwner((tx) => tx.query<Record<string, string>>(sql, values));

  it('killed in the middle of sending, at 64 kbit/s with loss: each answer arrives once, photos byte by byte', async () => {
    const last = (await rowsIn('select coalesce(max(change), 0)::text as change from ledger_event'))[0]
      ?.change;
    const line = async (): Promise<void> => {
      slow = await context.newCDPSession(page);
      await slow.send('Network.enable');
      await slow.send('Network.emulateNetworkConditions', {
        offline: false,
        latency: 300,
        downloadThroughput: 8_000,
        uploadThroughput: 8_000,
      });
    };
    let asked = 0;
    let dying: Promise<void> | undefined;
    await context.route('**/api/field/**', async (route) => {
      asked++;
      // Every third request is lost on the way; of others the answer is lost after the server has acted.
      if (asked % 3 === 2) return route.abort();
      if (asked === 1 || asked === 7) {
        await route.fetch().catch(() => undefined);
        dying ??= kill();
        return;
      }
      if (asked % 5 === 0) {
        await route.fetch().catch(() => undefined);
        return route.abort().catch(() => undefined);
      }
      await route.continue().catch(() => undefined);
    });
    await context.setOffline(false);
    await page.goto(`${desk.url}/field/#/outbox`);
    await line();
    const send = page.getByRole('button', { name: '现在上报' });
    if (await send.isEnabled().catch(() => false))
      await send.click({ timeout: 2_000 }).catch(() => undefined);
    for (let deaths = 0; deaths < 2; deaths++) {
      await expect
        .poll(() => dying !== undefined, { timeout: 60_000 })
        .toBe(true)
        .catch(() => undefined);
      if (dying === undefined) break;
      await dying;
      await unlock();
      await page.goto(`${desk.url}/field/#/outbox`);
      await line();
      dying = undefined;
      if (asked >= 7) break;
    }
    await expect
      .poll(
        async () => {
          const button = page.getByRole('button', { name: '现在上报' });
          if (await button.isEnabled().catch(() => false))
            await button.click({ timeout: 1_000 }).catch(() => undefined);
          return page
            .getByText(/^未上报 \d+ 条/)
            .textContent()
            .catch(() => '');
        },
        { timeout: 200_000, interval: 1_000 },
      )
      .toContain('未上报 0 条，照片和签名 0 张');
    expect(asked).toBeGreaterThan(10);
    await context.unroute('**/api/field/**');

    const visits = await rowsIn(
      'select command::text, person_no::text as person, content, media::text from visit order by delivery, visit',
    );
    expect(visits.map(({ content }) => JSON.parse(content as string).w)).toEqual([...visited.values()]);
    const claims = await rowsIn(
      `select person_no::text as person from claim where slot in (select command::text from visit)`,
    );
    expect(claims).toHaveLength(visited.size);
    const [signed] = visits.filter(({ content }) => JSON.parse(content as string).w === 'refuses');
    const moves = await rowsIn(
      `select what from ledger_event where person_no = $1::bigint and kind = 'uninsured' and change > $2::bigint`,
      [signed?.person, last],
    );
    expect(moves).toHaveLength(1);
    const digest = createHash('sha256').update(photo).digest('hex');
    expect(signed?.media).toContain(digest);
    const [media] = await rowsIn('select stored from media where digest = $1', [digest]);
    expect((await buffer(desk.instance.files.open(media?.stored as string))).equals(photo)).toBe(true);
    expect(await rowsIn('select digest from media where stored is null')).toEqual([]);
  }, 300_000);

  it('shows a refused answer in words, lets it be put right, and takes up a newer list', async () => {
    // Let go, not set anew: else it would have a say in whether the page is offline later.
    await slow?.detach();
    await page.goto(`${desk.url}/field/#/outbox`);
    await page.getByText('更正的村（社区）代码不在本县').waitFor();
    await looksRight('field-13-refused');
    // Nothing else is left: what came back can be handed over as a file all the same.
    expect(await page.getByRole('button', { name: '导出加密文件' }).isEnabled()).toBe(true);
    await page.getByRole('link', { name: '改正后重报' }).click();
    await page.getByLabel('现住村（社区）的 12 位代码').fill('');
    await page.getByRole('button', { name: '先这样保存' }).click();
    await page.getByText('更正的村（社区）代码不在本县').waitFor({ state: 'detached' });
    await expect.poll(() => rowsIn('select 1 as n from visit')).toHaveLength(5);
    await page.goto(`${desk.url}/field/#/villages`);
    await page.getByRole('button', { name: /^下载 \d+ 人/ }).click();
    await page.getByRole('heading', { name: '今日走访' }).waitFor();
    await page.getByText('全部已上报').waitFor();
    await looksRight('field-14-done');
    await page.getByRole('tab', { name: /^已走访/ }).click();
    const done = await page.locator('.member b').allTextContents();
    expect([...visited.keys()].filter((name) => !done.includes(name))).toEqual([]);
    await page.getByRole('tab', { name: /^待走访/ }).click();
    await page.goto(`${desk.url}/field/#/more`);
    await looksRight('field-15-more');
  });

  it('asks to sign in again when the session is gone; the answers wait for it', async () => {
    await rowsIn('delete from session');
    const name = todo[5] as string;
    await openVisit(name);
    await page.getByRole('button', { name: '愿意参保', exact: true }).click();
    await page.getByRole('button', { name: '保存', exact: true }).click();
    // Written down and back at the household: going on before that would be undone by it.
    await page.locator('.person', { hasText: '未上报' }).waitFor();
    await page.goto(`${desk.url}/field/#/`);
    await page.getByText('登录已过期').waitFor();
    await looksRight('field-16-signed-out');
    await page.getByText('登录已过期').click();
    await page.getByLabel('密码').fill(DEMO_PASSWORD);
    await page.getByRole('button', { name: '登录' }).click();
    await page.getByText('全部已上报').waitFor();
    expect(await rowsIn('select 1 as n from visit')).toHaveLength(6);
  });

  it('an account that was stopped: the lists go at once, the unsent answer stays sealed', async () => {
    await context.setOffline(true);
    await openVisit(todo[5] as string);
    await page.getByRole('button', { name: '在世，其他情况' }).click();
    await page.getByRole('button', { name: '先这样保存' }).click();
    await page.locator('.person', { hasText: '未上报' }).waitFor();
    await rowsIn(`update account set disabled_at = now() where login = 'village'`);
    await rowsIn('delete from session');
    await context.setOffline(false);
    await page.goto(`${desk.url}/field/#/outbox`);
    await page.getByText('登录已过期').waitFor();
    await page.getByText('登录已过期').click();
    await page.getByLabel('密码').fill(DEMO_PASSWORD);
    await page.getByRole('button', { name: '登录' }).click();
    await page.getByText('名单已从手机清除').or(page.getByText('这个账号已停用')).first().waitFor();
    const left = await page.evaluate(async () => {
      const db = await new Promise<IDBDatabase>((done) => {
        const asked = indexedDB.open('quanbao-field');
        asked.onsuccess = () => done(asked.result);
      });
      const count = (store: string) =>
        new Promise<number>((done) => {
          const asked = db.transaction(store).objectStore(store).count();
          asked.onsuccess = () => done(asked.result);
        });
      return { villages: await count('villages'), outbox: await count('outbox') };
    });
    expect(left.villages).toBe(0);
    expect(left.outbox).toBeGreaterThan(0);
  });

  it('five wrong PINs, and everything is gone, after a warning', async () => {
    await page.goto('about:blank');
    await page.goto(`${desk.url}/field/`);
    for (const left of [4, 3]) {
      await typePin('000000');
      await page.getByText(`还可以试 ${left} 次`).waitFor();
    }
    for (const left of [2, 1]) {
      await typePin('000000');
      await page.getByText(`再错 ${left} 次`).waitFor();
    }
    await looksRight('field-17-warning');
    await typePin('000000');
    await page.getByText('本机内容已全部清除').waitFor();
    await page.getByLabel('账号').waitFor();
    expect(faults).toEqual([]);
  });
});
