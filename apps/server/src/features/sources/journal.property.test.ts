import { unpackClass } from '@quanbao/domain/coverage/step-class';
import type { FormTable } from '@quanbao/domain/reports/forms';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkInstance } from '../../maintenance/check.ts';
import { engines } from '../../testing/instance.ts';
import {
  emptyJournal,
  type Journal,
  type Operation,
  perform,
  picture,
  replay,
  type StoredStep,
  stepsIn,
} from '../../testing/journal-model.ts';
import {
  COUNTY,
  type ListSpec,
  openWorld,
  PEOPLE,
  SCOPE,
  SOURCES,
  TOWNS,
  VILLAGES,
  type World,
} from '../../testing/journal-world.ts';
import { ledgerOverview, listLedger } from '../ledger/index.ts';
import { countedForm, countedForms, footing } from '../reports/index.ts';
import { receive } from './index.ts';

const DAYS = ['2020-08-31', '2020-09-30', '2020-10-31', '2021-01-31'];
const BY_PLACE = ['household-register', 'residents-scheme', 'survey-workbook', 'residents-payments'];

const line = fc.record({
  who: fc.oneof({ weight: 8, arbitrary: fc.nat(9) }, { weight: 3, arbitrary: fc.nat(PEOPLE.length + 2) }),
  x: fc.nat(5),
  y: fc.nat(5),
});
const lines = fc.array(line, { minLength: 1, maxLength: 8 });
/** A journal keeps to a few sources, so that its lists meet. */
const focus = fc.uniqueArray(
  fc.constantFrom('household-register', 'residents-scheme', 'residents-payments', 'deaths', ...SOURCES),
  { minLength: 1, maxLength: 3 },
);

function listOf(sources: readonly string[]): fc.Arbitrary<ListSpec> {
  return fc
    .record({
      source: fc.constantFrom(...sources),
      second: fc.boolean(),
      place: fc.nat(3),
      mode: fc.constantFrom(undefined, undefined, 'full' as const, 'delta' as const),
      asOf: fc.constantFrom(...DAYS),
      lines,
    })
    .map(({ source, second, place, mode, asOf, lines }) => ({
      source,
      sender: source === 'deaths' ? (second ? '公安' : '殡葬') : undefined,
      region: BY_PLACE.includes(source) && place > 1 ? TOWNS[place - 2] : undefined,
      mode: source === 'survey-workbook' ? undefined : mode,
      asOf,
      lines,
    }));
}

const nth = fc.nat(7);
const operationOf = (sources: readonly string[]): fc.Arbitrary<Operation> =>
  fc.oneof(
    {
      weight: 9,
      arbitrary: fc.record({
        do: fc.constant('import' as const),
        lists: fc.array(listOf(sources), { minLength: 1, maxLength: 2 }),
        slices: fc.integer({ min: 1, max: 3 }),
        dry: fc.boolean(),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('reissue' as const), nth, lines }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('repeat' as const), nth }) },
    { weight: 5, arbitrary: fc.record({ do: fc.constant('undo' as const), nth }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('fix' as const), nth, who: fc.nat(24) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('undo-fix' as const), nth }) },
    {
      weight: 2,
      arbitrary: fc
        .record({
          do: fc.constant('adjudicate' as const),
          who: fc.uniqueArray(fc.nat(9), { minLength: 1, maxLength: 3 }),
          column: fc.integer({ min: 6, max: 17 }),
          village: fc.constantFrom(undefined, undefined, ...VILLAGES),
          from: fc.constantFrom('2020-08-31', '2020-10-01'),
        })
        .map((op) => (op.column > 6 ? op : { ...op, column: undefined, village: op.village ?? VILLAGES[0] })),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('undo-adjudication' as const), nth }) },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('set' as const),
        key: fc.constant('coverage.lapsed-counts'),
        value: fc.constantFrom('是', '否'),
        from: fc.constantFrom('2020-08-31', '2020-10-01'),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('set' as const),
        key: fc.constant('coverage.scope-age'),
        value: fc.constantFrom('16', '18', '26'),
        from: fc.constantFrom('2020-08-31', '2020-10-01'),
      }),
    },
  );
const operations = focus.chain((sources) => fc.array(operationOf(sources), { minLength: 3, maxLength: 9 }));

const RUNS = Number(process.env.QUANBAO_PROPERTY_RUNS ?? 20);
const SECONDS = Number(process.env.QUANBAO_PROPERTY_SECONDS ?? 40);

