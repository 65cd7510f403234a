import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPlace, type Place, registerCsv } from '../testing/command.ts';
import { engines } from '../testing/instance.ts';

// A command on PGlite costs seconds: where PostgreSQL is here, this runs on it.
describe.each(engines.slice(-1))('checklist on %s', (engine) => {
  let place: Place;
  beforeAll(async () => {
    place = await openPlace(engine, { county: '430981' });
    const register = place.file('户籍.csv', registerCsv(0, 12));
    const list = ['--source', 'household-register', '--as-of', '2020-08-31'];
    expect((await place.here(['import', register, ...list])).code).toBe(0);
    expect((await place.here(['checklist', 'load', 'yuanjiang'])).code).toBe(0);
  });
  afterAll(() => place?.drop());

  const close = (item: string, evidence: string) =>
    place.here(['checklist', 'close', item, '--evidence', evidence, '--as-of', '2020-09-10', '--json']);
  /** What was done to the item, the newest first: the county's closing stands on the request with its proof. */
  const life = async (item: string) =>
    (await place.here(['checklist', 'show', item, '--as-of', '2020-09-10', '--json'])).json().events;

  it('takes no mistyped path for the text of the evidence', async () => {
    for (const wrong of ['佐证/名单.pdf', '名单.PDF', './没有']) {
      const done = await close('1/1', wrong);
      expect([done.code, done.json().problem.code], wrong).toEqual([3, 'checklist.document']);
    }
    expect(await life('1/1')).toEqual([]);
  });

  it('takes a file that is there, and a sentence', async () => {
    expect((await close('1/1', place.file('名单.txt', '核实名单'))).json()).toEqual({ state: 'closed' });
    expect(await life('1/1')).toMatchObject([
      { act: 'close', document: null },
      { act: 'request', document: '名单.txt', note: '见附件' },
    ]);
    expect((await close('1/2', '已核实9/10户，余下的在外地。')).json()).toEqual({ state: 'closed' });
    expect((await life('1/2')).at(-1)).toMatchObject({
      act: 'request',
      document: null,
      note: '已核实9/10户，余下的在外地。',
    });
  });

  it('lists lists and the items of one, as of a day and of a place, and says what to do where there is none', async () => {
    const run = (...args: string[]) => place.here(['checklist', ...args]);
    const listed = await run('list', '--as-of', '2020-09-10');
    expect(listed.out).toMatch(/^1 {2}沅江市 {2}.*：10 项，已销账 2，待审核 0，逾期 \d+\n$/);
    const { asOf, items } = (await run('list', '--as-of', '2020-09-10', '--json')).json();
    expect([asOf, items.map((one: { counts: object }) => one.counts)]).toEqual([
      '2020-09-10',
      [expect.objectContaining({ items: 10, closed: 2 })],
    ]);
    // Nobody had written anything off by the first of the month.
    const before = (await run('list', '--as-of', '2020-09-01', '--json')).json();
    expect(before.items[0].counts.closed).toBe(0);
    const whole = await run('list', '1', '--as-of', '2020-09-10');
    expect(whole.out.trim().split('\n')).toHaveLength(11);
    expect(whole.out).toMatch(/\n1\/1 {2}\[已销账/);
    const page = (await run('list', '1', '--as-of', '2020-09-10', '--json')).json();
    expect(page.items.map((one: { item: number }) => one.item)).toHaveLength(10);
    const town = ['--region', '430981114'];
    expect((await run('list', ...town)).out).toContain('没有清单');
    expect((await run('list', ...town, '--json')).json().items).toEqual([]);
    expect((await run('list', '--region', '430981999', '--json')).json().problem.code).toBe('report.region');
    const none = await run('list', '7', '--json');
    expect([none.code, none.json().problem.code]).toEqual([3, 'checklist.unknown']);
  });

  it('prints 附件2 as a table, JSON and csv, of the county and of a town that has derived its own', async () => {
    const annex2 = (...args: string[]) => place.here(['report', 'annex2', ...args]);
    const table = (await annex2('--json')).json();
    expect([table.columns, table.rows.length]).toEqual([
      ['序号', '实施阶段', '重点任务', '责任单位', '完成时限', '备注'],
      10,
    ]);
    const told = (await annex2()).out.trim().split('\n');
    expect(told.slice(0, 2)).toEqual([table.title, table.columns.join('　')]);
    const out = join(place.dir, '..', '附件2.csv');
    expect(await annex2('--out', out)).toMatchObject({ code: 0, err: `已写出 ${out}\n` });
    expect(readFileSync(out, 'utf8')).toContain(table.rows[0][2]);
    const town = ['--region', '430981114'];
    const none = await annex2(...town, '--json');
    expect([none.code, none.json().problem.code]).toEqual([3, 'annex2.region']);
    expect(none.err).toContain('checklist derive');
    expect((await place.here(['checklist', 'derive', '1', ...town])).code).toBe(0);
    const own = (await annex2(...town, '--json')).json();
    expect(own.rows.length).toBeLessThan(10);
    expect(own.rows.length).toBeGreaterThan(0);
  });
});
