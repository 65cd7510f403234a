import type { RegionCode } from '@quanbao/domain/kernel/region';
import { isWithin } from '@quanbao/domain/kernel/region';
import { findSource } from '@quanbao/domain/sources/catalogue';
import type { Tx } from '../../db/port.ts';

/** A series: replacement, ending and "was wrong" act inside it. */
export interface SeriesKey {
  readonly source: string;
  readonly sender: string;
  readonly region: RegionCode;
}

/**
 * A series' claims are a stack: each delivery closes what it no longer says and opens what it newly says.
 * To put a delivery in the middle, or take one out, later ones are popped and pushed again; so undo is exact.
 */
export interface StackedDelivery extends SeriesKey {
  readonly delivery: number;
  readonly as_of: string;
  readonly mode: 'full' | 'delta';
  readonly digest: string;
  readonly years: string;
}

export interface PushCounts {
  new: number;
  changed: number;
  same: number;
  /** People (and slots) in force before and not named any more. */
  withdrawn: number;
  /** People (and slots) in force before, of which `withdrawn` is a part. */
  before: number;
}

const IN_GROUP = 'county = $1 and source = $2 and sender = $3 and undone_at is null';

/** Every delivery of source and sender that is not undone, oldest first. */
export async function listGroup(
  tx: Tx,
  county: RegionCode,
  source: string,
  sender: string,
): Promise<StackedDelivery[]> {
  return tx.query<StackedDelivery>(
    `select delivery, source, sender, region, as_of, mode, digest, years from delivery
     where ${IN_GROUP} order by as_of, delivery`,
    [county, source, sender],
  );
}

/** A re-issue (same series, same day, full) replaces the earlier one: only the last of them is in force. */
export function inForce(group: readonly StackedDelivery[]): StackedDelivery[] {
  return group.filter(
    (d, i) =>
      d.mode !== 'full' ||
      !group.some(
        (later, j) => j > i && later.mode === 'full' && later.region === d.region && later.as_of === d.as_of,
      ),
  );
}

/** Takes the newest overlapping delivery off the stack again; marks whom that touches. */
export async function pop(tx: Tx, county: RegionCode, delivery: number, change: number): Promise<void> {
  await tx.query(
    `insert into touched (county, change, person_no)
     select county, $3::bigint, person_no from claim where county = $1 and since = $2
     union select county, $3::bigint, person_no from claim where county = $1 and until = $2
     on conflict do nothing`,
    [county, delivery, change],
  );
  await tx.query('delete from claim where county = $1 and since = $2', [county, delivery]);
  await tx.query('update claim set until = null where county = $1 and until = $2', [county, delivery]);
}

/** Ids of deliveries whose open claims `d` replaces (its own series) and ends (also its towns' series). */
function scopeOf(group: readonly StackedDelivery[], d: StackedDelivery): { own: number[]; ended: number[] } {
  const before = group.filter((other) => other.delivery !== d.delivery);
  const own = before.filter((other) => other.region === d.region).map((other) => other.delivery);
  const ended =
    d.mode === 'full'
      ? before.filter((other) => isWithin(other.region, d.region)).map((other) => other.delivery)
      : own;
  return { own, ended };
}

/**
 * Puts a staged delivery on top of its stack.
 * @param stage the number its rows lie under on the stage
 * @param fresh no person existed before this commit, so nothing can be open and nobody need be marked
 */
export async function push(
  tx: Tx,
  county: RegionCode,
  group: readonly StackedDelivery[],
  d: StackedDelivery,
  stage: number,
  change: number,
  fresh: boolean,
): Promise<PushCounts> {
  const { own, ended } = scopeOf(group, d);
  const additive = findSource(d.source)?.absence === 'replaces-year';
  if (ended.length === 0 || (additive && d.mode === 'delta')) {
    return pushAll(tx, county, d, stage, change, own, additive, fresh);
  }
  const meeting = await chooseMeeting(tx, county, [stage], d.mode === 'full');
  const counts = await compare(tx, county, d, stage, own, ended, additive, meeting);
  await close(tx, county, d, stage, own, ended, additive, meeting);
  if (!fresh) await markClosed(tx, county, d, change);
  await open(tx, county, d, stage, own, change, fresh, meeting);
  await anyMeeting(tx);
  return counts;
}

