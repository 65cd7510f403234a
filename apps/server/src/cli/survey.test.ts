import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readXlsx, writeXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPlace, type Place, registerCsv, runHere } from '../testing/command.ts';
import { engines } from '../testing/instance.ts';

const VILLAGE = '430981006001';
const TOWN = '430981006';

describe('survey without an instance', () => {
  it.each([
    [['survey', 'export', '--region', TOWN], 2, '--out'],
    [['survey', 'export', '--out', '/tmp/x'], 2, '--region'],
    [['survey', 'return'], 2, '缺少参数'],
    [['survey', 'decide', '3', '--take', 'ours'], 2, '应写成 返回/行'],
    [['survey', 'decide', '3/1', '--take', 'both'], 2, 'theirs, ours'],
    [['survey', 'merge', '--return', 'x'], 2, '正整数'],
    [['survey', 'merge'], 3, 'quanbao init'],
    [['survey', 'contradictions'], 3, 'quanbao init'],
  ])('%j ends with %d and says %s', async (args, code, says) => {
    const done = await runHere([...args, '--json'], '/nowhere/data');
    expect([done.code, done.err.includes(says)]).toEqual([code, true]);
    expect(done.json().problem.code).toBe(code === 2 ? 'usage' : 'county.missing');
  });
});

// A command on PGlite costs seconds: where PostgreSQL is here, this runs on it.
describe.each(engines.slice(-1))('survey on %s', (engine) => {
  let place: Place;
  let out: string;
  beforeAll(async () => {
    place = await openPlace(engine, { county: '430981' });
    out = join(place.dir, '..', '底册');
    const register = place.file('户籍.csv', registerCsv(0, 12));
    const list = ['--source', 'household-register', '--as-of', '2020-08-31'];
    expect((await place.here(['import', register, ...list])).code).toBe(0);
  });
  afterAll(() => place?.drop());

  const survey = (...args: string[]) => place.here(['survey', ...args]);
  const fill = async (path: string, answers: readonly string[]): Promise<Buffer> => {
    const { sheets } = await readXlsx(readFileSync(path));
    const rows = (sheets[0]?.rows ?? []).map((row) => row.map((cell) => String(cell ?? '')));
    const column = rows[2]?.indexOf('核实情况') as number;
    answers.forEach((answer, i) => {
      (rows[3 + i] as string[])[column] = answer;
    });
    return Buffer.from(await writeXlsx({ sheets: [{ name: '底册', rows }] }));
  };

  it('export: a workbook per village and an archive per town, the stamp told', async () => {
    const done = await survey('export', '--region', TOWN, '--out', out, '--json');
    expect(done.err).not.toContain('程序出错');
    expect(done.code).toBe(0);
    const { issues, zips } = done.json();
    expect(
      issues.map((one: { region: { code: string }; people: number }) => [one.region.code, one.people]),
    ).toEqual([
      ['430981006001', 4],
      ['430981006002', 4],
    ]);
    for (const { file } of issues) expect(readFileSync(file).subarray(0, 2).toString()).toBe('PK');
    expect(zips).toHaveLength(1);
    expect(existsSync(zips[0])).toBe(true);
    expect((await survey('export', '--region', '430981999', '--out', out, '--json')).code).toBe(3);
    const one = await survey('export', '--region', VILLAGE, '--out', out);
    expect(one.out).toContain('已下发 1 份底册');
    expect(one.out).not.toMatch(/\d{17}[\dX]/);
  });

  it('return: audits, writes the remarks, merges when told; again it changes nothing', async () => {
    const { issues } = (await survey('export', '--region', VILLAGE, '--out', out, '--json')).json();
    const path = place.file(
      '返回.xlsx',
      await fill(issues[0].file, ['愿意参保', '说不清', '参职保(含退休)']),
    );
    const args = ['return', path, '--out', out, '--as-of', '2020-09-10'];
    const told = await survey(...args, '--json');
    expect(told.code).toBe(0);
    const [first] = told.json().returns;
    expect(first.counts).toEqual({ accepted: 1, remarked: 1, blank: 1, refused: 1, missing: 0 });
    expect(existsSync(first.audited)).toBe(true);
    const trial = await survey('merge', '--dry-run', '--as-of', '2020-09-10', '--json');
    expect(trial.json()).toMatchObject({ outcomes: { apply: 2, contradiction: 0 }, deliveries: [] });
    const merged = await survey(...args, '--merge', '--json');
    expect(merged.json()).toMatchObject({
      returns: [{ returnNo: 1, known: true }],
      merge: { outcomes: { apply: 2 } },
    });
    const [delivery] = merged.json().merge.deliveries;
    const again = await survey(...args, '--merge');
    expect(again.out).toContain('以前收到过');
    expect(again.out).toContain('采用 0 行');
    expect((await survey('contradictions', '--json')).json()).toMatchObject({ total: 0, items: [] });
    expect((await survey('decide', '1/1', '--take', 'ours', '--json')).json().problem.code).toBe(
      'workbook.decided',
    );
    expect((await place.here(['undo', String(delivery), '--json'])).code).toBe(0);
    expect((await survey('merge', '--json')).json().outcomes.apply).toBe(0);
    expect((await survey('merge', '--again', '--as-of', '2020-09-10', '--json')).json().outcomes.apply).toBe(
      2,
    );
  });

  it('return: a file that is none of ours is refused, and holds up none of the rest', async () => {
    const foreign = place.file('别的.csv', '身份证号码,姓名,核实情况\n');
    const alone = await survey('return', foreign, '--json');
    expect([alone.code, alone.json().problem.code]).toEqual([3, 'workbook.no-stamp']);
    expect(alone.err).toContain('import --source survey-workbook');
    const { issues } = (await survey('export', '--region', VILLAGE, '--out', out, '--json')).json();
    const good = place.file('好.xlsx', await fill(issues[0].file, ['愿意参保']));
    const both = await survey('return', good, foreign, join(out, '没有.xlsx'), '--json');
    expect(both.code).toBe(3);
    expect(both.json().returns).toHaveLength(1);
    expect(both.json().refused.map((one: { code: string }) => one.code)).toEqual([
      'workbook.no-stamp',
      'workbook.file',
    ]);
  });

  it('check agrees with all of it', async () => {
    const done = await place.here(['check', '--json']);
    expect(done.json().results.filter((one: { ok: boolean }) => !one.ok)).toEqual([]);
  });
});
