import * as contract from '@quanbao/contract/regions';
import { chinaDay } from '@quanbao/domain/kernel/plain-date';
import { isWithin } from '@quanbao/domain/kernel/region';
import { type Handled, handle } from '../../http/handler.ts';
import { loadRegionTree } from './index.ts';

export const regionsRoutes: readonly Handled[] = [
  handle(contract.regions, async ({ instance, scope, query }) =>
    instance.db.transaction(scope, async (tx) => {
      const tree = await loadRegionTree(tx, scope.county);
      const day = query.asOf ?? chinaDay(new Date());
      const items: { code: string; name: string; level: string; parent: string }[] = [];
      const add = (code: string): void => {
        const row = tree.get(code);
        if (row === undefined) return;
        items.push({ code: row.code, name: row.name, level: row.level, parent: row.parent });
        for (const child of tree.children(code, day)) if (isWithin(child.code, code)) add(child.code);
      };
      add(scope.region);
      const name = tree.get(scope.region)?.name ?? scope.region;
      return { items, root: { code: scope.region, name, path: tree.path(scope.region) } };
    }),
  ),
];
