import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { DEMO_PASSWORD } from '../apps/server/src/features/access/index.ts';
import { axeFaults, CHROMIUM, FLAGS, picture } from './desk.ts';

const PIN = '274918';

/** A cheap phone in a worker's hand. */
export interface Phone {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors of the page itself: a journey ends with none. */
  readonly faults: string[];
  /** Signs in as the village, sets the PIN and downloads the list. */
  begin(url: string): Promise<void>;
  typePin(): Promise<void>;
  looksRight(name: string): Promise<void>;
  close(): Promise<void>;
}

export async function openPhone(): Promise<Phone> {
  const profile = mkdtempSync(join(tmpdir(), 'quanbao-phone-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM as string,
    args: FLAGS,
    viewport: { width: 360, height: 740 },
    deviceScaleFactor: 2,
    hasTouch: true,
    locale: 'zh-CN',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  const typePin = async (): Promise<void> => {
    for (const digit of PIN) await page.getByRole('button', { name: digit, exact: true }).click();
  };
  return {
    context,
    page,
    faults,
    typePin,
    async begin(url) {
      await page.goto(`${url}/field`);
      await page.getByLabel('账号').fill('village');
      await page.getByLabel('密码').fill(DEMO_PASSWORD);
      await page.getByRole('button', { name: '登录' }).click();
      await page.getByText('请设六位数字').waitFor();
      await typePin();
      await page.getByText('请再输一次').waitFor();
      await typePin();
      await page.getByRole('button', { name: /^下载 \d+ 人/ }).click();
      await page.getByRole('heading', { name: '今日走访' }).waitFor();
    },
    async looksRight(name) {
      await picture(page, name);
      expect(await axeFaults(page)).toEqual([]);
      expect(await tooSmall(page)).toEqual([]);
    },
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/** Buttons and links that a thumb would miss, and pages wider than the phone. */
export function tooSmall(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const small = [...document.querySelectorAll('button, a, input:not(.unseen):not([type=checkbox])')]
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && (box.height < 44 || box.width < 44))
      .map(({ element }) => element.outerHTML.slice(0, 120));
    return document.documentElement.scrollWidth > innerWidth ? [...small, 'too wide'] : small;
  });
}
