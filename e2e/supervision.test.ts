import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { loadShipped } from '../apps/server/src/features/checklist/index.ts';
import { receive } from '../apps/server/src/features/sources/index.ts';
import {
  addDecision,
  addMeeting,
  raiseOrder,
  tellEscalations,
} from '../apps/server/src/features/supervision/index.ts';
import { axeFaults, CHROMIUM, type Desk, openDesk, picture } from './desk.ts';

const COUNTY = '430981';

describe.runIf(CHROMIUM !== undefined)('supervision on a screen', () => {
  let desk: Desk;
  let town: Page;
  let county: Page;
  let latest: string;
  let place: string;
  beforeAll(async () => {
    desk = await openDesk({ residents: 1500, received: true });
    const [row] = await desk.instance.db.asOwner((tx) =>
      tx.query<{ latest: string; region: string }>(
        `select c.latest_day as latest, a.region from county c, account a where a.login = 'town'`,
      ),
    );
    latest = row?.latest as string;
    place = row?.region as string;
    town = await desk.open('town');
    county = await desk.open('county');
  }, 300_000);
  afterAll(() => desk?.close());
  afterEach(() => expect(desk.faults).toEqual([]));

  const order = async (page: Page, act: string, remark?: string): Promise<void> => {
    await page.locator('.page-tools').getByRole('button', { name: act, exact: true }).click();
    const dialog = page.getByRole('dialog');
    if (remark !== undefined) await dialog.getByRole('textbox').fill(remark);
    await dialog.locator('button[type=submit]').click();
    await dialog.waitFor({ state: 'hidden' });
  };
  const state = (page: Page) => page.locator('.page-head .ant-tag').textContent();

  it('takes 附件5 from a town to the county and back, and shows what a later list changes', async () => {
    await town.getByRole('link', { name: '报送日历' }).click();
    const weekly = town.getByRole('region', { name: /附件5.*周报，乡镇报县）$/ });
    await weekly.waitFor();
    expect(await axeFaults(town)).toEqual([]);
    await weekly.getByRole('button').first().click();
    await town.getByRole('dialog').getByLabel('填报人').fill('甲');
    await town.getByRole('dialog').locator('button[type=submit]').click();
    await town.waitForURL(/\/submissions\/\d+/);
    await town.getByText('核对无误').waitFor();
    await order(town, '报送');
    await town.getByText('已报送', { exact: true }).first().waitFor();

    await county.goto(town.url());
    await county.getByRole('heading', { level: 1 }).first().waitFor();
    await order(county, '退回', '填报人写全名');
    await county.getByText('已退回', { exact: true }).first().waitFor();
    await town.reload();
    await town.getByText('填报人写全名').waitFor();
    await order(town, '重新编制');
    await town.getByText('已编制', { exact: true }).first().waitFor();
    await order(town, '报送');
    await town.getByText('已报送', { exact: true }).first().waitFor();
    await county.reload();
    await order(county, '审定', '');
    await county.getByText('已审定', { exact: true }).first().waitFor();
    expect(await state(county)).toBe('已审定');
    expect(await county.getByText('与所报的完全一样').count()).toBe(1);

    // Somebody of the town who is on no list of the insured turns out to be dead.
    const { db, cipher } = desk.instance;
    const [person] = await db.asOwner((tx) =>
      tx.query<{ name: string; id: Buffer }>(
        `select p.name, p.id_cipher as id from ledger_item i join person p using (county, person_no), county c
         where i.kind = 'uninsured' and i.from_day <= c.latest_day and i.to_day > c.latest_day and i.region like $1 limit 1`,
        [`${place}%`],
      ),
    );
    const [id] = cipher.decryptFields([person?.id as Buffer]);
    const path = join(desk.filesDir, '补报死亡.csv');
    writeFileSync(path, `身份证号码,姓名,死亡日期\n${id},${person?.name},${latest}\n`);
    const scope = { county: COUNTY, region: COUNTY, actor: 'county-office' };
    await receive(desk.instance, scope, [
      { source: 'deaths', asOf: latest, files: [{ name: '补报死亡.csv', path }] },
    ]);
    await county.reload();
    await county.getByText(/格不同/).waitFor();
    await county.getByRole('table', { name: '与现在的差异' }).waitFor();
    expect(await county.getByRole('listitem').filter({ hasText: '死亡' }).count()).toBeGreaterThan(0);
    await picture(county, 'supervision-submission');
    expect(await axeFaults(county)).toEqual([]);
    await county.getByRole('link', { name: '报送日历' }).first().click();
    await county.getByTitle('报送以后又有新情况').first().waitFor();
    await picture(county, 'supervision-calendar');
  }, 240_000);

  it('makes a meeting’s decision a task, which the town answers and the county finds in its list', async () => {
    const scope = { county: COUNTY, region: COUNTY, actor: 'county' };
    await loadShipped(desk.instance, scope, { origin: 'yuanjiang' });
    const { meeting } = await addMeeting(desk.instance, scope, {
      kind: 'dispatch',
      title: '第三次调度会',
      day: latest,
      agenda: '调度进度',
      attended: '各镇',
    });
    const decision = { text: '逐户补记联系时间和方式', unit: '人社所', region: place, due: latest };
    await addDecision(desk.instance, scope, meeting, decision);
    await county.locator('#menu').getByRole('link', { name: '会议与问题', exact: true }).click();
    // An office is offered nothing of what others were asked.
    const tax = await desk.open('tax');
    await tax.goto(`${desk.url}/meetings`);
    await tax.getByText('逐户补记联系时间和方式').waitFor();
    expect(await tax.getByRole('button', { name: '登记结果' }).count()).toBe(0);
    await tax.close();
    await county.getByRole('button', { name: '转为任务' }).click();
    const dialog = county.getByRole('dialog');
    await dialog.getByLabel('放进哪份任务清单').click();
    await county.locator('.ant-select-item-option').first().click();
    await picture(county, 'supervision-decision-task');
    await dialog.locator('button[type=submit]').click();
    const link = county.getByRole('link', { name: '任务清单第 11 项' });
    await link.waitFor();
    expect(await county.getByRole('button', { name: '转为任务' }).count()).toBe(0);

    await town.locator('#menu').getByRole('link', { name: '会议与问题', exact: true }).click();
    await town.getByRole('button', { name: '登记结果' }).click();
    await town.getByRole('dialog').getByLabel('办理结果').fill('已逐户补记');
    await town.getByRole('dialog').locator('button[type=submit]').click();
    await town.getByRole('table', { name: '议定事项' }).getByText('待审核').waitFor();

    await county.reload();
    await county.getByText('待审核').first().waitFor();
    await picture(county, 'supervision-decisions');
    expect(await axeFaults(county)).toEqual([]);
    await link.click();
    const item = county.getByRole('dialog');
    await item.getByText('逐户补记联系时间和方式').first().waitFor();
    await item.getByText('已逐户补记').first().waitFor();
    await county.keyboard.press('Escape');
    await item.waitFor({ state: 'hidden' });
  }, 240_000);

  it('shows orders, warnings, meetings and the analysis of a quarter without a fault', async () => {
    for (const [link, name] of [
      ['督办单', 'orders'],
      ['预警', 'warnings'],
      ['会议与问题', 'meetings'],
      ['季度分析', 'analysis'],
    ] as const) {
      await county.locator('#menu').getByRole('link', { name: link, exact: true }).click();
      await county.getByRole('heading', { level: 1 }).first().waitFor();
      await county.getByText('正在读取').first().waitFor({ state: 'hidden' });
      expect(await axeFaults(county)).toEqual([]);
      await picture(county, `supervision-${name}`);
    }
    await county.locator('#menu').getByRole('link', { name: '督办单', exact: true }).click();
    await county.getByRole('button', { name: '下达督办单' }).click();
    const dialog = county.getByRole('dialog');
    // Enter takes the day, and may send the form: before the rest is filled in it is refused.
    await dialog.getByLabel('办结时限').fill('2020-12-31');
    await dialog.getByLabel('办结时限').press('Enter');
    await dialog.getByLabel('承办部门').fill('税务');
    await dialog.getByLabel('事项').fill('缴费名单');
    await dialog.getByLabel('办理要求').fill('每周报送一次');
    await dialog.locator('button[type=submit]').click();
    await county.waitForURL(/\/orders\/\d+/);
    await county.getByRole('article', { name: '督办单' }).getByText('每周报送一次').waitFor();
    await picture(county, 'supervision-order');
  }, 240_000);

  it('tells the town in its inbox that an order has run late, lights the cockpit red, and is signed for', async () => {
    const scope = { county: COUNTY, region: COUNTY, actor: 'county' };
    const late = { region: place, subject: '补记联系方式', asked: '逐户补记', due: '2020-10-15' };
    const { order: no, number } = await raiseOrder(desk.instance, scope, late, '2020-10-10');
    await tellEscalations(desk.instance, COUNTY, latest);
    await town.goto(`${desk.url}/notices`);
    await town.getByText(/项预警、督办升级待签收/).waitFor();
    await picture(town, 'supervision-inbox');
    expect(await axeFaults(town)).toEqual([]);
    await town.getByRole('link', { name: '到预警页查看签收' }).click();
    const waiting = town.getByRole('region', { name: '待签收的预警和督办升级' });
    await waiting.getByRole('link', { name: `${number}《补记联系方式》` }).waitFor();
    await picture(town, 'supervision-escalated');
    expect(await axeFaults(town)).toEqual([]);
    await waiting.getByRole('button', { name: '签收' }).click();
    await waiting.waitFor({ state: 'hidden' });
    await county.goto(`${desk.url}/cockpit`);
    const light = county.getByRole('listitem').filter({ hasText: '约谈承办单位负责人，限期答复' });
    await light.getByText(/督办单逾期没有答复，最长 \d+ 天，升级：报县主要领导并通报/).waitFor();
    await picture(county, 'supervision-red-light');
    await light.getByRole('link', { name: '约谈承办单位负责人' }).click();
    await county.waitForURL((url) => url.pathname === `/orders/${no}`);
    await county.getByText(/已升级：报县主要领导并通报/).waitFor();
    expect(await axeFaults(county)).toEqual([]);
  }, 240_000);

  it('are ruled by what the county writes: tried on the figures of the day, saved with why, kept', async () => {
    await county.locator('#menu').getByRole('link', { name: '预警', exact: true }).click();
    await county.getByRole('link', { name: '按什么档次' }).click();
    await county.getByRole('heading', { name: '调度规则' }).waitFor();
    await county.getByRole('status', { name: '试算' }).waitFor();
    await county.getByRole('button', { name: '增加一项' }).click();
    const tried = county.getByRole('status', { name: '试算' });
    // Everybody pays too little for this one.
    await county.getByLabel('参保缴费率过低黄').fill('100.01');
    await tried.getByText(/^黄 \d+$/).waitFor();
    await county.getByLabel('参保缴费率过低橙').fill('100.05');
    await county.getByText(/黄、橙、红三档应一档比一档重/).waitFor();
    await county.getByLabel('参保缴费率过低橙').fill('');
    await picture(county, 'supervision-rules');
    expect(await axeFaults(county)).toEqual([]);
    const save = county.getByRole('region', { name: '保存' });
    expect(await save.getByRole('button', { name: '保存' }).isDisabled()).toBe(true);
    await save.getByLabel('依据').fill('县调度会议定');
    await save.getByRole('button', { name: '保存' }).click();
    await county.getByText(/起 预警档次：县调度会议定/).waitFor();
    await town.goto(`${desk.url}/supervision/rules`);
    await town.getByRole('rowheader', { name: '参保缴费率过低' }).waitFor();
    expect(await town.getByRole('button', { name: '增加一项' }).count()).toBe(0);
  }, 240_000);
});
