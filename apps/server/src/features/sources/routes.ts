import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnswerOf, BodyOf } from '@quanbao/contract/route';
import * as contract from '@quanbao/contract/sources';
import { isAllowed } from '@quanbao/domain/access/roles';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { findSource, SHIPPED_SOURCES } from '@quanbao/domain/sources/catalogue';
import { looksLikeId } from '@quanbao/domain/sources/header';
import { recogniseDay, recogniseSource } from '@quanbao/domain/sources/recognise';
import type { FastifyReply } from 'fastify';
import type { Aside } from '../../aside/tasks.ts';
import type { Scope } from '../../db/port.ts';
import { attachment } from '../../http/attachment.ts';
import { cursorNumber } from '../../http/cursor.ts';
import { type Handled, handle } from '../../http/handler.ts';
import type { Limits } from '../../http/limits.ts';
import type { Instance } from '../../instance.ts';
import { type Actor, scopeToReceive, sourcesOf } from '../access/index.ts';
import { record } from '../audit/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import {
  calendar,
  type DeliveryFile,
  deliveryDetail,
  deliveryPage,
  rejectedPage,
  sourceOf,
} from './desk-store.ts';
import { fixRow, listFixes, undoFix } from './fix.ts';
import { allRememberedChoices } from './header-choices.ts';
import { Jobs } from './jobs.ts';
import { type Peeked, peek, writeReasons } from './reading/index.ts';
import type { DeliveryReport, DeliveryRequest } from './receive.ts';
import { inTheClear, type Upload, type UploadedFile, Uploads, uploadStore } from './uploads.ts';

const HEAD_ROWS = 60;
const SAMPLE_ROWS = 5;
const PAGE = 50;
const SHOWN_REASONS = 100;

type ReportAnswer = AnswerOf<typeof contract.job>['report'] & object;
type Intention = BodyOf<typeof contract.tryUpload>;

/**
 * @param aside does the receiving and undoing
 * @param onFault is told of what a job that failed threw
 */
