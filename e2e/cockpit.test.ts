import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { issuePlan } from '../apps/server/src/features/targets/index.ts';
import { makePlan } from '../apps/server/src/features/targets/make.ts';
import { axeFaults, CHROMIUM, type Desk, openDesk, picture } from './desk.ts';

const SCOPE = { county: '430981', region: '430981', actor: 'county-office' };

describe.runIf(CHROMIUM !== undefined)('the cockpit on a screen', () => {
  let desk: Desk;
  let page: Page;
  beforeAll(async () => {
    desk = await openDesk({ residents: 400, received: true });
    for (const [kind, total] of [
      ['verify', 120],
      ['expand', 30],
    ] as const) {
      const basis = { of: 'total', total, by: 'population', asOf: '2020-08-31' } as const;
      const { plan } = await makePlan(desk.instance, SCOPE, { kind, from: '2020-08-01', basis });
      await issuePlan(desk.instance, SCOPE, plan, { day: '2020-08-31' });
    }
    page = await desk.open('county');
  }, 180_000);
  afterAll(() => desk?.close());
  afterEach(() => {
    expect(desk.faults).toEqual([]);
  });

  it('shows the county what is due, who moved and what burns, and opens the people behind a red light', async () => {
    await page.goto(`${desk.url}/cockpit?asOf=2020-09-30`);
    await page.getByRole('heading', { name: '核实任务', exact: false }).first().waitFor();
    await page.getByRole('img', { name: /期限 2020-10-31/ }).waitFor();
    await picture(page, 'cockpit');
    expect(await axeFaults(page)).toEqual([]);
    const menu = page.getByRole('navigation', { name: '主菜单' });
    expect(await menu.evaluate((nav) => nav.scrollHeight <= nav.clientHeight)).toBe(true);
    expect(await menu.getByRole('link', { name: '留痕' }).count()).toBe(0);
    await menu.getByRole('button', { name: '管理' }).press('Enter');
    await menu.getByRole('link', { name: '本县选项' }).waitFor();

    const place = page.locator('.multiple').first();
    const name = (await place.locator('.multiple-name').textContent()) ?? '';
    await place.click();
    await page.getByRole('heading', { name: `进度对照计划：${name}` }).waitFor();
    await picture(page, 'cockpit-town');

    const todo = page.getByRole('region', { name: '亮灯事项' }).getByRole('listitem').first();
    await todo.getByRole('link').last().click();
    await page.waitForURL((url) => url.pathname !== '/cockpit');
    await page.getByRole('heading', { level: 1 }).waitFor();
  });

  it('fills a wall without a menu, reads itself anew, and leads back', async () => {
    await page.setViewportSize({ width: 1920, height: 1080 });
    await page.goto(`${desk.url}/cockpit?asOf=2020-09-30&show=wall`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.getByRole('heading', { name: /^亮灯事项/ }).waitFor();
    expect(await page.getByRole('navigation').count()).toBe(0);
    expect(await page.getByRole('searchbox').count()).toBe(0);
    // Nothing runs off the screen.
    expect(await page.evaluate(() => document.documentElement.scrollHeight <= window.innerHeight)).toBe(true);
    expect(await axeFaults(page)).toEqual([]);
    await picture(page, 'cockpit-wall');
    await page.getByRole('link', { name: '退出大屏' }).click();
    await page.getByRole('navigation', { name: '主菜单' }).waitFor();
  });

  it('shows a town its own villages, also on a telephone', async () => {
    const town = await desk.open('town', { width: 360, height: 740 });
    await town.goto(`${desk.url}/cockpit`);
    await town.getByRole('heading', { name: '村（社区）排名' }).waitFor();
    expect(await town.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await picture(town, 'cockpit-phone');
  });
});
