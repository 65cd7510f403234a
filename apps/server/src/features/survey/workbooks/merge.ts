import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Content } from '@quanbao/domain/coverage/claim';
import { storedDay } from '@quanbao/domain/coverage/evidence';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { type RegionCode, regionRange } from '@quanbao/domain/kernel/region';
import { maskPhone } from '@quanbao/domain/kernel/resident-id';
import type { RegionTree } from '@quanbao/domain/regions/region-tree';
import { findSource, type SourceDefinition } from '@quanbao/domain/sources/catalogue';
import { cellsOf } from '@quanbao/domain/survey/book';
import {
  type Choice,
  type Merged,
  mergeAnswer,
  OUTCOMES,
  type Outcome,
  PART_WORDS,
  PARTS,
  type Part,
  partLine,
} from '@quanbao/domain/survey/merge';
import { laidOver } from '@quanbao/domain/survey/standing';
import { journalOf } from '../../../db/journal-of.ts';
import type { Scope, Tx } from '../../../db/port.ts';
import { cursorOf, cursorParts, wholeNumber } from '../../../http/cursor.ts';
import type { Instance } from '../../../instance.ts';
import { record } from '../../audit/index.ts';
import { loadRegionTree } from '../../regions/index.ts';
import { namesOf, placeOf } from '../../register/index.ts';
import { listToXlsx, requireRegion } from '../../reports/index.ts';
import { type DeliveryReport, type DeliveryRequest, receive, VISITS_SENDER } from '../../sources/index.ts';
import { surveyDay } from '../visits.ts';
import { answersMark, type Standing, standingOf } from './standing.ts';

const SOURCE = findSource('survey-workbook') as SourceDefinition;
/** Sender of what a merge brings in: each merge a series of its own, which its undo takes back whole. */
const SENDER = '底册合并';
/** Another answer of the same people may come in between reading and writing; then once more from the start. */
const TRIES = 5;
const SHOWN = 200;

interface PendingRow {
  readonly returnNo: number;
  readonly position: number;
  readonly person: number;
  readonly region: RegionCode;
  readonly returned: PlainDate;
  readonly theirs: Content;
  readonly phone: Buffer | null;
  readonly base: Content;
  readonly baseDay: PlainDate | undefined;
}

interface Planned {
  readonly row: PendingRow;
  readonly standing: Standing | undefined;
  readonly merged: Merged;
}

interface MergeLine {
  person: number;
  name: string;
  region: { code: string; name: string; path: string };
  outcome: Outcome;
  parts: { part: Part; title: string; base: string; ours: string; theirs: string }[];
}

export interface MergeReport {
  /** Rows by what they came to. */
  outcomes: Record<Outcome, number>;
  /** What brought the changes in; each can be undone like any other delivery. Empty in a trial. */
  deliveries: number[];
  /** Of a trial: what would change, and what contradicts; at most 200. */
  lines: MergeLine[];
}

export interface MergeOrder {
  /** Only these returns; else all that wait. */
  readonly returns?: readonly number[] | undefined;
  /** Also rows whose delivery was undone, and those that gave way to an answer that may have been. */
  readonly again?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
  /** The day of the merge; today unless told otherwise. */
  readonly asOf?: PlainDate | undefined;
}

/**
 * Merges what came back and was accepted with what phones and other files have written since: what only the row has
 * changed goes into the journal as a delivery of the survey, one for each town, in one commit; what contradicts waits.
 */