/** As many runs as the seconds allow; a failure prints its seed and the smallest case found by then. */
function parameters(share: number): fc.Parameters<unknown> {
  return {
    numRuns: RUNS,
    interruptAfterTimeLimit: SECONDS * share * 1000,
  };
}

/** Counts by the words of 附件4 and 附件5, person by person: a second copy on purpose. */
function recount(steps: readonly StoredStep[], day: string, within: string): Record<string, number> {
  const cells: Record<string, number> = {};
  const add = (cell: string, when: boolean): void => {
    cells[cell] = (cells[cell] ?? 0) + (when ? 1 : 0);
  };
  for (const step of steps) {
    if (step.from > day || step.to <= day || !step.region.startsWith(within)) continue;
    const c = unpackClass(step.code);
    if (!c.inRegister) continue;
    const registered = ['paying', 'paused', 'drawing', 'drawing-paused'].includes(c.scheme);
    add('4.3', true);
    add('4.4', c.column === 7);
    add('4.5', c.column !== 7);
    for (let column = 8; column <= 17; column++) add(`4.${column - 1}`, c.column === column);
    add('4.6', c.column >= 8 && c.column <= 10);
    add('4.17', c.column === 7 && !registered && c.willing === 'no');
    add('4.18', c.column === 7 && !registered && c.willing === 'yes');
    add('5.4', c.column === 7 && registered);
    add('5.5', c.column === 7 && registered && c.paid);
  }
  return cells;
}

/** The groups of a village add up to it, in each form and in the ledger, and each lists as many as it counts. */
async function groupsAgree(world: World, steps: readonly StoredStep[], day: string): Promise<void> {
  const regions = new Set(steps.filter((s) => s.from <= day && day < s.to).map((s) => s.region));
  for (const village of VILLAGES.filter((code) => regions.has(code))) {
    const tables = await world.db.transaction(SCOPE, (tx) =>
      countedForms(tx, SCOPE, ['annex4', 'annex5'], village, day),
    );
    expect(footing(tables)).toEqual([]);
    const [annex4] = tables as [FormTable, FormTable];
    for (const row of annex4.rows.filter(({ code }) => code !== village)) {
      const n = Number(row.code.slice(-3));
      const people = steps.filter(
        (s) =>
          s.from <= day &&
          day < s.to &&
          s.region === village &&
          s.group === n &&
          unpackClass(s.code).inRegister,
      );
      expect([day, row.code, row.cells[3]]).toEqual([day, row.code, people.length]);
    }
    const whole = await ledgerOverview(world, SCOPE, { region: village, asOf: day });
    for (const { kind, byState } of whole.kinds.filter(() => whole.places.length > 0)) {
      const sums = whole.places.map(({ kinds }) => kinds[kind] ?? { verify: 0, settled: 0, closed: 0 });
      for (const state of ['verify', 'settled', 'closed'] as const)
        expect([day, village, kind, state, sums.reduce((n, of) => n + of[state], 0)]).toEqual([
          day,
          village,
          kind,
          state,
          byState[state],
        ]);
    }
    for (const place of whole.places) {
      const page = await listLedger(
        world,
        SCOPE,
        { region: place.code, asOf: day, state: 'all' },
        { limit: 500 },
      );
      const all = Object.values(place.kinds).reduce((n, of) => n + of.verify + of.settled + of.closed, 0);
      expect([day, place.code, page.total, page.items.length]).toEqual([day, place.code, all, all]);
    }
  }
}

async function formsAgree(world: World, days: readonly string[]): Promise<void> {
  const steps = await stepsIn(world);
  for (const day of new Set([days[0] as string, days.at(-1) as string])) await groupsAgree(world, steps, day);
  await world.db.transaction(SCOPE, async (tx) => {
    for (const day of days) {
      for (const code of ['annex4', 'annex5'] as const) {
        const table = await countedForm(tx, SCOPE, code, COUNTY, day);
        for (const row of [...table.rows, table.total]) {
          const own = row.code === COUNTY && row !== table.total;
          const counted = own
            ? subtract(
                recount(steps, day, COUNTY),
                TOWNS.map((t) => recount(steps, day, t)),
              )
            : recount(steps, day, row.code);
          for (const [cell, n] of Object.entries(counted)) {
            const [form, column] = cell.split('.') as [string, string];
            if (`annex${form}` !== code) continue;
            expect([day, row.name, cell, row.cells[Number(column)]]).toEqual([day, row.name, cell, n]);
          }
        }
      }
    }
  });
}

function subtract(
  all: Record<string, number>,
  parts: readonly Record<string, number>[],
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(all).map(([cell, n]) => [cell, n - parts.reduce((sum, p) => sum + (p[cell] ?? 0), 0)]),
  );
}

