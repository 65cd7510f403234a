import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { isWithin, type RegionCode } from '@quanbao/domain/kernel/region';
import type { RegionTree } from '@quanbao/domain/regions/region-tree';
import { checkForm } from '@quanbao/domain/reports/footing';
import { FORMS, type FormRow, type FormTable, formRow } from '@quanbao/domain/reports/forms';
import type { Scope, Tx } from '../../db/port.ts';
import { loadRegionTree } from '../regions/index.ts';
import { addUp, askableDays, chooseDay, countAreas, countOf } from './counts.ts';

/** 附件4 or 附件5 of a region on a day, one row for each child, checked for footing. */
export async function countedForm(
  tx: Tx,
  scope: Scope,
  code: 'annex4' | 'annex5',
  region: RegionCode,
  asked: PlainDate | undefined,
): Promise<FormTable> {
  const tree = await loadRegionTree(tx, scope.county);
  const name = requireRegion(tree, scope, region);
  const day = chooseDay(await askableDays(tx, scope.county), asked);
  const form = FORMS[code];
  const children = tree.children(region, day);
  const digits = region.length === scope.county.length ? 9 : 12;
  const areas = await countAreas(tx, scope.county, region, digits, day);
  const quarantined = await countQuarantined(tx, scope.county, region, digits, day);
  const shown =
    children.length > 0 ? children.map((c) => ({ code: c.code, name: c.name })) : [{ code: region, name }];
  const listed = new Set(shown.map((c) => c.code));
  // Whoever stands above the children's level, or under a code that is gone, is still counted here.
  const loose = [...areas.keys()].filter((area) => !listed.has(area));
  const rows: FormRow[] = shown.map((child) =>
    formRow(form, child, countOf(areas.get(child.code) ?? new Map()), quarantined.get(child.code) ?? 0),
  );
  const looseQuarantine = [...quarantined]
    .filter(([area]) => !listed.has(area))
    .reduce((sum, [, n]) => sum + n, 0);
  if (loose.length > 0 || looseQuarantine > 0) {
    const counts = addUp(loose.map((area) => areas.get(area) as ReadonlyMap<number, number>));
    rows.push(formRow(form, { code: region, name: '未分村社区' }, countOf(counts), looseQuarantine));
  }
  const everywhere = [...quarantined.values()].reduce((sum, n) => sum + n, 0);
  const total = formRow(form, { code: region, name: '合计' }, countOf(addUp(areas.values())), everywhere);
  const county = { code: scope.county, name: tree.get(scope.county)?.name ?? scope.county };
  return { form, region: { code: region, name }, county, asOf: day, unit: name, rows, total };
}

export function footing(table: FormTable): ReturnType<typeof checkForm> {
  return checkForm(table.form, table.rows, table.total);
}

export function requireRegion(tree: RegionTree, scope: Scope, region: RegionCode): string {
  const row = tree.get(region);
  if (row === undefined || !isWithin(region, scope.county)) {
    throw new Refusal(
      'report.region',
      `本县没有代码为 ${region} 的区划；乡镇是 9 位、村（社区）是 12 位代码。`,
    );
  }
  return row.name;
}

/** Register rows kept out of column 3 because their ID is wrong, by place, as of the register in force on the day. */
async function countQuarantined(
  tx: Tx,
  county: RegionCode,
  region: RegionCode,
  digits: number,
  day: PlainDate,
): Promise<Map<RegionCode, number>> {
  const rows = await tx.query<{ area: string; n: number }>(
    `select left(r.region, $3) as area, count(*)::int as n
     from rejected_row r join delivery d on d.county = r.county and d.delivery = r.delivery
     where r.county = $1 and r.region like $2 || '%' and d.source = 'household-register' and d.undone_at is null and d.as_of <= $4
       and not exists (
         select 1 from delivery later where later.county = d.county and later.source = d.source and later.sender = d.sender
           and later.region = d.region and later.mode = 'full' and later.undone_at is null and later.as_of <= $4
           and (later.as_of, later.delivery) > (d.as_of, d.delivery))
     group by 1`,
    [county, region, digits, day],
  );
  return new Map(rows.map((row) => [row.area, Number(row.n)]));
}
