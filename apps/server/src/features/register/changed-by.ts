import { splitGroup } from '@quanbao/domain/addresses/groups';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { type RegionCode, regionRange } from '@quanbao/domain/kernel/region';
import type { Tx } from '../../db/port.ts';
import type { Standing, Wanted } from '../reports/index.ts';

interface ChangedQuestion {
  readonly region: RegionCode;
  readonly alone: boolean;
  readonly day: PlainDate;
  readonly wanted: Wanted | undefined;
  readonly after: number | undefined;
  readonly limit: number;
}

/** Up to so many people are counted. */
const COUNTED = 20_000;

/**
 * People of whom a delivery said something new or stopped saying it, and whose verdict it decided or ended: one of
 * their steps rests on it, or begins on its day after it dropped them. By person, as they stand on the day.
 */
export async function changedBy(
  tx: Tx,
  county: RegionCode,
  delivery: number,
  { region, alone, day, wanted, after, limit }: ChangedQuestion,
): Promise<{ rows: Standing[]; total: number | null }> {
  const { region: division, group } = splitGroup(region);
  const { lo, hi } = alone ? { lo: division, hi: `${division}!` } : regionRange(division);
  const people = `
    select c.person_no from claim c where c.county = $1 and c.since = $2 and exists (
      select 1 from step s where s.county = $1 and s.person_no = c.person_no and s.delivery = $2)
    union
    select c.person_no from claim c join delivery d on d.county = $1 and d.delivery = $2
    where c.county = $1 and c.until = $2 and exists (
      select 1 from step s where s.county = $1 and s.person_no = c.person_no and s.from_day = d.as_of)`;
  const classes = wanted === undefined ? null : [...wanted.classes];
  const standing = `step s where s.county = $1 and s.person_no = p.person_no and s.from_day <= $3 and s.to_day > $3
    and s.region >= $4 and s.region < $5 and ($6::int[] is null or s.class = any($6::int[]))
    and ($7::int is null or s.group_no = $7)`;
  const params = [county, delivery, day, lo, hi, classes, group ?? null];
  const rows = await tx.query<Standing>(
    `select p.person_no as "personNo", s.region, s."group", s.class, s.delivery, s.row
     from (select person_no from (${people}) all_of_them where person_no > $8 order by person_no) p
     cross join lateral (select s.region, s.group_no as "group", s.class, s.delivery, s.row_no as row from ${standing} limit 1) s
     order by p.person_no limit $9`,
    [...params, after ?? 0, limit],
  );
  if (after !== undefined) return { rows, total: null };
  const [counted] = await tx.query<{ n: number }>(
    `select count(*)::int as n from (select 1 from (${people}) p where exists (select 1 from ${standing}) limit ${COUNTED + 1}) c`,
    params,
  );
  const n = counted?.n ?? 0;
  return { rows, total: n > COUNTED ? null : n };
}