/** Nothing of the series is open, or its rows add up: every staged row opens a claim. */
async function pushAll(
  tx: Tx,
  county: RegionCode,
  d: StackedDelivery,
  stage: number,
  change: number,
  own: readonly number[],
  additive: boolean,
  fresh: boolean,
): Promise<PushCounts> {
  const [row] = await tx.query<{ n: number }>(
    'select coalesce(sum(row_count), 0)::int as n from stage_row where county = $1 and stage = $2',
    [county, stage],
  );
  const before = additive ? await countOpen(tx, county, own) : 0;
  await open(tx, county, d, stage, [], change, fresh, 'hash');
  return { new: row?.n ?? 0, changed: 0, same: 0, withdrawn: 0, before };
}

async function countOpen(tx: Tx, county: RegionCode, deliveries: readonly number[]): Promise<number> {
  if (deliveries.length === 0) return 0;
  const [row] = await tx.query<{ n: number }>(
    'select count(*)::int as n from claim where county = $1 and since = any($2::int[]) and until is null',
    [county, [...deliveries]],
  );
  return row?.n ?? 0;
}

/**
 * How staged rows meet the open claims of their series. The rows were written by this very transaction, so the planner
 * knows nothing of them (measured with nested loops: 19 s for 20,000 people); whoever has the counts decides.
 */
type Meeting = 'hash' | 'index';

/** A delta of up to so many rows looks each person up; beyond, and for full lists, both sides are hashed. */
const LOOKED_UP = 20_000;

/** Sets the planner for it too, until `anyMeeting`. @param full what is open is looked at as a whole */
export async function chooseMeeting(
  tx: Tx,
  county: RegionCode,
  stages: readonly number[],
  full: boolean,
): Promise<Meeting> {
  const staged = 'select 1 from stage_row where county = $1 and stage = any($2::int[]) limit $3::int';
  const few = !full && (await tx.query(staged, [county, [...stages], LOOKED_UP + 1])).length <= LOOKED_UP;
  await tx.query(`set local enable_nestloop = ${few ? 'on' : 'off'}`);
  return few ? 'index' : 'hash';
}

export async function anyMeeting(tx: Tx): Promise<void> {
  await tx.query('set local enable_nestloop = on');
}

/** Open claims of the series, per person and slot. */
const OPEN_CLAIMS = `select c.person_no, c.slot, min(c.content) as content, count(*) as claims
  from claim c where c.county = $1 and c.since = any($3::int[]) and c.until is null group by c.person_no, c.slot`;
const STAGED = 'select person_no, slot, content, row_count from stage_row where county = $1 and stage = $2';
/** All claims of a staged row's person, by the primary key; the fence keeps the index on `since` out of it. */
const CLAIMS_OF_ROW = `(select c.since, c.until, c.content from claim c
  where c.county = $1 and c.person_no = s.person_no and c.slot = s.slot offset 0) c`;
const OPEN_CLAIMS_OF_STAGED = `select s.person_no, s.slot, min(c.content) as content, count(*) as claims
  from stage_row s cross join lateral ${CLAIMS_OF_ROW}
  where s.county = $1 and s.stage = $2 and c.since = any($3::int[]) and c.until is null group by s.person_no, s.slot`;

async function compare(
  tx: Tx,
  county: RegionCode,
  d: StackedDelivery,
  stage: number,
  own: readonly number[],
  ended: readonly number[],
  additive: boolean,
  meeting: Meeting,
): Promise<PushCounts> {
  const [sums] = await tx.query<{ new: number; changed: number; same: number }>(
    `select coalesce(sum(s.row_count) filter (where o.person_no is null), 0)::int as new,
            coalesce(sum(s.row_count) filter (where o.content <> s.content or o.claims > 1), 0)::int as changed,
            coalesce(sum(s.row_count) filter (where o.content = s.content and o.claims = 1), 0)::int as same
     from (${STAGED}) s left join (${meeting === 'index' ? OPEN_CLAIMS_OF_STAGED : OPEN_CLAIMS}) o
       on o.person_no = s.person_no and o.slot = s.slot`,
    [county, stage, own],
  );
  if (d.mode === 'delta')
    return { ...(sums as { new: number; changed: number; same: number }), withdrawn: 0, before: 0 };
  const years = additive ? 'and o.slot = any($4::text[])' : 'and $4::text[] is not null';
  const [gone] = await tx.query<{ withdrawn: number; before: number }>(
    `select count(*)::int as before, (count(*) filter (where s.person_no is null))::int as withdrawn
     from (${OPEN_CLAIMS}) o left join (${STAGED}) s on s.person_no = o.person_no and s.slot = o.slot where true ${years}`,
    [county, stage, ended, d.years.split(',')],
  );
  return {
    ...(sums as { new: number; changed: number; same: number }),
    ...(gone as { withdrawn: number; before: number }),
  };
}

