import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkInstance } from '../../maintenance/check.ts';
import { engines, openTestInstance, scopeOf, type TestInstance } from '../../testing/instance.ts';
import { loadRegionTree } from '../regions/index.ts';
import { personPage } from '../register/index.ts';
import { receive } from '../sources/index.ts';
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
  const change = (settings: unknown) =>
    instance.db.transaction(scope, async (tx) => {
      await tx.query('update county set settings = $2::jsonb where county = $1', [
        COUNTY,
        JSON.stringify(settings),
      ]);
      return recompute(tx, COUNTY, await loadRegionTree(tx, COUNTY), 1, { everybody: true });
    });

  it('hold from their day: steps, person page and check agree', async () => {
    expect(await rankOn('2020-10-01')).toBe(7);
    const effects = await change({
      'coverage.lapsed-counts': [{ from: '2020-10-01', value: false, document: '沅人社发〔2020〕99号' }],
    });
    expect(effects).toMatchObject({ people: 1, changed: 1 });
    expect([await rankOn('2020-09-30'), await rankOn('2020-10-01')]).toEqual([7, 14]);
    const checks = await checkInstance(instance, scope, { skipJournal: true });
    expect(checks.filter((check) => !check.ok)).toEqual([]);
  });

  it('that nobody can read stop the commit with a sentence', async () => {
    await expect(
      change({ 'coverage.scope-age': [{ from: 'soon', value: 16, document: '甲' }] }),
    ).rejects.toThrow('起始日期');
    expect(await rankOn('2020-10-01')).toBe(14);
  });
});
