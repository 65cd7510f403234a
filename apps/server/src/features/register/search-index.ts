import type { Content } from '@quanbao/domain/coverage/claim';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { RegionTree } from '@quanbao/domain/regions/region-tree';
import { bareName, behindPlace, nameKeys } from '@quanbao/domain/register/search';
import { analyze } from '../../db/analyze.ts';
import { copyField } from '../../db/copy-text.ts';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { loadRegionTree } from '../regions/index.ts';
import { readingsOf } from './reading.ts';

/** People of one transaction: short beside whoever commits or reads. */
const BATCH = 5_000;
/** So many new rows change what the planner should know. */
const MANY = 20_000;
const LOCK_SPACE = 0x73656172;
const SOURCES = ['household-register', 'province-list', 'survey-workbook'];

interface SearchRow {
  readonly personNo: number;
  /** Region, name, reading, household, phone, other phone, address: as COPY writes them. */
  readonly line: string;
  readonly name: string;
}

/**
 * Brings the search rows up to what has been committed, some thousand people a transaction; whatever stops it, the
 * next run goes on from there. Two runs at once take turns.
 * @returns how many people were looked at
 */
export async function indexRegister(
  instance: Instance,
  county: RegionCode,
  options: { onProgress?: (people: number) => void; stopped?: () => boolean } = {},
): Promise<number> {
  const scope: Scope = { county, region: county, actor: 'search index' };
  const names = new Set<string>();
  let people = 0;
  while (!options.stopped?.()) {
    const done = await instance.db.transaction(scope, async (tx) => {
      await tx.query('select pg_advisory_xact_lock($1::int, $2::int)', [LOCK_SPACE, Number(county)]);
      const numbers = await takeDue(tx, county);
      if (numbers === undefined) return undefined;
      const tree = await loadRegionTree(tx, county);
      const rows = await searchRows(tx, county, tree, numbers);
      await writeRows(tx, county, rows);
      await writeNames(tx, county, rows, names);
      return numbers.length;
    });
    if (done === undefined) break;
    people += done;
    options.onProgress?.(people);
  }
  if (people >= MANY) {
    await instance.db.transaction(scope, async (tx) => {
      await analyze(tx, 'person_search');
      await analyze(tx, 'name_key');
    });
  }
  return people;
}

/** Whether people are waiting: what they are searched by may be older than what is known of them. */
export async function isSearchDue(tx: Tx, county: RegionCode): Promise<boolean> {
  return (await tx.query('select 1 from search_due where county = $1 limit 1', [county])).length > 0;
}

/** How many people are waiting. */
export async function countSearchDue({ db }: Instance, county: RegionCode): Promise<number> {
  const [row] = await db.transaction({ county, region: county, actor: 'search index' }, (tx) =>
    tx.query<{ n: number }>(
      'select coalesce(sum(last_person - first_person + 1), 0)::int as n from search_due where county = $1',
      [county],
    ),
  );
  return Number(row?.n ?? 0);
}

/** Everybody anew: after a restore, or where the check found a difference. */
export async function reindexRegister(tx: Tx, county: RegionCode): Promise<void> {
  await tx.query(
    `insert into search_due (county, change, first_person, last_person)
     select $1, 0, min(person_no), max(person_no) from person where county = $1 having count(*) > 0
     on conflict do nothing`,
    [county],
  );
}

/** The next people due, struck off the list; undefined when nobody is. */
async function takeDue(tx: Tx, county: RegionCode): Promise<number[] | undefined> {
  const due = await tx.query<{ change: number; first: number; last: number }>(
    `select change, first_person as first, last_person as last from search_due where county = $1
     order by change, first_person limit ${BATCH}`,
    [county],
  );
  const [head] = due;
  if (head === undefined) return undefined;
  if (head.first === head.last) {
    const range = due.findIndex((row) => row.first !== row.last);
    const singles = range < 0 ? due : due.slice(0, range);
    await tx.query(
      `delete from search_due d using unnest($2::bigint[], $3::bigint[]) as u (change, person)
       where d.county = $1 and d.change = u.change and d.first_person = u.person`,
      [county, singles.map((row) => row.change), singles.map((row) => row.first)],
    );
    return [...new Set(singles.map((row) => row.first))];
  }
  const people = await tx.query<{ person_no: number }>(
    `select person_no from person where county = $1 and person_no between $2 and $3 order by person_no limit ${BATCH}`,
    [county, head.first, head.last],
  );
  const numbers = people.map((row) => row.person_no);
  const params = [county, head.change, head.first];
  const mine = 'county = $1 and change = $2 and first_person = $3';
  const last = numbers.at(-1);
  if (numbers.length < BATCH || last === undefined) {
    await tx.query(`delete from search_due where ${mine}`, params);
  } else {
    await tx.query(`update search_due set first_person = $4 where ${mine}`, [...params, last + 1]);
  }
  return numbers;
}

