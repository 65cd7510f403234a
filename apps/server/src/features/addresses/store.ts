import type { Placed, Unplaced } from '@quanbao/domain/addresses/assign';
import type { AddressRule, RuleDraft } from '@quanbao/domain/addresses/rules';
import { unpackClass } from '@quanbao/domain/coverage/step-class';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { RegionTree } from '@quanbao/domain/regions/region-tree';
import type { Tx } from '../../db/port.ts';

export interface StoredRule extends AddressRule {
  readonly actor: string;
  readonly madeAt: string;
  readonly retiredAt: string | null;
}

const UTC = `at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'`;

/** @param retired also what is no more used */
export async function loadRules(tx: Tx, county: RegionCode, retired = false): Promise<StoredRule[]> {
  const rows = await tx.query<
    Omit<StoredRule, 'first' | 'last'> & { first: number | null; last: number | null }
  >(
    `select rule as number, owner, position, kind, village, texts, without, parity, first_house as first, last_house as last,
       from_day as "from", to_day as "to", note, actor, to_char(made_at ${UTC}) as "madeAt", to_char(retired_at ${UTC}) as "retiredAt"
     from address_rule where county = $1 ${retired ? '' : 'and retired_at is null'} order by position, rule`,
    [county],
  );
  return rows.map((row) => ({ ...row, first: row.first ?? undefined, last: row.last ?? undefined }));
}

/** Between the texts of one rule on their way in; a draft holds no control characters. */
const BETWEEN = '\x1f';

/** Puts rules at the places given, in one statement. @returns their numbers */
export async function insertRules(
  tx: Tx,
  county: RegionCode,
  actor: string,
  owner: RegionCode,
  drafts: readonly (RuleDraft & { readonly position: number })[],
): Promise<number[]> {
  const [next] = await tx.query<{ n: number }>(
    'select coalesce(max(rule), 0)::int as n from address_rule where county = $1',
    [county],
  );
  const numbers = drafts.map((_, i) => Number(next?.n ?? 0) + 1 + i);
  await tx.query(
    `insert into address_rule (county, rule, owner, position, kind, village, texts, without, parity, first_house, last_house, from_day, to_day, note, actor)
     select $1, u.rule, $2, u.position, u.kind, u.village, coalesce(string_to_array(nullif(u.texts, ''), E'${BETWEEN}'), '{}'),
       coalesce(string_to_array(nullif(u.without, ''), E'${BETWEEN}'), '{}'), u.parity, u.first_house, u.last_house, u.from_day, u.to_day, u.note, $3
     from unnest($4::int[], $5::int[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::int[], $12::int[], $13::text[], $14::text[], $15::text[])
       as u (rule, position, kind, village, texts, without, parity, first_house, last_house, from_day, to_day, note)`,
    [
      county,
      owner,
      actor,
      numbers,
      drafts.map((one) => one.position),
      drafts.map((one) => one.kind),
      drafts.map((one) => one.village),
      drafts.map((one) => one.texts.join(BETWEEN)),
      drafts.map((one) => one.without.join(BETWEEN)),
      drafts.map((one) => one.parity),
      drafts.map((one) => one.first ?? null),
      drafts.map((one) => one.last ?? null),
      drafts.map((one) => one.from),
      drafts.map((one) => one.to),
      drafts.map((one) => one.note),
    ],
  );
  return numbers;
}

/**
 * Who stands in no village on the day: of the household register or the province's list, for those are whom the forms
 * count. The scope of the transaction decides whom it sees.
 */
export async function readUnplaced(
  tx: Tx,
  tree: RegionTree,
  region: RegionCode,
  day: PlainDate,
): Promise<{ person: number; region: RegionCode }[]> {
  const county = tree.county;
  const classes = await tx.query<{ class: number }>('select class from step_class where county = $1', [
    county,
  ]);
  const counted = classes
    .map((row) => row.class)
    .filter((code) => {
      const facts = unpackClass(code);
      return facts.inRegister || facts.onProvinceList;
    });
  const places =
    region === county ? [county, ...tree.children(county, day).map((town) => town.code)] : [region];
  const rows = await tx.query<{ person: number; region: string }>(
    `select person_no as person, region from step
     where county = $1 and class = any($2::int[]) and region = any($3::text[]) and from_day <= $4 and to_day > $4
     order by person_no`,
    [county, counted, places, day],
  );
  return rows.map((row) => ({ person: Number(row.person), region: row.region }));
}

