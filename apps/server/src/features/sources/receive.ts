import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContentContext } from '@quanbao/domain/coverage/content';
import { contentOf } from '@quanbao/domain/coverage/content';
import { isPlainDate, yearOf } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { isWithin, type RegionCode } from '@quanbao/domain/kernel/region';
import { cleanIdText } from '@quanbao/domain/kernel/resident-id';
import { findSource, type SourceDefinition } from '@quanbao/domain/sources/catalogue';
import { analyze } from '../../db/analyze.ts';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { record } from '../audit/index.ts';
import { type Effects, recompute } from '../coverage/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import type { RejectedRow } from './reading/index.ts';
import { addPeople, inForce, listGroup, type PushCounts, pop, push, type StackedDelivery } from './series.ts';
import {
  type BatchIds,
  clearStage,
  type SourceFile,
  type StagedDelivery,
  stageDelivery,
  storeFiles,
} from './stage.ts';

/** One delivery as the sender hands it over. */
export interface DeliveryRequest {
  readonly source: string;
  readonly asOf: string;
  readonly files: readonly SourceFile[];
  readonly sender?: string;
  readonly region?: RegionCode;
  readonly mode?: 'full' | 'delta';
  readonly sheet?: string;
  readonly headerChoices?: Readonly<Record<string, string>>;
}

export interface ReceiveOptions {
  readonly dryRun?: boolean;
  readonly acceptWithdrawals?: boolean;
  readonly onProgress?: (text: string) => void;
}

export interface DeliveryReport {
  /** Null in a dry run. */
  delivery: number | null;
  source: string;
  rows: number;
  accepted: number;
  new: number;
  changed: number;
  same: number;
  withdrawn: number;
  unmatched: number;
  contradicting: number;
  duplicate: number;
  rejected: {
    file: string;
    sheet: string;
    row: number;
    column: string;
    code: string;
    message: string;
    value: string;
  }[];
  /** Said when the delivery is already in force word for word: nothing was written. */
  unchanged?: boolean;
  warnings: readonly string[];
  headers: unknown;
}

/** A withdrawal larger than both needs the sender's word: 50 people and 5 % of what was in force. */
const GUARD_PEOPLE = 50;
const GUARD_SHARE = 0.05;

interface Prepared {
  readonly stacked: StackedDelivery;
  readonly source: SourceDefinition;
  readonly request: DeliveryRequest;
  staged: StagedDelivery;
  files: { name: string; digest: string; bytes: number }[];
  counts?: PushCounts;
  unchangedBy?: number;
}

class DryRunEnd extends Error {}

/**
 * Receives deliveries: reads them into the stage outside any lock, then one set-based commit.
 * All of it or nothing; verdicts are computed once.
 * @throws Refusal with nothing changed
 */
export async function receive(
  instance: Instance,
  scope: Scope,
  requests: readonly DeliveryRequest[],
  options: ReceiveOptions = {},
): Promise<DeliveryReport[]> {
  const context = await openContext(instance, scope);
  for (const request of requests) checkRequest(request, scope);
  const numbers = await reserve(instance, scope, requests.length);
  const restaged: number[] = [];
  try {
    const prepared = await stageAll(instance, scope, context, requests, numbers, options);
    const repush = await stageLater(
      instance,
      scope,
      context,
      prepared.map((p) => p.stacked),
      new Set(),
      restaged,
    );
    return await commit(instance, scope, context, prepared, repush, options);
  } finally {
    await instance.db.transaction(scope, (tx) => clearStage(tx, scope.county, [...numbers, ...restaged]));
  }
}

function checkRequest(request: DeliveryRequest, scope: Scope): void {
  if (findSource(request.source) === undefined) {
    throw new Refusal(
      'import.source-unknown',
      `没有名为 ${request.source} 的来源；用 quanbao sources 查看来源目录。`,
    );
  }
  if (!isPlainDate(request.asOf)) {
    throw new Refusal('import.as-of', `截止日期 ${request.asOf} 不是日期；请写成 2020-08-31 这样的形式。`);
  }
  if (request.region !== undefined && !isWithin(request.region, scope.region)) {
    throw new Refusal('import.region', `区划 ${request.region} 不在您的管辖范围内。`);
  }
}

