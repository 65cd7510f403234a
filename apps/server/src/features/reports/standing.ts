import { splitGroup } from '@quanbao/domain/addresses/groups';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { type RegionCode, regionRange } from '@quanbao/domain/kernel/region';
import type { Tx } from '../../db/port.ts';
import { countAreas, countGroups } from './counts.ts';

/** Somebody's step on a day: where he stands, in which class, and what decided. */
export interface Standing {
  readonly personNo: number;
  readonly region: RegionCode;
  readonly group: number;
  readonly class: number;
  readonly delivery: number;
  readonly row: number;
}

/** The last one of the page before. */
export type StandingPlace = Pick<Standing, 'region' | 'personNo'>;

/** Whom a list is of. */
export interface Wanted {
  readonly classes: ReadonlySet<number>;
  /** Of these classes only those whom one of the deliveries has put there. */
  readonly bySeen?: { readonly classes: ReadonlySet<number>; readonly deliveries: readonly number[] };
  /** Only those put there by this delivery. */
  readonly delivery?: number | undefined;
}

export interface StandingPage {
  readonly rows: Standing[];
  /** Of those classes in the region, whoever has put them there. */
  readonly people: number;
}

/** A town, a village or a village's group, and the wanted classes that stand there on the day. */
interface Place {
  readonly lo: string;
  readonly hi: string;
  /** A whole town, its villages included. */
  readonly town: boolean;
  /** How many people stand in each. */
  readonly classes: ReadonlyMap<number, number>;
  readonly people: number;
}

const TOWN_DIGITS = 9;

/**
 * The next people of some classes in a region on a day, in region and person order. The counts say which classes
 * stand in which town, so that each is read in order from the index, however few of the county they are.
 * @param options.alone only who stands directly in the region, in none of its places
 */
export async function standingPage(
  tx: Tx,
  county: RegionCode,
  region: RegionCode,
  day: PlainDate,
  wanted: Wanted,
  options: { limit: number; after?: StandingPlace | undefined; alone?: boolean | undefined },
): Promise<StandingPage> {
  const after = options.after ?? { region: '', personNo: 0 };
  const classes = new Set([...wanted.classes, ...(wanted.bySeen?.classes ?? [])]);
  const placesOf = async (code: RegionCode, level: 'towns' | 'villages'): Promise<Place[]> =>
    wantedPlaces(tx, county, code, level, day, classes);
  const { group } = splitGroup(region);
  const all =
    group === undefined
      ? (await placesOf(region, region === county ? 'towns' : 'villages')).filter(
          (place) => !options.alone || place.lo === region,
        )
      : await wantedGroup(tx, county, region, day, classes);
  const waiting = all.filter((place) => after.region < place.hi);
  const rows: Standing[] = [];
  while (waiting.length > 0 && rows.length < options.limit) {
    const need = options.limit - rows.length;
    const places: Place[] = [];
    let people = 0;
    while (waiting.length > 0 && people < need) {
      const place = waiting.shift() as Place;
      if (place.town && place.people > need) {
        const villages = await placesOf(place.lo, 'villages');
        waiting.unshift(...villages.filter((village) => after.region < village.hi));
        continue;
      }
      places.push(place);
      people += place.people;
    }
    rows.push(...(await readPlaces(tx, county, day, { ...wanted, group }, places, after, need)));
  }
  return { rows, people: all.reduce((sum, place) => sum + place.people, 0) };
}

/** A class in a place, from somebody on. */
interface ClassRange {
  readonly lo: string;
  readonly hi: string;
  readonly after: number;
  readonly code: number;
  /** How many may be read of it. */
  readonly most: number;
}

async function readPlaces(
  tx: Tx,
  county: RegionCode,
  day: PlainDate,
  wanted: Wanted & { readonly group: number | undefined },
  places: readonly Place[],
  after: StandingPlace,
  limit: number,
): Promise<Standing[]> {
  const all = places.reduce((sum, place) => sum + place.people, 0);
  // Of whom a delivery decides there may be fewer than are counted.
  const counted = wanted.bySeen === undefined && wanted.delivery === undefined;
  const ranges = places
    .flatMap((place) => rangesAfter(place, after))
    .flatMap((range) =>
      [...range.classes].map(([code, people]): ClassRange => {
        const most = counted ? Math.min(limit, likelyOf(limit, people / all)) : limit;
        return { lo: range.lo, hi: range.hi, after: range.after, code, most };
      }),
    );
  const found = await readRanges(tx, county, day, wanted, ranges, limit);
  if (!anyCutShort(found, ranges, limit)) return found;
  return readRanges(
    tx,
    county,
    day,
    wanted,
    ranges.map((range) => ({ ...range, most: limit })),
    limit,
  );
}

