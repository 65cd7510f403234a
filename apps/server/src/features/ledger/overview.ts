import { addDays, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { type RegionCode, regionLevel, regionRange } from '@quanbao/domain/kernel/region';
import { itemOfClass, LEDGER_KINDS, type LedgerKindCode } from '@quanbao/domain/ledger/kinds';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { loadRegionTree } from '../regions/index.ts';
import { askableDays, chooseDay, countItems, requireRegion } from '../reports/index.ts';
import { AGES, type ByState, hiddenSubjects, seesItem } from './items.ts';

const none = (): ByState => ({ verify: 0, settled: 0, closed: 0 });

/** The ledger by kind and state, of the region and of each place under it, with the ages of what is open. */
export async function ledgerOverview(
  instance: Instance,
  scope: Scope,
  asked: { region?: RegionCode | undefined; asOf?: PlainDate | undefined },
) {
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const region = asked.region ?? scope.region;
    requireRegion(tree, scope, region);
    const day = chooseDay(await askableDays(tx, scope.county), asked.asOf);
    const level = regionLevel(scope.region) ?? 'village';
    const places = new Map<RegionCode, Map<LedgerKindCode, ByState>>();
    const whole = new Map<LedgerKindCode, ByState>();
    const countyWide = region === scope.county;
    for (const [area, classes] of await countItems(
      tx,
      scope.county,
      region,
      countyWide ? 'towns' : 'villages',
      day,
    )) {
      const kinds = places.get(area) ?? new Map<LedgerKindCode, ByState>();
      places.set(area, kinds);
      for (const [code, n] of classes) {
        const { kind, state } = itemOfClass(code);
        for (const sums of [kinds, whole]) {
          const sum = sums.get(kind) ?? none();
          sum[state] += n;
          sums.set(kind, sum);
        }
      }
    }
    for (const { area, state, n } of await hiddenConflicts(tx, scope, region, day, countyWide ? 9 : 12)) {
      for (const sums of [places.get(area), whole]) {
        const sum = sums?.get('conflict');
        if (sum !== undefined) sum[state] -= n;
      }
    }
    const seen = LEDGER_KINDS.filter(({ kind }) => seesItem(level, kind, 'dead-insured'));
    const ages = await openAges(tx, scope, region, day);
    return {
      region: { code: region, name: tree.get(region)?.name ?? region, path: tree.path(region) },
      asOf: day,
      kinds: seen.map(({ kind, title, opens, closes }) => ({
        kind,
        title,
        opens,
        closes,
        byState: whole.get(kind) ?? none(),
        ages: ages.get(kind) ?? [0, 0, 0, 0],
      })),
      places: tree.children(region, day).map(({ code, name }) => ({
        code,
        name,
        kinds: Object.fromEntries(seen.map(({ kind }) => [kind, places.get(code)?.get(kind) ?? none()])),
      })),
    };
  });
}

async function hiddenConflicts(
  tx: Tx,
  scope: Scope,
  region: RegionCode,
  day: PlainDate,
  digits: number,
): Promise<{ area: RegionCode; state: keyof ByState; n: number }[]> {
  const hidden = hiddenSubjects(regionLevel(scope.region) ?? 'village');
  if (hidden.length === 0) return [];
  const { lo, hi } = regionRange(region);
  const rows = await tx.query<{ area: RegionCode; state: keyof ByState; n: number }>(
    `select left(region, ${digits}) as area, state, count(*)::int as n from ledger_item
     where county = $1 and kind = 'conflict' and region >= $2 and region < $3 and from_day <= $4 and to_day > $4
       and subject = any($5::text[]) group by 1, 2`,
    [scope.county, lo, hi, day, hidden],
  );
  return rows.map((row) => ({ ...row, n: Number(row.n) }));
}

/** Open items of each kind by the days they have been in their state: up to 7, 30, 90, and older. */
async function openAges(
  tx: Tx,
  scope: Scope,
  region: RegionCode,
  day: PlainDate,
): Promise<Map<LedgerKindCode, number[]>> {
  const { lo, hi } = regionRange(region);
  const since = AGES.map((days) => addDays(day, -days));
  const hidden = hiddenSubjects(regionLevel(scope.region) ?? 'village');
  const rows = await tx.remember(`ledger ages ${region} ${day} ${hidden.length}`, () =>
    tx.query<{ kind: LedgerKindCode; age: number; n: number }>(
      `select kind, case when from_day >= $5 then 0 when from_day >= $6 then 1 when from_day >= $7 then 2 else 3 end as age,
         count(*)::int as n
       from ledger_item where county = $1 and region >= $2 and region < $3 and from_day <= $4 and to_day > $4
         and state <> 'closed' and not (kind = 'conflict' and subject = any($8::text[])) group by 1, 2`,
      [scope.county, lo, hi, day, ...since, hidden],
    ),
  );
  const ages = new Map<LedgerKindCode, number[]>();
  for (const { kind, age, n } of rows) {
    const list = ages.get(kind) ?? [0, 0, 0, 0];
    list[age] = Number(n);
    ages.set(kind, list);
  }
  return ages;
}
