import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { type DemoFiles, generate } from '../apps/server/src/demo/index.ts';
import { addDemoAccounts, DEMO_PASSWORD } from '../apps/server/src/features/access/index.ts';
import { initCounty, readManifest, receive } from '../apps/server/src/features/sources/index.ts';
import { LIMITS } from '../apps/server/src/http/limits.ts';
import { type Service, startService } from '../apps/server/src/http/service.ts';
import {
  type Engine,
  engines,
  openTestInstance,
  type TestInstance,
} from '../apps/server/src/testing/instance.ts';

const COUNTY = '430981';
const DESK = fileURLToPath(new URL('../apps/desk/dist', import.meta.url));
const FIELD = fileURLToPath(new URL('../apps/field/dist', import.meta.url));
const PICTURES = fileURLToPath(new URL('./pictures', import.meta.url));

/** Where a Chromium is: Debian's, or the one named by CHROMIUM. */
export const CHROMIUM = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path !== undefined && existsSync(path),
);

export const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A real service over a demo county, and a real browser in front of it. */
export interface Desk {
  readonly instance: TestInstance;
  readonly files: DemoFiles;
  readonly filesDir: string;
  readonly url: string;
  /** A browser window of its own, signed in when a login is named; its faults are gathered in `faults`. */
  open(login?: string, size?: { width: number; height: number }): Promise<Page>;
  /** Errors of the page itself: a journey ends with none. */
  readonly faults: string[];
  close(): Promise<void>;
}

/** A journey through yesterday's screens proves nothing of today's. Built as it is delivered, not for a test. */
async function buildWhatIsStale(): Promise<void> {
  for (const app of ['desk', 'field']) {
    const script = new URL(`../apps/${app}/scripts/build.mjs`, import.meta.url);
    const { isStale } = await import(script.href);
    if (!isStale()) continue;
    execFileSync(process.execPath, [fileURLToPath(script)], {
      env: { ...process.env, NODE_ENV: 'production' },
    });
  }
}

/** @param options.received all of the demo's lists are there already */
export async function openDesk(options: { residents: number; received: boolean }): Promise<Desk> {
  await buildWhatIsStale();
  // Screens look the same on both; the server answers in half the time.
  const instance = await openTestInstance(engines.at(-1) as Engine);
  const { dir } = instance;
  await initCounty(instance, COUNTY, 'county-office', { demo: true });
  await addDemoAccounts(instance, COUNTY);
  const filesDir = join(dir, 'demo-files');
  const files = await generate({
    county: COUNTY,
    residents: options.residents,
    seed: 7,
    format: 'mixed',
    dir: filesDir,
    onProgress: () => undefined,
  });
  if (options.received) {
    const { deliveries } = await readManifest(files.manifest);
    const scope = { county: COUNTY, region: COUNTY, actor: 'county-office' };
    await receive(instance, scope, deliveries, { acceptWithdrawals: true });
  }
  const service: Service = await startService(instance, {
    county: COUNTY,
    host: '127.0.0.1',
    port: 0,
    deskDir: DESK,
    fieldDir: FIELD,
    // Service, lists and journey share a thread: it sheds no load.
    limits: { ...LIMITS, waitMs: 0 },
  });
  const browser: Browser = await chromium.launch({ executablePath: CHROMIUM as string, args: FLAGS });
  const faults: string[] = [];
  const contexts: BrowserContext[] = [];
  return {
    instance,
    files,
    filesDir,
    url: service.url,
    faults,
    async open(login, size = { width: 1366, height: 768 }) {
      const context = await browser.newContext({
        viewport: size,
        acceptDownloads: true,
        locale: 'zh-CN',
        // A click does not meet a dialog that is still growing.
        reducedMotion: 'reduce',
      });
      contexts.push(context);
      const page = await context.newPage();
      page.setDefaultTimeout(60_000);
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('console', (message) => {
        // A refusal is an answer like any other; the browser calls its status an error.
        if (message.type() === 'error' && !message.text().includes('status of 4'))
          faults.push(message.text());
      });
      await page.goto(`${service.url}/`);
      if (login !== undefined) await enter(page, login, DEMO_PASSWORD);
      return page;
    },
    async close() {
      for (const context of contexts) await context.close();
      await browser.close();
      await service.stop();
      await instance.close();
    },
  };
}

export async function signIn(page: Page, login: string, password: string): Promise<void> {
  await page.getByRole('textbox', { name: '账号' }).fill(login);
  await page.getByLabel('密码', { exact: true }).fill(password);
  await page.getByRole('button', { name: '登录', exact: true }).click();
}

/** Signs in and waits for the first page behind the door. */
export async function enter(page: Page, login: string, password: string): Promise<void> {
  await signIn(page, login, password);
  await page.waitForURL((url) => !url.pathname.startsWith('/login'));
  await page.waitForLoadState('networkidle');
}

/** A picture of the screen for whoever wants to look: e2e/pictures/<name>.png, kept out of the repository; nobody looks in CI. */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env.CI) return;
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: false });
}

/** What axe finds serious or critical on the page as it stands. */
export async function axeFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as {
    violations: { id: string; impact: string; nodes: { html: string }[] }[];
  };
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`);
}