export function sourcesRoutes(
  aside: Aside,
  onFault: (error: unknown) => void,
  limits?: Limits,
): {
  routes: readonly Handled[];
  jobs: SourceJobs;
  uploads: Uploads;
} {
  const uploads = new Uploads(limits);
  const jobs: SourceJobs = new Jobs(onFault);

  const run = (
    instance: Instance,
    actor: Actor,
    upload: Upload,
    intention: Intention,
    dryRun: boolean,
  ): { job: string } => {
    const scope = scopeToReceive(actor, intention.source);
    const part: Upload = { ...upload, files: chosenFiles(upload, intention.files) };
    const release = uploads.hold(upload);
    return jobs.start(dryRun ? 'trial' : 'receive', actor.account, (progress) =>
      inTheClear(instance, uploadStore(instance, part), part.files, async (files) => {
        const { acceptWithdrawals, headerChoices, files: _, ...request } = intention;
        const asked = { ...request, headerChoices: headerChoices ?? {}, files } as DeliveryRequest;
        const report = await aside('receive', progress, scope, asked, {
          dryRun,
          acceptWithdrawals,
          aside: true,
        });
        return {
          report: await reportAnswer(instance, scope, report, intention.asOf),
          keep: { upload: part, report },
        };
      }).finally(release),
    );
  };

  const routes: readonly Handled[] = [
    handle(contract.sources, async ({ instance, scope, actor }) => {
      const own = sourcesOf(actor);
      const maySend = isAllowed(actor.role, 'lists.send');
      const { asOf, items } = await instance.db.transaction(scope, (tx) => calendar(tx, scope));
      return {
        asOf,
        items: SHIPPED_SOURCES.filter((source) => own === undefined || own.includes(source.code)).map(
          (source) => ({
            code: source.code,
            title: source.title,
            office: source.office,
            proves: source.proves,
            due: source.due,
            mode: source.mode,
            absence: source.absence,
            sight: [...source.sight],
            columns: source.columns.map(({ key, title, required, aliases }) => ({
              key,
              title,
              required,
              aliases: [...aliases],
            })),
            maySend,
            ...(items.get(source.code) ?? { latest: null, dueBy: null, late: source.due !== 'batch' }),
          }),
        ),
      };
    }),
    handle(contract.upload, async ({ instance, actor, request }) => {
      const taken = await uploads.take(instance, actor.account, request);
      const own = sourcesOf(actor);
      const release = uploads.hold(taken);
      return inTheClear(instance, uploadStore(instance, taken), taken.files, async (files) => {
        const tables: (Peeked & { file: string })[] = [];
        for (const file of files) {
          for (const table of await peek(file, HEAD_ROWS)) tables.push({ ...table, file: file.name });
        }
        const scope = scopeToReceive(actor);
        const remembered = await instance.db.transaction(scope, (tx) =>
          allRememberedChoices(tx, scope, own ?? SHIPPED_SOURCES.map((source) => source.code)),
        );
        return { ...describeUpload(taken, tables, own), remembered };
      }).finally(release);
    }),
    handle(contract.tryUpload, async ({ instance, actor, params, body }) =>
      run(instance, actor, uploads.require(params.upload, actor.account), body, true),
    ),
    handle(contract.commitUpload, async ({ instance, actor, params, body }) =>
      run(instance, actor, uploads.require(params.upload, actor.account), body, false),
    ),
    handle(contract.dropUpload, async ({ instance, actor, params }) => {
      await uploads.drop(instance, params.upload, actor.account);
      return { done: true as const };
    }),
    handle(contract.jobs, async ({ actor }) => ({ items: jobs.own(actor.account) })),
    handle(contract.job, async ({ actor, params }) => jobs.look(params.job, actor.account)),
    handle(contract.jobEvents, async ({ actor, params, request, reply }) => {
      jobs.look(params.job, actor.account);
      const gone = new AbortController();
      request.raw.on('close', () => gone.abort());
      for await (const job of jobs.follow(params.job, actor.account, gone.signal)) {
        await reply.sse.send({ data: job });
      }
    }),
    handle(contract.trialReasons, async ({ instance, scope, actor, params, reply }) => {
      const known = jobs.kept(params.job, actor.account);
      if (known === undefined || !uploads.has(known.upload))
        throw new Refusal('job.unknown', '试算结果已清除；请重新试算。');
      const subject = known.report.delivery === null ? 'dry run' : `delivery ${known.report.delivery}`;
      return sendReasons(
        instance,
        scope,
        reply,
        subject,
        known.report.source,
        known.upload,
        known.report.rejected,
      );
    }),
    handle(contract.deliveries, async ({ instance, scope, query }) => {
      const limit = query.limit ?? PAGE;
      const { total, items } = await instance.db.transaction(scope, async (tx) =>
        deliveryPage(tx, scope, await loadRegionTree(tx, scope.county), {
          source: query.source,
          state: query.state,
          before: cursorNumber(query.after),
          limit,
        }),
      );
      return { total, items, next: items.length < limit ? null : String(items.at(-1)?.delivery) };
    }),
    handle(contract.delivery, async ({ instance, scope, actor, params }) => {
      const own = await scopeOfContent(instance, scope, actor, params.delivery);
      const { detail, rejected } = await instance.db.transaction(own ?? scope, async (tx) => ({
        detail: await deliveryDetail(
          tx,
          own ?? scope,
          await loadRegionTree(tx, scope.county),
          params.delivery,
        ),
        rejected:
          own === undefined
            ? undefined
            : await rejectedPage(tx, own, params.delivery, undefined, SHOWN_REASONS),
      }));
      const { line } = detail;
      const n = (key: string): number => Number(line.counts[key] ?? 0);
      return {
        line,
        files: detail.files.map(({ name, bytes }) => ({ name, bytes })),
        report: {
          delivery: line.delivery,
          source: line.source,
          title: line.title,
          asOf: line.asOf,
          rows: n('rows'),
          accepted: n('accepted'),
          new: n('new'),
          changed: n('changed'),
          same: n('same'),
          withdrawn: n('withdrawn'),
          unmatched: n('unmatched'),
          contradicting: n('contradicting'),
          duplicate: n('duplicate'),
          rejectedCount: rejected?.total ?? 0,
          rejected: rejected?.items ?? [],
          unchanged: false,
          warnings: detail.warnings,
          tables: tablesOf(detail.tables),
          effects: detail.effects,
        },
        mayUndo: line.state !== 'undone' && isAllowed(actor.role, 'lists.undo'),
      };
    }),
    handle(contract.rejected, async ({ instance, scope, actor, params, query }) => {
      const limit = query.limit ?? PAGE;
      const own = requireContent(await scopeOfContent(instance, scope, actor, params.delivery));
      const page = await instance.db.transaction(own, (tx) =>
        rejectedPage(tx, own, params.delivery, cursorNumber(query.after), limit),
      );
      return { ...page, next: page.items.length < limit ? null : String(page.items.at(-1)?.no) };
    }),
    handle(contract.deliveryReasons, async ({ instance, scope, actor, params, reply }) => {
      const own = requireContent(await scopeOfContent(instance, scope, actor, params.delivery));
      const { detail, rejected } = await instance.db.transaction(own, async (tx) => ({
        detail: await deliveryDetail(tx, own, await loadRegionTree(tx, scope.county), params.delivery),
        rejected: await rejectedPage(tx, own, params.delivery, undefined, 1_000_000),
      }));
      return sendReasons(
        instance,
        scope,
        reply,
        `delivery ${params.delivery}`,
        detail.line.source,
        detail.files,
        rejected.items,
      );
    }),
    handle(contract.fixRejected, async ({ instance, scope, params, body }) => {
      const { fix, changed, person } = await fixRow(instance, scope, params.delivery, params.no, body.id);
      return { fix, changed, person };
    }),
    handle(contract.fixes, async ({ instance, scope, params }) => ({
      items: await listFixes(instance, scope, params.delivery),
    })),
    handle(contract.undoFix, async ({ instance, scope, params }) => {
      const { fix, changed } = await undoFix(instance, scope, params.fix);
      return { fix, changed };
    }),
    handle(contract.previewUndo, async ({ scope, actor, params }) =>
      startUndo(jobs, aside, scope, actor, params.delivery, true),
    ),
    handle(contract.undoDelivery, async ({ scope, actor, params }) =>
      startUndo(jobs, aside, scope, actor, params.delivery, false),
    ),
  ];
  return { routes, jobs, uploads };
}

