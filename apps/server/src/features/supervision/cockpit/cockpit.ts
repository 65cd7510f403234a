import type { AnswerOf } from '@quanbao/contract/route';
import { isAllowed, type Role } from '@quanbao/domain/access/roles';
import { addDays, dayNumber, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import { PLAN_KINDS } from '@quanbao/domain/targets/plan';
import type { Scope } from '../../../db/port.ts';
import type { Instance } from '../../../instance.ts';
import { loadRegionTree } from '../../regions/index.ts';
import { placeOf } from '../../register/index.ts';
import { countVisits } from '../../survey/index.ts';
import { figuresAt, listPlans, measure, planCourse, viewPlan } from '../../targets/index.ts';
import { rulesOn } from '../rules.ts';
import { readScope } from '../today.ts';
import type { Cockpit, PlanBoard } from './board.ts';
import { readDuties } from './duties.ts';
import { readLights } from './lights.ts';
import { arrivalsOf, rankingsOf } from './week.ts';

type Listed = AnswerOf<typeof import('@quanbao/contract/targets').plans>['items'][number];

const WEEK = 7;
/** More do not fit a board. */
const MOST_PLANS = 4;
/** So long after its deadline a plan still stands on the board. */
const AFTER_DUE = 61;

/**
 * What a leader looks at, in one answer. Nothing is counted here but by what the pages of plans, indicators, ledger and
 * lists count with; they are asked one after the other, for some desks have one connection.
 */
export async function readCockpit(
  instance: Instance,
  scope: Scope,
  role: Role,
  asked: { region?: RegionCode | undefined; asOf?: PlainDate | undefined },
): Promise<Cockpit> {
  const week = await instance.db.transaction(scope, async (tx) => {
    const now = await measure(tx, scope, asked.region ?? scope.region, asked.asOf);
    const tree = await loadRegionTree(tx, scope.county);
    const region = now.region.code;
    const before = addDays(now.day, -WEEK);
    const then = await figuresAt(tx, scope, tree, region, before);
    // An office meets no visits.
    const visits = isAllowed(role, 'people.read')
      ? await countVisits(tx, scope, region, addDays(before, 1), now.day)
      : undefined;
    return {
      region: placeOf(tree, region),
      asOf: now.day,
      since: then ? before : null,
      rankings: rankingsOf(now, then, (code) => placeOf(tree, code)),
      arrivals: arrivalsOf(now, then, visits),
    };
  });
  const here = { region: week.region.code, asOf: week.asOf };
  const { items } = await listPlans(instance, scope, here);
  const plans: PlanBoard[] = [];
  for (const { plan } of shown(items, week.asOf)) {
    const { whole, places } = await viewPlan(instance, scope, plan.plan, here);
    const { days, series } = await planCourse(instance, scope, plan.plan, here);
    const daysLeft = dayNumber(plan.due) - dayNumber(week.asOf);
    plans.push({ plan, daysLeft, whole, places, days, series });
  }
  const { warnings } = await instance.db.transaction(readScope(scope), (tx) => rulesOn(tx, scope, week.asOf));
  const { duties, late } = await readDuties(instance, scope, here);
  const lights = await readLights(instance, scope, role, here, {
    plans,
    listed: items,
    rules: warnings,
    duties,
    late,
  });
  return { ...week, plans, duties, lights };
}

/** In force on the day and not long past; whatever a kind comes from, the newest of it first. */
function shown(items: readonly Listed[], day: PlainDate): Listed[] {
  return items
    .filter(({ plan }) => plan.version !== null && (plan.ended === null || plan.ended > day))
    .filter(({ plan }) => plan.from <= day && addDays(plan.due, AFTER_DUE) >= day)
    .toSorted((a, b) => orderOf(a) - orderOf(b))
    .slice(0, MOST_PLANS);
}

function orderOf({ plan }: Listed): number {
  return (PLAN_KINDS as readonly string[]).indexOf(plan.kind);
}
