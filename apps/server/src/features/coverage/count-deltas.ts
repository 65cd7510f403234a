import { FOREVER, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import { itemClass, LEDGER_KIND_CODES, LEDGER_STATES } from '@quanbao/domain/ledger/kinds';
import type { Tx } from '../../db/port.ts';

/** Digits of the place a count stands under: a group's people are counted in their village. */
const VILLAGE = 12;
const TOWN = 9;
/** Every so many changes the sums are merged; measured: 0.3 s at 1,000,000 residents. */
const COMPACT_EVERY = 64;

/**
 * Differences of steps, added up by village, day and class while people go by; at the end each sum also goes to its
 * month and its year, and all three once more to its town. A form of any day then reads years, months and days
 * of one level: a few thousand rows whatever the history (measured without years and towns: 130,000 rows).
 * Grains: d, m, y by village, D, M, Y by town.
 */
export class CountDeltas {
  /** By day, then village and class in one number. */
  readonly #days = new Map<string, Map<number, number>>();
  readonly #villages = new Numbered<string>();
  readonly #classes = new Numbered<number>();

  add(from: PlainDate, to: PlainDate, region: RegionCode, code: number, sign: 1 | -1): void {
    const place = this.#villages.of(region.slice(0, VILLAGE)) * CLASSES + this.#classes.of(code);
    this.#count(from, place, sign);
    if (to !== FOREVER) this.#count(to, place, -sign);
  }

  #count(day: PlainDate, place: number, sign: number): void {
    let places = this.#days.get(day);
    if (places === undefined) {
      places = new Map();
      this.#days.set(day, places);
    }
    places.set(place, (places.get(place) ?? 0) + sign);
  }

  /** COPY lines of `count_delta`, grain by grain. */
  *lines(county: RegionCode, change: number): Generator<string> {
    const days = new Map<string, number>();
    for (const [day, places] of this.#days) {
      for (const [place, n] of places) {
        if (n === 0) continue;
        const village = this.#villages.at(Math.floor(place / CLASSES));
        days.set(`${day}\t${village}\t${this.#classes.at(place % CLASSES)}`, n);
      }
    }
    const months = new Map<string, number>();
    for (const [key, n] of days) sum(months, key.slice(0, 7) + key.slice(10), n);
    const years = new Map<string, number>();
    for (const [key, n] of months) sum(years, key.slice(0, 4) + key.slice(7), n);
    for (const [grain, sums] of [
      ['y', years],
      ['m', months],
      ['d', days],
    ] as const) {
      const towns = new Map<string, number>();
      for (const [key, n] of sums) {
        yield `${county}\t${grain}\t${key}\t${n}\t${change}\n`;
        sum(towns, townOf(key), n);
      }
      for (const [key, n] of towns) yield `${county}\t${grain.toUpperCase()}\t${key}\t${n}\t${change}\n`;
    }
  }
}

/** More than there are classes of a step. */
const CLASSES = 2 ** 20;

/** Things by the order they were first met in. */
class Numbered<T> {
  readonly #numbers = new Map<T, number>();
  readonly #things: T[] = [];

  of(thing: T): number {
    let number = this.#numbers.get(thing);
    if (number === undefined) {
      number = this.#things.push(thing) - 1;
      this.#numbers.set(thing, number);
    }
    return number;
  }

  at(number: number): T {
    return this.#things[number] as T;
  }
}

function sum(sums: Map<string, number>, key: string, n: number): void {
  const now = (sums.get(key) ?? 0) + n;
  if (now === 0) sums.delete(key);
  else sums.set(key, now);
}

function townOf(key: string): string {
  const place = key.indexOf('\t') + 1;
  const end = key.indexOf('\t', place);
  return key.slice(0, Math.min(end, place + TOWN)) + key.slice(end);
}

/** Merges sums now and then, so that a form reads no more rows after years of changes than after the first list. */
export async function compactWhenDue(tx: Tx, county: RegionCode, change: number): Promise<void> {
  if (change % COMPACT_EVERY === 0) await compactCounts(tx, county);
}

/**
 * One row for each sum of months and years instead of one for each change that touched it. Days keep theirs: a form reads
 * those of one month only. Safe beside others who append or compact: only what this statement itself deleted
 * is added up again.
 */
export async function compactCounts(tx: Tx, county: RegionCode): Promise<void> {
  await tx.query(
    `with many as (
       select grain, bucket, region, class from count_delta where county = $1 and grain in ('m', 'y', 'M', 'Y')
       group by grain, bucket, region, class having count(*) > 1),
     gone as (
       delete from count_delta c using many
       where c.county = $1 and c.grain = many.grain and c.bucket = many.bucket and c.region = many.region and c.class = many.class
       returning c.grain, c.bucket, c.region, c.class, c.n, c.change)
     insert into count_delta (county, grain, bucket, region, class, n, change)
     select $1, grain, bucket, region, class, sum(n), max(change) from gone
     group by grain, bucket, region, class having sum(n) <> 0`,
    [county],
  );
}

const EVERY_ITEM = LEDGER_KIND_CODES.flatMap((kind) => LEDGER_STATES.map((state) => ({ kind, state })));

/** How many sums differ from the steps added up afresh. */
export async function countDisagreements(tx: Tx, county: RegionCode): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    `with counted as (
       select from_day, to_day, region, class from step where county = $1
       union all
       select i.from_day, i.to_day, i.region, u.class from ledger_item i
         join unnest($2::text[], $3::text[], $4::int[]) as u (kind, state, class) on u.kind = i.kind and u.state = i.state
       where i.county = $1),
     turn as (
       select from_day as day, left(region, ${VILLAGE}) as village, class, 1 as n from counted
       union all select to_day, left(region, ${VILLAGE}), class, -1 from counted where to_day <> '${FOREVER}'),
     by_day as (select day, village, class, sum(n) as n from turn group by day, village, class),
     recount as (
       select g.grain, left(day, g.digits) as bucket, left(village, g.place) as region, class, sum(n) as n
       from by_day cross join (values ('d', 10, ${VILLAGE}), ('m', 7, ${VILLAGE}), ('y', 4, ${VILLAGE}),
         ('D', 10, ${TOWN}), ('M', 7, ${TOWN}), ('Y', 4, ${TOWN})) as g (grain, digits, place)
       group by 1, 2, 3, 4),
     stored as (
       select grain, bucket, region, class, sum(n) as n from count_delta where county = $1
       group by grain, bucket, region, class)
     select count(*)::int as n from recount full join stored using (grain, bucket, region, class)
     where coalesce(recount.n, 0) <> coalesce(stored.n, 0)`,
    [
      county,
      EVERY_ITEM.map((item) => item.kind),
      EVERY_ITEM.map((item) => item.state),
      EVERY_ITEM.map((item) => itemClass(item.kind, item.state)),
    ],
  );
  return Number(row?.n ?? 0);
}
