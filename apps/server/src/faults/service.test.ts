import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkInstance } from '../maintenance/check.ts';
import type { Place } from '../testing/command.ts';
import { scopeOf } from '../testing/instance.ts';
import { rounds, struck, tell } from '../testing/rounds.ts';
import { type Caller, openServedPlace, type Served, serveAt } from '../testing/served.ts';

/**
 * The service killed while phones send answers and a town submits a form: what was acknowledged is there, what was not
 * is wholly there or wholly absent, and sent again it counts once.
 */

const COUNTY = '430981';
const scope = scopeOf(COUNTY);
const PHONES = 4;
const WEEKS = Array.from({ length: 52 }, (_, i) => `2020-W${String(i + 1).padStart(2, '0')}`);
const ANSWERS = ['willing', 'refuses', 'migrant', 'unreachable'];

describe.each(struck)('the service killed on %s', (engine) => {
  let place: Place;
  let people: number[];
  let served: Served | undefined;

  beforeAll(async () => {
    ({ place, ofTown: people } = await openServedPlace(engine, 600, '2020-12-31'));
  });
  afterAll(async () => {
    if (served?.child.exitCode === null) await served.end('SIGKILL');
    await place?.drop();
  });

  const batch = (phone: number) => ({
    device: `phone-${phone}`,
    now: new Date().toISOString(),
    waiting: 5,
    commands: Array.from({ length: 5 }, () => ({
      command: randomUUID(),
      person: people[Math.floor(Math.random() * people.length)] as number,
      madeAt: new Date().toISOString(),
      way: 'visit',
      answer: ANSWERS[Math.floor(Math.random() * ANSWERS.length)] as string,
    })),
  });
  type Batch = ReturnType<typeof batch>;

  const send = async (town: Caller, sent: Batch): Promise<string[]> => {
    const { status, body } = await town('POST', '/api/field/sync', sent);
    expect([status, body]).toEqual([200, expect.anything()]);
    return body.results.map((one: { status: string }) => one.status);
  };

  /** @returns the number of the submission, when it was acknowledged */
  const submit = async (town: Caller, period: string): Promise<number | undefined> => {
    const made = await town('POST', '/api/submissions', {
      form: 'annex5',
      every: 'week',
      region: '430981006',
      period,
    });
    expect([200, 409, 422]).toContain(made.status);
    if (made.status !== 200) return undefined;
    const { submission } = made.body as { submission: number };
    const done = await town('POST', `/api/submissions/${submission}/submit`, {});
    expect(done.status).toBe(200);
    return submission;
  };

  it('loses nothing it acknowledged, and does nothing by half', async () => {
    const all: Batch[] = [];
    const submitted = new Map<number, string>();
    const outcome = { struck: 0, acknowledged: 0, unknown: 0, submitted: 0 };
    for (let n = 0; n <= rounds(2); n++) {
      served = await serveAt(place);
      const town = await served.as('town');
      // What the last round left open is sent again, as a phone does.
      for (const one of all.slice(-PHONES))
        for (const status of await send(town, one)) expect(['applied', 'known']).toContain(status);
      await keptAll(town, submitted);
      if (n === rounds(2)) break;
      const news = Array.from({ length: PHONES }, (_, phone) => batch(phone));
      all.push(...news);
      const period = WEEKS[n % WEEKS.length] as string;
      const settled = Promise.allSettled([...news.map((one) => send(town, one)), submit(town, period)]);
      await new Promise((next) => setTimeout(next, Math.random() * 400));
      await served.end('SIGKILL');
      outcome.struck++;
      const answers = await settled;
      for (const answer of answers) outcome[answer.status === 'fulfilled' ? 'acknowledged' : 'unknown']++;
      const last = answers.at(-1) as PromiseSettledResult<number | undefined>;
      if (last.status === 'fulfilled' && last.value !== undefined) submitted.set(last.value, period);
      await nothingLost(news.filter((_, i) => answers[i]?.status === 'fulfilled'));
    }
    outcome.submitted = submitted.size;
    await served?.end('SIGTERM');
    await eachOnce(all);
    tell(`${engine}, service`, outcome);
  }, 7_200_000);

  /** Every submission that was acknowledged is still submitted. */
  async function keptAll(town: Caller, submitted: ReadonlyMap<number, string>): Promise<void> {
    for (const [submission, period] of submitted) {
      const { status, body } = await town('GET', `/api/submissions/${submission}`);
      expect([status, body.state, body.period?.code ?? period]).toEqual([200, 'submitted', period]);
    }
  }

  async function nothingLost(acknowledged: readonly Batch[]): Promise<void> {
    const wanted = acknowledged.flatMap(({ commands }) => commands.map(({ command }) => command));
    await place.inside(async (instance) => {
      const rows = await instance.db.asOwner((tx) =>
        tx.query<{ command: string }>('select command::text as command from visit'),
      );
      const there = new Set(rows.map(({ command }) => command));
      expect(wanted.filter((command) => !there.has(command))).toEqual([]);
      const checks = await checkInstance(instance, scope);
      expect(checks.filter((result) => !result.ok)).toEqual([]);
    });
  }

  async function eachOnce(all: readonly Batch[]): Promise<void> {
    const wanted = all.flatMap(({ commands }) => commands.map(({ command }) => command)).sort();
    await place.inside(async (instance) => {
      const rows = await instance.db.asOwner((tx) =>
        tx.query<{ command: string; claims: number }>(
          `select v.command::text as command,
             (select count(*)::int from claim c where c.county = v.county and c.since = v.delivery and c.person_no = v.person_no) as claims
           from visit v order by 1`,
        ),
      );
      expect(rows.map(({ command }) => command)).toEqual(wanted);
      expect(rows.filter(({ claims }) => Number(claims) < 1)).toEqual([]);
    });
  }
});