/** Closes what the delivery no longer says: a full list everything it does not repeat, a delta what it contradicts. */
async function close(
  tx: Tx,
  county: RegionCode,
  d: StackedDelivery,
  stage: number,
  own: readonly number[],
  ended: readonly number[],
  additive: boolean,
  meeting: Meeting,
): Promise<void> {
  if (meeting === 'index') {
    await tx.query(
      `update claim o set until = $4 from (
         select s.person_no, s.slot, c.since from stage_row s cross join lateral ${CLAIMS_OF_ROW}
         where s.county = $1 and s.stage = $2 and c.since = any($3::int[]) and c.until is null and c.content <> s.content) k
       where o.county = $1 and o.person_no = k.person_no and o.since = k.since and o.slot = k.slot`,
      [county, stage, own, d.delivery],
    );
    return;
  }
  if (d.mode === 'delta') {
    await tx.query(
      `update claim c set until = $4 from (${STAGED}) s
       where c.county = $1 and c.since = any($3::int[]) and c.until is null
         and c.person_no = s.person_no and c.slot = s.slot and c.content <> s.content`,
      [county, stage, own, d.delivery],
    );
    return;
  }
  const years = additive ? 'and c.slot = any($5::text[])' : 'and $5::text[] is not null';
  const alone = additive
    ? `and not exists (select 1 from claim other where other.county = $1 and other.person_no = c.person_no and other.slot = c.slot
         and other.since = any($3::int[]) and other.until is null and other.since <> c.since)`
    : '';
  await tx.query(
    `update claim c set until = $6
     where c.county = $1 and c.since = any($4::int[]) and c.until is null ${years}
       and not (c.since = any($3::int[]) ${alone} and (c.person_no, c.slot, c.content) in
         (select s.person_no, s.slot, s.content from (${STAGED}) s))`,
    [county, stage, own, ended, d.years.split(','), d.delivery],
  );
}

async function markClosed(tx: Tx, county: RegionCode, d: StackedDelivery, change: number): Promise<void> {
  await tx.query(
    `insert into touched (county, change, person_no)
     select distinct county, $3::bigint, person_no from claim where county = $1 and until = $2 on conflict do nothing`,
    [county, d.delivery, change],
  );
}

/** Opens a claim for every staged row that no open claim of the series already says. */
async function open(
  tx: Tx,
  county: RegionCode,
  d: StackedDelivery,
  stage: number,
  own: readonly number[],
  change: number,
  fresh: boolean,
  meeting: Meeting,
): Promise<void> {
  const said =
    meeting === 'index'
      ? `select 1 from ${CLAIMS_OF_ROW} where c.since = any($3::int[]) and c.until is null`
      : `select 1 from claim c where c.county = $1 and c.since = any($3::int[]) and c.until is null
           and c.person_no = s.person_no and c.slot = s.slot`;
  const unsaid = own.length === 0 ? 'and $3::int[] is not null' : `and not exists (${said})`;
  await tx.query(
    `insert into claim (county, since, person_no, slot, row_no, row_count, content, phone)
     select s.county, $4::int, s.person_no, s.slot, s.row_no, s.row_count, s.content, s.phone
     from stage_row s where s.county = $1 and s.stage = $2 ${unsaid}`,
    [county, stage, [...own], d.delivery],
  );
  if (!fresh) {
    await tx.query(
      `insert into touched (county, change, person_no)
       select distinct county, $3::bigint, person_no from claim where county = $1 and since = $2 on conflict do nothing`,
      [county, d.delivery, change],
    );
  }
}
