import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkInstance } from '../../maintenance/check.ts';
import { engines, scopeOf } from '../../testing/instance.ts';
import {
  COUNTY,
  openWorld,
  PEOPLE,
  SCOPE,
  TOWNS,
  VILLAGES,
  type World,
} from '../../testing/journal-world.ts';
import { countedForm } from '../reports/index.ts';
import { receive } from '../sources/index.ts';
import { adjudicate, personPage, undoAdjudication } from './index.ts';

const id = (n: number): string => (PEOPLE[n] as { id: string }).id;
const [FIRST, , THIRD] = VILLAGES;

describe.each(engines)('a decision on the village on %s', (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  beforeEach(async () => {
    await world.reset();
    // All of them in the first village.
    const lines = [0, 1, 2].map((who) => ({ who, x: 0, y: 0 }));
    await receive(world, SCOPE, [
      world.request({ source: 'household-register', asOf: '2020-08-31', lines }),
      world.request({ source: 'household-register', asOf: '2020-10-31', lines }),
    ]);
  });
  afterAll(() => world?.close());

  const decide = (who: number[], decision: { column?: number; village?: string; from?: string }) =>
    adjudicate(world, SCOPE, who.map(id), {
      ...decision,
      reason: '现住该村，有居住证明',
      document: world.file('证明.txt', '材料').path,
    });
  const population = async (village: string, day: string) => {
    const scope = scopeOf(COUNTY, village);
    const table = await world.db.transaction(scope, (tx) => countedForm(tx, scope, 'annex4', village, day));
    return table.total.cells[3];
  };
  const failing = async () => (await checkInstance(world, SCOPE)).filter((result) => !result.ok);

  it('places people from its day, whatever the register says, until it is taken back', async () => {
    const done = await decide([0, 1], { village: THIRD, from: '2020-09-15' });
    expect(done).toMatchObject({ adjudication: 1, people: 2, column: null, village: THIRD, changed: 2 });
    expect([await population(FIRST, '2020-09-14'), await population(THIRD, '2020-09-14')]).toEqual([3, 0]);
    expect([await population(FIRST, '2020-09-15'), await population(THIRD, '2020-10-31')]).toEqual([1, 2]);
    const page = await personPage(world, SCOPE, id(0), {});
    expect(page).toMatchObject({
      region: { code: THIRD },
      adjudication: null,
      placement: { number: 1, reason: '现住该村，有居住证明', document: expect.stringContaining('证明.txt') },
    });
    expect((await personPage(world, SCOPE, id(0), { asOf: '2020-09-14' })).placement).toBeNull();
    expect((await personPage(world, scopeOf(COUNTY, TOWNS[1]), id(0), {})).placement?.number).toBe(1);
    expect(await failing()).toEqual([]);
    expect(await undoAdjudication(world, SCOPE, 1)).toEqual({ adjudication: 1, changed: 2 });
    expect([await population(FIRST, '2020-10-31'), await population(THIRD, '2020-10-31')]).toEqual([3, 0]);
    expect((await personPage(world, SCOPE, id(0), {})).placement).toBeNull();
    expect(await failing()).toEqual([]);
  });

  it('and on the column, each by the latest that names it', async () => {
    await decide([0], { village: THIRD, column: 17 });
    await decide([0], { column: 12 });
    const page = await personPage(world, SCOPE, id(0), {});
    expect([page.region.code, page.column, page.adjudication?.number, page.placement?.number]).toEqual([
      THIRD,
      12,
      2,
      1,
    ]);
    await undoAdjudication(world, SCOPE, 1);
    const after = await personPage(world, SCOPE, id(0), {});
    expect([after.region.code, after.column]).toEqual([FIRST, 12]);
  });

  it.each([
    ['adjudicate.nothing', {}],
    ['adjudicate.village', { village: '430981999001' }],
    ['adjudicate.village', { village: TOWNS[0] }],
    ['adjudicate.column', { village: THIRD, column: 18 }],
  ])('is refused: %s', async (code, decision) => {
    await expect(decide([0], decision)).rejects.toMatchObject({ problem: { code } });
    expect(await world.db.transaction(SCOPE, (tx) => tx.query('select 1 from adjudication'))).toEqual([]);
  });
});
