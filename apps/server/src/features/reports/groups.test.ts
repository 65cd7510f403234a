import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tx } from '../../db/port.ts';
import { checkInstance } from '../../maintenance/check.ts';
import { inventedId } from '../../testing/command.ts';
import { engines, openTestInstance, scopeOf, type TestInstance } from '../../testing/instance.ts';
import { COUNTY, fillSmallCounty, PLACES, type SmallPerson } from '../../testing/small-county.ts';
import { ledgerOverview, listLedger } from '../ledger/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { indexRegister, listPeople } from '../register/index.ts';
import { annex3Lines, annex3Page } from './annex3.ts';
import { countGroups } from './counts.ts';
import { countedForm, countedForms, footing } from './report.ts';

const SCOPE = scopeOf(COUNTY);
const VILLAGE = { ...SCOPE, region: PLACES.village, actor: 'village', duty: 'read' as const };
const DAY = '2020-09-25';
const group = (n: string): string => `${PLACES.village}-${n}`;

const ADDRESSES = ['3组1号', '第三村民小组2号', '12组1号', '石桥边5号', '12组7号', '3组9号'];
const PEOPLE: readonly SmallPerson[] = [
  ...ADDRESSES.map((address, i) => ({
    id: inventedId(700 + i),
    name: `${'赵钱孙李周吴'[i]}组民`,
    region: PLACES.village,
    household: `H${i}`,
    phone: `1390000${1000 + i}`,
    address,
  })),
  {
    id: inventedId(720),
    name: '郑邻村',
    region: PLACES.neighbour,
    household: 'H9',
    phone: '13900002000',
    address: '3组1号',
  },
];