/** What a trial or a receipt refused is kept for the file of reasons. */
type SourceJobs = Jobs<{ readonly upload: Upload; readonly report: DeliveryReport }>;

/**
 * The scope in which refused rows and files of a delivery are read: an office's own list with the county's journal,
 * as it was received; undefined of another office's list.
 */
async function scopeOfContent(
  instance: Instance,
  scope: Scope,
  actor: Actor,
  delivery: number,
): Promise<Scope | undefined> {
  if (scope.sources === undefined) return scope;
  const source = await instance.db.transaction(scope, (tx) => sourceOf(tx, scope, delivery));
  return scope.sources.includes(source) ? scopeToReceive(actor, source) : undefined;
}

function requireContent(scope: Scope | undefined): Scope {
  if (scope === undefined) {
    throw new Refusal('access.source', '这份名单不是本部门报送的，拒收的行和原文件不对本部门开放。');
  }
  return scope;
}

function startUndo(
  jobs: SourceJobs,
  aside: Aside,
  scope: Scope,
  actor: Actor,
  delivery: number,
  dryRun: boolean,
): { job: string } {
  return jobs.start(dryRun ? 'undo-preview' : 'undo', actor.account, async (progress) => {
    const undone = await aside('undo', progress, scope, delivery, { dryRun });
    const { people, changed, effects } = undone;
    return { undo: { delivery, people, changed, effects } };
  });
}

/** @throws Refusal when one that was named is not among those uploaded */
function chosenFiles(upload: Upload, names: readonly string[] | undefined): readonly UploadedFile[] {
  if (names === undefined) return upload.files;
  const chosen = upload.files.filter((file) => names.includes(file.name));
  if (chosen.length === 0 || chosen.length < new Set(names).size) {
    throw new Refusal('upload.file', '要接收的文件不在这次上传里；请重新上传。');
  }
  return chosen;
}

/** Numbers in a sample stay hidden: the file is the sender's, the screen is anybody's. */
function hideIds(cell: string): string {
  return looksLikeId(cell) ? `${cell.trim().slice(0, 6)}********${cell.trim().slice(-4)}` : cell;
}

