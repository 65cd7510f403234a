import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initCounty } from '../features/sources/index.ts';
import { inventedId, openPlace, type Place, registerCsv, runHere } from '../testing/command.ts';
import { engines } from '../testing/instance.ts';

/** The contract of the command line that scripts depend on; the spine, and what reads stdin, through the real program. */

const COMMANDS = [
  'init',
  'import',
  'deliveries',
  'undo',
  'sources',
  'overdue',
  'rejected',
  'fix',
  'report',
  'person',
  'conflicts',
  'quality',
  'adjudicate',
  'check',
  'backup',
  'restore',
  'keys',
  'settings',
  'version',
];

describe('without an instance', () => {
  const dir = join(mkdtempSync(join(tmpdir(), 'quanbao-none-')), 'data');
  const place = { dir, quanbao: (args: readonly string[]) => runHere(args, dir) };

  it('explains itself in Chinese', async () => {
    const all = await place.quanbao(['--help']);
    expect(all.code).toBe(0);
    for (const name of COMMANDS) expect(all.out).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'));
    for (const name of COMMANDS) {
      const { code, out } = await place.quanbao([name, '--help']);
      expect(code).toBe(0);
      expect(out).toContain('--json');
      expect(out).not.toMatch(/Usage|Options|Arguments|display help|options\]/);
    }
    expect(existsSync(place.dir)).toBe(false);
  });

  it('answers what needs no instance', async () => {
    const version = await place.quanbao(['version', '--json']);
    expect(version.json()).toEqual({ version: '0.1.0', node: process.versions.node });
    const sources = (await place.quanbao(['sources', '--json'])).json();
    expect(sources.sources.map((s: { code: string }) => s.code)).toContain('household-register');
    expect(sources.sources[0]).toHaveProperty('columns');
    const told = (await place.quanbao(['sources'])).out;
    expect(told).toContain('household-register');
    for (const words of [
      '证明：户籍人口底数；每季度，全量名单',
      '级别、残疾证号 或 身份证号码',
      '以下至少一列（核实情况',
    ])
      expect(told).toContain(words);
    expect(existsSync(place.dir)).toBe(false);
  });

  it.each([
    ['deliveries'],
    ['overdue'],
    ['check'],
    ['conflicts'],
    ['quality'],
    ['report', 'annex4'],
    ['person', '-'],
    ['undo', '1'],
    ['rejected', '1'],
    ['backup', '/tmp/never.qbk'],
    ['keys', 'rotate'],
  ])('%s is refused with advice and leaves nothing behind', async (...args) => {
    const done = await place.quanbao([...args, '--json']);
    expect(done.code).toBe(3);
    expect(done.json().problem.code).toBe('county.missing');
    expect(done.err).toContain('quanbao init --county');
    expect(existsSync(place.dir)).toBe(false);
  });

  it.each([
    [['nothing'], '没有名为 nothing 的命令'],
    [['deliverys'], '是不是要用 deliveries'],
    [['deliveries', '--colour'], '没有 --colour 这个选项'],
    [['import'], '需要 FILE'],
    [['import', 'x.csv', '--source', 'deaths', '--as-of', '2020-02-30'], '应为日期'],
    [['import', 'x.csv', '--source', 'deaths', '--as-of', '2020-02-03', '--full', '--delta'], '不能同时使用'],
    [['import', 'x.csv', '--manifest', 'm.json'], '--manifest'],
    [['import', 'x', '--source', 'deaths', '--as-of', '2020-01-01', '--errors', 'out.csv'], '.xlsx'],
    [['report', 'annex9'], 'annex3、annex4、annex5'],
    [['report', 'annex4', '--format', 'pdf'], 'xlsx, csv, json'],
    [['report', 'annex4', '--as-of', 'today'], '应为日期'],
    [['report', 'annex1', '--group', '3组'], '不分村民小组'],
    [['report', 'annex1', '--region', '430981006001-003'], '不分村民小组'],
    [['person'], '缺少参数'],
    [['person', '1', '2'], '参数多了'],
    [['undo', 'x'], 'A3（裁定）'],
    [['fix', '1', '2'], '--id'],
    [['rejected', '0'], '正整数'],
    [['adjudicate', '1', '--column', '6', '--reason', 'r', '--document', 'd'], '第 7 至 17 栏'],
    [['adjudicate', '1', '--column', '18', '--reason', 'r', '--document', 'd'], '第 7 至 17 栏'],
    [['adjudicate', '1', '--column', '8', '--document', 'd'], '--reason'],
    [['keys', 'eat'], 'keys rotate'],
    [['init'], '--county'],
  ])('wrong usage: %j', async (args, says) => {
    const done = await place.quanbao([...args, '--json']);
    expect(done.code).toBe(2);
    expect(done.err).toContain(says);
    expect(done.err).not.toMatch(/error:|invalid|unknown/);
    expect(done.json()).toEqual({ problem: { code: 'usage', message: expect.stringContaining(says) } });
    expect(existsSync(place.dir)).toBe(false);
  });

  it('wants an ending or a format, and a value after an option', async () => {
    const out = await place.quanbao(['report', 'annex4', '--out', 'form.pdf']);
    expect([out.code, out.out]).toEqual([2, '']);
    expect(out.err).toContain('--format');
    const bare = await place.quanbao(['import', '--json', '--as-of']);
    expect([bare.code, bare.json().problem.message]).toEqual([2, expect.stringContaining('后面要写一个值')]);
  });

  it('shows no ID number that was typed in the wrong place', async () => {
    const done = await place.quanbao([inventedId(1)]);
    expect(done.code).toBe(2);
    expect(done.err + done.out).not.toMatch(/\d{11}/);
  });
});

