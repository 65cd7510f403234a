import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as contract from '@quanbao/contract/reports';
import { isAllowed, type Role } from '@quanbao/domain/access/roles';
import { findingKind } from '@quanbao/domain/coverage/finding';
import { INDICATORS, PENDING_INDICATORS } from '@quanbao/domain/indicators/indicators';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { regionLevel } from '@quanbao/domain/kernel/region';
import { maskId } from '@quanbao/domain/kernel/resident-id';
import { FORMS, type FormDefinition } from '@quanbao/domain/reports/forms';
import { ownForm } from '@quanbao/domain/reports/own-form';
import { findSource } from '@quanbao/domain/sources/catalogue';
import { seesFinding } from '@quanbao/domain/sources/sight';
import type { Scope, Tx } from '../../db/port.ts';
import { attachment } from '../../http/attachment.ts';
import { chinaTime } from '../../http/china-time.ts';
import { cursorOf, cursorParts, wholeNumber } from '../../http/cursor.ts';
import { type Ask, type Handled, handle } from '../../http/handler.ts';
import { requirePermission } from '../access/index.ts';
import { record, requireReason } from '../audit/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { overdueSources, VISITS_SENDER } from '../sources/index.ts';
import { type Annex3Line, annex3Page } from './annex3.ts';
import { askableDays, chooseDay } from './counts.ts';
import { homeFigures } from './home.ts';
import { footingOf, layoutOf, tableOnScreen } from './on-screen.ts';
import { countFindings, waitingByKind } from './open-findings.ts';
import { defineOwnForm, dropOwnForm, findForm, ownForms } from './own-forms.ts';
import { annex3ToXlsx } from './render/annex3-xlsx.ts';
import type { TableHead } from './render/cells.ts';
import { exportMark } from './render/mark.ts';
import { toXlsx } from './render/xlsx.ts';
import { countedForm, requirePlace } from './report.ts';

const PAGE = 100;
/** Column 4 of 附件3 holds the number, 19 the telephone. */
const ID_COLUMN = 3;
const PHONE_COLUMN = 18;
const MAX_ARRIVALS = 6;