function describeUpload(
  taken: Upload,
  tables: readonly (Peeked & { file: string })[],
  own: string[] | undefined,
) {
  const scores = new Map<string, { score: number; complete: boolean; missing: readonly string[] }>();
  const seen = tables
    .filter((table) => !table.hidden && table.rows.length > 0)
    .map((table) => {
      const guesses = recogniseSource(table.file, table.rows);
      for (const { source, score, complete, head } of guesses) {
        if (own !== undefined && !own.includes(source.code)) continue;
        const known = scores.get(source.code);
        if (known === undefined || known.score < score) {
          scores.set(source.code, { score, complete, missing: head?.missing ?? [] });
        }
      }
      const allowed = guesses.find(({ source }) => own === undefined || own.includes(source.code));
      const head = (allowed ?? guesses[0])?.head;
      const last = head?.last ?? 0;
      return {
        file: table.file,
        sheet: table.sheet,
        headerRow: table.numbers[last] ?? 1,
        headers: [...(head?.headers ?? table.rows[0] ?? [])].map(hideIds),
        sample: table.rows.slice(last + 1, last + 1 + SAMPLE_ROWS).map((row) => row.map(hideIds)),
        source: allowed?.source.code ?? null,
        asOf: recogniseDay([table.file, ...table.rows.slice(0, 3).flat()]) ?? null,
      };
    });
  const titles = tables.flatMap((table) => table.rows.slice(0, 3).flat());
  return {
    upload: taken.upload,
    files: taken.files.map(({ name, bytes }) => ({ name, bytes })),
    guesses: [...scores]
      .toSorted(([, a], [, b]) => b.score - a.score)
      .slice(0, 5)
      .map(([source, { score, complete, missing }]) => ({
        source,
        title: findSource(source)?.title ?? source,
        score,
        complete,
        missing: [...missing],
      })),
    asOf: recogniseDay([...taken.files.map((file) => file.name), ...titles]) ?? null,
    tables: seen,
  };
}

interface ReadTable {
  readonly name: string;
  readonly sheet: string;
  readonly headerRow: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly unknown: readonly string[];
  readonly rows: number;
}

function tablesOf(tables: unknown): ReportAnswer['tables'] {
  return ((tables ?? []) as readonly ReadTable[]).map((table) => ({
    file: table.name,
    sheet: table.sheet,
    headerRow: table.headerRow,
    rows: table.rows,
    used: { ...table.headers },
    unused: [...table.unknown],
  }));
}

async function reportAnswer(
  instance: Instance,
  scope: Scope,
  report: DeliveryReport,
  asOf: string,
): Promise<ReportAnswer> {
  const { headers, rejected, warnings, unchanged, effects, ...counts } = report;
  return {
    ...counts,
    title: findSource(report.source)?.title ?? report.source,
    asOf,
    rejectedCount: rejected.length,
    rejected: rejected.slice(0, SHOWN_REASONS),
    unchanged: unchanged ?? false,
    warnings: [...warnings],
    tables: tablesOf(headers),
    effects: effects === undefined ? null : await named(instance, scope, effects),
  };
}

/** With the names of places. */
async function named(instance: Instance, scope: Scope, effects: DeliveryReport['effects'] & object) {
  const tree = await instance.db.transaction(scope, (tx) => loadRegionTree(tx, scope.county));
  return effects.map((one) => ({ ...one, regionName: tree.get(one.region)?.name ?? one.region }));
}

interface Reason {
  readonly file: string;
  readonly sheet: string;
  readonly row: number;
  readonly column: string;
  readonly message: string;
}

async function sendReasons(
  instance: Instance,
  scope: Scope,
  reply: FastifyReply,
  subject: string,
  source: string,
  from: Upload | readonly DeliveryFile[],
  rejected: readonly Reason[],
): Promise<unknown> {
  if (rejected.length === 0) throw new Refusal('reasons.none', '没有被拒收的行，不必导出。');
  if (('upload' in from ? from.files : from).length === 0) {
    throw new Refusal('reasons.no-files', '这份报送没有您可以查看的原文件，不能导出。');
  }
  const path = join(instance.dir, `work-${randomUUID()}.xlsx`);
  const uploaded = 'upload' in from;
  const files: readonly UploadedFile[] = uploaded ? from.files : from;
  const store = uploaded ? uploadStore(instance, from) : instance.files;
  try {
    await inTheClear(instance, store, files, async (clear) => {
      const wrong = rejected.map((row) => ({
        ...row,
        fileNo: files.findIndex((file) => file.name === row.file) + 1,
      }));
      await writeReasons(clear, wrong, path);
    });
    await instance.db.transaction(scope, (tx) =>
      record(tx, {
        county: scope.county,
        actor: scope.actor,
        act: 'rejected.export',
        subject,
        detail: { source, rows: rejected.length },
      }),
    );
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  const stream = createReadStream(path);
  stream.on('close', () => void rm(path, { force: true }));
  return attachment(reply, `拒收原因-${findSource(source)?.title ?? source}.xlsx`).send(stream);
}
