import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { type RegionCode, regionRange } from '@quanbao/domain/kernel/region';
import type { Scope, Tx } from '../../db/port.ts';
import { showPeopleFound } from '../../db/shown.ts';

/** A finding of a person that a decision in force answers. */
export interface DecidedFinding {
  readonly personNo: number;
  readonly kind: string;
  readonly region: RegionCode;
}

/**
 * The findings of a region on a day that are decided: a decision not taken back covers the day and was made for the
 * kind, or for the person when the finding already stood. Read from the decisions, of which there are few.
 */
export async function decidedFindings(
  tx: Tx,
  scope: Scope,
  region: RegionCode,
  day: PlainDate,
): Promise<readonly DecidedFinding[]> {
  const { lo, hi } = regionRange(region);
  const params = [scope.county, lo, hi, day];
  const standing = 'f.region >= $2 and f.region < $3 and f.from_day <= $4 and f.to_day > $4';
  return tx.remember(`decided findings ${region} ${day}`, async () => {
    // A town reads a decision by the person it is about.
    await showPeopleFound(tx, scope, region, day);
    const rows = await tx.query<DecidedFinding>(
      `select distinct f.person_no as "personNo", f.kind, f.region from adjudication a
       join finding f on f.county = a.county and f.person_no = a.person_no
       where a.county = $1 and a.undone_at is null and a.from_day <= $4 and a.to_day > $4 and ${standing}
         and (a.kind = f.kind or (a.kind is null and f.from_day <= a.from_day))`,
      params,
    );
    return rows.map((row) => ({ ...row, personNo: Number(row.personNo) }));
  });
}

export interface FindingCount {
  readonly kind: string;
  /** Town of a county, village of a town. */
  readonly place: RegionCode;
  readonly waiting: number;
  readonly decided: number;
}

/** What stands in the queues of a region on a day, by kind and place; a decided finding does not wait any more. */
export async function countFindings(
  tx: Tx,
  scope: Scope,
  region: RegionCode,
  day: PlainDate,
): Promise<readonly FindingCount[]> {
  const { lo, hi } = regionRange(region);
  const digits = region.length <= 6 ? 9 : 12;
  const all = await tx.remember(`findings ${region} ${day}`, () =>
    tx.query<{ kind: string; place: RegionCode; people: number }>(
      `select kind, left(region, ${digits}) as place, count(*)::int as people from finding
       where county = $1 and region >= $2 and region < $3 and from_day <= $4 and to_day > $4 group by 1, 2`,
      [scope.county, lo, hi, day],
    ),
  );
  const key = (kind: string, place: RegionCode): string => `${kind} ${place.slice(0, digits)}`;
  const decided = new Map<string, number>();
  for (const one of await decidedFindings(tx, scope, region, day)) {
    const at = key(one.kind, one.region);
    decided.set(at, (decided.get(at) ?? 0) + 1);
  }
  return all.map(({ kind, place, people }) => {
    const done = decided.get(key(kind, place)) ?? 0;
    return { kind, place, waiting: people - done, decided: done };
  });
}

/** Kinds for which somebody waits, and how many. */
export function waitingByKind(counts: readonly FindingCount[]): { kind: string; people: number }[] {
  const people = new Map<string, number>();
  for (const one of counts) people.set(one.kind, (people.get(one.kind) ?? 0) + one.waiting);
  return [...people].map(([kind, n]) => ({ kind, people: n })).filter((one) => one.people > 0);
}
