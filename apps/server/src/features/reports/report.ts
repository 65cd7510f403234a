import { groupCode, groupName, NO_GROUP, splitGroup } from '@quanbao/domain/addresses/groups';
import { countsOf, indicator } from '@quanbao/domain/indicators/indicators';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { isWithin, type RegionCode, regionLevel, regionRange } from '@quanbao/domain/kernel/region';
import type { RegionTree } from '@quanbao/domain/regions/region-tree';
import {
  checkAgainstParent,
  checkForm,
  checkTogether,
  type FootingFailure,
} from '@quanbao/domain/reports/footing';
import {
  FORMS,
  type FormDefinition,
  type FormRow,
  type FormTable,
  formRow,
  UNPLACED,
} from '@quanbao/domain/reports/forms';
import type { Scope, Tx } from '../../db/port.ts';
import { loadRegionTree } from '../regions/index.ts';
import {
  type AreaCounts,
  addUp,
  askableDays,
  chooseDay,
  countAreas,
  countGroupItems,
  countGroups,
  countItems,
  countOf,
  join,
} from './counts.ts';

/** What a county may choose about printing, and what the head of a form says beside the numbers. */
export interface PrintOptions {
  readonly reporter?: string;
  readonly contact?: string;
  readonly printedCode?: 'county' | 'own';
}

/** 附件4 or 附件5 of a region on a day, one row for each child. */
export async function countedForm(
  tx: Tx,
  scope: Scope,
  code: CountedForm | FormDefinition,
  region: RegionCode,
  asked: PlainDate | undefined,
  print: PrintOptions = {},
): Promise<FormTable> {
  const [table] = await countedForms(tx, scope, [code], region, asked, print);
  return table as FormTable;
}

export type CountedForm = 'annex4' | 'annex5';

/** Several forms of the same region, day and counts: what they say about each other can be checked. */
export async function countedForms(
  tx: Tx,
  scope: Scope,
  codes: readonly (CountedForm | FormDefinition)[],
  region: RegionCode,
  asked: PlainDate | undefined,
  print: PrintOptions = {},
): Promise<FormTable[]> {
  const forms = codes.map((code) => (typeof code === 'string' ? FORMS[code] : code));
  const tree = await loadRegionTree(tx, scope.county);
  requirePlace(tree, scope, region);
  const day = chooseDay(await askableDays(tx, scope.county), asked);
  const name = requirePlace(tree, scope, region, day);
  const ofItems = forms.some((form) =>
    form.columns.some(({ indicator: code }) => code !== undefined && isOfItems(code)),
  );
  const { areas, whole, children } = await areasOf(tx, scope, tree, region, day, ofItems);
  const quarantined = await countQuarantined(tx, scope.county, region, day);
  const shown = children.length > 0 ? children : [{ code: region, name }];
  const listed = new Set(shown.map((c) => c.code));
  // Whoever stands above the children's level, or under a code that is gone, is still counted here.
  const loose = [...areas].filter(([area]) => !listed.has(area)).map(([, counts]) => counts);
  const looseRows = sum([...quarantined].filter(([area]) => !listed.has(area)).map(([, n]) => n));
  const county = { code: scope.county, name: tree.get(scope.county)?.name ?? scope.county };
  const rest =
    regionLevel(region) === 'village' && children.length > 0
      ? { code: groupCode(region, NO_GROUP), name: groupName(NO_GROUP) }
      : { code: region, name: UNPLACED };
  // People outside the register may stand there; the forms count nobody of them, and print no row of noughts.
  const looseCounts = countOf(addUp(loose));
  const unplaced = looseRows > 0 || looseCounts('population') > 0;
  return forms.map((form) => {
    const rows: FormRow[] = shown.map((child) =>
      formRow(form, child, countOf(areas.get(child.code) ?? new Map()), quarantined.get(child.code) ?? 0),
    );
    if (unplaced) rows.push(formRow(form, rest, looseCounts, looseRows));
    const everybody = countOf(whole);
    const total = formRow(form, { code: region, name: '合计' }, everybody, sum([...quarantined.values()]));
    return { form, region: { code: region, name }, county, asOf: day, unit: name, rows, total, ...print };
  });
}

interface Areas {
  readonly areas: AreaCounts;
  /** Everybody in the region: for a village counted by itself, not added up from its groups. */
  readonly whole: ReadonlyMap<number, number>;
  /** What the region is broken down by; none for a group, and for a village of which no group is known. */
  readonly children: readonly { readonly code: RegionCode; readonly name: string }[];
}

async function areasOf(
  tx: Tx,
  scope: Scope,
  tree: RegionTree,
  asked: RegionCode,
  day: PlainDate,
  ofItems: boolean,
): Promise<Areas> {
  const { county } = scope;
  const { region, group } = splitGroup(asked);
  const level = region === county ? 'towns' : 'villages';
  const both = (people: AreaCounts, items: AreaCounts | undefined): AreaCounts =>
    items === undefined ? people : join(people, items);
  const counted = both(
    await countAreas(tx, county, region, level, day),
    ofItems ? await countItems(tx, county, region, level, day) : undefined,
  );
  if (regionLevel(region) !== 'village') {
    const children = tree.children(region, day).map(({ code, name }) => ({ code, name }));
    return { areas: counted, whole: addUp(counted.values()), children };
  }
  // An office is shown sums, not whom they are of: groups are counted from people.
  if (scope.duty === 'office') {
    if (group !== undefined)
      throw new Refusal('report.group', '部门查到村（社区）为止，不分村民小组；请改用 12 位的村代码。');
    return { areas: counted, whole: addUp(counted.values()), children: [] };
  }
  const groups = both(
    await countGroups(tx, county, region, day),
    ofItems ? await countGroupItems(tx, county, region, day) : undefined,
  );
  if (group !== undefined) {
    const own = groups.get(asked) ?? new Map<number, number>();
    return { areas: new Map([[asked, own]]), whole: own, children: [] };
  }
  const children = namedGroups(groups.keys(), tree);
  return { areas: children.length > 0 ? groups : counted, whole: addUp(counted.values()), children };
}

