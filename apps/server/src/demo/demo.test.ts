import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isPlainDate } from '@quanbao/domain/kernel/plain-date';
import { parseResidentId } from '@quanbao/domain/kernel/resident-id';
import { SHIPPED_SOURCES } from '@quanbao/domain/sources/catalogue';
import { afterAll, describe, expect, it } from 'vitest';
import type { Scope } from '../db/port.ts';
import { addDemoAccounts } from '../features/access/index.ts';
import { initCounty, readManifest, receive } from '../features/sources/index.ts';
import { readCockpit } from '../features/supervision/index.ts';
import { measure } from '../features/targets/index.ts';
import type { Instance } from '../instance.ts';
import { checkInstance } from '../maintenance/check.ts';
import { engines, openTestInstance, scopeOf } from '../testing/instance.ts';
import { encodeGb18030 } from '../text/gb18030.ts';
import {
  compareWithTruth,
  generate,
  handOutBooks,
  makeCampaign,
  makeManagement,
  makeVisits,
  placeByRules,
  receiveLaterList,
  signNotices,
  takeBooksBack,
  workLedger,
} from './index.ts';
import type { BookPlan } from './papers.ts';
import type { TruthFile } from './truth.ts';

const COUNTY = '430981';
const MINUTES = 60_000;
const folders: string[] = [];

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'quanbao-demo-'));
  folders.push(dir);
  return dir;
}

afterAll(() => {
  for (const dir of folders) rmSync(dir, { recursive: true, force: true });
});

function digests(dir: string): Map<string, string> {
  const file = (name: string): string =>
    createHash('sha256')
      .update(readFileSync(join(dir, name)))
      .digest('hex');
  return new Map(
    readdirSync(dir)
      .sort()
      .map((name) => [name, file(name)]),
  );
}

function readTruth(dir: string): TruthFile {
  return JSON.parse(readFileSync(join(dir, 'truth.json'), 'utf8')) as TruthFile;
}

function readBooks(dir: string): BookPlan['books'] {
  return (JSON.parse(readFileSync(join(dir, 'books.json'), 'utf8')) as BookPlan).books;
}

describe('the invented county', () => {
  it('is the same for the same seed and another for another', async () => {
    const [a, b, c] = [folder(), folder(), folder()];
    const options = { county: COUNTY, residents: 600, format: 'csv' } as const;
    await generate({ ...options, seed: 5, dir: a });
    await generate({ ...options, seed: 5, dir: b });
    await generate({ ...options, seed: 6, dir: c });
    const csv = (dir: string) => [...digests(dir)].filter(([name]) => !name.startsWith('附件1'));
    expect(csv(a)).toEqual(csv(b));
    expect(csv(a)).not.toEqual(csv(c));
  });

  it('is the same in the mixed format too, and delivers every source of the catalogue', async () => {
    const [a, b] = [folder(), folder()];
    const options = { county: COUNTY, residents: 1_500, format: 'mixed', seed: 5 } as const;
    await generate({ ...options, dir: a });
    await generate({ ...options, dir: b });
    const written = (dir: string) => [...digests(dir)].filter(([name]) => !name.startsWith('附件1'));
    expect(written(a)).toEqual(written(b));
    const manifest = await readManifest(join(a, 'manifest.json'));
    expect(new Set(manifest.deliveries.map((d) => d.source))).toEqual(
      new Set(SHIPPED_SOURCES.map((s) => s.code)),
    );
    expect(manifest.deliveries.every((d) => isPlainDate(d.asOf))).toBe(true);
  });

  it('gives nobody the number of another, whatever the area', async () => {
    const dir = folder();
    await generate({ county: '450324', residents: 4_000, format: 'csv', seed: 9, dir });
    const [register] = readdirSync(dir).filter((name) => name.startsWith('001_'));
    const lines = readFileSync(join(dir, register as string), 'utf8')
      .trim()
      .split('\n')
      .slice(1);
    const ids = lines.map((line) => parseResidentId(line.split(',')[0] as string, '2020-12-31'));
    const good = ids.flatMap((id) => (typeof id === 'string' ? [] : [id.id]));
    expect(good.length).toBeGreaterThan(3_900);
    // a row may be written twice, or once more under another name; a number belongs to one household
    const households = new Map<string, string>();
    for (const [i, id] of ids.entries()) {
      if (typeof id === 'string') continue;
      const household = (lines[i] as string).split(',')[8] as string;
      expect(households.get(id.id) ?? household).toBe(household);
      households.set(id.id, household);
    }
  });

  it('moves: about seven in ten registered in August, nine in ten at the end of October', async () => {
    const dir = folder();
    await generate({ county: COUNTY, residents: 8_000, format: 'csv', seed: 1, dir });
    const truth = readTruth(dir);
    const rate = (day: string) => truth.annex5[day]?.[0]?.[5] as number;
    expect(rate('2020-08-01')).toBeGreaterThan(0.62);
    expect(rate('2020-08-01')).toBeLessThan(0.78);
    expect(rate('2020-10-31')).toBeGreaterThan(0.82);
    expect(rate('2020-10-31')).toBeLessThan(0.95);
  });
});