/** People whose claims are read at a time. */
const PAGE = 5_000;

/** Their addresses and household numbers, as the lists that hold on the day say; of the register before the province's. */
export async function readAddresses(
  tx: Tx,
  county: RegionCode,
  people: readonly { person: number; region: RegionCode }[],
  day: PlainDate,
): Promise<Unplaced[]> {
  const found: Unplaced[] = [];
  for (let at = 0; at < people.length; at += PAGE) {
    const page = people.slice(at, at + PAGE);
    const rows = await tx.query<{
      person: number;
      source: string;
      address: string | null;
      household: string | null;
    }>(
      `select c.person_no as person, d.source, c.content::jsonb->>'a' as address, c.content::jsonb->>'h' as household
       from claim c
       join delivery d on d.county = c.county and d.delivery = c.since and d.source in ('household-register', 'province-list') and d.as_of <= $3
       left join delivery u on u.county = c.county and u.delivery = c.until
       where c.county = $1 and c.person_no = any($2::bigint[]) and (u.as_of is null or u.as_of > $3)
       order by d.as_of, d.delivery`,
      [county, page.map((one) => one.person), day],
    );
    const said = new Map<number, { address: string; household: string; official: boolean }>();
    for (const row of rows) {
      const person = Number(row.person);
      const before = said.get(person) ?? { address: '', household: '', official: false };
      const official = row.source === 'household-register';
      const speaks = row.address !== null && (official || !before.official);
      said.set(person, {
        address: speaks ? (row.address as string) : before.address,
        household: official ? (row.household ?? before.household) : before.household,
        official: before.official || (official && row.address !== null),
      });
    }
    for (const one of page) {
      const { address = '', household = '' } = said.get(one.person) ?? {};
      found.push({ ...one, address, household });
    }
  }
  return found;
}

/** Villages in which other members of these households stand on the day. */
export async function readHouseholds(
  tx: Tx,
  county: RegionCode,
  households: readonly string[],
  day: PlainDate,
): Promise<Map<string, RegionCode[]>> {
  const found = new Map<string, RegionCode[]>();
  for (let at = 0; at < households.length; at += PAGE) {
    const rows = await tx.query<{ household: string; village: string }>(
      `select distinct ps.household, substr(s.region, 1, 12) as village
       from person_search ps join step s on s.county = ps.county and s.person_no = ps.person_no and s.from_day <= $3 and s.to_day > $3
       where ps.county = $1 and ps.household = any($2::text[]) and ps.household <> '' and length(s.region) >= 12`,
      [county, households.slice(at, at + PAGE), day],
    );
    for (const { household, village } of rows)
      found.set(household, [...(found.get(household) ?? []), village]);
  }
  return found;
}

/** What is said about a person placed, for the row that is written. */
export interface Placement extends Placed {
  readonly address: string;
  readonly household: string;
  readonly from: PlainDate;
  readonly to: PlainDate;
}

export async function insertPlacements(
  tx: Tx,
  county: RegionCode,
  application: number,
  placements: readonly Placement[],
): Promise<void> {
  for (let at = 0; at < placements.length; at += PAGE) {
    const page = placements.slice(at, at + PAGE);
    await tx.query(
      `insert into address_placement (county, application, person_no, rule, village, address, household, from_day, to_day)
       select $1, $2, u.* from unnest($3::bigint[], $4::int[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[]) as u`,
      [
        county,
        application,
        page.map((one) => one.person),
        page.map((one) => one.rule),
        page.map((one) => one.village),
        page.map((one) => one.address),
        page.map((one) => one.household),
        page.map((one) => one.from),
        page.map((one) => one.to),
      ],
    );
  }
}