// A command on PGlite costs seconds: where PostgreSQL is here, the whole table runs on it, and the spine on PGlite.
describe.each(engines.slice(-1))('every command on %s', (engine) => {
  let place: Place;
  const wrongId = `${inventedId(7).slice(0, 17)}${inventedId(7)[17] === '1' ? '2' : '1'}`;

  beforeAll(async () => {
    place = await openPlace(engine, { county: '430981' });
  });
  afterAll(() => place.drop());

  const run = (...args: string[]) => place.here(args);

  it('init: once', async () => {
    const again = await run('init', '--county', '430981', '--json');
    expect(again.code).toBe(3);
    expect(again.json().problem.code).toBe('init.exists');
  });

  it('account: a subject of the single sign-on is one account’s', async () => {
    const add = (login: string, subject: string) =>
      run('account', 'add', login, '--name', '某', '--role', 'reader', '--subject', subject, '--json');
    expect((await add('zhao', 'hn-0001')).code).toBe(0);
    const taken = await add('qian', 'hn-0001');
    expect([taken.code, taken.json().problem.code]).toEqual([3, 'db.account_subject_uq']);
    const kept = await place.inside((instance) =>
      instance.db.asOwner((tx) => tx.query('select login, oidc_subject as subject from account')),
    );
    expect(kept).toEqual([{ login: 'zhao', subject: 'hn-0001' }]);
  });

  it('start and demo put no invented people into a county that was begun for real ones', async () => {
    const started = await run('start', '--no-serve');
    expect([started.code, started.out]).toEqual([0, expect.stringContaining('没有放入虚构人员')]);
    expect(started.out).toContain('--source household-register');
    const demo = await run('demo', '--residents', '100', '--json');
    expect([demo.code, demo.json().problem.code]).toEqual([3, 'demo.not-empty']);
    const people = await place.inside((instance) =>
      instance.db.asOwner((tx) => tx.query('select 1 from person limit 1')),
    );
    expect(people).toEqual([]);
  });

  it('asks for a register before any day can be asked about', async () => {
    const done = await run('report', 'annex4', '--json');
    expect([done.code, done.json().problem.code]).toEqual([3, 'report.no-register']);
    expect((await run('deliveries', '--json')).json()).toEqual({ deliveries: [] });
    const overdue = (await run('overdue', '--json')).json();
    expect(overdue.overdue.map((o: { source: string }) => o.source)).toContain('deaths');
    const [first] = (await run('overdue', '--as-of', '2020-09-30')).out.split('\n');
    expect(first).toMatch(/^到 2020-09-30，该报未报的来源 \d+ 个：$/);
    expect((await run('overdue')).out.split('\n')[0]).toContain('--as-of');
  });

  it('import: dry run shows the effects and writes nothing', async () => {
    const register = place.file(
      '户籍.csv',
      `${registerCsv(0, 60)}${wrongId},错号,草尾镇,430981006001,管理中\n`,
    );
    const dry = await run(
      'import',
      register,
      '--source',
      'household-register',
      '--as-of',
      '2020-08-31',
      '--dry-run',
      '--json',
    );
    expect(dry.err).not.toContain('程序出错');
    expect(dry.json()).toMatchObject({ delivery: null, dryRun: true, rows: 61, accepted: 60, new: 60 });
    const told = await run(
      'import',
      register,
      '--source',
      'household-register',
      '--as-of',
      '2020-08-31',
      '--dry-run',
    );
    expect(told.out).toContain('试算');
    expect(told.out).toContain('身份证号码→身份证号码');
    expect((await run('deliveries', '--json')).json()).toEqual({ deliveries: [] });
  });

  it('import: JSON with exactly the keys promised, and the sender’s own file back', async () => {
    const register = place.file(
      '户籍.csv',
      `${registerCsv(0, 60)}${wrongId},错号,草尾镇,430981006001,管理中\n`,
    );
    const out = `${place.dir}/../退回.xlsx`;
    const done = await run(
      'import',
      register,
      '--source',
      'household-register',
      '--as-of',
      '2020-08-31',
      '--errors',
      out,
      '--json',
    );
    expect(done.code).toBe(0);
    const report = done.json();
    const { delivery, warnings, ...counts } = report;
    expect(counts).toEqual({
      source: 'household-register',
      rows: 61,
      accepted: 60,
      new: 60,
      changed: 0,
      same: 0,
      withdrawn: 0,
      unmatched: 0,
      contradicting: 0,
      duplicate: 0,
      rejected: [
        {
          file: '户籍.csv',
          sheet: '',
          row: 62,
          column: '身份证号码',
          code: 'id.check-digit',
          message: expect.any(String),
          value: expect.stringMatching(/^\d{6}\*{8}\d{4}$/),
        },
      ],
    });
    expect(delivery).toBe(1);
    expect(readFileSync(out).subarray(0, 2).toString()).toBe('PK');
    const rejected = (await run('rejected', '1', '--json')).json();
    expect(rejected).toEqual({ delivery: 1, rejected: report.rejected });
    expect((await run('rejected', '99', '--json')).code).toBe(3);
    expect((await run('rejected', '1')).out).toContain('户籍.csv 第 62 行 身份证号码：');
    const next = await run('start', '--no-serve');
    expect(next.out).toMatch(/report annex4 --region 430981\d{3} --as-of 2020-08-31/);
    expect(existsSync(`${place.dir}/forms`)).toBe(false);
  });

  it('import: a correction of a heading that is not there, a list of another source', async () => {
    const list = place.file('名单.csv', `身份证号码,姓名,入伍时间\n${inventedId(8)},人8,2019-09-01\n`);
    const args = ['import', list, '--source', 'prisoners', '--as-of', '2020-08-31', '--dry-run', '--json'];
    const slip = await run(...args, '--map', '乱写=id');
    expect([slip.code, slip.json().problem.code]).toEqual([3, 'import.heading-unknown']);
    expect(slip.err).toContain('“乱写”');
    expect(slip.err).toContain('身份证号码、姓名、入伍时间');
    const other = await run(...args);
    expect(other.json().warnings).toEqual([
      '《名单.csv》表头里有“入伍时间”，是“现役军人”名单的列；请确认来源没有选错。',
    ]);
    expect((await run(...args, '--map', '入伍时间=')).code).toBe(0);
  });

  it('import: a manifest is one commit', async () => {
    place.file('残联.csv', `残疾证号,姓名,级别\n${inventedId(1)}11,人1,一级\n`);
    place.file('死亡.csv', `身份证号码,姓名,死亡日期\n${inventedId(2)},人2,2020-07-01\n`);
    const manifest = place.file(
      'manifest.json',
      JSON.stringify({
        county: '430981',
        deliveries: [
          { source: 'disability', asOf: '2020-08-31', mode: 'full', files: ['残联.csv'] },
          { source: 'deaths', asOf: '2020-09-30', mode: 'delta', files: ['死亡.csv'] },
        ],
      }),
    );
    const done = await run('import', '--manifest', manifest, '--json');
    expect(done.code).toBe(0);
    expect(
      done.json().deliveries.map((d: { delivery: number; source: string }) => [d.delivery, d.source]),
    ).toEqual([
      [2, 'disability'],
      [3, 'deaths'],
    ]);
    const list = (await run('deliveries', '--json')).json().deliveries;
    expect(list[2]).toMatchObject({
      delivery: 3,
      source: 'deaths',
      asOf: '2020-09-30',
      mode: 'delta',
      undone: false,
      inForce: true,
    });
  });

  it('report: JSON by printed column, files by ending, days and regions that are refused', async () => {
    const form = (await run('report', 'annex4', '--region', '430981', '--format', 'json')).json();
    expect(form).toMatchObject({ form: 'annex4', region: '430981', asOf: '2020-09-30' });
    expect(form.total['3']).toBe(60);
    expect(form.total['15']).toBe(1);
    expect(form.rows[0]).toMatchObject({
      code: expect.any(String),
      name: expect.any(String),
      cells: expect.any(Object),
    });
    const group = (await run('report', 'annex4', '--region', '430981006001-000', '--json')).json();
    expect(group).toMatchObject({ form: 'annex4', region: '430981006001-000' });
    const rates = (await run('report', 'annex5', '--json')).json();
    expect(rates.total['8']).toBeTypeOf('number');
    const early = (await run('report', 'annex4', '--as-of', '2020-08-31', '--json')).json();
    expect(early.asOf).toBe('2020-08-31');
    for (const [args, code] of [
      [['annex4', '--region', '430981999'], 'report.region'],
      [['annex3', '--region', '110101'], 'report.region'],
      [['annex4', '--as-of', '2020-08-30'], 'report.too-early'],
      [['annex4', '--as-of', '2090-01-01'], 'report.too-late'],
      [['annex4', '--out', '/nowhere/at/all.xlsx'], 'report.out'],
      [['annex4', '--county', '450324'], 'county.unknown'],
    ] as const) {
      const done = await run('report', ...args, '--json');
      expect([done.code, done.json().problem.code]).toEqual([3, code]);
    }
    for (const name of ['四.xlsx', '四.csv', '四.json']) {
      const out = `${place.dir}/../${name}`;
      const done = await run('report', 'annex4', '--out', out);
      expect([done.code, done.out]).toEqual([0, '']);
      expect(existsSync(out)).toBe(true);
    }
    expect((await run('report', 'annex4')).out).toContain('合计');
    const lines = (await run('report', 'annex3')).out.trimEnd().split('\n');
    expect(lines[0]).toContain('附件3');
    expect(lines[1]).toMatch(/^行政代码 {2}.*覆盖情形/);
    expect(lines.at(-1)).toBe('合计 60 人：第 7 栏 54 人，第 16 栏 1 人，第 17 栏 5 人');
    expect((await run('report', 'annex3', '--limit', '2')).out).toContain('合计 2 人');
  });

  it('person: masked, revealed on record, from stdin, on a past day, unknown', async () => {
    const page = (await run('person', inventedId(2), '--json')).json();
    expect(page).toMatchObject({
      verdict: expect.stringContaining('死亡'),
      column: 16,
      rule: { rank: 1 },
      from: '2020-08-31',
      to: null,
      id: expect.stringMatching(/^\d{6}\*{8}\w{4}$/),
    });
    expect(page.evidence).toContainEqual(
      expect.objectContaining({
        source: 'deaths',
        fact: 'death',
        from: '2020-07-01',
        to: null,
        delivery: 3,
        row: 2,
      }),
    );
    expect(page.history.length).toBeGreaterThan(0);
    const piped = await place.quanbao(['person', '-', '--json', '--reveal', '--reason', '本人来访'], {
      input: `${inventedId(3)}\n`,
    });
    expect(piped.json().id).toBe(inventedId(3));
    const trail = await place.inside((instance) =>
      instance.db.asOwner((tx) =>
        tx.query<{ act: string; detail: { reason?: string } }>(
          `select act, detail from audit_event where act like 'person.%' order by seq`,
        ),
      ),
    );
    expect(trail.map((row) => row.act)).toEqual(['person.view', 'person.reveal']);
    expect(trail[1]?.detail.reason).toBe('本人来访');
    const told = (await run('person', inventedId(2))).out;
    expect(told).toContain('★ 死亡人员：死亡  2020-07-01 至今');
    expect(told).toContain('户籍人口：在户籍名单内');
    expect(told.split('历史：')[1]).toContain('沅江市');
    expect(told).not.toMatch(/[a-z]{4}|430981\d{3}/);
    expect((await run('person', inventedId(2), '--as-of', '2020-08-31', '--json')).json().asOf).toBe(
      '2020-08-31',
    );
    const unknown = await run('person', inventedId(999), '--json');
    expect([unknown.code, unknown.json().problem.code]).toEqual([3, 'person.unknown']);
    const wrong = await run('person', wrongId, '--json');
    expect([wrong.code, wrong.json().problem.code]).toEqual([3, 'person.id']);
    expect(wrong.err + unknown.err).not.toMatch(/\d{11}/);
  });

  it('conflicts and quality: by region and day', async () => {
    const other = place.file('服刑.csv', `身份证号码,姓名,刑期起\n${inventedId(4)},另名,2020-01-01\n`);
    expect(
      (await run('import', other, '--source', 'prisoners', '--as-of', '2020-09-30', '--full')).code,
    ).toBe(0);
    const all = (await run('conflicts', '--json')).json();
    expect(all.total).toBe(1);
    expect(all.items).toEqual([
      expect.objectContaining({ kind: 'name-differs', person: expect.stringMatching(/\*{8}/), name: '人4' }),
    ]);
    const village = all.items[0].region;
    expect((await run('conflicts', '--region', village, '--json')).json().total).toBe(1);
    expect((await run('conflicts', '--region', '430981102', '--json')).json().total).toBe(0);
    expect((await run('conflicts', '--as-of', '2020-08-30', '--json')).json().problem.code).toBe(
      'report.too-early',
    );
    expect((await run('conflicts', '--region', '430981999', '--json')).code).toBe(3);
    expect((await run('quality', '--json')).json()).toMatchObject({
      total: expect.any(Number),
      items: expect.any(Array),
    });
  });

  it('fix, and its undo', async () => {
    const fixed = await place.quanbao(['fix', '1', '62', '--id', '-', '--json'], { input: inventedId(70) });
    expect(fixed.json()).toMatchObject({
      fix: 1,
      deliveries: [1],
      person: { id: expect.stringMatching(/\*{8}/), named: '错号', known: null },
    });
    expect((await run('report', 'annex4', '--json')).json().total['3']).toBe(61);
    expect((await run('undo', 'F1', '--json')).code).toBe(0);
    expect((await run('report', 'annex4', '--json')).json().total['3']).toBe(60);
    const taken = await place.quanbao(['fix', '1', '62', '--id', '-'], { input: inventedId(9) });
    expect(taken.out).toMatch(/这一行现在是 错号 \d{6}\*{8}\w{4}；这个号码此前已有的姓名：人9。/);
    expect(taken.out).toContain('两处姓名不同');
    expect((await run('undo', 'F2', '--json')).code).toBe(0);
    expect((await run('fix', '1', '61', '--id', inventedId(70), '--json')).json().problem.code).toBe(
      'fix.unknown',
    );
  });

  it('adjudicate one or many, and its undo', async () => {
    const document = place.file('会议纪要.txt', '……');
    const decide = (ids: string[], doc: string, input = '') =>
      place.quanbao(
        ['adjudicate', ...ids, '--column', '17', '--reason', '长期失联', '--document', doc, '--json'],
        { input },
      );
    const missing = await decide([inventedId(5)], '/nowhere/doc.pdf');
    expect([missing.code, missing.json().problem.code]).toEqual([3, 'adjudicate.document']);
    const folder = await decide([inventedId(5)], '/tmp');
    expect([folder.code, folder.json().problem.code]).toEqual([3, 'adjudicate.document']);
    const stranger = await decide([inventedId(5), inventedId(998)], document);
    expect([stranger.code, stranger.json().problem.code]).toEqual([3, 'person.unknown']);
    const done = await decide(['-'], document, `${inventedId(5)}\n${inventedId(6)}\n`);
    expect(done.json()).toMatchObject({ adjudication: 1, people: 2, column: 17, changed: 2 });
    const page = (await run('person', inventedId(5), '--json')).json();
    expect(page).toMatchObject({
      column: 17,
      rule: { rank: 0 },
      adjudication: { number: 1, reason: '长期失联' },
    });
    expect((await run('undo', 'A1', '--json')).json()).toMatchObject({ changed: 2 });
    expect((await run('person', inventedId(5), '--json')).json().column).toBe(7);
    expect((await run('undo', 'A1', '--json')).code).toBe(3);
  });

  it('settings: listed, changed by a document, refused in words', async () => {
    const listed = (await run('settings', 'list', '--json')).json();
    expect(listed.settings.map((s: { key: string }) => s.key)).toEqual([
      'coverage.lapsed-counts',
      'coverage.scope-age',
      'coverage.scope-cut',
    ]);
    const set = (...args: string[]) => run('settings', 'set', 'coverage.scope-age', ...args);
    const done = await set('18', '--from', '2020-08-31', '--document', '沅人社发〔2020〕9号');
    expect(done.out).toContain('coverage.scope-age 自 2020-08-31 起由 16 改为 18（沅人社发〔2020〕9号）');
    const shown = (await run('settings', 'show', 'coverage.scope-age')).out;
    for (const words of [
      '自 2009-09-01 起 16（随软件提供）',
      '依据：国发〔2014〕8号',
      '（本县，沅人社发〔2020〕9号）',
    ])
      expect(shown).toContain(words);
    const refused = await set('18', '--from', '2020-08-31', '--json');
    expect([refused.code, refused.json().problem.code]).toEqual([3, 'settings.document']);
    const unknown = await run('settings', 'show', 'coverage.nothing', '--json');
    expect([unknown.code, unknown.json().problem.code]).toEqual([3, 'settings.unknown']);
    expect((await run('settings', 'set', 'coverage.scope-age')).code).toBe(2);
    expect((await set('16', '--from', '2020-08-31', '--document', '沅人社发〔2020〕10号')).code).toBe(0);
  });

  it('undo a delivery, once', async () => {
    const done = await run('undo', '3', '--json');
    expect(done.json()).toMatchObject({ delivery: 3, source: 'deaths', changed: 1 });
    const again = await run('undo', '3', '--json');
    expect([again.code, again.json().problem.code]).toEqual([3, 'undo.done']);
    expect((await run('undo', '77', '--json')).json().problem.code).toBe('undo.unknown');
    expect((await run('report', 'annex4', '--json')).json().total['15']).toBe(0);
  });

  it('check agrees', async () => {
    const done = await run('check', '--json');
    expect(done.err).toContain('重读户籍人口（公安）');
    expect(done.err).not.toMatch(/[a-z]{4}/);
    expect(done.json().results.filter((r: { ok: boolean }) => !r.ok)).toEqual([]);
    expect(done.json().results.map((r: { check: string }) => r.check)).toEqual([
      'journal',
      'steps',
      'counts',
      'forms',
      'ledger',
      'search',
      'frozen',
      'audit',
    ]);
    expect(done.code).toBe(0);
  });

  it('every act is on record', async () => {
    const acts = await place.inside((instance) =>
      instance.db.asOwner((tx) =>
        tx.query<{ act: string }>('select distinct act from audit_event order by act'),
      ),
    );
    expect(acts.map((row) => row.act)).toEqual(
      expect.arrayContaining([
        'county.init',
        'delivery.receive',
        'delivery.undo',
        'person.adjudicate',
        'person.adjudicate.undo',
        'person.reveal',
        'person.view',
        'rejected.export',
        'report.export',
        'row.fix',
        'row.fix.undo',
        'conflict.view',
      ]),
    );
  });
});

