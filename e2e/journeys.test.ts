import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { axeFaults, CHROMIUM, type Desk, enter, openDesk, picture, signIn } from './desk.ts';

/** A new user's way through the main job on a screen, from an empty county: each step a test, each screen a picture. */
describe.runIf(CHROMIUM !== undefined)('the main job on a screen', () => {
  let desk: Desk;
  let page: Page;
  const open = async (path: string): Promise<void> => {
    await page.goto(`${desk.url}${path}`);
    await page.waitForLoadState('networkidle');
  };
  const filesOf = (source: string, most: number): string[] => {
    const manifest = JSON.parse(readFileSync(desk.files.manifest, 'utf8')) as {
      deliveries: { source: string; asOf: string; files: string[] }[];
    };
    return manifest.deliveries
      .filter((delivery) => delivery.source === source)
      .slice(0, most)
      .flatMap((delivery) => delivery.files.map((name) => join(desk.filesDir, name)));
  };
  /** Drops files and goes on to the receipt. */
  const receive = async (
    paths: string[],
    names: { check?: string; trial?: string; done?: string } = {},
  ): Promise<void> => {
    await open('/receive');
    await page.getByLabel('名单文件', { exact: true }).setInputFiles(paths);
    await page.getByRole('button', { name: '试算（不写入）' }).waitFor();
    if (names.check !== undefined) await picture(page, names.check);
    await page.getByRole('button', { name: '试算（不写入）' }).click();
    // What is not tried to the end cannot be received.
    const take = page.getByRole('button', { name: '接收', exact: true });
    await expect.poll(() => take.isEnabled()).toBe(true);
    if (names.trial !== undefined) await picture(page, names.trial);
    await take.click();
    await page
      .getByRole('heading', { name: /^已接收/ })
      .first()
      .waitFor();
    if (names.done !== undefined) await picture(page, names.done);
  };

  beforeAll(async () => {
    desk = await openDesk({ residents: 600, received: false });
    page = await desk.open();
  });
  afterAll(async () => {
    await desk?.close();
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await picture(page, `failed-${task.name.slice(0, 30)}`);
  });

  it('signs in, and is told what is wrong with a wrong password', async () => {
    await signIn(page, 'county', 'nonsense');
    await page.getByText('账号或密码不对').waitFor();
    await picture(page, '01-login-refused');
    expect(await axeFaults(page)).toEqual([]);
    await enter(page, 'county', 'Quanbao-2020');
    await picture(page, '02-empty-county');
  });

  it('receives the demo files one by one: recognised, tried, received, with where the counts moved', async () => {
    await receive(filesOf('household-register', 1), {
      check: '03-check',
      trial: '04-trial',
      done: '05-received',
    });
    await receive(filesOf('residents-scheme', 1));
    await receive(filesOf('employees-in-province', 1));
    await receive(filesOf('deaths', 2), { done: '06-deaths' });
    await receive(filesOf('insurance-compare', 1));
    await open('/deliveries');
    await page.getByText('户籍人口').first().waitFor();
    await picture(page, '07-deliveries');
    expect(await axeFaults(page)).toEqual([]);
  });

  it('sees the county at a glance, every number a link to its people', async () => {
    await open('/');
    await page.getByText('城乡居保覆盖率').first().waitFor();
    await picture(page, '08-home');
    expect(await axeFaults(page)).toEqual([]);
    expect(await page.locator('a[href*="/people?"]').count()).toBeGreaterThan(10);
  });

  it('finds a person by half a name and understands why he stands where he stands', async () => {
    await open('/people?indicator=registered');
    const someone = page.locator('a[href*="/people/"]').first();
    await someone.waitFor();
    await picture(page, '20-people');
    expect(await axeFaults(page)).toEqual([]);
    const name = ((await someone.textContent()) ?? '').trim();
    // Lists received a moment ago are still being made findable; a search meanwhile says so.
    await vi.waitFor(
      async () =>
        expect(await desk.instance.db.asOwner((tx) => tx.query('select 1 from search_due limit 1'))).toEqual(
          [],
        ),
      { timeout: 60_000, interval: 200 },
    );
    await page.keyboard.press('Control+k');
    await page.keyboard.type(name.slice(1));
    // The list that readers of the screen are told of holds no names of its own.
    const offered = page.locator('.ant-select-item-option', { hasText: name }).first();
    await offered.waitFor();
    await picture(page, '21-suggestions');
    await offered.click();
    await page.getByRole('heading', { name: /^为什么/ }).waitFor();
    await page.getByLabel('起决定作用的名单').waitFor();
    await picture(page, '22-person');
    expect(await axeFaults(page)).toEqual([]);
    await page.getByRole('button', { name: '显示全号' }).click();
    await page.getByLabel('事由').fill('电话核实参保意愿');
    await page.getByRole('button', { name: '显示', exact: true }).click();
    await page
      .getByText(/^\d{17}[\dX]$/)
      .first()
      .waitFor();
    const [seen] = await desk.instance.db.asOwner((tx) =>
      tx.query<{ actor: string; reason: string }>(
        `select actor, detail->>'reason' as reason from audit_event where act = 'person.reveal' order by seq desc limit 1`,
      ),
    );
    expect(seen).toEqual({ actor: 'county', reason: '电话核实参保意愿' });
  });

  it('decides a conflict with a document, and takes the decision back', async () => {
    await open('/findings');
    await page.getByRole('heading', { name: '矛盾与待核' }).waitFor();
    await picture(page, '23-findings');
    expect(await axeFaults(page)).toEqual([]);
    await page.getByRole('checkbox').nth(1).check();
    await page.getByRole('button', { name: /裁定所选 1 人/ }).click();
    await page.getByLabel('裁定为').click();
    await page
      .getByText(/第 16 栏/)
      .last()
      .click();
    await page.getByLabel('理由').fill('与公安核实，确已死亡');
    await page.getByLabel('裁定材料').setInputFiles({
      name: '证明.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('死亡医学证明'),
    });
    await picture(page, '24-decide');
    await page.getByRole('button', { name: '裁定', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await open('/decisions');
    await page.getByText('与公安核实，确已死亡').first().waitFor();
    await picture(page, '25-decisions');
    await page.getByRole('button', { name: '撤回' }).first().click();
    await page
      .getByRole('button', { name: /撤回|确定/ })
      .last()
      .click();
    await page.getByText('已撤回').first().waitFor();
  });

  it('undoes a delivery after seeing what it would change', async () => {
    await open('/deliveries');
    const last = await page.locator('a[href*="/deliveries/"]').first().getAttribute('href');
    await open(last as string);
    await page.getByRole('button', { name: '撤销', exact: false }).first().click();
    await page.getByText(/涉及/).waitFor();
    await picture(page, '09-undo-preview');
    await page.getByRole('dialog').getByRole('button', { name: '撤销这份报送' }).click();
    await page
      .getByText(/已撤销/)
      .first()
      .waitFor();
    await picture(page, '10-undone');
  });

  it('prints 附件4 of a town as xlsx and on paper', async () => {
    await open('/forms/annex4?region=430981006');
    await page.getByText('沅江市城乡居民养老保险全覆盖摸底统计表').waitFor();
    await picture(page, '11-annex4-town');
    expect(await axeFaults(page)).toEqual([]);
    const waiting = page.waitForEvent('download');
    await page.getByRole('button', { name: '下载 xlsx' }).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toMatch(/^附件4-.*琼湖街道.*\.xlsx$/);
    const bytes = readFileSync(await download.path());
    expect(bytes.subarray(0, 2).toString()).toBe('PK');
    await page.emulateMedia({ media: 'print' });
    const pdf = await page.pdf({ landscape: true, format: 'A3' });
    expect(pdf.subarray(0, 4).toString()).toBe('%PDF');
    await picture(page, '12-annex4-print');
    await page.emulateMedia({ media: 'screen' });
  });

  it('changes the password and signs in with the new one', async () => {
    await open('/account');
    await page.getByLabel('现在的密码').fill('Quanbao-2020');
    await page.getByLabel('新密码', { exact: true }).fill('Yuanjiang-2020');
    await page.getByLabel('再输一遍新密码').fill('Yuanjiang-2020');
    await page.getByRole('button', { name: /修改密码|改密码/ }).click();
    await page.getByText(/已修改|已改/).waitFor();
    await picture(page, '13-password');
    const other = await desk.open();
    await enter(other, 'county', 'Yuanjiang-2020');
  });

  it('meets no fault of the page on the whole way', () => {
    expect(desk.faults).toEqual([]);
  });
});
