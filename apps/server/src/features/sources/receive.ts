import { stat } from 'node:fs/promises';
import type { DeliveryRef } from '@quanbao/domain/coverage/claim';
import { chinaDay, isPlainDate, yearOf } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { isWithin, type RegionCode } from '@quanbao/domain/kernel/region';
import { findSource, type SourceDefinition } from '@quanbao/domain/sources/catalogue';
import { isAlone } from '../../db/alone.ts';
import { analyze } from '../../db/analyze.ts';
import { withoutIndexes } from '../../db/late-indexes.ts';
import type { Scope, Tx } from '../../db/port.ts';
import { type Instance, within } from '../../instance.ts';
import { record } from '../audit/index.ts';
import { type NetEffect, netEffects, recompute, type StoredPerson } from '../coverage/index.ts';
import { dropFiles, nameFiles } from '../originals/index.ts';
import {
  lockCounty,
  noteDays,
  notInitialised,
  type OpenedContext,
  openContext,
  rollHorizon,
} from './county-journal.ts';
import { readChoices, rememberChoices, rememberedChoices, requireHeadings } from './header-choices.ts';
import { admitPeople } from './person-numbers.ts';
import { forget, type Reread, requireWhole, restack, stageLater, stagesOf } from './restack.ts';
import {
  anyMeeting,
  chooseMeeting,
  inForce,
  listGroup,
  type PushCounts,
  type StackedDelivery,
} from './series.ts';
import {
  clearStage,
  type SourceFile,
  type StagedDelivery,
  type StoredFile,
  stageDelivery,
  storeFiles,
} from './stage.ts';
import { fixesFor, writeRejected } from './wrong-values.ts';

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
  /** Others work on the same database meanwhile: rows are read outside the commit, also those of a first load. */
  readonly aside?: boolean;
  readonly onProgress?: (text: string) => void;
  /** Written in the same commit, or not at all. */
  readonly alongside?: (tx: Tx, reports: readonly DeliveryReport[]) => Promise<void>;
}

interface Committing extends ReceiveOptions {
  /** No other process has the database open: tables that have never been used may be locked. */
  readonly alone?: boolean;
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
  /** What a delivery received alone changed in the counts of its own day. */
  effects?: readonly NetEffect[];
}

/** A withdrawal larger than both needs the sender's word: 50 people and 5 % of what was in force. */
const GUARD_PEOPLE = 50;
const GUARD_SHARE = 0.05;

interface Prepared {
  readonly stacked: StackedDelivery;
  readonly source: SourceDefinition;
  readonly request: DeliveryRequest;
  readonly staged: StagedDelivery;
  /** Header corrections that came with this delivery; and with those remembered. */
  readonly given: Readonly<Record<string, string>>;
  readonly choices: Readonly<Record<string, string>>;
  /** The day it was read on: reading it again goes by the same day. */
  readonly readOn: string;
  readonly warnings: string[];
  /** Its rows are claims already: nothing could meet them. */
  readonly open: boolean;
  readonly files: readonly StoredFile[];
  counts?: PushCounts;
  unchangedBy?: number;
}

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
  let context = await openContext(instance, scope);
  for (const request of requests) await checkRequest(request, scope, context);
  const numbers = await reserve(instance, scope, requests.length);
  const kept: string[] = [];
  try {
    const originals: StoredFile[][] = [];
    if (!options.dryRun)
      for (const { files } of requests) originals.push(await storeFiles(instance, scope, files, kept));
    if (context.empty && !options.aside) {
      const alone = instance.db.profile !== 'citus' && (await isAlone(instance.db));
      const first = { ...options, alone };
      const reports = await receiveFirst(instance, scope, context, requests, numbers, originals, first);
      if (reports !== undefined) return reports;
      context = await openContext(instance, scope);
    }
    return await receiveOntoOthers(instance, scope, context, requests, numbers, originals, options);
  } finally {
    await clearStage(instance, scope, numbers);
    await dropFiles(instance, scope, kept);
    await giveBackNumbers(instance, scope, numbers);
  }
}

/**
 * An empty county has nothing that the rows could meet and nobody who waits for its lock: they are read inside the commit
 * and go straight where they belong, while the database works at what was read before.
 * @returns undefined when another commit was first, with nothing changed
 */
