import { Refusal } from '@quanbao/domain/kernel/problem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scope } from '../../db/port.ts';
import { engines, scopeOf } from '../../testing/instance.ts';
import { COUNTY, openWorld, PEOPLE, SCOPE, TOWNS, type World, WRONG } from '../../testing/journal-world.ts';
import { loadRegionTree } from '../regions/index.ts';
import { findingQueue, personPage } from '../register/index.ts';
import { latestDay, listDeliveries, listRejected, overdueSources, receive } from '../sources/index.ts';
import { annex3Lines, annex3Page, askableDays, chooseDay, countedForms } from './index.ts';

const [TOWN, OTHER] = TOWNS;
const VILLAGE = `${TOWN}201`;
const DAYS = [undefined, '2020-08-01', '2020-08-20', '2020-09-10'];
const PLACES = [TOWN, OTHER, VILLAGE, `${TOWN}202`, `${OTHER}201`];
/** Column 20 and the reasons are the county's to see. */
const REASONS = [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 20].map((column) => column - 1);

const id = (n: number): string => (PEOPLE[n] as { id: string }).id;

describe.each(engines)('what a town and a village see of their own on %s', (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
    const send = (
      source: string,
      asOf: string,
      header: string,
      rows: (readonly (string | number)[])[],
      region?: string,
    ) =>
      receive(
        world,
        SCOPE,
        [
          {
            source,
            asOf,
            files: [
              world.file(`${source}.csv`, `${[header, ...rows.map((row) => row.join(','))].join('\n')}\n`),
            ],
            ...(region === undefined ? {} : { region }),
          },
        ],
        { acceptWithdrawals: true },
      );
    const register = '身份证号码,姓名,户籍地址,行政区划代码,联系电话';
    const villages = [VILLAGE, `${TOWN}202`, `${OTHER}201`, `${OTHER}202`];
    const rows = (from: number, to: number, move = 0) =>
      PEOPLE.slice(from, to).map((p, i) => [
        p.id,
        p.name,
        `沅江市${i}号`,
        villages[(from + i + move) % 4] as string,
        `1380000${1000 + from + i}`,
      ]);
    // The other town's own slice comes first and holds a wrong number of somebody who lives here.
    await send(
      'household-register',
      '2020-08-01',
      register,
      [...rows(16, 20), [WRONG[1] as string, '错号', '沅江市', VILLAGE, '']],
      OTHER,
    );
    await send('household-register', '2020-08-15', register, [
      ...rows(0, 16),
      [WRONG[0] as string, '错号', '沅江市', VILLAGE, ''],
    ]);
    await send('residents-scheme', '2020-08-15', '身份证号码,姓名,参保状态,缴费状态', [
      ...PEOPLE.slice(0, 6).map((p) => [p.id, p.name, 1, 1]),
      [id(9), PEOPLE[9]?.name ?? '', 1, 3],
    ]);
    await send('prisoners', '2020-08-15', '身份证号码,姓名,刑期起', [
      [id(8), PEOPLE[8]?.name ?? '', '2020-01-01'],
      [id(9), PEOPLE[9]?.name ?? '', '2020-01-01'],
    ]);
    await send('employees-in-province', '2020-08-15', '身份证号码,姓名,状态', [
      [id(0), PEOPLE[0]?.name ?? '', '在职'],
      [id(12), PEOPLE[12]?.name ?? '', '在职'],
    ]);
    const survey = '身份证号码,姓名,核实情况,12位区划编码,联系时间';
    await send(
      'survey-workbook',
      '2020-08-18',
      survey,
      [[id(13), PEOPLE[13]?.name ?? '', '愿意', '', '2020-08-17']],
      TOWN,
    );
    await send(
      'survey-workbook',
      '2020-09-12',
      survey,
      [[id(10), PEOPLE[10]?.name ?? '', '参军', '', '2020-09-11']],
      OTHER,
    );
    // Some have moved from one town to the other since.
    await send('household-register', '2020-09-01', register, rows(0, 16, 1));
  });
  afterAll(() => world?.close());

  const forms = (scope: Scope, region: string, day: string | undefined) =>
    world.db.transaction(scope, (tx) => countedForms(tx, scope, ['annex4', 'annex5'], region, day));
  const lines = (scope: Scope, region: string, day: string | undefined) =>
    world.db.transaction(scope, async (tx) => {
      const tree = await loadRegionTree(tx, COUNTY);
      const on = chooseDay(await askableDays(tx, COUNTY), day);
      const whole = [];
      for await (const page of annex3Lines(tx, world, scope, tree, region, on)) whole.push(...page);
      expect(await annex3Page(tx, world, scope, tree, region, on, { limit: 1000 })).toEqual(whole);
      return whole;
    });

  it('the same forms as the county prints of them, on every day', async () => {
    let quarantined = 0;
    for (const region of PLACES) {
      for (const day of DAYS) {
        const own = await forms(scopeOf(COUNTY, region), region, day);
        expect(own, `${region} ${day}`).toEqual(await forms(SCOPE, region, day));
        if (day === undefined) expect(own[0]?.asOf).toBe('2020-09-12');
        quarantined += Number(/另有 (\d+) 行未计入/.exec(own[0]?.total.remark ?? '')?.[1] ?? 0);
      }
    }
    expect(quarantined).toBeGreaterThan(0);
  });

  it('the same 附件3 but for the reasons that are not theirs to see, also of who has moved away since', async () => {
    let hidden = 0;
    let people = 0;
    for (const region of PLACES) {
      for (const day of DAYS) {
        const own = await lines(scopeOf(COUNTY, region), region, day);
        const county = await lines(SCOPE, region, day);
        const without = (all: typeof own, at: number[]) =>
          all.map((line) => ({ ...line, cells: line.cells.map((cell, i) => (at.includes(i) ? '' : cell)) }));
        const blank = own.map((line) => line.cells[19] === '原因由县掌握');
        expect(without(own, REASONS)).toEqual(without(county, REASONS));
        expect(own.filter((_, i) => !blank[i])).toEqual(county.filter((_, i) => !blank[i]));
        for (const [i, line] of county.entries())
          if (blank[i]) expect(line.cells.slice(7, 17)).toContain('√');
        hidden += blank.filter(Boolean).length;
        people += own.length;
      }
    }
    expect(people).toBeGreaterThan(50);
    expect([hidden > 0, hidden < people / 3]).toEqual([true, true]);
  });

  const page = (region: string, n: number, asOf?: string) =>
    personPage(world, scopeOf(COUNTY, region), id(n), { asOf });

  it('a person of their own: what lists say, but not of those they may not read', async () => {
    const whole = await personPage(world, SCOPE, id(5), {});
    const place = whole.region.code.slice(0, 9);
    const own = await page(place, 5);
    expect({ ...own, history: [] }).toEqual({ ...whole, history: [] });
    expect(own.evidence.map((e) => e.source)).toContain('residents-scheme');
    const other = place === TOWN ? OTHER : TOWN;
    await expect(page(other, 5)).rejects.toMatchObject({ problem: { code: 'person.unknown' } });

    const prisoner = await personPage(world, SCOPE, id(8), {});
    const shown = await page(prisoner.region.code, 8);
    expect([prisoner.column, shown.column, shown.rule, shown.verdict]).toEqual([
      14,
      null,
      null,
      '原因由县掌握',
    ]);
    expect(shown.unseen).toBe(1);
    const drawing = await page((await personPage(world, SCOPE, id(9), {})).region.code, 9);
    expect(drawing.conflicts.map((c) => c.kind)).not.toContain('prison-drawing');
    expect(JSON.stringify([shown, drawing])).not.toMatch(/prison|服刑/);
  });

  it('of a person who moved only the part that was theirs', async () => {
    const whole = await personPage(world, SCOPE, id(1), {});
    const own = await page(whole.region.code.slice(0, 9), 1);
    expect(whole.history.length).toBeGreaterThan(own.history.length);
    expect(own.history.every((h) => h.region.startsWith(whole.region.code.slice(0, 9)))).toBe(true);
    const refused = await page(whole.region.code.slice(0, 9), 1, '2020-08-20').catch((e: unknown) => e);
    expect(refused).toBeInstanceOf(Refusal);
    expect(refused).toMatchObject({ problem: { code: 'person.not-yet' } });
  });

  it.each(['conflict', 'quality'] as const)('their %s items', async (queue) => {
    const whole = await findingQueue(world, SCOPE, queue, { region: COUNTY });
    const readable = whole.items.filter((item) => item.kind !== 'prison-drawing');
    if (queue === 'conflict') expect(readable.length).toBeLessThan(whole.items.length);
    for (const region of PLACES) {
      const own = await findingQueue(world, scopeOf(COUNTY, region), queue, { region });
      expect(own.items).toEqual(readable.filter((item) => item.region.startsWith(region)));
      expect(own.total).toBe(own.items.length);
    }
    expect(whole.items.every((item) => item.name !== '' && item.person.includes('*'))).toBe(true);
  });

  it('deliveries, rejected rows and late lists', async () => {
    const at = <T>(
      region: string,
      work: (tx: Parameters<Parameters<World['db']['transaction']>[1]>[0], scope: Scope) => Promise<T>,
    ) => {
      const scope = scopeOf(COUNTY, region);
      return world.db.transaction(scope, (tx) => work(tx, scope));
    };
    const numbers = async (region: string) => (await at(region, listDeliveries)).map((d) => d.delivery);
    expect(await numbers(COUNTY)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await numbers(TOWN)).toEqual([1, 2, 3, 4, 5, 6, 8]);
    expect(await numbers(VILLAGE)).toEqual([1, 2, 3, 4, 5, 6, 8]);
    expect(await numbers(OTHER)).toEqual([1, 2, 3, 4, 5, 7, 8]);
    expect(await at(VILLAGE, (tx, scope) => listRejected(tx, scope, 2))).toHaveLength(1);
    expect(await at(OTHER, (tx, scope) => listRejected(tx, scope, 2))).toEqual([]);
    await expect(at(TOWN, (tx, scope) => listRejected(tx, scope, 4))).rejects.toMatchObject({
      problem: { code: 'rejected.sight' },
    });
    await expect(at(TOWN, (tx, scope) => listRejected(tx, scope, 7))).rejects.toMatchObject({
      problem: { code: 'rejected.unknown' },
    });
    const late = (region: string) =>
      at(region, async (tx, scope) => overdueSources(tx, scope, (await latestDay(tx, scope)) as string));
    const ofCounty = await late(COUNTY);
    expect(ofCounty.length).toBeGreaterThan(5);
    const known = (found: Awaited<typeof ofCounty>) => found.filter((s) => s.source !== 'survey-workbook');
    expect(known(await late(VILLAGE))).toEqual(known(ofCounty));
  });
});