async function reserve(instance: Instance, scope: Scope, n: number): Promise<number[]> {
  return instance.db.transaction(scope, async (tx) => {
    const [row] = await tx.query<{ next_delivery: number }>(
      'update county set next_delivery = next_delivery + $2 where county = $1 returning next_delivery',
      [scope.county, n],
    );
    if (row === undefined) throw notInitialised(scope.county);
    return Array.from({ length: n }, (_, i) => row.next_delivery - n + i);
  });
}

export function notInitialised(county: RegionCode): Refusal {
  return new Refusal('county.missing', `${county} 还没有初始化；先运行 quanbao init --county ${county}。`);
}

export interface OpenedContext {
  readonly content: Omit<ContentContext, 'asOf'>;
}

/** What reading and the rules need to know of the county. */
export async function openContext(instance: Instance, scope: Scope): Promise<OpenedContext> {
  return instance.db.transaction(scope, async (tx) => {
    const [county] = await tx.query<{ name: string }>('select name from county where county = $1', [
      scope.county,
    ]);
    if (county === undefined) throw notInitialised(scope.county);
    const tree = await loadRegionTree(tx, scope.county);
    return {
      content: {
        county: scope.county,
        countyName: county.name,
        provinceName: tree.get(scope.county.slice(0, 2))?.name ?? '',
        tree,
        hashPhone: (phone) => instance.cipher.blindIndex(phone).slice(0, 13),
      },
    };
  });
}

async function stageAll(
  instance: Instance,
  scope: Scope,
  context: OpenedContext,
  requests: readonly DeliveryRequest[],
  numbers: readonly number[],
  options: ReceiveOptions,
): Promise<Prepared[]> {
  const prepared: Prepared[] = [];
  const ids: BatchIds = new Map();
  for (const [i, request] of requests.entries()) {
    const source = findSource(request.source) as SourceDefinition;
    const delivery = numbers[i] as number;
    const region = request.region ?? scope.county;
    const sender = request.sender ?? source.office;
    options.onProgress?.(`读取 ${source.title}：${request.files.map((f) => f.name).join('、')}`);
    const choices = { ...(await rememberedHeaders(instance, scope, source.code)), ...request.headerChoices };
    const staged = await stageDelivery(
      instance,
      scope,
      { ...context.content, asOf: request.asOf },
      {
        delivery,
        source,
        asOf: request.asOf,
        today: today(),
        files: request.files,
        sheet: request.sheet,
        headerChoices: choices,
        fix: await fixesFor(instance, scope, source.code, sender, region, request.asOf),
        onProgress: (rows) => options.onProgress?.(`  已读 ${rows} 行`),
      },
      ids,
    );
    if (staged.accepted === 0 && staged.rejected.length === 0) {
      throw new Refusal(
        'import.no-rows',
        `${request.files.map((f) => f.name).join('、')} 里没有一行人员；请确认文件和工作表。`,
      );
    }
    prepared.push({
      request: { ...request, headerChoices: choices },
      source,
      staged,
      files: options.dryRun ? [] : await storeFiles(instance, request.files),
      stacked: {
        delivery,
        source: source.code,
        sender,
        region,
        as_of: request.asOf,
        mode: request.mode ?? source.mode,
        digest: staged.digest,
        years: staged.years.join(','),
      },
    });
  }
  return prepared;
}

/** The wall clock is read at the edge only: nobody is born after today, nothing else depends on it. */
function today(): string {
  return new Date().toISOString().slice(0, 10);
}

async function rememberedHeaders(
  instance: Instance,
  scope: Scope,
  source: string,
): Promise<Record<string, string>> {
  const rows = await instance.db.transaction(scope, (tx) =>
    tx.query<{ header: string; column_key: string }>(
      'select header, column_key from header_choice where county = $1 and source = $2',
      [scope.county, source],
    ),
  );
  return Object.fromEntries(rows.map((row) => [row.header, row.column_key]));
}

