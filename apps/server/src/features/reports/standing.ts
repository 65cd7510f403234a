import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { type RegionCode, regionRange } from '@quanbao/domain/kernel/region';
import type { Tx } from '../../db/port.ts';
import { countAreas } from './counts.ts';

/** Somebody's step on a day: where he stands, in which class, and what decided. */
export interface Standing {
  readonly personNo: number;
  readonly region: RegionCode;
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

/** A town or a village, and the wanted classes that stand there on the day. */
interface Place {
  readonly lo: string;
  readonly hi: string;
  /** A whole town, its villages included. */
  readonly town: boolean;
  readonly classes: number[];
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
  const all = (await placesOf(region, region === county ? 'towns' : 'villages')).filter(
    (place) => !options.alone || place.lo === region,
  );
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
    rows.push(...(await readPlaces(tx, county, day, wanted, places, after, need)));
  }
  return { rows, people: all.reduce((sum, place) => sum + place.people, 0) };
}

async function readPlaces(
  tx: Tx,
  county: RegionCode,
  day: PlainDate,
  { classes, bySeen, delivery }: Wanted,
  places: readonly Place[],
  after: StandingPlace,
  limit: number,
): Promise<Standing[]> {
  const ranges = places
    .flatMap((place) => rangesAfter(place, after))
    .flatMap((range) => range.classes.map((code) => ({ ...range, code })));
  const params: unknown[] = [
    county,
    ranges.map((range) => range.lo),
    ranges.map((range) => range.hi),
    ranges.map((range) => range.code),
    ranges.map((range) => range.after),
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
  // The page is found in the index alone; its rows are fetched once it is known.
  const deciding = more === '' ? 't.delivery, t.row_no' : 's.delivery, s.row_no';
  return tx.query<Standing>(
    `select s.person_no as "personNo", s.region, s.class, ${deciding} as row
     from (
       select s.* from unnest($2::text[], $3::text[], $4::int[], $5::bigint[]) as want (lo, hi, class, after)
       cross join lateral (
         select person_no, region, class, from_day${more === '' ? '' : ', delivery, row_no'} from step
         where county = $1 and class = want.class and region >= want.lo and region < want.hi
           and person_no > want.after and from_day <= $6 and to_day > $6${more}
         order by region, person_no limit $7) s
       order by s.region, s.person_no limit $7) s
     ${more === '' ? 'join step t on t.county = $1 and t.person_no = s.person_no and t.from_day = s.from_day' : ''}
     order by s.region, s.person_no`,
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
        classes: found.map(([packed]) => packed),
        people: found.reduce((sum, [, n]) => sum + n, 0),
      };
    })
    .filter((place) => place.people > 0);
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
