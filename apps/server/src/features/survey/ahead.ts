import { journalOf } from '../../db/journal-of.ts';
import type { Scope } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { judgeAnew, nextChange } from '../coverage/index.ts';
import { isHorizonDue, rollHorizon } from '../sources/index.ts';

/** Writes everybody's turns ahead, where it disturbs others least. */
export type Ahead = (scope: Scope, days: readonly string[]) => Promise<unknown>;

/**
 * The first answer of a year turns the whole county on to the next. That is a commit of its own before the answers, so that
 * it can be done in a thread beside: within the commit of the answers it kept whoever reads waiting for half a minute.
 * What it failed to do, that commit does.
 */
export async function turnFirst(
  instance: Instance,
  seen: Scope,
  days: readonly string[],
  ahead: Ahead,
): Promise<void> {
  const scope = journalOf(seen);
  const due = await instance.db.transaction(scope, (tx) => isHorizonDue(tx, scope.county, days));
  if (due) await ahead(scope, days).catch(() => undefined);
}

/** @returns whether there was anything to do */
export async function turnAhead(instance: Instance, scope: Scope, days: readonly string[]): Promise<boolean> {
  return instance.db.transaction(scope, async (tx) => {
    const change = await nextChange(tx, scope.county);
    if (!(await rollHorizon(tx, scope.county, days))) return false;
    await judgeAnew(tx, scope.county, change, [], { everybody: true });
    return true;
  });
}