/**
 * So many of a page are hardly ever of a class with this share of the people: a village has a hundred classes, and a
 * page from each was 3,564 rows read for 100 lines (at 1,000,000).
 */
function likelyOf(limit: number, share: number): number {
  const mean = limit * share;
  return Math.ceil(mean + 4 * Math.sqrt(mean) + 2);
}

/** Whether a class may have more people before the last one of the page than were read of it. */
function anyCutShort(found: readonly FoundStanding[], ranges: readonly ClassRange[], limit: number): boolean {
  const read = ranges.map(() => 0);
  for (const { range } of found) read[range] = (read[range] as number) + 1;
  return ranges.some(({ most }, i) => most < limit && read[i] === most);
}

type FoundStanding = Standing & { readonly range: number };

/** @returns in order of region and person: of each range as many as may be read of it */
async function readRanges(
  tx: Tx,
  county: RegionCode,
  day: PlainDate,
  { classes, bySeen, delivery, group }: Wanted & { readonly group: number | undefined },
  ranges: readonly ClassRange[],
  limit: number,
): Promise<FoundStanding[]> {
  const params: unknown[] = [
    county,
    ranges.map((range) => range.lo),
    ranges.map((range) => range.hi),
    ranges.map((range) => range.code),
    ranges.map((range) => range.after),
    ranges.map((range) => range.most),
    day,
    limit,
  ];
  let more = '';
  if (bySeen !== undefined) {
    params.push([...classes], bySeen.deliveries);
    more += ` and (class = any($${params.length - 1}::int[]) or delivery = any($${params.length}::int[]))`;
  }
  if (delivery !== undefined) {
    params.push(delivery);
    more += ` and delivery = $${params.length}`;
  }
  if (group !== undefined) {
    params.push(group);
    more += ` and group_no = $${params.length}`;
  }
  return tx.query<FoundStanding>(
    `select s.person_no as "personNo", s.region, s.group_no as "group", s.class, s.delivery, s.row_no as row, (want.at - 1)::int as range
     from unnest($2::text[], $3::text[], $4::int[], $5::bigint[], $6::int[])
       with ordinality as want (lo, hi, class, after, most, at)
     cross join lateral (
       select person_no, region, group_no, class, delivery, row_no from step
       where county = $1 and class = want.class and region >= want.lo and region < want.hi
         and person_no > want.after and from_day <= $7 and to_day > $7${more}
       order by region, person_no limit want.most) s
     order by s.region, s.person_no limit $8`,
    params,
  );
}

async function wantedPlaces(
  tx: Tx,
  county: RegionCode,
  region: RegionCode,
  level: 'towns' | 'villages',
  day: PlainDate,
  wanted: ReadonlySet<number>,
): Promise<Place[]> {
  const areas = await countAreas(tx, county, region, level, day);
  return [...areas]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, counts]) => {
      const found = [...counts].filter(([packed]) => wanted.has(packed));
      const town = level === 'towns' && code !== county;
      // People under a town's or the county's own code stand beside its children: their range must not take those in.
      const alone = !town && code.length <= TOWN_DIGITS;
      return {
        lo: code,
        hi: alone ? `${code}!` : regionRange(code).hi,
        town,
        classes: new Map(found),
        people: found.reduce((sum, [, n]) => sum + n, 0),
      };
    })
    .filter((place) => place.people > 0);
}

async function wantedGroup(
  tx: Tx,
  county: RegionCode,
  code: RegionCode,
  day: PlainDate,
  wanted: ReadonlySet<number>,
): Promise<Place[]> {
  const { region } = splitGroup(code);
  const counts = (await countGroups(tx, county, region, day)).get(code) ?? new Map<number, number>();
  const classes = new Map([...counts].filter(([packed]) => wanted.has(packed)));
  const people = [...classes.values()].reduce((sum, n) => sum + n, 0);
  return people === 0 ? [] : [{ lo: region, hi: regionRange(region).hi, town: false, classes, people }];
}

/** What of a place comes after the last one: the rest of that one's own region, then the regions behind it. */
function rangesAfter(place: Place, after: StandingPlace): (Place & { after: number })[] {
  if (after.region < place.lo) return [{ ...place, after: 0 }];
  const next = `${after.region}!`;
  return [
    { ...place, lo: after.region, hi: next, after: after.personNo },
    ...(next < place.hi ? [{ ...place, lo: next, after: 0 }] : []),
  ];
}
