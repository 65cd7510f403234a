import type { BodyOf } from '@quanbao/contract/route';
import type * as contract from '@quanbao/contract/targets';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { isWithin, type RegionCode } from '@quanbao/domain/kernel/region';
import { PLAN_WEIGHT } from '@quanbao/domain/targets/plan';
import { changeShare, changeTotal, type Share, splitShares, splitTown } from '@quanbao/domain/targets/shares';
import type { Weight } from '@quanbao/domain/targets/split';
import { journalOf } from '../../db/journal-of.ts';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { record, requireReason } from '../audit/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { requireRegion } from '../reports/index.ts';
import { downToVillages, requireCounty } from './make.ts';
import {
  insertShares,
  readPlan,
  readShares,
  readVersions,
  replaceShares,
  type StoredPlan,
  type StoredVersion,
} from './store.ts';
import { weigh } from './weights.ts';

/** The draft, held until the transaction ends. @throws Refusal where there is none */
export async function draftOf(tx: Tx, scope: Scope, plan: number): Promise<StoredVersion> {
  await tx.query('select 1 from target_version where county = $1 and plan = $2 order by version for update', [
    scope.county,
    plan,
  ]);
  const draft = (await readVersions(tx, scope, plan)).find(({ issued }) => issued === null);
  if (draft === undefined) {
    throw new Refusal('targets.issued', '这一版已经下达，不能改；请先起草新的一版，写明事由。');
  }
  return draft;
}

type Work = (shares: Share[], plan: StoredPlan, tx: Tx) => Promise<Share[]> | Share[];

/** Changes the draft's shares, and its total where one is given. */
async function changeDraft(
  instance: Instance,
  scope: Scope,
  number: number,
  detail: object,
  work: Work,
  total?: number,
): Promise<{ version: number }> {
  requireCounty(scope);
  return instance.db.transaction(scope, async (tx) => {
    const plan = await readPlan(tx, scope.county, number);
    const { version } = await draftOf(tx, scope, number);
    const shares = await readShares(tx, scope.county, number, version);
    await replaceShares(tx, scope.county, number, version, await work(shares, plan, tx));
    if (total !== undefined) {
      await tx.query(
        'update target_version set total = $4 where county = $1 and plan = $2 and version = $3',
        [scope.county, number, version, total],
      );
    }
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'target.change',
      subject: `target ${number}`,
      region: scope.county,
      detail: { version, ...detail },
    });
    return { version };
  });
}

export function changePlanShare(
  instance: Instance,
  scope: Scope,
  plan: number,
  { region, amount, from }: BodyOf<typeof contract.changePlanShare>,
): Promise<{ version: number }> {
  return changeDraft(instance, scope, plan, { region, amount, from }, (shares) =>
    changeShare(shares, region, amount, from),
  );
}

export function changePlanTotal(
  instance: Instance,
  scope: Scope,
  plan: number,
  total: number,
): Promise<{ version: number }> {
  return changeDraft(instance, scope, plan, { total }, (shares) => changeTotal(shares, total), total);
}

type SplitOrder = BodyOf<typeof contract.splitPlan>;

/**
 * Divides a draft anew; what is issued already only where its villages have nothing yet: that adds to it and rewrites
 * nothing, and a town does it for its own.
 */
export async function splitPlan(
  instance: Instance,
  scope: Scope,
  number: number,
  order: SplitOrder,
): Promise<{ version: number }> {
  const town = order.town ?? (scope.region === scope.county ? undefined : scope.region);
  const drafted = await instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    for (const region of [
      ...(town === undefined ? [] : [town]),
      ...(order.weights ?? []).map((w) => w.region),
    ])
      requireRegion(tree, scope, region);
    await readPlan(tx, scope.county, number);
    return (await readVersions(tx, scope, number)).some(({ issued }) => issued === null);
  });
  if (town !== undefined && town.length !== 9)
    throw new Refusal('targets.place', '分解到村（社区）按乡镇进行；请选择一个乡镇。');
  if (order.level === 'towns') requireCounty(scope);
  if (drafted) {
    return changeDraft(
      instance,
      scope,
      number,
      { level: order.level, by: order.by, town },
      (shares, plan, tx) => divide(tx, scope, shares, plan, order, town),
    );
  }
  return addVillages(instance, scope, number, order, town);
}