async function receiveFirst(
  instance: Instance,
  scope: Scope,
  context: OpenedContext,
  requests: readonly DeliveryRequest[],
  numbers: readonly number[],
  originals: readonly StoredFile[][],
  options: Committing,
): Promise<DeliveryReport[] | undefined> {
  return unlessDry(options, (keep) =>
    instance.db.transaction(scope, async (tx) => {
      const locked = await lockCounty(tx, scope.county, context);
      if (!locked.empty) return undefined;
      const here = within(instance, tx);
      const late = options.alone ? await withoutIndexes(tx, ['person', 'claim']) : undefined;
      const prepared = await stageAll(here, scope, context, requests, numbers, originals, options, true);
      await late?.rebuild();
      return keep(await commit(tx, here, scope, context, prepared, new Map(), locked, options));
    }),
  );
}

async function receiveOntoOthers(
  instance: Instance,
  scope: Scope,
  context: OpenedContext,
  requests: readonly DeliveryRequest[],
  numbers: readonly number[],
  originals: readonly StoredFile[][],
  options: ReceiveOptions,
): Promise<DeliveryReport[]> {
  let reread: Reread = new Map();
  try {
    const prepared = await stageAll(instance, scope, context, requests, numbers, originals, options, false);
    reread = await stageLater(instance, scope, context, { added: prepared.map((p) => p.stacked) });
    return await unlessDry(options, (keep) =>
      instance.db.transaction(scope, async (tx) => {
        const locked = await lockCounty(tx, scope.county, context);
        await analyze(tx, 'stage_row');
        await admitPeople(tx, scope.county, [...numbers, ...stagesOf(reread)]);
        return keep(await commit(tx, instance, scope, context, prepared, reread, locked, options));
      }),
    );
  } finally {
    await forget(instance, scope, reread.values());
  }
}

class DryRunEnd extends Error {}

/** @param work a transaction that hands its reports to `keep`, which ends it without a trace in a dry run */
async function unlessDry<T>(
  options: ReceiveOptions,
  work: (keep: (reports: DeliveryReport[]) => DeliveryReport[]) => Promise<T>,
): Promise<T | DeliveryReport[]> {
  let foreseen: DeliveryReport[] = [];
  try {
    return await work((reports) => {
      if (!options.dryRun) return reports;
      foreseen = reports.map((report) => ({ ...report, delivery: null }));
      throw new DryRunEnd();
    });
  } catch (error) {
    if (error instanceof DryRunEnd) return foreseen;
    throw error;
  }
}

/** Numbers that no delivery took, when nobody took a later one meanwhile: a refusal leaves nothing changed. */
async function giveBackNumbers(instance: Instance, scope: Scope, numbers: readonly number[]): Promise<void> {
  await instance.db.transaction(scope, (tx) =>
    tx.query(
      `update county set next_delivery = (
         select coalesce(max(d.delivery), $3::int - 1) + 1 from delivery d
         where d.county = $1 and d.delivery between $3::int and $2::int)
       where county = $1 and next_delivery = $2::int + 1`,
      [scope.county, numbers[numbers.length - 1], numbers[0]],
    ),
  );
}

/** Before it there was no residents' scheme: a misread year, and turns would be written for centuries. */
const FIRST_YEAR = 2000;

