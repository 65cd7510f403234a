// The pictures of the README, taken from a demo county that is being served: `npm start` in one window, then
// `npm run screenshots` in another. CHROMIUM names the browser, URL another address than http://localhost:8080.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { root } from './install.mjs';

const url = process.env.URL ?? 'http://localhost:8080';
const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path !== undefined && existsSync(path),
);
const out = join(root, 'docs/pictures');
mkdirSync(out, { recursive: true });

const browser = await chromium.launch({
  executablePath,
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});
try {
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 }, locale: 'zh-CN' });
  const signed = await page.request.post(`${url}/api/session`, {
    data: { login: 'county', password: 'Quanbao-2020' },
  });
  if (!signed.ok()) throw new Error(`${url} does not let the demo account in: ${signed.status()}`);
  const { items } = await (
    await page.request.get(`${url}/api/findings?queue=conflict&kind=duplicate-insured&limit=1`)
  ).json();
  const pages = [
    ['home', '/'],
    ['form', '/forms/annex4'],
    ['person', `/people/${items[0].line.person}`],
    ['findings', '/findings'],
  ];
  for (const [name, path] of pages) {
    await page.goto(url + path, { waitUntil: 'networkidle' });
    await page.waitForTimeout(500);
    await page.screenshot({ path: join(out, `${name}.png`) });
    console.log(`docs/pictures/${name}.png`);
  }
} finally {
  await browser.close();
}
