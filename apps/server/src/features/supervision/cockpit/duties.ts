import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { isWithin, type RegionCode, regionLevel } from '@quanbao/domain/kernel/region';
import type { Scope } from '../../../db/port.ts';
import type { Instance } from '../../../instance.ts';
import { loadRegionTree } from '../../regions/index.ts';
import { placeOf } from '../../register/index.ts';
import { listOrders } from '../orders/read.ts';
import { countOwed } from '../submissions/owed.ts';
import { readScope } from '../today.ts';
import type { Cockpit } from './board.ts';

export type LateOrder = Awaited<ReturnType<typeof listOrders>>['items'][number];

interface Here {
  readonly region: RegionCode;
  readonly asOf: PlainDate;
}

/** What each place in a region has to answer and to hand in; of a village, its own. And the orders that are late, offices' too. */
export async function readDuties(
  instance: Instance,
  scope: Scope,
  here: Here,
): Promise<{ duties: Cockpit['duties']; late: readonly LateOrder[] }> {
  const { region, asOf } = here;
  // An office meets its own orders only: of those to places it is told nothing, which is not that there are none.
  const orders =
    scope.duty === 'office' ? undefined : (await listOrders(instance, { scope, office: '' }, here)).items;
  return instance.db.transaction(readScope(scope), async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const below = tree.children(region, asOf).map(({ code }) => code);
    const places = regionLevel(region) === 'village' || below.length === 0 ? [region] : below;
    const forms = await countOwed(tx, scope, places, asOf);
    const duties = places.map((code) => {
      const open = orders?.filter(
        (one) => one.office === '' && one.state !== 'closed' && isWithin(one.region.code, code),
      );
      return {
        place: placeOf(tree, code),
        orders: open?.length ?? null,
        lateOrders: open?.filter(({ daysLate }) => daysLate > 0).length ?? null,
        owed: forms.get(code)?.owed ?? 0,
        lateForms: forms.get(code)?.late ?? 0,
      };
    });
    return { duties, late: orders?.filter(({ daysLate }) => daysLate > 0) ?? [] };
  });
}
