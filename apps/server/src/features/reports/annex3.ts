import { splitGroup } from '@quanbao/domain/addresses/groups';
import type { Content, DeliveryRef } from '@quanbao/domain/coverage/claim';
import { orderOf } from '@quanbao/domain/coverage/evidence';
import { reasonWords } from '@quanbao/domain/coverage/reason';
import { unpackClass } from '@quanbao/domain/coverage/step-class';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { type RegionCode, type RegionLevel, regionLevel, regionRange } from '@quanbao/domain/kernel/region';
import type { RegionTree } from '@quanbao/domain/regions/region-tree';
import { annex3Row } from '@quanbao/domain/reports/annex3';
import { seesVerdict } from '@quanbao/domain/sources/sight';
import { standingAnswer } from '@quanbao/domain/survey/standing';
import type { Scope, Tx } from '../../db/port.ts';
import { showPeople } from '../../db/shown.ts';
import type { Instance } from '../../instance.ts';
import { loadDeliveryRefs } from '../coverage/index.ts';
import { type StandingPlace, standingPage } from './standing.ts';

/** One printed line of 附件3 and where it stands, so that the next page can go on from it. */
export interface Annex3Line {
  readonly personNo: number;
  readonly region: RegionCode;
  readonly cells: string[];
}

/** The last line of the page before. */
export type Annex3Place = StandingPlace;

interface Row {
  person_no: number;
  region: RegionCode;
  class: number;
  delivery: number;
  row_no: number;
  source: string | null;
  /** Null of whom a town's policy on `person` does not show: he moved away after that day. */
  name: string | null;
  birth: string;
  id_cipher: Buffer;
}

interface ClaimRow {
  person_no: number;
  since: number;
  until: number | null;
  row_no: number;
  content: string;
  phone: Buffer | null;
}

/** What a list that the scope may see says of somebody. */
interface Said {
  readonly source: string;
  readonly since: DeliveryRef;
  readonly row: number;
  readonly content: Content;
  readonly phone: Buffer | null;
}

const EXPORT_PAGE = 5_000;

/**
 * The next lines of 附件3 of a region on a day, in region and person order: the province list where one was
 * received, else everybody in the register but the registered.
 */
export async function annex3Page(
  tx: Tx,
  instance: Instance,
  scope: Scope,
  tree: RegionTree,
  region: RegionCode,
  day: PlainDate,
  options: { limit: number; after?: Annex3Place },
): Promise<Annex3Line[]> {
  const classes = new Set(await listedClasses(tx, scope, day));
  const { rows } = await standingPage(tx, scope.county, region, day, { classes }, options);
  if (rows.length === 0) return [];
  const found = await tx.query<Row>(
    `select s.person_no, s.region, s.class, s.delivery, s.row_no, d.source, p.name, p.birth, p.id_cipher
     from unnest($2::bigint[], $3::text[], $4::int[], $5::int[], $6::int[])
       with ordinality as s (person_no, region, class, delivery, row_no, at)
     left join person p on p.county = $1 and p.person_no = s.person_no
     left join delivery d on d.county = $1 and d.delivery = s.delivery
     order by s.at`,
    [
      scope.county,
      rows.map((row) => row.personNo),
      rows.map((row) => row.region),
      rows.map((row) => row.class),
      rows.map((row) => row.delivery),
      rows.map((row) => row.row),
    ],
  );
  return linesOf(tx, instance, scope, tree, found, day);
}

/** 附件3 from its first line to its last, a few thousand at a time: read once and sorted once. */
export async function* annex3Lines(
  tx: Tx,
  instance: Instance,
  scope: Scope,
  tree: RegionTree,
  region: RegionCode,
  day: PlainDate,
): AsyncGenerator<Annex3Line[]> {
  const { region: division, group } = splitGroup(region);
  const { lo, hi } = regionRange(division);
  await tx.query('set local cursor_tuple_fraction = 1');
  await tx.query(
    `declare annex3_cursor no scroll cursor for
     select s.person_no, s.region, s.class, s.delivery, s.row_no, d.source, p.name, p.birth, p.id_cipher
     from step s left join person p on p.county = s.county and p.person_no = s.person_no
     left join delivery d on d.county = s.county and d.delivery = s.delivery
     where s.county = $1 and s.region >= $2 and s.region < $3
       and s.from_day <= $4 and s.to_day > $4 and s.class = any($5::int[]) and ($6::int is null or s.group_no = $6)
     order by s.region, s.person_no`,
    [scope.county, lo, hi, day, await listedClasses(tx, scope, day), group ?? null],
  );
  for (;;) {
    const rows = await tx.query<Row>(`fetch ${EXPORT_PAGE} from annex3_cursor`);
    if (rows.length > 0) yield await linesOf(tx, instance, scope, tree, rows, day);
    if (rows.length < EXPORT_PAGE) break;
  }
  await tx.query('close annex3_cursor');
}

