import { addDays, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { addRound } from '../apps/server/src/features/survey/index.ts';
import { CHROMIUM, type Desk, openDesk, picture } from './desk.ts';
import { openPhone, type Phone } from './phone.ts';

const HERE = { latitude: 28.843, longitude: 112.354, accuracy: 12 };

/** A whole village is asked for (常态化), over two days without network. */
describe.runIf(CHROMIUM !== undefined)('a round on the phone', () => {
  let desk: Desk;
  let phone: Phone;
  let page: Page;
  let village = '';
  let day: PlainDate;
  const rowsIn = (sql: string, values: unknown[] = []) =>
    desk.instance.db.asOwner((tx) => tx.query<Record<string, string>>(sql, values));
  /** As the desk counts it. */
  const counted = async (): Promise<{ listed: number; visited: number }> => {
    const { total } = await page.evaluate(async (region) => {
      const answer = await fetch(`/api/survey/rounds/1/progress?region=${region}`);
      return (await answer.json()) as { total: { listed: number; visited: number } };
    }, village);
    return { listed: total.listed, visited: total.visited };
  };
  const figures = async (): Promise<{ listed: number; visited: number }> => {
    await page.goto(`${desk.url}/field/#/`);
    const text = (await page.locator('.round').textContent()) ?? '';
    const [visited, listed] = [...text.matchAll(/\d+/g)].map(Number);
    return { listed: listed as number, visited: visited as number };
  };
  const openVisit = async (name: string): Promise<void> => {
    await page.goto(`${desk.url}/field/#/`);
    await page.getByLabel('查找').fill(name);
    await page.locator('.household', { hasText: name }).first().click();
    await page.locator('.person', { hasText: name }).first().click();
    await page.getByRole('heading', { name, exact: true }).waitFor();
  };
  const save = async (name: string): Promise<void> => {
    await page.locator('.foot .main-button').click();
    await page.locator('.person', { hasText: name }).filter({ hasText: '未上报' }).waitFor();
  };
  const unlock = async (): Promise<void> => {
    await page.goto(`${desk.url}/field/`);
    await page.getByText('请输入六位开屏密码').waitFor();
    await phone.typePin();
    await page.getByRole('heading', { name: '今日走访' }).waitFor();
  };

  beforeAll(async () => {
    desk = await openDesk({ residents: 6000, received: true });
    const [county] = await rowsIn(`select latest_day as day from county`);
    const [account] = await rowsIn(`select region from account where login = 'village'`);
    day = county?.day as string;
    village = account?.region as string;
    await addRound(
      desk.instance,
      { county: '430981', region: '430981', actor: 'county-office' },
      // The day on is made by the phone's clock alone: to the county the first day was yesterday.
      {
        name: '常态化摸底',
        basis: 'village',
        from: addDays(day, -1),
        due: addDays(day, 10),
        quota: 40,
        revisitDays: 5,
      },
    );
    phone = await openPhone();
    page = phone.page;
  });
  afterAll(async () => {
    await phone?.close();
    await desk?.close();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await picture(page, `failed-${task.name.slice(0, 30)}`);
  });

  let open: string[];
  let nothing: string[];

  it('asks whom the county asks, with the due day and the quota', async () => {
    await phone.begin(desk.url);
    await page.getByText('到期，还有 10 天').waitFor();
    await page.getByText('定额每人走访 40 人').waitFor();
    const before = await figures();
    expect(before).toEqual(await counted());
    expect(before.listed).toBeGreaterThan(5);
    // Nobody has been visited: everybody is 待走访, whether something is open of him or not.
    const todo = page.getByRole('tab', { name: /^待走访/ });
    expect(await todo.textContent()).toContain(String(before.listed));
    const names = await page.locator('.member b').allTextContents();
    const alone = names.filter((name) => names.filter((other) => other.includes(name)).length === 1);
    const items = await rowsIn(
      `select distinct p.name from ledger_item i join person p on p.county = i.county and p.person_no = i.person_no
       where i.kind = 'uninsured' and i.state = 'verify' and i.from_day <= $1 and i.to_day > $1`,
      [day],
    );
    const waiting = new Set(items.map(({ name }) => name));
    open = alone.filter((name) => waiting.has(name));
    nothing = alone.filter((name) => !waiting.has(name));
    expect(open.length).toBeGreaterThan(0);
    expect(nothing.length).toBeGreaterThan(3);
    await phone.looksRight('round-01-list');
  });

  it('notes a door that stayed shut with its moment, once for one time there', async () => {
    await phone.context.setOffline(true);
    const [lost = ''] = open;
    await openVisit(lost);
    await page.getByText('本轮：常态化摸底').waitFor();
    await page.getByRole('button', { name: '联系不上' }).click();
    const door = page.getByRole('button', { name: /^上门未遇/ });
    await door.click();
    await page.getByText('上门未遇（已记 1 次）').waitFor();
    expect(await door.isDisabled()).toBe(true);
    await page.getByText('联系记录 1 次，应有 2 次').waitFor();
    await phone.looksRight('round-02-door');
    await page.getByRole('button', { name: /^删去/ }).click();
    await page.getByText('上门未遇（已记 0 次）').waitFor();
    await door.click();
    await page.getByText('上门未遇（已记 1 次）').waitFor();
    await save(lost);
    expect((await figures()).visited).toBe(1);
  });

  it('keeps a place where that is allowed, and is saved all the same where it is not', async () => {
    const [found = '', refused = '', silent = ''] = nothing;
    await phone.context.grantPermissions(['geolocation'], { origin: desk.url });
    await phone.context.setGeolocation(HERE);
    await openVisit(found);
    await page.getByRole('button', { name: '已参保', exact: true }).click();
    await page.getByRole('button', { name: '记录位置（可不记）' }).click();
    await page.getByRole('button', { name: '已记录位置，点这里取消' }).waitFor();
    await phone.looksRight('round-03-place');
    await save(found);
    await phone.context.clearPermissions();
    const session = await phone.context.newCDPSession(page);
    await session.send('Browser.setPermission', {
      permission: { name: 'geolocation' },
      setting: 'denied',
      origin: desk.url,
    });
    await openVisit(refused);
    await page.getByRole('button', { name: '已参保', exact: true }).click();
    await page.getByRole('button', { name: '记录位置（可不记）' }).click();
    await page.getByText('不记录位置也可以保存').waitFor();
    await phone.looksRight('round-04-no-place');
    await save(refused);
    // A phone that finds no satellite holds up nothing either.
    await openVisit(silent);
    await page.evaluate(() => {
      navigator.geolocation.getCurrentPosition = () => undefined;
    });
    await page.getByRole('button', { name: '已参保', exact: true }).click();
    await page.getByRole('button', { name: '记录位置（可不记）' }).click();
    await page.getByText('正在定位…').waitFor();
    await save(silent);
    expect((await figures()).visited).toBe(4);
  });

  it('the next day, still without network, whoever was not met is to be visited again, and why', async () => {
    const [lost = ''] = open;
    const now = new Date();
    await phone.context.clock.setFixedTime(new Date(now.getTime() + 86_400_000));
    await unlock();
    await page.getByText('到期，还有 9 天').waitFor();
    await page.getByText('其中到复访日期 1 人').waitFor();
    await page.getByText('复访日期已到：联系不上，联系记录不够').waitFor();
    await phone.looksRight('round-05-again');
    await page.locator('.household', { hasText: lost }).first().click();
    await page.getByText('复访日期已到：联系不上，联系记录不够').waitFor();
    await phone.looksRight('round-06-household');
    await page.locator('.person', { hasText: lost }).first().click();
    // The door of yesterday counts: one more is enough.
    await page.getByRole('button', { name: '联系不上' }).click();
    await page.getByText('以前走访已记 1 次，一并计算').waitFor();
    await page.getByRole('button', { name: /^上门未遇/ }).click();
    await page.getByRole('button', { name: '保存', exact: true }).waitFor();
    await phone.looksRight('round-13-twice');
    await page.getByRole('button', { name: /^删去/ }).click();
    await page.getByRole('button', { name: '先这样保存' }).waitFor();
    await page.getByRole('button', { name: '改选' }).click();
    await page.getByRole('button', { name: '愿意参保', exact: true }).click();
    await save(lost);
    await page.goto(`${desk.url}/field/#/`);
    await page.getByText('其中到复访日期').waitFor({ state: 'detached' });
    // In the round he is one, however often he was visited.
    expect((await figures()).visited).toBe(4);
  });

  it('sends it all: attempts and place are with their visits, and the desk counts what the phone counted', async () => {
    await phone.context.setOffline(false);
    await page.goto(`${desk.url}/field/#/outbox`);
    await page.getByText('未上报 0 条').waitFor();
    const visits = await rowsIn(`select encode(detail, 'hex') as detail from visit order by delivery, visit`);
    const details = visits.map(({ detail }) =>
      detail === null || detail === undefined
        ? undefined
        : JSON.parse(desk.instance.cipher.decryptField(Buffer.from(detail, 'hex'))),
    );
    expect(details).toEqual([
      { attempts: [{ at: expect.stringMatching(/^20.*Z$/), way: '上门' }] },
      { location: HERE },
      undefined,
      undefined,
      undefined,
    ]);
    // A list made later takes the place of what the phone had counted itself.
    await phone.context.clock.setFixedTime(new Date(Date.now() + 86_460_000));
    await page.goto(`${desk.url}/field/#/villages`);
    await page.getByRole('button', { name: /^下载 \d+ 人/ }).click();
    await page.getByText('全部已上报').waitFor();
    expect(await figures()).toEqual(await counted());
    await phone.looksRight('round-07-done');
  });

  it('says without network what it cannot do, and when the phone’s own storage fails', async () => {
    const [, , , last = ''] = nothing;
    await phone.context.setOffline(true);
    await page.goto(`${desk.url}/field/#/villages`);
    await page.getByText('下载名单要有网络').waitFor();
    await phone.looksRight('round-08-no-network');
    await openVisit(last);
    await page.getByRole('button', { name: '已参保', exact: true }).click();
    await save(last);
    await page.goto(`${desk.url}/field/#/`);
    await page.evaluate(() => {
      IDBDatabase.prototype.transaction = () => {
        throw new Error('the disk is full');
      };
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await page.getByText('手机存储读不出或写不进').waitFor();
    await phone.looksRight('round-09-storage');
  });

  it('after fourteen days without contact the list is gone; the answer can still leave the phone', async () => {
    await phone.context.clock.setFixedTime(new Date(Date.now() + 20 * 86_400_000));
    await page.reload();
    await page.getByText('超过 14 天没有联网').waitFor();
    await phone.looksRight('round-10-locked');
    await phone.typePin();
    await page.getByText('手机里没有名单了').waitFor();
    await phone.looksRight('round-11-no-list');
    await page.goto(`${desk.url}/field/#/outbox`);
    expect(await page.getByRole('button', { name: '导出加密文件' }).isEnabled()).toBe(true);
    await phone.looksRight('round-12-outbox');
    expect([...phone.faults, ...desk.faults]).toEqual([]);
  });
});
