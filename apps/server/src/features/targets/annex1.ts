import { FOREVER, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { type RegionCode, regionLevel } from '@quanbao/domain/kernel/region';
import { annex1Rows, FORMS, type FormTable } from '@quanbao/domain/reports/forms';
import { readAnnex1 } from '@quanbao/domain/targets/annex1';
import { type Share, townsOf, villagesOfTown } from '@quanbao/domain/targets/shares';
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

/**
 * 附件1 of a version, as it came in: the units' printed names in their printed order, others after them. Of a town its
 * villages' shares, of a village its own.
 */
export async function annex1Table(
  tx: Tx,
  scope: Scope,
  number: number,
  asked: {
    version?: number | undefined;
    day?: PlainDate | undefined;
    region?: RegionCode | undefined;
  } = {},
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
  const nameOf = (code: RegionCode): string => tree.get(code)?.name ?? code;
  const all = await readShares(tx, scope.county, number, shown.version);
  const of = asked.region ?? scope.county;
  const shares = sharesIn(all, of).toSorted(
    (a, b) => (a.position || Number.MAX_SAFE_INTEGER) - (b.position || Number.MAX_SAFE_INTEGER),
  );
  if (of !== scope.county && shares.length === 0) {
    throw new Refusal(
      'annex1.region',
      `${nameOf(of)}在这项任务里没有分解到村（社区）的任务数；先用 targets split ${number} 分解，或去掉区划看全县的。`,
    );
  }
  const { rows, total } = annex1Rows(
    shares.map(({ region, amount, printed }) => ({
      code: region,
      name: printed || nameOf(region),
      target: amount,
    })),
  );
  const county = { code: scope.county, name: nameOf(scope.county) };
  const region = { code: of, name: nameOf(of) };
  const asOf = `${plan.due.slice(0, 4)}-12-31`;
  const form =
    of === scope.county
      ? FORMS.annex1
      : { ...FORMS.annex1, title: FORMS.annex1.title.replace('全{level}', region.name) };
  return { form, region, county, asOf, unit: region.name, rows, total };
}

function sharesIn(all: readonly Share[], region: RegionCode): Share[] {
  const level = regionLevel(region);
  if (level === 'county') return townsOf(all);
  return level === 'town' ? villagesOfTown(all, region) : all.filter((one) => one.region === region);
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
