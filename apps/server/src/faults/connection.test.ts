import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { countedForm } from '../features/reports/index.ts';
import { checkInstance } from '../maintenance/check.ts';
import { type Place, registerCsv } from '../testing/command.ts';
import { engines, scopeOf } from '../testing/instance.ts';
import { rounds } from '../testing/rounds.ts';
import { openServedPlace, type Served, serveAt } from '../testing/served.ts';

/** The line to a PostgreSQL server cut under a command and under the service. */

const COUNTY = '430981';
const scope = scopeOf(COUNTY);

describe.runIf(engines.includes('postgres'))('the connection cut', () => {
  let place: Place;
  let served: Served | undefined;

  beforeAll(async () => {
    ({ place } = await openServedPlace('postgres', 500, '2020-08-31'));
  });
  afterAll(async () => {
    if (served?.child.exitCode === null) await served.end('SIGKILL');
    await place?.drop();
  });

  /** Asks the server about the lines to our database, on one to another. */
  async function onLines(what: string, which = ''): Promise<number> {
    const client = new pg.Client({ connectionString: process.env.QUANBAO_TEST_POSTGRES });
    await client.connect();
    try {
      const database = new URL(place.url as string).pathname.slice(1);
      const { rows } = await client.query(
        `select ${what} from pg_stat_activity where datname = $1 ${which}`,
        [database],
      );
      return rows.length;
    } finally {
      await client.end();
    }
  }
  const cut = (): Promise<number> => onLines('pg_terminate_backend(pid)');
  /** Until the commit waits for somebody else's. */
  const waiting = (): Promise<void> =>
    vi.waitFor(async () => expect(await onLines('pid', `and wait_event_type = 'Lock'`)).toBe(1), 60_000);

  const population = (): Promise<number> =>
    place.inside((instance) =>
      instance.db.transaction(scope, async (tx) => {
        const form = await countedForm(tx, scope, 'annex4', COUNTY, undefined);
        return Number(form.total.cells[3]);
      }),
    );

  it('in a commit: said in words, nothing changed, and the same command goes through afterwards', async () => {
    const more = place.file('九月.csv', registerCsv(0, 900));
    const list = ['import', more, '--source', 'household-register', '--as-of', '2020-09-30', '--json'];
    for (let n = 0; n < rounds(1); n++) {
      // Somebody else's commit is under way: the command has read its file and waits, when its line is cut.
      const other = new pg.Client({ connectionString: place.url });
      other.on('error', () => undefined);
      await other.connect();
      await other.query('begin; update county set next_change = next_change');
      const running = place.quanbao(list);
      await waiting();
      await cut();
      const done = await running;
      expect(done.err).not.toMatch(/ at .*\.js:\d+/);
      expect([done.code, done.json().problem?.code]).toEqual([69, 'db.lost']);
      await other.end().catch(() => undefined);
      expect(await population()).toBe(500);
    }
    expect((await place.quanbao(list)).code).toBe(0);
    expect(await population()).toBe(900);
    await place.inside(async (instance) => {
      expect((await checkInstance(instance, scope)).filter((result) => !result.ok)).toEqual([]);
    });
  }, 3_600_000);

  it('under the service: it goes on answering, and says so while it cannot', async () => {
    served = await serveAt(place);
    const county = await served.as('county');
    for (let n = 0; n < rounds(2); n++) {
      const asked = Array.from({ length: 12 }, () => county('GET', '/api/forms/annex4'));
      await cut();
      for (const { status, body } of await Promise.all(asked)) {
        expect([200, 503]).toContain(status);
        if (status === 503) expect(body.code).toBe('db.lost');
      }
      await vi.waitFor(
        async () => expect((await county('GET', '/api/forms/annex4')).status).toBe(200),
        60_000,
      );
    }
    expect(served.child.exitCode).toBeNull();
  }, 3_600_000);
});
