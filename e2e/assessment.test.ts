import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { axeFaults, CHROMIUM, type Desk, openDesk, picture } from './desk.ts';

describe.runIf(CHROMIUM !== undefined)('an assessment on a screen', () => {
  let desk: Desk;
  let county: Page;
  let town: Page;
  let region: string;
  let name: string;
  beforeAll(async () => {
    desk = await openDesk({ residents: 800, received: true });
    const [account] = await desk.instance.db.asOwner((tx) =>
      tx.query<{ region: string; name: string }>(
        `select a.region, r.name from account a join region r on r.county = a.county and r.code = a.region where a.login = 'town'`,
      ),
    );
    region = account?.region as string;
    name = account?.name as string;
    county = await desk.open('county');
    town = await desk.open('town');
  }, 240_000);
  afterAll(async () => {
    await desk?.close();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') {
      await picture(county, 'failed-assessment-county');
      await picture(town, 'failed-assessment-town');
    }
  });
  const dialog = (page: Page) => page.getByRole('dialog');
  const closed = (page: Page) => dialog(page).waitFor({ state: 'hidden' });

  it('checks a scheme while it is changed', async () => {
    await county.goto(`${desk.url}/assessment/schemes/yuanjiang-2020-10`);
    await county.getByText('权重和分档由系统自拟').waitFor();
    await picture(county, '80-assessment-scheme');
    await county.getByLabel('满分', { exact: true }).fill('110');
    await county.getByText('各计分行满分合计 100 分，方案满分 110 分').waitFor();
    expect(await county.getByRole('button', { name: '保存为新的一版' }).isDisabled()).toBe(true);
    await county.getByRole('button', { name: '撤销改动' }).click();
    await county
      .getByRole('row', { name: /^城乡居保覆盖率/ })
      .getByRole('button', { name: '修改' })
      .click();
    await dialog(county).getByText('每行一档').waitFor();
    await picture(county, '81-assessment-line');
    await county.keyboard.press('Escape');
    await closed(county);
    // What is looked at is the page at rest.
    await county.mouse.move(700, 20);
    await county.getByRole('heading', { level: 1 }).click();
    expect(await axeFaults(county)).toEqual([]);
  });

  it('computes, is self-assessed, appealed, decided, frozen, published and verified', async () => {
    await county.goto(`${desk.url}/assessments`);
    await county.getByRole('button', { name: '开始一轮考核' }).click();
    await dialog(county).getByLabel('考核方案').click();
    await county.locator('.ant-select-item-option').filter({ hasText: '10月考核' }).click();
    await dialog(county).getByLabel('名称').fill('全覆盖行动10月考核');
    await dialog(county).getByRole('button', { name: '开始' }).click();
    await county.getByRole('heading', { name: '全覆盖行动10月考核' }).waitFor();
    await county.getByRole('row').nth(3).waitFor();
    await picture(county, '82-assessment-ranking');
    expect(await axeFaults(county)).toEqual([]);

    // The town: its own lines alone, its own value beside the computed one.
    await town.goto(`${desk.url}/assessments/1`);
    await town.getByText('本单位（公布后显示名次和等次）').waitFor();
    expect(await town.getByRole('row').count()).toBe(2);
    await town.getByRole('link', { name }).click();
    await town.getByRole('button', { name: '填写自查评估' }).click();
    await dialog(town).getByLabel('自查评估情况').fill('全镇按时完成核实任务，自查情况如下。');
    await dialog(town).getByLabel('城乡居保覆盖率自报').fill('97.5');
    await picture(town, '83-assessment-self');
    await dialog(town).getByRole('button', { name: '报送' }).click();
    await closed(town);
    await town.getByText('97.50%').waitFor();

    // The county enters what no list tells, and opens the appeals.
    await county.goto(`${desk.url}/assessments/1/units/${region}`);
    await county
      .getByRole('row', { name: /周报、月报按时报送/ })
      .getByRole('button', { name: '登记' })
      .click();
    await dialog(county).getByLabel('迟报、漏报次数').fill('2');
    await dialog(county).getByLabel('依据').fill('周报登记簿');
    await dialog(county).getByRole('button', { name: '登记' }).click();
    await closed(county);
    await county.getByText('5 − 2次 × 1 分，扣完为止：3 分').waitFor();
    await picture(county, '84-assessment-unit');
    await county.goto(`${desk.url}/assessments/1`);
    await county.getByRole('button', { name: '进入初评' }).click();
    await dialog(county).getByRole('button', { name: '进入初评' }).click();
    await county.getByRole('button', { name: '定案' }).waitFor();

    await town.reload();
    await town
      .getByRole('row', { name: /周报、月报按时报送/ })
      .getByRole('button', { name: '申诉' })
      .click();
    await dialog(town).getByLabel('申诉理由').fill('一次因停电迟报，已有证明。');
    await dialog(town)
      .getByLabel(/主张的数值/)
      .fill('1');
    await dialog(town).getByRole('button', { name: '提出申诉' }).click();
    await closed(town);
    await town.getByText('待裁决').waitFor();

    await county.goto(`${desk.url}/assessments/1/units/${region}`);
    await county.getByRole('button', { name: '裁决' }).click();
    await dialog(county).getByLabel('裁决意见').fill('情况属实，改记一次。');
    await dialog(county).getByRole('button', { name: '裁决' }).click();
    await closed(county);
    await county.getByText('申诉第 1 号改定').waitFor();

    await county.goto(`${desk.url}/assessments/1`);
    await county.getByRole('button', { name: '定案' }).click();
    await dialog(county).getByRole('button', { name: '定案' }).click();
    await county.getByRole('button', { name: '公布' }).click();
    await dialog(county).getByLabel('通报文件和文号').fill('沅人社通〔2020〕31号');
    await dialog(county).getByRole('button', { name: '公布' }).click();
    await closed(county);
    await county.getByRole('button', { name: '重新计算核对' }).click();
    await county.getByText('得分、等次和摘要都相同').waitFor();
    await picture(county, '85-assessment-verified');
    await county.getByRole('link', { name: '验收结果' }).click();
    await county.getByRole('table', { name: '各等次' }).waitFor();
    await county.getByText('沅人社通〔2020〕31号').waitFor();
    await picture(county, '87-assessment-acceptance');
    expect(await axeFaults(county)).toEqual([]);
    await county.getByRole('button', { name: '起草验收通报' }).click();
    await county.waitForURL((url) => url.pathname.startsWith('/papers/'));

    await town.goto(`${desk.url}/assessments/1`);
    await town.getByText('排名和定级').waitFor();
    expect(await town.getByRole('row').count()).toBeGreaterThan(3);
    // Its own name and its own grade, and nobody else's.
    expect(await town.getByRole('table').getByRole('link').count()).toBe(2);
    // From the grade to its lines.
    await town.getByRole('link', { name: `${name}：` }).click();
    await town.getByText('申诉第 1 号改定').waitFor();
    await picture(town, '86-assessment-town');
    expect(await axeFaults(town)).toEqual([]);

    // From the line to its indicator, with what it is and comes to now.
    await town.getByRole('link', { name: /^城乡居保覆盖率 .*：看指标$/ }).click();
    await town.getByText('口径：已进行参保登记人数÷应覆盖人数').waitFor();
    await town.getByRole('link', { name: '看口径和各地的数' }).click();
    await town.getByRole('heading', { name: '指标口径' }).waitFor();
    await town.goBack();
    await town.goBack();
    // From the line to the people it counts.
    const line = town.getByRole('row', { name: /^城乡居保覆盖率/ });
    const number = ((await line.getByRole('link').nth(1).textContent()) ?? '').replaceAll(',', '');
    await line.getByRole('link').nth(1).click();
    await town.getByText(`共 ${Number(number).toLocaleString('zh-CN')} 条`).waitFor();
    expect(desk.faults).toEqual([]);
  });
});
