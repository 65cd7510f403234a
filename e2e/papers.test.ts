import { writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { axeFaults, CHROMIUM, type Desk, openDesk, picture } from './desk.ts';
import { readPdf, textOf } from './pdf.ts';

/** GB/T 9704: the type area of 156 × 225 mm between these margins. */
const MARGIN = { top: 37, left: 28, right: 26, bottom: 35 };

describe.runIf(CHROMIUM !== undefined)('papers on a screen', () => {
  let desk: Desk;
  let county: Page;
  beforeAll(async () => {
    desk = await openDesk({ residents: 800, received: true });
    county = await desk.open('county');
  }, 300_000);
  afterAll(() => desk?.close());
  afterEach(() => expect(desk.faults).toEqual([]));

  const sheet = () => county.locator('article.paper');

  it('takes new words into the template of the bulletin, and the composed paper says them with its figures', async () => {
    await county.locator('#menu').getByRole('link', { name: '周报与通报', exact: true }).click();
    await county.getByRole('link', { name: '模板', exact: true }).click();
    await county.getByRole('heading', { name: '材料模板' }).waitFor();
    await county.getByLabel('种类').click();
    await county.locator('.ant-select-item-option', { hasText: '月通报' }).click();
    const text = county.getByLabel('第 1 部分 正文');
    const before = await text.inputValue();
    // What could not be printed is said at once, and is not saved.
    await text.fill(`${before}\n截至月底，全县参保缴费率{paying-rat}。`);
    await county.locator('.paper-problems', { hasText: 'paying-rat' }).waitFor();
    expect(await county.getByRole('button', { name: '保存' }).isDisabled()).toBe(true);
    await text.fill(`${before}\n各单位要对标先进、补齐短板，截至统计日参保缴费率为{paying-rate}。`);
    await county.getByText('占位符、条件和图表都能印。').waitFor();
    await picture(county, 'papers-template');
    expect(await axeFaults(county)).toEqual([]);
    await county.getByRole('button', { name: '保存' }).click();
    await county.getByText('本县修改过的模板').waitFor();

    await county.getByRole('link', { name: '全部材料' }).click();
    await county.getByRole('button', { name: '起草' }).click();
    const dialog = county.getByRole('dialog');
    await dialog.getByText('月通报').click();
    await dialog.locator('button[type=submit]').click();
    await county.waitForURL(/\/papers\/\d+/);
    const said = sheet().getByText(/各单位要对标先进、补齐短板，截至统计日参保缴费率为\d+\.\d\d%。/);
    await said.waitFor();
    await said.scrollIntoViewIfNeeded();
    await picture(county, 'papers-bulletin');
    expect(await axeFaults(county)).toEqual([]);
  }, 240_000);

  it('prints a paper as a PDF on the page of GB/T 9704, with its title, its form on a page of its own, and page numbers', async () => {
    const title = (await sheet().locator('.paper-title').textContent()) as string;
    const file = await county.pdf({ preferCSSPageSize: true, printBackground: false });
    if (process.env.PDF_OUT) writeFileSync(process.env.PDF_OUT, file);
    const pages = readPdf(file);
    expect(pages.length).toBeGreaterThan(1);
    const round = (n: number): number => Math.round(n);
    const [first] = pages;
    expect(textOf(first as never).replace(/\s/g, '')).toContain(title.replace(/\s/g, ''));
    for (const page of pages) {
      const sideways = page.width > page.height;
      expect([round(page.width), round(page.height)]).toEqual(sideways ? [297, 210] : [210, 297]);
    }
    const upright = pages.filter(({ width, height }) => width < height);
    for (const page of upright) {
      const body = page.pieces.filter(({ top }) => top < page.height - MARGIN.bottom);
      expect(Math.min(...body.map(({ left }) => left))).toBeGreaterThanOrEqual(MARGIN.left - 0.5);
      expect(Math.max(...body.map(({ left }) => left))).toBeLessThan(page.width - MARGIN.right);
      // A line's foot: its head stands that much higher.
      expect(Math.min(...body.map(({ top }) => top))).toBeGreaterThan(MARGIN.top);
      // Below the type area only the page's number.
      const foot = page.pieces.filter(({ top }) => top >= page.height - MARGIN.bottom);
      expect(foot.map(({ text }) => text).join('')).toMatch(/^— \d+ —$/);
    }
    expect(pages.some(({ width, height }) => width > height)).toBe(true);
    const all = pages.map(textOf).join('');
    expect(all).toContain('各单位要对标先进');
    // Nothing of the screen around it.
    for (const words of ['印发……', '打印或存为', '退出', '全部材料']) expect(all).not.toContain(words);
  }, 240_000);
});
