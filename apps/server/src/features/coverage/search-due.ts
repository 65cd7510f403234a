import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { Tx } from '../../db/port.ts';

/**
 * Notes whom a commit has touched, for the search index: it is written after the commit, not in it.
 * @param fresh nobody was known before: everybody is due, in one row
 */
export async function noteSearchDue(
  tx: Tx,
  county: RegionCode,
  change: number,
  fresh: boolean,
): Promise<void> {
  await tx.query(
    fresh
      ? `insert into search_due (county, change, first_person, last_person)
         select $1, $2, min(person_no), max(person_no) from person where county = $1 having count(*) > 0`
      : `insert into search_due (county, change, first_person, last_person)
         select county, change, person_no, person_no from touched where county = $1 and change = $2`,
    [county, change],
  );
}
