import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { checkInstance } from '../../maintenance/check.ts';
import { inventedId } from '../../testing/command.ts';
import { engines, openTestInstance, scopeOf, type TestInstance } from '../../testing/instance.ts';
import { type Client, finished, openTestService, type TestService } from '../../testing/service.ts';
import { COUNTY, PLACES } from '../../testing/small-county.ts';
import { indexRegister } from '../register/index.ts';

const {
  town: TOWN,
  village: VILLAGE,
  neighbour: NEIGHBOUR,
  otherTown: OTHER_TOWN,
  otherVillage: OTHER_VILLAGE,
} = PLACES;
const HEAD = '身份证号码,姓名,户籍地址,行政区划代码,户号,户籍状态';

/** 2,000 in a street without a village, 300 whom no rule finds, the rest for one purpose each. */
const STREET = 2_000;
const LOST = 300;

function register(): string {
  const rows: string[] = [];
  const add = (address: string, code: string, household: string): void => {
    const n = rows.length;
    rows.push(
      `${inventedId(n)},${'赵钱孙李周吴郑王'[n % 8]}${'甲乙丙丁戊'[n % 5]}${'一二三四五六七'[n % 7]},${address},${code},${household},正常`,
    );
  };
  for (let i = 0; i < STREET; i++) add(`沅江市琼湖街道长乐街${(i % 500) + 1}号`, TOWN, `S${i}`);
  for (let i = 0; i < LOST; i++) add('沅江市琼湖街道无名路1号', TOWN, `L${i}`);
  // A household: one member's village is known, the others' is not; and one that is torn between two villages.
  add('沅江市琼湖街道', VILLAGE, 'K1');
  add('沅江市琼湖街道无名路2号', TOWN, 'K1');
  add('沅江市琼湖街道', VILLAGE, 'K2');
  add('沅江市琼湖街道', NEIGHBOUR, 'K2');
  add('沅江市琼湖街道无名路3号', TOWN, 'K2');
  // The same street in the other town.
  for (let i = 0; i < 5; i++) add(`沅江市长乐街${i + 1}号`, OTHER_TOWN, `O${i}`);
  return `${HEAD}\n${rows.join('\n')}\n`;
}

