import {
  AGE_BANDS,
  packClass,
  SCHEME_STATES,
  unpackClass,
  WILLING,
} from '@quanbao/domain/coverage/step-class';
import { peopleIndicator } from '@quanbao/domain/indicators/indicators';
import { FOREVER } from '@quanbao/domain/kernel/plain-date';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tx } from '../../db/port.ts';
import { engines, openTestInstance, scopeOf, type TestInstance } from '../../testing/instance.ts';
import { CountDeltas, compactCounts, countDisagreements } from '../coverage/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { type Annex3Line, annex3Lines, annex3Page } from './annex3.ts';
import { countedForms, footing } from './report.ts';

const COUNTY = '430981';
const TOWN = '430981114';
const VILLAGE = '430981114248';
const scope = scopeOf(COUNTY);
/** Places of every depth: the county itself, towns, villages, and a group of one. */
const PLACES = [
  COUNTY,
  TOWN,
  VILLAGE,
  `${VILLAGE}-003`,
  '430981114001',
  '430981006',
  '430981006001',
  '430981401',
];
const DAYS = [
  '2011-05-06',
  '2019-12-31',
  '2020-08-01',
  '2020-08-15',
  '2020-08-31',
  '2020-09-01',
  '2021-01-01',
  '2021-07-09',
];
const ASKED = ['2020-08-01', '2020-08-31', '2020-09-01', '2021-12-31'];

interface Step {
  person: number;
  from: string;
  to: string;
  region: string;
  code: number;
}

