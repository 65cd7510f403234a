import type * as contract from '@quanbao/contract/cockpit';
import type { AnswerOf } from '@quanbao/contract/route';
import type { FormRow } from '@quanbao/domain/reports/forms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engines, openTestInstance, scopeOf, type TestInstance } from '../../../testing/instance.ts';
import { type Client, openTestService, type TestService } from '../../../testing/service.ts';
import { COUNTY, fillSmallCounty, PLACES } from '../../../testing/small-county.ts';
import { countedForm } from '../../reports/index.ts';

type Cockpit = AnswerOf<typeof contract.cockpit>;
const DAY = '2020-09-20';

describe.each(engines)('the cockpit on %s', (engine) => {
  let instance: TestInstance;
  let service: TestService;
  let county: Client;
  let town: Client;
  let plan: number;
  beforeAll(async () => {
    instance = await openTestInstance(engine, { county: COUNTY });
    await fillSmallCounty(instance);
    service = await openTestService(instance, COUNTY);
    county = await service.as('county');
    town = await service.as('town');
    const act = async (url: string, body: object) => {
      const answer = await county.send('POST', url, body);
      expect(answer.status, JSON.stringify(answer.body)).toBe(200);
      return answer.body;
    };
    ({ plan } = await act('/api/targets', {
      kind: 'own',
      title: '参保登记任务',
      indicator: 'registered',
      from: '2020-08-01',
      due: '2020-10-31',
      basis: { of: 'total', total: 9, by: 'population' },
    }));
    await act(`/api/targets/${plan}/issue`, { day: '2020-08-31' });
  });
  afterAll(async () => {
    await service?.close();
    await instance?.close();
  });

  const board = async (client: Client, query: string): Promise<Cockpit> => {
    const { status, body } = await client.get(`/api/cockpit${query}`);
    expect(status, JSON.stringify(body)).toBe(200);
    return body;
  };

  it('says the numbers of 附件5 on that day, and on the day a week before', async () => {
    const cells = async (asOf: string) => {
      const scope = scopeOf(COUNTY);
      return instance.db.transaction(scope, (tx) => countedForm(tx, scope, 'annex5', COUNTY, asOf));
    };
    const { arrivals, since } = await board(county, '?asOf=2020-09-07');
    expect(since).toBe('2020-08-31');
    const [now, then] = [await cells('2020-09-07'), await cells('2020-08-31')];
    const cell = (row: FormRow, code: string): number => {
      const column = now.form.columns.find(({ indicator }) => indicator === code);
      return Number(row.cells[column?.number ?? 0]);
    };
    // The three who were registered have died in between.
    expect([cell(then.total, 'registered'), cell(now.total, 'registered')]).toEqual([3, 0]);
    for (const code of ['registered', 'paid']) {
      expect(arrivals.find((one) => one.code === code)).toMatchObject({
        value: cell(now.total, code),
        change: cell(now.total, code) - cell(then.total, code),
      });
    }
    const rows = then.rows.filter((row) => cell(row, 'in-scope') > 0);
    const { rankings } = await board(county, '?asOf=2020-08-31');
    for (const row of rows) {
      const places = rankings.find(({ indicator }) => indicator === 'coverage-rate')?.places;
      expect(places?.find(({ place }) => place.code === row.code)?.value).toBe(
        cell(row, 'registered') / cell(row, 'in-scope'),
      );
    }
    expect(rows.length).toBe(2);
  });

  it('shows a plan as its own page does, with the days left, and opens whoever is behind', async () => {
    const { plans, lights } = await board(county, `?asOf=${DAY}`);
    const page = (await county.get(`/api/targets/${plan}?asOf=${DAY}`)).body;
    const course = (await county.get(`/api/targets/${plan}/course?asOf=${DAY}`)).body;
    expect(plans).toHaveLength(1);
    expect(plans[0]).toMatchObject({
      daysLeft: 41,
      whole: page.whole,
      places: page.places,
      days: course.days,
      series: course.series,
    });
    const behind = lights.filter(({ kind }) => kind === 'plan');
    const late = page.places.filter(
      ({ standing }: Cockpit['plans'][number]['whole']) => (standing.points ?? 0) < -0.05,
    );
    expect(late.length).toBeGreaterThan(0);
    expect(behind.map(({ place }) => place?.code).sort()).toEqual(
      late.map(({ place }: Cockpit['plans'][number]['whole']) => place.code).sort(),
    );
    const [first] = behind;
    const own = page.places.find(
      ({ place }: Cockpit['plans'][number]['whole']) => place.code === first?.place?.code,
    );
    expect(first?.words).toContain(own.standing.words);
    expect(first?.at).toEqual({ path: `/targets/${plan}`, query: { region: own.place.code } });
    expect(lights.find(({ kind }) => kind === 'receipts')?.words).toContain('个单位还没有签收');
    // In the order in which they burn.
    const order = lights.map(({ light }) => ['red', 'orange', 'yellow'].indexOf(light));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  it('has the overdue items that the ledger lists', async () => {
    const { lights } = await board(county, '?asOf=2020-12-31');
    const old = lights.filter(({ kind }) => kind === 'ledger');
    expect(old.length).toBeGreaterThan(0);
    for (const { words, act } of old) {
      const { total } = (await county.get(`/api/ledger?asOf=2020-12-31&${new URLSearchParams(act.query)}`))
        .body;
      expect(words).toContain(`${total} 件`);
    }
    expect((await board(county, '?asOf=2020-12-31')).plans[0]?.daysLeft).toBe(-61);
    expect((await board(county, '?asOf=2021-01-01')).plans).toEqual([]);
  });

  it('keeps a town to its villages and before the first register says nothing of a week ago', async () => {
    const own = await board(town, `?asOf=${DAY}`);
    expect(own.region.code).toBe(PLACES.town);
    const places = own.rankings[0]?.places.map(({ place }) => place.code) ?? [];
    expect(places).toContain(PLACES.village);
    expect([...places, ...(own.plans[0]?.places.map(({ place }) => place.code) ?? [])]).toSatisfy(
      (codes: string[]) => codes.every((code) => code.startsWith(PLACES.town)),
    );
    // The county, asked of the town, is told the same but for what is its own: lists that are late.
    const asked = await board(county, `?region=${PLACES.town}&asOf=${DAY}`);
    expect([asked.rankings, asked.arrivals, asked.plans.map(({ whole }) => whole.standing)]).toEqual([
      own.rankings,
      own.arrivals,
      own.plans.map(({ whole }) => whole.standing),
    ]);
    expect((await town.get(`/api/cockpit?region=${PLACES.otherTown}`)).body.code).toBe('report.scope');
    expect((await town.get(`/api/cockpit?region=${COUNTY}`)).body.code).toBe('report.scope');
    const first = await board(county, '?asOf=2020-08-31');
    expect([first.since, first.arrivals.find(({ code }) => code === 'registered')?.change]).toEqual([
      null,
      null,
    ]);
    const village = await board(await service.as('village'), `?asOf=${DAY}`);
    // It is the one that has to sign: it is not asked to urge others.
    expect(village.lights.filter(({ kind }) => kind === 'receipts').map(({ todo }) => todo)).toEqual([
      '签收',
    ]);
    expect([village.region.code, village.rankings]).toEqual([PLACES.village, []]);
    expect((await (await service.as('auditor')).get('/api/cockpit')).status).toBe(403);
    expect((await (await service.as('tax')).get('/api/cockpit')).status).toBe(200);
  });
});