export async function mergeBooks(
  instance: Instance,
  seen: Scope,
  order: MergeOrder = {},
  told: (text: string) => void = () => undefined,
): Promise<MergeReport> {
  const journal = journalOf(seen);
  const report: MergeReport = { outcomes: noOutcomes(), deliveries: [], lines: [] };
  const done = new Set<string>();
  // What a trial would have written: a second row of the same person is seen against it.
  const supposed = new Map<number, Standing>();
  for (;;) {
    const keys = await instance.db.transaction(seen, (tx) => pendingKeys(tx, seen, order));
    const fresh = keys.filter((key) => !done.has(keyOf(key)));
    if (fresh.length === 0) break;
    told(`比对返回的 ${fresh.length} 行和现有答复`);
    const planned = await withRetry(
      () => mergeOnce(instance, journal, fresh, order, { supposed, told }),
      report.deliveries,
    );
    for (const { row, merged } of planned.planned) {
      done.add(keyOf(row));
      report.outcomes[merged.outcome]++;
    }
    report.deliveries.push(...planned.deliveries);
    if (order.dryRun) {
      report.lines.push(...(await linesOf(instance, seen, planned.planned, SHOWN - report.lines.length)));
      for (const one of planned.planned) suppose(supposed, one);
    }
  }
  return report;
}

function suppose(supposed: Map<number, Standing>, { row, standing, merged }: Planned): void {
  if (merged.outcome !== 'apply' || merged.result === undefined) return;
  supposed.set(row.person, {
    content: laidOver(standing?.content ?? {}, merged.result),
    day: storedDay(merged.result.d ?? row.returned),
    phone: merged.theirPhone ? row.phone : (standing?.phone ?? null),
    sender: SENDER,
  });
}

function noOutcomes(): Record<Outcome, number> {
  return Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
}

interface RowKey {
  readonly returnNo: number;
  readonly position: number;
}

function keyOf({ returnNo, position }: RowKey): string {
  return `${returnNo}/${position}`;
}

/** Rows (r) that wait for a merge, with their deliveries (d); `again` takes also those whose ground may have been undone. */
function waiting(again: boolean | undefined): string {
  const more = `or d.undone_at is not null or (r.outcome in ('same', 'ours') and r.choice is null)`;
  return `r.verdict in ('accepted', 'remarked') and r.person_no is not null
    and (r.outcome is null or r.outcome = 'contradiction' ${again ? more : ''})`;
}

/** Rows that wait, of those the account sees. */
async function pendingKeys(tx: Tx, seen: Scope, { returns, again }: MergeOrder): Promise<RowKey[]> {
  return tx.query<RowKey>(
    `select r.return_no as "returnNo", r.position from workbook_row r
     left join delivery d on d.county = r.county and d.delivery = r.delivery
     where r.county = $1 and ${waiting(again)} and ($2::int[] is null or r.return_no = any($2::int[]))
     order by r.return_no, r.position`,
    [seen.county, returns === undefined ? null : [...returns]],
  );
}

/** Of these rows those that still wait. @param lock holds them until the commit */
async function stillPending(
  tx: Tx,
  { county }: Scope,
  keys: readonly RowKey[],
  pending: string,
  lock: '' | 'for update of r' = '',
): Promise<RowKey[]> {
  return tx.query<RowKey>(
    `select r.return_no as "returnNo", r.position from unnest($2::int[], $3::int[]) as u (return_no, position)
     join workbook_row r on r.county = $1 and r.return_no = u.return_no and r.position = u.position
     left join delivery d on d.county = r.county and d.delivery = r.delivery
     where ${pending} order by r.return_no, r.position ${lock}`,
    [county, keys.map((key) => key.returnNo), keys.map((key) => key.position)],
  );
}

class Concurrent extends Error {}

/** @param written deliveries of earlier passes, which stand whatever becomes of this one */
async function withRetry<T>(work: () => Promise<T>, written: readonly number[] = []): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Concurrent)) throw error;
      if (tries === TRIES) {
        const before = written.length > 0 ? `此前的已写入第 ${written.join('、')} 号报送，其余` : '';
        throw new Refusal('workbook.busy', `这些人员正有新的走访答复写入，${before}没有合并；请稍后再试。`);
      }
    }
  }
}