describe.each(engines)('groups of a village on %s', (engine) => {
  let instance: TestInstance;
  beforeAll(async () => {
    instance = await openTestInstance(engine, { county: COUNTY });
    await fillSmallCounty(instance, PEOPLE);
    await indexRegister(instance, COUNTY);
  });
  afterAll(async () => {
    await instance?.close();
  });

  it('are the rows of its forms, in the order of their numbers, who is in none last; they add up to it', async () => {
    const tables = await instance.db.transaction(VILLAGE, (tx) =>
      countedForms(tx, VILLAGE, ['annex4', 'annex5'], PLACES.village, DAY),
    );
    expect(tables[0]?.rows.map(({ code, name, cells }) => [code, name, cells[3]])).toEqual([
      [group('003'), '3组', 3],
      [group('012'), '12组', 2],
      [group('000'), '未分组', 1],
    ]);
    expect(tables[0]?.total.cells[3]).toBe(6);
    expect(footing(tables)).toEqual([]);
  });

  it('have forms of their own, and a town still shows its villages', async () => {
    const [one, town] = await instance.db.transaction(SCOPE, async (tx) => [
      await countedForm(tx, SCOPE, 'annex4', group('012'), DAY),
      await countedForm(tx, SCOPE, 'annex4', PLACES.town, DAY),
    ]);
    expect(one?.rows.map(({ code, cells }) => [code, cells[3]])).toEqual([[group('012'), 2]]);
    expect([one?.total.cells[3], one?.unit.endsWith('12组')]).toEqual([2, true]);
    const rows = town?.rows.filter(({ cells }) => cells[3] !== 0).map(({ code, cells }) => [code, cells[3]]);
    expect(rows).toEqual([
      [PLACES.village, 6],
      [PLACES.neighbour, 1],
    ]);
  });

  it('list as many people and lines of 附件3 as they count, each with its group', async () => {
    for (const [code, n] of [
      [group('003'), 3],
      [group('012'), 2],
      [group('000'), 1],
      [group('004'), 0],
    ] as const) {
      const page = await listPeople(instance, VILLAGE, { region: code, asOf: DAY }, { limit: 2 });
      expect([code, page.total, page.items.length]).toEqual([code, n, Math.min(n, 2)]);
      const words = code === group('000') ? '村' : `${Number(code.slice(-3))}组`;
      for (const { region } of page.items) {
        expect(region.code).toBe(PLACES.village);
        if (words !== '村') expect(region.path.endsWith(words), region.path).toBe(true);
      }
      const found = await listPeople(instance, SCOPE, { region: code, asOf: DAY, q: '组民' }, { limit: 50 });
      expect([code, found.items.length]).toEqual([code, n]);
      const lines = await instance.db.transaction(SCOPE, async (tx) => {
        const tree = await loadRegionTree(tx, COUNTY);
        const all: number[] = [];
        for await (const some of annex3Lines(tx, instance, SCOPE, tree, code, DAY))
          all.push(...some.map(({ personNo }) => personNo));
        const first = await annex3Page(tx, instance, SCOPE, tree, code, DAY, { limit: 50 });
        expect(first.map(({ personNo }) => personNo)).toEqual(all);
        return all;
      });
      const village = await instance.db.transaction(SCOPE, async (tx) =>
        annex3Page(tx, instance, SCOPE, await loadRegionTree(tx, COUNTY), PLACES.village, DAY, { limit: 50 }),
      );
      expect(village.map(({ personNo }) => personNo)).toEqual(expect.arrayContaining(lines));
      expect(lines.length).toBeLessThanOrEqual(n);
    }
  });

  it('are counted from the rows of their village alone, for the index knows it behind a class', async () => {
    // Which index a planner takes for seven people says nothing: what it is told is looked at.
    let told = '';
    await instance.db.transaction(SCOPE, async (tx) => {
      const spy = Object.assign(Object.create(tx) as Tx, {
        remember: <T>(_: string, read: () => Promise<T>) => read(),
        query: (sql: string, params: readonly unknown[]) => {
          told = sql;
          return tx.query(sql, params);
        },
      });
      await countGroups(spy, COUNTY, PLACES.village, DAY);
    });
    expect(told).toMatch(/class = any\(\$5::int\[\]\) and region >= /);
  });

  it('hold who stands directly in the village when only those are asked for', async () => {
    const deciding = await instance.db.transaction(SCOPE, (tx) =>
      tx.query<{ delivery: number }>(
        `select distinct delivery from step
         where region = $1 and group_no = 3 and from_day <= $2 and to_day > $2 and delivery > 0`,
        [PLACES.village, DAY],
      ),
    );
    expect(deciding.length).toBeGreaterThan(0);
    for (const more of [{}, { q: '组民' }, ...deciding]) {
      const asked = { region: group('003'), asOf: DAY, ...more };
      const all = await listPeople(instance, SCOPE, asked, { limit: 50 });
      const alone = await listPeople(instance, SCOPE, { ...asked, unplaced: true }, { limit: 50 });
      expect(all.items.length).toBeGreaterThan(0);
      expect([more, alone.items]).toEqual([more, all.items]);
    }
  });

  it('are one level of the ledger below the village, the list of one holds what is counted of it', async () => {
    const whole = await ledgerOverview(instance, VILLAGE, { region: PLACES.village, asOf: DAY });
    expect(whole.places.map(({ name }) => name)).toEqual(['3组', '12组', '未分组']);
    let sum = 0;
    for (const { code, kinds } of whole.places) {
      const page = await listLedger(
        instance,
        VILLAGE,
        { region: code, asOf: DAY, state: 'all' },
        { limit: 50 },
      );
      const counted = Object.values(kinds).reduce((n, of) => n + of.verify + of.settled + of.closed, 0);
      expect([code, page.total, page.items.length]).toEqual([code, counted, counted]);
      const own = await ledgerOverview(instance, VILLAGE, { region: code, asOf: DAY });
      expect(own.places).toEqual([]);
      expect(Object.fromEntries(own.kinds.map(({ kind, byState }) => [kind, byState]))).toEqual(kinds);
      for (const { byState, ages } of own.kinds)
        expect(ages.reduce((n, of) => n + of, 0)).toBe(byState.verify + byState.settled);
      sum += counted;
    }
    const all = await listLedger(
      instance,
      VILLAGE,
      { region: PLACES.village, asOf: DAY, state: 'all' },
      { limit: 50 },
    );
    expect(sum).toBe(all.total);
    expect(sum).toBeGreaterThan(3);
  });

  it('are no place for what ends at the village, and no way into another one', async () => {
    await expect(
      instance.db.transaction(VILLAGE, (tx) =>
        countedForm(tx, VILLAGE, 'annex4', `${PLACES.neighbour}-003`, DAY),
      ),
    ).rejects.toMatchObject({ problem: { code: 'report.scope' } });
    await expect(
      listPeople(instance, VILLAGE, { region: `${PLACES.neighbour}-003` }, { limit: 5 }),
    ).rejects.toMatchObject({ problem: { code: 'report.scope' } });
    await expect(
      listLedger(instance, VILLAGE, { region: `${PLACES.neighbour}-003` }, { limit: 5 }),
    ).rejects.toMatchObject({ problem: { code: 'report.scope' } });
  });

  it('that are wrong are noticed by the check', async () => {
    const wrong = async () =>
      (await checkInstance(instance, SCOPE)).filter(({ ok }) => !ok).map(({ check }) => check);
    expect((await wrong()).filter((check) => check !== 'search')).toEqual([]);
    await instance.db.asOwner((tx) =>
      tx.query('update step set group_no = 4 where region = $1 and group_no = 12', [PLACES.village]),
    );
    expect(await wrong()).toContain('steps');
  });
});
