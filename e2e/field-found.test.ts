import { statSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { inventedId } from '../apps/server/src/testing/command.ts';
import { axeFaults, CHROMIUM, type Desk, openDesk, picture } from './desk.ts';
import { openPhone, type Phone } from './phone.ts';

/** As large as a picture may be that is sent. */
const MOST_BYTES = 400 * 1024;

/** People found at doors without network; the outbox goes to the county as a file, then by itself. */
describe.runIf(CHROMIUM !== undefined)('people found at doors', () => {
  let desk: Desk;
  let phone: Phone;
  let context: BrowserContext;
  let page: Page;
  let town: Page;
  const rowsIn = (sql: string, values: unknown[] = []) =>
    desk.instance.db.asOwner((tx) => tx.query<Record<string, string>>(sql, values));
  const looksRight = (name: string): Promise<void> => phone.looksRight(name);
  const begin = async (name: string, address: string): Promise<void> => {
    await page.goto(`${desk.url}/field/#/`);
    await page.getByRole('link', { name: '登记新发现人员' }).click();
    await page.getByLabel('姓名').fill(name);
    await page.getByLabel('住址').fill(address);
    await page.getByRole('button', { name: '子女' }).click();
  };
  const save = async (): Promise<void> => {
    await page.locator('.foot .main-button').click();
    await page.getByRole('heading', { name: '今日走访' }).waitFor();
  };
  const stranger = (name: string) => page.locator('.person', { hasText: name });

  beforeAll(async () => {
    desk = await openDesk({ residents: 2000, received: true });
    phone = await openPhone();
    ({ context, page } = phone);
  });
  afterAll(async () => {
    await phone?.close();
    await desk?.close();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    await picture(page, `failed-${task.name.slice(0, 20)}`).catch(() => undefined);
    if (town) await picture(town, `failed-town-${task.name.slice(0, 20)}`).catch(() => undefined);
  });

  let listed: { name: string; id: string };
  const strangerId = inventedId(777);

  it('are taken down without network, put right and withdrawn before anything is sent', async () => {
    await phone.begin(desk.url);
    // The phone is heard of though it has sent nothing.
    await expect.poll(() => rowsIn('select 1 as n from device')).toHaveLength(1);
    const [own] = await rowsIn(`select region from account where login = 'village'`);
    const [other] = await rowsIn(
      `select p.name, encode(p.id_cipher, 'hex') as id from person p join step s on s.county = p.county and s.person_no = p.person_no
       join step_class c on c.county = s.county and c.class = s.class, county k
       where s.from_day <= k.latest_day and s.to_day > k.latest_day and left(s.region, 12) <> $1 and length(s.region) >= 12
         and exists (select 1 from person_search ps where ps.county = p.county and ps.person_no = p.person_no and ps.address <> '')
       order by p.person_no limit 1`,
      [own?.region],
    );
    listed = {
      name: other?.name as string,
      id: desk.instance.cipher.decryptField(Buffer.from(other?.id as string, 'hex')),
    };
    await context.setOffline(true);

    await begin('符谷雨', '3组9号');
    await page.getByRole('button', { name: '不愿意参保' }).click();
    await page.locator('.foot .main-button').click();
    await page.getByText('请填写证件号码').waitFor();
    await page
      .getByLabel('身份证号码')
      .fill(`${strangerId.slice(0, 17)}${strangerId[17] === '1' ? '2' : '1'}`);
    await page.locator('.foot .main-button').click();
    await page.getByText('校验位不符').waitFor();
    await page.getByLabel('身份证号码').fill(strangerId);
    // A camera's picture, far too large to be sent; made in the page, as a file is.
    const photo = Buffer.from(
      await page.evaluate(async () => {
        const canvas = new OffscreenCanvas(3200, 2400);
        const pen = canvas.getContext('2d');
        const image = pen?.createImageData(3200, 2400);
        if (image === undefined || image === null) throw new Error('no canvas');
        for (let i = 0, seed = 7; i < image.data.length; i++) {
          seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
          image.data[i] = i % 4 === 3 ? 255 : seed % 256;
        }
        pen?.putImageData(image, 0, 0);
        const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.8 });
        const bytes = new Uint8Array(await blob.arrayBuffer());
        let text = '';
        for (let i = 0; i < bytes.length; i += 8_192)
          text += String.fromCharCode(...bytes.subarray(i, i + 8_192));
        return btoa(text);
      }),
      'base64',
    );
    expect(photo.length).toBeGreaterThan(2 * MOST_BYTES);
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'p.jpg', mimeType: 'image/jpeg', buffer: photo });
    await page.locator('.photos img').waitFor();
    await page.evaluate(() => scrollTo(0, 0));
    await looksRight('found-01-form');
    await save();

    await begin(listed.name, '5组2号');
    await page.getByLabel('身份证号码').fill(listed.id.toLowerCase());
    await page.getByLabel('电话', { exact: true }).fill('13812345678');
    await page.getByRole('button', { name: '愿意参保', exact: true }).click();
    await save();

    await begin('麦芒种', '1组1号');
    await page.getByLabel('证件号不详').check();
    await page.getByLabel('出生年月').fill('196503');
    await page.getByRole('button', { name: '女', exact: true }).click();
    await page.getByRole('button', { name: '愿意参保', exact: true }).click();
    await looksRight('found-02-unknown');
    await save();
    await begin('白写了', '1组1号');
    await page.getByLabel('身份证号码').fill(inventedId(778));
    await page.getByRole('button', { name: '愿意参保', exact: true }).click();
    await save();
    await page.getByText('新发现 4 人').waitFor();

    await stranger('麦芒种').click();
    await page.getByLabel('住址').fill('1组11号');
    await page.locator('.foot .main-button').click();
    await stranger('1组11号').waitFor();
    await stranger('白写了').click();
    await page.getByRole('button', { name: '撤回这条' }).click();
    await page.getByRole('button', { name: '确定撤回，不上报' }).click();
    await page.getByText('新发现 3 人').waitFor();
    await stranger('麦芒种').evaluate((element) => element.scrollIntoView({ block: 'center' }));
    await looksRight('found-03-list');
  }, 120_000);

  it('the exported file is taken in at the town, each once', async () => {
    await page.goto(`${desk.url}/field/#/outbox`);
    await looksRight('found-04-outbox');
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: '导出加密文件' }).click(),
    ]);
    const path = await file.path();
    expect(statSync(path).size).toBeLessThan(2 * MOST_BYTES);
    town = await desk.open('town');
    await town.goto(`${desk.url}/devices`);
    await town.getByLabel('手机导出的文件', { exact: true }).setInputFiles(path);
    await town.getByText('新记入 3 条').waitFor();
    await picture(town, 'found-05-devices');
    expect(await axeFaults(town)).toEqual([]);
    expect(await rowsIn('select state from found_person order by state')).toEqual([
      { state: 'listed' },
      { state: 'open' },
      { state: 'open' },
    ]);
    expect(await rowsIn('select 1 as n from visit')).toHaveLength(1);
    // The picture came whole, and no larger than it may be.
    const [media] = await rowsIn('select stored from media');
    const bytes = await buffer(desk.instance.files.open(media?.stored as string));
    expect(bytes.subarray(0, 3).toString('hex')).toBe('ffd8ff');
    expect(bytes.length).toBeLessThanOrEqual(MOST_BYTES);
  });

  it('the phone sends them after all: nothing is there twice, and the worker reads what became of each', async () => {
    await context.setOffline(false);
    await page.getByText('未上报 0 条，照片和签名 0 张').waitFor();
    await page.getByText('名单上，答复已记到他名下').waitFor();
    await page.getByText('没有这个号码，已交乡镇处理').waitFor();
    await page.getByText('证件号不详，已交乡镇处理').waitFor();
    await looksRight('found-06-sent');
    expect(await rowsIn('select 1 as n from found_person')).toHaveLength(3);
    expect(await rowsIn('select 1 as n from visit')).toHaveLength(1);
    expect(await rowsIn('select 1 as n from media')).toHaveLength(1);
  });

  it('the town enters one, sets one aside, and takes it back', async () => {
    await town.goto(`${desk.url}/found`);
    await town.getByRole('heading', { name: '待处理 2 人' }).waitFor();
    const row = (name: string) => town.getByRole('row', { name: new RegExp(name) });
    await picture(town, 'found-07-queue');
    expect(await axeFaults(town)).toEqual([]);
    await row('符谷雨').getByRole('button', { name: '登记' }).click();
    await town.getByRole('dialog').waitFor();
    await picture(town, 'found-08-enter');
    await town
      .getByRole('dialog')
      .getByRole('button', { name: /登\s*记/ })
      .click();
    await row('符谷雨').getByText('已登记').waitFor();
    await row('麦芒种').getByRole('button', { name: '搁置' }).click();
    await town.getByLabel('理由').fill('外县户籍，已转当地');
    await town
      .getByRole('dialog')
      .getByRole('button', { name: /搁\s*置/ })
      .click();
    await row('麦芒种').getByText('外县户籍，已转当地').waitFor();
    await picture(town, 'found-09-decided');
    await row('麦芒种').getByRole('button', { name: '撤回' }).click();
    await town
      .getByRole('dialog')
      .getByRole('button', { name: /^撤\s*回$/ })
      .click();
    await town.getByRole('heading', { name: '待处理 1 人' }).waitFor();
    expect(await rowsIn('select 1 as n from visit where undone_at is null')).toHaveLength(2);
    expect([...phone.faults, ...desk.faults]).toEqual([]);
  });
});
