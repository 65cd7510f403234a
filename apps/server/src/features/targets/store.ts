import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { Milestone, PlanKind, PlanUnit } from '@quanbao/domain/targets/plan';
import type { How, Share } from '@quanbao/domain/targets/shares';
import type { Scope, Tx } from '../../db/port.ts';

export interface StoredPlan {
  readonly plan: number;
  readonly kind: PlanKind;
  readonly title: string;
  readonly unit: PlanUnit;
  readonly indicator: string;
  readonly from: PlainDate;
  readonly due: PlainDate;
  readonly milestones: readonly Milestone[];
  readonly document: string;
  readonly actor: string;
  readonly ended: PlainDate | null;
}

export interface StoredVersion {
  readonly plan: number;
  readonly version: number;
  readonly total: number;
  readonly reason: string;
  readonly actor: string;
  readonly madeAt: string;
  /** Null while it is a draft. */
  readonly issued: PlainDate | null;
  readonly document: string;
}

type PlanRow = Omit<StoredPlan, 'milestones'> & { milestones: Milestone[] | string };

const COLUMNS = `plan, kind, title, unit, indicator, from_day as "from", due_day as due, milestones, document, actor,
  ended_day as ended`;

function storedPlan(row: PlanRow): StoredPlan {
  const { milestones } = row;
  return {
    ...row,
    plan: Number(row.plan),
    milestones: typeof milestones === 'string' ? JSON.parse(milestones) : milestones,
  };
}

export async function readPlans(tx: Tx, county: RegionCode): Promise<StoredPlan[]> {
  const rows = await tx.query<PlanRow>(
    `select ${COLUMNS} from target_plan where county = $1 order by from_day desc, plan desc`,
    [county],
  );
  return rows.map(storedPlan);
}

/** @throws Refusal for a plan that is none */
export async function readPlan(tx: Tx, county: RegionCode, plan: number): Promise<StoredPlan> {
  const [row] = await tx.query<PlanRow>(
    `select ${COLUMNS} from target_plan where county = $1 and plan = $2`,
    [county, plan],
  );
  if (row === undefined) throw unknownPlan();
  return storedPlan(row);
}

export function unknownPlan(): Refusal {
  return new Refusal('targets.unknown', '没有这一项目标任务，或还没有下达；请从目标任务列表里打开。');
}

/** The oldest first; drafts are the county's alone. */
export async function readVersions(tx: Tx, scope: Scope, plan?: number): Promise<StoredVersion[]> {
  const rows = await tx.query<Omit<StoredVersion, 'madeAt'> & { madeAt: Date }>(
    `select plan, version, total, reason, actor, made_at as "madeAt", issued_day as issued, coalesce(issued_document, '') as document
     from target_version where county = $1 and ($2::int is null or plan = $2) order by plan, version`,
    [scope.county, plan ?? null],
  );
  return rows
    .filter((row) => seesDrafts(scope) || row.issued !== null)
    .map((row) => ({
      ...row,
      plan: Number(row.plan),
      version: Number(row.version),
      total: Number(row.total),
      madeAt: new Date(row.madeAt).toISOString(),
    }));
}

export function seesDrafts(scope: Scope): boolean {
  return scope.region === scope.county && scope.duty !== 'office';
}

/** The latest of those issued by the day. */
export function inForceOn(versions: readonly StoredVersion[], day: PlainDate): StoredVersion | undefined {
  return versions
    .filter(({ issued }) => issued !== null && issued <= day)
    .toSorted((a, b) =>
      a.issued === b.issued ? a.version - b.version : (a.issued as string) < (b.issued as string) ? -1 : 1,
    )
    .at(-1);
}

/** Those the scope sees: a town's own and its villages'. */
export async function readShares(
  tx: Tx,
  county: RegionCode,
  plan: number,
  version: number,
): Promise<Share[]> {
  const rows = await tx.query<{
    region: string;
    amount: number;
    how: How;
    weight: number | null;
    printed: string;
    position: number;
  }>(
    `select region, amount, how, weight, printed, position from target_share
     where county = $1 and plan = $2 and version = $3 order by region`,
    [county, plan, version],
  );
  return rows.map((row) => ({
    ...row,
    amount: Number(row.amount),
    weight: row.weight === null ? null : Number(row.weight),
    position: Number(row.position),
  }));
}

export async function insertShares(
  tx: Tx,
  county: RegionCode,
  plan: number,
  version: number,
  shares: readonly Share[],
): Promise<void> {
  await tx.query(
    `insert into target_share (county, plan, version, region, amount, how, weight, printed, position)
     select $1, $2::int, $3::int, u.* from unnest($4::text[], $5::bigint[], $6::text[], $7::bigint[], $8::text[], $9::int[]) as u`,
    [
      county,
      plan,
      version,
      shares.map(({ region }) => region),
      shares.map(({ amount }) => amount),
      shares.map(({ how }) => how),
      shares.map(({ weight }) => weight),
      shares.map(({ printed }) => printed),
      shares.map(({ position }) => position),
    ],
  );
}

/** Only of a draft. */
export async function replaceShares(
  tx: Tx,
  county: RegionCode,
  plan: number,
  version: number,
  shares: readonly Share[],
): Promise<void> {
  await tx.query('delete from target_share where county = $1 and plan = $2 and version = $3', [
    county,
    plan,
    version,
  ]);
  await insertShares(tx, county, plan, version, shares);
}
