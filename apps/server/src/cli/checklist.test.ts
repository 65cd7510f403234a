import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPlace, type Place, registerCsv } from '../testing/command.ts';
import { engines } from '../testing/instance.ts';

// A command on PGlite costs seconds: where PostgreSQL is here, this runs on it.
describe.each(engines.slice(-1))('checklist close on %s', (engine) => {
  let place: Place;
  beforeAll(async () => {
    place = await openPlace(engine, { county: '430981' });
    const register = place.file('户籍.csv', registerCsv(0, 12));
    const list = ['--source', 'household-register', '--as-of', '2020-08-31'];
    expect((await place.here(['import', register, ...list])).code).toBe(0);
    expect((await place.here(['checklist', 'load', 'yuanjiang'])).code).toBe(0);
  });
  afterAll(() => place?.drop());

  const close = (item: string, evidence: string) =>
    place.here(['checklist', 'close', item, '--evidence', evidence, '--as-of', '2020-09-10', '--json']);
  /** What was done to the item, the newest first: the county's closing stands on the request with its proof. */
  const life = async (item: string) =>
    (await place.here(['checklist', 'show', item, '--as-of', '2020-09-10', '--json'])).json().events;

  it('takes no mistyped path for the text of the evidence', async () => {
    for (const wrong of ['佐证/名单.pdf', '名单.PDF', './没有']) {
      const done = await close('1/1', wrong);
      expect([done.code, done.json().problem.code], wrong).toEqual([3, 'checklist.document']);
    }
    expect(await life('1/1')).toEqual([]);
  });

  it('takes a file that is there, and a sentence', async () => {
    expect((await close('1/1', place.file('名单.txt', '核实名单'))).json()).toEqual({ state: 'closed' });
    expect(await life('1/1')).toMatchObject([
      { act: 'close', document: null },
      { act: 'request', document: '名单.txt', note: '见附件' },
    ]);
    expect((await close('1/2', '已核实9/10户，余下的在外地。')).json()).toEqual({ state: 'closed' });
    expect((await life('1/2')).at(-1)).toMatchObject({
      act: 'request',
      document: null,
      note: '已核实9/10户，余下的在外地。',
    });
  });
});