interface Said {
  readonly source: string;
  readonly asOf: PlainDate;
  readonly since: number;
  readonly content: Content;
}

/** What the people can be found by, from what is known of them now. */
async function searchRows(
  tx: Tx,
  county: RegionCode,
  tree: RegionTree,
  numbers: readonly number[],
): Promise<SearchRow[]> {
  const params = [county, [...numbers]];
  const people = await tx.query<{ person_no: number; name: string; region: string }>(
    'select person_no, name, region from person where county = $1 and person_no = any($2::bigint[]) order by person_no',
    params,
  );
  const deliveries = await tx.query<{ delivery: number; source: string; as_of: string }>(
    'select delivery, source, as_of from delivery where county = $1 and source = any($2::text[])',
    [county, SOURCES],
  );
  const byNumber = new Map(deliveries.map((d) => [d.delivery, d]));
  const claims = await tx.query<{ person_no: number; since: number; content: string }>(
    'select person_no, since, content from claim where county = $1 and person_no = any($2::bigint[]) and since = any($3::int[])',
    [...params, [...byNumber.keys()]],
  );
  const said = new Map<number, Said[]>();
  for (const claim of claims) {
    const list = said.get(claim.person_no) ?? [];
    said.set(claim.person_no, list);
    const { source, as_of: asOf } = byNumber.get(claim.since) as (typeof deliveries)[number];
    list.push({ source, asOf, since: claim.since, content: JSON.parse(claim.content) });
  }
  const places = new Map<RegionCode, string[]>();
  const namesOf = (region: RegionCode): string[] => {
    let names = places.get(region);
    if (names === undefined) {
      names = [county, region.slice(0, 9), region.slice(0, 12)].map((code) => tree.get(code)?.name ?? '');
      places.set(region, names);
    }
    return names;
  };
  return people.map(({ person_no: personNo, name, region }) => {
    const latest = latestOf(said.get(personNo) ?? []);
    const register = latest('household-register');
    const phone = register?.ph ?? '';
    const other = latest('survey-workbook', (content) => content.ph !== undefined)?.ph ?? '';
    const address = register?.a ?? latest('province-list')?.a ?? '';
    const bare = bareName(name);
    const fields = [
      region,
      bare,
      `|${readingsOf(bare).join('|')}`,
      register?.h ?? '',
      phone,
      other === phone ? '' : other,
      behindPlace(address, namesOf(region)),
    ];
    return { personNo, name: bare, line: fields.map(copyField).join('\t') };
  });
}

function latestOf(
  said: readonly Said[],
): (source: string, where?: (content: Content) => boolean) => Content | undefined {
  const sorted = [...said].sort((a, b) => (a.asOf === b.asOf ? b.since - a.since : a.asOf < b.asOf ? 1 : -1));
  return (source, where = () => true) =>
    sorted.find((one) => one.source === source && where(one.content))?.content;
}

const COLUMNS = [
  'county',
  'person_no',
  'region',
  'name',
  'reading',
  'household',
  'phone',
  'other_phone',
  'address',
];

async function storedLines(
  tx: Tx,
  county: RegionCode,
  numbers: readonly number[],
): Promise<Map<number, string>> {
  const rows = await tx.query<Record<string, string> & { person_no: number }>(
    `select ${COLUMNS.slice(1).join(', ')} from person_search where county = $1 and person_no = any($2::bigint[])`,
    [county, [...numbers]],
  );
  return new Map(
    rows.map((row) => [
      row.person_no,
      COLUMNS.slice(2)
        .map((column) => copyField(row[column] as string))
        .join('\t'),
    ]),
  );
}

