import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ANNEX1_YUANJIANG } from '@quanbao/domain/reports/annex1-yuanjiang';
import { annex1Rows, FORMS } from '@quanbao/domain/reports/forms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engines, openTestInstance, scopeOf, type TestInstance } from '../../testing/instance.ts';
import { type Client, openTestService, type TestService } from '../../testing/service.ts';
import {
  COUNTY,
  fillSmallCounty,
  PLACES,
  SMALL_COUNTY,
  type SmallPerson,
} from '../../testing/small-county.ts';
import { toXlsx } from '../reports/index.ts';
import { readSmallTable, receive } from '../sources/index.ts';
import { annex1Table, importAnnex1, issuePlan, makePlan, measure, splitPlan } from './index.ts';

const UNITS = ANNEX1_YUANJIANG.units;
const SCOPE = scopeOf(COUNTY);

interface Line {
  place: { code: string; name: string };
  standing: { amount: number; done: number | null; planned: number; state: string; words: string };
  how: string;
  villages: number;
  forecast: unknown[];
  signed: { signer: string } | null;
}

describe.each(engines)('targets on %s', (engine) => {
  let instance: TestInstance;
  let service: TestService;
  let county: Client;
  let town: Client;
  let village: Client;
  let dir: string;
  beforeAll(async () => {
    instance = await openTestInstance(engine, { county: COUNTY });
    await fillSmallCounty(instance);
    service = await openTestService(instance, COUNTY);
    county = await service.as('county');
    town = await service.as('town');
    village = await service.as('village');
    dir = await mkdtemp(join(tmpdir(), 'quanbao-targets-'));
  });
  afterAll(async () => {
    await service?.close();
    await instance?.close();
    await rm(dir, { recursive: true, force: true });
  });

  /** @param first what the first unit says instead, with 合计 as it was */
  const paper = async (name: string, first: { name?: string; target?: number } = {}) => {
    const { total } = annex1Rows(UNITS);
    const { rows } = annex1Rows(UNITS.map((unit, at) => (at === 0 ? { ...unit, ...first } : unit)));
    const path = join(dir, name);
    const region = ANNEX1_YUANJIANG.county;
    const table = {
      form: FORMS.annex1,
      region,
      county: region,
      asOf: '2020-12-31',
      unit: region.name,
      rows,
      total,
    };
    await writeFile(path, await toXlsx(table));
    return { name, path };
  };
  const view = async (client: Client, plan: number, query = '') => {
    const { status, body } = await client.get(`/api/targets/${plan}${query}`);
    expect(status, JSON.stringify(body)).toBe(200);
    return body as {
      plan: Record<string, unknown>;
      whole: Line;
      places: Line[];
      failures: string[];
      versions: unknown[];
    };
  };
  const act = (client: Client, plan: number, what: string, body: object = {}) =>
    client.send('POST', `/api/targets/${plan}/${what}`, body);
  const make = async (body: object) => {
    const answer = await county.send('POST', '/api/targets', body);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return answer.body.plan as number;
  };
  const sum = (lines: readonly Line[]) => lines.reduce((all, { standing }) => all + standing.amount, 0);
  let plan: number;

  it('takes 附件1 in as printed and gives it out unchanged: 14 units, 120,087', async () => {
    const file = await paper('附件1.xlsx');
    const made = await importAnnex1(instance, SCOPE, { kind: 'verify' }, file);
    expect(made).toMatchObject({ units: 14, total: 120_087 });
    plan = made.plan;
    const table = await instance.db.transaction(SCOPE, (tx) => annex1Table(tx, SCOPE, plan));
    expect(table.rows.map(({ name, cells }) => ({ name, target: cells[2] }))).toEqual(UNITS);
    const out = { name: 'out.xlsx', path: join(dir, 'out.xlsx') };
    await writeFile(out.path, await toXlsx(table));
    expect(await readSmallTable(out)).toEqual(await readSmallTable(file));
    // The two farms bear another name in the divisions.
    const { places, plan: line } = await view(county, plan);
    expect(places.find(({ place }) => place.code === '430981402')).toMatchObject({
      place: { name: '漉湖湿地保护与发展事务中心' },
      standing: { amount: 1301 },
      how: 'given',
    });
    expect(line).toMatchObject({
      from: '2020-08-01',
      due: '2020-10-31',
      version: null,
      draft: 1,
      late: null,
    });
  });

  it('refuses a 附件1 whose 合计 is wrong with the difference, and units that are none or doubled by name', async () => {
    const of = async (change: { name?: string; target?: number }) =>
      importAnnex1(instance, SCOPE, { kind: 'verify' }, await paper('wrong.xlsx', change));
    await expect(of({ target: UNITS[0].target - 7 })).rejects.toThrow('相差 7');
    await expect(of({ name: '桃花镇' })).rejects.toThrow('桃花镇');
    await expect(of({ name: '漉湖' })).rejects.toThrow('漉湖与漉湖芦苇场');
    expect((await county.get('/api/targets')).body.items).toHaveLength(1);
  });

  it('keeps a draft from towns, and every sum while it is changed by hand', async () => {
    expect((await town.get(`/api/targets/${plan}`)).body.code).toBe('targets.unknown');
    expect((await town.get('/api/targets')).body.items).toEqual([]);
    expect((await act(town, plan, 'shares', { region: PLACES.town, amount: 1 })).body.code).toBe(
      'targets.county',
    );
    await splitPlan(instance, SCOPE, plan, { level: 'villages', by: 'on-province-list' });
    const before = await view(county, plan);
    expect([sum(before.places), before.failures]).toEqual([120_087, []]);
    expect(before.places.reduce((all, { villages }) => all + villages, 0)).toBe(195);
    expect((await act(county, plan, 'shares', { region: PLACES.otherTown, amount: 14_000 })).status).toBe(
      200,
    );
    const after = await view(county, plan);
    expect([sum(after.places), after.failures]).toEqual([120_087, []]);
    expect(after.places.find(({ place }) => place.code === PLACES.otherTown)).toMatchObject({
      standing: { amount: 14_000 },
      how: 'hand',
    });
    const inTown = await view(county, plan, `?region=${PLACES.otherTown}`);
    expect([inTown.whole.standing.amount, sum(inTown.places)]).toEqual([14_000, 14_000]);
    // Back to what the paper says; the difference from one that is named.
    const tooMuch = { region: PLACES.otherTown, amount: 99_999, from: PLACES.town };
    expect((await act(county, plan, 'shares', tooMuch)).body.code).toBe('targets.sum');
    expect((await act(county, plan, 'total', { total: 120_088 })).status).toBe(200);
    expect((await view(county, plan)).failures).toEqual([]);
    expect(sum((await view(county, plan)).places)).toBe(120_088);
  });

  it('is issued once its sums agree, signed by towns and villages for themselves, and measured', async () => {
    expect(
      (await instance.db.transaction(SCOPE, (tx) => measure(tx, SCOPE, COUNTY))).whole('task-verify'),
    ).toBe(0);
    expect((await act(county, plan, 'issue', { day: '2020-11-30' })).body.code).toBe('targets.day');
    expect(
      (await act(county, plan, 'issue', { day: '2020-09-01', document: '沅人社发〔2020〕44号' })).body,
    ).toEqual({
      version: 1,
    });
    expect((await act(county, plan, 'shares', { region: PLACES.town, amount: 1 })).body.code).toBe(
      'targets.issued',
    );
    const mine = await view(town, plan);
    expect(mine.whole).toMatchObject({ place: { code: PLACES.town }, signed: null });
    expect((await act(county, plan, 'sign', {})).status).toBe(403);
    expect((await act(town, plan, 'sign', { region: PLACES.otherTown })).body.code).toBe('report.scope');
    expect((await act(town, plan, 'sign', { remark: '收到' })).body).toEqual({ version: 1 });
    expect((await act(town, plan, 'sign')).body.code).toBe('targets.signed');
    expect((await act(village, plan, 'sign')).body).toEqual({ version: 1 });
    expect(
      (await view(county, plan)).places.find(({ place }) => place.code === PLACES.town)?.signed,
    ).toMatchObject({
      signer: 'town',
    });
    const listed = (await county.get('/api/targets')).body.items[0];
    expect(listed).toMatchObject({ unsigned: 13, plan: { version: 1, draft: null } });
    const figures = await instance.db.transaction(SCOPE, (tx) => measure(tx, SCOPE, COUNTY));
    expect(figures.whole('task-verify')).toBe(120_088);
    expect(figures.of(PLACES.town)('task-verify')).toBe(mine.whole.standing.amount);
    // In force from the day on, not before.
    const before = await instance.db.transaction(SCOPE, (tx) => measure(tx, SCOPE, COUNTY, '2020-08-31'));
    expect(before.whole('task-verify')).toBe(0);
  });

  it('shows who is behind by how much, and the same numbers as the figures', async () => {
    const { whole, places } = await view(county, plan, '?asOf=2020-10-31');
    const { body } = await county.get('/api/figures?asOf=2020-10-31');
    const figure = (code: string) => body.items.find((one: { code: string }) => one.code === code);
    expect(whole.standing).toMatchObject({
      amount: 120_088,
      done: figure('verified').value,
      planned: 120_088,
      state: 'behind',
    });
    expect(figure('verify-task-rate').denominator.value).toBe(120_088);
    expect(whole.standing.words).toMatch(/^落后 120,\d{3} 人（\d+\.\d\d 个百分点）$/);
    expect(places.every(({ forecast }) => forecast.length === 2)).toBe(true);
    const course = (await county.get(`/api/targets/${plan}/course?asOf=2020-09-20`)).body;
    expect(course.series).toHaveLength(15);
    const [all] = course.series;
    expect(all.planned[course.days.indexOf('2020-08-31')]).toBe(60_044);
    expect([all.planned.at(-1), all.done.at(-1)]).toEqual([120_088, null]);
    expect(all.done[course.days.indexOf('2020-08-01')]).toBeNull();
    expect(all.done[course.days.indexOf('2020-09-20')]).toBe(
      (await county.get(`/api/targets/${plan}?asOf=2020-09-20`)).body.whole.standing.done,
    );
    const own = (await town.get(`/api/targets/${plan}/course?asOf=2020-09-20`)).body;
    expect(own.series.map((one: Line) => one.place.code)).toContain(PLACES.village);
  });

  it('is never rewritten: a change is a new version with its reason, in force from its day', async () => {
    expect((await act(county, plan, 'versions', { reason: '' })).body.code).toBe('person.reason');
    expect((await act(county, plan, 'versions', { reason: '市里调减任务' })).body).toEqual({ version: 2 });
    expect((await act(county, plan, 'versions', { reason: '又一版' })).body.code).toBe('targets.draft');
    await act(county, plan, 'total', { total: 100_000 });
    expect((await act(county, plan, 'issue', { day: '2020-08-31' })).body.code).toBe('targets.day');
    expect((await act(county, plan, 'issue', { day: '2020-09-20' })).body).toEqual({ version: 2 });
    const total = async (asOf: string) => (await view(county, plan, `?asOf=${asOf}`)).whole.standing.amount;
    expect([await total('2020-09-19'), await total('2020-09-20')]).toEqual([120_088, 100_000]);
    const { versions, places } = await view(county, plan, '?asOf=2020-09-20');
    expect(versions).toMatchObject([
      { version: 1, total: 120_088, document: '沅人社发〔2020〕44号' },
      { version: 2, total: 100_000, reason: '市里调减任务' },
    ]);
    expect(sum(places)).toBe(100_000);
    // Each version is signed for itself.
    expect(places.every(({ signed }) => signed === null)).toBe(true);
    expect(places.find(({ place }) => place.code === '430981402')?.place.name).toBe(
      '漉湖湿地保护与发展事务中心',
    );
    const table = await instance.db.transaction(SCOPE, (tx) => annex1Table(tx, SCOPE, plan));
    expect(table.rows.map(({ name }) => name)).toEqual(UNITS.map(({ name }) => name));
  });

  it('makes 扩面任务 of the willing of a day, apart from 核实任务, and a year’s plan that was late', async () => {
    const expand = await make({ kind: 'expand', basis: { of: 'count' } });
    const { items } = (await county.get('/api/figures')).body;
    const wants = items.find((f: { code: string }) => f.code === 'wants').value;
    const drafted = await view(county, expand);
    expect([drafted.whole.standing.amount, sum(drafted.places)]).toEqual([wants, wants]);
    expect(drafted.plan.kindTitle).toBe('扩面任务');
    expect((await act(county, expand, 'drop')).body).toEqual({ done: true });
    expect((await county.get(`/api/targets/${expand}`)).body.code).toBe('targets.unknown');
    const yearly = await make({
      kind: 'own',
      title: '年度缴费人数',
      indicator: 'paid',
      villages: false,
      basis: { of: 'total', total: 1_000, by: 'population' },
    });
    // Issued to towns; each divides its own to its villages once.
    await issuePlan(instance, SCOPE, yearly, { day: '2020-05-01' });
    const given = await view(county, yearly);
    expect(given.plan).toMatchObject({ late: true, from: '2020-01-01', due: '2020-12-31' });
    const own = given.places.find(({ place }) => place.code === PLACES.town);
    expect(own).toMatchObject({ villages: 0, standing: { amount: 667 } });
    expect((await act(town, yearly, 'split', { level: 'villages', by: 'equal' })).body).toEqual({
      version: 1,
    });
    expect(sum((await view(town, yearly)).places)).toBe(667);
    expect((await act(town, yearly, 'split', { level: 'villages' })).body.code).toBe('targets.issued');
    // What the town has split is not lost by a version of the county's that knows nothing of it.
    await act(county, yearly, 'versions', { reason: '核减' });
    await instance.db.asOwner((tx) =>
      tx.query(
        `delete from target_share where plan = $1 and version = 2 and length(region) > 9 and region like $2`,
        [yearly, `${PLACES.town}%`],
      ),
    );
    expect((await act(county, yearly, 'issue', { day: '2020-09-20' })).body.code).toBe('targets.villages');
    expect(
      (await act(county, yearly, 'split', { level: 'villages', town: PLACES.town, by: 'equal' })).status,
    ).toBe(200);
    expect((await act(county, yearly, 'issue', { day: '2020-09-20' })).body).toEqual({ version: 2 });
    const money = await make({
      kind: 'own',
      unit: 'fen',
      basis: { of: 'total', total: 123_456_789_01, by: 'equal' },
    });
    const fen = await view(county, money);
    expect(fen.whole.standing).toMatchObject({ done: null, state: 'pending', words: '待接入' });
    expect([sum(fen.places), fen.failures]).toEqual([12_345_678_901, []]);
    expect((await act(county, plan, 'end', { day: '2020-10-01', reason: '改用新任务' })).body).toEqual({
      done: true,
    });
    const after = await instance.db.transaction(SCOPE, (tx) => measure(tx, SCOPE, COUNTY, '2020-10-02'));
    expect(after.whole('task-verify')).toBe(0);
  });

  it('gives an indicator by place with ranks and weeks, and resolves the reference of a printed number', async () => {
    const figure = (await county.get('/api/figures/coverage-rate?asOf=2020-09-20')).body;
    const whole = (await county.get('/api/figures?asOf=2020-09-20')).body.items.find(
      (f: { code: string }) => f.code === 'coverage-rate',
    );
    expect(figure.value).toBe(whole.value);
    const here = figure.places.find((p: Line) => p.place.code === PLACES.town);
    expect(here.value).toBe(here.numerator / here.denominator);
    expect(here.rank).toBeGreaterThan(0);
    expect(figure.places.find((p: Line) => p.place.code === '430981402')).toMatchObject({
      value: null,
      rank: null,
    });
    expect(figure.trend.at(-1)).toEqual({ day: '2020-09-20', value: whole.value });
    expect((await county.get('/api/figures/nothing')).body.code).toBe('indicator.unknown');
    const resolve = async (client: Client, text: string) =>
      (await client.get(`/api/references/${encodeURIComponent(text)}`)).body;
    expect(await resolve(county, `coverage-rate@${PLACES.town}@2020-09-20`)).toMatchObject({
      value: here.value,
      name: '城乡居保覆盖率',
      region: { name: '琼湖街道' },
    });
    expect(await resolve(county, `rank:coverage-rate@${PLACES.town}@2020-09-20`)).toMatchObject({
      value: here.rank,
      printed: `第${here.rank}位`,
    });
    expect(await resolve(county, `change:population@${COUNTY}@2020-09-13..2020-09-20`)).toMatchObject({
      value: 0,
      printed: '0',
    });
    const people = await resolve(county, `registered@${PLACES.town}@2020-09-20`);
    expect(people.link).toEqual({
      path: '/people',
      query: { indicator: 'registered', region: PLACES.town, asOf: '2020-09-20' },
    });
    const listed = (await county.get(`/api/people?${new URLSearchParams(people.link.query)}`)).body;
    expect(listed.total).toBe(people.value);
    const taxed = await resolve(await service.as('tax'), `registered@${PLACES.town}@2020-09-20`);
    expect(taxed.link.path).toBe('/indicators');
    expect((await resolve(county, 'x')).code).toBe('reference.unknown');
    expect((await resolve(town, `paid@${PLACES.otherTown}@2020-09-20`)).code).toBe('report.scope');
  });

  it('resolves what a plan wants by the day, how far one is from it, and who stands in no place', async () => {
    const paced = await make({
      kind: 'verify',
      from: '2020-09-01',
      basis: { of: 'total', total: 90, by: 'population' },
    });
    await act(county, paced, 'issue', { day: '2020-09-01' });
    const resolve = async (text: string) =>
      (await county.get(`/api/references/${encodeURIComponent(text)}`)).body;
    const at = `verify-task-rate@${COUNTY}@2020-09-20`;
    const { whole } = await view(county, paced, '?asOf=2020-09-20');
    const pace = whole.standing.planned / whole.standing.amount;
    const value = await resolve(at);
    expect(await resolve(`pace:${at}`)).toMatchObject({
      value: pace,
      printed: `${(pace * 100).toFixed(2)}%`,
    });
    const gap = await resolve(`gap:${at}`);
    expect(gap.value).toBeCloseTo(value.value - pace, 4);
    expect(gap.printed).toMatch(/^[+−]\d+\.\d\d个百分点$/);
    expect(await resolve(`rest:population@${COUNTY}@2020-09-20`)).toMatchObject({ value: 0, printed: '0' });
  });

  it('asks on each day what the version of that day asked', async () => {
    const changed = await make({
      kind: 'own',
      title: '登记任务',
      indicator: 'registered',
      from: '2020-09-01',
      due: '2020-09-30',
      basis: { of: 'total', total: 300, by: 'population' },
    });
    await act(county, changed, 'issue', { day: '2020-09-01' });
    await act(county, changed, 'versions', { reason: '人数核减' });
    await act(county, changed, 'total', { total: 150 });
    await act(county, changed, 'issue', { day: '2020-09-20' });
    const { days, series } = (await county.get(`/api/targets/${changed}/course?asOf=2020-09-20`)).body;
    const planned = (day: string) => series[0].planned[days.indexOf(day)];
    expect(planned('2020-09-15')).toBe(150);
    expect(planned('2020-09-20')).toBe(100);
    expect(planned('2020-09-30')).toBe(150);
    expect(series[0].amount).toBe(150);
  });
});

