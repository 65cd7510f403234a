import { Refusal } from '@quanbao/domain/kernel/problem';
import type { Scope } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { record } from '../audit/index.ts';
import { type NetEffect, netEffects, recompute } from '../coverage/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { lockCounty, noteDays, openContext, VISITS_SENDER } from './county-journal.ts';
import { admitPeople } from './person-numbers.ts';
import { forget, restack, type StackChange, stageLater, stagesOf } from './restack.ts';
import type { StackedDelivery } from './series.ts';

export interface UndoReport {
  delivery: number;
  source: string;
  asOf: string;
  /** People whose verdict steps changed. */
  changed: number;
  people: number;
  /** Where the counts of the delivery's own day move. */
  effects: (NetEffect & { regionName: string })[];
}

/** Ends a trial: everything is rolled back, the report is kept. */
class TrialEnd extends Error {
  readonly report: UndoReport;
  constructor(report: UndoReport) {
    super();
    this.report = report;
  }
}

/**
 * Takes a delivery back: its claims come off the stack, what it replaced is in force again,
 * the touched people are judged anew and the counts get the difference appended. Nobody is deleted.
 */
export async function undoDelivery(
  instance: Instance,
  scope: Scope,
  number: number,
  onProgress?: (text: string) => void,
  options: { dryRun?: boolean } = {},
): Promise<UndoReport> {
  const context = await openContext(instance, scope);
  const target = await instance.db.transaction(scope, async (tx) => {
    const [row] = await tx.query<StackedDelivery & { undone_at: string | null }>(
      'select delivery, source, sender, region, as_of, mode, digest, years, undone_at from delivery where county = $1 and delivery = $2',
      [scope.county, number],
    );
    return row;
  });
  if (target === undefined) throw new Refusal('undo.unknown', `没有第 ${number} 号报送；请核对编号。`);
  if (target.sender.startsWith(VISITS_SENDER)) {
    throw new Refusal('undo.visits', '走访答复逐条撤回，不按报送撤销；请在走访记录里撤回。');
  }
  if (target.undone_at !== null) throw new Refusal('undo.done', `第 ${number} 号报送已经撤销过。`);
  const change: StackChange = { dropped: new Set([number]), groups: [target] };
  onProgress?.('整理同一来源的后续名单');
  const reread = await stageLater(instance, scope, context, change);
  try {
    return await instance.db.transaction(scope, async (tx) => {
      const commit = { ...(await lockCounty(tx, scope.county, context)), fresh: false };
      await admitPeople(tx, scope.county, stagesOf(reread));
      await restack(tx, instance, scope, context, change, reread, commit);
      const undone = await tx.query(
        'update delivery set undone_at = now(), undone_by = $3 where county = $1 and delivery = $2 and undone_at is null returning 1',
        [scope.county, number, scope.actor],
      );
      if (undone.length === 0) throw new Refusal('undo.done', `第 ${number} 号报送已经撤销过。`);
      const everybody = await noteDays(tx, scope.county);
      onProgress?.('重新判定受影响的人员');
      const effects = await recompute(tx, scope.county, context.content.tree, commit.change, {
        everybody,
        onProgress: (people) => onProgress?.(`  已判定 ${people} 人`),
      });
      await record(tx, {
        county: scope.county,
        actor: scope.actor,
        act: 'delivery.undo',
        subject: `delivery ${number}`,
        region: target.region,
        detail: { source: target.source, asOf: target.as_of, changed: effects.changed },
      });
      const tree = await loadRegionTree(tx, scope.county);
      const moved = await netEffects(tx, scope.county, commit.change, target.as_of);
      const report = {
        delivery: number,
        source: target.source,
        asOf: target.as_of,
        changed: effects.changed,
        people: effects.people,
        effects: moved.map((one) => ({ ...one, regionName: tree.get(one.region)?.name ?? one.region })),
      };
      if (options.dryRun) throw new TrialEnd(report);
      return report;
    });
  } catch (error) {
    if (error instanceof TrialEnd) return error.report;
    throw error;
  } finally {
    await forget(instance, scope, reread.values());
  }
}