/** One pass: of each person the first row that waits, for the next has to be compared with what that one says. */
async function mergeOnce(
  instance: Instance,
  journal: Scope,
  keys: readonly RowKey[],
  order: MergeOrder,
  {
    decided,
    supposed,
    told = () => undefined,
  }: {
    decided?: { readonly choice: Choice };
    supposed?: ReadonlyMap<number, Standing>;
    told?: (text: string) => void;
  } = {},
): Promise<{ planned: Planned[]; deliveries: number[] }> {
  const day = order.asOf ?? (await surveyDay(instance, journal, new Date())).day;
  const pending = decided === undefined ? waiting(order.again) : `r.outcome = 'contradiction'`;
  const { planned, mark, people, names, tree } = await instance.db.transaction(journal, async (tx) => {
    const rows = await rowsOf(tx, journal, await stillPending(tx, journal, keys, pending));
    const firsts = [...new Map(rows.toReversed().map((row) => [row.person, row])).values()];
    const people = firsts.map((row) => row.person);
    // The mark first: an answer that comes in between then shows in what is read, or in the mark when it is compared.
    const mark = await answersMark(tx, journal.county, people);
    const standing = await standingOf(tx, journal.county, people, '9999-12-31');
    const planned = firsts.map((row): Planned => {
      const now = supposed?.get(row.person) ?? standing.get(row.person);
      const input = {
        base: row.base,
        baseDay: row.baseDay,
        mine: now?.content ?? {},
        mineDay: now?.day,
        theirs: row.theirs,
        returned: row.returned,
      };
      return { row, standing: now, merged: mergeAnswer(input, decided?.choice) };
    });
    return {
      planned,
      people,
      mark,
      names: await namesOf(tx, instance, journal, people),
      tree: await loadRegionTree(tx, journal.county),
    };
  });
  if (order.dryRun || planned.length === 0) return { planned, deliveries: [] };
  const writing = planned.filter(
    ({ merged }) => merged.result !== undefined && (decided !== undefined || merged.outcome === 'apply'),
  );
  const settle = async (
    tx: Tx,
    reports: readonly DeliveryReport[],
    towns: readonly Town[],
  ): Promise<void> => {
    const mine = reports.flatMap((report) => (report.delivery === null ? [] : [report.delivery]));
    if ((await answersMark(tx, journal.county, people, mine)) !== mark) throw new Concurrent();
    // Nobody else has merged or decided one of them meanwhile, nor can before the commit.
    const rows = planned.map(({ row }) => row);
    const still = await stillPending(tx, journal, rows, pending, 'for update of r');
    if (still.length < rows.length) throw new Concurrent();
    for (const [i, report] of reports.entries()) {
      const wanted = towns[i]?.rows.length;
      if (report.unchanged || report.rejected.length > 0 || report.accepted !== wanted)
        throw new Error(`a merge of ${wanted} rows was received as ${report.accepted}`);
    }
    const deliveryOf = new Map(
      towns.flatMap((town, i) =>
        town.rows.map(({ row }) => [keyOf(row), reports[i]?.delivery ?? null] as const),
      ),
    );
    await noteOutcomes(tx, journal, planned, deliveryOf, decided?.choice);
    await record(tx, {
      county: journal.county,
      actor: journal.actor,
      act: decided === undefined ? 'workbook.merge' : 'workbook.decide',
      subject: 'returns',
      detail: {
        rows: planned.length,
        changed: writing.length,
        ...(decided === undefined
          ? {}
          : { choice: decided.choice, which: planned.map(({ row }) => keyOf(row)) }),
      },
    });
  };
  if (writing.length === 0) {
    await instance.db.transaction(journal, async (tx) => {
      // In the order of every commit: the county, then its rows.
      await tx.query('select 1 from county where county = $1 for update', [journal.county]);
      await settle(tx, [], []);
    });
    return { planned, deliveries: [] };
  }
  const towns = townsOf(writing, tree);
  const days = [day, ...writing.flatMap(({ row, standing }) => [row.returned, standing?.day ?? ''])].sort();
  const dir = await mkdtemp(join(instance.dir, 'work-'));
  try {
    const requests: DeliveryRequest[] = [];
    const series = `${SENDER}·${await nextChangeOf(instance, journal)}`;
    for (const town of towns) {
      const path = join(dir, town.code);
      await writeRows(instance, path, town, names);
      requests.push({
        source: SOURCE.code,
        asOf: days.at(-1) as string,
        sender: `${series}·${town.name}`,
        region: town.code,
        mode: 'delta',
        files: [{ name: `底册合并-${town.name}.xlsx`, path }],
      });
    }
    told(`写入 ${writing.length} 行，${towns.length} 个乡镇`);
    const reports = await receive(instance, journal, requests, {
      aside: true,
      onProgress: told,
      alongside: (tx, told) => settle(tx, told, towns),
    });
    return { planned, deliveries: reports.flatMap(({ delivery }) => (delivery === null ? [] : [delivery])) };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function nextChangeOf(instance: Instance, journal: Scope): Promise<number> {
  const [row] = await instance.db.transaction(journal, (tx) =>
    tx.query<{ change: number }>('select next_change as change from county where county = $1', [
      journal.county,
    ]),
  );
  return Number(row?.change);
}

async function rowsOf(tx: Tx, { county }: Scope, keys: readonly RowKey[]): Promise<PendingRow[]> {
  const rows = await tx.query<{
    returnNo: number;
    position: number;
    person: number;
    region: string;
    returned: string;
    content: string;
    phone: Buffer | null;
    base: string | null;
    baseDay: string | null;
  }>(
    `select r.return_no as "returnNo", r.position, r.person_no as person, r.region, b.as_of as returned, r.content, r.phone,
       l.base, l.base_day as "baseDay"
     from unnest($2::int[], $3::int[]) as u (return_no, position)
     join workbook_row r on r.county = $1 and r.return_no = u.return_no and r.position = u.position
     join workbook_return b on b.county = $1 and b.return_no = r.return_no
     left join workbook_line l on l.county = $1 and l.issue = r.issue and l.person_no = r.person_no
     order by r.return_no, r.position`,
    [county, keys.map((key) => key.returnNo), keys.map((key) => key.position)],
  );
  return rows.map((row) => ({
    ...row,
    person: Number(row.person),
    theirs: JSON.parse(row.content) as Content,
    base: JSON.parse(row.base ?? '{}') as Content,
    baseDay: row.baseDay ?? undefined,
  }));
}

async function noteOutcomes(
  tx: Tx,
  { county, actor }: Scope,
  planned: readonly Planned[],
  deliveryOf: ReadonlyMap<string, number | null>,
  choice: Choice | undefined,
): Promise<void> {
  await tx.query(
    `update workbook_row r set outcome = u.outcome, delivery = u.delivery, choice = $7::text, stood = u.stood,
       decided_by = case when $7::text is null then null else $8::text end,
       decided_at = case when $7::text is null then null else now() end
     from unnest($2::int[], $3::int[], $4::text[], $5::int[], $6::text[]) as u (return_no, position, outcome, delivery, stood)
     where r.county = $1 and r.return_no = u.return_no and r.position = u.position`,
    [
      county,
      planned.map(({ row }) => row.returnNo),
      planned.map(({ row }) => row.position),
      planned.map(({ row, merged }) =>
        choice === undefined ? merged.outcome : deliveryOf.has(keyOf(row)) ? 'apply' : 'ours',
      ),
      planned.map(({ row }) => deliveryOf.get(keyOf(row)) ?? null),
      planned.map(({ standing }) => (choice === undefined ? null : JSON.stringify(standing?.content ?? {}))),
      choice ?? null,
      actor,
    ],
  );
}

interface Town {
  readonly code: RegionCode;
  readonly name: string;
  readonly rows: readonly Planned[];
}

function townsOf(writing: readonly Planned[], tree: RegionTree): Town[] {
  const byTown = new Map<RegionCode, Planned[]>();
  for (const one of writing) {
    const code = one.row.region.slice(0, 9);
    byTown.set(code, [...(byTown.get(code) ?? []), one]);
  }
  return [...byTown]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, rows]) => ({ code, name: tree.get(code)?.name ?? code, rows }));
}

