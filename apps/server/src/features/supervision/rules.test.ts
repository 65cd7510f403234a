import { chinaDay } from '@quanbao/domain/kernel/plain-date';
import { DEFAULT_WARNINGS } from '@quanbao/domain/supervision/warning';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engines, openTestInstance, type TestInstance } from '../../testing/instance.ts';
import { type Client, openTestService, type TestService } from '../../testing/service.ts';
import { COUNTY, fillSmallCounty, PLACES } from '../../testing/small-county.ts';

interface Line {
  duty: { code: string };
  periods: { code: string; due: string }[];
}
interface Duties {
  place: { code: string };
}
const FIRST = '2020-08-31';

/** Its first list is of Monday, 31 August 2020, its newest of 20 September. */
describe.each(engines)('rules of supervision on %s', (engine) => {
  let instance: TestInstance;
  let service: TestService;
  let county: Client;
  let town: Client;
  beforeAll(async () => {
    instance = await openTestInstance(engine, { county: COUNTY });
    service = await openTestService(instance, COUNTY);
    county = await service.as('county');
    expect((await county.get('/api/calendar?asOf=2020-09-20')).body.lines).toEqual([]);
    await fillSmallCounty(instance);
    await instance.db.asOwner((tx) => tx.query(`update county set settings = '{"demo": true}'`));
    town = await service.as('town');
  });
  afterAll(async () => {
    await service?.close();
    await instance?.close();
  });

  const periodsOf = async (code: string, asOf: string): Promise<[string, string][]> => {
    const { lines } = (await county.get(`/api/calendar?asOf=${asOf}`)).body as { lines: Line[] };
    const line = lines.find(({ duty }) => duty.code === code);
    return (line?.periods ?? []).map((period) => [period.code, period.due]);
  };
  const dutiesOf = async (asOf: string, client = county) =>
    ((await client.get(`/api/cockpit?asOf=${asOf}`)).body.duties as Duties[]).find(
      ({ place }) => place.code === PLACES.town,
    );

  it('lists no period that was over before the first list', async () => {
    expect(await periodsOf('annex5-week-town', '2020-09-20')).toEqual([
      ['2020-W38', '2020-09-21'],
      ['2020-W37', '2020-09-14'],
      ['2020-W36', '2020-09-07'],
    ]);
    expect(await periodsOf('annex4-month-town', '2020-09-20')).toEqual([
      ['2020-09', '2020-10-03'],
      ['2020-08', '2020-09-03'],
    ]);
    // A county that is none for show begins on the day its first list came in, not on the day that list is of.
    await instance.db.asOwner((tx) => tx.query(`update county set settings = '{}'`));
    expect(await periodsOf('annex5-week-town', '2020-09-20')).toEqual([]);
    expect(await periodsOf('annex5-week-town', chinaDay(new Date()))).toHaveLength(1);
    await instance.db.asOwner((tx) => tx.query(`update county set settings = '{"demo": true}'`));
  });

  it('lists what was asked for when a period ended, with the day that held then', async () => {
    const { calendar } = (await county.get('/api/supervision/rules')).body;
    const later = calendar.body
      .filter(({ code }: { code: string }) => code !== 'annex5-quarter-county')
      .map((duty: { code: string }) => (duty.code === 'annex5-week-town' ? { ...duty, dueDays: 3 } : duty));
    const order = {
      from: '2020-09-14',
      document: '县调度通知',
      calendar: [
        ...later,
        { code: 'annex4-week-town', form: 'annex4', every: 'week', level: 'town', dueDays: 2 },
      ],
    };
    expect((await county.send('PUT', '/api/supervision/rules', { ...order, document: ' ' })).body.code).toBe(
      'person.reason',
    );
    expect((await county.send('PUT', '/api/supervision/rules', order)).body).toEqual({ done: true });
    expect(await periodsOf('annex5-week-town', '2020-09-20')).toEqual([
      ['2020-W38', '2020-09-23'],
      ['2020-W37', '2020-09-14'],
      ['2020-W36', '2020-09-07'],
    ]);
    expect(await periodsOf('annex4-week-town', '2020-09-20')).toEqual([['2020-W38', '2020-09-22']]);
  });

  it('counts beside the ranking what a town has not answered and not handed in, as it stood on the day', async () => {
    // W36, W37 and August are over: each is past its day.
    expect(await dutiesOf('2020-09-20')).toMatchObject({ orders: 0, lateOrders: 0, owed: 3, lateForms: 3 });
    // On the day after W36 it is owed, and not late yet.
    expect(await dutiesOf('2020-09-07')).toMatchObject({ owed: 2, lateForms: 1 });
    const form = { form: 'annex5', every: 'week', region: PLACES.town, period: '2020-W37' };
    const { submission } = (await town.send('POST', '/api/submissions', form)).body;
    expect(await dutiesOf('2020-09-20')).toMatchObject({ owed: 3 });
    await town.send('POST', `/api/submissions/${submission}/submit`, {});
    expect(await dutiesOf('2020-09-20')).toMatchObject({ owed: 2, lateForms: 2 });
    expect(await dutiesOf('2020-09-19')).toMatchObject({ owed: 3 });
    // The quarter's analysis counts what nobody has begun as well: W36 and August; W37 came late.
    const { submissions } = (await county.get(`/api/analysis?region=${PLACES.town}`)).body;
    expect(submissions).toEqual({ owed: 3, inTime: 0, late: 1, missing: 2 });
    const order = { region: PLACES.village, due: '2020-09-25', subject: '走访进度', asked: '加快走访' };
    const { order: no } = (await county.send('POST', '/api/orders', order)).body;
    const lit = async (asOf: string) =>
      (await county.get(`/api/cockpit?asOf=${asOf}`)).body.lights.filter(
        ({ kind, place }: { kind: string; place: { code: string } | null }) =>
          kind === 'orders' && place?.code === PLACES.town,
      );
    expect(await lit('2020-09-25')).toEqual([]);
    expect(await lit('2020-09-26')).toMatchObject([{ words: expect.stringContaining('1 份督办单逾期') }]);
    expect(await dutiesOf('2020-09-26')).toMatchObject({ orders: 1, lateOrders: 1 });
    await instance.db.asOwner((tx) =>
      tx.query(
        `insert into supervision_step (county, number, step, region, act, day, remark, actor)
         values ('${COUNTY}', ${no}, 2, '${PLACES.village}', 'answer', '2020-09-27', '已加快', 'town')`,
      ),
    );
    await instance.db.asOwner((tx) => tx.query(`update supervision_order set state = 'answered'`));
    expect(await dutiesOf('2020-09-26')).toMatchObject({ orders: 1, lateOrders: 1 });
    expect(await dutiesOf('2020-09-27')).toMatchObject({ orders: 1, lateOrders: 0 });
    const forms = (await county.get('/api/cockpit?asOf=2020-09-20')).body.lights.filter(
      ({ kind }: { kind: string }) => kind === 'forms',
    );
    expect(forms).toHaveLength(1);
    expect(forms[0].words).toMatch(/^报表迟报：.+ 3 期、.*等 14 个单位$/);
    const village = (await town.get('/api/cockpit?asOf=2020-09-26')).body.duties as Duties[];
    expect(village.find(({ place }) => place.code === PLACES.village)).toMatchObject({ lateOrders: 1 });
    expect(await dutiesOf('2020-09-26', await service.as('tax'))).toMatchObject({
      orders: null,
      lateOrders: null,
      owed: expect.any(Number),
    });
  });

  it('says whom thresholds would warn before they are written, and keeps every writing', async () => {
    const rule = {
      code: 'coverage-low',
      title: '覆盖率过低',
      indicator: 'coverage-rate',
      basis: 'fixed',
      yellow: 90,
      orange: null,
      red: 80,
      order: 'red',
      orderDays: 5,
      source: '县调度会议定',
    };
    const preview = (client: Client, warnings: object[]) =>
      client.send('POST', '/api/supervision/rules/preview', { warnings, asOf: FIRST });
    expect((await preview(town, [rule])).status).toBe(403);
    expect((await preview(county, [{ ...rule, red: 95 }])).body.code).toBe('warning.rule');
    const tried = await preview(county, [rule]);
    expect(tried.status, JSON.stringify(tried.body)).toBe(200);
    const { rules, asOf } = tried.body;
    expect(asOf).toBe(FIRST);
    const would = rules[0].places.map(({ code, colour }: { code: string; colour: string }) => [code, colour]);
    // Two of the fourteen have anybody in them; one of three is registered in each.
    expect([rules[0].judged, would.length]).toEqual([2, 2]);
    const order = { from: FIRST, document: '县调度会议定', warnings: [...DEFAULT_WARNINGS, rule] };
    expect((await county.send('PUT', '/api/supervision/rules', order)).body).toEqual({ done: true });
    const { items } = (await county.get(`/api/warnings?asOf=${FIRST}`)).body;
    const lit = items.filter((one: { rule: string; colour: string | null }) => {
      return one.rule === 'coverage-low' && one.colour !== null;
    });
    expect(
      lit
        .map(({ region, colour }: { region: { code: string }; colour: string }) => [region.code, colour])
        .sort(),
    ).toEqual(would.sort());
    for (const one of lit)
      expect(one).toMatchObject({ order: null, asksBy: one.colour === 'red' ? '2020-09-05' : null });
    expect(lit.map(({ colour }: { colour: string }) => colour)).toContain('red');
    const history = (await town.get('/api/supervision/rules/history')).body.items;
    expect(history.map(({ rule: of, from }: { rule: string; from: string }) => [of, from])).toEqual([
      ['calendar', '2020-09-14'],
      ['warnings', FIRST],
    ]);
    expect(history[1]).toMatchObject({ actor: 'county', document: '县调度会议定' });
    expect(history[1].warnings.at(-1)).toEqual(rule);
    expect((await (await service.as('auditor')).get('/api/supervision/rules/history')).status).toBe(403);
  });
});
