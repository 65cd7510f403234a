import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type DeliveryRequest,
  readManifest,
  receive,
  undoDelivery,
} from '../apps/server/src/features/sources/index.ts';
import { axeFaults, CHROMIUM, type Desk, openDesk, picture } from './desk.ts';

const SCOPE = { county: '430981', region: '430981', actor: 'county-office' };

describe.runIf(CHROMIUM !== undefined)('the ledger on a screen', () => {
  let desk: Desk;
  let page: Page;
  let held: DeliveryRequest[];
  beforeAll(async () => {
    desk = await openDesk({ residents: 600, received: false });
    const { deliveries } = await readManifest(desk.files.manifest);
    // Who takes part in the residents' scheme comes later: it moves items in every village.
    held = deliveries.filter(({ source }) => source === 'residents-scheme');
    const rest = deliveries.filter(({ source }) => source !== 'residents-scheme');
    await receive(desk.instance, SCOPE, rest, { acceptWithdrawals: true });
    page = await desk.open('county');
  });
  afterAll(async () => {
    await desk?.close();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await picture(page, `failed-${task.name.slice(0, 30)}`);
  });

  it('opens from the overview the list that a number counts, and an item of it', async () => {
    await page.goto(`${desk.url}/ledger`);
    const row = page.getByRole('row', { name: /^应保未保/ });
    await row.waitFor();
    await row.getByRole('button').hover();
    await page.getByText(/开账：户籍人口属于城乡居保覆盖范围/).waitFor();
    await picture(page, '30-ledger-overview');
    await page.mouse.move(0, 0);
    expect(await axeFaults(page)).toEqual([]);
    const number = row.getByRole('link').first();
    const counted = (await number.textContent()) as string;
    await number.click();
    await page.getByText(`共 ${counted} 条`).waitFor();
    expect(new URL(page.url()).searchParams.get('kind')).toBe('uninsured');
    await page.locator('tr[data-row="0"]').waitFor();
    await picture(page, '31-ledger-list');
    expect(await axeFaults(page)).toEqual([]);
    await page.locator('tr[data-row="0"]').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '来龙去脉' }).waitFor();
    await picture(page, '32-ledger-item');
    expect(await axeFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  });

  it('has as many in the list as an age counts', async () => {
    await page.goto(`${desk.url}/ledger`);
    const link = page.locator('.ledger-age a').first();
    await link.waitFor();
    const counted = (await link.textContent()) as string;
    await link.click();
    await page.getByText(`共 ${counted} 条`).waitFor();
  });

  it('gives items to somebody and finds them by his name', async () => {
    await page.goto(`${desk.url}/items?kind=uninsured`);
    await page.getByRole('checkbox', { name: '选中这一行' }).nth(0).check();
    await page.getByRole('checkbox', { name: '选中这一行' }).nth(1).check();
    expect(await page.getByRole('button', { name: '人工销号' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: '分派所选 2 笔' }).click();
    await page.getByRole('dialog').getByLabel('承办人').fill('王芳');
    await picture(page, '33-ledger-assign');
    await page.getByRole('button', { name: '分派', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.goto(`${desk.url}/items?assignee=${encodeURIComponent('王芳')}`);
    await page.getByText('共 2 条').waitFor();
  });

  it('writes off by hand with a proof, shows it at the person, and takes it back', async () => {
    await page.goto(`${desk.url}/items?kind=reaching-60`);
    await page.getByRole('checkbox', { name: '选中这一行' }).first().check();
    await page.getByRole('button', { name: '人工销号' }).click();
    await page.getByLabel('理由').fill('本人选择延后补缴，已签字');
    await page.getByRole('combobox', { name: '材料种类' }).click();
    await page.getByTitle('本人签名的延后补缴申请').click();
    await page.locator('input[type=file]').setInputFiles({
      name: '承诺书.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('延后补缴承诺书'),
    });
    await picture(page, '34-ledger-close');
    await page.getByRole('button', { name: '销号', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    const [closing] = await desk.instance.db.asOwner((tx) =>
      tx.query<{ person: number }>('select person_no as person from ledger_closing'),
    );
    await page.goto(`${desk.url}/people/${closing?.person}`);
    await page.getByRole('link', { name: /^到龄/ }).waitFor();
    await picture(page, '35-person-ledger');
    await page.getByRole('link', { name: /^到龄/ }).click();
    await page.getByText('本人选择延后补缴，已签字').waitFor();
    await page.getByText(/材料：本人签名的延后补缴申请/).waitFor();
    await picture(page, '36-ledger-item-page');
    expect(await axeFaults(page)).toEqual([]);
    await page.getByRole('button', { name: '撤回', exact: true }).click();
    await page.getByRole('button', { name: '撤回销号' }).click();
    await page.getByText('已撤回', { exact: true }).waitFor();
  });

  it('tells an open screen of a village within two seconds of a delivery, until it is signed for', async () => {
    const village = await desk.open('village');
    await village.goto(`${desk.url}/notices`);
    await village.getByRole('heading', { name: '推送', exact: true }).waitFor();
    await village.getByRole('link', { name: /：\d+ 条未签收$/ }).waitFor();
    const badge = (): Promise<string | null> => village.locator('.notice-badge').getAttribute('aria-label');
    // The quickest of three, since a machine with other work may hold any one up.
    let quickest = Number.POSITIVE_INFINITY;
    let before = await badge();
    const take = () => receive(desk.instance, SCOPE, held, { acceptWithdrawals: true });
    const told = async (): Promise<void> => {
      const from = Date.now();
      await expect.poll(badge, { interval: 50 }).not.toBe(before);
      quickest = Math.min(quickest, Date.now() - from);
      before = await badge();
    };
    const deliveries = await take();
    await told();
    for (const { delivery } of deliveries.toReversed())
      if (delivery !== null) await undoDelivery(desk.instance, SCOPE, delivery);
    await told();
    await take();
    await told();
    await village.getByRole('button', { name: /^签收/ }).first().waitFor();
    expect(quickest).toBeLessThan(2_000);
    await village.getByText('有新的推送').waitFor();
    await picture(village, '37-notices-village');
    expect(await axeFaults(village)).toEqual([]);
    await page.goto(`${desk.url}/notices`);
    await page.locator('tr[data-row="0"]').waitFor();
    await picture(page, '38-notices-county');
    expect(await axeFaults(page)).toEqual([]);
    const waiting = village
      .getByRole('table', { name: '未签收' })
      .getByRole('checkbox', { name: '选中这一行' });
    await waiting.first().check();
    await village.getByRole('button', { name: '签收所选 1 条' }).click();
    await village.getByText('已签收 1 条。').waitFor();
    await village.getByRole('combobox', { name: '签收状态' }).click();
    await village.getByTitle('未签收', { exact: true }).click();
    await village.getByRole('table', { name: '已签收' }).waitFor({ state: 'hidden' });
    await village.getByRole('button', { name: '全部签收' }).click();
    await village.getByText('没有未签收的推送').waitFor();
    await village.getByRole('link', { name: '推送：0 条未签收' }).waitFor();
    await village.goto(`${desk.url}/notices`);
    await village.getByRole('table', { name: '已签收' }).waitFor();
    await picture(village, '39-notices-signed');
  });

  it('meets no fault of the page on the whole way', () => {
    expect(desk.faults).toEqual([]);
  });
});
