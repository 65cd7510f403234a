import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inventedId, openPlace, type Place, registerCsv, runHere } from '../testing/command.ts';
import { engines } from '../testing/instance.ts';

const TOWN = '430981006';
const VILLAGE = '430981006001';

interface Line {
  readonly number: string;
  readonly kind: string;
  readonly state: string;
  readonly assignee: string | null;
  readonly region: { readonly code: string };
}

describe('ledger without an instance', () => {
  it.each([
    [['close', 'A-1', '--document', '/tmp/x'], 2, '--reason'],
    [['close', 'A-1', '--reason', '已经核实清楚'], 2, '--document'],
    [['close', '--reason', '已经核实清楚', '--document', '/tmp/x'], 2, '缺少参数'],
    [['assign', 'A-1'], 2, '--to'],
    [['assign', 'A-1', '--to', '王协办', '--due', '下周'], 2, '应为日期'],
    [['list', '--as-of', '2020-02-30'], 2, '应为日期'],
    [['list', '--indicator', ''], 2, '不能为空'],
    [['show'], 2, '缺少参数'],
    [['list'], 3, 'quanbao init'],
  ])('%j ends with %d and says %s', async (args, code, says) => {
    const done = await runHere(['ledger', ...args, '--json'], '/nowhere/data');
    expect([done.code, done.err.includes(says)]).toEqual([code, true]);
    expect(done.json().problem.code).toBe(code === 2 ? 'usage' : 'county.missing');
  });
});

