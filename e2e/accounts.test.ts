import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, type Desk, enter, openDesk, picture, signIn } from './desk.ts';

const file = (name: string, text: string) => ({
  name,
  mimeType: 'text/csv',
  buffer: Buffer.from(`\ufeff${text}`),
});
const HEADER = '账号,姓名,角色,部门,区划代码\n';
const ROW = 'nanzui,南嘴镇经办,乡镇经办,,430981107\n';

/** Three administrators and many at once: what a screen asks before it acts, and that it acts. */
describe.runIf(CHROMIUM !== undefined)('accounts and many decisions on a screen', () => {
  let desk: Desk;
  let password = '';
  beforeAll(async () => {
    desk = await openDesk({ residents: 600, received: true });
  }, 300_000);
  afterAll(async () => {
    await desk?.close();
  }, 60_000);

  const rowOf = (page: Page, login: string) =>
    page.getByRole('row').filter({ has: page.getByRole('cell', { name: login, exact: true }) });

  it('a table of accounts is refused whole for one wrong row, and made when it is mended', async () => {
    const page = await desk.open('sysadmin');
    await page.goto(`${desk.url}/accounts`);
    await page.getByRole('button', { name: '按表格批量新建' }).click();
    const dialog = page.getByRole('dialog', { name: '按表格批量新建账号' });
    const give = async (text: string): Promise<void> => {
      await dialog.locator('input[type=file]').setInputFiles(file('账号.csv', text));
      await dialog.getByRole('button', { name: '新建', exact: true }).click();
    };
    await give(`${HEADER}${ROW}caowei,草尾镇经办,镇长,,430981114\n`);
    await dialog.getByRole('alert').waitFor();
    expect(await dialog.getByRole('alert').textContent()).toMatch(/镇长/);
    await picture(page, 'accounts-file-refused');
    await give(`${HEADER}${ROW}`);
    const passwords = page.getByRole('dialog', { name: '初始密码' });
    await passwords.waitFor();
    password = (
      (await passwords.getByRole('row').nth(1).getByRole('cell').nth(1).textContent()) ?? ''
    ).trim();
    await picture(page, 'accounts-passwords');
    await passwords.getByRole('button', { name: '已记下，关闭' }).click();
    await rowOf(page, 'nanzui').waitFor();
    expect(await rowOf(page, 'nanzui').textContent()).toContain('待核准');
  });

  it('nobody enters before the security administrator has approved, and then only with a password of his own', async () => {
    const door = await desk.open(undefined);
    await signIn(door, 'nanzui', password);
    await door.getByRole('alert').waitFor();
    const page = await desk.open('secadmin');
    await page.goto(`${desk.url}/accounts`);
    await rowOf(page, 'nanzui').getByRole('button', { name: '核准' }).click();
    const sure = page.getByRole('dialog', { name: '核准账号 nanzui？' });
    expect(await sure.textContent()).toContain('南嘴镇');
    await sure.getByRole('button', { name: '核准' }).click();
    await sure.waitFor({ state: 'hidden' });
    await expect.poll(() => rowOf(page, 'nanzui').textContent()).toContain('正常');
    await signIn(door, 'nanzui', password);
    await door.getByLabel('新密码', { exact: true }).waitFor();
    await picture(door, 'accounts-first-password');
  });

  it('a locked account is unlocked by a press', async () => {
    const door = await desk.open(undefined);
    for (let i = 0; i < 5; i++) {
      await signIn(door, 'leader', `wrong-${i}-Password`);
      await door.getByRole('alert').waitFor();
    }
    const page = await desk.open('secadmin');
    await page.goto(`${desk.url}/accounts`);
    const row = rowOf(page, 'leader');
    await expect.poll(() => row.textContent()).toContain('已锁定');
    await picture(page, 'accounts-locked');
    await row.getByRole('button', { name: '解锁' }).click();
    const sure = page.getByRole('dialog', { name: '解锁账号 leader？' });
    await sure.getByRole('button', { name: '解锁' }).click();
    await sure.waitFor({ state: 'hidden' });
    await expect.poll(() => row.textContent()).toContain('正常');
    const again = await desk.open(undefined);
    await enter(again, 'leader', 'Quanbao-2020');
  });

  it('two conflicts are decided at once, and both wait no more', async () => {
    const page = await desk.open('county');
    await page.goto(`${desk.url}/findings`);
    const waiting = page.getByText(/^待处理 \d+$/);
    const before = Number(((await waiting.textContent()) ?? '').replace(/\D/g, ''));
    expect(before).toBeGreaterThan(2);
    const boxes = page.getByRole('row').getByRole('checkbox');
    await boxes.nth(1).check();
    await boxes.nth(2).check();
    await page.getByRole('button', { name: '裁定所选 2 人' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('裁定为').click();
    await page
      .getByText(/第 16 栏/)
      .last()
      .click();
    await picture(page, 'decide-two');
    await dialog.getByLabel('理由').fill('两人的材料都已当面核对');
    await dialog.getByLabel('裁定材料').setInputFiles(file('证明.csv', '证明'));
    await dialog.getByRole('button', { name: '裁定', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    await expect
      .poll(async () => Number(((await waiting.textContent()) ?? '').replace(/\D/g, '')))
      .toBeLessThanOrEqual(before - 2);
  });

  it('no page had a fault', () => {
    expect(desk.faults).toEqual([]);
  });
});