async function divide(
  tx: Tx,
  scope: Scope,
  shares: readonly Share[],
  plan: StoredPlan,
  order: SplitOrder,
  town: RegionCode | undefined,
): Promise<Share[]> {
  const weighing = { by: order.by ?? PLAN_WEIGHT[plan.kind], asOf: order.asOf };
  const given = order.weights;
  if (order.level === 'villages') {
    if (given === undefined) return downToVillages(tx, scope, shares, weighing, town);
    if (town === undefined)
      throw new Refusal('targets.place', '自定权重按一个乡镇分解到村（社区）；请先选择乡镇。');
    return splitTown(shares, town, whollyWithin(given, town, 12));
  }
  const total = shares
    .filter(({ region }) => region.length === 9)
    .reduce((sum, { amount }) => sum + amount, 0);
  const had = shares.some(({ region }) => region.length > 9);
  const places = given
    ? whollyWithin(given, scope.county, 9)
    : (await weigh(tx, scope, scope.county, weighing)).places;
  const paper = new Map(shares.map((share) => [share.region, share]));
  const towns = splitShares(total, places).map((share) => ({
    ...share,
    printed: paper.get(share.region)?.printed ?? '',
    position: paper.get(share.region)?.position ?? 0,
  }));
  return had ? downToVillages(tx, scope, towns, weighing) : towns;
}

function whollyWithin(weights: readonly Weight[], region: RegionCode, length: number): readonly Weight[] {
  const codes = new Set(weights.map((one) => one.region));
  const sound = weights.every((one) => one.region.length === length && isWithin(one.region, region));
  if (sound && codes.size === weights.length) return weights;
  throw new Refusal('targets.weights', '权重应给同一级的单位，每个单位一次；请改正后再试。');
}

async function addVillages(
  instance: Instance,
  scope: Scope,
  number: number,
  order: SplitOrder,
  town: RegionCode | undefined,
): Promise<{ version: number }> {
  const journal = journalOf(scope);
  return instance.db.transaction(journal, async (tx) => {
    const plan = await readPlan(tx, scope.county, number);
    await tx.query(
      'select 1 from target_version where county = $1 and plan = $2 order by version for update',
      [scope.county, number],
    );
    const version = (await readVersions(tx, journal, number)).findLast(({ issued }) => issued !== null);
    if (version === undefined)
      throw new Refusal('targets.draft', '这项任务还没有下达；请等县里下达后再分解到村（社区）。');
    const shares = await readShares(tx, scope.county, number, version.version);
    const there = shares.some(
      ({ region }) => region.length > 9 && (town === undefined || isWithin(region, town)),
    );
    if (there || order.level === 'towns') {
      throw new Refusal('targets.issued', '这一版已经下达，不能重新分解；请县里起草新的一版，写明事由。');
    }
    const divided = await divide(tx, journal, shares, plan, order, town);
    const added = divided.filter(
      ({ region }) => region.length > 9 && !shares.some((s) => s.region === region),
    );
    await insertShares(tx, scope.county, number, version.version, added);
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'target.split',
      subject: `target ${number}`,
      region: town ?? scope.county,
      detail: { version: version.version, villages: added.length },
    });
    return { version: version.version };
  });
}

/** A draft that begins as what is issued. */
export async function revisePlan(
  instance: Instance,
  scope: Scope,
  number: number,
  why: string,
): Promise<{ version: number }> {
  requireCounty(scope);
  const reason = requireReason(why);
  return instance.db.transaction(scope, async (tx) => {
    await readPlan(tx, scope.county, number);
    const versions = await readVersions(tx, scope, number);
    const last = versions.at(-1) as StoredVersion;
    if (last.issued === null)
      throw new Refusal('targets.draft', '已经有一版草稿；请先下达或放弃它，再起草新的一版。');
    const version = last.version + 1;
    await tx.query(
      'insert into target_version (county, plan, version, total, reason, actor) values ($1, $2, $3, $4, $5, $6)',
      [scope.county, number, version, last.total, reason, scope.actor],
    );
    await insertShares(
      tx,
      scope.county,
      number,
      version,
      await readShares(tx, scope.county, number, last.version),
    );
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'target.revise',
      subject: `target ${number}`,
      region: scope.county,
      detail: { version, reason },
    });
    return { version };
  });
}

/** A plan that was never issued goes with its draft. */
export async function dropDraft(instance: Instance, scope: Scope, number: number): Promise<{ done: true }> {
  requireCounty(scope);
  return instance.db.transaction(scope, async (tx) => {
    await readPlan(tx, scope.county, number);
    const { version } = await draftOf(tx, scope, number);
    for (const table of ['target_share', 'target_version'])
      await tx.query(`delete from ${table} where county = $1 and plan = $2 and version = $3`, [
        scope.county,
        number,
        version,
      ]);
    if (version === 1) {
      await tx.query('delete from target_plan where county = $1 and plan = $2', [scope.county, number]);
    }
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'target.drop',
      subject: `target ${number}`,
      region: scope.county,
      detail: { version },
    });
    return { done: true };
  });
}
