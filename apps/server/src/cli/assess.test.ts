import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPlace, type Place, registerCsv, runHere } from '../testing/command.ts';
import { docxParagraphs } from '../testing/docx-text.ts';
import { engines } from '../testing/instance.ts';

describe('assess without an instance', () => {
  it.each([
    [['assess'], 2, '方案代码'],
    [['assess', 'yuanjiang-2020-10', '--date', '2020-13-01'], 2, '应为日期'],
    [['assess', 'yuanjiang-2020-10', '--out', 'x.docx'], 2, '.xlsx'],
    [['assess', 'verify', 'x'], 2, '正整数'],
    [['assess', 'self', '1'], 2, '缺少参数'],
    [['assess', 'publish', '1'], 2, '--document'],
    [['assess', 'begin', 'x', '--self-due', '10月'], 2, '应为日期'],
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

  it('begins a round, takes what units say, freezes and publishes it, and its acceptance bulletin says the same', async () => {
    const day = '2020-10-31';
    const run = async (...args: string[]) => {
      const done = await assess(...args, '--json');
      expect([done.code, done.err], args.join(' ')).toEqual([0, expect.not.stringContaining('程序出错')]);
      return done.json();
    };
    const refusedAs = async (...args: string[]) => (await assess(...args, '--json')).json().problem;
    const round = await run('begin', 'yuanjiang-2020-10', '--date', day, '--self-due', '2020-10-20');
    expect(round).toMatchObject({ assessment: 1, day, selfDue: '2020-10-20' });
    expect(round.units).toHaveLength(14);
    const wrong = place.file('错.csv', '单位,自查评估情况,考核内容,数值\n南岸镇,自查了,coverage-rate,5%\n');
    expect((await refusedAs('self', '1', wrong)).message).toContain('第 2 行：这一轮考核没有这个单位');
    expect((await refusedAs('self', '1', place.file('空.csv', '甲,乙\n1,2\n'))).code).toBe('assessment.file');
    expect((await refusedAs('self', '1', '没有.csv')).message).toContain('读不到');
    const self = place.file(
      '自查.csv',
      '单位,自查评估情况,考核内容,数值,说明\n草尾镇,已逐村核对未参保人员名单,城乡居保覆盖率,1.5%,与调度表一致\n,,paying-rate,0.2,\n',
    );
    expect(await run('self', '1', self, '--date', '2020-10-20')).toEqual({
      assessment: 1,
      units: 1,
      lines: 2,
    });
    // The sheet writes a unit by its code or its name; what the county enters changes the score.
    const facts = place.file(
      '事项.csv',
      '单位,考核内容,数值,依据\n430981114,commended,1,益政通报〔2020〕3号\n草尾镇,late-reports,0,值班记录\n',
    );
    expect(await run('facts', '1', facts)).toEqual({ assessment: 1, units: 1, lines: 2 });
    expect((await refusedAs('publish', '1', '--document', '沅政通报〔2020〕9号')).code).toBe(
      'assessment.state',
    );
    expect(await run('advance', '1')).toEqual({ assessment: 1, state: 'draft' });
    expect((await refusedAs('self', '1', self)).message).toMatch(/^草尾镇：自查评估已经截止/);
    const { digest } = await run('freeze', '1');
    const out = join(place.dir, '..', '验收通报.docx');
    const issued = await place.here([
      ...['bulletin', 'acceptance', '--date', day, '--issue', '--out', out, '--json'],
    ]);
    expect([issued.code, issued.err]).toEqual([0, expect.not.stringContaining('程序出错')]);
    const { number } = issued.json();
    expect(await run('publish', '1', '--document', number)).toMatchObject({ state: 'published', digest });

    const result = await run('acceptance', '1');
    const units = [...result.passed, ...result.failed];
    expect([units.length, result.unjudged.length, result.document]).toEqual([2, 12, number]);
    const town = units.find(({ unit }: { unit: string }) => unit === '430981114');
    const cells = docxParagraphs(readFileSync(out));
    // 名次、单位、得分、…、等次 of the town, one cell after the other.
    const at = cells.findIndex((text, i) => text === '草尾镇' && cells[i + 1] === town.total.toFixed(2));
    expect([at > 0, cells[at - 1]]).toEqual([true, String(town.rank)]);
    expect(cells.slice(at, at + 6)).toContain(town.gradeTitle);
    const held = result.grades.filter((one: { units: number }) => one.units > 0);
    expect(held.length).toBeGreaterThan(0);
    for (const { title, units: n } of held) expect(cells.join('\n')).toContain(`${title}${n}个`);
    // A bonus of 2.5 and full marks for reports: without what was entered it is less.
    const tried = (await run('yuanjiang-2020-10', '--date', day)).items;
    const before = tried.find(({ unit }: { unit: string }) => unit === '430981114');
    expect(town.total - before.total).toBeCloseTo(7.5, 6);
    expect((await run('verify', '1')).same).toBe(true);
    expect((await assess('list')).out).toContain('已公布');
  });
});
