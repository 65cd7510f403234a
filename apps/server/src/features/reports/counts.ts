import { groupCode } from '@quanbao/domain/addresses/groups';
import { unpackClass } from '@quanbao/domain/coverage/step-class';
import { type CountOf, findIndicator } from '@quanbao/domain/indicators/indicators';
import { isPlainDate, monthOf, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { type RegionCode, regionRange } from '@quanbao/domain/kernel/region';
import {
  itemClass,
  itemOfClass,
  LEDGER_KIND_CODES,
  type LedgerKindCode,
  type LedgerState,
} from '@quanbao/domain/ledger/kinds';
import type { Tx } from '../../db/port.ts';

/** People by packed class, for each area of a region: its children, and the region's own code for 未分村社区. */
export type AreaCounts = ReadonlyMap<RegionCode, ReadonlyMap<number, number>>;

/** The days that can be asked about: from the first household register to the day turns are written ahead to. */
export interface AskableDays {
  readonly first: PlainDate;
  readonly last: PlainDate;
  /** The latest as-of day of a delivery in force: every default day. */
  readonly latest: PlainDate;
}

export async function askableDays(tx: Tx, county: RegionCode): Promise<AskableDays> {
  return tx.remember('askable days', () => readDays(tx, county));
}

async function readDays(tx: Tx, county: RegionCode): Promise<AskableDays> {
  const [row] = await tx.query<{ first: string | null; latest: string | null; horizon: string }>(
    `select (select min(as_of) from delivery where county = $1 and source = 'household-register' and undone_at is null) as first,
            latest_day as latest, horizon from county where county = $1`,
    [county],
  );
  if (row === undefined)
    throw new Refusal('county.missing', '还没有初始化；先运行 quanbao init --county 代码。');
  if (row.first === null || row.latest === null) {
    throw new Refusal(
      'report.no-register',
      '还没有收到户籍人口名单（household-register），暂时没有可查的底数。',
    );
  }
  return { first: row.first, last: row.horizon, latest: row.latest };
}

export function chooseDay(days: AskableDays, asked: PlainDate | undefined): PlainDate {
  if (asked === undefined) return [days.latest, days.first].sort()[1] as PlainDate;
  if (!isPlainDate(asked)) throw new Refusal('report.day', `“${asked}”不是日期，请写成 2020-08-31 的样子。`);
  if (asked < days.first) {
    throw new Refusal('report.too-early', `${asked} 早于第一份户籍人口名单（${days.first}），没有底数可查。`);
  }
  if (asked > days.last) throw new Refusal('report.too-late', `目前最远可查到 ${days.last}。`);
  return asked;
}

/**
 * Counts on the day: earlier years, plus the earlier months of its year, plus the days of its month up to it.
 * @param level a region's towns, or its villages
 */
export async function countAreas(
  tx: Tx,
  county: RegionCode,
  region: RegionCode,
  level: 'towns' | 'villages',
  day: PlainDate,
): Promise<AreaCounts> {
  return tx.remember(`areas ${region} ${level} ${day}`, () =>
    readAreas(tx, county, region, level, day, 'class >= 0'),
  );
}

/** The ledger's items of the day, by their classes, which are those below 0 (domain/ledger/kinds). */
export async function countItems(
  tx: Tx,
  county: RegionCode,
  region: RegionCode,
  level: 'towns' | 'villages',
  day: PlainDate,
): Promise<AreaCounts> {
  return tx.remember(`items ${region} ${level} ${day}`, () =>
    readAreas(tx, county, region, level, day, 'class < 0'),
  );
}

async function readAreas(
  tx: Tx,
  county: RegionCode,
  region: RegionCode,
  level: 'towns' | 'villages',
  day: PlainDate,
  classes: 'class >= 0' | 'class < 0',
): Promise<AreaCounts> {
  const { lo, hi } = regionRange(region);
  const [years, months, days] = level === 'towns' ? ['Y', 'M', 'D'] : ['y', 'm', 'd'];
  const year = day.slice(0, 4);
  // Starting workers for these few thousand rows costs 20 ms, reading them 5.
  await tx.query('set local max_parallel_workers_per_gather = 0');
  const rows = await tx.query<{ area: string; class: number; n: number }>(
    `select region as area, class, sum(n)::int as n from (
       select region, class, n from count_delta
       where county = $1 and grain = $4 and bucket < $7 and region >= $2 and region < $3
       union all
       select region, class, n from count_delta
       where county = $1 and grain = $5 and bucket >= $7 and bucket < $8 and region >= $2 and region < $3
       union all
       select region, class, n from count_delta
       where county = $1 and grain = $6 and bucket >= $8 and bucket <= $9 and region >= $2 and region < $3) d
     where ${classes}
     group by region, class having sum(n) <> 0`,
    [county, lo, hi, years, months, days, year, monthOf(day), day],
  );
  const areas = new Map<RegionCode, Map<number, number>>();
  for (const row of rows) {
    const area = areas.get(row.area) ?? new Map<number, number>();
    areas.set(row.area, area);
    area.set(row.class, Number(row.n));
  }
  return areas;
}

/** People of a village by group, then packed class. A village is small: they are counted from the steps themselves. */
export async function countGroups(
  tx: Tx,
  county: RegionCode,
  village: RegionCode,
  day: PlainDate,
): Promise<AreaCounts> {
  const { lo, hi } = regionRange(village);
  return tx.remember(`groups ${village} ${day}`, async () => {
    const known = await tx.query<{ class: number }>('select class from step_class where county = $1', [
      county,
    ]);
    // All of them, named: only behind its class does the index know a region.
    const classes = known.map((row) => row.class);
    return byArea(
      await tx.query<CountedGroup>(
        `select group_no as "group", class, count(*)::int as n from step
         where county = $1 and class = any($5::int[]) and region >= $2 and region < $3 and from_day <= $4 and to_day > $4
         group by group_no, class`,
        [county, lo, hi, day, classes],
      ),
      village,
    );
  });
}

/** The ledger's items of a village by the group that their people stand in on the day, then class. */
export async function countGroupItems(
  tx: Tx,
  county: RegionCode,
  village: RegionCode,
  day: PlainDate,
): Promise<AreaCounts> {
  const { lo, hi } = regionRange(village);
  return tx.remember(`group items ${village} ${day}`, async () => {
    const rows = await tx.query<{ group: number; kind: LedgerKindCode; state: LedgerState; n: number }>(
      `select s.group_no as "group", i.kind, i.state, count(*)::int as n from ledger_item i
       join step s on s.county = i.county and s.person_no = i.person_no and s.from_day <= $4 and s.to_day > $4
       where i.county = $1 and i.kind = any($5::text[]) and i.region >= $2 and i.region < $3 and i.from_day <= $4 and i.to_day > $4
       group by s.group_no, i.kind, i.state`,
      [county, lo, hi, day, LEDGER_KIND_CODES],
    );
    return byArea(
      rows.map(({ group, kind, state, n }) => ({ group, class: itemClass(kind, state), n })),
      village,
    );
  });
}

interface CountedGroup {
  readonly group: number;
  readonly class: number;
  readonly n: number;
}

function byArea(rows: readonly CountedGroup[], village: RegionCode): AreaCounts {
  const groups = new Map<RegionCode, Map<number, number>>();
  for (const { group, class: code, n } of rows.toSorted((a, b) => a.group - b.group)) {
    const area = groupCode(village, Number(group));
    const classes = groups.get(area) ?? new Map<number, number>();
    groups.set(area, classes.set(code, Number(n)));
  }
  return groups;
}

const matching = new Map<string, (code: number) => boolean>();

/** Whether a class, of a step or of an item, is counted by an indicator; remembered, for there are few classes and many cells. */
function matchesIndicator(indicator: string): (code: number) => boolean {
  const known = matching.get(indicator);
  if (known !== undefined) return known;
  const definition = findIndicator(indicator);
  if (definition?.kind !== 'count' || definition.over === 'plan')
    throw new Error(`no count of people or items named ${indicator}`);
  const isCounted = (code: number): boolean => {
    // Items have the classes below 0 (domain/ledger/kinds).
    if (definition.over === 'people') return code >= 0 && definition.matches(unpackClass(code));
    if (code >= 0) return false;
    const { kind, state } = itemOfClass(code);
    return definition.kinds.includes(kind) && definition.states.includes(state);
  };
  const answers = new Map<number, boolean>();
  const matches = (code: number): boolean => {
    let answer = answers.get(code);
    if (answer === undefined) {
      answer = isCounted(code);
      answers.set(code, answer);
    }
    return answer;
  };
  matching.set(indicator, matches);
  return matches;
}

export function countOf(classes: ReadonlyMap<number, number>): CountOf {
  return (indicator) => {
    const matches = matchesIndicator(indicator);
    let n = 0;
    for (const [code, people] of classes) if (matches(code)) n += people;
    return n;
  };
}

/** The classes of both, area by area. */
export function join(one: AreaCounts, other: AreaCounts): AreaCounts {
  const all = new Map<RegionCode, ReadonlyMap<number, number>>(one);
  for (const [area, classes] of other) all.set(area, new Map([...(all.get(area) ?? []), ...classes]));
  return all;
}

export function addUp(areas: Iterable<ReadonlyMap<number, number>>): Map<number, number> {
  const total = new Map<number, number>();
  for (const area of areas) for (const [code, n] of area) total.set(code, (total.get(code) ?? 0) + n);
  return total;
}