async function nothingStaged(world: World): Promise<void> {
  const [left] = await world.db.transaction(SCOPE, (tx) =>
    tx.query<{ n: number }>(
      'select ((select count(*) from stage_row) + (select count(*) from touched))::int as n',
    ),
  );
  expect(left?.n).toBe(0);
}

async function runAll(world: World, ops: readonly Operation[]): Promise<Journal> {
  await world.reset();
  const journal = emptyJournal();
  for (const op of ops) await perform(world, journal, op);
  await nothingStaged(world);
  return journal;
}

/** Turns are compared as far ahead as the surviving deliveries alone would have them written. */
function horizonOf(journal: Journal): string {
  const newest = journal.received
    .filter((d) => !d.undone)
    .map((d) => d.spec.asOf)
    .sort()
    .at(-1);
  return newest === undefined ? '1970-12-31' : `${Number(newest.slice(0, 4)) + 1}-12-31`;
}

function firstRegister(journal: Journal): string | undefined {
  return journal.received
    .filter((d) => !d.undone && d.spec.source === 'household-register')
    .map((d) => d.spec.asOf)
    .sort()[0];
}

describe.each(engines)('any journal on %s', (engine) => {
  let world: World;
  let runs = 0;
  const started = Date.now();
  // When time is up fast-check leaves the last run to itself; the next one waits for it.
  let busy: Promise<unknown> = Promise.resolve();
  const alone = (work: () => Promise<void>): Promise<void> => {
    const next = busy.then(work, work);
    busy = next.catch(() => undefined);
    return next;
  };
  beforeAll(async () => {
    world = await openWorld(engine, { inMemory: true });
  });
  afterAll(async () => {
    await busy;
    await world.close();
    console.log(
      `${engine}: ${runs} random journals, ${((runs * 1000) / (Date.now() - started)).toFixed(1)} a second`,
    );
  });

  it('gives the same state as the surviving deliveries alone, in another order', async () => {
    await fc.assert(
      fc.asyncProperty(
        operations,
        fc.array(fc.nat(1000), { minLength: 30, maxLength: 30 }),
        fc.boolean(),
        (ops, dice, fixesFirst) =>
          alone(async () => {
            runs++;
            const journal = await runAll(world, ops);
            const wrong = (await checkInstance(world, SCOPE)).filter((result) => !result.ok);
            expect(wrong).toEqual([]);
            const first = firstRegister(journal);
            if (first !== undefined)
              await formsAgree(
                world,
                [...DAYS, '2020-09-20', '2020-12-31'].filter((day) => day >= first && day),
              );
            const before = await picture(world, journal, horizonOf(journal));
            await world.reset();
            let at = 0;
            const next = (n: number): number => (dice[at++ % dice.length] as number) % n;
            const again = await replay(world, journal, next, fixesFirst);
            await nothingStaged(world);
            expect(await picture(world, again, horizonOf(journal))).toEqual(before);
          }),
      ),
      parameters(1) as fc.Parameters<[Operation[], number[], boolean]>,
    );
  }, 600_000);

  it('never moves a past day but by knowledge about that day', async () => {
    await fc.assert(
      fc.asyncProperty(operations, fc.array(listOf(SOURCES), { minLength: 1, maxLength: 3 }), (ops, later) =>
        alone(async () => {
          const journal = await runAll(world, ops);
          const day = '2020-10-15';
          const before = await daysUpTo(world, day);
          // 死亡 and 缴费 as full lists say what was wrong all along: that is knowledge about the past.
          const undated = later
            .filter(
              (spec) => !(spec.mode === 'full' && ['deaths', 'residents-payments'].includes(spec.source)),
            )
            .map((spec) => ({ ...spec, asOf: spec.asOf > day ? spec.asOf : '2020-11-30' }));
          for (const spec of undated)
            await receive(world, SCOPE, [world.request(spec, { dates: false })], { acceptWithdrawals: true });
          expect(await daysUpTo(world, day)).toEqual(before);
          const first = firstRegister(journal);
          if (first !== undefined && first <= day) await formsAgree(world, [first, day]);
        }),
      ),
      parameters(0.4) as fc.Parameters<[Operation[], ListSpec[]]>,
    );
  }, 600_000);
});

/** Everybody's steps as far as the day. */
async function daysUpTo(world: World, day: string): Promise<string[]> {
  const steps = await stepsIn(world);
  return steps
    .filter((s) => s.from <= day)
    .map((s) => [s.person, s.from, s.to > day ? '' : s.to, s.region, s.group, s.code].join(' '));
}