it.each(engines.slice(-1))('an interrupted demo goes on, on %s', async (engine) => {
  const place = await openPlace(engine);
  await place.inside((instance) => initCounty(instance, '430981', 'test', { demo: true }));
  const done = await place.quanbao(['demo', '--residents', '100', '--format', 'csv', '--json']);
  expect(done.code).toBe(0);
  const again = await place.quanbao(['start', '--no-serve']);
  expect(again.out).toContain('这里已有演示县 沅江市（430981）');
  expect((await place.quanbao(['demo', '--json'])).json().problem.code).toBe('demo.not-empty');
  await place.drop();
});

describe('the spine on PGlite', () => {
  it('receives, reports, explains, takes back and checks', async () => {
    const place = await openPlace('pglite', { county: '430981' });
    const register = place.file('户籍.csv', registerCsv(0, 30));
    const received = await place.quanbao([
      'import',
      register,
      '--source',
      'household-register',
      '--as-of',
      '2020-08-31',
      '--json',
    ]);
    expect(received.json()).toMatchObject({ delivery: 1, accepted: 30 });
    expect((await place.quanbao(['report', 'annex4', '--json'])).json().total['3']).toBe(30);
    expect((await place.quanbao(['person', inventedId(1), '--json'])).json().column).toBe(7);
    expect((await place.quanbao(['undo', '1', '--json'])).json()).toMatchObject({ delivery: 1 });
    expect((await place.quanbao(['check', '--json'])).code).toBe(0);
    await place.drop();
  });
});
