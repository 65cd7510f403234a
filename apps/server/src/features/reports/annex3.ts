import type { Content } from '@quanbao/domain/coverage/claim';
import { reasonWords } from '@quanbao/domain/coverage/reason';
import { unpackClass } from '@quanbao/domain/coverage/step-class';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { type RegionCode, regionRange } from '@quanbao/domain/kernel/region';
import type { RegionTree } from '@quanbao/domain/regions/region-tree';
import { annex3Row } from '@quanbao/domain/reports/annex3';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';

/** One printed line of 附件3 and where it stands, so that the next page can go on from it. */
export interface Annex3Line {
  readonly personNo: number;
  readonly region: RegionCode;
  readonly cells: string[];
}

interface Row {
  person_no: number;
  region: RegionCode;
  class: number;
  delivery: number;
  row_no: number;
  name: string;
  birth: string;
  id_cipher: Buffer;
}

interface ClaimRow {
  person_no: number;
  since: number;
  source: string;
  as_of: string;
  row_no: number;
  content: string;
  phone: Buffer | null;
}

/**
 * 附件3 of a region on a day, in region and person order: the province list where one was received,
 * else everybody in the register but children under age and the registered.
 * @param sight whether the reader may see why somebody is not in scope
 */
export async function* annex3Lines(
  tx: Tx,
  instance: Instance,
  scope: Scope,
  tree: RegionTree,
  region: RegionCode,
  day: PlainDate,
  options: { limit?: number; pageSize?: number; sight: boolean },
): AsyncGenerator<Annex3Line[]> {
  const classes = await classesOf(tx, scope, day);
  const pageSize = options.pageSize ?? 5_000;
  const { lo, hi } = regionRange(region);
  let after: { region: string; personNo: number } = { region: lo, personNo: 0 };
  let left = options.limit ?? Number.POSITIVE_INFINITY;
  while (left > 0) {
    const rows = await tx.query<Row>(
      `select s.person_no, s.region, s.class, s.delivery, s.row_no, p.name, p.birth, p.id_cipher
       from step s join person p on p.county = s.county and p.person_no = s.person_no
       where s.county = $1 and s.region >= $2 and s.region < $3 and (s.region, s.person_no) > ($2, $4)
         and s.from_day <= $5 and s.to_day > $5 and s.class = any($6::int[])
       order by s.region, s.person_no limit $7`,
      [scope.county, after.region, hi, after.personNo, day, classes, Math.min(left, pageSize)],
    );
    if (rows.length === 0) return;
    yield await linesOf(tx, instance, scope, tree, rows, day, options.sight);
    left -= rows.length;
    const last = rows[rows.length - 1] as Row;
    after = { region: last.region, personNo: Number(last.person_no) };
    if (rows.length < pageSize) return;
  }
}

async function classesOf(tx: Tx, scope: Scope, day: PlainDate): Promise<number[]> {
  const [list] = await tx.query(
    `select 1 from delivery where county = $1 and source = 'province-list' and undone_at is null and as_of <= $2 limit 1`,
    [scope.county, day],
  );
  const rows = await tx.query<{ class: number }>('select class from step_class where county = $1', [
    scope.county,
  ]);
  return rows
    .map((row) => row.class)
    .filter((code) => {
      const facts = unpackClass(code);
      return list === undefined ? facts.inRegister && facts.rank !== 6 : facts.onProvinceList;
    });
}

async function linesOf(
  tx: Tx,
  instance: Instance,
  scope: Scope,
  tree: RegionTree,
  rows: readonly Row[],
  day: PlainDate,
  sight: boolean,
): Promise<Annex3Line[]> {
  const claims = await tx.query<ClaimRow>(
    `select c.person_no, c.since, d.source, d.as_of, c.row_no, c.content, c.phone
     from claim c join delivery d on d.county = c.county and d.delivery = c.since
     left join delivery u on u.county = c.county and u.delivery = c.until
     where c.county = $1 and c.person_no = any($2::bigint[]) and d.as_of <= $3 and (u.delivery is null or u.as_of > $3)
     order by d.as_of, c.since`,
    [scope.county, rows.map((row) => row.person_no), day],
  );
  const byPerson = new Map<
    number,
    { source: string; since: number; row: number; content: Content; phone: Buffer | null }[]
  >();
  for (const claim of claims) {
    const list = byPerson.get(Number(claim.person_no)) ?? [];
    byPerson.set(Number(claim.person_no), list);
    list.push({
      source: claim.source,
      since: claim.since,
      row: claim.row_no,
      content: JSON.parse(claim.content),
      phone: claim.phone,
    });
  }
  const ids = instance.cipher.decryptFields(rows.map((row) => row.id_cipher));
  return rows.map((row, i) => {
    const facts = unpackClass(row.class);
    const said = byPerson.get(Number(row.person_no)) ?? [];
    const answer = said.findLast((c) => c.source === 'survey-workbook');
    const register = said.findLast((c) => c.source === 'household-register');
    const listed = said.findLast((c) => c.source === 'province-list');
    const phone = answer?.phone ?? register?.phone ?? null;
    return {
      personNo: Number(row.person_no),
      region: row.region,
      cells: annex3Row({
        regionCode: row.region,
        divisionName: tree.get(row.region.slice(0, 9))?.name ?? tree.get(scope.county)?.name ?? '',
        name: row.name,
        id: ids[i] as string,
        birth: row.birth,
        address: register?.content.a ?? listed?.content.a ?? '',
        column: facts.column,
        registered: facts.registered,
        willing: facts.willing,
        phone: phone === null ? '' : instance.cipher.decryptField(phone),
        reasonText: reasonWords(
          facts,
          said.find((c) => c.since === row.delivery && c.row === row.row_no),
          answer?.content,
        ),
        sight,
      }),
    };
  });
}
