import type { BodyOf } from '@quanbao/contract/route';
import type * as contract from '@quanbao/contract/targets';
import { indicator } from '@quanbao/domain/indicators/indicators';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { RegionTree } from '@quanbao/domain/regions/region-tree';
import { ANNEX1_YUANJIANG } from '@quanbao/domain/reports/annex1-yuanjiang';
import { type Annex1Line, resolveUnits } from '@quanbao/domain/targets/annex1';
import {
  checkCourse,
  PLAN_INDICATOR,
  PLAN_WEIGHT,
  PLAN_WORDS,
  printedMilestones,
} from '@quanbao/domain/targets/plan';
import { type Share, splitShares, splitTown, townsOf } from '@quanbao/domain/targets/shares';
import { sumOf } from '@quanbao/domain/targets/split';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { holdsIdNumber, record } from '../audit/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { askableDays, chooseDay } from '../reports/index.ts';
import { insertShares } from './store.ts';
import { EQUAL, requireCount, type Weighing, weigh } from './weights.ts';

type Order = BodyOf<typeof contract.makePlan>;
export type About = Omit<Order, 'basis' | 'villages'>;

interface Basis {
  readonly total: number;
  readonly shares: readonly Share[];
  /** Where the figures are from, as the first version's reason. */
  readonly reason: string;
  readonly year?: number | undefined;
}

/** A draft of a plan, from the shipped 附件1, the counts of a day, or a total by weights. */
export async function makePlan(instance: Instance, scope: Scope, order: Order): Promise<{ plan: number }> {
  requireCounty(scope);
  return instance.db.transaction(scope, async (tx) => {
    const { plan } = await insertPlan(tx, scope, order, await basisOf(tx, scope, order));
    return { plan };
  });
}

/** A draft of a 核实任务, as a paper prints it. */
export async function planFromAnnex1(
  instance: Instance,
  scope: Scope,
  about: About,
  paper: { lines: readonly Annex1Line[]; year?: number | undefined; name: string },
): Promise<{ plan: number; units: number; total: number }> {
  requireCounty(scope);
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const day = chooseDay(await askableDays(tx, scope.county), undefined);
    const shares = sharesOf(tree, paper.lines, day);
    const total = sumOf(shares);
    const { plan } = await insertPlan(tx, scope, about, {
      total,
      shares,
      reason: `按《${paper.name}》`,
      year: paper.year,
    });
    return { plan, units: shares.length, total };
  });
}

/** @throws Refusal for whoever is not the county */
export function requireCounty(scope: Scope): void {
  if (scope.region === scope.county) return;
  throw new Refusal('targets.county', '目标任务由县里制定、下达；乡镇只能把本乡镇的任务分解到村（社区）。');
}

function sharesOf(tree: RegionTree, lines: readonly Annex1Line[], day: PlainDate): Share[] {
  const find = (name: string): string | undefined => {
    const code = tree.townByName(name);
    return code === undefined ? undefined : tree.current(code, day);
  };
  return resolveUnits(lines, find).map(({ region, amount, name }, at) => ({
    region,
    amount,
    how: 'given',
    weight: null,
    printed: name,
    position: at + 1,
  }));
}

async function basisOf(tx: Tx, scope: Scope, order: Order): Promise<Basis> {
  const { basis } = order;
  if (basis.of === 'annex1') {
    const { county, units, total, year } = ANNEX1_YUANJIANG;
    if (scope.county !== county.code) {
      throw new Refusal('targets.shipped', `软件只带有${county.name}的附件1；请导入本县的附件1。`);
    }
    const tree = await loadRegionTree(tx, scope.county);
    const day = chooseDay(await askableDays(tx, scope.county), undefined);
    const lines = units.map(({ name, target }) => ({ name, amount: target }));
    return { total, shares: sharesOf(tree, lines, day), reason: '按沅人社发〔2020〕44号附件1', year };
  }
  const by = (basis.of === 'count' ? basis.indicator : basis.by) ?? PLAN_WEIGHT[order.kind];
  if (basis.of === 'count') requireCount(by);
  const towns = await weigh(tx, scope, scope.county, { by, asOf: basis.asOf });
  const total = basis.of === 'count' ? towns.whole : basis.total;
  let shares = splitShares(total, towns.places);
  if (order.villages !== false) {
    shares = await downToVillages(tx, scope, shares, { by, asOf: towns.day });
  }
  const words = by === EQUAL ? '平均' : `按 ${towns.day} ${indicator(by).name}`;
  return { total, shares, reason: basis.of === 'count' ? words : `总数 ${total}，${words}分解` };
}

