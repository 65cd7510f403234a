import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPlace, type Place, registerCsv, runHere } from '../testing/command.ts';
import { engines } from '../testing/instance.ts';

describe('targets without an instance', () => {
  it.each([
    [['targets', 'issue', '1'], 2, '--day'],
    [['targets', 'sign', '1'], 2, '--region'],
    [['targets', 'split', 'x'], 2, '正整数'],
    [['targets', 'import', '--kind', 'own'], 2, 'verify, expand'],
    [['targets', 'list'], 3, 'quanbao init'],
  ])('%j ends with %d and says %s', async (args, code, says) => {
    const done = await runHere([...args, '--json'], '/nowhere/data');
    expect([done.code, done.err.includes(says)]).toEqual([code, true]);
  });
});

// A command on PGlite costs seconds: where PostgreSQL is here, this runs on it.
describe.each(engines.slice(-1))('targets on %s', (engine) => {
  let place: Place;
  beforeAll(async () => {
    place = await openPlace(engine, { county: '430981' });
    const list = ['--source', 'household-register', '--as-of', '2020-08-31'];
    await place.here(['import', place.file('户籍.csv', registerCsv(0, 4)), ...list]);
  });
  afterAll(() => place?.drop());

  it('imports, splits and issues, and prints 附件1 that is taken in again unchanged', async () => {
    const run = (...args: string[]) => place.here([...args, '--json']);
    const made = await run('targets', 'import', '--issue', '2020-08-31');
    expect(made.json()).toEqual({ plan: 1, version: 1, total: 120_087, units: 14 });
    // Not divided yet: no village has a share of it.
    const loose = await run('report', 'annex1', '--region', '430981114');
    expect([loose.code, loose.json().problem.code]).toEqual([3, 'annex1.region']);
    expect(loose.err).toContain('targets split 1');
    // Each command opens the embedded database anew: seconds, and more beside other work.
    expect((await run('targets', 'split', '1', '--by', 'equal')).json()).toEqual({ plan: 1, version: 1 });
    expect((await run('targets', 'sign', '1', '--region', '430981114')).code).toBe(0);
    const shown = (await run('targets', 'show', '--region', '430981114')).json();
    expect(shown.whole).toMatchObject({ standing: { amount: 13_915, planned: 6_958 } });
    const annex1 = async (...args: string[]) => (await run('report', 'annex1', ...args)).json();
    const whole = await annex1();
    const town = await annex1('--region', '430981114');
    // A town's rows are its villages', and their sum is its own.
    expect([town.region, town.total]).toEqual(['430981114', { 2: 13_915 }]);
    const told = await place.here(['report', 'annex1', '--region', '430981114']);
    expect(told.out).toContain('2020年度草尾镇城乡居民');
    const village = await annex1('--region', '430981114001');
    expect([village.rows.length, town.rows.length > 5, whole.rows.length]).toEqual([1, true, 14]);
    const file = join(place.dir, '..', '附件1.xlsx');
    expect((await place.here(['report', 'annex1', '--out', file])).code).toBe(0);
    expect((await run('targets', 'import', file)).json()).toEqual({
      plan: 2,
      version: 1,
      total: 120_087,
      units: 14,
    });
  }, 300_000);

  it('refuses a wrong 合计 with the difference, and lists what is not signed', async () => {
    const wrong = place.file('错.csv', '单位,需核实参保任务数\n草尾镇,5\n合计,6\n');
    const refused = await place.here(['targets', 'import', wrong, '--json']);
    expect([refused.code, refused.json().problem.code]).toEqual([3, 'annex1.total']);
    expect(refused.err).toContain('相差 1');
    expect((await place.here(['targets', 'list'])).out).toContain('13 个单位未签收');
  });
});
