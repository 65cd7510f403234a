import { cpSync, existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createPreparedDatabase, engines, preparedPglite } from '../apps/server/src/testing/instance.ts';
import { Clock, campaignDays } from './clock.ts';
import { type Campaign, COUNTY } from './county.ts';
import { Broken, checkDay } from './invariants.ts';
import { runCampaign } from './run.ts';

describe('the days of the campaign', () => {
  it('are told to whoever asks for the time, and to nobody afterwards', () => {
    const real = globalThis.Date;
    const clock = new Clock();
    clock.set('2020-08-05');
    clock.start();
    expect(new Date().toISOString()).toMatch(/^2020-08-05T01:00/);
    expect(new Date('2019-02-03').toISOString()).toBe('2019-02-03T00:00:00.000Z');
    clock.set('2020-08-06');
    expect(Date.now()).toBeGreaterThan(Date.parse('2020-08-06T00:59:59Z'));
    clock.stop();
    expect(globalThis.Date).toBe(real);
  });

  it('go from the plan to the acceptance', () => {
    const days = campaignDays();
    expect([days.length, days[0], days.at(-1)]).toEqual([92, '2020-08-01', '2020-10-31']);
  });
});

const LAST = '2020-08-06';

describe.each(engines)('a campaign on %s', (engine) => {
  const made: string[] = [];
  const dropped: (() => Promise<void>)[] = [];
  const directory = (): string => {
    const dir = mkdtempSync(join(tmpdir(), 'quanbao-campaign-'));
    made.push(dir);
    return dir;
  };
  afterAll(async () => {
    for (const drop of dropped) await drop();
    for (const dir of made) await rm(dir, { recursive: true, force: true });
  });

  const owner = (campaign: Campaign, sql: string, more: readonly unknown[] = []) =>
    campaign.instance.db.asOwner((tx) => tx.query(sql, [COUNTY, ...more]));

  /** Does it, lets the evening's look find it, puts it back. */
  async function found(campaign: Campaign, day: string, does: string, undoes: string): Promise<string> {
    await owner(campaign, does);
    const error = await checkDay(campaign, day, 'day').then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    await owner(campaign, undoes);
    if (!(error instanceof Broken)) throw error ?? new Error(`not found: ${does}`);
    return error.message;
  }

  it('stops on the evening on which figures, ledger, submissions or the trail were touched', async () => {
    const [work, out] = [directory(), directory()];
    const database = engine === 'postgres' ? await createPreparedDatabase() : undefined;
    if (database !== undefined) dropped.push(database.drop);
    else cpSync(await preparedPglite(), join(work, 'pgdata'), { recursive: true });
    const seen: string[] = [];
    const { days, broken } = await runCampaign({
      residents: 300,
      seed: 7,
      days: 6,
      quick: true,
      work,
      url: database?.url,
      out,
      say: () => undefined,
      tamper: async (campaign, day) => {
        // A count moves by one in a town: figures of a day that nobody has asked for yet, so none is remembered.
        if (day === LAST)
          await owner(
            campaign,
            `update count_delta set n = n + 1 where county = $1 and grain = 'M' and bucket = '2020-07'
             and (region, class) = (select region, class from count_delta
               where county = $1 and grain = 'M' and bucket = '2020-07' and class >= 0 and length(region) = 9 and n > 0
               order by region, class limit 1)`,
          );
        if (day !== '2020-08-04') return;
        const look = async (does: string, undoes: string) =>
          void seen.push(await found(campaign, day, does, undoes));
        await look(
          `update ledger_item set state = 'closed' where county = $1 and kind = 'uninsured' and state = 'verify' and to_day > '2020-08-04'`,
          `update ledger_item set state = 'verify' where county = $1 and kind = 'uninsured' and state = 'closed' and to_day > '2020-08-04'`,
        );
        await look(
          `update submission_version set body = body || ' ' where county = $1 and submission = 1`,
          `update submission_version set body = rtrim(body) where county = $1 and submission = 1`,
        );
        await look(
          `update paper set frozen = frozen || ' ' where county = $1`,
          `update paper set frozen = rtrim(frozen) where county = $1`,
        );
        await look(
          `update audit_event set actor = actor || '1' where county = $1 and seq = (select min(seq) from audit_event where county = $1)`,
          `update audit_event set actor = left(actor, -1) where county = $1 and seq = (select min(seq) from audit_event where county = $1)`,
        );
        // Put back, all is well.
        await checkDay(campaign, day, 'day');
      },
    });
    expect(seen).toEqual([
      expect.stringMatching(/^2020-08-04 .*附件5第7栏与应保未保台账/),
      expect.stringContaining('第 1/1 号报送的数字与报送时'),
      expect.stringMatching(/第 1 号材料按留存数据重新生成/),
      expect.stringMatching(/留痕链：一处为 row edited/),
    ]);
    expect(days).toBe(5);
    expect(broken?.day).toBe(LAST);
    expect(broken?.what).toMatch(/栏/);
    expect(Number(broken?.values[0])).not.toBe(Number(broken?.values[1]));
    const index = readFileSync(join(out, 'index.html'), 'utf8');
    expect(index).toContain(`运行中止：${LAST}`);
    expect(index).toContain('附件5 周报');
    expect(existsSync(join(out, 'figures.html'))).toBe(true);
  }, 300_000);
});
