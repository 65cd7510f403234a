import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { DEMO_PASSWORD } from '../apps/server/src/features/access/index.ts';
import { startService } from '../apps/server/src/http/service.ts';
import { type Campaign, COUNTY } from './county.ts';

const CHROMIUM = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path !== undefined && existsSync(path),
);

const SCREENS: Readonly<Record<PlainDate, readonly (readonly [title: string, path: string])[]>> = {
  '2020-08-01': [
    ['首页', '/'],
    ['报送记录', '/deliveries'],
    ['矛盾与待核', '/findings'],
  ],
  '2020-08-31': [
    ['驾驶舱', '/cockpit'],
    ['附件5', '/forms/annex5'],
    ['任务清单', '/checklists'],
    ['目标任务', '/targets'],
  ],
  '2020-09-16': [
    ['抽查复核', '/checks'],
    ['督办单', '/orders'],
    ['预警', '/warnings'],
    ['走访进度', '/rounds'],
  ],
  '2020-09-30': [
    ['首页', '/'],
    ['报送日历', '/calendar'],
    ['台账总览', '/ledger'],
  ],
  '2020-10-20': [
    ['考核', '/assessments'],
    ['材料', '/papers'],
  ],
  '2020-10-31': [
    ['首页', '/'],
    ['驾驶舱', '/cockpit'],
    ['附件4', '/forms/annex4'],
    ['考核结果', '/assessments/1'],
    ['留痕', '/audit'],
  ],
};

/** A page that has its content. */
const READ = `(document.querySelector('main')?.innerText ?? '').length > 80 && !document.body.innerText.includes('正在读取')`;

/** Why there will be no pictures; undefined where there will. */
export function withoutScreens(root: string): string | undefined {
  if (CHROMIUM === undefined) return '这台机器没有 Chromium，未拍屏幕截图';
  if (!existsSync(join(root, 'apps/desk/dist/index.html')))
    return '桌面端没有构建（npm run build），未拍屏幕截图';
  return undefined;
}

/** The desk as the county's clerk sees it on the day. */
export async function takePictures(campaign: Campaign, day: PlainDate, root: string): Promise<void> {
  const screens = SCREENS[day];
  if (screens === undefined) return;
  const { chromium } = await import('playwright-core');
  const service = await startService(campaign.instance, {
    county: COUNTY,
    host: '127.0.0.1',
    port: 0,
    deskDir: join(root, 'apps/desk/dist'),
  });
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
    ],
  });
  try {
    const context = await browser.newContext({
      viewport: { width: 1366, height: 768 },
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    await page.clock.setSystemTime(new Date());
    const signed = await page.request.post(`${service.url}/api/session`, {
      data: { login: 'county', password: DEMO_PASSWORD },
    });
    if (!signed.ok()) throw new Error(`the desk lets nobody in: ${signed.status()}`);
    for (const [title, path] of screens) {
      await page.goto(service.url + path, { waitUntil: 'networkidle', timeout: 120_000 });
      await page.waitForFunction(READ, undefined, { timeout: 120_000 });
      await page.waitForLoadState('networkidle');
      await page.waitForTimeout(800);
      campaign.gallery.picture(day, title, await page.screenshot());
    }
  } finally {
    await browser.close();
    await service.stop();
  }
}
