import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { Milestone, PlanKind } from '@quanbao/domain/targets/plan';
import type { Course } from '@quanbao/domain/targets/progress';
import type { Tx } from '../../db/port.ts';

/** A plan as it stood on a day: its version in force and what that gives each place. */
export interface PlanInForce {
  readonly plan: number;
  readonly version: number;
  readonly title: string;
  readonly total: number;
  readonly shares: ReadonlyMap<RegionCode, number>;
}

/** The plan of a kind in force on the day: the latest begun, in its latest version issued by then. */
export async function planInForce(
  tx: Tx,
  county: RegionCode,
  kind: Exclude<PlanKind, 'own'>,
  day: PlainDate,
): Promise<PlanInForce | undefined> {
  const found = await choose(tx, county, kind, day);
  if (found === undefined) return undefined;
  const rows = await tx.query<{ region: RegionCode; amount: number }>(
    'select region, amount from target_share where county = $1 and plan = $2 and version = $3',
    [county, found.plan, found.version],
  );
  return {
    plan: Number(found.plan),
    version: Number(found.version),
    title: found.title,
    total: Number(found.total),
    shares: new Map(rows.map((row) => [row.region, Number(row.amount)])),
  };
}

type Courses = Partial<Record<Exclude<PlanKind, 'own'>, Course>>;

/** The days and milestones of the plans in force on the day. */
export async function coursesInForce(tx: Tx, county: RegionCode, day: PlainDate): Promise<Courses> {
  const courses: Courses = {};
  for (const kind of ['verify', 'expand'] as const) {
    const found = await choose(tx, county, kind, day);
    if (found === undefined) continue;
    const { from, due, milestones } = found;
    courses[kind] = {
      from,
      due,
      milestones: milestones.map(({ day: by, percent }) => ({ day: by, percent })),
    };
  }
  return courses;
}

interface Chosen {
  readonly plan: number;
  readonly version: number;
  readonly title: string;
  readonly total: number;
  readonly from: string;
  readonly due: string;
  readonly milestones: readonly Milestone[];
}

async function choose(
  tx: Tx,
  county: RegionCode,
  kind: Exclude<PlanKind, 'own'>,
  day: PlainDate,
): Promise<Chosen | undefined> {
  const [found] = await tx.query<Chosen>(
    `select p.plan, v.version, p.title, v.total, p.from_day as "from", p.due_day as due, p.milestones
     from target_plan p
     join target_version v on v.county = p.county and v.plan = p.plan
     where p.county = $1 and p.kind = $2 and p.from_day <= $3 and (p.ended_day is null or p.ended_day > $3)
       and v.issued_day <= $3
     order by p.from_day desc, p.plan desc, v.issued_day desc, v.version desc limit 1`,
    [county, kind, day],
  );
  return found;
}
