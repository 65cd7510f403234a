import { FOREVER, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { annex1Rows, FORMS, type FormTable } from '@quanbao/domain/reports/forms';
import { readAnnex1 } from '@quanbao/domain/targets/annex1';
import { townsOf } from '@quanbao/domain/targets/shares';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { record } from '../audit/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { readSmallTable } from '../sources/index.ts';
import { type About, planFromAnnex1 } from './make.ts';
import { inForceOn, readPlan, readPlans, readShares, readVersions, unknownPlan } from './store.ts';

/** 附件1 as the county has it: a draft with its units, once its 合计 is their sum. */
export async function importAnnex1(
  instance: Instance,
  scope: Scope,
  about: About,
  file: { name: string; path: string },
): Promise<{ plan: number; units: number; total: number }> {
  const { lines, year } = readAnnex1(await readSmallTable(file));
  return planFromAnnex1(instance, scope, about, { lines, year, name: file.name });
}

/** 附件1 of a version, as it came in: the units' printed names in their printed order, others after them. */
export async function annex1Table(
  tx: Tx,
  scope: Scope,
  number: number,
  asked: { version?: number | undefined; day?: PlainDate | undefined } = {},
): Promise<FormTable> {
  const plan = await readPlan(tx, scope.county, number);
  if (plan.unit !== 'heads')
    throw new Refusal('annex1.money', '附件1 印的是人数；这项任务是金额，请在任务页上导出或打印。');
  const versions = await readVersions(tx, scope, number);
  const shown =
    asked.version === undefined
      ? (inForceOn(versions, asked.day ?? FOREVER) ?? versions.at(-1))
      : versions.find(({ version }) => version === asked.version);
  if (shown === undefined) throw unknownPlan();
  const tree = await loadRegionTree(tx, scope.county);
  const shares = townsOf(await readShares(tx, scope.county, number, shown.version)).toSorted(
    (a, b) => (a.position || Number.MAX_SAFE_INTEGER) - (b.position || Number.MAX_SAFE_INTEGER),
  );
  const { rows, total } = annex1Rows(
    shares.map(({ region, amount, printed }) => ({
      code: region,
      name: printed || (tree.get(region)?.name ?? region),
      target: amount,
    })),
  );
  const county = { code: scope.county, name: tree.get(scope.county)?.name ?? scope.county };
  const asOf = `${plan.due.slice(0, 4)}-12-31`;
  return { form: FORMS.annex1, region: county, county, asOf, unit: county.name, rows, total };
}

/** The 核实任务 in force, or else the latest. @throws Refusal where there is none */
export async function verifyPlan(tx: Tx, scope: Scope): Promise<number> {
  const found = (await readPlans(tx, scope.county)).find(({ kind }) => kind === 'verify');
  if (found === undefined)
    throw new Refusal('targets.none', '还没有核实任务；先用 targets import 导入附件1。');
  return found.plan;
}

export function recordAnnex1(
  tx: Tx,
  scope: Scope,
  plan: number,
  format: string,
  rows: number,
): Promise<void> {
  return record(tx, {
    county: scope.county,
    actor: scope.actor,
    act: 'report.export',
    subject: 'annex1',
    region: scope.county,
    detail: { plan, format, rows },
  });
}
