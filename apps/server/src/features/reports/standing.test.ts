import { checkDigit } from '@quanbao/domain/kernel/resident-id';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engines } from '../../testing/instance.ts';
import { COUNTY, openWorld, SCOPE, TOWNS, type World } from '../../testing/journal-world.ts';
import { receive } from '../sources/index.ts';
import { standingPage } from './standing.ts';

const VILLAGE = `${TOWNS[0]}201`;
const DAY = '2020-08-15';
/** So many come first in their village; each who follows is of another kind. */
const FIRST = 40;
const PEOPLE = Array.from({ length: 240 }, (_, i) => {
  const first17 = `430981${1950 + (i % 60)}0101${String(100 + i)}`;
  return first17 + checkDigit(first17);
});

describe.each(engines)('a page of people who stand somewhere on %s', (engine) => {
  let world: World;
  let classes: Set<number>;
  beforeAll(async () => {
    world = await openWorld(engine);
    const send = (source: string, lines: readonly string[]) =>
      receive(
        world,
        SCOPE,
        [{ source, asOf: DAY, files: [world.file(`${source}.csv`, `${lines.join('\n')}\n`)] }],
        {},
      );
    await send('household-register', [
      '身份证号码,姓名,户籍地址,行政区划代码',
      ...PEOPLE.map((id) => [id, '王一', '沅江市1号', VILLAGE].join()),
    ]);
    await send('residents-scheme', [
      '身份证号码,姓名,参保状态,缴费状态',
      ...PEOPLE.slice(0, FIRST).map((id) => [id, '王一', 1, 1].join()),
    ]);
    classes = new Set(
      (
        await world.db.transaction(SCOPE, (tx) => tx.query<{ class: number }>('select class from step_class'))
      ).map((row) => row.class),
    );
  });
  afterAll(() => world.close());

  const page = (limit: number, after?: { region: string; personNo: number }) =>
    world.db.transaction(SCOPE, (tx) =>
      standingPage(tx, COUNTY, VILLAGE, DAY, { classes }, { limit, after }),
    );

  it('misses nobody of a class whose people all come first', async () => {
    expect(classes.size).toBeGreaterThan(3);
    const everybody = await world.db.transaction(SCOPE, (tx) =>
      tx.query<{ n: number }>(
        'select person_no as n from step where from_day <= $1 and to_day > $1 and region = $2 order by person_no',
        [DAY, VILLAGE],
      ),
    );
    const numbers = everybody.map(({ n }) => Number(n));
    expect(numbers).toHaveLength(PEOPLE.length);
    for (const limit of [1, 30, 60, 100, 500]) {
      const found: number[] = [];
      let after: { region: string; personNo: number } | undefined;
      for (;;) {
        const { rows, people } = await page(limit, after);
        expect(people).toBe(PEOPLE.length);
        found.push(...rows.map((row) => Number(row.personNo)));
        const last = rows.at(-1);
        if (last === undefined || rows.length < limit) break;
        after = { region: last.region, personNo: Number(last.personNo) };
      }
      expect(found).toEqual(numbers);
    }
  });
});
