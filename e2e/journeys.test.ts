import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, type Desk, openDesk, picture, signIn } from './desk.ts';

/** A new user's way through the main job on a screen, from an empty county: each step a test, each screen a picture. */
describe.runIf(CHROMIUM !== undefined)('the main job on a screen', () => {
  let desk: Desk;
  let page: Page;
  beforeAll(async () => {
    desk = await openDesk({ residents: 600, received: false });
    page = await desk.open();
  });
  afterAll(async () => {
    await desk?.close();
  });

  it('signs in, and is told what is wrong with a wrong password', async () => {
    await signIn(page, 'county', 'nonsense');
    await page.getByText('账号或密码不对').waitFor();
    await picture(page, '01-login-refused');
    await signIn(page, 'county', 'Quanbao-2020');
    await page.getByText('县人社经办').first().waitFor();
    await picture(page, '02-empty-county');
  });
});
