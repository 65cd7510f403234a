import { BOOK_COLUMNS } from '@quanbao/domain/survey/book';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bookFile, bookToXlsx } from '../apps/server/src/features/survey/index.ts';
import { axeFaults, CHROMIUM, type Desk, openDesk, picture } from './desk.ts';

const SCOPE = { county: '430981', region: '430981', actor: 'county-office' };

describe.runIf(CHROMIUM !== undefined)('底册 on a screen', () => {
  let desk: Desk;
  let page: Page;
  let village: string;
  let issue: number;
  beforeAll(async () => {
    desk = await openDesk({ residents: 600, received: true });
    const [busiest] = await desk.instance.db.asOwner((tx) =>
      tx.query<{ village: string }>(
        `select left(region, 12) as village from ledger_item where kind = 'uninsured' and length(region) >= 12
         group by 1 order by count(*) desc, 1 limit 1`,
      ),
    );
    village = busiest?.village as string;
    page = await desk.open('county');
  });
  afterAll(async () => {
    await desk?.close();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await picture(page, `failed-${task.name.slice(0, 30)}`);
  });

  /** The 底册 as a village fills it in: the answers in the order of its rows. */
  const filled = async (answers: readonly Record<string, string>[]): Promise<Buffer> => {
    const { head, rows } = await bookFile(desk.instance, SCOPE, issue);
    const written = rows.map((row, i) =>
      BOOK_COLUMNS.map(({ key }, c) => answers[i]?.[key] ?? (row[c] as string)),
    );
    const chunks: Buffer[] = [];
    for await (const chunk of bookToXlsx(head, written)) chunks.push(chunk);
    return Buffer.concat(chunks);
  };
  const send = async (files: readonly { name: string; buffer: Buffer }[]): Promise<void> => {
    await page
      .locator('input[type=file]')
      .setInputFiles(files.map((file) => ({ ...file, mimeType: 'application/octet-stream' })));
  };

  it('goes out for a village and is downloaded', async () => {
    await page.goto(`${desk.url}/books?region=${village}`);
    await page.getByText('这里还没有下发过底册').waitFor();
    await picture(page, '60-books-none');
    await page.getByRole('button', { name: '下发底册' }).click();
    await page.getByRole('dialog').getByText('只含待核实').waitFor();
    await picture(page, '61-books-issue');
    await page.getByRole('button', { name: '下发并下载' }).click();
    await page.getByRole('dialog').getByLabel('事由').waitFor();
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page
        .getByRole('dialog')
        .getByRole('button', { name: /^下\s*载$/ })
        .click(),
    ]);
    expect(saved.suggestedFilename()).toMatch(/底册-1号\.xlsx$/);
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.locator('tr[data-row="0"]').waitFor();
    await picture(page, '62-books-issued');
    expect(await axeFaults(page)).toEqual([]);
    issue = 1;
  });

  it('comes back by dropping files, each row with what is said of it', async () => {
    await page.getByText('返回与合并').click();
    await page.getByText('把返回的底册拖到这里').waitFor();
    const first = await filled([
      { answer: '愿意参保', contactDay: '2020-08-20', contactWay: '入户', worker: '李会计' },
      { answer: '参职保(含退休)' },
      { answer: '不愿意参保', reason: '觉得待遇低' },
      { answer: '说不清楚' },
      { answer: '愿意参保', villageCode: '430981999999' },
      { phone: '13900001111' },
    ]);
    const second = await filled([
      {},
      { answer: '外出务工', worker: '王主任', contactDay: '2020-08-22' },
      { answer: '在校学生', proof: '学籍证明', worker: '王主任' },
    ]);
    await send([
      { name: '返回一.xlsx', buffer: first },
      { name: '返回二.xlsx', buffer: second },
      { name: '别的表.csv', buffer: Buffer.from('姓名,电话\n张三,1\n') },
    ]);
    await page.getByText(/已审核 2 份/).waitFor();
    await page.getByText(/里没有底册编号/).waitFor();
    await picture(page, '63-books-returned');
    expect(await axeFaults(page)).toEqual([]);
    await page.getByRole('row', { name: /返回一/ }).click();
    await page.getByText('“说不清楚”不是约定的用语').waitFor();
    await picture(page, '64-books-audit');
    const [audited] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: '下载审核过的表' }).click(),
    ]);
    expect(audited.suggestedFilename()).toBe('返回一-审核意见.xlsx');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  });

  it('is merged after a look at what would change', async () => {
    await page.getByRole('button', { name: /^合并 \d+ 行/ }).click();
    await page.getByText('行将写入（只有表里改过）').waitFor();
    await picture(page, '65-books-preview');
    expect(await axeFaults(page)).toEqual([]);
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^合\s*并$/ })
      .click();
    await page.getByRole('dialog').getByText('合并完成').waitFor();
    await page.reload();
    await page.getByRole('dialog').getByText('行已写入（只有表里改过）').waitFor();
    await page.getByRole('button', { name: '去裁决 2 行矛盾' }).click();
    await page.getByRole('table', { name: '底册与现有答复的矛盾' }).waitFor();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.locator('tr[data-row="0"]').waitFor();
    await picture(page, '66-books-contradictions');
    expect(await axeFaults(page)).toEqual([]);
  });

  it('lets contradictions be decided, one or many', async () => {
    const waiting = await page.locator('tbody tr[data-row]').count();
    expect(waiting).toBe(2);
    await page.getByRole('button', { name: '采用表' }).first().click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^采\s*用$/ })
      .click();
    await page.getByText('已裁决 1 行。').waitFor();
    await page.getByRole('checkbox', { name: '全选已显示的行' }).check();
    await page.getByRole('button', { name: '所选都维持现有答复' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^维\s*持$/ })
      .click();
    await page.getByText('没有等待裁决的矛盾').waitFor();
    await page.getByText('返回与合并').click();
    await page
      .getByText(/已写入/)
      .first()
      .waitFor();
    await picture(page, '67-books-merged');
    expect(desk.faults).toEqual([]);
  });
});