export const reportsRoutes: readonly Handled[] = [
  handle(contract.home, async ({ instance, scope, query, actor }) =>
    instance.db.transaction(scope, async (tx) => {
      const region = query.region ?? scope.region;
      const figures = await homeFigures(tx, scope, region, query.asOf);
      const mayRead = isAllowed(actor.role, 'findings.read');
      const counts = mayRead ? await countFindings(tx, scope, region, figures.asOf) : [];
      const level = regionLevel(scope.region) ?? 'village';
      return {
        ...figures,
        attention: waitingByKind(counts)
          .filter(({ kind }) => seesFinding(level, kind))
          .map(({ kind, people }) => ({ ...findingKind(kind), people }))
          .filter((one) => one.queue !== 'information')
          .map(({ queue, kind, label, people }) => ({ queue, kind, label, people })),
        ...(await arrivalsAndLate(tx, scope, actor.role, figures.asOf)),
      };
    }),
  ),
  handle(contract.indicators, async () => ({
    items: [...INDICATORS, ...PENDING_INDICATORS].map((one) => ({
      code: one.code,
      name: one.name,
      definition: one.definition,
      clause: one.clause,
      unit: one.unit,
      better: one.better,
      from: one.from,
      sure: one.sure,
      kind: one.kind,
      over: one.kind === 'count' ? one.over : null,
      numerator: one.kind === 'rate' ? one.numerator : null,
      denominator: one.kind === 'rate' ? one.denominator : null,
      waitsFor: one.kind === 'pending' ? one.waitsFor : null,
    })),
  })),
  handle(contract.forms, async ({ instance, scope }) => {
    const own = await instance.db.transaction(scope, (tx) => ownForms(tx, scope));
    const statutory = [FORMS.annex3, FORMS.annex4, FORMS.annex5].map(({ code, number, name }) => ({
      code,
      number,
      name,
      own: false,
      definition: null,
    }));
    const more = own.map((definition) => ({
      code: definition.code,
      number: '自定表',
      name: definition.name,
      own: true,
      definition: { ...definition, columns: [...definition.columns], checks: [...definition.checks] },
    }));
    return { items: [...statutory, ...more] as never };
  }),
  handle(contract.form, async ({ instance, scope, params, query }) =>
    instance.db.transaction(scope, async (tx) =>
      formOnScreen(tx, scope, await findForm(tx, scope, params.form), query),
    ),
  ),
  handle(contract.previewForm, async ({ instance, scope, query, body }) =>
    instance.db.transaction(scope, (tx) => formOnScreen(tx, scope, ownForm(body), query)),
  ),
  handle(contract.annex3, async ({ instance, scope, query }) =>
    instance.db.transaction(scope, async (tx) => {
      const region = query.region ?? scope.region;
      const tree = await loadRegionTree(tx, scope.county);
      requirePlace(tree, scope, region);
      const day = chooseDay(await askableDays(tx, scope.county), query.asOf);
      const name = requirePlace(tree, scope, region, day);
      const limit = query.limit ?? PAGE;
      const place = cursorParts(query.after, 2);
      const lines = await annex3Page(tx, instance, scope, tree, region, day, {
        limit,
        ...(place === undefined
          ? {}
          : { after: { region: String(place[0]), personNo: wholeNumber(place[1]) } }),
      });
      await record(tx, {
        county: scope.county,
        actor: scope.actor,
        act: 'people.list',
        subject: 'annex3',
        region,
        detail: { asOf: day, rows: lines.length },
      });
      const last = lines.at(-1);
      return {
        region: { code: region, name, path: tree.path(region) },
        asOf: day,
        layout: layoutOf(FORMS.annex3, headOf(scope, tree, region, name, day)),
        items: lines.map((line) => ({ person: line.personNo, texts: masked(line) })),
        next: lines.length < limit || last === undefined ? null : cursorOf([last.region, last.personNo]),
      };
    }),
  ),
  handle(contract.exportAnnex3, annex3File),
  handle(contract.formFile, formFile),
  handle(contract.defineForm, async ({ instance, scope, params, body }) =>
    instance.db.transaction(scope, async (tx) => {
      await defineOwnForm(tx, scope, { ...body, code: params.form });
      return { ...body, code: params.form };
    }),
  ),
  handle(contract.dropForm, async ({ instance, scope, params }) => {
    await instance.db.transaction(scope, (tx) => dropOwnForm(tx, scope, params.form));
    return { done: true as const };
  }),
];

async function formOnScreen(
  tx: Tx,
  scope: Scope,
  form: FormDefinition,
  query: { readonly region?: string; readonly asOf?: string; readonly against?: string },
) {
  const region = query.region ?? scope.region;
  const table = await countedForm(tx, scope, form, region, query.asOf);
  const before =
    query.against === undefined ? undefined : await countedForm(tx, scope, form, region, query.against);
  const tree = await loadRegionTree(tx, scope.county);
  return {
    ...tableOnScreen(table, tree.path(region), before),
    failures: (await footingOf(tx, scope, table)).map((failure) => failure.message),
  };
}

type Tree = Awaited<ReturnType<typeof loadRegionTree>>;

function headOf(scope: Scope, tree: Tree, region: string, name: string, asOf: string): TableHead {
  const county = { code: scope.county, name: tree.get(scope.county)?.name ?? scope.county };
  return { form: FORMS.annex3, region: { code: region, name }, county, asOf, unit: name };
}

function masked({ cells }: Annex3Line): string[] {
  return cells.map((cell, i) => {
    if (i === ID_COLUMN) return maskId(cell);
    return i === PHONE_COLUMN ? cell.replace(/^(\d{3})\d+(\d{4})$/, '$1****$2') : cell;
  });
}

