import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPlace, type Place, registerCsv, runHere } from '../testing/command.ts';
import { engines } from '../testing/instance.ts';

describe('assess without an instance', () => {
  it.each([
    [['assess'], 2, '方案代码'],
    [['assess', 'yuanjiang-2020-10', '--date', '2020-13-01'], 2, '应为日期'],
    [['assess', 'yuanjiang-2020-10', '--out', 'x.docx'], 2, '.xlsx'],
    [['assess', 'verify', 'x'], 2, '正整数'],
    [['assess', 'list'], 3, 'quanbao init'],
  ])('%j ends with %d and says %s', async (args, code, says) => {
    const done = await runHere([...args, '--json'], '/nowhere/data');
    expect([done.code, done.err.includes(says)]).toEqual([code, true]);
  });
});

// A command on PGlite costs seconds: where PostgreSQL is here, this runs on it.
describe.each(engines.slice(-1))('assess on %s', (engine) => {
  let place: Place;
  beforeAll(async () => {
    place = await openPlace(engine, { county: '430981' });
    const register = place.file('户籍.csv', registerCsv(0, 12));
    const list = ['--source', 'household-register', '--as-of', '2020-10-31'];
    expect((await place.here(['import', register, ...list])).code).toBe(0);
  });
  afterAll(() => place?.drop());

  const assess = (...args: string[]) => place.here(['assess', ...args]);

  it('scores and grades every town, on the screen, as JSON and in a file', async () => {
    const out = join(place.dir, '..', '考核.xlsx');
    const done = await assess('yuanjiang-2020-10', '--date', '2020-10-31', '--json', '--out', out);
    expect(done.err).not.toContain('程序出错');
    expect(done.code).toBe(0);
    const { items, day, full } = done.json();
    expect([items.length, day, full]).toEqual([14, '2020-10-31', 100]);
    const town = items.find((one: { unit: string }) => one.unit === '430981006');
    expect(town.lines.find((one: { line: string }) => one.line === 'coverage-rate')).toMatchObject({
      state: 'judged',
      value: 0,
      formula: expect.stringContaining('0.00%'),
    });
    expect([town.judged + town.leftOut, town.gradeTitle]).toEqual([100, '不合格']);
    const { sheets } = await readXlsx(readFileSync(out));
    expect(sheets.map(({ name }) => name)).toEqual(['排名定级', '逐项得分', '依据']);
    expect(JSON.stringify(sheets[1]?.rows)).toContain('coverage-rate@430981006@2020-10-31');
    const told = await assess('yuanjiang-2020-10');
    expect(told.out).toContain('不合格');
    expect(told.out).toContain('由系统自拟');
  });

  it('lists schemes, and refuses what is not there', async () => {
    const listed = (await assess('list', '--json')).json();
    expect(listed.schemes.map((one: { code: string }) => one.code)).toContain('quanzhou-employees');
    expect(listed.rounds).toEqual([]);
    const none = await assess('nothing', '--json');
    expect([none.code, none.json().problem.code]).toEqual([3, 'assessment.scheme-unknown']);
    expect((await assess('verify', '1')).code).toBe(3);
    expect((await assess('freeze', '1', '--json')).json().problem.code).toBe('assessment.unknown');
  });
});
