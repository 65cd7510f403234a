import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { Scope } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { loadRegionTree } from '../regions/index.ts';
import { placeOf } from '../register/index.ts';

export interface ApplicationLine {
  application: number;
  region: { code: RegionCode; name: string; path: string };
  from: string;
  people: number;
  /** Of how many who stood in no village. */
  unplaced: number;
  rules: { number: number; people: number }[];
  actor: string;
  madeAt: string;
  undone: { at: string; by: string } | null;
}

interface Row {
  application: number;
  region: string;
  from: string;
  people: number;
  summary: { unplaced: number; rules: Record<string, number> };
  actor: string;
  madeAt: string;
  undoneAt: string | null;
  undoneBy: string | null;
}

const MOST = 200;
const UTC = `at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'`;

/** How often the rules were applied within the scope, the newest first. */
export async function listApplications(instance: Instance, scope: Scope): Promise<ApplicationLine[]> {
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const rows = await tx.query<Row>(
      `select application, region, from_day as "from", people, summary, actor, to_char(made_at ${UTC}) as "madeAt",
         to_char(undone_at ${UTC}) as "undoneAt", undone_by as "undoneBy"
       from address_application where county = $1 order by application desc limit ${MOST}`,
      [scope.county],
    );
    return rows.map((row) => ({
      application: row.application,
      region: placeOf(tree, row.region),
      from: row.from,
      people: row.people,
      unplaced: row.summary.unplaced,
      rules: Object.entries(row.summary.rules)
        .map(([number, people]) => ({ number: Number(number), people }))
        .sort((a, b) => b.people - a.people || a.number - b.number),
      actor: row.actor,
      madeAt: row.madeAt,
      undone: row.undoneAt === null ? null : { at: row.undoneAt, by: row.undoneBy ?? '' },
    }));
  });
}