// A command on PGlite costs seconds: where PostgreSQL is here, this runs on it.
describe.each(engines.slice(-1))('ledger on %s', (engine) => {
  let place: Place;
  let proof: string;
  beforeAll(async () => {
    place = await openPlace(engine, { county: '430981' });
    proof = place.file('声明.txt', '本人选择延后办理。');
    const register = place.file('户籍.csv', registerCsv(0, 12));
    const scheme = place.file(
      '参保.csv',
      `身份证号码,姓名,参保状态,缴费状态,参保时间\n${[0, 1].map((n) => `${inventedId(n)},人${n},正常参保,参保缴费,2020-09-15`).join('\n')}\n`,
    );
    for (const [source, file, asOf] of [
      ['household-register', register, '2020-08-31'],
      ['residents-scheme', scheme, '2020-09-20'],
    ] as const)
      expect((await place.here(['import', file, '--source', source, '--as-of', asOf])).code).toBe(0);
  });
  afterAll(() => place?.drop());

  const ledger = (...args: string[]) => place.here(['ledger', ...args]);
  const list = async (...args: string[]) => {
    const done = await ledger('list', ...args, '--json');
    expect([args, done.code]).toEqual([args, 0]);
    const page = done.json() as { total: number; byState: Record<string, number>; items: Line[] };
    expect(page.items).toHaveLength(page.total);
    return page;
  };
  const refusal = async (...args: string[]) => {
    const done = await ledger(...args, '--json');
    return [done.code, done.json().problem.code];
  };

  it('list: total, byState and items, with the day they are of; narrowed by kind, state, region and day', async () => {
    const all = await list();
    expect(Object.keys(all).sort()).toEqual(['asOf', 'byState', 'items', 'total']);
    expect(Object.keys(all.byState).sort()).toEqual(['closed', 'settled', 'verify']);
    expect(all).toMatchObject({ asOf: '2020-09-20' });
    expect(all.total).toBe((all.byState.verify ?? 0) + (all.byState.settled ?? 0));
    expect(all.items.every(({ state }) => state !== 'closed')).toBe(true);
    expect((await ledger('list', '--help')).out.replace(/\s/g, '')).toContain('截止日期asOf');

    const uninsured = await list('--kind', '应保未保');
    expect([uninsured.total, new Set(uninsured.items.map(({ kind }) => kind))]).toEqual([
      10,
      new Set(['uninsured']),
    ]);
    expect(await list('--kind', 'uninsured')).toEqual(uninsured);
    expect(uninsured.byState).toEqual({ verify: 10, settled: 0, closed: 2 });
    const closed = await list('--kind', '应保未保', '--state', '销号');
    expect(closed.items.map(({ state }) => state)).toEqual(['closed', 'closed']);
    expect(await list('--kind', '应保未保', '--state', 'closed')).toEqual(closed);
    expect((await list('--kind', '应保未保', '--state', 'all')).total).toBe(12);
    expect((await list('--kind', '应保未保', '--as-of', '2020-08-31')).total).toBe(12);
    const village = await list('--kind', '应保未保', '--region', VILLAGE);
    expect([village.total, new Set(village.items.map(({ region }) => region.code))]).toEqual([
      3,
      new Set([VILLAGE]),
    ]);
    expect((await list('--kind', '应保未保', '--region', TOWN)).total).toBe(6);

    const printed = await ledger('list', '--kind', '应保未保', '--limit', '4');
    expect(printed.out).toContain('2020-09-20：共 10 笔；待核实 10，已落实 0，销号 2');
    expect(printed.out).toContain('只列出前 4 笔');
    expect(printed.out).not.toMatch(/\d{17}[\dX]/);
    expect(await refusal('list', '--kind', '别的')).toEqual([3, 'ledger.kind']);
    expect(await refusal('list', '--state', '别的')).toEqual([3, 'ledger.state']);
    expect(await refusal('list', '--region', '430981999')).toEqual([3, 'report.region']);
    expect(await refusal('list', '--as-of', '2020-08-30')).toEqual([3, 'report.too-early']);
  });

  it('list: the items that an indicator counts, so that a printed number opens here', async () => {
    for (const region of ['430981', TOWN, VILLAGE]) {
      const form = (await place.here(['report', 'annex5', '--region', region, '--json'])).json();
      const open = await list('--indicator', 'uninsured-open', '--region', region);
      expect([region, open.total]).toEqual([region, Number(form.total['7'])]);
    }
    const written = await list('--indicator', 'written-off');
    expect(written.items.map(({ kind, state }) => [kind, state])).toEqual([
      ['uninsured', 'closed'],
      ['uninsured', 'closed'],
    ]);
    expect((await list('--indicator', 'uninsured-items', '--state', 'closed')).total).toBe(2);
    expect(await refusal('list', '--indicator', 'registered')).toEqual([3, 'ledger.indicator']);
    expect((await ledger('list', '--help')).out.replace(/\s/g, '')).toContain('uninsured-open');
  });

  it('show: an item from its first day on', async () => {
    const [closed] = (await list('--kind', '应保未保', '--state', '销号')).items;
    const told = (await ledger('show', closed!.number, '--json')).json();
    expect(told).toMatchObject({ number: closed!.number, title: '应保未保', assignee: null, closings: [] });
    expect(told.life.map((one: { from: string; stateTitle: string }) => [one.from, one.stateTitle])).toEqual([
      ['2020-08-31', '待核实'],
      ['2020-09-15', '销号'],
    ]);
    const printed = await ledger('show', closed!.number);
    expect(printed.code).toBe(0);
    for (const words of ['应保未保', '开账：', '销号：已参保登记', '2020-09-15 起销号'])
      expect(printed.out).toContain(words);
    expect(await refusal('show', 'A-999')).toEqual([3, 'ledger.unknown']);
    expect(await refusal('show', '别的')).toEqual([3, 'ledger.number']);
  });

  it('close: by hand with reason and proof where the kind allows it; reopened when that is taken back', async () => {
    const before = await list('--kind', '到龄');
    const number = before.items[0]!.number;
    const [uninsured] = (await list('--kind', '应保未保')).items;
    const close = ['close', number, '--reason', '选择延后补缴'];
    expect(await refusal(...close)).toEqual([2, 'usage']);
    expect(await refusal(...close, '--document', `${proof}.没有`)).toEqual([3, 'ledger.document']);
    expect(await refusal('close', number, '--reason', '好', '--document', proof)).toEqual([
      3,
      'ledger.reason',
    ]);
    expect(
      await refusal('close', uninsured!.number, '--reason', '选择延后补缴', '--document', proof),
    ).toEqual([3, 'ledger.by-evidence']);
    expect(await refusal(...close, '--document', proof)).toEqual([3, 'ledger.paper']);
    expect(await refusal(...close, '--document', proof, '--paper', 'refund')).toEqual([3, 'ledger.paper']);
    expect((await ledger('close', '--help')).out.replace(/\s/g, '')).toContain(
      'deferral本人签名的延后补缴申请',
    );
    expect((await list('--kind', '到龄')).total).toBe(before.total);

    const named = ['--document', proof, '--paper', '本人签名的延后补缴申请'];
    const done = await ledger(...close, ...named, '--json');
    expect([done.code, done.json().closed]).toEqual([0, 1]);
    expect((await list('--kind', '到龄')).items.map((one) => one.number)).not.toContain(number);
    expect(await refusal(...close, ...named)).toEqual([3, 'ledger.not-open']);
    const { closings } = (await ledger('show', number, '--json')).json();
    expect(closings).toEqual([
      expect.objectContaining({
        reason: '选择延后补缴',
        paper: '本人签名的延后补缴申请',
        document: '声明.txt',
        undone: false,
      }),
    ]);
    expect((await ledger('show', number)).out).toContain('材料 本人签名的延后补缴申请 声明.txt');
    const reopened = await ledger('reopen', String(closings[0].closing), '--json');
    expect(reopened.code).toBe(0);
    expect(await list('--kind', '到龄')).toEqual(before);
  });

  it('assign: to whom and until when, listed by who has it', async () => {
    const [one, other] = (await list('--kind', '应保未保')).items;
    const done = await ledger(
      'assign',
      one!.number,
      other!.number,
      '--to',
      '王协办',
      '--due',
      '2020-10-10',
      '--json',
    );
    expect([done.code, done.json()]).toEqual([0, { assigned: 2 }]);
    const mine = await list('--assignee', '王协办');
    expect(mine.items).toEqual(
      [one, other].map((item) => ({ ...item, assignee: '王协办', due: '2020-10-10' })),
    );
    expect(await refusal('assign', one!.number, 'A-999', '--to', '别人')).toEqual([3, 'ledger.unknown']);
    expect(await list('--assignee', '王协办')).toEqual(mine);
    expect((await ledger('assign', one!.number, '--to', '李协办')).out).toContain('已分派 1 笔给 李协办');
    expect((await list('--assignee', '王协办')).total).toBe(1);
  });
});