/** Every town's share divided to its villages; a town without villages keeps it. */
export async function downToVillages(
  tx: Tx,
  scope: Scope,
  shares: readonly Share[],
  weighing: Weighing,
  only?: string,
): Promise<Share[]> {
  let divided = [...shares];
  for (const { region } of townsOf(shares)) {
    if (only !== undefined && region !== only) continue;
    const { places } = await weigh(tx, scope, region, weighing);
    if (places.length > 0) divided = splitTown(divided, region, places);
  }
  return divided;
}

async function insertPlan(
  tx: Tx,
  scope: Scope,
  about: About,
  { total, shares, reason, year }: Basis,
): Promise<{ plan: number }> {
  const day = chooseDay(await askableDays(tx, scope.county), undefined);
  const course = courseOf(about, day, year);
  checkCourse(course);
  const said = about.indicator ?? '';
  if (about.kind === 'own' && said !== '') requireCount(said);
  if (about.unit === 'fen' && said !== '') {
    throw new Refusal('targets.unit', '金额任务还没有可以对照的数据（待接入）；请不要选人数指标。');
  }
  const counted = about.kind === 'own' ? said : PLAN_INDICATOR[about.kind];
  const title = about.title?.trim() || `${course.due.slice(0, 4)}年${PLAN_WORDS[about.kind]}`;
  const document = about.document?.trim() ?? '';
  if (holdsIdNumber(title) || holdsIdNumber(document))
    throw new Refusal('targets.title', '名称和文号里不能有身份证号码；请改正后再试。');
  const [row] = await tx.query<{ plan: number }>(
    `insert into target_plan (county, plan, kind, title, unit, indicator, from_day, due_day, milestones, document, actor)
     select $1, coalesce(max(plan), 0) + 1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10 from target_plan where county = $1
     returning plan`,
    [
      scope.county,
      about.kind,
      title,
      about.kind === 'own' ? (about.unit ?? 'heads') : 'heads',
      counted,
      course.from,
      course.due,
      JSON.stringify(course.milestones),
      document,
      scope.actor,
    ],
  );
  const plan = Number(row?.plan);
  await tx.query(
    'insert into target_version (county, plan, version, total, reason, actor) values ($1, $2, 1, $3, $4, $5)',
    [scope.county, plan, total, reason, scope.actor],
  );
  await insertShares(tx, scope.county, plan, 1, shares);
  await record(tx, {
    county: scope.county,
    actor: scope.actor,
    act: 'target.make',
    subject: `target ${plan}`,
    region: scope.county,
    detail: { kind: about.kind, total, shares: shares.length, from: course.from, due: course.due },
  });
  return { plan };
}

/** Campaign plans run to the end of October with the printed milestones, others over the calendar year. */
function courseOf(
  about: About,
  day: PlainDate,
  year: number | string = day.slice(0, 4),
): { from: PlainDate; due: PlainDate; milestones: { day: PlainDate; percent: number }[] } {
  if (about.kind === 'own') {
    const [from, due] = [about.from ?? `${year}-01-01`, about.due ?? `${year}-12-31`];
    return { from, due, milestones: about.milestones ?? [] };
  }
  const start = about.kind === 'verify' ? `${year}-08-01` : day;
  const from = about.from ?? start;
  const due = about.due ?? (from <= `${year}-10-31` ? `${year}-10-31` : `${year}-12-31`);
  const printed = printedMilestones(year).filter((one) => one.day > from && one.day <= due);
  return { from, due, milestones: about.milestones ?? printed };
}
