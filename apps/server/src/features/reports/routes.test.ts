import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engines } from '../../testing/instance.ts';
import { COUNTY, type World } from '../../testing/journal-world.ts';
import { openRegister, TOWN } from '../../testing/register-world.ts';
import { type Client, openTestService, type TestService } from '../../testing/service.ts';

describe.each(engines)('forms over the service on %s', (engine) => {
  let world: World;
  let service: TestService;
  let county: Client;
  beforeAll(async () => {
    world = await openRegister(engine);
    service = await openTestService(world, COUNTY);
    county = await service.as('county');
  });
  afterAll(async () => {
    await service?.close();
    await world?.close();
  });

  const draft = {
    code: 'mine',
    name: '参保情况',
    title: '参保情况表',
    columns: [
      { title: '户籍人口', indicator: 'population' },
      { title: '属于范围', indicator: 'in-scope' },
      { title: '不属于范围', formula: { op: 'difference', of: [3, 4] } },
    ],
    checks: [],
  };

  it('a preview of an own form has the figures of the statutory one, for any place, and keeps nothing', async () => {
    const annex4 = (await county.get('/api/forms/annex4')).body;
    const preview = await county.send('POST', '/api/forms/preview', draft);
    expect(preview.status, JSON.stringify(preview.body)).toBe(200);
    const { values } = preview.body.total;
    expect(values.slice(-3)).toEqual(annex4.total.values.slice(2, 5));
    const town = (await county.send('POST', `/api/forms/preview?region=${TOWN}`, draft)).body;
    expect(town.region.code).toBe(TOWN);
    expect(town.total.values.at(-3)).toBe(
      annex4.rows.find((row: { code: string }) => row.code === TOWN).values[2],
    );
    const { items } = (await county.get('/api/forms')).body;
    expect(items.map((one: { code: string }) => one.code)).toEqual(['annex3', 'annex4', 'annex5']);
    const slip = { ...draft, columns: [{ title: '无此指标', indicator: 'nothing' }] };
    expect((await county.send('POST', '/api/forms/preview', slip)).status).toBe(422);
    const reader = await service.as('town');
    expect((await reader.send('POST', '/api/forms/preview', draft)).status).toBe(403);
  });
});