async function fixesFor(
  instance: Instance,
  scope: Scope,
  source: string,
  sender: string,
  region: RegionCode,
  asOf: string,
  newFixes: ReadonlyMap<string, string | undefined> = new Map(),
): Promise<((rawId: string) => string | undefined) | undefined> {
  const rows = await instance.db.transaction(scope, (tx) =>
    tx.query<{ wrong_hash: string; id_cipher: Buffer }>(
      `select wrong_hash, id_cipher from id_fix
       where county = $1 and source = $2 and sender = $3 and region = $4 and as_of <= $5 and undone_at is null order by as_of, fix`,
      [scope.county, source, sender, region, asOf],
    ),
  );
  if (rows.length === 0 && newFixes.size === 0) return undefined;
  const fixes = new Map<string, string | undefined>(
    rows.map((row) => [row.wrong_hash, instance.cipher.decryptField(row.id_cipher)]),
  );
  for (const [hash, id] of newFixes) fixes.set(hash, id);
  return (rawId) => fixes.get(wrongHash(instance, rawId));
}

/** Recognises a wrong ID value again without keeping it. */
export function wrongHash(instance: Instance, rawId: string): string {
  return instance.cipher.blindIndex(`wrong:${cleanIdText(rawId)}`);
}

interface Rearrangement {
  readonly pops: StackedDelivery[];
  readonly pushes: StackedDelivery[];
}

function precedes(a: StackedDelivery, b: StackedDelivery): boolean {
  return a.as_of < b.as_of || (a.as_of === b.as_of && a.delivery < b.delivery);
}

function overlap(a: StackedDelivery, b: StackedDelivery): boolean {
  return isWithin(a.region, b.region) || isWithin(b.region, a.region);
}

/** From the deliveries in force before to those after: what comes off the stack, what goes on, oldest first. */
export function rearrange(
  before: readonly StackedDelivery[],
  after: readonly StackedDelivery[],
  dirty: ReadonlySet<number>,
): Rearrangement {
  const has = (list: readonly StackedDelivery[], d: StackedDelivery): boolean =>
    list.some((o) => o.delivery === d.delivery);
  const moved = [
    ...before.filter((d) => !has(after, d) || dirty.has(d.delivery)),
    ...after.filter((d) => !has(before, d)),
  ];
  const pops: StackedDelivery[] = [];
  for (const d of before) {
    const disturbed = [...moved, ...pops].some(
      (m) => m.delivery !== d.delivery && precedes(m, d) && overlap(m, d),
    );
    if (disturbed || !has(after, d) || dirty.has(d.delivery)) pops.push(d);
  }
  const pushes = after
    .filter((d) => !has(before, d) || has(pops, d))
    .sort((a, b) => (precedes(a, b) ? -1 : 1));
  return { pops, pushes };
}

function groupKey(d: StackedDelivery): string {
  return `${d.source}\n${d.sender}`;
}

/** Reads again, from their stored originals, the deliveries that will be popped and pushed once more. */
export async function stageLater(
  instance: Instance,
  scope: Scope,
  context: OpenedContext,
  added: readonly StackedDelivery[],
  dropped: ReadonlySet<number>,
  restaged: number[],
  dirty: ReadonlySet<number> = new Set(),
  touchedGroups: readonly StackedDelivery[] = added,
  newFixes: ReadonlyMap<string, string | undefined> = new Map(),
): Promise<Map<number, StagedDelivery>> {
  const repush = new Map<number, StagedDelivery>();
  const groups = new Map(touchedGroups.map((d) => [groupKey(d), d]));
  const ids: BatchIds = new Map();
  for (const member of groups.values()) {
    const group = await instance.db.transaction(scope, (tx) =>
      listGroup(tx, scope.county, member.source, member.sender),
    );
    const { pushes } = planFor(group, added, dropped, dirty);
    for (const d of pushes) {
      if (added.some((a) => a.delivery === d.delivery)) continue;
      restaged.push(d.delivery);
      repush.set(d.delivery, await restage(instance, scope, context, d, ids, newFixes));
    }
  }
  return repush;
}

