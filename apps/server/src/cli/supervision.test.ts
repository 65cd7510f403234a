import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initCounty } from '../features/sources/index.ts';
import { openPlace, type Place, registerCsv, runHere } from '../testing/command.ts';
import { engines } from '../testing/instance.ts';

describe('supervision without an instance', () => {
  it.each([
    [['warnings', '--as-of', '2020-13-01'], 2, '应为日期'],
    [['orders', 'list', '--state', 'gone'], 2, 'open, late, closed'],
    [['orders', 'raise'], 2, '--due'],
    [['orders', 'answer', 'x', '--remark', '已办'], 2, '正整数'],
    [['submissions', 'submit', 'annex5', '--every', 'year', '--period', '2020'], 2, 'week, month, quarter'],
    [['submissions', 'submit', 'annex5', '--every', 'week'], 2, '--period'],
    [['warnings'], 3, 'quanbao init'],
    [['orders', 'list'], 3, 'quanbao init'],
    [['submissions', 'list'], 3, 'quanbao init'],
  ])('%j ends with %d and says %s', async (args, code, says) => {
    const done = await runHere([...args, '--json'], '/nowhere/data');
    expect([done.code, done.err.includes(says)]).toEqual([code, true]);
  });
});

const TOWN = '430981114';
const OTHER = '430981006';

