import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { noteDevice } from '../apps/server/src/features/survey/devices.ts';
import { syncVisits } from '../apps/server/src/features/survey/visits.ts';
import { axeFaults, CHROMIUM, type Desk, openDesk, picture } from './desk.ts';

const COUNTY = '430981';

/** A PNG of one pixel: what a signature pad makes, as small as it can be. */
const SIGNATURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

describe.runIf(CHROMIUM !== undefined)('the survey on a screen', () => {
  let desk: Desk;
  let page: Page;
  let village: string;
  let town: string;
  let uninsured: { person: number; region: string; name: string }[];
  beforeAll(async () => {
    desk = await openDesk({ residents: 1500, received: true });
    const { db } = desk.instance;
    uninsured = await db.asOwner((tx) =>
      tx.query<{ person: number; region: string; name: string }>(
        `select i.person_no::int as person, i.region, p.name from ledger_item i join person p using (county, person_no), county c
         where i.kind = 'uninsured' and i.state = 'verify' and i.from_day <= c.latest_day and i.to_day > c.latest_day
           and length(i.region) >= 12 order by i.region, i.person_no`,
      ),
    );
    const [account] = await db.asOwner((tx) =>
      tx.query<{ region: string }>(`select region from account where login = 'village'`),
    );
    village = account?.region as string;
    town = village.slice(0, 9);
    // Two thirds are visited over twelve days: the willing, the unwilling, who works away, whom nobody meets.
    const answers = ['willing', 'refuses', 'willing', 'migrant', 'unreachable', 'claims-registered'];
    for (const [i, { person, region }] of uninsured.filter((_, n) => n % 3 !== 2).entries()) {
      const own = region.startsWith(town);
      await syncVisits(
        desk.instance,
        { county: COUNTY, region: own ? town : COUNTY, actor: own ? 'town' : 'county' },
        {
          device: `手机${i % 4}`,
          now: new Date().toISOString(),
          commands: [
            {
              command: randomUUID(),
              person,
              madeAt: new Date(Date.now() - (i % 12) * 86_400_000).toISOString(),
              way: i % 4 === 3 ? 'call' : 'visit',
              answer: answers[i % answers.length] as string,
              ...(i % 6 === 4 ? { attempts: [{ at: new Date().toISOString(), way: '电话' }] } : {}),
              ...(i % 5 === 0 ? { remark: '在家，当面说明了缴费档次和补贴' } : {}),
            },
          ],
        },
      );
    }
    await noteDevice(
      desk.instance,
      { county: COUNTY, region: village, actor: 'village' },
      { device: 'a1b2c3d4-phone', waiting: 6 },
    );
    await noteDevice(
      desk.instance,
      { county: COUNTY, region: COUNTY, actor: 'county' },
      { device: 'e5f60718-phone', waiting: 0 },
    );
    await db.asOwner((tx) =>
      tx.query(
        `update device set waiting_since = now() - interval '8 days', seen_at = now() - interval '3 days' where actor = 'village'`,
      ),
    );
    page = await desk.open('county');
  }, 240_000);
  afterAll(async () => {
    await desk?.close();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await picture(page, `failed-${task.name.slice(0, 30)}`);
  });

  it('gives a village to a worker', async () => {
    await page.goto(`${desk.url}/covers?region=${village.slice(0, 9)}`);
    await page.getByRole('heading', { name: '包村' }).waitFor();
    const row = page.getByRole('row').filter({ has: page.locator('td') });
    await row.first().waitFor();
    const [name] = await desk.instance.db.asOwner((tx) =>
      tx.query<{ name: string }>(
        `select name from region where county = '${COUNTY}' and code = '${village}'`,
      ),
    );
    await page
      .getByRole('row', { name: new RegExp(name?.name as string) })
      .getByRole('checkbox')
      .check();
    await page.getByRole('button', { name: '分派所选 1 个村' }).click();
    await page.getByRole('dialog').getByLabel('走访员').click();
    await page.locator('.ant-select-item-option').filter({ hasText: '（village' }).click();
    await page.keyboard.press('Escape');
    await picture(page, '50-survey-cover');
    await page.getByRole('dialog').getByRole('button', { name: '分派' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.getByText('（village）').waitFor();
    await picture(page, '51-survey-covers');
    expect(await axeFaults(page)).toEqual([]);
  });

  it('sets a round of visits and shows how far it is', async () => {
    await page.goto(`${desk.url}/rounds`);
    await page.getByText('还没有走访任务').waitFor();
    await page.getByRole('button', { name: '布置走访任务' }).click();
    await page.getByLabel('名称').fill('九月应保未保走访');
    await picture(page, '52-survey-round');
    const dialog = page.getByRole('dialog');
    const [start, end] = [
      dialog.locator('.ant-picker-input input').nth(0),
      dialog.locator('.ant-picker-input input').nth(1),
    ];
    await start.click();
    await start.fill('2020-10-15');
    await end.click();
    await end.fill('2020-11-20');
    await dialog.getByText('布置走访任务').click();
    expect([await start.inputValue(), await end.inputValue()]).toEqual(['2020-10-15', '2020-11-20']);
    await dialog.getByRole('button', { name: '布置', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('heading', { name: '各地走访率，低的在前' }).waitFor();
    await page.locator('.survey-days svg').waitFor();
    await picture(page, '53-survey-progress');
    expect(await axeFaults(page)).toEqual([]);
    const link = page.locator('.survey-facts dd a').first();
    const counted = (await link.textContent()) as string;
    await link.click();
    await page.getByText(`共 ${counted} 条`).waitFor();
    await picture(page, '54-survey-people');
    expect(await axeFaults(page)).toEqual([]);
  });

  it('lists visits by filter and takes one back after asking', async () => {
    await page.goto(`${desk.url}/visits?answer=unreachable`);
    await page
      .getByRole('cell', { name: /联系不上/ })
      .first()
      .waitFor();
    await picture(page, '55-survey-visits');
    expect(await axeFaults(page)).toEqual([]);
    await page.getByRole('button', { name: /^撤回/ }).first().click();
    await page.getByRole('button', { name: '撤回答复' }).click();
    await page.getByText('已撤回', { exact: true }).first().waitFor();
    await page.goto(`${desk.url}/revisits`);
    await page.getByRole('cell', { name: '联系不上，联系记录不够' }).first().waitFor();
    await picture(page, '56-survey-revisits');
    expect(await axeFaults(page)).toEqual([]);
  });

  it('draws a back-check and enters what was found', async () => {
    await page.goto(`${desk.url}/checks`);
    await page.getByRole('button', { name: '抽取' }).click();
    await page.getByRole('dialog').getByLabel('走访任务').click();
    await page.locator('.ant-select-item-option').filter({ hasText: '九月应保未保走访' }).click();
    await page.getByRole('dialog').getByLabel('百分之几').fill('40');
    await picture(page, '57-survey-draw');
    await page.getByRole('dialog').getByRole('button', { name: '抽取' }).click();
    await page.getByRole('heading', { name: /第 1 次抽查/ }).waitFor();
    await page
      .getByRole('button', { name: /^登记.*的复核结果$/ })
      .first()
      .click();
    await page.getByRole('dialog').getByText('不一致').click();
    await page.getByRole('dialog').getByLabel('情况说明').fill('本人说没有人来过');
    await picture(page, '58-survey-result');
    await page.getByRole('dialog').getByRole('button', { name: '登记' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.getByRole('cell', { name: /不一致 本人说没有人来过/ }).waitFor();
    await picture(page, '59-survey-check');
    expect(await axeFaults(page)).toEqual([]);
    await page.goto(`${desk.url}/checks`);
    await page.getByRole('link', { name: /第 1 次/ }).waitFor();
    await picture(page, '60-survey-checks');
  });

  it('lets a village sign its head count, and says when it has moved since', async () => {
    const own = await desk.open('village');
    await own.goto(`${desk.url}/headcounts`);
    await own.getByRole('button', { name: /^核定/ }).click();
    await own.getByRole('dialog').getByRole('button', { name: '核定', exact: true }).click();
    await own.getByText('已核定', { exact: true }).waitFor();
    await picture(own, '61-survey-signed');
    // For another village the county signs, and then somebody of it turns out to be insured elsewhere.
    const moved = uninsured.find(({ region }) => region.startsWith(town)) as (typeof uninsured)[number];
    const [place] = await desk.instance.db.asOwner((tx) =>
      tx.query<{ name: string }>('select name from region where code = $1', [moved.region.slice(0, 12)]),
    );
    await page.goto(`${desk.url}/headcounts?region=${town}`);
    await page.getByRole('button', { name: `核定：${place?.name}` }).click();
    await picture(page, '62-survey-sign');
    await page.getByRole('dialog').getByRole('button', { name: '核定', exact: true }).click();
    await page.getByText('县代签').waitFor();
    await syncVisits(
      desk.instance,
      { county: COUNTY, region: COUNTY, actor: 'county' },
      {
        device: '手机0',
        now: new Date().toISOString(),
        commands: [
          {
            command: randomUUID(),
            person: moved.person,
            madeAt: new Date().toISOString(),
            way: 'visit',
            answer: 'employee-elsewhere',
          },
        ],
      },
    );
    await page.reload();
    await page.getByText('已变动', { exact: true }).first().waitFor();
    await picture(page, '62-survey-headcounts');
    expect(await axeFaults(page)).toEqual([]);
  });

  it('prints the statements of several villages in one go, a sheet each', async () => {
    await page.goto(`${desk.url}/statements?who=all`);
    const table = page.getByRole('table', { name: '各村（社区）要印的意愿书' });
    const counts = table.locator('tbody tr td:nth-child(3)');
    await counts.first().waitFor();
    expect(await page.getByRole('button', { name: '排版所选' }).isDisabled()).toBe(true);
    await table.getByRole('checkbox', { name: '选中这一行' }).nth(0).check();
    await table.getByRole('checkbox', { name: '选中这一行' }).nth(1).check();
    const sheets = (await counts.allTextContents()).slice(0, 2).reduce((sum, n) => sum + Number(n), 0);
    await page.getByText(`所选 2 个村（社区），${sheets} 张`).waitFor();
    await picture(page, '61-statements-of-town');
    expect(await axeFaults(page)).toEqual([]);
    await page.getByRole('button', { name: '排版所选' }).click();
    await page.getByText(`2 个村（社区），${sheets} 张，每人一页`).waitFor();
    expect(await page.getByRole('article').count()).toBe(sheets);
    await picture(page, '62-statements-laid-out');
    await page.getByRole('button', { name: '返回重选' }).click();
    await table.waitFor();
  });

  it('prints the statement, takes its scan in, and settles the item without writing it off', async () => {
    const one = uninsured.filter((_, n) => n % 3 === 2).at(-1) as { person: number; name: string };
    await page.goto(`${desk.url}/statements?person=${one.person}`);
    await page.getByRole('heading', { name: '城乡居民基本养老保险参保意愿书' }).waitFor();
    await page.getByRole('button', { name: '印全号' }).click();
    await page.getByLabel('事由').fill('入户签意愿书');
    await page.getByRole('button', { name: '显示全号' }).click();
    await page.getByText(/，印全号$/).waitFor();
    await picture(page, '63-survey-statement');
    expect(await axeFaults(page)).toEqual([]);
    await page.emulateMedia({ media: 'print' });
    await picture(page, '64-survey-statement-print');
    await page.emulateMedia({ media: 'screen' });
    await page.goto(`${desk.url}/visits/new?person=${one.person}`);
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: '意愿书.png', mimeType: 'image/png', buffer: SIGNATURE });
    await picture(page, '65-survey-enter');
    expect(await axeFaults(page)).toEqual([]);
    await page.getByRole('button', { name: '登记', exact: true }).click();
    await page.getByText('不愿参保，有意愿书或详细记录').first().waitFor();
    await picture(page, '66-survey-settled');
    await page.getByRole('link', { name: '走访记录' }).last().click();
    await page.getByRole('button', { name: `${one.name}的图片` }).click();
    await page.getByRole('img', { name: '第 1 张' }).waitFor();
    await picture(page, '67-survey-picture');
  });

  it('shows what a phone still holds, and for how long', async () => {
    await page.goto(`${desk.url}/devices`);
    await page.getByText('未上报超过7天').waitFor();
    await picture(page, '68-survey-devices');
    expect(await axeFaults(page)).toEqual([]);
  });

  it('meets no fault of the page on the whole way', () => {
    expect(desk.faults).toEqual([]);
  });
});
