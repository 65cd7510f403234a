import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { axeFaults, CHROMIUM, type Desk, openDesk, picture } from './desk.ts';

const PROOF = {
  name: '细案.pdf',
  mimeType: 'application/pdf',
  buffer: Buffer.from('%PDF-1.4\n细案\n%%EOF\n'),
};

describe.runIf(CHROMIUM !== undefined)('the checklist on a screen', () => {
  let desk: Desk;
  let county: Page;
  let town: Page;
  beforeAll(async () => {
    desk = await openDesk({ residents: 200, received: false });
    county = await desk.open('county');
    town = await desk.open('town');
  }, 120_000);
  afterAll(() => desk?.close());
  afterEach(() => {
    expect(desk.faults).toEqual([]);
  });

  it('is loaded by the county and made into a town’s own 工作细案', async () => {
    await county.goto(`${desk.url}/checklists`);
    await county.getByRole('button', { name: '载入清单' }).click();
    const load = county.getByRole('dialog', { name: '载入任务清单' });
    await load.getByLabel(/全州县扩面征缴工作任务清单/).check();
    await load.getByRole('button', { name: '载入', exact: true }).click();
    await county.getByRole('heading', { name: '全州县基本养老保险扩面征缴工作任务清单' }).waitFor();
    await picture(county, 'checklist');
    expect(await county.getByRole('row').count()).toBe(26);
    expect(await axeFaults(county)).toEqual([]);

    await town.goto(county.url());
    await town.getByRole('button', { name: '制定本级工作细案' }).click();
    await town.getByRole('heading', { name: /工作细案/ }).waitFor();
  });

  it('goes from the town’s request to the return and to the write-off', async () => {
    const last = town.getByRole('row').filter({ hasText: '实施任务清单销账制度' });
    await last.click();
    const own = town.getByRole('dialog');
    await own.getByLabel('说明').fill('细案已经印发');
    await own.getByLabel('佐证材料').setInputFiles(PROOF);
    await own.getByRole('button', { name: '申请销账' }).click();
    await own.getByText('待审核').first().waitFor();

    await county.goto(town.url());
    const review = county.getByRole('dialog');
    await review.getByLabel('说明').fill('缺推进时间表');
    await review.getByRole('button', { name: '退回' }).click();
    await review.getByText('已退回').first().waitFor();

    await town.reload();
    await own.getByText('缺推进时间表').waitFor();
    await own.getByLabel('说明').fill('已补时间表');
    await own.getByRole('button', { name: '申请销账' }).click();
    await own.getByText('待审核').first().waitFor();

    await county.reload();
    await review.getByRole('button', { name: '销账', exact: true }).click();
    await review.getByText('已销账').first().waitFor();
    await picture(county, 'checklist-item');
    expect(await axeFaults(county)).toEqual([]);
  });
});
