import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readXlsx } from 'hucre';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inventedId, registerCsv } from '../../testing/command.ts';
import { engines, openTestInstance, type TestInstance } from '../../testing/instance.ts';
import { type Client, finished, openTestService, type TestService, threadOf } from '../../testing/service.ts';
import { findRefusedRow } from './index.ts';

const COUNTY = '430981';
const HEAD = '身份证号码,姓名,死亡日期\n';

describe.each(engines)('receiving lists through the service on %s', (engine) => {
  let instance: TestInstance;
  let service: TestService;
  let county: Client;
  beforeAll(async () => {
    instance = await openTestInstance(engine, { county: COUNTY });
    service = await openTestService(
      instance,
      COUNTY,
      engine === 'postgres' ? await threadOf(instance) : undefined,
    );
    county = await service.as('county');
  });
  afterAll(async () => {
    await service?.close();
    await instance?.close();
  });

  const send = async (name: string, content: string, source: string, asOf: string, more: object = {}) => {
    const upload = (await county.upload('/api/uploads', [{ name, content }])).body;
    const { body } = await county.send('POST', `/api/uploads/${upload.upload}/delivery`, {
      source,
      asOf,
      ...more,
    });
    return finished(county, body.job);
  };

  it('recognises a list by its headings and name, hides numbers in the sample, and keeps nothing in the clear', async () => {
    const register = registerCsv(1, 61);
    const { body, status } = await county.upload('/api/uploads', [
      { name: '户籍人口20200831.csv', content: register },
    ]);
    expect(status).toBe(200);
    expect(body.guesses[0]).toMatchObject({ source: 'household-register', complete: true });
    expect(body.asOf).toBe('2020-08-31');
    expect(body.tables[0].headers).toContain('身份证号码');
    expect(JSON.stringify(body)).not.toContain(inventedId(1));
    expect(JSON.stringify(body.tables[0].sample)).toContain('********');
    // Nothing of it is on the disk as it came.
    const { readdir } = await import('node:fs/promises');
    for (const entry of await readdir(instance.dir, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || entry.parentPath.includes('pgdata')) continue;
      const bytes = await readFile(join(entry.parentPath, entry.name));
      expect(bytes.includes(inventedId(1))).toBe(false);
    }
  });

  it('tries a list without writing, then receives it, tells where the counts moved, and takes it back', async () => {
    const first = await send('户籍.csv', registerCsv(1, 61), 'household-register', '2020-08-31');
    expect(first.report).toMatchObject({ delivery: 1, rows: 60, accepted: 60, new: 60 });
    expect(first.report.effects.reduce((a: number, e: { change: number }) => a + e.change, 0)).toBe(60);
    const upload = (
      await county.upload('/api/uploads', [
        {
          name: '死亡.csv',
          content: `${HEAD}${inventedId(1)},人1,2020-09-01\n${inventedId(2)},人2,2020-09-02\n123,人9,2020-09-02\n`,
        },
      ])
    ).body.upload;
    const intention = { source: 'deaths', asOf: '2020-09-10' };
    const trial = await finished(
      county,
      (await county.send('POST', `/api/uploads/${upload}/trial`, intention)).body.job,
    );
    expect(trial.report).toMatchObject({ delivery: null, rows: 3, accepted: 2, rejectedCount: 1 });
    expect((await county.get('/api/deliveries')).body.total).toBe(1);
    const reasons = await county.get(`/api/jobs/${trial.job}/reasons`);
    expect(reasons.status).toBe(200);
    expect(Buffer.from(reasons.body).subarray(0, 2).toString()).toBe('PK');
    const done = await finished(
      county,
      (await county.send('POST', `/api/uploads/${upload}/delivery`, intention)).body.job,
    );
    expect(done.state).toBe('done');
    const { delivery } = done.report;
    const dead = (effects: { indicator: string; change: number }[]) =>
      effects.filter((e) => e.indicator === 'dead').reduce((a, e) => a + e.change, 0);
    expect(dead(done.report.effects)).toBe(2);
    const page = (await county.get(`/api/deliveries/${delivery}`)).body;
    expect(page.report.effects).toEqual(done.report.effects);
    expect(page.report.rejected[0]).toMatchObject({ row: 4, column: '身份证号码' });
    const preview = await finished(
      county,
      (await county.send('POST', `/api/deliveries/${delivery}/undo-preview`)).body.job,
    );
    expect(dead(preview.undo.effects)).toBe(-2);
    expect((await county.get(`/api/deliveries/${delivery}`)).body.line.state).toBe('in-force');
    const undone = await finished(
      county,
      (await county.send('POST', `/api/deliveries/${delivery}/undo`)).body.job,
    );
    expect(undone.undo).toMatchObject({ delivery, people: 2, changed: 2 });
    expect((await county.get(`/api/deliveries/${delivery}`)).body.line.state).toBe('undone');
    expect((await county.get('/api/forms/annex4')).body.total.values[14]).toBe(0);
  });

  it('asks before many people leave a list, and says why it refused a file', async () => {
    const shorter = await send('户籍.csv', registerCsv(1, 6), 'household-register', '2020-09-30');
    expect(shorter).toMatchObject({ state: 'refused', problem: { code: 'import.withdrawals' } });
    // Refused and confirmed: the same upload is taken then.
    const again = (await county.upload('/api/uploads', [{ name: '户籍.csv', content: registerCsv(1, 6) }]))
      .body.upload;
    const receive = (more: object) =>
      county.send('POST', `/api/uploads/${again}/delivery`, {
        source: 'household-register',
        asOf: '2020-09-29',
        ...more,
      });
    expect((await finished(county, (await receive({})).body.job)).state).toBe('refused');
    const confirmed = await finished(county, (await receive({ acceptWithdrawals: true })).body.job);
    expect(confirmed.report.withdrawn).toBe(55);
    await finished(
      county,
      (await county.send('POST', `/api/deliveries/${confirmed.report.delivery}/undo`)).body.job,
    );
    const taken = await send('户籍.csv', registerCsv(1, 6), 'household-register', '2020-09-30', {
      acceptWithdrawals: true,
    });
    expect(taken.report.withdrawn).toBe(55);
    const picture = await county.upload('/api/uploads', [
      { name: '名单.xlsx', content: Buffer.from('89504e470d0a1a0a00', 'hex') },
    ]);
    expect(picture.body.code).toBe('reading.not-a-table');
    const empty = await county.upload('/api/uploads', []);
    expect(empty.body.code).toBe('upload.none');
    const missing = await send('死亡.csv', '姓名,死亡日期\n某,2020-09-01\n', 'deaths', '2020-09-10');
    expect(missing).toMatchObject({ state: 'refused' });
    expect(missing.problem.detail).toContain('身份证号码');
  });

  it('takes several lists in one upload, each by its files, and remembers a corrected heading', async () => {
    const head = (id: string) => `${id},姓名,死亡日期\n`;
    const { body } = await county.upload('/api/uploads', [
      { name: '死亡20201001.csv', content: `${head('编号')}${inventedId(3)},人3,2020-09-20\n` },
      { name: '死亡20201005.csv', content: `${head('身份证号码')}${inventedId(4)},人4,2020-10-03\n` },
    ]);
    expect(body.tables.map((t: { source: string; asOf: string }) => [t.source, t.asOf])).toEqual([
      [null, '2020-10-01'],
      ['deaths', '2020-10-05'],
    ]);
    const receive = (intention: object) =>
      county.send('POST', `/api/uploads/${body.upload}/delivery`, { source: 'deaths', ...intention });
    const other = await receive({ asOf: '2020-10-01', files: ['别的.csv'] });
    expect(other.body.code).toBe('upload.file');
    const corrected = { asOf: '2020-10-01', files: ['死亡20201001.csv'], headerChoices: { 编号: 'id' } };
    const first = await finished(county, (await receive(corrected)).body.job);
    expect(first.report).toMatchObject({ rows: 1, accepted: 1 });
    const second = await finished(
      county,
      (await receive({ asOf: '2020-10-05', files: ['死亡20201005.csv'] })).body.job,
    );
    expect(second.report).toMatchObject({ rows: 1, accepted: 1 });
    const again = await county.upload('/api/uploads', [{ name: '死亡.csv', content: head('编号') }]);
    expect(again.body.remembered.deaths).toEqual({ 编号: 'id' });
    const tax = await service.as('tax');
    const theirs = await tax.upload('/api/uploads', [{ name: '死亡.csv', content: head('编号') }]);
    expect(theirs.body.remembered).toEqual({});
    // What a town does not see is not said to be nothing.
    const town = await service.as('town');
    const page = await town.get(`/api/deliveries/${second.report.delivery}`);
    expect(page.body.report.effects).toBeNull();
  });

  it('takes at most so many files and so much of each', async () => {
    const many = Array.from({ length: 41 }, (_, i) => ({ name: `${i}.csv`, content: HEAD }));
    expect((await county.upload('/api/uploads', many)).body.code).toBe('request.too-many');
    const json = await county.send('POST', '/api/uploads', { files: [] });
    expect(json.body.code).toBe('upload.none');
    const long = await county.send('POST', '/api/filters', {
      name: 'x',
      question: { q: 'y'.repeat(1_100_000) },
    });
    expect(long.status).toBe(413);
  });

  it('never writes outside its own directory, however a file is called', async () => {
    const { body } = await county.upload('/api/uploads', [
      { name: '../../../etc/passwd', content: `${HEAD}${inventedId(3)},人3,2020-09-01\n` },
      { name: `..\\..\\${inventedId(4)}.csv`, content: `${HEAD}${inventedId(4)},人4,2020-09-01\n` },
    ]);
    expect(body.files.map((file: { name: string }) => file.name)).toEqual([
      'passwd',
      expect.not.stringContaining(inventedId(4)),
    ]);
  });

  it('is one account’s: uploads, jobs and their progress are nobody else’s', async () => {
    const tax = await service.as('tax');
    const { body } = await county.upload('/api/uploads', [
      { name: 'a.csv', content: `${HEAD}${inventedId(5)},人5,2020-09-01\n` },
    ]);
    const intention = { source: 'deaths', asOf: '2020-09-10' };
    const own = await tax.send('POST', `/api/uploads/${body.upload}/trial`, {
      source: 'residents-payments',
      asOf: '2020-09-10',
    });
    expect(own.body.code).toBe('upload.unknown');
    const { job } = (await county.send('POST', `/api/uploads/${body.upload}/trial`, intention)).body;
    expect((await tax.get(`/api/jobs/${job}`)).status).toBe(404);
    expect((await tax.get(`/api/jobs/${job}/events`)).status).toBe(404);
    await finished(county, job);
    expect((await tax.send('DELETE', `/api/uploads/${body.upload}`)).status).toBe(404);
    expect((await county.send('DELETE', `/api/uploads/${body.upload}`)).status).toBe(200);
  });

  it('lets an office send its own lists, under its own name, and no other’s', async () => {
    const tax = await service.as('tax');
    const upload = async () =>
      (
        await tax.upload('/api/uploads', [
          {
            name: '缴费明细.csv',
            content: `身份证号码,缴费年度,金额,日期\n${inventedId(1)},2020,300,2020-09-01\n`,
          },
        ])
      ).body;
    const seen = await upload();
    expect(seen.guesses.map((g: { source: string }) => g.source)).toEqual(['residents-payments']);
    const foreign = await tax.send('POST', `/api/uploads/${seen.upload}/delivery`, {
      source: 'deaths',
      asOf: '2020-09-10',
    });
    expect(foreign.body.code).toBe('access.source');
    const { job } = (
      await tax.send('POST', `/api/uploads/${seen.upload}/delivery`, {
        source: 'residents-payments',
        asOf: '2020-09-10',
      })
    ).body;
    expect((await finished(tax, job)).state).toBe('done');
    const { items } = (await tax.get('/api/deliveries?source=residents-payments')).body;
    expect(items[0].actor).toBe('tax');
    const sources = (await tax.get('/api/sources')).body.items.map((s: { code: string }) => s.code);
    expect(sources).toEqual(['residents-payments']);
  });

  it('gives an office the file of reasons of its own list, and nothing of another’s', async () => {
    const tax = await service.as('tax');
    const name = '缴费.csv';
    const content = `身份证号码,缴费年度,金额,日期\n${inventedId(1)},2020,300,2020-09-01\n12345,2020,300,2020-09-01\n`;
    const { upload } = (await tax.upload('/api/uploads', [{ name, content }])).body;
    const { job } = (
      await tax.send('POST', `/api/uploads/${upload}/delivery`, {
        source: 'residents-payments',
        asOf: '2020-09-11',
      })
    ).body;
    const { delivery } = (await finished(tax, job)).report;
    const page = (await tax.get(`/api/deliveries/${delivery}`)).body;
    expect(page).toMatchObject({
      files: [{ name }],
      report: { rejectedCount: 1, tables: [{ file: name, rows: 2 }] },
    });
    const reasons = await tax.get(`/api/deliveries/${delivery}/reasons`);
    expect(reasons.status).toBe(200);
    const book = await readXlsx(reasons.body);
    expect(JSON.stringify(book.sheets[0]?.rows)).toMatch(/12345.*位数不对/);
    // The register is counted in the forms that an office reads; its refused rows are the police’s and the county’s.
    const foreign = await send(
      '户籍.csv',
      `${registerCsv(1, 61)}1,错号,,,\n`,
      'household-register',
      '2020-09-11',
      {
        acceptWithdrawals: true,
      },
    );
    const other = foreign.report.delivery;
    expect(foreign.report.rejectedCount).toBe(1);
    expect((await tax.get(`/api/deliveries/${other}`)).body).toMatchObject({
      files: [],
      report: { rejected: [], tables: [], rejectedCount: 0 },
    });
    for (const path of ['rejected', 'reasons']) {
      const answer = await tax.get(`/api/deliveries/${other}/${path}`);
      expect([answer.status, answer.body.code], path).toEqual([403, 'access.source']);
    }
    const { late } = (await tax.get('/api/home')).body;
    expect(late.map((one: { source: string }) => one.source)).not.toContain('students');
    expect((await county.get('/api/home')).body.late.map((one: { source: string }) => one.source)).toContain(
      'students',
    );
  });

  it('keeps what a trial refused as long as its upload', async () => {
    const { upload } = (
      await county.upload('/api/uploads', [{ name: '死亡.csv', content: `${HEAD}1,人1,2020-09-01\n` }])
    ).body;
    const intention = { source: 'deaths', asOf: '2020-09-14' };
    const { job } = (await county.send('POST', `/api/uploads/${upload}/trial`, intention)).body;
    const done = await finished(county, job);
    expect(done).not.toHaveProperty('kept');
    expect((await county.get(`/api/jobs/${job}/reasons`)).status).toBe(200);
    await county.send('DELETE', `/api/uploads/${upload}`);
    const gone = await county.get(`/api/jobs/${job}/reasons`);
    expect([gone.status, gone.body.code]).toEqual([404, 'job.unknown']);
  });

  it('tells the progress as it happens and ends', async () => {
    const { body } = await county.upload('/api/uploads', [
      { name: 'a.csv', content: `${HEAD}${inventedId(5)},人5,2020-09-01\n` },
    ]);
    const { job } = (
      await county.send('POST', `/api/uploads/${body.upload}/trial`, { source: 'deaths', asOf: '2020-09-10' })
    ).body;
    const answer = await service.app.inject({
      method: 'GET',
      url: `/api/jobs/${job}/events`,
      headers: { cookie: county.cookie, accept: 'text/event-stream' },
    });
    const events = answer.body
      .split('\n')
      .filter((line) => line.startsWith('data: '))
      .map((line) => JSON.parse(line.slice(6)));
    expect(events.at(-1)).toMatchObject({ state: 'done', report: { accepted: 1 } });
  });

  it('gives a quarantined row its right number', async () => {
    const wrong = inventedId(70).slice(0, 17);
    const done = await send('死亡.csv', `${HEAD}${wrong},人70,2020-09-01\n`, 'deaths', '2020-09-12');
    const { items } = (await county.get(`/api/deliveries/${done.report.delivery}/rejected`)).body;
    expect(items).toHaveLength(1);
    const url = `/api/deliveries/${done.report.delivery}/rejected/${items[0].no}/fix`;
    expect((await county.send('POST', url, { id: '1' })).body.code).toBe('fix.id');
    const fixed = await county.send('POST', url, { id: inventedId(70) });
    expect(fixed.body.person.id).not.toBe(inventedId(70));
    expect(fixed.body.person.named).toBe('人70');
    const fixes = `/api/deliveries/${done.report.delivery}/fixes`;
    const [{ fix, ...line }] = (await county.get(fixes)).body.items;
    expect(line).toMatchObject({
      asOf: '2020-09-12',
      id: fixed.body.person.id,
      actor: 'county',
      undone: false,
    });
    expect((await (await service.as('town')).send('POST', `/api/fixes/${fix}/undo`)).status).toBe(403);
    expect((await county.send('POST', `/api/fixes/${fix}/undo`)).body).toMatchObject({ fix });
    expect((await county.get(fixes)).body.items[0]).toMatchObject({ fix, undone: true });
    expect((await county.get(`/api/deliveries/${done.report.delivery}/rejected`)).body.items).toHaveLength(1);
    expect((await county.send('POST', `/api/fixes/${fix}/undo`)).status).toBe(404);
  });

  it('corrects the row that was chosen, not another in the same place of another file', async () => {
    const wrong = (n: number) => inventedId(n).slice(0, 17);
    const upload = (
      await county.upload('/api/uploads', [
        { name: '甲镇.csv', content: `${HEAD}${wrong(71)},人71,2020-09-01\n` },
        { name: '乙镇.csv', content: `${HEAD}${wrong(72)},人72,2020-09-01\n` },
      ])
    ).body.upload;
    const { job } = (
      await county.send('POST', `/api/uploads/${upload}/delivery`, { source: 'deaths', asOf: '2020-09-13' })
    ).body;
    const { delivery } = (await finished(county, job)).report;
    const { items } = (await county.get(`/api/deliveries/${delivery}/rejected`)).body;
    const [first, second] = items as { no: number; file: string; row: number }[];
    expect([first?.row, second?.row]).toEqual([2, 2]);
    const scope = { county: COUNTY, region: COUNTY, actor: 'test' };
    const find = (place: object) =>
      instance.db.transaction(scope, (tx) => findRefusedRow(tx, scope, delivery, { row: 2, ...place }));
    await expect(find({})).rejects.toMatchObject({
      problem: { code: 'fix.ambiguous', message: expect.stringMatching(/甲镇\.csv.*乙镇\.csv/) },
    });
    expect(await find({ file: second?.file })).toBe(second?.no);
    const fixed = await county.send('POST', `/api/deliveries/${delivery}/rejected/${second?.no}/fix`, {
      id: inventedId(72),
    });
    expect(fixed.body.person.named).toBe('人72');
    expect((await county.get(`/api/deliveries/${delivery}/rejected`)).body.items).toMatchObject([
      { file: '甲镇.csv' },
    ]);
  });
});
