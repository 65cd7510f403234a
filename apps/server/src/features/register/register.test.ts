import { readXlsx } from 'hucre';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engines } from '../../testing/instance.ts';
import { COUNTY, type World } from '../../testing/journal-world.ts';
import {
  numbersOf,
  OTHER_TOWN,
  openRegister,
  RESIDENTS,
  type Resident,
  scopeAt,
  TOWN,
} from '../../testing/register-world.ts';
import { type Answer, type Client, openTestService, type TestService } from '../../testing/service.ts';
import { countedForm } from '../reports/index.ts';
import { findingQueue, indexRegister } from './index.ts';

const resident = (n: number): Resident => RESIDENTS[n] as Resident;

describe.each(engines)('the register over the service on %s', (engine) => {
  let world: World;
  let service: TestService;
  let county: Client;
  let town: Client;
  let village: Client;
  let numbers: Map<string, number>;
  beforeAll(async () => {
    world = await openRegister(engine);
    service = await openTestService(world, COUNTY);
    [county, town, village] = (await Promise.all(
      ['county', 'town', 'village'].map((login) => service.as(login)),
    )) as [Client, Client, Client];
    numbers = await numbersOf(world);
  });
  afterAll(async () => {
    await service.close();
    await world.close();
  });

  const numberOf = (n: number): number => numbers.get(resident(n).id) as number;
  const people = async (client: Client, query: string): Promise<Answer['body']> => {
    const { status, body } = await client.get(`/api/people?${query}`);
    expect(status, JSON.stringify(body)).toBe(200);
    return body;
  };
  const persons = async (client: Client, query: string): Promise<number[]> =>
    (await people(client, query)).items.map((line: { person: number }) => line.person);
  const acts = (act: string) =>
    world.db.asOwner((tx) =>
      tx.query<{ actor: string; subject: string; detail: Record<string, unknown> }>(
        'select actor, subject, detail from audit_event where act = $1 order by seq',
        [act],
      ),
    );

  it('lists whom an indicator counts, for every indicator, place by place', async () => {
    const table = await world.db.transaction(scopeAt(COUNTY), (tx) =>
      countedForm(tx, scopeAt(COUNTY), 'annex4', COUNTY, undefined),
    );
    for (const region of [COUNTY, TOWN, OTHER_TOWN]) {
      const row = region === COUNTY ? table.total : table.rows.find((one) => one.code === region);
      for (const [indicator, column] of [
        ['population', 3],
        ['in-scope', 4],
        ['not-in-scope', 5],
        ['student', 11],
        ['prison', 13],
        ['dead', 15],
        ['willing', 18],
      ] as const) {
        const page = await people(county, `indicator=${indicator}&region=${region}&limit=500`);
        expect(page.items, `${indicator} ${region}`).toHaveLength(Number(row?.cells[column]));
        expect(page.total).toBe(page.items.length);
        expect(new Set(page.items.map((line: { person: number }) => line.person)).size).toBe(
          page.items.length,
        );
      }
    }
  });

  it('pages through a list in order of place, without gaps or repeats', async () => {
    const whole = await persons(county, 'limit=500');
    expect(whole).toHaveLength(RESIDENTS.length);
    const paged: number[] = [];
    let after = '';
    for (;;) {
      const page = await people(county, `limit=7${after}`);
      paged.push(...page.items.map((line: { person: number }) => line.person));
      if (page.next === null) break;
      after = `&after=${encodeURIComponent(page.next)}`;
    }
    expect(paged).toEqual(whole);
    expect((await county.get('/api/people?after=xxxx')).status).toBe(422);
  });

  it('conditions narrow, alone and together', async () => {
    expect(await persons(county, 'column=16')).toEqual([numberOf(20), numberOf(1)]);
    expect(await persons(county, 'column=12&registered=false&limit=100')).toHaveLength(8);
    expect(await persons(county, 'tag=severe-disability')).toEqual([numberOf(16)]);
    expect(await persons(county, `willing=yes&region=${TOWN}`)).toEqual([numberOf(24)]);
    expect(await persons(county, 'ageBand=under-16')).toEqual([]);
    expect(await persons(county, 'unplaced=true')).toEqual([]);
    expect((await county.get('/api/people?indicator=coverage-rate')).body.code).toBe('people.indicator');
    expect((await county.get('/api/people?tag=poor')).body.code).toBe('people.tag');
  });

  it('opens the people whose verdict a delivery decided', async () => {
    const [deaths] = await world.db.asOwner((tx) =>
      tx.query<{ delivery: number }>("select delivery from delivery where source = 'deaths'"),
    );
    const page = await people(county, `delivery=${deaths?.delivery}`);
    expect(page.items.map((line: { person: number }) => line.person).toSorted()).toEqual(
      [numberOf(1), numberOf(20)].toSorted(),
    );
    expect(page).toMatchObject({
      total: 2,
      understood: `第 ${deaths?.delivery} 号报送决定或终止其结论的人员`,
    });
    expect(await persons(town, `delivery=${deaths?.delivery}`)).toHaveLength(2);
  });

  it('a town sees its own, and no list tells it a reason that the county keeps', async () => {
    expect(await persons(town, 'limit=500')).toHaveLength(24);
    expect(await persons(village, 'limit=500')).toHaveLength(12);
    expect((await town.get(`/api/people?region=${OTHER_TOWN}`)).status).toBe(403);
    const [prisoner] = [12, 14].filter((n) => resident(n).village.startsWith(TOWN)) as [number];
    for (const client of [town, village]) {
      for (const query of ['column=14', 'indicator=prison', 'column=17', 'column=8']) {
        expect(await persons(client, `${query}&limit=500`), query).not.toContain(numberOf(prisoner));
        expect(
          await persons(client, `${query}&q=${encodeURIComponent(resident(prisoner).name)}`),
        ).not.toContain(numberOf(prisoner));
      }
    }
    const outside = await people(town, 'indicator=not-in-scope&limit=500');
    const line = outside.items.find((one: { person: number }) => one.person === numberOf(prisoner));
    expect(line).toMatchObject({ column: null, verdict: '原因由县掌握' });
    expect(JSON.stringify(await town.get(`/api/people/${numberOf(prisoner)}`))).not.toMatch(/服刑|prison/);
    expect((await village.get('/api/people?tag=severe-disability')).body.code).toBe('people.tag');
    expect((await people(village, 'limit=500')).items.flatMap((one: { tags: string[] }) => one.tags)).toEqual(
      [],
    );
    expect(await persons(county, 'column=14')).toHaveLength(2);
  });

  it('says in a sentence why, with the row of the list that decided', async () => {
    const { body } = await county.get(`/api/people/${numberOf(41)}`);
    expect(body.why).toMatchObject({ verdict: '在校学生', column: 12, rank: 10, adjudication: null });
    expect(body.why.because).toBe(
      '教育报送的《在校学生》（截至2020年8月7日）第3行写明学校“沅江一中”：在在校学生名单内，所以判定为“在校学生”。',
    );
    const [first] = body.evidence;
    expect(first).toMatchObject({ source: 'students', decides: true, visible: true, row: 3 });
    expect(first.says).toContainEqual({ title: '学校', value: '沅江一中' });
    expect(body.phone).toBe(`${resident(41).phone.slice(0, 3)}****${resident(41).phone.slice(-4)}`);
    expect(body.line.id).toMatch(/^430981\*{8}\w{4}$/);
    expect(body.address).toBe(resident(41).address);
    const mates = RESIDENTS.filter((one, n) => n !== 41 && one.household === resident(41).household);
    expect(body.household.map((one: { person: number }) => one.person)).toEqual(
      mates.map((one) => numbers.get(one.id)),
    );
    expect(body.household[0].relation).toBe('子');
    expect(body.history.at(-1)).toMatchObject({ source: 'students', verdict: '在校学生' });
    expect(body.history[0]).toMatchObject({ source: 'household-register' });
    expect(JSON.stringify(body)).not.toContain(resident(41).id);
    expect(JSON.stringify(body)).not.toMatch(/"ph"/);
  });

  it('records every view and search, and shows the county who looked', async () => {
    const before = (await acts('person.view')).length;
    await town.get(`/api/people/${numberOf(4)}`);
    const views = await acts('person.view');
    expect(views).toHaveLength(before + 1);
    expect(views.at(-1)).toMatchObject({ actor: 'town', subject: `person ${numberOf(4)}` });
    const { body } = await county.get(`/api/people/${numberOf(4)}`);
    expect(body.looks[1]).toMatchObject({ actor: 'town', act: '查看人员' });
    const reason = '核实参保意愿';
    await county.send('POST', `/api/people/${numberOf(4)}/reveal`, { reason });
    expect((await county.get(`/api/people/${numberOf(4)}`)).body.looks[1]).toMatchObject({ reason });
    // A town sees who looked at its own people; a reason may tell what it may not know.
    const { looks } = (await town.get(`/api/people/${numberOf(4)}`)).body;
    expect(looks[0]).toMatchObject({ actor: 'town', act: '查看人员' });
    expect(looks[2]).toMatchObject({ actor: 'county', act: '显示全号', reason: null });
    expect((await village.get(`/api/people/${numberOf(4)}`)).body.looks).toEqual([]);
    await people(county, `q=${resident(4).id}`);
    const [list] = (await acts('people.list')).slice(-1);
    expect(list?.detail).toMatchObject({ by: 'id', rows: 1 });
    expect(JSON.stringify(list)).not.toContain(resident(4).id);
  });

  it('a person of another town is nobody here', async () => {
    expect((await town.get(`/api/people/${numberOf(2)}`)).body.code).toBe('person.unknown');
    const answer = await town.send('POST', `/api/people/${numberOf(2)}/reveal`, { reason: '电话核实' });
    expect(answer.body.code).toBe('person.unknown');
    expect((await town.get(`/api/findings/${numberOf(2)}/dead-insured`)).body.code).toBe('person.unknown');
  });

  it('reveals for a reason, which is recorded', async () => {
    const answer = await town.send('POST', `/api/people/${numberOf(0)}/reveal`, {
      reason: '电话核实参保意愿',
    });
    expect(answer.body).toEqual({ id: resident(0).id, phone: resident(0).phone });
    expect((await acts('person.reveal')).at(-1)).toMatchObject({
      actor: 'town',
      subject: `person ${numberOf(0)}`,
      detail: { reason: '电话核实参保意愿' },
    });
    const path = `/api/people/${numberOf(0)}/reveal`;
    expect((await town.send('POST', path, { reason: ' ' })).body.code).toBe('person.reason');
    expect((await town.send('POST', path, { reason: `查 ${resident(0).id}` })).body.code).toBe(
      'person.reason',
    );
    expect((await village.send('POST', path, { reason: '电话核实' })).status).toBe(403);
  });

  it('exports a list with a mark, masked, recorded; whole numbers only to who may reveal', async () => {
    const filter = { indicator: 'not-registered' };
    const expected = await people(county, 'indicator=not-registered&limit=500');
    const read = async (answer: Answer): Promise<string[][]> => {
      expect(answer.status).toBe(200);
      const book = await readXlsx(answer.body);
      return (book.sheets[0]?.rows ?? []).map((row) => row.map((cell) => String(cell ?? '')));
    };
    const masked = await county.send('POST', '/api/people/export', { filter, reason: '入户核实' });
    expect(masked.headers['content-disposition']).toContain(encodeURIComponent('人员清单.xlsx'));
    const [mark, headings, ...rows] = await read(masked);
    expect(mark?.[0]).toMatch(/导出人：county；时间：\d{4}-\d{2}-\d{2} \d{2}:\d{2}；事由：入户核实/);
    expect(headings?.slice(0, 3)).toEqual(['序号', '姓名', '身份证号码']);
    expect(rows).toHaveLength(expected.items.length);
    expect(rows.map((row) => row[2])).toEqual(expected.items.map((line: { id: string }) => line.id));
    const whole = await county.send('POST', '/api/people/export', {
      filter,
      reason: '入户核实',
      reveal: true,
    });
    for (const row of (await read(whole)).slice(2)) expect(row[2]).toMatch(/^\d{17}[\dX]$/);
    expect((await acts('people.export')).slice(-2).map((one) => one.detail)).toMatchObject([
      { reason: '入户核实', reveal: false, indicator: 'not-registered', total: rows.length },
      { reason: '入户核实', reveal: true },
    ]);
    expect((await acts('people.exported')).at(-1)?.detail).toEqual({ rows: rows.length });
    expect((await county.send('POST', '/api/people/export', { filter, reason: '' })).body.code).toBe(
      'person.reason',
    );
    expect((await village.send('POST', '/api/people/export', { filter, reason: '核实' })).status).toBe(403);
    expect(
      (await (await service.as('leader')).send('POST', '/api/people/export', { filter, reason: '核实' }))
        .status,
    ).toBe(403);
    const own = await read(await town.send('POST', '/api/people/export', { filter: {}, reason: '核实' }));
    expect(own).toHaveLength(24 + 2);
    expect(own.flat().join()).not.toMatch(/服刑|阳罗洲/);
  });

  it('exports 附件3 for a reason, with a mark, masked; whole numbers only to who may reveal', async () => {
    const path = '/api/forms/annex3/xlsx';
    const read = async (answer: Answer): Promise<string[][]> => {
      expect(answer.status, JSON.stringify(answer.body)).toBe(200);
      const book = await readXlsx(answer.body);
      return (book.sheets[0]?.rows ?? []).map((row) => row.map((cell) => String(cell ?? '')));
    };
    expect((await county.get(path)).body.code).toBe('report.reason');
    expect((await county.send('POST', path, { reason: ' ' })).body.code).toBe('person.reason');
    expect((await village.send('POST', path, { reason: '核实' })).status).toBe(403);
    const lines = (await county.get('/api/forms/annex3/lines?limit=500')).body.items;
    const masked = await read(await county.send('POST', path, { reason: '报省厅 & 核实' }));
    const listed = (rows: string[][]) => rows.filter((row) => /^430981/.test(row[3] ?? ''));
    expect(listed(masked).map((row) => row[3])).toEqual(
      lines.map((line: { texts: string[] }) => line.texts[3]),
    );
    expect(masked.flat().join()).not.toMatch(/\d{11}/);
    expect(masked.at(-1)?.[0]).toMatch(/导出人：county；时间：.*；事由：报省厅 & 核实/);
    const whole = await read(await county.send('POST', path, { reason: '报省厅', reveal: true }));
    for (const row of listed(whole)) expect(row[3]).toMatch(/^\d{17}[\dX]$/);
    expect((await acts('report.export')).slice(-2).map((one) => one.detail)).toMatchObject([
      { rows: lines.length, reveal: false, reason: '报省厅 & 核实' },
      { rows: lines.length, reveal: true, reason: '报省厅' },
    ]);
    const own = listed(await read(await town.send('POST', path, { reason: '核实' })));
    expect(own.length).toBeGreaterThan(9);
    expect(own.flat().join()).not.toMatch(/服刑|阳罗洲/);
  });

  it('a queue: kinds and places counted, people paged, exported', async () => {
    const { body } = await county.get('/api/findings?queue=conflict&limit=500');
    const kinds = Object.fromEntries(
      body.kinds.map((one: { kind: string; people: number }) => [one.kind, one.people]),
    );
    expect(kinds).toMatchObject({ 'dead-but-alive': 1, 'survey-differs': 1, 'dead-insured': 1 });
    expect(body.total).toBe(body.items.length);
    expect(body.places.reduce((all: number, one: { people: number }) => all + one.people, 0)).toBe(
      body.total,
    );
    const paged: string[] = [];
    let after = '';
    for (;;) {
      const page = (await county.get(`/api/findings?queue=conflict&limit=2${after}`)).body;
      paged.push(
        ...page.items.map(
          (one: { kind: string; line: { person: number } }) => `${one.kind}${one.line.person}`,
        ),
      );
      if (page.next === null) break;
      after = `&after=${encodeURIComponent(page.next)}`;
    }
    expect(paged).toEqual(
      body.items.map((one: { kind: string; line: { person: number } }) => `${one.kind}${one.line.person}`),
    );
    const one = (await county.get('/api/findings?queue=conflict&kind=dead-but-alive')).body;
    expect(one).toMatchObject({
      total: 1,
      items: [{ kind: 'dead-but-alive', line: { person: numberOf(20) } }],
    });
    const sent = await county.send('POST', '/api/findings/export', {
      filter: { queue: 'conflict' },
      reason: '核实',
    });
    const book = await readXlsx(sent.body);
    expect(book.sheets[0]?.rows.length).toBe(body.total + 2);
    const seen = (await town.get('/api/findings?queue=conflict&limit=500')).body;
    for (const item of seen.items) expect(item.line.region.code.startsWith(TOWN)).toBe(true);
  });

  it('side by side, a suggestion where the rules have one, and none where it must be found out', async () => {
    const alive = (await county.get(`/api/findings/${numberOf(20)}/dead-but-alive`)).body;
    expect(alive.suggested).toBeNull();
    expect(new Set(alive.sides.map((one: { source: string }) => one.source))).toEqual(
      new Set(['deaths', 'household-register', 'survey-workbook']),
    );
    const differs = (await county.get(`/api/findings/${numberOf(40)}/survey-differs`)).body;
    expect(differs.suggested).toMatchObject({ column: 12, words: '在校学生' });
    expect((await county.get(`/api/findings/${numberOf(40)}/dead-insured`)).status).toBe(404);
  });

  it('decides one or many with a document, lists it, takes it back', async () => {
    const people = [numberOf(20), numberOf(40)];
    const body = { people, column: 12, reason: '学籍证明已核' };
    const send = (client: Client, decision: object, files = [{ name: '证明.pdf', content: 'proof' }]) =>
      client.upload('/api/decisions', files, { decision: JSON.stringify(decision) });
    expect((await send(town, body)).status).toBe(403);
    expect((await send(county, body, [])).body.code).toBe('adjudicate.document');
    expect((await send(county, { ...body, column: 6 })).body.code).toBe('request.invalid');
    expect((await send(county, { ...body, people: [99_999] })).body.code).toBe('person.unknown');
    const before = (await county.get('/api/findings?queue=conflict')).body.total;
    const done = await send(county, body);
    expect(done.body).toMatchObject({ people: 2, changed: 2 });
    const { number } = done.body;
    const page = (await county.get(`/api/people/${numberOf(20)}`)).body;
    expect(page.why).toMatchObject({ column: 12, rank: 0, adjudication: { number, document: '证明.pdf' } });
    expect(page.why.because).toContain('学籍证明已核');
    expect((await county.get('/api/findings?queue=conflict')).body.total).toBeLessThan(before);
    const list = (await county.get('/api/decisions')).body;
    expect(list.items[0]).toMatchObject({
      number,
      people: 2,
      column: 12,
      verdict: '在校学生',
      undoneAt: null,
    });
    expect(list.items[0].names.split('、')).toHaveLength(2);
    const undone = await county.send('POST', `/api/decisions/${number}/undo`);
    expect(undone.body).toMatchObject({ number, changed: 2 });
    expect((await county.get('/api/findings?queue=conflict')).body.total).toBe(before);
    expect((await county.get('/api/decisions')).body.items[0].undoneAt).not.toBeNull();
    expect((await county.send('POST', `/api/decisions/${number}/undo`)).status).toBe(404);
    const [{ digest } = { digest: '' }] = await world.db.asOwner((tx) =>
      tx.query<{ digest: string }>('select distinct document_digest as digest from adjudication'),
    );
    expect(await world.files.has(digest)).toBe(true);
    await indexRegister(world, COUNTY);
  });

  it('a decided finding waits no more: in the queue, in its counts, at home, for the county and the town', async () => {
    const kind = 'dead-insured';
    const dead = numberOf(1);
    const waitsAt = async (client: Client) =>
      (await client.get('/api/home')).body.attention.find((one: { kind: string }) => one.kind === kind)
        ?.people ?? 0;
    const queue = async (client: Client, more = '') =>
      (await client.get(`/api/findings?queue=conflict&limit=500${more}`)).body;
    const kindsOf = (body: { kinds: { kind: string; people: number }[] }) =>
      Object.fromEntries(body.kinds.map((one) => [one.kind, one.people]));
    const here = resident(1).village.startsWith(TOWN) ? town : county;
    const before = { waiting: await waitsAt(county), queue: await queue(county) };
    const decide = async (decision: object) =>
      (
        await county.upload('/api/decisions', [{ name: '证明.pdf', content: 'proof' }], {
          decision: JSON.stringify({ people: [dead], column: 16, reason: '死亡证明已核', ...decision }),
        })
      ).body;
    expect((await decide({ kind: 'nothing' })).code).toBe('finding.kind');
    const other = await decide({ kind: 'two-provinces' });
    // What was decided about something else leaves this one waiting.
    expect(await waitsAt(county)).toBe(before.waiting);
    await county.send('POST', `/api/decisions/${other.number}/undo`);
    const { number } = await decide({ kind });
    expect(await waitsAt(county)).toBe(before.waiting - 1);
    const after = await queue(county);
    expect(kindsOf(after)[kind] ?? 0).toBe(kindsOf(before.queue)[kind]! - 1);
    expect(after.total).toBe(after.items.length);
    expect([after.waiting, after.decided]).toEqual([after.total, 1]);
    for (const client of [county, here]) {
      const decided = await queue(client, '&state=decided');
      expect(decided.items).toMatchObject([{ kind, decided: true, line: { person: dead } }]);
      expect(decided).toMatchObject({ total: 1, kinds: [{ kind, people: 1 }] });
      expect(
        (await queue(client)).items.map((one: { kind: string; line: { person: number } }) => [
          one.kind,
          one.line.person,
        ]),
      ).not.toContainEqual([kind, dead]);
    }
    const listed = await findingQueue(world, scopeAt(COUNTY), 'conflict', { region: COUNTY });
    expect([listed.total, listed.decided]).toEqual([after.total, 1]);
    expect(listed.items.map((one) => [one.kind, one.personNo])).toEqual(
      after.items.map((one: { kind: string; line: { person: number } }) => [one.kind, one.line.person]),
    );
    await county.send('POST', `/api/decisions/${number}/undo`);
    expect(await waitsAt(county)).toBe(before.waiting);
    expect((await queue(county)).items).toEqual(before.queue.items);
    await indexRegister(world, COUNTY);
  });

  it('home counts what waits as the queues do, and tells no level what it may not know', async () => {
    await world.db.asOwner((tx) =>
      tx.query(
        `insert into finding (county, person_no, kind, from_day, to_day, region)
         select county, person_no, 'prison-drawing', '2020-08-06', '9999-12-31', region from step
         where person_no = $1 and to_day = '9999-12-31'`,
        [numberOf(12)],
      ),
    );
    await world.db.asOwner((tx) => tx.query('update county set next_change = next_change + 1'));
    const told: boolean[] = [];
    for (const client of [county, town, village]) {
      const { attention } = (await client.get('/api/home')).body;
      const queues = await Promise.all(
        ['conflict', 'quality'].map(
          async (queue) => (await client.get(`/api/findings?queue=${queue}`)).body.kinds,
        ),
      );
      const counted = (kinds: { kind: string; people: number }[]) =>
        kinds.map(({ kind, people: n }) => `${kind} ${n}`).toSorted();
      expect(counted(attention)).toEqual(counted(queues.flat()));
      told.push(JSON.stringify(attention).includes('prison-drawing'));
    }
    expect(told).toEqual([true, false, false]);
    await world.db.asOwner((tx) => tx.query("delete from finding where kind = 'prison-drawing'"));
    await world.db.asOwner((tx) => tx.query('update county set next_change = next_change + 1'));
  });

  it('decides on the village, with the column or alone', async () => {
    const send = async (decision: object) =>
      (
        await county.upload('/api/decisions', [{ name: '证明.pdf', content: 'proof' }], {
          decision: JSON.stringify({ people: [numberOf(4)], reason: '现住该村', ...decision }),
        })
      ).body;
    expect((await send({})).code).toBe('adjudicate.nothing');
    const { number, changed } = await send({ village: resident(5).village, kind: 'village-outside-town' });
    expect(changed).toBe(1);
    expect((await county.get(`/api/people/${numberOf(4)}`)).body.line.region.code).toBe(resident(5).village);
    await county.send('POST', `/api/decisions/${number}/undo`);
    await indexRegister(world, COUNTY);
  });

  it('a decision tells a town or a village no more than a list would', async () => {
    const told = async (client: Client, path: string) => (await client.get(path)).body;
    const send = async (decision: object) =>
      (
        await county.upload('/api/decisions', [{ name: '判决书.pdf', content: 'proof' }], {
          decision: JSON.stringify({ people: [numberOf(40)], reason: '正在服刑，判决书已核', ...decision }),
        })
      ).body.number;
    const numbersMade = [await send({ column: 14 }), await send({ column: 12 })];
    // Taken back, so that the contradiction stands again; what it said stays.
    for (const number of numbersMade) await county.send('POST', `/api/decisions/${number}/undo`);
    const path = `/api/findings/${numberOf(40)}/survey-differs`;
    expect((await told(county, path)).decisions[1]).toMatchObject({
      column: 14,
      reason: '正在服刑，判决书已核',
      visible: true,
    });
    for (const client of [town, village]) {
      const { decisions } = await told(client, path);
      expect(decisions[1]).toMatchObject({
        number: numbersMade[0],
        column: null,
        reason: '原因由县掌握',
        document: '',
        visible: false,
      });
      expect(JSON.stringify([decisions, await told(client, `/api/people/${numberOf(40)}`)])).not.toMatch(
        /服刑|判决/,
      );
    }
    await indexRegister(world, COUNTY);
  });

  it('a number among other words means that person, and is put on no record', async () => {
    for (const q of [
      `王小明 ${resident(4).id}`,
      `${resident(4).id.slice(0, 6)} ${resident(4).id.slice(6)} 明`,
    ]) {
      expect(await persons(county, `q=${encodeURIComponent(q)}`)).toEqual([numberOf(4)]);
    }
    await people(county, `q=${encodeURIComponent(`王小明 ${resident(4).phone}`)}`);
    const wrong = `王小明 ${resident(4).id.slice(0, 17)}${resident(4).id.endsWith('1') ? '2' : '1'}`;
    expect((await county.get(`/api/people?q=${encodeURIComponent(wrong)}`)).body.code).toBe('person.id');
    expect(JSON.stringify((await acts('people.list')).slice(-3))).not.toMatch(/\d{11}/);
    const kind = await county.get(`/api/findings?queue=conflict&kind=${resident(4).id}`);
    expect([kind.status, kind.body.code]).toEqual([422, 'finding.kind']);
  });

  it('keeps filters for who saved them', async () => {
    const question = { indicator: 'not-registered', region: TOWN };
    const saved = await town.send('POST', '/api/filters', { name: '待动员', question });
    expect(saved.body).toMatchObject({ name: '待动员', question });
    expect((await town.get('/api/filters')).body.items).toEqual([saved.body]);
    expect((await county.get('/api/filters')).body.items).toEqual([]);
    expect((await town.send('POST', '/api/filters', { name: '待动员', question })).status).toBe(409);
    const number = { name: '某人', question: { q: resident(0).id } };
    expect((await town.send('POST', '/api/filters', number)).body.code).toBe('filter.number');
    expect((await county.send('DELETE', `/api/filters/${saved.body.filter}`)).status).toBe(404);
    expect((await town.send('DELETE', `/api/filters/${saved.body.filter}`)).body).toEqual({ done: true });
    expect((await town.get('/api/filters')).body.items).toEqual([]);
  });

  it('who only reads the county sees everybody, finds by half a name, and changes nothing', async () => {
    const leader = await service.as('leader');
    expect(await persons(leader, `q=${encodeURIComponent('小明')}&limit=500`)).toHaveLength(
      RESIDENTS.filter((one) => one.name.includes('小明')).length,
    );
    expect((await leader.get(`/api/people/${numberOf(12)}`)).status).toBe(200);
    expect((await leader.send('POST', `/api/people/${numberOf(0)}/reveal`, { reason: '核实' })).status).toBe(
      403,
    );
    const saved = await leader.send('POST', '/api/filters', { name: '全县', question: {} });
    expect(saved.status).toBe(200);
  });

  it('nobody at the door or in an office reads people', async () => {
    for (const login of ['tax', 'sysadmin', 'secadmin', 'auditor']) {
      const client = await service.as(login);
      for (const url of [
        '/api/people',
        '/api/people/suggestions?q=a',
        `/api/people/${numberOf(0)}`,
        '/api/findings?queue=conflict',
        '/api/filters',
        '/api/decisions',
      ]) {
        expect((await client.get(url)).status, `${login} ${url}`).toBe(403);
      }
    }
  });
});