// A command on PGlite costs seconds: where PostgreSQL is here, this runs on it.
describe.each(engines.slice(-1))('supervision on %s', (engine) => {
  let place: Place;
  beforeAll(async () => {
    place = await openPlace(engine);
    // Its day is that of its lists, not the clock's.
    await place.inside((instance) => initCounty(instance, '430981', 'test', { demo: true }));
    const list = ['--source', 'household-register', '--as-of', '2020-08-31'];
    const done = await place.here(['import', place.file('户籍.csv', registerCsv(0, 12)), ...list]);
    expect(done.code).toBe(0);
  });
  afterAll(() => place?.drop());

  /** What the command printed. */
  const say = async (...args: string[]): Promise<string> => {
    const done = await place.here(args);
    expect([done.code, done.err], args.join(' ')).toEqual([0, expect.not.stringContaining('程序出错')]);
    return done.out;
  };
  const json = async (...args: string[]) => JSON.parse(await say(...args, '--json'));
  const refused = async (...args: string[]): Promise<string> => {
    const done = await place.here([...args, '--json']);
    expect(done.code, args.join(' ')).toBe(3);
    const { problem } = done.json();
    expect(done.err).toContain(problem.message);
    return problem.code;
  };

  it('warnings: none without a plan; with one, who is behind, by how much and since when', async () => {
    expect(await say('warnings')).toBe('沅江市 截至 2020-08-31：预警 0 项\n');
    await say('targets', 'import', '--issue', '2020-08-01', '--from', '2020-08-01', '--due', '2020-10-31');
    await say('targets', 'split', '1', '--by', 'equal');
    const told = await say('warnings', '--as-of', '2020-08-31');
    expect(told).toMatch(/预警 14 项/);
    expect(told).toMatch(
      / {2}红 {2}草尾镇 {2}核实任务完成率 0\.00%，按时间进度应为 50\.00%，落后 50\.00 个百分点（2020-08-31或更早起）/,
    );
    const { items, asOf } = await json('warnings', '--as-of', '2020-08-31');
    expect(asOf).toBe('2020-08-31');
    expect(items.filter((one: { colour: string }) => one.colour === 'red')).toHaveLength(14);
    const villages = await json('warnings', '--region', TOWN);
    expect(villages.region.code).toBe(TOWN);
    for (const { region } of villages.items) expect(region.code).toMatch(new RegExp(`^${TOWN}\\d{3}$`));
    expect(await refused('warnings', '--region', '430981999')).toBe('report.region');
    expect(await refused('warnings', '--as-of', '2020-08-01')).toBe('report.too-early');
  });

  it('orders: raised out of a warning and by hand, listed by state and place as of a day, answered and closed', async () => {
    expect(await say('orders', 'list')).toBe('未办结 0 份，逾期 0 份：\n');
    expect((await json('orders', 'list')).items).toEqual([]);
    expect(
      await say('orders', 'raise', '--due', '2020-09-10', '--region', TOWN, '--warning', 'verify-behind'),
    ).toBe('已下达〔2020〕督办第1号。\n');
    const raise = ['orders', 'raise', '--due', '2020-09-03', '--region', OTHER];
    expect(await refused(...raise)).toBe('order.subject');
    expect(await refused(...raise, '--warning', 'nothing-such')).toMatch(/^(warning|order)\./);
    await json(...raise, '--subject', '报送周报', '--asked', '补报第36周周报');
    const late = await say('orders', 'list', '--as-of', '2020-09-08');
    expect(late).toMatch(/^未办结 2 份，逾期 1 份：\n/);
    expect(late).toContain('报送周报  限 2020-09-03  待答复，逾期 5 天（报分管县领导）');
    const numbers = async (...more: string[]) =>
      (await json('orders', 'list', '--as-of', '2020-09-08', ...more)).items.map(
        (one: { order: number }) => one.order,
      );
    expect([await numbers(), await numbers('--state', 'late'), await numbers('--state', 'closed')]).toEqual([
      [2, 1],
      [2],
      [],
    ]);
    expect(await numbers('--region', TOWN)).toEqual([1]);
    expect(await refused('orders', 'close', '2')).toBe('order.state');
    expect(await refused('orders', 'answer', '9', '--remark', '已办')).toBe('order.unknown');
    expect(await refused('orders', 'answer', '2', '--remark', '见附件', '--document', '没有.pdf')).toBe(
      'order.document',
    );
    const proof = ['--document', place.file('周报.txt', '已补报')];
    expect(await say('orders', 'answer', '2', '--remark', '已补报', ...proof)).toBe(
      '第 2 号督办单已答复。\n',
    );
    expect(await json('orders', 'close', '2')).toMatchObject({ state: 'closed' });
    expect(await numbers('--state', 'open')).toEqual([1]);
    expect(await say('orders', 'list', '--state', 'closed')).toContain('已办结');
  });

  it('submissions: handed in, listed with their state, returned with a remark and approved', async () => {
    expect(await say('submissions', 'list')).toBe(
      '沅江市 截至 2020-08-31：没有报送过的报表，也没有逾期的。\n',
    );
    const submit = (period: string) =>
      ['submissions', 'submit', 'annex5', '--every', 'week', '--period', period, '--region', TOWN] as const;
    expect(
      await refused('submissions', 'submit', 'annex9', '--every', 'week', '--period', '2020-W35'),
    ).toMatch(/^report\.|^form\.|^submission\./);
    expect(await refused(...submit('第36周'))).toBe('calendar.period');
    expect(await say(...submit('2020-W36'), '--reporter', '王五')).toBe('已报送第 1 号，第 1 版。\n');
    const cell = async () => {
      const { lines } = await json('submissions', 'list', '--region', TOWN);
      const week = lines.find((one: { duty: { every: string; level: string } }) => one.duty.level === 'town');
      const at = week.periods.findIndex((one: { code: string }) => one.code === '2020-W36');
      return week.places.find((one: { code: string }) => one.code === TOWN).cells[at];
    };
    expect(await cell()).toMatchObject({ submission: 1, state: 'submitted', moved: false });
    expect(await refused('submissions', 'return', '1')).toBe('person.reason');
    expect(await say('submissions', 'return', '1', '--remark', '请核对')).toBe('第 1 号报送已退回。\n');
    expect(await refused('submissions', 'approve', '1')).toBe('submission.state');
    expect(await json(...submit('2020-W36'))).toEqual({ submission: 1, version: 2, state: 'submitted' });
    expect(await json('submissions', 'approve', '1')).toMatchObject({ state: 'approved' });
    expect(await say('submissions', 'list', '--region', TOWN)).toContain('2020-W36  草尾镇  第 1 号  已审定');
    expect(await refused('submissions', 'approve', '7')).toBe('submission.unknown');
  });
});
