import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkInstance } from '../../maintenance/check.ts';
import { engines, openTestInstance, scopeOf, type TestInstance } from '../../testing/instance.ts';
import { loadRegionTree } from '../regions/index.ts';
import { personPage } from '../register/index.ts';
import { receive } from '../sources/index.ts';
import { listSettings, setSetting } from './index.ts';
import { recompute } from './recompute.ts';

const COUNTY = '430981';
const ID = '430981196003150018';
const scope = scopeOf(COUNTY);

describe.each(engines)('county settings on %s', (engine) => {
  let instance: TestInstance;
  beforeAll(async () => {
    instance = await openTestInstance(engine, { county: COUNTY });
    const file = (name: string, text: string) => {
      const path = join(instance.dir, name);
      writeFileSync(path, text);
      return [{ name, path }];
    };
    await receive(instance, scope, [
      {
        source: 'household-register',
        asOf: '2020-08-01',
        files: file('register.csv', `身份证号码,姓名,户籍地址\n${ID},张三,沅江市草尾镇大福村\n`),
      },
      {
        source: 'employees-in-province',
        asOf: '2020-08-01',
        files: file('employees.csv', `身份证号码,姓名,状态\n${ID},张三,断缴\n`),
      },
    ]);
  });
  afterAll(() => instance.close());

  const rankOn = async (day: string) => (await personPage(instance, scope, ID, { asOf: day })).rule?.rank;
  const steps = () =>
    instance.db.transaction(scope, (tx) =>
      tx.query('select person_no, from_day, to_day, region, class from step order by 1, 2'),
    );
  const set = (
    value: string,
    from: string,
    document = '沅人社发〔2020〕99号',
    key = 'coverage.lapsed-counts',
  ) => setSetting(instance, scope, { key, value, from, document });
  const failing = async () =>
    (await checkInstance(instance, scope, { skipJournal: true })).filter((check) => !check.ok);

  it('hold from their day: steps, person page and check agree; set back, everything is as before', async () => {
    const before = await steps();
    expect(await rankOn('2020-10-01')).toBe(7);
    expect(await set('否', '2020-10-01')).toEqual({
      key: 'coverage.lapsed-counts',
      value: false,
      before: true,
      from: '2020-10-01',
      document: '沅人社发〔2020〕99号',
      changed: 1,
    });
    expect([await rankOn('2020-09-30'), await rankOn('2020-10-01')]).toEqual([7, 14]);
    expect(await failing()).toEqual([]);
    expect(await set('是', '2020-10-01', '沅人社发〔2020〕100号')).toMatchObject({
      before: false,
      changed: 1,
    });
    expect(await steps()).toEqual(before);
    expect(await failing()).toEqual([]);
    const trail = await instance.db.transaction(scope, (tx) =>
      tx.query<{ detail: unknown }>(
        `select detail from audit_event where act = 'setting.change' order by seq`,
      ),
    );
    expect(trail.map(({ detail }) => detail)).toMatchObject([
      { value: false, before: true, from: '2020-10-01', document: '沅人社发〔2020〕99号' },
      { value: true, before: false, document: '沅人社发〔2020〕100号' },
    ]);
  });

  it('are listed with days and documents', async () => {
    const listed = await instance.db.transaction(scope, (tx) => listSettings(tx, COUNTY, '2020-10-01'));
    const lapsed = listed.find((setting) => setting.key === 'coverage.lapsed-counts');
    expect(lapsed).toMatchObject({
      value: true,
      shipped: [{ from: '2009-09-01', value: true }],
      own: [{ from: '2020-10-01', value: true, document: '沅人社发〔2020〕100号' }],
    });
    expect(lapsed?.legalSources[0]).toContain('国发〔2014〕8号');
  });

  it.each([
    ['settings.unknown', ['是', '2020-10-01', '甲', 'coverage.nothing']],
    ['settings.value', ['也许', '2020-10-01']],
    ['settings.from', ['否', '']],
    ['settings.document', ['否', '2020-10-01', ' ']],
    ['settings.document', ['否', '2020-10-01', `关于 ${ID} 的请示`]],
  ] as const)('are refused with %s, nothing changed', async (code, asked) => {
    const before = await steps();
    const [value, from, ...rest] = asked;
    await expect(set(value, from, ...rest)).rejects.toMatchObject({ problem: { code } });
    expect(await steps()).toEqual(before);
  });

  it("are the county's to change, not a town's", async () => {
    const town = scopeOf(COUNTY, '430981114');
    const asked = { key: 'coverage.lapsed-counts', value: '否', from: '2020-10-01', document: '甲' };
    await expect(setSetting(instance, town, asked)).rejects.toMatchObject({
      problem: { code: 'settings.scope' },
    });
  });

  it('that nobody can read stop the commit with a sentence', async () => {
    const work = instance.db.transaction(scope, async (tx) => {
      await tx.query('update county set settings = $2::jsonb where county = $1', [
        COUNTY,
        JSON.stringify({ 'coverage.scope-age': [{ from: 'soon', value: 16, document: '甲' }] }),
      ]);
      return recompute(tx, COUNTY, await loadRegionTree(tx, COUNTY), 1, { everybody: true });
    });
    await expect(work).rejects.toThrow('起始日期');
  });
});