/** The same numbers every time. */
function sequence(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

function stepsOf(person: number, random: (below: number) => number): Step[] {
  const turns = DAYS.filter((_, i) => i === person % 3 || random(3) === 0);
  return turns.map((from, i) => {
    const column = random(2) === 0 ? 7 : 7 + random(11);
    const code = packClass(
      column,
      column === 7 ? [6, 14][random(2)]! : [3, 4, 5, 11, 10, 9, 8, 2, 1, 13][column - 8]!,
      SCHEME_STATES[random(7)]!,
      random(2) === 0,
      WILLING[random(3)]!,
      from >= '2020-08-01',
      random(4) === 0,
      AGE_BANDS[random(3)]!,
      0,
      random(3) === 0,
    );
    return { person, from, to: turns[i + 1] ?? FOREVER, region: PLACES[random(PLACES.length)]!, code };
  });
}

async function append(
  tx: Tx,
  change: number,
  before: readonly Step[],
  after: readonly Step[],
): Promise<void> {
  const counts = new CountDeltas();
  for (const s of before) counts.add(s.from, s.to, s.region, s.code, -1);
  for (const s of after) counts.add(s.from, s.to, s.region, s.code, 1);
  const columns = ['county', 'grain', 'bucket', 'region', 'class', 'n', 'change'];
  await tx.copyIn('count_delta', columns, [[...counts.lines(COUNTY, change)].join('')]);
}

describe.each(engines)('counts, forms and lists on %s', (engine) => {
  let instance: TestInstance;
  const now = new Map<number, Step[]>();

  beforeAll(async () => {
    instance = await openTestInstance(engine, { county: COUNTY });
    const random = sequence(7);
    await instance.db.transaction(scope, async (tx) => {
      await tx.query(
        `insert into delivery (county, delivery, source, sender, region, as_of, mode, digest, counts, actor)
         select $1, n, source, '公安', $1, '2020-08-01', 'full', '', '{}', 'test'
         from unnest(array[1, 2], array['household-register', 'prisoners']) as u (n, source)`,
        [COUNTY],
      );
      await tx.query(
        `update county set horizon = '2021-12-31', latest_day = '2020-08-01' where county = $1`,
        [COUNTY],
      );
      const cipher = instance.cipher.encryptField('430981196001010017').toString('hex');
      await tx.query(
        `insert into person (county, person_no, id_hash, id_cipher, birth, sex, name, region)
         select $1, n, md5(n::text)::uuid, decode($2, 'hex'), '1960-01-01', 'm', '张三', $1 from generate_series(1, 160) as n`,
        [COUNTY, cipher],
      );
      // Ten loads of sixteen people, then every seventh person changes.
      for (let change = 1; change <= 10; change++) {
        const steps: Step[] = [];
        for (let n = 1; n <= 16; n++) {
          const person = (change - 1) * 16 + n;
          now.set(person, stepsOf(person, random));
          steps.push(...(now.get(person) as Step[]));
        }
        await append(tx, change, [], steps);
      }
      for (let person = 3; person <= 160; person += 7) {
        const before = now.get(person) as Step[];
        now.set(person, stepsOf(person, random));
        await append(tx, 10 + person, before, now.get(person) as Step[]);
      }
      const all = [...now.values()].flat();
      const lines = all.map(
        (s) =>
          `${COUNTY}\t${s.person}\t${s.from}\t${s.to}\t${s.region}\t${s.code}\t${(s.code & 15) === 7 ? 2 : 1}\t1\n`,
      );
      await tx.copyIn(
        'step',
        ['county', 'person_no', 'from_day', 'to_day', 'region', 'class', 'delivery', 'row_no'],
        [lines.join('')],
      );
      await tx.query('insert into step_class (county, class) select $1, c from unnest($2::int[]) as u (c)', [
        COUNTY,
        [...new Set(all.map((s) => s.code))],
      ]);
      await tx.query(
        `insert into rejected_row (county, delivery, no, file, sheet, row_no, column_name, code, message, masked, wrong_hash, region)
         select $1, 1, no, '', '', no, '', '', '', '', no::text, region
         from unnest(array[1, 2, 3, 4], $2::text[]) as u (no, region)`,
        [COUNTY, [VILLAGE, TOWN, COUNTY, VILLAGE]],
      );
    });
  });
  afterAll(() => instance?.close());

  const read = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => instance.db.transaction(scope, work);

  function byHand(day: string, region: string, indicator: string): number {
    const found = peopleIndicator(indicator);
    return [...now.values()]
      .flat()
      .filter(
        (s) =>
          s.from <= day && day < s.to && s.region.startsWith(region) && found.matches(unpackClass(s.code)),
      ).length;
  }

  it('count every cell of every level and day as the people themselves', async () => {
    for (const day of ASKED) {
      for (const region of [COUNTY, TOWN, VILLAGE]) {
        const tables = await read((tx) => countedForms(tx, scope, ['annex4', 'annex5'], region, day));
        for (const { form, rows, total } of tables) {
          for (const row of [...rows, total]) {
            for (const { number, indicator, kind } of form.columns) {
              if (kind !== 'count' || indicator === undefined) continue;
              const loose = row.name === '未分村社区';
              const children = rows.filter((r) => r.code !== row.code).map((r) => r.code);
              const own = byHand(day, row.code, indicator);
              const elsewhere = loose ? children.reduce((n, code) => n + byHand(day, code, indicator), 0) : 0;
              expect(row.cells[number], `${day} ${row.name} ${form.code} ${number}`).toBe(own - elsewhere);
            }
          }
        }
      }
    }
  });

  it('foot within each form, between the two, and with the form above', async () => {
    for (const day of ASKED) {
      const county = await read((tx) => countedForms(tx, scope, ['annex4', 'annex5'], COUNTY, day));
      const town = await read((tx) => countedForms(tx, scope, ['annex4', 'annex5'], TOWN, day));
      expect(footing(county)).toEqual([]);
      expect(footing(town, county)).toEqual([]);
      const [annex4] = town;
      const broken = { ...annex4!, total: { ...annex4!.total, cells: { ...annex4!.total.cells, 4: -1 } } };
      const checks = footing([broken, town[1]!], county).map((failure) => failure.check);
      expect(checks).toEqual(
        expect.arrayContaining(['annex4.4=annex5.3', 'annex4.parent.4', 'annex4.total.4']),
      );
    }
  });

  it('show beside column 3 the rows that are not counted, where they are', async () => {
    const remarks = async (region: string) => {
      const [table] = await read((tx) => countedForms(tx, scope, ['annex4'], region, '2020-08-31'));
      return Object.fromEntries(
        [...table!.rows, table!.total].map((row) => [row.name, /另有 \d+ 行/.exec(row.remark ?? '')?.[0]]),
      );
    };
    expect(await remarks(COUNTY)).toMatchObject({
      草尾镇: '另有 3 行',
      未分村社区: '另有 1 行',
      合计: '另有 4 行',
    });
    expect(await remarks(TOWN)).toMatchObject({
      大福村: '另有 2 行',
      未分村社区: '另有 1 行',
      合计: '另有 3 行',
    });
    expect(await remarks(VILLAGE)).toMatchObject({ 大福村: '另有 2 行', 合计: '另有 2 行' });
  });

  it('stay as they are when sums are merged, also by two at once', async () => {
    const all = () =>
      read(async (tx) => {
        const forms: unknown[] = [];
        for (const day of ASKED)
          for (const region of [COUNTY, TOWN, VILLAGE])
            forms.push(...(await countedForms(tx, scope, ['annex4', 'annex5'], region, day)));
        return forms;
      });
    const repeated = async () => {
      const rows = await read((tx) =>
        tx.query(
          `select 1 from count_delta where grain in ('m', 'y', 'M', 'Y')
           group by grain, bucket, region, class having count(*) > 1`,
        ),
      );
      return rows.length;
    };
    const before = await all();
    expect(await repeated()).toBeGreaterThan(100);
    expect(await read((tx) => countDisagreements(tx, COUNTY))).toBe(0);
    const random = sequence(99);
    const changing = read(async (tx) => {
      const old = now.get(1) as Step[];
      now.set(1, stepsOf(1, random));
      await append(tx, 900, old, now.get(1) as Step[]);
      await append(tx, 901, now.get(1) as Step[], old);
      now.set(1, old);
    });
    await Promise.all([
      read((tx) => compactCounts(tx, COUNTY)),
      changing,
      read((tx) => compactCounts(tx, COUNTY)),
    ]);
    expect(await read((tx) => countDisagreements(tx, COUNTY))).toBe(0);
    expect(await all()).toEqual(before);
    await read((tx) => compactCounts(tx, COUNTY));
    expect(await repeated()).toBe(0);
    expect(await all()).toEqual(before);
  });

  it('disagree when one sum is lost', async () => {
    const lost = instance.db.transaction(scope, async (tx) => {
      await tx.query(`delete from count_delta where county = $1 and grain = 'Y' and bucket = '2020'`, [
        COUNTY,
      ]);
      throw new Error(String(await countDisagreements(tx, COUNTY)));
    });
    await expect(lost).rejects.toThrow(/^[1-9]\d*$/);
  });

  it('page through 附件3 as the whole list goes', async () => {
    for (const [region, day] of [
      [COUNTY, '2020-08-31'],
      [TOWN, '2021-01-01'],
      [VILLAGE, '2020-12-31'],
    ] as const) {
      const whole = await read(async (tx) => {
        const tree = await loadRegionTree(tx, COUNTY);
        const lines: Annex3Line[] = [];
        for await (const page of annex3Lines(tx, instance, scope, tree, region, day)) lines.push(...page);
        return lines;
      });
      const people = [...now.values()].flat().filter((s) => {
        const facts = unpackClass(s.code);
        const there = s.from <= day && day < s.to && s.region.startsWith(region);
        return there && facts.inRegister && facts.rank !== 6;
      });
      expect(whole.map((line) => line.personNo).toSorted((a, b) => a - b)).toEqual(
        people.map((s) => s.person).toSorted((a, b) => a - b),
      );
      for (const limit of [7, 30, 1000]) {
        const paged: Annex3Line[] = [];
        await read(async (tx) => {
          const tree = await loadRegionTree(tx, COUNTY);
          for (;;) {
            const after = paged.at(-1);
            const options = after === undefined ? { limit } : { limit, after };
            const page = await annex3Page(tx, instance, scope, tree, region, day, options);
            paged.push(...page);
            if (page.length < limit) break;
          }
        });
        expect(paged).toEqual(whole);
      }
    }
  });

  it('take 附件3 from the province list once there is one', async () => {
    const lines = instance.db.transaction(scope, async (tx) => {
      await tx.query(
        `insert into delivery (county, delivery, source, sender, region, as_of, mode, digest, counts, actor)
         values ($1, 3, 'province-list', '省厅', $1, '2020-08-15', 'delta', '', '{}', 'test')`,
        [COUNTY],
      );
      const tree = await loadRegionTree(tx, COUNTY);
      const on = async (day: string) =>
        (await annex3Page(tx, instance, scope, tree, COUNTY, day, { limit: 1000 })).map((l) => l.personNo);
      throw new Error(JSON.stringify([await on('2020-08-14'), await on('2020-08-15')]));
    });
    const [before, after] = JSON.parse(await lines.catch((e: Error) => e.message)) as [number[], number[]];
    const listed = (day: string, match: (c: ReturnType<typeof unpackClass>) => boolean) =>
      [...now.values()].flat().filter((s) => s.from <= day && day < s.to && match(unpackClass(s.code)))
        .length;
    expect(before).toHaveLength(listed('2020-08-14', (c) => c.inRegister && c.rank !== 6));
    expect(after).toHaveLength(listed('2020-08-15', (c) => c.onProvinceList));
  });

  it('keep from a town the reason whose list it may not see', async () => {
    const town = scopeOf(COUNTY, TOWN);
    const lines = await instance.db.transaction(town, async (tx) => {
      const tree = await loadRegionTree(tx, COUNTY);
      return annex3Page(tx, instance, town, tree, TOWN, '2020-08-31', { limit: 1000 });
    });
    const all = await read(async (tx) => {
      const tree = await loadRegionTree(tx, COUNTY);
      return annex3Page(tx, instance, scope, tree, TOWN, '2020-08-31', { limit: 1000 });
    });
    const inPrison = all.filter((line) => line.cells[13] === '√').map((line) => line.personNo);
    expect(inPrison.length).toBeGreaterThan(0);
    for (const line of lines.filter((l) => inPrison.includes(l.personNo))) {
      expect(line.cells.slice(6, 17).join('')).toBe('');
      expect(line.cells[19]).toBe('原因由县掌握');
    }
  });

  it('refuse what cannot be asked', async () => {
    const ask = (region: string, day?: string, who = scope) =>
      instance.db.transaction(who, (tx) => countedForms(tx, who, ['annex4'], region, day));
    await expect(ask('450324', '2020-08-31')).rejects.toThrow('本县没有代码为 450324');
    await expect(ask('430981999', '2020-08-31')).rejects.toThrow('本县没有');
    await expect(ask(COUNTY, '2020-07-31')).rejects.toThrow('早于第一份户籍人口名单');
    await expect(ask(COUNTY, '2022-01-01')).rejects.toThrow('目前最远可查到 2021-12-31');
    await expect(ask(COUNTY, '2020-02-30')).rejects.toThrow('不是日期');
    await expect(ask(COUNTY, '2020-08-31', scopeOf(COUNTY, TOWN))).rejects.toThrow('您的权限只到');
  });
});
