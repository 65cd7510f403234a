import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { isWithin, type RegionCode } from '@quanbao/domain/kernel/region';
import { checkForm } from '@quanbao/domain/reports/footing';
import { dutyAbove, dutyBelow, owes, periodFromCode } from '@quanbao/domain/supervision/calendar';
import {
  ACT_WORDS,
  moved,
  SUBMISSION_WORDS,
  type SubmissionState,
} from '@quanbao/domain/supervision/submission';
import { journalOf } from '../../../db/journal-of.ts';
import type { Scope, Tx } from '../../../db/port.ts';
import type { Instance } from '../../../instance.ts';
import { requireReason } from '../../audit/index.ts';
import { loadRegionTree } from '../../regions/index.ts';
import { workDay } from '../../reports/index.ts';
import { rulesOn } from '../rules.ts';
import { withoutNumbers } from '../today.ts';
import { noteAct, readFrozen, readSubmission, type StoredSubmission } from './store.ts';

/**
 * Sends it up: refused while it does not foot, or while one of those below is not approved.
 * @param on the day it is sent on, where that is not the day of work
 */
export async function submitSubmission(
  instance: Instance,
  scope: Scope,
  submission: number,
  remark = '',
  on?: PlainDate,
): Promise<{ state: string }> {
  withoutNumbers('submission.remark', remark);
  await instance.db.transaction(scope, (tx) => readSubmission(tx, scope, submission));
  return instance.db.transaction(journalOf(scope), async (tx) => {
    const one = await readSubmission(tx, scope, submission, 'for update');
    const state = moved(one.state, 'submit');
    const frozen = await readFrozen(tx, scope, submission, one.version);
    const failures = [
      ...frozen.failures,
      ...checkForm(frozen.table.form, frozen.table.rows, frozen.table.total).map(({ message }) => message),
    ];
    if (failures.length > 0) {
      const [first] = failures;
      throw new Refusal('submission.footing', `这张表不平，不能报送：${first}；请核对名单后重新编制。`);
    }
    await requireChildren(tx, scope, one);
    const today = on ?? (await workDay(tx, scope, new Date()));
    await tx.query(
      `update submission set state = $3, submitted_day = coalesce(submitted_day, $4)
       where county = $1 and submission = $2::int`,
      [scope.county, submission, state, today],
    );
    await noteAct(tx, scope, { ...one, digest: frozen.digest }, 'submit', today, remark.trim());
    return { state };
  });
}

/** What a level above does with it; the county notes what the city said of its own. */
export async function decideSubmission(
  instance: Instance,
  scope: Scope,
  submission: number,
  act: 'return' | 'approve' | 'reopen',
  remark = '',
  on?: PlainDate,
): Promise<{ state: string }> {
  const text = act === 'approve' ? remark.trim() : requireReason(remark);
  withoutNumbers('submission.remark', text);
  const seen = await instance.db.transaction(scope, (tx) => readSubmission(tx, scope, submission));
  if (!mayDecide(scope, seen.region)) {
    throw new Refusal('submission.above', `${ACT_WORDS[act]}由上一级办理；请联系上级。`);
  }
  return instance.db.transaction(journalOf(scope), async (tx) => {
    const one = await readSubmission(tx, scope, submission, 'for update');
    const state = moved(one.state, act);
    if (act !== 'approve') await requireOpenAbove(tx, scope, one, act);
    await tx.query('update submission set state = $3 where county = $1 and submission = $2::int', [
      scope.county,
      submission,
      state,
    ]);
    await noteAct(tx, scope, one, act, on ?? (await workDay(tx, scope, new Date())), text);
    return { state };
  });
}

/** Whoever stands above the place; of the county's own, the county. */
export function mayDecide(scope: Scope, region: RegionCode): boolean {
  return isWithin(region, scope.region) && (region !== scope.region || region === scope.county);
}

/** A parent goes up after its children. @throws Refusal naming who is missing */
async function requireChildren(tx: Tx, scope: Scope, one: StoredSubmission): Promise<void> {
  const period = periodFromCode(one.every, one.period);
  const { calendar } = await rulesOn(tx, scope, period.to);
  const duty = calendar.find((d) => d.form === one.form && d.every === one.every && owes(d, one.region));
  const below = duty === undefined ? undefined : dutyBelow(calendar, duty);
  if (below === undefined) return;
  const tree = await loadRegionTree(tx, scope.county);
  const rows = await tx.query<{ region: string; state: SubmissionState }>(
    'select region, state from submission where county = $1 and form = $2 and every = $3 and period = $4',
    [scope.county, one.form, one.every, one.period],
  );
  const states = new Map(rows.map((row) => [row.region, row.state]));
  const missing = tree
    .children(one.region, period.to)
    .filter((child) => owes(below, child.code) && states.get(child.code) !== 'approved');
  if (missing.length === 0) return;
  const names = missing.slice(0, 5).map((child) => {
    const state = states.get(child.code);
    return `${child.name}（${state === undefined ? '没有编制' : SUBMISSION_WORDS[state]}）`;
  });
  throw new Refusal(
    'submission.children',
    `下级还有 ${missing.length} 个单位这一期没有审定：${names.join('、')}${missing.length > 5 ? '等' : ''}；审定后再报送。`,
  );
}

/** What a parent was submitted upon stays: the parent is opened first. */
async function requireOpenAbove(
  tx: Tx,
  scope: Scope,
  one: StoredSubmission,
  act: 'return' | 'reopen',
): Promise<void> {
  const period = periodFromCode(one.every, one.period);
  const { calendar } = await rulesOn(tx, scope, period.to);
  const duty = calendar.find((d) => d.form === one.form && d.every === one.every && owes(d, one.region));
  if (duty === undefined || dutyAbove(calendar, duty) === undefined) return;
  const parent = one.region.length > 9 ? one.region.slice(0, 9) : scope.county;
  const [above] = await tx.query<{ state: SubmissionState }>(
    `select state from submission where county = $1 and region = $2 and form = $3 and every = $4 and period = $5
       and state in ('submitted', 'approved')`,
    [scope.county, parent, one.form, one.every, one.period],
  );
  if (above === undefined) return;
  throw new Refusal(
    'submission.locked',
    `上一级的这一期${SUBMISSION_WORDS[above.state]}，不能${ACT_WORDS[act]}；请先退回或重新打开上一级的报表。`,
  );
}