function planFor(
  group: readonly StackedDelivery[],
  added: readonly StackedDelivery[],
  dropped: ReadonlySet<number>,
  dirty: ReadonlySet<number>,
): Rearrangement {
  const first = group[0] ?? added[0];
  if (first === undefined) return { pops: [], pushes: [] };
  const own = added.filter(
    (d) => groupKey(d) === groupKey(first) && !group.some((g) => g.delivery === d.delivery),
  );
  const all = [...group.filter((d) => !dropped.has(d.delivery)), ...own].sort((a, b) =>
    precedes(a, b) ? -1 : 1,
  );
  return rearrange(inForce(group), inForce(all), dirty);
}

/**
 * Reads a delivery again from its stored originals.
 * @param newFixes fixes (or, as undefined, fixes taken back) that will be committed with what follows
 */
export async function restage(
  instance: Instance,
  scope: Scope,
  context: OpenedContext,
  d: StackedDelivery,
  ids: BatchIds,
  newFixes: ReadonlyMap<string, string | undefined> = new Map(),
): Promise<StagedDelivery> {
  const { files, summary } = await instance.db.transaction(scope, async (tx) => {
    const list = await tx.query<{ name: string; digest: string }>(
      'select name, digest from delivery_file where county = $1 and delivery = $2 order by file_no',
      [scope.county, d.delivery],
    );
    const [row] = await tx.query<{ summary: { headerChoices?: Record<string, string>; sheet?: string } }>(
      'select summary from delivery where county = $1 and delivery = $2',
      [scope.county, d.delivery],
    );
    await clearStage(tx, scope.county, [d.delivery]);
    return { files: list, summary: row?.summary };
  });
  const dir = await mkdtemp(join(tmpdir(), 'quanbao-'));
  try {
    const paths: SourceFile[] = [];
    for (const [i, file] of files.entries()) {
      const path = join(dir, `${i}-${file.name}`);
      await instance.files.materialise(file.digest, path);
      paths.push({ name: file.name, path });
    }
    return await stageDelivery(
      instance,
      scope,
      { ...context.content, asOf: d.as_of },
      {
        delivery: d.delivery,
        source: findSource(d.source) as SourceDefinition,
        asOf: d.as_of,
        today: today(),
        files: paths,
        sheet: summary?.sheet,
        headerChoices: summary?.headerChoices,
        fix: await fixesFor(instance, scope, d.source, d.sender, d.region, d.as_of, newFixes),
      },
      ids,
    );
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function commit(
  instance: Instance,
  scope: Scope,
  context: OpenedContext,
  prepared: Prepared[],
  repush: ReadonlyMap<number, StagedDelivery>,
  options: ReceiveOptions,
): Promise<DeliveryReport[]> {
  let reports: DeliveryReport[] = [];
  try {
    await instance.db.transaction(scope, async (tx) => {
      options.onProgress?.('写入名单');
      const { change, fresh } = await lockCounty(tx, scope.county);
      const numbers = prepared.map((p) => p.stacked.delivery);
      await tx.query("set local work_mem = '128MB'; set local cursor_tuple_fraction = 1");
      await analyze(tx, 'stage_row');
      await addPeople(tx, scope.county, [...numbers, ...repush.keys()], fresh);
      await refuseBeyondCeiling(tx, scope.county, instance.db.ceiling);
      if (fresh) await analyze(tx, 'person');
      const kept: Prepared[] = [];
      for (const p of prepared) {
        const group = await listGroup(tx, scope.county, p.stacked.source, p.stacked.sender);
        p.unchangedBy = sameAsInForce(group, p.stacked);
        if (p.unchangedBy === undefined) {
          await insertDelivery(tx, scope, p);
          kept.push(p);
        }
      }
      await restack(
        tx,
        scope.county,
        kept.map((p) => p.stacked),
        new Set(),
        new Set(),
        repush,
        change,
        fresh,
        (d, counts) => {
          const owner = kept.find((p) => p.stacked.delivery === d.delivery);
          if (owner !== undefined) owner.counts = counts;
        },
      );
      for (const p of kept) checkWithdrawal(p, options);
      options.onProgress?.('判定覆盖情形');
      const everybody = await rollHorizon(
        tx,
        scope.county,
        kept.map((p) => p.stacked.as_of),
      );
      if (fresh) await analyze(tx, 'claim');
      const effects = await recompute(tx, scope.county, context.content.tree, change, {
        everybody: fresh || everybody,
        fresh,
        onProgress: (people) => options.onProgress?.(`  已判定 ${people} 人`),
      });
      reports = await buildReports(tx, instance, scope, context, prepared, effects);
      for (const [i, p] of prepared.entries()) {
        const report = reports[i] as DeliveryReport;
        if (p.unchangedBy !== undefined) continue;
        const { rejected, headers, warnings, ...counts } = report;
        await tx.query('update delivery set counts = $3 where county = $1 and delivery = $2', [
          scope.county,
          p.stacked.delivery,
          JSON.stringify({ ...counts, rejected: rejected.length }),
        ]);
        await record(tx, {
          county: scope.county,
          actor: scope.actor,
          act: 'delivery.receive',
          subject: `delivery ${p.stacked.delivery}`,
          region: p.stacked.region,
          detail: {
            source: p.stacked.source,
            sender: p.stacked.sender,
            asOf: p.stacked.as_of,
            mode: p.stacked.mode,
            rows: report.rows,
          },
        });
      }
      if (options.dryRun) throw new DryRunEnd();
    });
  } catch (error) {
    if (!(error instanceof DryRunEnd)) throw error;
    for (const report of reports) report.delivery = null;
  }
  return reports;
}

/** What a database is not meant for is refused rather than done slowly. */
async function refuseBeyondCeiling(tx: Tx, county: RegionCode, ceiling: number | undefined): Promise<void> {
  if (ceiling === undefined) return;
  const [row] = await tx.query<{ people: number }>(
    'select next_person - 1 as people from county where county = $1',
    [county],
  );
  const people = row?.people ?? 0;
  if (people <= ceiling) return;
  throw new Refusal(
    'db.ceiling',
    `收下这批名单后共有 ${people} 人，超过嵌入数据库的上限 ${ceiling} 人，没有改动任何数据。` +
      '请改用 PostgreSQL：设置 DATABASE_URL=postgres://用户:密码@主机/数据库 后重新接收（已有数据可先 quanbao backup，再 restore 到新库）。',
  );
}

/** One commit at a time per county; @returns the number of this change and whether nobody was known before. */
export async function lockCounty(tx: Tx, county: RegionCode): Promise<{ change: number; fresh: boolean }> {
  const [row] = await tx.query<{ next_change: number; next_person: number }>(
    'update county set next_change = next_change + 1 where county = $1 returning next_change, next_person',
    [county],
  );
  if (row === undefined) throw notInitialised(county);
  return { change: Number(row.next_change) - 1, fresh: Number(row.next_person) === 1 };
}

/** The delivery in force that says the same word for word, or undefined. */
function sameAsInForce(group: readonly StackedDelivery[], d: StackedDelivery): number | undefined {
  const series = inForce(group).filter((o) => o.region === d.region && o.as_of <= d.as_of);
  const last = series[series.length - 1];
  if (last === undefined || last.digest !== d.digest || last.mode !== d.mode) return undefined;
  return last.as_of === d.as_of || d.mode === 'delta' ? last.delivery : undefined;
}

async function insertDelivery(tx: Tx, scope: Scope, p: Prepared): Promise<void> {
  const { stacked } = p;
  await tx.query(
    `insert into delivery (county, delivery, source, sender, region, as_of, mode, digest, years, counts, summary, actor)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, '{}', $10, $11)`,
    [
      scope.county,
      stacked.delivery,
      stacked.source,
      stacked.sender,
      stacked.region,
      stacked.as_of,
      stacked.mode,
      stacked.digest,
      stacked.years,
      JSON.stringify({
        files: p.staged.summary.files,
        warnings: p.staged.summary.warnings,
        headerChoices: p.request.headerChoices,
        sheet: p.request.sheet,
      }),
      scope.actor,
    ],
  );
  for (const [i, file] of p.files.entries()) {
    await tx.query(
      'insert into delivery_file (county, delivery, file_no, name, digest, bytes) values ($1, $2, $3, $4, $5, $6)',
      [scope.county, stacked.delivery, i, file.name, file.digest, file.bytes],
    );
  }
}

/**
 * Brings the stacks of the touched groups from what was in force to what is now; pushes are told to `onPush`.
 * @param dropped deliveries being undone in this transaction
 * @param dirty deliveries whose rows changed under a fix
 */
export async function restack(
  tx: Tx,
  county: RegionCode,
  added: readonly StackedDelivery[],
  dropped: ReadonlySet<number>,
  dirty: ReadonlySet<number>,
  repush: ReadonlyMap<number, StagedDelivery>,
  change: number,
  fresh: boolean,
  onPush: (d: StackedDelivery, counts: PushCounts) => void,
  touchedGroups: readonly StackedDelivery[] = added,
): Promise<void> {
  const groups = new Map(touchedGroups.map((d) => [groupKey(d), d]));
  for (const member of groups.values()) {
    const now = await listGroup(tx, county, member.source, member.sender);
    const before = now.filter((d) => !added.some((a) => a.delivery === d.delivery));
    const plan = planFor(
      before,
      added.filter((d) => groupKey(d) === groupKey(member)),
      dropped,
      dirty,
    );
    for (const d of plan.pushes) {
      if (!added.some((a) => a.delivery === d.delivery) && !repush.has(d.delivery)) {
        throw new Refusal('import.concurrent', '同一来源刚有另一批名单写入；没有改动任何数据，请再试一次。');
      }
    }
    for (const d of [...plan.pops].reverse()) await pop(tx, county, d.delivery, change);
    const remaining = now.filter((d) => !dropped.has(d.delivery));
    for (const d of plan.pushes) onPush(d, await push(tx, county, remaining, d, change, fresh));
  }
}

function checkWithdrawal(p: Prepared, options: ReceiveOptions): void {
  const counts = p.counts;
  if (counts === undefined || options.acceptWithdrawals || options.dryRun) return;
  if (counts.withdrawn > GUARD_PEOPLE && counts.withdrawn > counts.before * GUARD_SHARE) {
    throw new Refusal(
      'import.withdrawals',
      `这份${p.source.title}会使原名单 ${counts.before} 人中的 ${counts.withdrawn} 人不再在册（超过 50 人且超过 5%）。` +
        '没有改动任何数据。若确是完整名单，请加 --accept-withdrawals；若只是变动部分，请用 --delta。',
    );
  }
}

/** Turns are written ahead to 31 December of the year after the newest list. @returns whether that day moved */
async function rollHorizon(tx: Tx, county: RegionCode, asOfDays: readonly string[]): Promise<boolean> {
  const newest = [...asOfDays].sort().at(-1);
  if (newest === undefined) return false;
  const rows = await tx.query(
    'update county set horizon = $2 where county = $1 and horizon < $2 returning horizon',
    [county, `${yearOf(newest) + 1}-12-31`],
  );
  return rows.length > 0;
}

async function buildReports(
  tx: Tx,
  instance: Instance,
  scope: Scope,
  context: OpenedContext,
  prepared: readonly Prepared[],
  effects: Effects,
): Promise<DeliveryReport[]> {
  const numbers = prepared.map((p) => p.stacked.delivery);
  const unmatched = await countUnmatched(tx, scope.county, numbers);
  const contradicting = await countContradicting(tx, scope.county, numbers, effects);
  const reports: DeliveryReport[] = [];
  for (const p of prepared) {
    const { staged, stacked } = p;
    const unchanged = p.unchangedBy !== undefined;
    if (!unchanged) await insertRejected(tx, instance, scope, context, stacked, staged.rejected);
    reports.push({
      delivery: p.unchangedBy ?? stacked.delivery,
      source: stacked.source,
      rows: staged.accepted + staged.duplicates + staged.rejected.length,
      accepted: staged.accepted,
      new: p.counts?.new ?? 0,
      changed: p.counts?.changed ?? 0,
      same: unchanged ? staged.accepted : (p.counts?.same ?? 0),
      withdrawn: p.counts?.withdrawn ?? 0,
      unmatched: unmatched.get(stacked.delivery) ?? 0,
      contradicting: contradicting.get(stacked.delivery) ?? 0,
      duplicate: staged.duplicates,
      rejected: staged.rejected.map(({ file, sheet, row, column, code, message, value }) => ({
        file,
        sheet,
        row,
        column,
        code,
        message,
        value,
      })),
      ...(unchanged ? { unchanged: true } : {}),
      warnings: staged.summary.warnings,
      headers: staged.summary.files,
    });
  }
  return reports;
}

/** Rows whose ID the household register does not name. */
async function countUnmatched(
  tx: Tx,
  county: RegionCode,
  deliveries: readonly number[],
): Promise<Map<number, number>> {
  const rows = await tx.query<{ delivery: number; n: number }>(
    `select s.delivery, sum(s.row_count)::int as n
     from stage_row s join person p on p.county = s.county and p.id_hash = s.id_hash
     where s.county = $1 and s.delivery = any($2::int[]) and not exists (
       select 1 from claim c where c.county = $1 and c.person_no = p.person_no and c.until is null and c.since in (
         select d.delivery from delivery d where d.county = $1 and d.source = 'household-register' and d.undone_at is null))
     group by s.delivery`,
    [county, [...deliveries]],
  );
  return new Map(rows.map((row) => [row.delivery, Number(row.n)]));
}

async function countContradicting(
  tx: Tx,
  county: RegionCode,
  deliveries: readonly number[],
  effects: Effects,
): Promise<Map<number, number>> {
  if (effects.contradicting.size === 0) return new Map();
  const rows = await tx.query<{ since: number; n: number }>(
    `select c.since, count(distinct c.person_no)::int as n
     from claim c join unnest($3::bigint[]) as u (person_no) on u.person_no = c.person_no
     where c.county = $1 and c.since = any($2::int[]) group by c.since`,
    [county, [...deliveries], [...effects.contradicting]],
  );
  return new Map(rows.map((row) => [row.since, Number(row.n)]));
}

export async function insertRejected(
  tx: Tx,
  instance: Instance,
  scope: Scope,
  context: OpenedContext,
  d: StackedDelivery,
  rejected: readonly RejectedRow[],
): Promise<void> {
  const rows = rejected.map((r) => ({
    file: r.file,
    sheet: r.sheet,
    row: r.row,
    column: r.column,
    code: r.code,
    message: r.message,
    masked: r.value,
    wrong: r.rawId === undefined ? '' : wrongHash(instance, r.rawId),
    region:
      contentOf(d.source, { name: r.name, values: r.values }, { ...context.content, asOf: d.as_of }).g ??
      (isWithin(d.region, scope.county) ? d.region : scope.county),
  }));
  await tx.query(
    `insert into rejected_row (county, delivery, no, file, sheet, row_no, column_name, code, message, masked, wrong_hash, region)
     select $1, $2, row_number() over (), u.* from unnest($3::text[], $4::text[], $5::int[], $6::text[], $7::text[], $8::text[], $9::text[],
       $10::text[], $11::text[]) as u`,
    [
      scope.county,
      d.delivery,
      rows.map((r) => r.file),
      rows.map((r) => r.sheet),
      rows.map((r) => r.row),
      rows.map((r) => r.column),
      rows.map((r) => r.code),
      rows.map((r) => r.message),
      rows.map((r) => r.masked),
      rows.map((r) => r.wrong),
      rows.map((r) => r.region),
    ],
  );
}
