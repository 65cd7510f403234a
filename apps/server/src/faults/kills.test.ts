import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countedForm, toJson } from '../features/reports/index.ts';
import { listDeliveries } from '../features/sources/index.ts';
import { checkInstance } from '../maintenance/check.ts';
import { openPlace, type Place, registerCsv } from '../testing/command.ts';
import { type Engine, engines, scopeOf } from '../testing/instance.ts';
import { rounds, tell } from '../testing/rounds.ts';

/** The program killed at random moments: a delivery is wholly there or wholly absent, and `check` agrees. */
const KILLS: Record<Engine, number> = { pglite: rounds(1), postgres: rounds(3) };
const COUNTY = '430981';
const PEOPLE = 3000;
const BASE = 1500;

describe.each(engines)('killed on %s', (engine) => {
  let place: Place;
  let register: string;
  const receive = (): string[] => [
    'import',
    register,
    '--source',
    'household-register',
    '--as-of',
    '2020-09-30',
    '--json',
  ];

  beforeAll(async () => {
    place = await openPlace(engine, { county: COUNTY });
    const base = place.file('八月.csv', registerCsv(0, BASE));
    register = place.file('九月.csv', registerCsv(0, PEOPLE));
    const first = ['import', base, '--source', 'household-register', '--as-of', '2020-08-31'];
    expect((await place.quanbao(first)).code).toBe(0);
  });
  afterAll(() => place.drop());

  /** Runs until the sign on stderr, waits, kills. @returns milliseconds from the sign to the end, when it came to that */
  async function killAfter(args: readonly string[], sign: string, wait: number): Promise<number> {
    let at = 0;
    let ended = 0;
    const done = await place.quanbao(args, {
      onProgress: (child, said) => {
        if (at > 0 || !said.includes(sign)) return;
        at = performance.now();
        if (Number.isFinite(wait)) setTimeout(() => child.kill('SIGKILL'), wait);
      },
    });
    ended = performance.now();
    if (!Number.isFinite(wait)) expect(done.code).toBe(0);
    return ended - at;
  }

  /** What stands there, asked in this process: it opens the data as the next command would. */
  function state(): Promise<{ delivery: number; there: boolean; total: number }> {
    return place.inside(async (instance) => {
      const scope = scopeOf(COUNTY);
      const list = await instance.db.transaction(scope, (tx) => listDeliveries(tx, scope));
      const newest = list.filter((d) => d.asOf === '2020-09-30' && !d.undone).at(-1);
      const check = await checkInstance(instance, scope);
      expect(check.filter((r) => !r.ok)).toEqual([]);
      const form = await instance.db.transaction(scope, async (tx) =>
        toJson(await countedForm(tx, scope, 'annex4', COUNTY, undefined, {})),
      );
      const there = newest !== undefined;
      const total = (form as { total: Record<string, number> }).total['3'] as number;
      expect(total).toBe(there ? PEOPLE : BASE);
      return { delivery: newest?.delivery ?? 0, there, total };
    });
  }

  it('in a commit and in an undo', async () => {
    const outcome = { commit: { there: 0, absent: 0 }, undo: { there: 0, absent: 0 } };
    const commitTakes = await killAfter(receive(), '写入名单', Number.POSITIVE_INFINITY);
    let now = await state();
    expect(now.there).toBe(true);
    const undoTakes = await killAfter(['undo', String(now.delivery)], '整理', Number.POSITIVE_INFINITY);
    for (let n = 0; n < KILLS[engine]; n++) {
      await killAfter(receive(), n % 4 === 3 ? '读取' : '写入名单', Math.random() * commitTakes);
      now = await state();
      outcome.commit[now.there ? 'there' : 'absent']++;
      if (!now.there) {
        await killAfter(receive(), '写入名单', Number.POSITIVE_INFINITY);
        now = { ...now, ...(await newest()) };
      }
      await killAfter(['undo', String(now.delivery)], '整理', Math.random() * undoTakes);
      now = await state();
      outcome.undo[now.there ? 'there' : 'absent']++;
      if (now.there) await killAfter(['undo', String(now.delivery)], '整理', Number.POSITIVE_INFINITY);
    }
    tell(`${engine}, commit and undo`, outcome);
    expect(await leftovers()).toEqual({ staged: 0, touched: 0, parts: [] });
  }, 3_600_000);

  function newest(): Promise<{ delivery: number }> {
    return place.inside(async (instance) => {
      const scope = scopeOf(COUNTY);
      const list = await instance.db.transaction(scope, (tx) => listDeliveries(tx, scope));
      return { delivery: list.at(-1)?.delivery ?? 0 };
    });
  }

  /** What killed processes may have left, after the next command has run. */
  async function leftovers(): Promise<{ staged: number; touched: number; parts: string[] }> {
    await place.quanbao(['deliveries']);
    const rows = await place.inside((instance) =>
      instance.db.asOwner((tx) =>
        tx.query<{ staged: number; touched: number }>(
          'select (select count(*)::int from stage_row) + (select count(*)::int from stage_person) as staged, (select count(*)::int from touched) as touched',
        ),
      ),
    );
    const parts = [...readdirSync(place.dir), ...readdirSync(join(place.dir, 'files'))].filter((name) =>
      /^(?:work-|backup-|restore-|\.put-)/.test(name),
    );
    return { staged: Number(rows[0]?.staged), touched: Number(rows[0]?.touched), parts };
  }
});
