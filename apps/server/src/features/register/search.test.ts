import { bareName } from '@quanbao/domain/register/search';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scope } from '../../db/port.ts';
import { engines } from '../../testing/instance.ts';
import { COUNTY, type World } from '../../testing/journal-world.ts';
import {
  numbersOf,
  OTHER_TOWN,
  openRegister,
  REGISTER,
  RESIDENTS,
  type Resident,
  registerRow,
  scopeAt,
  send,
  TOWN,
  VILLAGE,
  VILLAGES,
} from '../../testing/register-world.ts';
import { checkSearchIndex, indexRegister, listPeople, reindexRegister, suggestPeople } from './index.ts';
import { readingsOf } from './reading.ts';

const SCOPES = [COUNTY, TOWN, OTHER_TOWN, VILLAGE];

/** Every part of the name from any character on. */
function partsOf(name: string): string[] {
  const characters = [...bareName(name)];
  return characters.flatMap((_, from) =>
    characters.slice(from).map((_, n) => characters.slice(from, from + n + 1).join('')),
  );
}

describe.each(engines)('searching on %s', (engine) => {
  let world: World;
  let numbers: Map<string, number>;
  beforeAll(async () => {
    world = await openRegister(engine);
    numbers = await numbersOf(world);
  });
  afterAll(() => world.close());

  const numberOf = (one: Resident): number => numbers.get(one.id) as number;
  const within = (region: string): readonly Resident[] =>
    RESIDENTS.filter((one) => one.village.startsWith(region));

  async function everyPage(scope: Scope, q: string, limit = 500): Promise<number[]> {
    const found: number[] = [];
    let after: string | undefined;
    for (;;) {
      const page = await listPeople(world, scope, { q }, { limit, after });
      found.push(...page.items.map((line) => line.person));
      if (page.next === null) return found;
      expect(page.items).toHaveLength(limit);
      after = page.next;
    }
  }

  async function expectFound(region: string, q: string, matches: (one: Resident) => boolean): Promise<void> {
    const expected = within(region).filter(matches).map(numberOf);
    const found = await everyPage(scopeAt(region), q);
    expect(
      found.toSorted((a, b) => a - b),
      `${q} in ${region}`,
    ).toEqual(expected.toSorted((a, b) => a - b));
  }

  it('finds everybody by every part of the name, and nobody else, whoever asks', async () => {
    const parts = new Set(RESIDENTS.flatMap((one) => partsOf(one.name)));
    parts.delete('村'); // 张村 is a name, 村 alone also the end of an address
    for (const region of SCOPES) {
      for (const part of parts) await expectFound(region, part, (one) => bareName(one.name).includes(part));
    }
  });

  it('finds everybody by the reading from every syllable on, whole, half and by initials', async () => {
    const readings = new Set(
      RESIDENTS.flatMap((one) => readingsOf(bareName(one.name))).flatMap((key) => [key, key.slice(0, -1)]),
    );
    readings.delete('');
    for (const region of SCOPES) {
      for (const typed of readings) {
        await expectFound(region, typed, (one) =>
          readingsOf(bareName(one.name)).some((key) => key.startsWith(typed)),
        );
      }
    }
    expect(readingsOf('曾国藩')[0]).toBe('zengguofan');
    expect(readingsOf('吕布')[0]).toBe('lvbu');
  });

  it('finds by ID number, telephones of the register and of the survey, household, address', async () => {
    for (const region of SCOPES) {
      for (const one of RESIDENTS.slice(0, 24)) {
        await expectFound(region, one.id, (other) => other.id === one.id);
        await expectFound(region, one.phone, (other) => other.phone === one.phone);
        await expectFound(region, one.household, (other) => other.household === one.household);
        await expectFound(region, one.address, (other) => other.address === one.address);
      }
      await expectFound(region, '13911112222', (one) => one.id === RESIDENTS[20]?.id);
      await expectFound(region, '草尾镇大福村3组', (one) => /大福村3组/.test(one.address));
      await expectFound(region, '沅江市阳罗洲镇', (one) => one.village.startsWith(OTHER_TOWN));
    }
  });

  it('pages without gaps or repeats', async () => {
    for (const region of SCOPES) {
      for (const q of ['明', 'wang', '沅江市草尾镇']) {
        expect(await everyPage(scopeAt(region), q, 1)).toEqual(await everyPage(scopeAt(region), q));
        expect(await everyPage(scopeAt(region), q, 3)).toEqual(await everyPage(scopeAt(region), q));
      }
    }
  });

  it('suggests eight at most, masked, and never outside the scope', async () => {
    for (const region of SCOPES) {
      const found = await suggestPeople(world, scopeAt(region), '明');
      expect(found.length).toBeGreaterThan(0);
      expect(found.length).toBeLessThanOrEqual(8);
      const own = new Set(within(region).map(numberOf));
      for (const one of found) {
        expect(own).toContain(one.person);
        expect(one.id).toMatch(/^\d{6}\*{8}\w{4}$/);
      }
    }
  });

  it('says how the question was understood, and that a wrong number is one', async () => {
    const understood = async (q: string) =>
      (await listPeople(world, scopeAt(COUNTY), { q }, { limit: 5 })).understood;
    expect(await understood('小明')).toBe('姓名');
    expect(await understood('xm')).toBe('拼音');
    expect(await understood('13800001003')).toBe('电话');
    expect(await understood('H00')).toBe('户号');
    expect(await understood('草尾镇大福村3组')).toBe('地址');
    expect(await understood('龘龘')).toBe('按姓名都没有查到');
    const wrong = `${RESIDENTS[0]?.id.slice(0, 17)}${RESIDENTS[0]?.id.endsWith('1') ? '2' : '1'}`;
    await expect(understood(wrong)).rejects.toMatchObject({ problem: { code: 'person.id' } });
  });

  it('counts whom a walk found only when all are on the page', async () => {
    const walked = (limit: number) => listPeople(world, scopeAt(COUNTY), { q: '草尾镇' }, { limit });
    const all = await walked(50);
    expect(all.items.length).toBeGreaterThan(2);
    expect(all.total).toBe(all.items.length);
    const some = await walked(2);
    expect(some.items).toEqual(all.items.slice(0, 2));
    expect(some.total).toBeNull();
    expect(some.next).not.toBeNull();
  });

  it('a name and a condition together', async () => {
    const page = await listPeople(
      world,
      scopeAt(COUNTY),
      { q: '明', registered: true, region: TOWN },
      { limit: 50 },
    );
    const expected = RESIDENTS.slice(0, 12).filter(
      (one) => one.name.includes('明') && one.village.startsWith(TOWN),
    );
    expect(expected.length).toBeGreaterThan(0);
    expect(page.items.map((line) => line.person).toSorted()).toEqual(expected.map(numberOf).toSorted());
    expect(page.total).toBe(expected.length);
  });

  it('the index is what it should be, writing it again changes nothing, and a touched row is noticed', async () => {
    const check = () => world.db.transaction(scopeAt(COUNTY), (tx) => checkSearchIndex(tx, COUNTY));
    expect(await check()).toEqual({ people: RESIDENTS.length, waiting: false, wrong: [] });
    const rows = () =>
      world.db.asOwner((tx) =>
        tx.query('select *, xmin::text as written from person_search order by person_no'),
      );
    const before = await rows();
    await world.db.transaction(scopeAt(COUNTY), (tx) => reindexRegister(tx, COUNTY));
    expect(await indexRegister(world, COUNTY)).toBe(RESIDENTS.length);
    expect(await rows()).toEqual(before);
    const victim = numberOf(RESIDENTS[3] as Resident);
    await world.db.asOwner((tx) =>
      tx.query("update person_search set phone = 'x' where person_no = $1", [victim]),
    );
    await world.db.asOwner((tx) => tx.query("delete from name_key where key = 'lisi'"));
    const { wrong } = await check();
    expect(wrong).toContain(victim);
    expect(wrong).toEqual(
      expect.arrayContaining(RESIDENTS.filter((one) => one.name === '李四').map(numberOf)),
    );
  });
});

describe.each(engines)('searching somebody who has moved on %s', (engine) => {
  it('the town he left does not find him, indexed or not; the new one does when he is', async () => {
    const world = await openRegister(engine);
    try {
      const one = RESIDENTS[0] as Resident;
      const [, , there] = VILLAGES;
      await send(world, 'household-register', '2020-09-01', REGISTER, [registerRow(one, there)], {
        mode: 'delta',
      });
      const found = async (region: string, q: string) =>
        (await listPeople(world, scopeAt(region), { q }, { limit: 9 })).items.length;
      expect(await found(TOWN, one.phone)).toBe(0);
      expect(await found(COUNTY, one.id)).toBe(1);
      expect(await found(OTHER_TOWN, one.id)).toBe(1);
      expect(await indexRegister(world, COUNTY)).toBe(1);
      expect(await found(TOWN, one.phone)).toBe(0);
      expect(await found(OTHER_TOWN, one.phone)).toBe(1);
      expect(await found(TOWN, one.id)).toBe(0);
    } finally {
      await world.close();
    }
  });
});
