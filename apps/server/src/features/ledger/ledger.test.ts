import { INDICATORS } from '@quanbao/domain/indicators/indicators';
import { readXlsx } from 'hucre';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkInstance } from '../../maintenance/check.ts';
import { engines, openTestInstance, scopeOf, type TestInstance } from '../../testing/instance.ts';
import { type Client, finished, openTestService, type TestService } from '../../testing/service.ts';
import { COUNTY, fillSmallCounty, PLACES, SMALL_COUNTY } from '../../testing/small-county.ts';

describe.each(engines)('the ledger on %s', (engine) => {
  let instance: TestInstance;
  let service: TestService;
  let county: Client;
  let village: Client;
  beforeAll(async () => {
    instance = await openTestInstance(engine, { county: COUNTY });
    await fillSmallCounty(instance);
    service = await openTestService(instance, COUNTY);
    county = await service.as('county');
    village = await service.as('village');
  });
  afterAll(async () => {
    await service?.close();
    await instance?.close();
  });

  const deliver = async (source: string, asOf: string, content: string): Promise<number> => {
    const { body } = await county.upload('/api/uploads', [{ name: `${source}.csv`, content }]);
    const started = await county.send('POST', `/api/uploads/${body.upload}/delivery`, {
      source,
      asOf,
      mode: 'delta',
    });
    return (await finished(county, started.body.job)).report.delivery;
  };
  const open = async (region: string, asOf = '2020-09-10'): Promise<string[]> => {
    const { body } = await county.get(`/api/ledger?kind=uninsured&region=${region}&asOf=${asOf}`);
    expect(body.items).toHaveLength(body.total);
    return body.items.map((item: { number: string }) => item.number).sort();
  };

  it('has as many open items 应保未保 as 附件5 counts in its column 7, everywhere, and its overview says so', async () => {
    for (const region of [COUNTY, PLACES.town, PLACES.village, PLACES.otherTown]) {
      for (const day of ['2020-08-31', '2020-09-10']) {
        const { body } = await county.get(`/api/forms/annex5?region=${region}&asOf=${day}`);
        const column = body.layout.columns.findIndex((c: { number: number }) => c.number === 7);
        expect((await open(region, day)).length, `${region} ${day}`).toBe(Number(body.total.values[column]));
        const overview = (await county.get(`/api/ledger/overview?region=${region}&asOf=${day}`)).body;
        const kind = overview.kinds.find((k: { kind: string }) => k.kind === 'uninsured');
        expect(kind.byState.verify + kind.byState.settled).toBe(Number(body.total.values[column]));
        expect(kind.ages.reduce((a: number, n: number) => a + n, 0)).toBe(
          kind.byState.verify + kind.byState.settled,
        );
      }
    }
  });

  it('lists exactly the items that each indicator counts, everywhere, before and after some are written off', async () => {
    const registered = SMALL_COUNTY.filter((_, i) => i % 2 === 0).map(
      (p) => `${p.id},${p.name},正常参保,参保缴费,2020-09-15`,
    );
    const number = await deliver(
      'residents-scheme',
      '2020-09-20',
      `身份证号码,姓名,参保状态,缴费状态,参保时间\n${registered.join('\n')}\n`,
    );
    const counts = INDICATORS.filter((one) => one.kind === 'count' && one.over === 'items');
    const seen = new Set<string>();
    for (const region of [COUNTY, PLACES.town, PLACES.village]) {
      for (const day of ['2020-09-10', '2020-09-20']) {
        for (const { code } of counts) {
          const { value } = (await county.get(`/api/references/${code}@${region}@${day}`)).body;
          const listed = (await county.get(`/api/ledger?indicator=${code}&region=${region}&asOf=${day}`))
            .body;
          expect([listed.total, listed.items.length], `${code} ${region} ${day}`).toEqual([value, value]);
          if (value > 0) seen.add(code);
        }
      }
    }
    const filter = { indicator: 'uninsured-known', asOf: '2020-09-20' };
    const listed = (await county.get(`/api/ledger?${new URLSearchParams(filter)}`)).body;
    const sent = await county.send('POST', '/api/ledger/export', { filter, reason: '核对' });
    const [, , ...rows] = (await readXlsx(sent.body)).sheets[0]?.rows ?? [];
    expect(rows.map((row) => row[1])).toEqual(listed.items.map((one: { number: string }) => one.number));
    expect([...seen]).toEqual(
      expect.arrayContaining(['uninsured-items', 'uninsured-known', 'uninsured-open', 'written-off']),
    );
    const undo = await county.send('POST', `/api/deliveries/${number}/undo`);
    expect((await finished(county, undo.body.job)).state).toBe('done');
  });

  it('narrows what an indicator counts by kind and state, and refuses what counts no items', async () => {
    const total = async (more: string): Promise<number> =>
      (await county.get(`/api/ledger?indicator=uninsured-known&asOf=2020-09-10${more}`)).body.total;
    expect(await total('&state=verify')).toBe(0);
    expect(await total('&kind=unpaid')).toBe(0);
    expect((await total('&state=settled')) + (await total('&state=closed'))).toBe(await total(''));
    for (const wrong of ['registered', 'visit-rate', 'task-verify', 'x'])
      expect((await county.get(`/api/ledger?indicator=${wrong}`)).body.code, wrong).toBe('ledger.indicator');
  });

  it('writes off by a registration and reopens exactly what its delivery closed when that is undone', async () => {
    const before = await open(COUNTY, '2020-09-20');
    expect(before.length).toBeGreaterThan(1);
    const people = SMALL_COUNTY.map((p) => `${p.id},${p.name},正常参保,参保缴费,2020-09-15`).join('\n');
    const number = await deliver(
      'residents-scheme',
      '2020-09-20',
      `身份证号码,姓名,参保状态,缴费状态,参保时间\n${people}\n`,
    );
    expect(await open(COUNTY, '2020-09-20')).toEqual([]);
    const life = (await county.get(`/api/ledger/items/${before[0]}`)).body;
    expect(life.life.map((one: { stateTitle: string }) => one.stateTitle)).toContain('销号');
    expect(life.events.at(-1)).toMatchObject({ what: '销号', why: '已参保登记' });
    const notices = (await village.get('/api/notices')).body;
    expect(notices.open).toBeGreaterThan(0);
    expect(notices.items.every((n: { region: { code: string } }) => n.region.code === PLACES.village)).toBe(
      true,
    );
    const undo = await county.send('POST', `/api/deliveries/${number}/undo`);
    expect((await finished(county, undo.body.job)).state).toBe('done');
    expect(await open(COUNTY, '2020-09-20')).toEqual(before);
    const again = (await county.get(`/api/ledger/items/${before[0]}`)).body;
    expect(again.events.length).toBeGreaterThan(life.events.length);
    expect(again.events.at(-1)).toMatchObject({ what: '重新开账', why: '依据撤回或已改正' });
    const wrong = (await checkInstance(instance, scopeOf(COUNTY))).filter((check) => !check.ok);
    expect(wrong).toEqual([]);
  });

  it('stays in the inbox of a place until it is signed for, and no further', async () => {
    const { body } = await village.get('/api/notices?open=true');
    const newest = Math.max(...body.items.map((n: { change: number }) => n.change));
    const other = (await county.get('/api/notices?open=true')).body.open - body.open;
    const noted = await village.send('POST', '/api/notices/noted', { upTo: newest });
    expect(noted.body).toEqual({ noted: body.open });
    expect((await village.get('/api/notices?open=true')).body.open).toBe(0);
    expect((await county.get('/api/notices?open=true')).body.open).toBe(other);
    const foreign = await village.send('POST', '/api/notices/noted', {
      upTo: newest,
      region: PLACES.otherTown,
    });
    expect(foreign.body.code).toBe('report.scope');
  });

  it('tells both villages of who moves from one to the other, and of his return; nobody of a move within one', async () => {
    const moving = SMALL_COUNTY[2]!;
    const rest = '户号,与户主关系,联系电话,户籍状态';
    const move = (asOf: string, region: string, address: string): Promise<number> =>
      deliver(
        'household-register',
        asOf,
        `身份证号码,姓名,户籍地址,行政区划代码,${rest}\n${moving.id},${moving.name},${address},${region},H1,户主,,正常\n`,
      );
    const before = async (): Promise<number> =>
      Math.max(0, ...(await county.get('/api/notices')).body.items.map((n: { change: number }) => n.change));
    const toldSince = async (change: number) =>
      (await county.get('/api/notices')).body.items
        .filter((n: { change: number; kind: string }) => n.change > change && n.kind === 'uninsured')
        .map((n: { region: { code: string }; opened: number; closed: number }) => [
          n.region.code,
          n.opened,
          n.closed,
        ]);

    let last = await before();
    const within = await move('2020-09-21', PLACES.village, '沅江市6组9号');
    expect(await toldSince(last)).toEqual([]);
    const delivery = await move('2020-09-22', PLACES.neighbour, '沅江市9号');
    const both = [
      [PLACES.village, 0, 1],
      [PLACES.neighbour, 1, 0],
    ];
    expect(await toldSince(last)).toEqual(both);
    expect((await village.get('/api/notices')).body.items).toContainEqual(
      expect.objectContaining({ kind: 'uninsured', opened: 0, closed: 1 }),
    );
    const [item] = (
      await county.get(`/api/ledger?kind=uninsured&region=${PLACES.neighbour}`)
    ).body.items.filter((one: { name: string }) => one.name === moving.name);
    const { events } = (await county.get(`/api/ledger/items/${item.number}`)).body;
    expect(events.at(-1)).toMatchObject({ what: '迁移' });

    last = await before();
    const undo = async (taken: number): Promise<void> => {
      const { body } = await county.send('POST', `/api/deliveries/${taken}/undo`);
      expect((await finished(county, body.job)).state).toBe('done');
    };
    await undo(delivery);
    await undo(within);
    expect(await toldSince(last)).toEqual([
      [PLACES.village, 1, 0],
      [PLACES.neighbour, 0, 1],
    ]);
    // Of the first day on: as if he had never stood in the village, where his item has been open all the while.
    last = await before();
    const anew = await move('2020-08-31', PLACES.neighbour, '沅江市9号');
    expect(await toldSince(last)).toEqual(both);
    await undo(anew);
  });

  it('tells the town of who came into a group or left it though nothing else changed; a village reads no such list', async () => {
    const town = await service.as('town');
    const poor = SMALL_COUNTY[2]!;
    const list = (people: readonly { id: string; name: string }[]): string =>
      `身份证号码,姓名,起始年月\n${people.map((one) => `${one.id},${one.name},2020-01\n`).join('')}`;
    const kind = 'group-extreme-poverty';
    const told = async (client: Client): Promise<[string, number, number][]> =>
      (await client.get('/api/notices?open=true')).body.items
        .filter((one: { kind: string }) => one.kind === kind)
        .map((one: { region: { code: string }; opened: number; closed: number }) => [
          one.region.code,
          one.opened,
          one.closed,
        ]);
    // Who is in prison has nothing open: he is nobody's work.
    const delivery = await deliver('extreme-poverty', '2020-09-22', list([poor, SMALL_COUNTY[1]!]));
    expect(await told(town)).toEqual([[PLACES.village, 1, 0]]);
    expect(await told(county)).toEqual([[PLACES.village, 1, 0]]);
    expect(await told(village)).toEqual([]);
    expect((await village.get(`/api/notices?kind=${kind}`)).body.code).toBe('notice.kind');
    const listed = await town.get('/api/ledger?tag=extreme-poverty');
    expect(listed.body.items.map((one: { name: string }) => one.name)).toContain(poor.name);

    const { body } = await county.send('POST', `/api/deliveries/${delivery}/undo`);
    expect((await finished(county, body.job)).state).toBe('done');
    expect((await told(town)).sort()).toEqual([
      [PLACES.village, 0, 1],
      [PLACES.village, 1, 0],
    ]);

    // The village signs for everything it is told of; the town is told of the rest.
    const upTo = Number.MAX_SAFE_INTEGER;
    await village.send('POST', '/api/notices/noted', { upTo });
    expect(await told(town)).toHaveLength(2);
    expect((await town.send('POST', '/api/notices/noted', { upTo, kind })).body).toEqual({ noted: 2 });
    expect(await told(county)).toEqual([]);
  });

  it('is signed for one by one, and looked for by kind, place and whether it is signed for', async () => {
    const before = (await county.get('/api/notices?open=true')).body.open;
    const delivery = await deliver(
      'residents-scheme',
      '2020-09-23',
      `身份证号码,姓名,参保状态,缴费状态,参保时间\n${SMALL_COUNTY.map((p) => `${p.id},${p.name},正常参保,参保缴费,2020-09-23\n`).join('')}`,
    );
    const ask = async (more: string) => (await county.get(`/api/notices?${more}`)).body;
    const fresh = (await ask('open=true')).items.slice(0, (await ask('open=true')).open - before) as {
      change: number;
      kind: string;
      region: { code: string };
    }[];
    const [first] = fresh;
    expect(new Set(fresh.map(({ region }) => region.code)).size).toBeGreaterThan(1);
    const chosen = [{ change: first!.change, region: first!.region.code, kind: first!.kind }];
    const sign = (client: Client, order: object) => client.send('POST', '/api/notices/noted', order);
    // Of another place: not one of these is his.
    const other = fresh.find(({ region }) => region.code !== PLACES.village)!;
    expect(
      (
        await sign(village, {
          chosen: [{ ...chosen[0], change: other.change, region: other.region.code, kind: other.kind }],
        })
      ).body,
    ).toEqual({ noted: 0 });
    expect((await sign(county, { chosen })).body).toEqual({ noted: 1 });
    expect((await sign(county, { chosen })).body).toEqual({ noted: 0 });
    expect((await ask('open=true')).open).toBe(before + fresh.length - 1);
    const signed = await ask(`open=false&region=${first!.region.code}&kind=${first!.kind}`);
    expect(signed.items[0]).toMatchObject({ change: first!.change, noted: { by: 'county' } });
    expect(signed.items.every((one: { noted: unknown }) => one.noted !== null)).toBe(true);
    const there = await ask(`region=${other.region.code}&open=true`);
    expect(there.open).toBe(there.items.length);
    expect(new Set(there.items.map((one: { region: { code: string } }) => one.region.code))).toEqual(
      new Set([other.region.code]),
    );
    expect((await county.get('/api/notices?kind=x')).body.code).toBe('notice.kind');
    expect((await sign(county, { chosen: [] })).status).toBe(400);
    const undo = await county.send('POST', `/api/deliveries/${delivery}/undo`);
    expect((await finished(county, undo.body.job)).state).toBe('done');
  });

  it('is closed by hand only where a kind allows it, with a proof, and opened again when that is taken back', async () => {
    const proof = { name: '佐证.txt', content: '核实记录' };
    const close = (numbers: string[], reason: string, paper: string | undefined = 'check-record') =>
      county.upload('/api/ledger/closings', [proof], {
        closing: JSON.stringify({ numbers, reason, paper, from: '2020-09-10' }),
      });
    const [uninsured] = await open(COUNTY);
    const refused = await close([uninsured as string], '已经核实清楚');
    expect(refused.body.code).toBe('ledger.by-evidence');
    // Who is registered and not in the first payments list has never paid.
    await deliver(
      'residents-payments',
      '2020-09-05',
      `身份证号码,缴费年度,金额,日期\n${SMALL_COUNTY[1]?.id},2020,200,2020-09-01\n`,
    );
    const quality = (await county.get('/api/ledger?kind=quality&asOf=2020-09-10')).body;
    const [item] = quality.items;
    expect((await close([item.number], '好')).body.code).toBe('ledger.reason');
    const foreign = await close([item.number], '电话核实，确已缴费，名单遗漏', 'refund');
    expect(foreign.body.code).toBe('ledger.paper');
    expect(JSON.stringify(foreign.body)).toContain(
      '数据待核不能凭重复缴费清退办结的凭据销号；要：核实记录（过程和结果）',
    );
    for (const paper of ['termination', '别的'])
      expect((await close([item.number], '电话核实，确已缴费，名单遗漏', paper)).body.code, paper).toBe(
        'ledger.paper',
      );
    const done = await close([item.number], '电话核实，确已缴费，名单遗漏');
    expect(done.body).toMatchObject({ closed: 1 });
    expect((await close([item.number], '电话核实，确已缴费，名单遗漏')).body.code).toBe('ledger.not-open');
    const after = (await county.get('/api/ledger?kind=quality&asOf=2020-09-10')).body;
    expect(after.total).toBe(quality.total - 1);
    const { body: life } = await county.get(`/api/ledger/items/${item.number}`);
    expect(life.life.at(-1)).toMatchObject({ stateTitle: '销号', why: '人工销号' });
    expect(life.closings[0]).toMatchObject({ paper: '核实记录（过程和结果）', document: '佐证.txt' });
    const { closing } = life.closings[0];
    await instance.db.asOwner((tx) => tx.query('update ledger_closing set paper = null'));
    const old = (await county.get(`/api/ledger/items/${item.number}`)).body.closings[0];
    expect(old).toMatchObject({ closing, paper: null, document: '佐证.txt' });
    expect((await county.send('POST', `/api/ledger/closings/${closing}/undo`)).status).toBe(200);
    expect((await county.get('/api/ledger?kind=quality&asOf=2020-09-10')).body.total).toBe(quality.total);
    expect((await village.upload('/api/ledger/closings', [proof], { closing: '{}' })).status).toBe(403);
  });

  it('is assigned, listed by who has it, and only what the account sees', async () => {
    const numbers = await open(PLACES.village);
    const before = (await county.get(`/api/ledger?assignee=${encodeURIComponent('王协办')}&asOf=2020-09-10`))
      .body;
    expect(before.total).toBe(0);
    const given = await village.send('POST', '/api/ledger/assignments', {
      numbers,
      assignee: '王协办',
      due: '2020-10-10',
    });
    expect(given.body).toEqual({ assigned: numbers.length });
    const mine = (await county.get(`/api/ledger?assignee=${encodeURIComponent('王协办')}&asOf=2020-09-10`))
      .body;
    expect(mine.items.map((i: { number: string }) => i.number).sort()).toEqual(numbers);
    expect(mine.items[0]).toMatchObject({ assignee: '王协办', due: '2020-10-10' });
    expect(mine.total).toBe(numbers.length);
    const foreign = await open(PLACES.otherTown);
    const refused = await village.send('POST', '/api/ledger/assignments', {
      numbers: foreign,
      assignee: '王协办',
    });
    expect(refused.body.code).toBe('ledger.unknown');
    expect((await village.get(`/api/ledger/items/${foreign[0]}`)).body.code).toBe('ledger.unknown');
  });

  it('tells a village no conflict whose name tells what a list says that it may not read', async () => {
    const { body } = await village.get('/api/ledger?kind=conflict&state=all&asOf=2020-09-10');
    expect(JSON.stringify(body)).not.toContain('服刑');
    const overview = (await village.get('/api/ledger/overview?asOf=2020-09-10')).body;
    const kind = overview.kinds.find((k: { kind: string }) => k.kind === 'conflict');
    expect(kind.byState.verify + kind.byState.settled + kind.byState.closed).toBe(body.total);
  });
});
