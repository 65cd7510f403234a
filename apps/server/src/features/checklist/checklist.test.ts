import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SHIPPED_LISTS } from '@quanbao/domain/checklist/list';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engines, openTestInstance, scopeOf, type TestInstance } from '../../testing/instance.ts';
import { type Client, openTestService, type TestService } from '../../testing/service.ts';
import { COUNTY, fillSmallCounty, PLACES } from '../../testing/small-county.ts';
import { peek } from '../sources/index.ts';
import { annex2Of, annex2Table, checklistToXlsx, loadListFile } from './index.ts';

const PROOF = Buffer.from('%PDF-1.4\n会议纪要\n%%EOF\n');

describe.each(engines)('the checklist on %s', (engine) => {
  let instance: TestInstance;
  let service: TestService;
  let county: Client;
  let town: Client;
  let village: Client;
  let leader: Client;
  let list: number;
  beforeAll(async () => {
    instance = await openTestInstance(engine, { county: COUNTY });
    await fillSmallCounty(instance);
    await instance.db.asOwner((tx) => tx.query(`update county set settings = '{"demo": true}'`));
    service = await openTestService(instance, COUNTY);
    county = await service.as('county');
    town = await service.as('town');
    village = await service.as('village');
    leader = await service.as('leader');
  });
  afterAll(async () => {
    await service?.close();
    await instance?.close();
  });

  const view = async (client: Client, no: number, asOf = '2020-08-20') =>
    (await client.get(`/api/checklists/${no}?asOf=${asOf}`)).body;
  const itemOf = async (client: Client, no: number, item: number, asOf?: string) =>
    (await view(client, no, asOf)).items.find((one: { item: number }) => one.item === item);
  const act = (client: Client, no: number, item: number, body: object) =>
    client.send('POST', `/api/checklists/${no}/items/${item}/acts`, {
      note: '已经办完',
      asOf: '2020-08-20',
      ...body,
    });

  it('loads 附件2 with its phases and the papers for the city', async () => {
    expect((await town.send('POST', '/api/checklists', { origin: 'yuanjiang' })).body.code).toBe(
      'checklist.level',
    );
    expect((await leader.send('POST', '/api/checklists', { origin: 'yuanjiang' })).status).toBe(403);
    const made = await county.send('POST', '/api/checklists', { origin: 'yuanjiang' });
    expect(made.body).toMatchObject({ items: 10 });
    list = made.body.list;
    const shown = await view(county, list);
    expect(shown.items.map((one: { measure: string }) => one.measure)).toEqual(
      SHIPPED_LISTS.yuanjiang.items.map(({ measure }) => measure),
    );
    expect(shown.gates.map((gate: { state: string }) => gate.state)).toEqual([
      'late',
      'blocked',
      'ahead',
      'ahead',
    ]);
    expect(shown.head.counts).toMatchObject({ closed: 0, late: 5 });
    const filings = (await county.get('/api/filings?asOf=2020-09-01')).body.items;
    expect(filings.map((one: { state: string; office: string }) => [one.office, one.state])).toEqual([
      ['益阳市人社局、益阳市税务局', 'late'],
      ['益阳市人社局', 'due'],
    ]);
  });

  it('reads progress from the indicator, of the place that looks', async () => {
    const annex5 = (await county.get('/api/forms/annex5')).body;
    const rate = annex5.total.values[7];
    expect((await itemOf(county, list, 7, annex5.asOf)).progress).toEqual({
      indicator: 'coverage-rate',
      name: '城乡居保覆盖率',
      value: rate,
    });
    const own = (await town.get(`/api/forms/annex5`)).body.total.values[7];
    expect((await itemOf(town, list, 7, annex5.asOf)).progress.value).toBe(own);
    // A day before any register: the tasks are there, without figures.
    expect((await itemOf(county, list, 7, '2020-08-05')).progress).toBeNull();
  });

  it('is written off when asked for with its proof and reviewed; a return says why', async () => {
    await county.send('PATCH', `/api/checklists/${list}/items/4`, { person: '张科长', evidence: '备案回执' });
    expect((await act(county, list, 4, { act: 'close' })).body.code).toBe('checklist.state');
    expect((await act(county, list, 4, { act: 'request' })).body.code).toBe('checklist.evidence');
    const asked = await county.upload(
      `/api/checklists/${list}/items/4/document`,
      [{ name: '回执.pdf', content: PROOF }],
      { act: JSON.stringify({ act: 'request', note: '已报益阳备案', asOf: '2020-08-20' }) },
    );
    expect(asked.body).toEqual({ state: 'requested' });
    expect((await act(county, list, 4, { act: 'return', note: '回执没有盖章' })).body).toEqual({
      state: 'returned',
    });
    await county.upload(`/api/checklists/${list}/items/4/document`, [{ name: '回执.pdf', content: PROOF }], {
      act: JSON.stringify({ act: 'request', note: '补盖章', asOf: '2020-08-21' }),
    });
    expect((await act(county, list, 4, { act: 'close', note: '', asOf: '2020-08-22' })).body).toEqual({
      state: 'closed',
    });
    const life = (await county.get(`/api/checklists/${list}/items/4?asOf=2020-08-25`)).body;
    expect(life.events.map((one: { act: string; note: string }) => [one.act, one.note])).toEqual([
      ['close', ''],
      ['request', '补盖章'],
      ['return', '回执没有盖章'],
      ['request', '已报益阳备案'],
    ]);
    // A past day stays as it was known to be then.
    expect((await itemOf(county, list, 4, '2020-08-20')).period.state).toBe('returned');
    const proof = await county.get(`/api/checklists/${list}/items/4/document/once/1`);
    expect(Buffer.from(proof.body)).toEqual(PROOF);
    expect((await county.get(`/api/checklists/${list}/items/4/document/once/2`)).body.code).toBe(
      'checklist.document',
    );
    expect((await act(county, list, 4, { act: 'request', note: '430981196003150018' })).body.code).toBe(
      'checklist.text',
    );
  });

  it('reopens a weekly item with each week, and keeps the week that was missed', async () => {
    for (const [asOf, key] of [
      ['2020-08-12', 'w2020-08-10'],
      ['2020-08-26', 'w2020-08-24'],
    ]) {
      expect((await act(county, list, 6, { act: 'request', asOf })).body).toEqual({ state: 'requested' });
      expect((await act(county, list, 6, { act: 'close', asOf })).body).toEqual({ state: 'closed' });
      expect((await itemOf(county, list, 6, asOf)).period).toMatchObject({ key, state: 'closed' });
    }
    expect(await itemOf(county, list, 6, '2020-08-27')).toMatchObject({ lateBefore: 1 });
    expect((await itemOf(county, list, 6, '2020-09-02')).period).toMatchObject({ state: 'open' });
  });

  it('opens a gate when everything due is written off, or by a leader’s word', async () => {
    for (const item of [1, 2, 3]) {
      await act(county, list, item, { act: 'request', asOf: '2020-08-09' });
      await act(county, list, item, { act: 'close', asOf: '2020-08-09' });
    }
    const gate = async (asOf: string) => (await view(county, list, asOf)).gates[0];
    expect(await gate('2020-08-09')).toMatchObject({ state: 'ready', items: 3, closed: 3, blocking: 0 });
    expect(
      (await town.send('POST', `/api/checklists/${list}/gates`, { phase: '谋划部署阶段', remark: '通过' }))
        .status,
    ).toBe(403);
    const pass = { phase: '谋划部署阶段', remark: '按期完成', asOf: '2020-08-10' };
    // What is done on a day to come would be seen by nobody until then, and stand in the way of everybody.
    const ahead = await county.send('POST', `/api/checklists/${list}/gates`, { ...pass, asOf: '2999-01-01' });
    expect(ahead.body.code).toBe('checklist.day');
    expect((await county.send('POST', `/api/checklists/${list}/gates`, pass)).status).toBe(200);
    expect((await county.send('POST', `/api/checklists/${list}/gates`, pass)).body.code).toBe(
      'checklist.passed',
    );
    expect(await gate('2020-08-31')).toMatchObject({ state: 'passed', passed: { remark: '按期完成' } });
    expect(await gate('2020-08-09')).toMatchObject({ state: 'ready' });
  });

  it('gives each town its own 工作细案, whose write-off the county sees', async () => {
    const made = (await town.send('POST', `/api/checklists/${list}/derive`, {})).body;
    // Three of the ten name every town: 数据发各镇, 周报告, 自查评估 are for towns to do.
    const shown = await view(town, made.list);
    expect(shown.items.map((one: { parentItem: number }) => one.parentItem)).toEqual([6, 9]);
    expect(shown.head).toMatchObject({ writes: true, reviews: false, parent: list });
    // Stages in which the town has nothing to do are no gates of its own.
    const gates = (await view(town, made.list)).gates.map(({ name }: { name: string }) => name);
    expect(gates).toEqual(['全面实施阶段', '考核评估阶段']);
    expect((await town.send('POST', `/api/checklists/${list}/derive`, {})).body.code).toBe(
      'checklist.derived',
    );
    expect((await act(town, list, 9, { act: 'request' })).body.code).toBe('checklist.foreign');
    expect((await act(town, made.list, 2, { act: 'request' })).body).toEqual({ state: 'requested' });
    expect((await act(town, made.list, 2, { act: 'close' })).body.code).toBe('checklist.review');
    expect((await act(county, made.list, 2, { act: 'close' })).body).toEqual({ state: 'closed' });
    expect((await itemOf(county, list, 9)).towns).toEqual({ derived: 1, closed: 1 });
    const added = await town.send('POST', `/api/checklists/${made.list}/items`, {
      section: '全面实施阶段',
      measure: '每村设一名宣传员',
      units: '各村（社区）',
      person: '李主任',
      timing: { kind: 'day', day: '2020-09-15' },
    });
    expect(added.body).toEqual({ item: 3 });
    expect((await itemOf(town, made.list, 3)).deadline).toBe('2020-09-15前');
    expect(
      (await county.send('PATCH', `/api/checklists/${made.list}/items/3`, { person: '王' })).body.code,
    ).toBe('checklist.foreign');
    // A village reads the county's list; another town's 工作细案 is not there for it.
    expect((await view(village, list)).items).toHaveLength(10);
    const lists = (await village.get('/api/checklists')).body.items.map((one: { list: number }) => one.list);
    expect(lists).toEqual([list, made.list]);
    const other = (
      await county.send('POST', `/api/checklists/${list}/derive`, { region: PLACES.otherTown, whole: true })
    ).body;
    expect(other.items).toBe(10);
    expect((await town.get(`/api/checklists/${other.list}`)).body.code).toBe('checklist.unknown');
  });

  it('refuses what cannot be meant', async () => {
    const add = (body: object) =>
      county.send('POST', `/api/checklists/${list}/items`, {
        section: '一',
        measure: '召开调度会议',
        units: '县人社局',
        timing: { kind: 'day', day: '2020-09-15' },
        ...body,
      });
    expect((await add({ timing: { kind: 'day', day: '2020-02-30' } })).body.code).toBe('checklist.day');
    expect((await add({ indicator: 'nothing' })).body.code).toBe('checklist.indicator');
    expect((await add({ indicator: 'collection-rate' })).body.detail).toMatch(/待接入/);
    expect((await add({ units: ' ' })).body.code).toBe('checklist.units');
    expect((await county.get('/api/checklists/999')).body.code).toBe('checklist.unknown');
    expect((await act(county, list, 99, { act: 'request' })).body.code).toBe('checklist.item');
    expect((await act(county, list, 6, { act: 'request', period: '2019' })).body.code).toBe(
      'checklist.period',
    );
  });

  it('prints 附件2 as there, and takes it in again unchanged', async () => {
    const scope = scopeOf(COUNTY);
    const { list: stored, items } = await instance.db.transaction(scope, (tx) => annex2Of(tx, scope));
    const table = annex2Table(stored, items);
    expect(table.title).toBe('沅江市城乡居民养老保险全覆盖专项行动重点任务分工表');
    const dir = await mkdtemp(join(tmpdir(), 'quanbao-annex2-'));
    try {
      const path = join(dir, '附件2.xlsx');
      await writeFile(path, await checklistToXlsx(stored, items));
      const [sheet] = await peek({ name: '附件2.xlsx', path }, 100);
      expect(sheet?.rows[1]).toEqual(table.columns);
      const again = await loadListFile(instance, scope, { name: '附件2.xlsx', path });
      const back = await instance.db.transaction(scope, (tx) => annex2Of(tx, scope));
      expect(back.list.list).toBe(again.list);
      expect(annex2Table(back.list, back.items)).toEqual(table);
      expect(back.items.map(({ timing }) => timing)).toEqual(items.map(({ timing }) => timing));
      expect(back.list.phases).toEqual(stored.phases);
      await writeFile(join(dir, '别的.csv'), '甲,乙\n1,2\n');
      await expect(
        loadListFile(instance, scope, { name: '别的.csv', path: join(dir, '别的.csv') }),
      ).rejects.toMatchObject({
        problem: { code: 'checklist.file' },
      });
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });

  it('lays the whole plan backward from another deadline', async () => {
    const made = (
      await county.send('POST', '/api/checklists', { origin: 'yuanjiang', deadline: '2021-10-31' })
    ).body;
    const shown = await view(county, made.list, '2021-08-01');
    expect(shown.gates.map((gate: { due: string }) => gate.due)).toEqual([
      '2021-08-10',
      '2021-08-31',
      '2021-09-30',
      '2021-10-31',
    ]);
    expect(shown.items[9].period.due).toBe('2021-10-31');
    expect((await county.send('DELETE', `/api/checklists/${made.list}`)).status).toBe(200);
    expect((await county.get(`/api/checklists/${made.list}`)).body.code).toBe('checklist.unknown');
  });

  it('keeps 专班 of each place, the telephone sealed', async () => {
    const add = (client: Client, body: object) =>
      client.send('POST', '/api/teams', {
        name: '周书记',
        role: 'leader',
        duty: '负总责',
        from: '2020-08-01',
        ...body,
      });
    expect((await add(county, { phone: '0737-2723456' })).body).toEqual({ member: 1 });
    expect((await add(town, { name: '钱镇长' })).body).toEqual({ member: 2 });
    expect((await add(town, { region: PLACES.otherTown })).body.code).toBe('report.scope');
    expect((await add(county, { phone: '12' })).body.code).toBe('team.phone');
    expect((await village.send('POST', '/api/teams', {})).status).toBe(403);
    const seen = (await town.get('/api/teams?asOf=2020-08-20')).body;
    expect(
      seen.items.map((one: { name: string; phone: string; writes: boolean }) => [
        one.name,
        one.phone,
        one.writes,
      ]),
    ).toEqual([
      ['周书记', '07372723456', false],
      ['钱镇长', '', true],
    ]);
    const [row] = await instance.db.asOwner((tx) =>
      tx.query<{ phone: Uint8Array }>('select phone from team_member where member = 1'),
    );
    expect(Buffer.from(row?.phone as Uint8Array).toString('latin1')).not.toContain('2723456');
    expect((await county.send('POST', '/api/teams/1/end', { to: '2020-09-01' })).status).toBe(200);
    expect((await county.get('/api/teams?asOf=2020-09-02')).body.items).toHaveLength(1);
    expect((await county.get('/api/teams?asOf=2020-08-20')).body.items).toHaveLength(2);
  });

  it('follows a paper to the city until it is answered', async () => {
    const [first] = (await county.get('/api/filings?asOf=2020-08-28')).body.items;
    const answer = (body: object) => county.send('POST', `/api/filings/${first.filing}/answer`, body);
    expect((await answer({ answer: '已收悉' })).body.code).toBe('filing.unsent');
    const sent = await county.upload(
      `/api/filings/${first.filing}/sent`,
      [{ name: '台账和方案.pdf', content: PROOF }],
      { sent: JSON.stringify({ asOf: '2020-08-28' }) },
    );
    expect(sent.status, JSON.stringify(sent.body)).toBe(200);
    const state = async () => (await county.get('/api/filings?asOf=2020-09-05')).body.items[0].state;
    expect(await state()).toBe('sent');
    expect((await answer({ receipt: '益人社备〔2020〕12号', asOf: '2020-09-01' })).status).toBe(200);
    expect(await state()).toBe('received');
    // A receipt is no answer, and sets no day of one.
    expect((await county.get('/api/filings?asOf=2020-09-05')).body.items[0].answered).toBeNull();
    expect((await answer({ answer: '同意备案', asOf: '2020-09-03' })).status).toBe(200);
    // What is added later leaves the day of the first answer.
    expect((await answer({ answer: '同意备案，请按月报送', asOf: '2020-09-05' })).status).toBe(200);
    expect((await county.get('/api/filings?asOf=2020-09-05')).body.items[0]).toMatchObject({
      state: 'answered',
      receipt: '益人社备〔2020〕12号',
      answer: '同意备案，请按月报送',
      answered: '2020-09-03',
      document: '台账和方案.pdf',
      writes: true,
    });
    // Days before know nothing of it.
    const before = async (day: string) => (await county.get(`/api/filings?asOf=${day}`)).body.items[0];
    expect(await before('2020-09-02')).toMatchObject({
      state: 'received',
      answer: '',
      answered: null,
      writes: false,
    });
    expect(await before('2020-08-27')).toMatchObject({
      state: 'due',
      sent: null,
      document: null,
      receipt: '',
      writes: false,
    });
    expect((await town.send('POST', `/api/filings/${first.filing}/answer`, { answer: '好' })).body.code).toBe(
      'filing.foreign',
    );
  });
});
