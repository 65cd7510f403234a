import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkInstance } from '../../maintenance/check.ts';
import { engines, openTestInstance, scopeOf, type TestInstance } from '../../testing/instance.ts';
import { COUNTY, fillSmallCounty, PLACES } from '../../testing/small-county.ts';
import { type Ahead, turnAhead } from './ahead.ts';
import { syncVisits } from './visits.ts';

const SCOPE = scopeOf(COUNTY);
const VILLAGE = { ...SCOPE, region: PLACES.village, actor: 'village', duty: 'read' as const };

/** A county whose newest list is of 2020 and whose phones live today: the first answer turns its horizon. */
describe.each(engines)('the first answer of a year on %s', (engine) => {
  let instance: TestInstance;
  let people: number[];
  let turned: boolean[] = [];
  beforeAll(async () => {
    instance = await openTestInstance(engine, { county: COUNTY });
    await fillSmallCounty(instance);
    const rows = await instance.db.transaction(SCOPE, (tx) =>
      tx.query<{ n: number }>('select person_no as n from person where region = $1 order by 1', [
        PLACES.village,
      ]),
    );
    people = rows.map(({ n }) => Number(n));
  });
  afterAll(async () => {
    await instance?.close();
  });

  const beside: Ahead = async (scope, days) => turned.push(await turnAhead(instance, scope, days));
  const answer = async (person: number | undefined, ahead: Ahead): Promise<string[]> => {
    const now = new Date().toISOString();
    const { results } = await syncVisits(
      instance,
      VILLAGE,
      {
        device: `phone-${person}`,
        now,
        commands: [
          { command: randomUUID(), person: Number(person), madeAt: now, way: 'visit', answer: 'willing' },
        ],
      },
      new Date(),
      ahead,
    );
    return results.map(({ status }) => status);
  };
  const horizon = async (): Promise<string> => {
    const [row] = await instance.db.asOwner((tx) =>
      tx.query<{ horizon: string }>('select horizon from county'),
    );
    return row?.horizon as string;
  };
  const sound = async () =>
    (await checkInstance(instance, SCOPE)).filter(({ ok, check }) => !ok && check !== 'search');

  it('turns the county once, beside, however many phones begin together, and applies each answer', async () => {
    const before = await horizon();
    const all = await Promise.all(people.map((person) => answer(person, beside)));
    expect(all).toEqual(people.map(() => ['applied']));
    expect(turned).toEqual([true]);
    expect((await horizon()) > before).toBe(true);
    expect(await answer(people[0], beside)).toEqual(['applied']);
    expect(turned).toEqual([true]);
    expect(await sound()).toEqual([]);
  });

  it('turns it within the commit of the answers where it could not be done beside', async () => {
    await instance.db.asOwner((tx) => tx.query("update county set horizon = '2021-12-31'"));
    turned = [];
    const broken: Ahead = async () => {
      throw new Error('no thread');
    };
    expect(await answer(people[0], broken)).toEqual(['applied']);
    expect(turned).toEqual([]);
    expect((await horizon()) > '2021-12-31').toBe(true);
    expect(await sound()).toEqual([]);
  });
});