const COLUMNS = SOURCE.columns.map(({ key, title }) => ({ key, title, width: key === 'id' ? 21 : 14 }));

/** What goes into the journal, as a workbook like any other that a town sends: it is read again whenever that is asked. */
async function writeRows(
  instance: Instance,
  path: string,
  town: Town,
  names: ReadonlyMap<number, { name: string; id: string }>,
): Promise<void> {
  function* rows(): Generator<string[]> {
    for (const { row, standing, merged } of town.rows) {
      const named = names.get(row.person);
      const cipher = merged.theirPhone ? row.phone : standing?.phone;
      const phone =
        merged.result?.ph === undefined || cipher == null ? undefined : instance.cipher.decryptField(cipher);
      const cells: Record<string, string> = {
        ...cellsOf(merged.result as Content, phone),
        id: named?.id ?? '',
        name: named?.name ?? '',
      };
      yield COLUMNS.map(({ key }) => cells[key] ?? '');
    }
  }
  const returns = [...new Set(town.rows.map(({ row }) => row.returnNo))];
  const head = {
    name: '底册合并',
    mark: `${town.name}返回的底册（第 ${returns.join('、')} 号）与走访答复合并后的变动`,
    columns: COLUMNS,
  };
  await pipeline(
    Readable.from(listToXlsx(head, Readable.from(rows())), { objectMode: false }),
    createWriteStream(path, { mode: 0o600 }),
  );
}