describe.each(engines)('villages by address on %s', (engine) => {
  let instance: TestInstance;
  let service: TestService;
  let county: Client;
  let town: Client;
  const deliver = async (source: string, asOf: string, content: string, mode = 'full'): Promise<number> => {
    const { body } = await county.upload('/api/uploads', [{ name: `${source}.csv`, content }]);
    const started = await county.send('POST', `/api/uploads/${body.upload}/delivery`, {
      source,
      asOf,
      mode,
      acceptWithdrawals: true,
    });
    const job = await finished(county, started.body.job);
    expect(job.state, JSON.stringify(job.problem)).toBe('done');
    return job.report.delivery;
  };
  /** Everything that is derived, as text. */
  const derived = (): Promise<unknown[]> =>
    instance.db.asOwner((tx) =>
      tx.query(
        `select 'step' as t, person_no, from_day, to_day, region, class::text as what from step
         union all select 'finding', person_no, from_day, to_day, region, kind from finding
         union all select 'item', person_no, from_day, to_day, region, kind || subject || state || why from ledger_item
         union all select 'person', person_no, '', '', region, name from person order by 1, 2, 3, 6`,
      ),
    );
  const agrees = async (): Promise<void> => {
    await indexRegister(instance, COUNTY);
    const wrong = (await checkInstance(instance, scopeOf(COUNTY))).filter((check) => !check.ok);
    expect(wrong).toEqual([]);
  };
  const standsIn = async (region: string): Promise<number> => {
    const { body } = await county.get(`/api/forms/annex4?region=${region}&asOf=2020-09-10`);
    const column = body.layout.columns.findIndex((c: { number: number }) => c.number === 3);
    return Number(body.total.values[column]);
  };
  const add = (client: Client, body: object) => client.send('POST', '/api/addresses/rules', body);
  const rule = async (client: Client, body: object): Promise<number> => {
    const added = await add(client, body);
    expect(added.status, JSON.stringify(added.body)).toBe(200);
    return added.body.number;
  };
  const retireAll = async (): Promise<void> => {
    for (const one of (await county.get('/api/addresses/rules')).body.items)
      await county.send('POST', `/api/addresses/rules/${one.number}/retire`);
  };

  beforeAll(async () => {
    instance = await openTestInstance(engine, { county: COUNTY });
    service = await openTestService(instance, COUNTY);
    county = await service.as('county');
    town = await service.as('town');
    await deliver('household-register', '2020-08-31', register());
    await deliver(
      'deaths',
      '2020-09-10',
      `身份证号码,姓名,死亡日期\n${inventedId(0)},赵甲一,2020-09-01\n`,
      'delta',
    );
  });
  afterEach(retireAll);
  afterAll(async () => {
    await service?.close();
    await instance?.close();
  });

  it('tells who stands in no village, and what their addresses begin with', async () => {
    const { body } = await county.get('/api/addresses/unplaced');
    expect([body.total, body.blank]).toEqual([STREET + LOST + 2 + 5, 0]);
    expect(body.places.map((p: { code: string; people: number }) => [p.code, p.people])).toEqual([
      [TOWN, STREET + LOST + 2],
      [OTHER_TOWN, 5],
    ]);
    expect(body.fragments.slice(0, 2)).toEqual([
      { text: '长乐街', people: STREET + 5 },
      { text: '无名路', people: LOST + 2 },
    ]);
    expect((await town.get('/api/addresses/unplaced')).body.total).toBe(STREET + LOST + 2);
    expect((await town.get(`/api/addresses/unplaced?region=${OTHER_TOWN}`)).status).toBe(403);
  });

  it('places 2,000 people in one commit and takes them back exactly', async () => {
    const before = await derived();
    const odd = await rule(county, {
      kind: 'street',
      village: VILLAGE,
      texts: ['长乐街'],
      parity: 'odd',
      last: 499,
    });
    const even = await rule(county, {
      kind: '街道门牌',
      village: NEIGHBOUR,
      texts: ['长乐街'],
      parity: '双',
    });
    const preview = (await county.send('POST', '/api/addresses/preview', {})).body;
    expect([preview.unplaced, preview.placed, preview.left]).toEqual([STREET + LOST + 7, STREET, LOST + 7]);
    expect(
      preview.rules.map((r: { number: number; people: number; elsewhere: number }) => [
        r.number,
        r.people,
        r.elsewhere,
      ]),
    ).toEqual([
      [odd, STREET / 2, 3],
      [even, STREET / 2, 2],
    ]);
    expect(preview.rules[0].samples).toHaveLength(5);
    expect(preview.rules[0].samples[0].address).toMatch(/长乐街\d*[13579]号/);
    expect(await derived()).toEqual(before);

    const stale = await county.send('POST', '/api/addresses/applications', { expected: 1_999 });
    expect(stale.body.code).toBe('address.changed');
    // As many people, but another village.
    const replaced = { kind: 'street', texts: ['长乐街'], parity: 'even' };
    const moved = await rule(county, { ...replaced, village: VILLAGE, replaces: even });
    const seen = { expected: STREET, digest: preview.digest };
    const other = await county.send('POST', '/api/addresses/applications', seen);
    expect(other.body.code).toBe('address.changed');
    await rule(county, { ...replaced, village: NEIGHBOUR, replaces: moved });
    const { digest } = (await county.send('POST', '/api/addresses/preview', {})).body;
    const started = performance.now();
    const done = (await county.send('POST', '/api/addresses/applications', { expected: STREET, digest }))
      .body;
    console.info(`${engine}: ${STREET} people placed in ${Math.round(performance.now() - started)} ms`);
    expect(done).toMatchObject({ people: STREET, changed: STREET, left: LOST + 7, from: '2020-09-10' });
    expect([await standsIn(VILLAGE), await standsIn(NEIGHBOUR)]).toEqual([STREET / 2 + 2, STREET / 2 + 1]);
    await agrees();
    const placed = (
      await county.get(`/api/ledger?kind=quality&state=closed&region=${VILLAGE}&asOf=2020-09-10&limit=1`)
    ).body;
    expect(placed.items[0].why).toBe('按地址规则归村');

    const history = (await county.get('/api/addresses/applications')).body.items;
    expect(history).toMatchObject([
      { application: done.application, people: STREET, actor: 'county', undone: null },
    ]);
    const undone = await county.send('POST', `/api/addresses/applications/${done.application}/undo`);
    expect(undone.body).toMatchObject({ people: STREET, changed: STREET });
    expect(await derived()).toEqual(before);
    await agrees();
    const again = await county.send('POST', `/api/addresses/applications/${done.application}/undo`);
    expect(again.body.code).toBe('address.unknown');
  });

  it('yields to a village that a list names, ends with the address it was read from, and comes back with it', async () => {
    const before = await derived();
    await rule(county, { kind: 'pattern', village: VILLAGE, texts: ['无名路1号'] });
    const done = (await county.send('POST', '/api/addresses/applications', { expected: LOST })).body;
    const stand = async (n: number): Promise<string> => {
      const [row] = await instance.db.asOwner((tx) =>
        tx.query<{ region: string }>('select region from person where id_hash = $1::uuid', [
          instance.cipher.blindIndex(inventedId(n)),
        ]),
      );
      return row?.region ?? '';
    };
    expect([await stand(STREET), await stand(STREET + 1), await stand(STREET + 2)]).toEqual([
      VILLAGE,
      VILLAGE,
      VILLAGE,
    ]);
    const moved = await deliver(
      'household-register',
      '2020-09-15',
      `${HEAD}\n${inventedId(STREET)},赵甲一,沅江市琼湖街道无名路1号,${NEIGHBOUR},,正常\n${inventedId(STREET + 1)},赵甲一,沅江市琼湖街道新路9号,${TOWN},,正常\n`,
      'delta',
    );
    expect([await stand(STREET), await stand(STREET + 1), await stand(STREET + 2)]).toEqual([
      NEIGHBOUR,
      TOWN,
      VILLAGE,
    ]);
    await agrees();
    const undo = await county.send('POST', `/api/deliveries/${moved}/undo`);
    expect((await finished(county, undo.body.job)).state).toBe('done');
    expect([await stand(STREET), await stand(STREET + 1)]).toEqual([VILLAGE, VILLAGE]);
    await county.send('POST', `/api/addresses/applications/${done.application}/undo`);
    expect(await derived()).toEqual(before);
    await agrees();
  });

  it('lets a household follow, and nobody where its members contradict each other', async () => {
    const before = await derived();
    await rule(county, { kind: '同户', village: '', texts: [] });
    const preview = (await county.send('POST', '/api/addresses/preview', {})).body;
    expect([preview.placed, preview.torn]).toEqual([1, 1]);
    expect(preview.villages.map((v: { code: string }) => v.code)).toEqual([VILLAGE]);
    const done = (await county.send('POST', '/api/addresses/applications', { expected: 1 })).body;
    await agrees();
    await county.send('POST', `/api/addresses/applications/${done.application}/undo`);
    expect(await derived()).toEqual(before);
  });

  it('says which rule takes an address and why, which came close, and which can never match', async () => {
    const street = await rule(county, {
      kind: 'street',
      village: VILLAGE,
      texts: ['长乐街'],
      parity: '单',
      last: 99,
    });
    const unit = await rule(county, { kind: 'unit', village: NEIGHBOUR, texts: ['农机厂', '农机小区'] });
    const test = async (text: string) => (await county.send('POST', '/api/addresses/test', { text })).body;
    const found = await test('沅江市琼湖街道长乐街三十一号');
    expect(found.rule).toMatchObject({ number: street, because: '在长乐街，读到 31 号' });
    const near = await test('琼湖街道长乐街8号');
    expect([near.rule, near.near.map((one: { number: number }) => one.number)]).toEqual([null, [street]]);
    expect(near.near[0].because).toBe('读到 8 号，不在单号 1 至 99 号');
    expect((await test('长乐街9号农机厂')).rule.number).toBe(street);
    expect(
      (await test(`我的号码${inventedId(1)}`)).body?.code ??
        (await county.send('POST', '/api/addresses/test', { text: inventedId(1) })).body.code,
    ).toBe('address.id-number');

    const dead = await add(county, { kind: 'pattern', village: NEIGHBOUR, texts: ['农机厂宿舍'] });
    expect(dead.body.unreachable).toContain(`第 ${unit} 号规则`);
    const order = await county.send('POST', '/api/addresses/rules/order', {
      owner: COUNTY,
      numbers: [dead.body.number, street, unit],
    });
    expect(order.body).toEqual({ ordered: 3 });
    const rules = (await county.get('/api/addresses/rules')).body.items;
    expect(
      rules.map((r: { number: number; unreachable: string | null }) => [r.number, r.unreachable]),
    ).toEqual([
      [dead.body.number, null],
      [street, null],
      [unit, null],
    ]);
    expect(
      (await add(county, { kind: 'unit', village: NEIGHBOUR, texts: ['农机小区', '农机厂'] })).body.code,
    ).toBe('address.exists');
    const changed = await rule(county, { kind: 'unit', village: VILLAGE, texts: ['农机厂'], replaces: unit });
    expect(
      (await county.get('/api/addresses/rules')).body.items.map((r: { number: number }) => r.number),
    ).toEqual([dead.body.number, street, changed]);
  });

  it('lets a town keep rules for its own people and villages only', async () => {
    expect(
      (await add(town, { kind: 'pattern', village: VILLAGE, texts: ['长乐街'], owner: COUNTY })).body.code,
    ).toBe('report.scope');
    expect((await add(town, { kind: 'pattern', village: OTHER_VILLAGE, texts: ['长乐街'] })).body.code).toBe(
      'address.scope',
    );
    const ofCounty = await rule(county, { kind: 'pattern', village: OTHER_VILLAGE, texts: ['长乐街'] });
    await rule(county, { kind: 'pattern', village: NEIGHBOUR, texts: ['长乐街'] });
    const own = await rule(town, { kind: 'pattern', village: VILLAGE, texts: ['长乐街'] });
    expect((await town.send('POST', `/api/addresses/rules/${ofCounty}/retire`)).body.code).toBe(
      'address.unknown',
    );
    const preview = (await town.send('POST', '/api/addresses/preview', {})).body;
    expect([preview.unplaced, preview.placed]).toEqual([STREET + LOST + 2, STREET]);
    expect(preview.rules[0]).toMatchObject({ number: own, people: STREET });
    expect((await town.send('POST', '/api/addresses/preview', { region: COUNTY })).body.code).toBe(
      'report.scope',
    );
    const done = (await town.send('POST', '/api/addresses/applications', { expected: STREET })).body;
    expect(done.people).toBe(STREET);
    const whole = (await county.send('POST', '/api/addresses/applications', { expected: 5 })).body;
    expect((await town.send('POST', `/api/addresses/applications/${whole.application}/undo`)).body.code).toBe(
      'address.unknown',
    );
    expect(
      (await town.get('/api/addresses/applications')).body.items.map(
        (a: { application: number }) => a.application,
      ),
    ).toEqual([done.application]);
    await agrees();
    await town.send('POST', `/api/addresses/applications/${done.application}/undo`);
    await county.send('POST', `/api/addresses/applications/${whole.application}/undo`);
    await agrees();
  });

  it('takes a table of rules, whole or not at all, and knows what it has', async () => {
    const csv = `种类,文字,不含,单双,起号,止号,村代码,备注\n街道门牌,长乐街,,单,1,499,${VILLAGE},老街\n文字,无名路,,,,,${NEIGHBOUR},\n`;
    const send = (content: string, more = '') =>
      county.upload(`/api/addresses/rules/file${more}`, [{ name: '规则.csv', content }]);
    expect((await send(csv)).body).toMatchObject({ read: 2, added: 2, same: 0, retired: 0 });
    expect((await send(csv)).body).toMatchObject({ read: 2, added: 0, same: 2, retired: 0 });
    const wrong = await send(`${csv}文字,%九华%,,,,,${VILLAGE},\n`);
    expect(wrong.body.detail).toContain('第 4 行');
    const whole = `种类,文字,村代码\n文字,无名路,${NEIGHBOUR}\n文字,新街,${VILLAGE}\n`;
    expect((await send(whole, '?replace=true')).body).toMatchObject({ added: 1, same: 1, retired: 1 });
    expect(
      (await county.get('/api/addresses/rules')).body.items.map((r: { texts: string[] }) => r.texts[0]),
    ).toEqual(['无名路', '新街']);
    expect((await county.get('/api/addresses/rules?retired=true')).body.items.length).toBeGreaterThan(2);
  });
});
