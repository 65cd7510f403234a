import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFaults, CHROMIUM, type Desk, openDesk, picture } from './desk.ts';

/** On the way: half was due a month ago, all is due in a month. */
const DAY = 'asOf=2020-09-30';

describe.runIf(CHROMIUM !== undefined)('targets on a screen', () => {
  let desk: Desk;
  let county: Page;
  beforeAll(async () => {
    desk = await openDesk({ residents: 600, received: true });
    county = await desk.open('county');
  }, 240_000);
  afterAll(async () => {
    await desk?.close();
  });

  const go = async (page: Page, path: string): Promise<void> => {
    await page.goto(`${desk.url}${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('networkidle');
  };

  it('are made from 附件1, divided to villages, changed by hand with the sum kept, and issued', async () => {
    await go(county, `/targets?${DAY}`);
    await county.getByRole('button', { name: '新建任务' }).click();
    const dialog = county.getByRole('dialog');
    const paper = readdirSync(desk.filesDir).find((name) => name.startsWith('附件1')) as string;
    await dialog.getByLabel('附件1', { exact: true }).setInputFiles(join(desk.filesDir, paper));
    await picture(county, 'targets-make');
    await dialog.getByRole('button', { name: '建立草稿' }).click();
    await county.getByText('合计 120,087 与各级之和相符').waitFor();
    await county.getByRole('button', { name: '分解', exact: true }).click();
    await county.getByRole('dialog').getByRole('button', { name: '分解', exact: true }).click();
    await county.getByText('已分到').first().waitFor();

    // One town's villages by hand: amounts that do not add up are refused with the difference, weights always do.
    await county
      .getByRole('table', { name: '任务分解' })
      .getByRole('link', { name: '草尾镇', exact: true })
      .click();
    await county.getByRole('heading', { name: '各村（社区）' }).waitFor();
    await county.getByRole('button', { name: '分解', exact: true }).click();
    const split = county.getByRole('dialog');
    const choose = async (how: string): Promise<void> => {
      // Of a long list only what fits is drawn: it is searched.
      await split.getByLabel('按什么分').fill(how);
      await county.locator('.ant-select-item-option').filter({ hasText: how }).click();
    };
    await choose('手工填任务数');
    const amount = split.getByRole('spinbutton').first();
    await amount.fill(String(Number(await amount.inputValue()) + 5));
    await split.getByRole('status').filter({ hasText: '多 5；改到相等才能分解' }).waitFor();
    expect(await split.getByRole('button', { name: '分解', exact: true }).isDisabled()).toBe(true);
    await choose('手工填权重');
    for (const weight of await split.getByRole('spinbutton').all()) await weight.fill('1');
    await split.getByText(/^各单位之和 .*等于草尾镇的任务数/).waitFor();
    await picture(county, 'targets-weights');
    await split.getByRole('button', { name: '分解', exact: true }).click();
    await split.waitFor({ state: 'hidden' });
    await county.getByRole('link', { name: '回到全县' }).click();

    await county.getByRole('button', { name: '调整：草尾镇' }).click();
    await county.getByRole('spinbutton').fill('14000');
    await county.getByText('合计 120,087，不变').waitFor();
    await picture(county, 'targets-change');
    await county.getByRole('dialog').getByRole('button', { name: '调整', exact: true }).click();
    await county.getByRole('cell', { name: '14,000手工' }).waitFor();
    expect(await county.locator('.target-total').textContent()).toContain('合计 120,087');
    await picture(county, 'targets-draft');
    await county.getByRole('button', { name: '下达', exact: true }).click();
    await county.getByRole('dialog').getByRole('button', { name: '下达', exact: true }).click();
    await county.getByText('未签收').first().waitFor();
    expect(await axeFaults(county)).toEqual([]);
  }, 180_000);

  it('are signed for by a town, and measured with the people behind each number', async () => {
    const town = await desk.open('town');
    await go(town, `/targets/1?${DAY}`);
    await town.getByRole('button', { name: '签收' }).click();
    await town.getByRole('dialog').getByLabel('签收意见').fill('人数属实');
    await picture(town, 'targets-sign');
    await town.getByRole('dialog').getByRole('button', { name: '签收' }).click();
    await town.getByText('已签收第 1 版').waitFor();
    await town.getByRole('dialog').waitFor({ state: 'hidden' });
    await picture(town, 'targets-town');
    await go(county, `/targets/1?${DAY}`);
    await county.locator('.target-course svg').waitFor();
    await picture(county, 'targets-plan');
    await county.getByRole('heading', { name: '各版' }).scrollIntoViewIfNeeded();
    await picture(county, 'targets-plan-foot');
    const done = county
      .getByRole('table', { name: '任务分解' })
      .getByRole('link', { name: /完成的人：/ })
      .first();
    const people = Number((await done.textContent())?.replace(/\D/g, ''));
    await done.click();
    await county.getByText(`共 ${people.toLocaleString('zh-CN')} 条`).waitFor();
    await go(county, `/targets?${DAY}`);
    await county.getByText('13 个未签收').waitFor();
    await picture(county, 'targets-list');
  }, 120_000);

  it('every number has its definition, its places and what is still to come', async () => {
    await go(county, '/indicators');
    await county.getByRole('table', { name: '城乡居保覆盖率各地排名' }).waitFor();
    expect(await county.getByText('待接入').count()).toBeGreaterThan(0);
    await picture(county, 'indicators');
    expect(await axeFaults(county)).toEqual([]);
    expect(desk.faults).toEqual([]);
  }, 60_000);
});