async function linesOf(
  instance: Instance,
  seen: Scope,
  planned: readonly Planned[],
  most: number,
): Promise<MergeLine[]> {
  const shown = planned
    .filter(({ merged }) => merged.outcome === 'apply' || merged.outcome === 'contradiction')
    .slice(0, Math.max(0, most));
  return instance.db.transaction(seen, async (tx) => {
    const tree = await loadRegionTree(tx, seen.county);
    const names = await namesOf(
      tx,
      instance,
      seen,
      shown.map(({ row }) => row.person),
    );
    return shown.map(({ row, standing, merged }) => ({
      person: row.person,
      name: names.get(row.person)?.name ?? '',
      region: placeOf(tree, row.region),
      outcome: merged.outcome,
      parts: partsOf(instance, tree, row, standing),
    }));
  });
}

/** The parts that a row says something about and that are not all alike, side by side. */
function partsOf(
  instance: Instance,
  tree: RegionTree,
  row: PendingRow,
  standing: Standing | undefined,
): MergeLine['parts'] {
  const placeName = (code: string): string => tree.get(code)?.name ?? code;
  const ours = standing?.content ?? {};
  return PARTS.map((part) => {
    const line = (content: Content): string => partLine(part, content, placeName);
    const number = (cipher: Buffer | null | undefined): string =>
      cipher == null ? '' : maskPhone(instance.cipher.decryptField(cipher));
    const phone = part === 'phone';
    return {
      part,
      title: PART_WORDS[part],
      base:
        phone && row.base.ph !== undefined && row.base.ph === ours.ph
          ? number(standing?.phone)
          : line(row.base),
      ours: phone ? number(standing?.phone) : line(ours),
      theirs: phone ? number(row.phone) : line(row.theirs),
    };
  }).filter(({ theirs, ours: stands }) => theirs !== '' && theirs !== stands);
}

export interface Contradiction extends Omit<MergeLine, 'outcome'> {
  returnNo: number;
  position: number;
  file: string;
  /** The day that the row tells of, or that of its return; and that of the answer that stands. */
  theirDay: string;
  ourDay: string | null;
  /** Whose word stands: a worker with a phone, or a list. */
  ourSender: string;
  theirSender: string;
}