describe('GB18030', () => {
  it('reads back what it wrote, rare characters too', () => {
    const text = '沅江市草尾镇，㛃䶮𠮷 430981 Xx　“”…€\n';
    expect(new TextDecoder('gb18030', { fatal: true }).decode(encodeGb18030(text))).toBe(text);
  });
});

describe.each(engines)('the forms of the invented county on %s', (engine) => {
  it.each(['mixed', 'csv'] as const)(
    'equal the truth cell by cell when the %s files are received',
    async (format) => {
      const dir = folder();
      await generate({ county: COUNTY, residents: 2_000, format, seed: 20_200_801, dir });
      const instance = await openTestInstance(engine);
      // A demo county lives in the days of its lists: its visits are made then.
      await initCounty(instance, COUNTY, 'test', { demo: true });
      try {
        const scope = scopeOf(COUNTY);
        const manifest = await readManifest(join(dir, 'manifest.json'));
        const reports = await receive(instance, scope, manifest.deliveries, { acceptWithdrawals: true });
        const counted = reports.map((report, i) => ({
          source: report.source,
          asOf: manifest.deliveries[i]?.asOf,
          rows: report.rows,
          accepted: report.accepted,
          duplicate: report.duplicate,
          rejected: report.rejected.length,
        }));
        expect(counted).toEqual(readTruth(dir).deliveries);
        const { cells, differences } = await compareWithTruth(instance, scope, dir);
        expect(differences).toEqual([]);
        expect(cells).toBeGreaterThan(100_000);
        // Visits change verdicts and wishes: another truth, which the forms must meet as well.
        await addDemoAccounts(instance, COUNTY);
        await handOutBooks(instance, COUNTY, dir);
        const sent = await makeVisits(instance, COUNTY, dir, new Date());
        expect(sent.arrived).toBeGreaterThan(10);
        await makeCampaign(instance, COUNTY, sent);
        await signNotices(instance, COUNTY, sent.visited);
        // Paper comes back and is merged, a late list contradicts what phones have heard.
        const papers = await takeBooksBack(instance, COUNTY, dir);
        expect(papers.written).toBeGreaterThan(5);
        const against = readBooks(dir).flatMap(({ rows }) => rows.filter((row) => row.against));
        expect(papers.contradictions).toBe(against.length);
        if (format === 'csv') expect(against.length).toBeGreaterThan(0);
        expect(await receiveLaterList(instance, COUNTY, dir)).toBeGreaterThan(1);
        // Rules place whom the registers put in no village; the ledger is worked with.
        await placeByRules(instance, COUNTY, dir);
        await workLedger(instance, COUNTY, sent.visited);
        await makeManagement(instance, COUNTY);
        const visited = await compareWithTruth(instance, scope, dir);
        expect(visited.differences).toEqual([]);
        const { rounds, signed, issued, checked } = await campaignOf(instance, scope);
        expect(rounds).toBe(1);
        for (const some of [signed, issued, checked]) expect(some).toBeGreaterThan(0);
        expect(await deskOf(instance, scope)).toEqual({
          pictures: true,
          missing: 0,
          entered: 1,
          aside: 1,
          waiting: 3,
          assigned: true,
          closed: true,
          undone: 1,
          placed: true,
          signed: true,
          open: true,
          conflicts: against.length > 0,
          remarks: true,
        });
        expect(await managementOf(instance, scope)).toEqual({
          plans: 2,
          lists: 3,
          papers: 5,
          orders: 3,
          rounds: 1,
          meetings: 2,
          tasks: 2,
          late: 1,
          returned: 1,
          appeals: 1,
          published: 1,
          escalated: 2,
        });
        await checkMovement(instance, scope);
        await checkExpansion(instance, scope);
        const truth = readTruth(dir);
        expect(truth.visited.annex4['2020-10-31']).not.toEqual(truth.annex4['2020-10-31']);
        const wrong = (await checkInstance(instance, scope, { skipJournal: true })).filter((one) => !one.ok);
        expect(wrong.filter((one) => one.check !== 'search')).toEqual([]);
      } finally {
        await instance.close();
      }
    },
    20 * MINUTES,
  );
});

