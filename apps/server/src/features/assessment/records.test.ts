import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engines, openTestInstance, scopeOf, type TestInstance } from '../../testing/instance.ts';
import { type Client, openTestService, type TestService } from '../../testing/service.ts';
import { COUNTY, fillSmallCounty, PLACES } from '../../testing/small-county.ts';
import { decideSubmission, prepareSubmission, submitSubmission } from '../supervision/index.ts';
import { advance, verifyRound } from './advance.ts';

const SCHEME = 'yuanjiang-2020-10';
const TOWN = PLACES.town;
const OTHER = PLACES.otherTown;
// biome-ignore lint/suspicious/noExplicitAny: answers of routes
type Body = any;

/** Its newest list is of 20 September 2020, a Sunday: the weeks before it were due on Mondays. */
describe.each(engines)('late reports and orders in an assessment on %s', (engine) => {
  let instance: TestInstance;
  let service: TestService;
  let county: Client;
  beforeAll(async () => {
    instance = await openTestInstance(engine, { county: COUNTY });
    await fillSmallCounty(instance);
    await instance.db.asOwner((tx) => tx.query(`update county set settings = '{"demo": true}'`));
    service = await openTestService(instance, COUNTY);
    county = await service.as('county');
  });
  afterAll(async () => {
    await service?.close();
    await instance?.close();
  });

  const begin = async (day?: string): Promise<number> =>
    (await county.send('POST', '/api/assessments', { scheme: SCHEME, ...(day && { day }) })).body.assessment;
  const line = async (no: number, unit: string, code: string): Promise<Body> =>
    (await county.get(`/api/assessments/${no}/units/${unit}`)).body.lines.find(
      (one: Body) => one.line === code,
    );
  const week = async (region: string, period: string, on: string | undefined): Promise<number> => {
    const order = { form: 'annex5', every: 'week', region, period } as const;
    const { submission } = await prepareSubmission(instance, scopeOf(COUNTY), order, on);
    if (on !== undefined) await submitSubmission(instance, scopeOf(COUNTY), submission, '', on);
    return submission;
  };

  it('are entered by hand while the county keeps no records here', async () => {
    const no = await begin();
    expect(await line(no, TOWN, 'late-reports')).toMatchObject({
      state: 'missing',
      byHand: true,
      papers: [],
    });
    expect(await line(no, TOWN, 'late-orders')).toMatchObject({ state: 'missing', byHand: true });
  });

  it('count what is late or missing since the county began, with the papers behind the number', async () => {
    const first = await week(OTHER, '2020-W36', '2020-09-07');
    const late = await week(TOWN, '2020-W36', '2020-09-09');
    await week(TOWN, '2020-W37', undefined);
    await week(OTHER, '2020-W37', '2020-09-14');
    const no = await begin();
    expect(await line(no, TOWN, 'late-reports')).toMatchObject({
      state: 'judged',
      byHand: false,
      value: 2,
      points: 3,
      papers: [
        {
          text: '2020年8月31日至9月6日附件5，应于 2020-09-07 报送，2020-09-09 报送，迟 2 天',
          address: `/submissions/${late}`,
        },
        { text: expect.stringContaining('应于 2020-09-14 报送，至 2020-09-20 未报') },
      ],
    });
    // A week that is not over, and those before the first that was made here, count for nobody.
    expect(first).toBeGreaterThan(0);
    expect(await line(no, OTHER, 'late-reports')).toMatchObject({ value: 0, points: 5, papers: [] });
    const fact = { unit: TOWN, line: 'late-reports', amount: 0, remark: '登记簿' };
    expect((await county.send('POST', `/api/assessments/${no}/facts`, fact)).body.code).toBe(
      'assessment.line',
    );
  });

  it('count orders that were answered late, not at all, or not again', async () => {
    const raise = async (region: string, due: string): Promise<number> =>
      (
        await county.send('POST', '/api/orders', {
          region,
          due,
          subject: '加快核实',
          asked: '请逐户核实',
        })
      ).body.order;
    // Raised earlier than the day of work, as an office that has used it for a month has them.
    const day = async (order: number, raised: string, due: string): Promise<void> => {
      const where = `where county = '${COUNTY}' and number = ${order}`;
      await instance.db.asOwner(async (tx) => {
        await tx.query(`update supervision_order set raised_day = '${raised}', due_day = '${due}' ${where}`);
        await tx.query(`update supervision_step set day = '${raised}' ${where} and act = 'raise'`);
      });
    };
    const unanswered = await raise(TOWN, '2020-09-30');
    await day(unanswered, '2020-09-01', '2020-09-10');
    const answeredLate = await raise(TOWN, '2020-09-30');
    await day(answeredLate, '2020-09-01', '2020-09-12');
    await county.send('POST', '/api/orders/answers', { order: answeredLate, remark: '已办结' });
    const running = await raise(TOWN, '2020-09-30');
    expect(running).toBeGreaterThan(answeredLate);
    const no = await begin();
    expect(await line(no, TOWN, 'late-orders')).toMatchObject({
      value: 2,
      // Two points each, as far as there are any to take off.
      points: -3,
      papers: [
        { text: expect.stringContaining('至 2020-09-20 未答复'), address: `/orders/${unanswered}` },
        { text: expect.stringContaining('2020-09-20 才答复'), address: `/orders/${answeredLate}` },
      ],
    });
    expect(await line(no, OTHER, 'late-orders')).toMatchObject({ value: 0, points: 0 });

    // Frozen with the papers: what is answered later changes nothing, and the digest is made again.
    for (const to of ['draft', 'frozen'] as const) await advance(instance, scopeOf(COUNTY), no, { to });
    await county.send('POST', '/api/orders/answers', { order: unanswered, remark: '已办结' });
    expect(await line(no, TOWN, 'late-orders')).toMatchObject({ value: 2 });
    expect(await verifyRound(instance, scopeOf(COUNTY), no)).toMatchObject({ same: true });
  });

  it('are of the day that is asked: nothing was reported here before the first that was due', async () => {
    const early = await begin('2020-09-06');
    for (const town of [TOWN, OTHER])
      expect(await line(early, town, 'late-reports')).toMatchObject({ state: 'missing', byHand: true });
    // The one sent on the 9th had not been sent on the 8th.
    const no = await begin('2020-09-08');
    expect(await line(no, TOWN, 'late-reports')).toMatchObject({
      value: 1,
      papers: [{ text: expect.stringContaining('应于 2020-09-07 报送，至 2020-09-08 未报') }],
    });
    expect(await line(no, OTHER, 'late-reports')).toMatchObject({ state: 'judged', value: 0, points: 5 });
  });

  it('call late what was sent in time, sent back and not sent again, as its own page and the calendar do', async () => {
    const order = { form: 'annex5', every: 'week', region: OTHER, period: '2020-W37' } as const;
    const [sent] = await instance.db.asOwner((tx) =>
      tx.query<{ submission: number }>(
        `select submission from submission where region = '${OTHER}' and period = '2020-W37'`,
      ),
    );
    const submission = Number(sent?.submission);
    await decideSubmission(instance, scopeOf(COUNTY), submission, 'return', '核错一人', '2020-09-15');
    expect(await line(await begin(), OTHER, 'late-reports')).toMatchObject({
      value: 1,
      papers: [{ text: '2020年9月7日至9月13日附件5，应于 2020-09-14 报送，退回后至 2020-09-20 未报' }],
    });
    await prepareSubmission(instance, scopeOf(COUNTY), order, '2020-09-16');
    expect(await line(await begin(), OTHER, 'late-reports')).toMatchObject({
      value: 1,
      papers: [
        {
          text: '2020年9月7日至9月13日附件5，应于 2020-09-14 报送，重新编制后至 2020-09-20 未报',
          address: `/submissions/${submission}`,
        },
      ],
    });
    const page = (await county.get(`/api/submissions/${submission}`)).body;
    expect(page).toMatchObject({ state: 'prepared', standing: 'late', daysLate: 6 });
    const weekly = (await county.get('/api/calendar')).body.lines.find(
      (one: Body) => one.duty.code === 'annex5-week-town',
    );
    const { cells } = weekly.places.find((one: Body) => one.code === OTHER);
    const nth = weekly.periods.findIndex((one: Body) => one.code === order.period);
    expect(cells[nth]).toMatchObject({ standing: page.standing, daysLate: page.daysLate });
  });

  it('ask of each week what the calendar asked when it ended', async () => {
    const { body } = (await county.get('/api/supervision/rules')).body.calendar;
    const calendar = body.map((one: Body) =>
      one.code === 'annex5-week-town' ? { ...one, dueDays: 9 } : one,
    );
    const change = { from: '2020-09-18', document: '县调度通知', calendar };
    expect((await county.send('PUT', '/api/supervision/rules', change)).status).toBe(200);
    // A town that made nothing here: two weeks of the old calendar are missing, and no more.
    const { items } = (await county.get(`/api/assessments/${await begin()}`)).body;
    const third = items.find(({ unit }: Body) => unit !== TOWN && unit !== OTHER).unit;
    const { papers } = await line(await begin(), third, 'late-reports');
    expect(papers.map((one: Body) => /应于 (\S+) 报送/.exec(one.text)?.[1])).toEqual([
      '2020-09-07',
      '2020-09-14',
    ]);
  });
});
