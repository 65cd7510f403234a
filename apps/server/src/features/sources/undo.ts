import { Refusal } from '@quanbao/domain/kernel/problem';
import type { Scope } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { record } from '../audit/index.ts';
import { recompute } from '../coverage/index.ts';
import { lockCounty, openContext, restack, stageLater } from './receive.ts';
import { addPeople, type StackedDelivery } from './series.ts';
import { clearStage } from './stage.ts';

export interface UndoReport {
  delivery: number;
  source: string;
  asOf: string;
  /** People whose verdict steps changed. */
  changed: number;
  people: number;
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
): Promise<UndoReport> {
  const context = await openContext(instance, scope);
  const target = await instance.db.transaction(scope, async (tx) => {
    const [row] = await tx.query<StackedDelivery & { undone_at: string | null }>(
      'select delivery, source, sender, region, as_of, mode, digest, years, undone_at from delivery where county = $1 and delivery = $2',
      [scope.county, number],
    );
    return row;
  });
  if (target === undefined)
    throw new Refusal('undo.unknown', `没有第 ${number} 号报送；用 quanbao deliveries 查看编号。`);
  if (target.undone_at !== null) throw new Refusal('undo.done', `第 ${number} 号报送已经撤销过。`);
  const dropped = new Set([number]);
  const restaged: number[] = [];
  try {
    onProgress?.('整理同一来源的后续名单');
    const repush = await stageLater(instance, scope, context, [], dropped, restaged, new Set(), [target]);
    return await instance.db.transaction(scope, async (tx) => {
      const { change } = await lockCounty(tx, scope.county);
      await addPeople(tx, scope.county, [...repush.keys()], false);
      await restack(tx, scope.county, [], dropped, new Set(), repush, change, false, () => {}, [target]);
      const undone = await tx.query(
        'update delivery set undone_at = now(), undone_by = $3 where county = $1 and delivery = $2 and undone_at is null returning 1',
        [scope.county, number, scope.actor],
      );
      if (undone.length === 0) throw new Refusal('undo.done', `第 ${number} 号报送已经撤销过。`);
      onProgress?.('重新判定受影响的人员');
      const effects = await recompute(tx, scope.county, context.content.tree, change, {
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
      return {
        delivery: number,
        source: target.source,
        asOf: target.as_of,
        changed: effects.changed,
        people: effects.people,
      };
    });
  } finally {
    if (restaged.length > 0)
      await instance.db.transaction(scope, (tx) => clearStage(tx, scope.county, restaged));
  }
}