async function listedClasses(tx: Tx, scope: Scope, day: PlainDate): Promise<readonly number[]> {
  return tx.remember(`listed classes ${day}`, () => readListedClasses(tx, scope, day));
}

async function readListedClasses(tx: Tx, scope: Scope, day: PlainDate): Promise<number[]> {
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

/** Who they are, of those who have moved out of the asking town since. */
async function nameMoved(tx: Tx, scope: Scope, rows: readonly Row[]): Promise<void> {
  const moved = new Map(rows.filter((row) => row.name === null).map((row) => [Number(row.person_no), row]));
  if (moved.size === 0) return;
  const people = await tx.query<{ person_no: number; name: string; birth: string; id_cipher: Buffer }>(
    'select person_no, name, birth, id_cipher from person where county = $1 and person_no = any($2::bigint[])',
    [scope.county, [...moved.keys()]],
  );
  for (const person of people) Object.assign(moved.get(Number(person.person_no)) as Row, person);
}

/** By person what lists say on a day, the oldest first; an answer counts as long as it stands, replaced or not. */
async function saidOf(
  tx: Tx,
  county: RegionCode,
  people: readonly number[],
  day: PlainDate,
): Promise<Map<number, Said[]>> {
  const deliveries = await loadDeliveryRefs(tx, county);
  const claims = await tx.query<ClaimRow>(
    `select person_no, since, until, row_no, content, phone from claim
     where county = $1 and person_no = any($2::bigint[])`,
    [county, people],
  );
  const byPerson = new Map<number, Said[]>();
  for (const claim of claims) {
    const since = deliveries.get(claim.since);
    if (since === undefined || since.asOf > day) continue;
    const until = claim.until === null ? undefined : deliveries.get(claim.until);
    if (until !== undefined && until.asOf <= day && since.source !== 'survey-workbook') continue;
    const list = byPerson.get(Number(claim.person_no)) ?? [];
    byPerson.set(Number(claim.person_no), list);
    list.push({
      source: since.source,
      since,
      row: claim.row_no,
      content: JSON.parse(claim.content),
      phone: claim.phone,
    });
  }
  for (const list of byPerson.values()) list.sort((a, b) => orderOf(a.since, b.since));
  return byPerson;
}

async function linesOf(
  tx: Tx,
  instance: Instance,
  scope: Scope,
  tree: RegionTree,
  rows: readonly Row[],
  day: PlainDate,
): Promise<Annex3Line[]> {
  await showPeople(
    tx,
    scope,
    rows.map((row) => Number(row.person_no)),
  );
  await nameMoved(tx, scope, rows);
  const level: RegionLevel = regionLevel(scope.region) ?? 'village';
  const byPerson = await saidOf(
    tx,
    scope.county,
    rows.map((row) => Number(row.person_no)),
    day,
  );
  const known = rows.map((row) => {
    const said = byPerson.get(Number(row.person_no)) ?? [];
    const answer = standingAnswer(
      said.filter((c) => c.source === 'survey-workbook'),
      day,
    );
    const register = said.findLast((c) => c.source === 'household-register');
    return { said, answer, register, phone: answer?.phoneOf?.phone ?? register?.phone ?? null };
  });
  const ids = instance.cipher.decryptFields(rows.map((row) => row.id_cipher));
  // All at once: each on its own costs a call of the cipher.
  const phones = instance.cipher.decryptFields(known.flatMap(({ phone }) => phone ?? []));
  let phoneAt = 0;
  return rows.map((row, i) => {
    const facts = unpackClass(row.class);
    const { said, answer, register, phone } = known[i] as (typeof known)[number];
    const listed = said.findLast((c) => c.source === 'province-list');
    return {
      personNo: Number(row.person_no),
      region: row.region,
      cells: annex3Row({
        regionCode: row.region,
        divisionName: tree.get(row.region.slice(0, 9))?.name ?? tree.get(scope.county)?.name ?? '',
        name: row.name ?? '',
        id: ids[i] as string,
        birth: row.birth,
        address: register?.content.a ?? listed?.content.a ?? '',
        column: facts.column,
        registered: facts.registered,
        willing: facts.willing,
        phone: phone === null ? '' : (phones[phoneAt++] as string),
        reasonText: reasonWords(
          facts,
          said.find((c) => c.since.id === row.delivery && c.row === row.row_no),
          answer?.content,
          answer?.toldBy?.content,
        ),
        sight: seesVerdict(level, facts, row.source ?? undefined),
      }),
    };
  });
}