async function checkRequest(request: DeliveryRequest, scope: Scope, context: OpenedContext): Promise<void> {
  const source = findSource(request.source);
  if (source === undefined) {
    throw new Refusal('import.source-unknown', `没有名为 ${request.source} 的来源；请从来源目录里选。`);
  }
  if (!isPlainDate(request.asOf)) {
    throw new Refusal('import.as-of', `截止日期 ${request.asOf} 不是日期；请写成 2020-08-31 这样的形式。`);
  }
  const lastYear = yearOf(today()) + 1;
  if (yearOf(request.asOf) < FIRST_YEAR || yearOf(request.asOf) > lastYear) {
    throw new Refusal(
      'import.as-of',
      `截止日期 ${request.asOf} 不合理：应在 ${FIRST_YEAR} 年至 ${lastYear} 年之间；请核对年份。`,
    );
  }
  if (request.region !== undefined) {
    if (!isWithin(request.region, scope.region)) {
      throw new Refusal('import.region', `区划 ${request.region} 不在您的管辖范围内。`);
    }
    if (context.content.tree.get(request.region) === undefined) {
      throw new Refusal(
        'import.region-unknown',
        `本县没有代码为 ${request.region} 的区划；乡镇是 9 位、村（社区）是 12 位代码。`,
      );
    }
  }
  readChoices(source, request.headerChoices);
  for (const file of request.files) {
    const found = await stat(file.path).catch(() => undefined);
    if (!found?.isFile()) {
      throw new Refusal('import.file-missing', `找不到文件《${file.name}》；请检查路径。没有改动任何数据。`);
    }
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

async function stageAll(
  instance: Instance,
  scope: Scope,
  context: OpenedContext,
  requests: readonly DeliveryRequest[],
  numbers: readonly number[],
  originals: readonly StoredFile[][],
  options: ReceiveOptions,
  first: boolean,
): Promise<Prepared[]> {
  const prepared: Prepared[] = [];
  for (const [i, request] of requests.entries()) {
    const source = findSource(request.source) as SourceDefinition;
    const delivery = numbers[i] as number;
    const region = request.region ?? scope.county;
    const sender = senderOf(request, source);
    const alone = requests.every(
      (other) => other === request || other.source !== request.source || senderOf(other, source) !== sender,
    );
    options.onProgress?.(`读取 ${source.title}：${request.files.map((f) => f.name).join('、')}`);
    const given = readChoices(source, request.headerChoices);
    const choices = { ...(await rememberedChoices(instance, scope, source.code)), ...given };
    const readOn = today();
    const staged = await stageDelivery(
      instance,
      scope,
      { ...context.content, asOf: request.asOf },
      {
        stage: delivery,
        source,
        asOf: request.asOf,
        today: readOn,
        files: request.files,
        sheet: request.sheet,
        headerChoices: choices,
        fix: await fixesFor(instance, scope, { source: source.code, sender, region }, request.asOf),
        onProgress: (rows) => options.onProgress?.(`  已读 ${rows} 行`),
        admit: first,
        open: first && alone,
      },
      context.people,
    );
    // A household's repeated name and number headings are not listed one by one.
    if (!source.households) requireHeadings(given, staged.summary.files);
    if (staged.accepted === 0 && staged.rejected.length === 0) {
      throw new Refusal(
        'import.no-rows',
        `${request.files.map((f) => f.name).join('、')} 里没有一行人员；请确认文件和工作表。`,
      );
    }
    prepared.push({
      request,
      given,
      choices,
      readOn,
      source,
      open: first && alone,
      warnings: isAnswers(source) && request.mode === 'full' ? [NEVER_REPLACES] : [],
      staged,
      files: originals[i] ?? [],
      stacked: {
        delivery,
        source: source.code,
        sender,
        region,
        as_of: request.asOf,
        mode: isAnswers(source) ? 'delta' : (request.mode ?? source.mode),
        digest: staged.digest,
        years: staged.years.join(','),
      },
    });
  }
  return prepared;
}

function senderOf(request: DeliveryRequest, source: SourceDefinition): string {
  return request.sender?.trim() || source.office;
}

/** Survey workbooks never replace what was answered before, however they are sent. */
function isAnswers(source: SourceDefinition): boolean {
  return source.proves === 'survey';
}

const NEVER_REPLACES = '摸底底册只增补答复，从不替代以前的答复；本份已按变动名单接收。';

/** The wall clock is read at the edge only: nobody is born after today, nothing else depends on it. */
function today(): string {
  return chinaDay(new Date());
}

const NOTHING_MET: PushCounts = { new: 0, changed: 0, same: 0, withdrawn: 0, before: 0 };

async function commit(
  tx: Tx,
  instance: Instance,
  scope: Scope,
  context: OpenedContext,
  prepared: Prepared[],
  reread: Reread,
  { change, fresh }: { readonly change: number; readonly fresh: boolean },
  options: Committing,
): Promise<DeliveryReport[]> {
  options.onProgress?.('写入名单');
  await tx.query("set local work_mem = '128MB'; set local cursor_tuple_fraction = 1");
  await refuseBeyondCeiling(tx, scope.county, instance.db.ceiling);
  if (fresh) await analyze(tx, 'person');
  const kept: Prepared[] = [];
  for (const p of prepared) {
    const group = await listGroup(tx, scope.county, p.stacked.source, p.stacked.sender);
    p.unchangedBy = sameAsInForce(group, p.stacked);
    if (p.unchangedBy === undefined) {
      await insertDelivery(tx, instance, scope, p);
      kept.push(p);
    }
  }
  for (const p of kept) if (p.open) p.counts = { ...NOTHING_MET, new: p.staged.accepted };
  const added = kept.filter((p) => !p.open).map((p) => p.stacked);
  await restack(tx, instance, scope, context, { added }, reread, { change, fresh }, (d, counts) => {
    const owner = kept.find((p) => p.stacked.delivery === d.delivery);
    if (owner === undefined) return;
    requireWhole(counts, owner.staged.accepted);
    owner.counts = counts;
  });
  for (const p of kept) {
    checkWithdrawal(p, options);
    await rememberChoices(tx, scope, p.source.code, p.given);
  }
  options.onProgress?.('判定覆盖情形');
  const rolled = await rollHorizon(
    tx,
    scope.county,
    kept.map((p) => p.stacked.as_of),
  );
  const everybody = (await noteDays(tx, scope.county)) || rolled;
  if (fresh) await analyze(tx, 'claim');
  const rows = new RowsByDelivery(prepared.map((p) => p.stacked.delivery));
  await recompute(tx, scope.county, context.content.tree, change, {
    everybody: fresh || everybody,
    fresh,
    alone: options.alone ?? false,
    onProgress: (people) => options.onProgress?.(`  已判定 ${people} 人`),
    onPerson: (person) => rows.unlessInRegister(person),
    onConflict: (person) => rows.ofConflict(person),
  });
  const staged = prepared.filter((p) => !p.open).map((p) => p.stacked.delivery);
  const unmatched = await countUnmatched(tx, scope.county, staged);
  for (const delivery of staged) rows.unmatched.set(delivery, unmatched.get(delivery) ?? 0);
  const reports = await buildReports(tx, instance, scope, context, prepared, rows);
  await noteEffects(tx, scope.county, change, kept, reports);
  for (const [i, p] of prepared.entries()) {
    const report = reports[i] as DeliveryReport;
    if (p.unchangedBy !== undefined) continue;
    const { rejected, headers, warnings, effects: _, ...counts } = report;
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
  await options.alongside?.(tx, reports);
  return reports;
}

/** Where a list received alone moved the counts, on its own day: kept beside what was read, for whoever looks later. */
async function noteEffects(
  tx: Tx,
  county: RegionCode,
  change: number,
  kept: readonly Prepared[],
  reports: readonly DeliveryReport[],
): Promise<void> {
  const [only, ...more] = kept;
  const [report] = reports;
  if (only === undefined || report === undefined || more.length > 0 || reports.length > 1) return;
  report.effects = await netEffects(tx, county, change, only.stacked.as_of);
  await tx.query(
    `update delivery_reading set summary = summary || jsonb_build_object('effects', $3::text::jsonb)
     where county = $1 and delivery = $2`,
    [county, only.stacked.delivery, JSON.stringify(report.effects)],
  );
}

/** What a database is not meant for is refused rather than done slowly. */
async function refuseBeyondCeiling(tx: Tx, county: RegionCode, ceiling: number | undefined): Promise<void> {
  if (ceiling === undefined) return;
  const [row] = await tx.query<{ people: number }>(
    'select count(*)::int as people from person where county = $1',
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

/** The delivery in force that says the same word for word, or undefined. */
function sameAsInForce(group: readonly StackedDelivery[], d: StackedDelivery): number | undefined {
  const series = inForce(group).filter((o) => o.region === d.region && o.as_of <= d.as_of);
  const last = series[series.length - 1];
  if (last === undefined || last.digest !== d.digest || last.mode !== d.mode) return undefined;
  return last.as_of === d.as_of || d.mode === 'delta' ? last.delivery : undefined;
}

async function insertDelivery(tx: Tx, instance: Instance, scope: Scope, p: Prepared): Promise<void> {
  const { stacked } = p;
  await tx.query(
    `insert into delivery (county, delivery, source, sender, region, as_of, mode, digest, years, counts, actor)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, '{}', $10)`,
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
      scope.actor,
    ],
  );
  await tx.query('insert into delivery_reading (county, delivery, summary) values ($1, $2, $3)', [
    scope.county,
    stacked.delivery,
    JSON.stringify({
      files: p.staged.summary.files,
      warnings: p.staged.summary.warnings,
      headerChoices: p.choices,
      sheet: p.request.sheet,
      readOn: p.readOn,
    }),
  ]);
  await nameFiles(
    tx,
    instance,
    scope,
    p.files.map((file) => file.digest),
  );
  for (const [i, file] of p.files.entries()) {
    await tx.query(
      'insert into delivery_file (county, delivery, file_no, name, digest, bytes) values ($1, $2, $3, $4, $5, $6)',
      [scope.county, stacked.delivery, i, file.name, file.digest, file.bytes],
    );
  }
}

function checkWithdrawal(p: Prepared, options: ReceiveOptions): void {
  const counts = p.counts;
  if (counts === undefined || options.acceptWithdrawals) return;
  if (counts.withdrawn <= GUARD_PEOPLE || counts.withdrawn <= counts.before * GUARD_SHARE) return;
  const what =
    `这份${p.source.title}会使原名单 ${counts.before} 人中的 ${counts.withdrawn} 人不再在册（超过 50 人且超过 5%）。` +
    (options.dryRun ? '' : '没有改动任何数据。') +
    '若确是完整名单，请确认后接收；若只是变动部分，请改按变动接收。';
  if (!options.dryRun) throw new Refusal('import.withdrawals', what);
  p.warnings.push(what);
}

async function buildReports(
  tx: Tx,
  instance: Instance,
  scope: Scope,
  context: OpenedContext,
  prepared: readonly Prepared[],
  { unmatched, contradicting }: RowsByDelivery,
): Promise<DeliveryReport[]> {
  const reports: DeliveryReport[] = [];
  for (const p of prepared) {
    const { staged, stacked } = p;
    const unchanged = p.unchangedBy !== undefined;
    if (!unchanged) await writeRejected(tx, instance, scope, context, stacked, staged.rejected);
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
      warnings: [...p.warnings, ...staged.summary.warnings],
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
  if (deliveries.length === 0) return new Map();
  const registers = await tx.query<{ delivery: number }>(
    `select delivery from delivery where county = $1 and source = 'household-register' and undone_at is null`,
    [county],
  );
  const named = registers.map((row) => row.delivery);
  const others = deliveries.filter((d) => !named.includes(d));
  const claims =
    (await chooseMeeting(tx, county, others, false)) === 'index'
      ? '(select since, until from claim where county = $1 and person_no = s.person_no offset 0) c where true'
      : 'claim c where c.county = $1 and c.person_no = s.person_no';
  const rows = await tx.query<{ stage: number; n: number }>(
    `select s.stage, sum(s.row_count)::int as n from stage_row s
     where s.county = $1 and s.stage = any($2::int[])
       and not exists (select 1 from ${claims} and c.until is null and c.since = any($3::int[]))
     group by s.stage`,
    [county, others, named],
  );
  await anyMeeting(tx);
  return new Map(rows.map((row) => [row.stage, Number(row.n)]));
}

/** What is known of a commit's rows once everybody they name has been judged. */
class RowsByDelivery {
  /** Rows whose ID the household register does not name. */
  readonly unmatched = new Map<number, number>();
  /** People with a new conflict. */
  readonly contradicting = new Map<number, number>();
  readonly #deliveries: ReadonlySet<number>;

  constructor(deliveries: readonly number[]) {
    this.#deliveries = new Set(deliveries);
  }

  unlessInRegister({ claims }: StoredPerson): void {
    if (claims.some((c) => c.since.source === 'household-register' && c.until === undefined)) return;
    for (const { since, rows } of claims) this.#add(this.unmatched, since, rows);
  }

  ofConflict({ claims }: StoredPerson): void {
    for (const since of new Set(claims.map((c) => c.since))) this.#add(this.contradicting, since, 1);
  }

  #add(sums: Map<number, number>, { id }: DeliveryRef, n: number): void {
    if (this.#deliveries.has(id)) sums.set(id, (sums.get(id) ?? 0) + n);
  }
}
