import type { BodyOf } from '@quanbao/contract/route';
import type * as contract from '@quanbao/contract/targets';
import { FOREVER, isPlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { isWithin, type RegionCode } from '@quanbao/domain/kernel/region';
import { checkShares, type Share } from '@quanbao/domain/targets/shares';
import { journalOf } from '../../db/journal-of.ts';
import type { Scope } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { holdsIdNumber, record, requireReason } from '../audit/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { requireRegion } from '../reports/index.ts';
import { draftOf } from './change.ts';
import { requireCounty } from './make.ts';
import { inForceOn, readPlan, readShares, readVersions } from './store.ts';

/** Towns that had gone down to their villages and would no longer: what was split is never lost unsaid. */
function withoutVillages(before: readonly Share[], now: readonly Share[]): RegionCode[] {
  const wentDown = (shares: readonly Share[], town: RegionCode): boolean =>
    shares.some(({ region }) => region.length > 9 && isWithin(region, town));
  return now
    .map(({ region }) => region)
    .filter((region) => region.length === 9 && wentDown(before, region) && !wentDown(now, region));
}

/** 下达: from the day on it holds, and is never rewritten. @throws Refusal where a sum does not agree */
export async function issuePlan(
  instance: Instance,
  scope: Scope,
  number: number,
  { day, document }: BodyOf<typeof contract.issuePlan>,
): Promise<{ version: number }> {
  requireCounty(scope);
  if (!isPlainDate(day)) throw new Refusal('targets.day', '下达日期应为 2020-08-31 的样子；请改正后再试。');
  const paper = document?.trim() ?? '';
  if (holdsIdNumber(paper)) throw new Refusal('targets.title', '文号里不能有身份证号码；请改正后再试。');
  return instance.db.transaction(scope, async (tx) => {
    const plan = await readPlan(tx, scope.county, number);
    const { version, total } = await draftOf(tx, scope, number);
    const tree = await loadRegionTree(tx, scope.county);
    const shares = await readShares(tx, scope.county, number, version);
    const failures = checkShares(total, shares, (region) => tree.get(region)?.name ?? region);
    if (failures.length > 0)
      throw new Refusal('targets.sum', `${failures.join('；')}；没有下达，请改正后再试。`);
    if (day > plan.due)
      throw new Refusal('targets.day', `下达日期 ${day} 晚于期限 ${plan.due}；请改正后再试。`);
    const before = (await readVersions(tx, scope, number)).findLast(({ issued }) => issued !== null);
    if (before?.issued && day < before.issued) {
      throw new Refusal(
        'targets.day',
        `第 ${before.version} 版是 ${before.issued} 下达的，新的一版不能更早；请改正后再试。`,
      );
    }
    if (before !== undefined) {
      const lost = withoutVillages(await readShares(tx, scope.county, number, before.version), shares);
      if (lost.length > 0) {
        const names = lost.map((region) => tree.get(region)?.name ?? region).join('、');
        throw new Refusal(
          'targets.villages',
          `${names}在第 ${before.version} 版里已分解到村（社区），这一版还没有；请先在这一版里分解到村，再下达。`,
        );
      }
    }
    await tx.query(
      `update target_version set issued_day = $4, issued_by = $5, issued_document = $6
       where county = $1 and plan = $2 and version = $3`,
      [scope.county, number, version, day, scope.actor, paper === '' ? plan.document : paper],
    );
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'target.issue',
      subject: `target ${number}`,
      region: scope.county,
      detail: { version, day, total, shares: shares.length },
    });
    return { version };
  });
}

/** 签收: a town for itself, or for a village of its own. A county account signs for nobody. */
export async function signPlan(
  instance: Instance,
  scope: Scope,
  number: number,
  order: BodyOf<typeof contract.signPlan>,
): Promise<{ version: number }> {
  const region = order.region ?? scope.region;
  const remark = order.remark?.trim() ?? '';
  if (holdsIdNumber(remark)) throw new Refusal('targets.remark', '备注里不能有身份证号码；请改正后再试。');
  const version = await instance.db.transaction(scope, async (tx) => {
    requireRegion(await loadRegionTree(tx, scope.county), scope, region);
    const plan = await readPlan(tx, scope.county, number);
    if (plan.ended !== null)
      throw new Refusal('targets.ended', `这项任务已于 ${plan.ended} 终止，不再签收。`);
    // Taken note of as soon as it is issued, also before the day it begins to hold.
    const latest = (await readVersions(tx, scope, number)).findLast(({ issued }) => issued !== null);
    const shares = latest && (await readShares(tx, scope.county, number, latest.version));
    if (!latest || !shares?.some((share) => share.region === region))
      throw new Refusal('targets.place', '没有下达给这个单位的任务可以签收；请刷新后再看。');
    return latest.version;
  });
  return instance.db.transaction(journalOf(scope), async (tx) => {
    const rows = await tx.query(
      `insert into target_receipt (county, plan, version, region, signer, remark) values ($1, $2, $3, $4, $5, $6)
       on conflict (county, plan, version, region) do nothing returning 1`,
      [scope.county, number, version, region, scope.actor, remark],
    );
    if (rows.length === 0) throw new Refusal('targets.signed', '这个单位已经签收过这一版；没有改动。');
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'target.sign',
      subject: `target ${number}`,
      region,
      detail: { version },
    });
    return { version };
  });
}

/** From the day on it is in force no more; what it was before stays. */
export async function endPlan(
  instance: Instance,
  scope: Scope,
  number: number,
  order: BodyOf<typeof contract.endPlan>,
): Promise<{ done: true }> {
  requireCounty(scope);
  const reason = requireReason(order.reason);
  if (!isPlainDate(order.day))
    throw new Refusal('targets.day', '终止日期应为 2020-08-31 的样子；请改正后再试。');
  return instance.db.transaction(scope, async (tx) => {
    const plan = await readPlan(tx, scope.county, number);
    if (plan.ended !== null)
      throw new Refusal('targets.ended', `这项任务已于 ${plan.ended} 终止；没有改动。`);
    const issued = inForceOn(await readVersions(tx, scope, number), FOREVER);
    if (issued === undefined) throw new Refusal('targets.draft', '这项任务还没有下达；不需要时请放弃草稿。');
    if (order.day < plan.from)
      throw new Refusal('targets.day', `终止日期早于开始日期 ${plan.from}；请改正后再试。`);
    await tx.query('update target_plan set ended_day = $3 where county = $1 and plan = $2', [
      scope.county,
      number,
      order.day,
    ]);
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'target.end',
      subject: `target ${number}`,
      region: scope.county,
      detail: { day: order.day, reason },
    });
    return { done: true };
  });
}
