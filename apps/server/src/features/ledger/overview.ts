import { groupCode, groupName, NO_GROUP, splitGroup } from '@quanbao/domain/addresses/groups';
import { addDays, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { type RegionCode, regionLevel, regionRange } from '@quanbao/domain/kernel/region';
import { itemOfClass, LEDGER_KINDS, type LedgerKindCode } from '@quanbao/domain/ledger/kinds';
import type { RegionTree } from '@quanbao/domain/regions/region-tree';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { loadRegionTree } from '../regions/index.ts';
import {
  type AreaCounts,
  addUp,
  askableDays,
  chooseDay,
  countGroupItems,
  countGroups,
  countItems,
  namedGroups,
  placeName,
  requirePlace,
} from '../reports/index.ts';
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
    requirePlace(tree, scope, region);
    const day = chooseDay(await askableDays(tx, scope.county), asked.asOf);
    const level = regionLevel(scope.region) ?? 'village';
    const places = new Map<RegionCode, Map<LedgerKindCode, ByState>>();
    const whole = new Map<LedgerKindCode, ByState>();
    const counted = await countedItems(tx, scope.county, tree, region, day);
    add(whole, counted.whole);
    for (const [area, classes] of counted.areas) {
      const kinds = places.get(area) ?? new Map<LedgerKindCode, ByState>();
      places.set(area, add(kinds, classes));
    }
    for (const { area, state, n } of await hiddenConflicts(tx, scope, region, day)) {
      for (const sums of [places.get(area), whole]) {
        const sum = sums?.get('conflict');
        if (sum !== undefined) sum[state] -= n;
      }
    }
    const seen = LEDGER_KINDS.filter(({ kind }) => seesItem(level, kind, 'dead-insured'));
    const ages = await openAges(tx, scope, region, day);
    return {
      region: { code: region, name: placeName(tree, region), path: tree.path(region) },
      asOf: day,
      kinds: seen.map(({ kind, title, opens, closes }) => ({
        kind,
        title,
        opens,
        closes,
        byState: whole.get(kind) ?? none(),
        ages: ages.get(kind) ?? [0, 0, 0, 0],
      })),
      places: counted.children.map(({ code, name }) => ({
        code,
        name,
        kinds: Object.fromEntries(seen.map(({ kind }) => [kind, places.get(code)?.get(kind) ?? none()])),
      })),
    };
  });
}

function add(
  sums: Map<LedgerKindCode, ByState>,
  classes: ReadonlyMap<number, number>,
): Map<LedgerKindCode, ByState> {
  for (const [code, n] of classes) {
    const { kind, state } = itemOfClass(code);
    const sum = sums.get(kind) ?? none();
    sum[state] += n;
    sums.set(kind, sum);
  }
  return sums;
}

interface Counted {
  /** What the region is broken down by. */
  readonly children: readonly { readonly code: RegionCode; readonly name: string }[];
  readonly areas: AreaCounts;
  /** All of it: of a village counted by itself, not added up from its groups. */
  readonly whole: ReadonlyMap<number, number>;
}

async function countedItems(
  tx: Tx,
  county: RegionCode,
  tree: RegionTree,
  asked: RegionCode,
  day: PlainDate,
): Promise<Counted> {
  const { region, group } = splitGroup(asked);
  const counted = await countItems(tx, county, region, region === county ? 'towns' : 'villages', day);
  const whole = addUp(counted.values());
  if (regionLevel(region) !== 'village')
    return { children: tree.children(region, day), areas: counted, whole };
  const areas = await countGroupItems(tx, county, region, day);
  if (group !== undefined) return { children: [], areas, whole: areas.get(asked) ?? new Map() };
  const known = namedGroups((await countGroups(tx, county, region, day)).keys(), tree);
  const rest = { code: groupCode(region, NO_GROUP), name: groupName(NO_GROUP) };
  return { children: known.length > 0 && areas.has(rest.code) ? [...known, rest] : known, areas, whole };
}

/** Conflicts whose very name tells what the level may not know, by area: they are not counted. */
async function hiddenConflicts(
  tx: Tx,
  scope: Scope,
  asked: RegionCode,
  day: PlainDate,
): Promise<{ area: RegionCode; state: keyof ByState; n: number }[]> {
  const hidden = hiddenSubjects(regionLevel(scope.region) ?? 'village');
  if (hidden.length === 0) return [];
  const { region, group } = splitGroup(asked);
  const { lo, hi } = regionRange(region);
  const digits = region === scope.county ? 9 : 12;
  const rows = await tx.query<{ area: RegionCode; group: number | null; state: keyof ByState; n: number }>(
    `select left(i.region, ${digits}) as area, s.group_no as "group", i.state, count(*)::int as n from ledger_item i
     left join step s on s.county = i.county and s.person_no = i.person_no and s.from_day <= $4 and s.to_day > $4
     where i.county = $1 and i.kind = 'conflict' and i.region >= $2 and i.region < $3 and i.from_day <= $4 and i.to_day > $4
       and i.subject = any($5::text[]) and ($6::int is null or s.group_no = $6) group by 1, 2, 3`,
    [scope.county, lo, hi, day, hidden, group ?? null],
  );
  const byGroup = regionLevel(region) === 'village';
  return rows.map(({ area, group: of, state, n }) => ({
    area: byGroup ? groupCode(region, Number(of)) : area,
    state,
    n: Number(n),
  }));
}

const IN_GROUP = `and exists (select 1 from step s where s.county = i.county and s.person_no = i.person_no
  and s.from_day <= $4 and s.to_day > $4 and s.group_no = $9)`;

/** Open items of each kind by the days they have been in their state: up to 7, 30, 90, and older. */
async function openAges(
  tx: Tx,
  scope: Scope,
  asked: RegionCode,
  day: PlainDate,
): Promise<Map<LedgerKindCode, number[]>> {
  const { region, group } = splitGroup(asked);
  const { lo, hi } = regionRange(region);
  const since = AGES.map((days) => addDays(day, -days));
  const hidden = hiddenSubjects(regionLevel(scope.region) ?? 'village');
  const rows = await tx.remember(`ledger ages ${asked} ${day} ${hidden.length}`, () =>
    tx.query<{ kind: LedgerKindCode; age: number; n: number }>(
      `select kind, case when from_day >= $5 then 0 when from_day >= $6 then 1 when from_day >= $7 then 2 else 3 end as age,
         count(*)::int as n
       from ledger_item i where county = $1 and region >= $2 and region < $3 and from_day <= $4 and to_day > $4
         and state <> 'closed' and not (kind = 'conflict' and subject = any($8::text[]))
         ${group === undefined ? '' : IN_GROUP} group by 1, 2`,
      [scope.county, lo, hi, day, ...since, hidden, ...(group === undefined ? [] : [group])],
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
