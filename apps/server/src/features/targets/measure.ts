import { type CountOf, findIndicator } from '@quanbao/domain/indicators/indicators';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { Scope, Tx } from '../../db/port.ts';
import { type Figures, figuresOn } from '../reports/index.ts';
import { type PlanInForce, planInForce } from './shares.ts';

/** Every count there is, the plans' included: what papers, warnings, scores and the cockpit are made of. */
export async function measure(tx: Tx, scope: Scope, region: RegionCode, asked?: PlainDate): Promise<Figures> {
  const figures = await figuresOn(tx, scope, region, asked);
  const plans = {
    verify: await planInForce(tx, scope.county, 'verify', figures.day),
    expand: await planInForce(tx, scope.county, 'expand', figures.day),
  };
  const withPlans = (code: RegionCode, count: CountOf): CountOf => {
    return (indicator) => {
      const found = findIndicator(indicator);
      if (found?.kind !== 'count' || found.over !== 'plan') return count(indicator);
      return shareOf(plans[found.plan], code, scope.county);
    };
  };
  return {
    ...figures,
    whole: withPlans(region, figures.whole),
    places: figures.places.map((place) => ({ ...place, count: withPlans(place.code, place.count) })),
    of: (code) => withPlans(code, figures.of(code)),
  };
}

/** 0 where nothing was given: a rate over it prints “—”. */
function shareOf(plan: PlanInForce | undefined, region: RegionCode, county: RegionCode): number {
  if (plan === undefined) return 0;
  return region === county ? plan.total : (plan.shares.get(region) ?? 0);
}