describe.each(engines)('扩面任务 of a county where some have joined on %s', (engine) => {
  it('asks for whoever said yes, so that a plan made late has not more done than asked', async () => {
    const instance = await openTestInstance(engine, { county: COUNTY });
    const dir = await mkdtemp(join(tmpdir(), 'quanbao-expand-'));
    try {
      await fillSmallCounty(instance);
      // Neither registered nor in prison: the third of each village.
      const asked = SMALL_COUNTY.filter((_, i) => i % 3 === 2);
      const joined = asked[0] as SmallPerson;
      const rows = (of: readonly SmallPerson[], cells: string): string =>
        of.map(({ id, name }) => `${id},${name},${cells}`).join('\n');
      for (const [source, asOf, content] of [
        ['survey-workbook', '2020-09-21', `身份证号码,姓名,是否愿意参保\n${rows(asked, '是')}\n`],
        [
          'residents-scheme',
          '2020-09-25',
          `身份证号码,姓名,参保状态,缴费状态,参保时间\n${rows([joined], '正常参保,参保缴费,2020-09-24')}\n`,
        ],
        [
          'residents-payments',
          '2020-09-26',
          `身份证号码,姓名,缴费年度,金额,日期\n${rows([joined], '2020,200,2020-09-25')}\n`,
        ],
      ] as const) {
        const path = join(dir, `${source}.csv`);
        await writeFile(path, content);
        await receive(instance, SCOPE, [
          { source, asOf, mode: 'delta', files: [{ name: `${source}.csv`, path }] },
        ]);
      }
      const { plan } = await makePlan(instance, SCOPE, { kind: 'expand', basis: { of: 'count' } });
      await issuePlan(instance, SCOPE, plan, { day: '2020-09-26' });
      const { whole, of } = await instance.db.transaction(SCOPE, (tx) => measure(tx, SCOPE, COUNTY));
      expect(['willing', 'wants', 'expanded', 'task-expand'].map(whole)).toEqual([2, 3, 1, 3]);
      expect(['willing', 'wants', 'expanded', 'task-expand'].map(of(PLACES.town))).toEqual([1, 2, 1, 2]);
    } finally {
      await instance.close();
      await rm(dir, { recursive: true, force: true });
    }
  });
});
