import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as contract from '@quanbao/contract/targets';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { FastifyRequest } from 'fastify';
import { Value } from 'typebox/value';
import { attachment } from '../../http/attachment.ts';
import { type Handled, handle } from '../../http/handler.ts';
import { toXlsx } from '../reports/index.ts';
import { annex1Table, importAnnex1, recordAnnex1 } from './annex1.ts';
import { changePlanShare, changePlanTotal, dropDraft, revisePlan, splitPlan } from './change.ts';
import { readFigures } from './figures.ts';
import { readFigure, resolveReference } from './indicator-page.ts';
import { endPlan, issuePlan, signPlan } from './issue.ts';
import { type About, makePlan } from './make.ts';
import { listPlans, planCourse, viewPlan } from './progress.ts';

export const targetRoutes: readonly Handled[] = [
  handle(contract.figures, async ({ instance, scope, query }) => readFigures(instance, scope, query)),
  handle(contract.figure, async ({ instance, scope, params, query }) =>
    readFigure(instance, scope, params.indicator, query),
  ),
  handle(contract.reference, async ({ instance, scope, actor, params }) =>
    resolveReference(instance, scope, actor.role, params.reference),
  ),
  handle(contract.plans, async ({ instance, scope, query }) => listPlans(instance, scope, query)),
  handle(contract.plan, async ({ instance, scope, params, query }) =>
    viewPlan(instance, scope, params.plan, query),
  ),
  handle(contract.planCourse, async ({ instance, scope, params, query }) =>
    planCourse(instance, scope, params.plan, query),
  ),
  handle(contract.makePlan, async ({ instance, scope, body }) => makePlan(instance, scope, body)),
  handle(contract.importPlan, async ({ instance, scope, request }) =>
    withPaper(request, (about, file) => importAnnex1(instance, scope, about, file)),
  ),
  handle(contract.splitPlan, async ({ instance, scope, params, body }) =>
    splitPlan(instance, scope, params.plan, body),
  ),
  handle(contract.changePlanShare, async ({ instance, scope, params, body }) =>
    changePlanShare(instance, scope, params.plan, body),
  ),
  handle(contract.changePlanTotal, async ({ instance, scope, params, body }) =>
    changePlanTotal(instance, scope, params.plan, body.total),
  ),
  handle(contract.revisePlan, async ({ instance, scope, params, body }) =>
    revisePlan(instance, scope, params.plan, body.reason),
  ),
  handle(contract.dropPlanDraft, async ({ instance, scope, params }) =>
    dropDraft(instance, scope, params.plan),
  ),
  handle(contract.issuePlan, async ({ instance, scope, params, body }) =>
    issuePlan(instance, scope, params.plan, body),
  ),
  handle(contract.signPlan, async ({ instance, scope, params, body }) =>
    signPlan(instance, scope, params.plan, body),
  ),
  handle(contract.endPlan, async ({ instance, scope, params, body }) =>
    endPlan(instance, scope, params.plan, body),
  ),
  handle(contract.planAnnex1, async ({ instance, scope, params, query, reply }) => {
    const table = await instance.db.transaction(scope, async (tx) => {
      const found = await annex1Table(tx, scope, params.plan, query);
      await recordAnnex1(tx, scope, params.plan, 'xlsx', found.rows.length);
      return found;
    });
    return attachment(reply, `附件1-${table.county.name}-${table.asOf.slice(0, 4)}年度.xlsx`).send(
      await toXlsx(table),
    );
  }),
];

/** The paper names places and figures, nobody: it lies in the clear while it is read. */
async function withPaper<T>(
  request: FastifyRequest,
  work: (about: About, file: { name: string; path: string }) => Promise<T>,
): Promise<T> {
  const none = (): Refusal => new Refusal('annex1.file', '没有收到文件；请选附件1 的 xlsx 或 csv 文件。');
  if (!request.isMultipart()) throw none();
  const dir = await mkdtemp(join(tmpdir(), 'quanbao-annex1-'));
  try {
    const saved = await request.saveRequestFiles({ tmpdir: dir, limits: { files: 1 } });
    const [file] = saved.files;
    if (file === undefined) throw none();
    const about = orderIn(file.fields.plan);
    return await work(about, { name: file.filename, path: file.filepath });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function orderIn(field: unknown): About {
  try {
    const given: unknown = JSON.parse(
      String((field as { value?: unknown } | undefined)?.value ?? '{"kind":"verify"}'),
    );
    if (Value.Check(contract.Annex1Order, given)) return given as About;
  } catch {
    // falls through: what is no JSON is no order
  }
  throw new Refusal('request.invalid', '任务的内容不合要求；请刷新页面后再试。');
}