async function writeRows(tx: Tx, county: RegionCode, rows: readonly SearchRow[]): Promise<void> {
  const stored = await storedLines(
    tx,
    county,
    rows.map((row) => row.personNo),
  );
  const changed = rows.filter((row) => stored.get(row.personNo) !== row.line);
  const stale = changed.filter((row) => stored.has(row.personNo)).map((row) => row.personNo);
  if (stale.length > 0) {
    await tx.query('delete from person_search where county = $1 and person_no = any($2::bigint[])', [
      county,
      stale,
    ]);
  }
  if (changed.length > 0) {
    const lines = changed.map((row) => `${county}\t${row.personNo}\t${row.line}\n`);
    await tx.copyIn('person_search', COLUMNS, [lines.join('')]);
  }
}

/** @param known names that need no look any more in this run */
async function writeNames(
  tx: Tx,
  county: RegionCode,
  rows: readonly SearchRow[],
  known: Set<string>,
): Promise<void> {
  const fresh = [...new Set(rows.map((row) => row.name))].filter((name) => name !== '' && !known.has(name));
  if (fresh.length === 0) return;
  const there = await tx.query<{ name: string }>(
    'select u.name from unnest($2::text[]) as u (name) where exists (select 1 from name_key k where k.county = $1 and k.key = u.name and k.name = u.name)',
    [county, fresh],
  );
  for (const { name } of there) known.add(name);
  const lines: string[] = [];
  for (const name of fresh) {
    if (known.has(name)) continue;
    known.add(name);
    for (const key of keysOf(name)) lines.push(`${county}\t${copyField(key)}\t${copyField(name)}\n`);
  }
  // In the order of the key: neighbours in the index are written one after the other.
  if (lines.length > 0) await tx.copyIn('name_key', ['county', 'key', 'name'], [lines.sort().join('')]);
}

function keysOf(name: string): string[] {
  return [...new Set([...nameKeys(name), ...readingsOf(name)])];
}

export interface IndexState {
  readonly people: number;
  readonly waiting: boolean;
  /** People who are not waiting and whose row, or whose name's keys, are not what they should be. */
  readonly wrong: number[];
}

/** Compares every search row with what it is derived from; changes nothing. */
export async function checkSearchIndex(tx: Tx, county: RegionCode): Promise<IndexState> {
  const tree = await loadRegionTree(tx, county);
  const due = await tx.query<{ first: number; last: number }>(
    'select first_person as first, last_person as last from search_due where county = $1',
    [county],
  );
  const single = new Set(due.filter((row) => row.first === row.last).map((row) => row.first));
  const ranges = due.filter((row) => row.first !== row.last);
  const isDue = (person: number): boolean =>
    single.has(person) || ranges.some((range) => range.first <= person && person <= range.last);
  const keyed = new Map<string, boolean>();
  const wrong: number[] = [];
  let people = 0;
  let last = 0;
  for (;;) {
    const page = await tx.query<{ person_no: number }>(
      `select person_no from person where county = $1 and person_no > $2 order by person_no limit ${BATCH}`,
      [county, last],
    );
    if (page.length === 0) break;
    const numbers = page.map((row) => row.person_no);
    last = numbers.at(-1) as number;
    people += numbers.length;
    const rows = (await searchRows(tx, county, tree, numbers)).filter((row) => !isDue(row.personNo));
    const stored = await storedLines(tx, county, numbers);
    await lookForKeys(tx, county, rows, keyed);
    for (const row of rows) {
      if (stored.get(row.personNo) !== row.line || keyed.get(row.name) === false) wrong.push(row.personNo);
    }
  }
  return { people, waiting: due.length > 0, wrong };
}

async function lookForKeys(
  tx: Tx,
  county: RegionCode,
  rows: readonly SearchRow[],
  keyed: Map<string, boolean>,
): Promise<void> {
  const names = [...new Set(rows.map((row) => row.name))].filter((name) => name !== '' && !keyed.has(name));
  if (names.length === 0) return;
  const keys = names.flatMap((name) => keysOf(name).map((key) => ({ name, key })));
  const there = await tx.query<{ name: string; n: number }>(
    `select u.name, count(*)::int as n from unnest($2::text[], $3::text[]) as u (key, name)
     join name_key k on k.county = $1 and k.key = u.key and k.name = u.name group by u.name`,
    [county, keys.map((one) => one.key), keys.map((one) => one.name)],
  );
  const found = new Map(there.map((row) => [row.name, row.n]));
  for (const name of names) keyed.set(name, found.get(name) === keysOf(name).length);
}