/** The groups that are known by their number, in its order. */
export function namedGroups(
  codes: Iterable<RegionCode>,
  tree: RegionTree,
): { code: RegionCode; name: string }[] {
  return [...codes]
    .filter((code) => splitGroup(code).group !== NO_GROUP)
    .sort()
    .map((code) => ({ code, name: placeName(tree, code) }));
}

/** A county's own form may count the ledger's items beside people. */
function isOfItems(code: string): boolean {
  return countsOf(code).some((count) => {
    const found = indicator(count);
    return found.kind === 'count' && found.over === 'items';
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, n) => a + n, 0);
}

/** Each form within itself, 附件4 against 附件5, and each against the form of the region above. */
export function footing(tables: readonly FormTable[], above: readonly FormTable[] = []): FootingFailure[] {
  const failures = tables.flatMap((table) => checkForm(table.form, table.rows, table.total));
  const [annex4, annex5] = (['annex4', 'annex5'] as const).map((code) =>
    tables.find((table) => table.form.code === code),
  );
  if (annex4 && annex5) failures.push(...checkTogether(annex4, annex5));
  for (const table of tables) {
    const row = above
      .find((other) => other.form.code === table.form.code && other.region.code !== table.region.code)
      ?.rows.find((other) => other.code === table.region.code);
    if (row) failures.push(...checkAgainstParent(table.form, row, table.total));
  }
  return failures.map((failure) => ({ ...failure, message: `${tables[0]?.region.name} ${failure.message}` }));
}

/** The name of a division or of a village's group; groups need no rows of their own. */
export function placeName(tree: RegionTree, code: RegionCode): string {
  const { group } = splitGroup(code);
  return tree.get(code)?.name ?? (group === undefined ? code : groupName(group));
}

/** As `requireRegion`, also for a village's group. */
export function requirePlace(tree: RegionTree, scope: Scope, code: RegionCode, day?: PlainDate): string {
  const { region, group } = splitGroup(code);
  const name = requireRegion(tree, scope, region, day);
  return group === undefined ? name : `${name}${placeName(tree, code)}`;
}

/** @param day also refuses a division that is not in force on it */
export function requireRegion(tree: RegionTree, scope: Scope, region: RegionCode, day?: PlainDate): string {
  if (regionLevel(region) === 'group') {
    throw new Refusal('report.group', '这里查到村（社区）为止，不分村民小组；请改用 12 位的村代码。');
  }
  const row = tree.get(region);
  if (row === undefined || !isWithin(region, scope.county)) {
    throw new Refusal(
      'report.region',
      `本县没有代码为 ${region} 的区划；乡镇是 9 位、村（社区）是 12 位代码。`,
    );
  }
  if (!isWithin(region, scope.region)) {
    throw new Refusal('report.scope', `您的权限只到 ${scope.region}，不能出 ${row.name}的报表。`);
  }
  const now = day === undefined ? region : tree.current(region, day);
  if (now !== region) {
    const where = now === undefined ? '' : `，当天属于${tree.path(now)}（${now}）`;
    throw new Refusal('report.not-in-force', `${row.name}在 ${day} 不是在用区划${where}；请改用在用的代码。`);
  }
  return row.name;
}

/** Register rows kept out of column 3 because their ID is wrong, by place, as of the register in force on the day. */
export async function countQuarantined(
  tx: Tx,
  county: RegionCode,
  asked: RegionCode,
  day: PlainDate,
): Promise<Map<RegionCode, number>> {
  const { region, group } = splitGroup(asked);
  if (group === NO_GROUP) {
    const [rows = 0] = (await countQuarantined(tx, county, region, day)).values();
    return new Map([[asked, rows]]);
  }
  if (group !== undefined) return new Map();
  const level = region === county ? 'towns' : 'villages';
  const { lo, hi } = regionRange(region);
  return tx.remember(`quarantined ${region} ${level} ${day}`, async () => {
    const rows = await tx.query<{ area: string; n: number }>(
      `select left(r.region, $4) as area, count(*)::int as n
     from rejected_row r join delivery d on d.county = r.county and d.delivery = r.delivery
     where r.county = $1 and r.region >= $2 and r.region < $3 and d.source = 'household-register' and d.undone_at is null and d.as_of <= $5
       and not exists (
         select 1 from delivery later where later.county = d.county and later.source = d.source and later.sender = d.sender
           and starts_with(d.region, later.region) and later.mode = 'full' and later.undone_at is null and later.as_of <= $5
           and (later.as_of, later.delivery) > (d.as_of, d.delivery))
     group by 1`,
      [county, lo, hi, level === 'towns' ? 9 : 12, day],
    );
    return new Map(rows.map((row) => [row.area, Number(row.n)]));
  });
}