/** Rows that contradict what stands, side by side, until somebody decides. */
export async function listContradictions(
  instance: Instance,
  seen: Scope,
  asked: { region?: RegionCode | undefined; after?: string | undefined; limit?: number | undefined },
): Promise<{ total: number; items: Contradiction[]; next: string | null }> {
  const { region = seen.region, limit = 50 } = asked;
  const [no, at] = (cursorParts(asked.after, 2) ?? [0, 0]).map((part) => wholeNumber(part));
  return instance.db.transaction(seen, async (tx) => {
    const tree = await loadRegionTree(tx, seen.county);
    requireRegion(tree, seen, region);
    const { lo, hi } = regionRange(region);
    const open = `county = $1 and outcome = 'contradiction' and region >= $2 and region < $3`;
    const [sum] = await tx.query<{ n: number }>(`select count(*)::int as n from workbook_row where ${open}`, [
      seen.county,
      lo,
      hi,
    ]);
    const keys = await tx.query<RowKey>(
      `select return_no as "returnNo", position from workbook_row
       where ${open} and (return_no, position) > ($4::int, $5::int) order by return_no, position limit $6`,
      [seen.county, lo, hi, no, at, limit + 1],
    );
    const shown = keys.slice(0, limit);
    const rows = await rowsOf(tx, seen, shown);
    const people = rows.map((row) => row.person);
    const names = await namesOf(tx, instance, seen, people);
    const standing = await standingOf(tx, seen.county, people, '9999-12-31');
    const files = await tx.query<{ returnNo: number; name: string; actor: string }>(
      'select return_no as "returnNo", name, actor from workbook_return where county = $1 and return_no = any($2::int[])',
      [seen.county, [...new Set(rows.map((row) => row.returnNo))]],
    );
    await record(tx, {
      county: seen.county,
      actor: seen.actor,
      act: 'workbook.list',
      subject: 'contradictions',
      region,
      detail: { rows: rows.length },
    });
    const last = shown.at(-1);
    return {
      total: Number(sum?.n ?? 0),
      items: rows.map((row) => {
        const now = standing.get(row.person);
        const file = files.find((one) => one.returnNo === row.returnNo);
        return {
          returnNo: row.returnNo,
          position: row.position,
          person: row.person,
          name: names.get(row.person)?.name ?? '',
          region: placeOf(tree, row.region),
          parts: partsOf(instance, tree, row, now),
          file: file?.name ?? '',
          theirDay: row.theirs.d ?? row.returned,
          ourDay: now?.day ?? null,
          ourSender: senderWords(now?.sender ?? ''),
          theirSender: row.theirs.by ?? file?.actor ?? '',
        };
      }),
      next: keys.length > limit && last !== undefined ? cursorOf([last.returnNo, last.position]) : null,
    };
  });
}

function senderWords(sender: string): string {
  if (sender.startsWith(VISITS_SENDER)) return `手机走访（${sender.slice(VISITS_SENDER.length)}）`;
  return sender.startsWith(SENDER) ? `返回的底册（${sender.slice(sender.lastIndexOf('·') + 1)}）` : sender;
}

/**
 * Decides contradictions, for the rows that came back or for what stands; recorded with who and when. For the rows it is
 * a delivery of its own.
 */
export async function decideContradictions(
  instance: Instance,
  seen: Scope,
  rows: readonly RowKey[],
  choice: Choice,
  asOf?: PlainDate,
): Promise<{ decided: number; deliveries: number[] }> {
  const visible = await instance.db.transaction(seen, (tx) =>
    stillPending(tx, seen, rows, `r.outcome = 'contradiction'`),
  );
  const over = (done: string): Refusal =>
    new Refusal('workbook.decided', `其中有的矛盾已经裁决，或不在您的管辖范围内；${done}，请刷新后再选。`);
  if (rows.length === 0 || visible.length < new Set(rows.map(keyOf)).size) throw over('没有改动任何数据');
  const deliveries: number[] = [];
  let left = visible;
  let decided = 0;
  while (left.length > 0) {
    const now = left;
    const done = await withRetry(() =>
      mergeOnce(instance, journalOf(seen), now, { asOf }, { decided: { choice } }),
    );
    if (done.planned.length === 0)
      throw over(decided === 0 ? '没有改动任何数据' : `另外 ${decided} 处已裁决`);
    deliveries.push(...done.deliveries);
    decided += done.planned.length;
    const settled = new Set(done.planned.map(({ row }) => keyOf(row)));
    left = left.filter((key) => !settled.has(keyOf(key)));
  }
  return { decided, deliveries };
}
