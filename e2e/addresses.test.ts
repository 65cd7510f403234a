import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { receive } from '../apps/server/src/features/sources/index.ts';
import { inventedId } from '../apps/server/src/testing/command.ts';
import { axeFaults, CHROMIUM, type Desk, openDesk, picture } from './desk.ts';

/** Two towns' people whose addresses name streets and no village, and a household of whom one is known. */
function register(): string {
  const rows: string[] = [];
  const add = (n: number, address: string, code: string, household = ''): void => {
    const name = `${'陈林黄何郭马罗梁'[n % 8]}${'秀国建丽志'[n % 5]}${'英强华平芳军兰'[n % 7]}`;
    rows.push([inventedId(n), name, address, code, household, '正常'].join());
  };
  for (let n = 0; n < 40; n++) add(n, `沅江市琼湖街道长乐街${n + 1}号`, '430981006');
  for (let n = 40; n < 55; n++) add(n, `沅江市琼湖街道农机厂宿舍${n}栋`, '430981006');
  for (let n = 55; n < 75; n++) add(n, `沅江市草尾镇建设路${n}号`, '430981114');
  add(75, '沅江市琼湖街道', '430981006001', 'H1');
  for (let n = 76; n < 79; n++) add(n, '沅江市琼湖街道', '430981006', 'H1');
  return `身份证号码,姓名,户籍地址,行政区划代码,户号,户籍状态\n${rows.join('\n')}\n`;
}

describe.runIf(CHROMIUM !== undefined)('villages by address on a screen', () => {
  let desk: Desk;
  let page: Page;
  beforeAll(async () => {
    desk = await openDesk({ residents: 100, received: false });
    const path = join(desk.filesDir, '户籍.csv');
    writeFileSync(path, register());
    await receive(desk.instance, { county: '430981', region: '430981', actor: 'county-office' }, [
      { source: 'household-register', asOf: '2020-08-31', files: [{ name: '户籍.csv', path }] },
    ]);
    page = await desk.open('county');
  });
  afterAll(async () => {
    await desk?.close();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await picture(page, `failed-${task.name.slice(0, 30)}`);
  });

  const total = async (): Promise<number> =>
    Number(
      /未分村 ([\d,]+) 人/.exec((await page.locator('#unplaced').textContent()) ?? '')?.[1]?.replace(',', ''),
    );

  it('shows who stands in no village, and begins a rule with what their addresses have in common', async () => {
    await page.goto(`${desk.url}/addresses`);
    await page.getByRole('heading', { name: /未分村 \d+ 人/ }).waitFor();
    expect(await total()).toBeGreaterThan(0);
    await picture(page, '50-addresses');
    expect(await axeFaults(page)).toEqual([]);
    const fragment = page.locator('.addresses-fragments button').first();
    const text = ((await fragment.textContent()) ?? '').replace(/[\s\d,]/g, '');
    await fragment.click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByLabel('地址里同时有').inputValue()).toBe(text);
    await picture(page, '51-address-rule');
    expect(await axeFaults(page)).toEqual([]);
    await dialog.getByText('同户', { exact: true }).click();
    await dialog
      .getByRole('button', { name: '写 入' })
      .or(dialog.getByRole('button', { name: '写入' }))
      .click();
    await page.getByText('第 1 号规则已写入').waitFor();
    await page.getByRole('row', { name: /其余的人随他们/ }).waitFor();
  });

  it('says while an address is typed which rule takes it', async () => {
    await page.getByRole('button', { name: '新增规则' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('街道门牌', { exact: true }).click();
    await dialog.getByLabel('街道、路、巷的名称').fill('长乐街');
    await dialog.getByLabel('到（号）').fill('99');
    await dialog.getByLabel('归入').click();
    await page.keyboard.type('韩家汊');
    await page.locator('.ant-select-tree-title', { hasText: '韩家汊社区' }).click();
    await dialog.getByRole('button', { name: /写\s?入/ }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByPlaceholder('例如：琼湖街道长乐街31号').fill('琼湖街道长乐街一百号');
    await page.getByText('读到 100 号，不在').waitFor();
    await page.getByPlaceholder('例如：琼湖街道长乐街31号').fill('琼湖街道长乐街二十一号');
    await page.getByText('读到 21 号，归入').waitFor();
    await page.getByPlaceholder('例如：琼湖街道长乐街31号').scrollIntoViewIfNeeded();
    await picture(page, '52-address-test');
    expect(await axeFaults(page)).toEqual([]);
    await page.getByRole('button', { name: '第 2 号上移' }).click();
    await page.locator('tr[data-row="0"]', { hasText: '长乐街' }).waitFor();
  });

  it('previews, applies and takes back', async () => {
    const before = await total();
    await page.getByRole('button', { name: '预览归村' }).click();
    const dialog = page.getByRole('dialog');
    const apply = dialog.getByRole('button', { name: /把 [\d,]+ 人归入/ });
    await apply.waitFor();
    await picture(page, '53-address-preview');
    expect(await axeFaults(page)).toEqual([]);
    const people = Number(/把 ([\d,]+) 人/.exec((await apply.textContent()) ?? '')?.[1]?.replace(',', ''));
    await apply.click();
    await dialog.waitFor({ state: 'hidden' });
    await page
      .getByRole('row', { name: /第 1 号|第 2 号/ })
      .first()
      .waitFor();
    await page.waitForFunction(
      (n) => !document.querySelector('#unplaced')?.textContent?.includes(`未分村 ${n} 人`),
      before,
    );
    const row = page.getByRole('table', { name: '历次分村' }).getByRole('row').nth(1);
    await row.scrollIntoViewIfNeeded();
    await picture(page, '54-address-applied');
    expect(await row.textContent()).toContain(`${people} 人`);
    await row.getByRole('button', { name: '撤回第 1 次分村' }).click();
    await page
      .locator('.ant-modal-confirm')
      .getByRole('button', { name: /撤\s?回$/ })
      .last()
      .click();
    await page.getByText(`已撤回，${people} 人退回`).waitFor();
    await page.getByRole('heading', { name: `未分村 ${before} 人` }).waitFor();
    expect(desk.faults).toEqual([]);
  });

  it('lets a town work on its own people', async () => {
    const town = await desk.open('town');
    await town.goto(`${desk.url}/addresses`);
    await town.getByRole('heading', { name: '地址分村' }).waitFor();
    await town.getByText('全县').first().waitFor();
    await picture(town, '55-addresses-town');
    expect(await town.getByRole('button', { name: '修改' }).count()).toBe(0);
    const village = await desk.open('village');
    await village.goto(`${desk.url}/addresses`);
    await village.getByText('您的账号不能打开“地址分村”').waitFor();
    expect(desk.faults).toEqual([]);
  });
});