/** What every screen of targets, checklist, supervision and assessment has to show. */
async function managementOf(instance: Instance, scope: Scope) {
  const [row] = await instance.db.transaction(scope, (tx) =>
    tx.query<Record<string, number>>(
      `select (select count(*) from target_version where issued_day is not null)::int as plans,
         (select count(*) from checklist)::int as lists, (select count(*) from paper where state = 'issued')::int as papers,
         (select count(*) from supervision_order)::int as orders, (select count(*) from assessment_round)::int as rounds,
         (select count(*) from meeting)::int as meetings,
         (select count(*) from meeting_decision where item <> '')::int as tasks,
         (select count(*) from submission where length(region) = 9 and submitted_day > due_day)::int as late,
         (select count(*) from submission where state = 'returned')::int as returned,
         (select count(*) from assessment_appeal where upheld)::int as appeals,
         (select count(*) from assessment_round where state = 'published')::int as published,
         (select count(distinct warning) from warning_notice where warning like 'order-%')::int as escalated`,
    ),
  );
  return row;
}

/** Between two of the demo's days towns change places, some fall behind and are told, and one order has come to the leaders. */
async function checkMovement(instance: Instance, scope: Scope): Promise<void> {
  const board = await readCockpit(instance, scope, 'county', { asOf: '2020-10-25' });
  const ranked = board.rankings.find(({ indicator }) => indicator === 'coverage-rate')?.places ?? [];
  expect(ranked.length).toBeGreaterThan(10);
  const moved = ranked.filter(({ rank, wasRank }) => rank !== null && wasRank !== null && rank !== wasRank);
  expect(moved.length).toBeGreaterThan(1);
  const behind = board.plans.flatMap(({ places }) =>
    places.filter(({ standing }) => standing.state === 'behind').map(({ place }) => place.code),
  );
  expect(behind.length).toBeGreaterThan(0);
  const told = await instance.db.transaction(scope, (tx) =>
    tx.query<{ region: string; noted: string | null }>(
      `select region, noted_by as noted from warning_notice where county = $1 and warning not like 'order-%'`,
      [scope.county],
    ),
  );
  expect(told.length).toBeGreaterThan(0);
  expect(told.some(({ region }) => behind.includes(region))).toBe(true);
  const { lights } = await readCockpit(instance, scope, 'county', { asOf: '2020-10-31' });
  expect(lights).toContainEqual(
    expect.objectContaining({ light: 'red', kind: 'orders', words: expect.stringContaining('报县主要领导') }),
  );
}

/** What every screen of the ledger, of visits, found people and address rules has to show. */
async function deskOf(instance: Instance, scope: Scope) {
  const [row] = await instance.db.transaction(scope, (tx) =>
    tx.query<Record<string, number | boolean>>(
      `select exists (select 1 from visit where media <> '{}') as pictures,
         (select count(*) from visit v, unnest(v.media) m where not exists
           (select 1 from media f where f.digest = m and f.stored is not null))::int as missing,
         (select count(*) from found_person where state = 'entered')::int as entered,
         (select count(*) from found_person where state = 'aside')::int as aside,
         (select count(*) from found_person where state = 'open')::int as waiting,
         exists (select 1 from ledger_task where due_day is not null) as assigned,
         (select count(distinct paper) from ledger_closing where undone_at is null) > 1 as closed,
         (select count(*) from ledger_closing where undone_at is not null)::int as undone,
         exists (select 1 from address_placement) as placed,
         exists (select 1 from notice where noted_at is not null) as signed,
         exists (select 1 from notice where noted_at is null) as open,
         exists (select 1 from workbook_row where outcome = 'contradiction' and choice is null) as conflicts,
         exists (select 1 from workbook_row where verdict = 'refused') as remarks`,
    ),
  );
  return row;
}

/** What every screen of the survey has to show. */
async function campaignOf(instance: Instance, scope: Scope) {
  const [row] = await instance.db.transaction(scope, (tx) =>
    tx.query<{ rounds: number; signed: number; issued: number; checked: number }>(
      `select (select count(*) from survey_round)::int as rounds, (select count(*) from headcount)::int as signed,
         (select count(*) from workbook_issue)::int as issued,
         (select count(*) from back_check_visit where result is not null)::int as checked`,
    ),
  );
  return row as { rounds: number; signed: number; issued: number; checked: number };
}

/**
 * The demo's 扩面任务: every town has some of it, and the county has not more done than was asked; a small town may,
 * by who says yes after the plan's day.
 */
async function checkExpansion(instance: Instance, scope: Scope): Promise<void> {
  const { whole, places } = await instance.db.transaction(scope, (tx) => measure(tx, scope, COUNTY));
  expect(places.filter(({ count }) => count('task-expand') === 0).map(({ name }) => name)).toEqual([]);
  expect(whole('expanded')).toBeGreaterThan(0);
  expect(whole('expanded')).toBeLessThanOrEqual(whole('task-expand'));
}