async function arrivalsAndLate(tx: Tx, scope: Scope, role: Role, day: string) {
  if (!isAllowed(role, 'lists.read')) return { arrivals: [], late: [] };
  const rows = await tx.query<{
    delivery: number;
    source: string;
    sender: string;
    as_of: string;
    at: string;
    counts: Record<string, number>;
  }>(
    `select delivery, source, sender, as_of, to_char(received_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') as at, counts
     from delivery where county = $1 and undone_at is null and not starts_with(sender, $2)
     order by delivery desc limit ${MAX_ARRIVALS}`,
    [scope.county, VISITS_SENDER],
  );
  return {
    arrivals: rows.map((row) => ({
      delivery: row.delivery,
      title: findSource(row.source)?.title ?? row.source,
      sender: row.sender,
      asOf: row.as_of,
      receivedAt: row.at,
      rows: Number(row.counts.rows ?? 0),
      rejected: Number(row.counts.rejected ?? 0),
    })),
    late: await overdueSources(tx, scope, day),
  };
}

async function formFile({
  instance,
  scope,
  params,
  query,
  reply,
}: Ask<typeof contract.formFile>): Promise<unknown> {
  if (params.form === 'annex3') {
    throw new Refusal('report.reason', '附件3 列有人员，导出要写明事由；请在附件3 页面上导出。');
  }
  const table = await instance.db.transaction(scope, async (tx) => {
    const form = await findForm(tx, scope, params.form);
    const found = await countedForm(tx, scope, form, query.region ?? scope.region, query.asOf);
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'report.export',
      subject: form.code,
      region: found.region.code,
      detail: { asOf: found.asOf, format: 'xlsx', rows: found.rows.length },
    });
    return found;
  });
  const { number, name } = table.form;
  return attachment(reply, `${number}-${name}-${table.region.name}-${table.asOf}.xlsx`).send(
    Buffer.from(await toXlsx(table)),
  );
}

/** Lines read at a time, each time in a transaction of its own: a long export keeps nobody waiting. */
const EXPORT_PAGE = 2_000;

/** 附件3 with the people's names: for a reason, which is printed on it and recorded before it is sent. */
async function annex3File({
  instance,
  scope,
  body,
  actor,
  reply,
}: Ask<typeof contract.exportAnnex3>): Promise<unknown> {
  const reason = requireReason(body.reason);
  const reveal = body.reveal === true;
  if (reveal) requirePermission(actor, 'people.reveal');
  const region = body.region ?? scope.region;
  const { tree, head } = await instance.db.transaction(scope, async (tx) => {
    const divisions = await loadRegionTree(tx, scope.county);
    requirePlace(divisions, scope, region);
    const day = chooseDay(await askableDays(tx, scope.county), body.asOf);
    const name = requirePlace(divisions, scope, region, day);
    return { tree: divisions, head: headOf(scope, divisions, region, name, day) };
  });
  const day = head.asOf;
  let rows = 0;
  async function* cells(): AsyncGenerator<string[]> {
    let after: Annex3Line | undefined;
    for (;;) {
      const from = after;
      const page = await instance.db.transaction(scope, (tx) =>
        annex3Page(tx, instance, scope, tree, region, day, {
          limit: EXPORT_PAGE,
          ...(from === undefined ? {} : { after: { region: from.region, personNo: from.personNo } }),
        }),
      );
      rows += page.length;
      for (const line of page) yield reveal ? line.cells : masked(line);
      if (page.length < EXPORT_PAGE) return;
      after = page.at(-1);
    }
  }
  const path = join(instance.dir, `export-${randomUUID()}.xlsx`);
  try {
    const { form, ...found } = head;
    const mark = exportMark({ asOf: day, actor: scope.actor, at: chinaTime(new Date()), reason });
    await annex3ToXlsx(found, cells(), path, { mark });
    await instance.db.transaction(scope, (tx) =>
      record(tx, {
        county: scope.county,
        actor: scope.actor,
        act: 'report.export',
        subject: 'annex3',
        region,
        detail: { asOf: day, format: 'xlsx', rows, reveal, reason },
      }),
    );
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  const stream = createReadStream(path);
  stream.on('close', () => void rm(path, { force: true }));
  return attachment(reply, `附件3-${head.region.name}-${day}.xlsx`).send(stream);
}
