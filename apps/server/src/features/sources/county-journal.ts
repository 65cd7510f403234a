import type { ContentContext } from '@quanbao/domain/coverage/content';
import { yearOf } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { loadRegionTree } from '../regions/index.ts';
import { PersonNumbers } from './person-numbers.ts';

/**
 * Answers brought by devices are deliveries of the survey, under the sender 走访·<who>; they have no file to be read again,
 * their visits are the journal.
 */
export const VISITS_SENDER = '走访·';

export interface OpenedContext {
  readonly content: Omit<ContentContext, 'asOf'>;
  /** State of the fixes that reading goes by; whoever commits what was read checks that it still holds. */
  readonly fixes: string;
  readonly people: PersonNumbers;
  /** Nobody was known, no delivery in force: there is nothing that a first load could meet. */
  readonly empty: boolean;
}

/** What reading and the rules need to know of the county. */
export async function openContext(instance: Instance, scope: Scope): Promise<OpenedContext> {
  return instance.db.transaction(scope, async (tx) => {
    const [county] = await tx.query<{ name: string }>('select name from county where county = $1', [
      scope.county,
    ]);
    if (county === undefined) throw notInitialised(scope.county);
    const tree = await loadRegionTree(tx, scope.county);
    const nobody = await knowsNobody(tx, scope.county);
    return {
      content: {
        county: scope.county,
        countyName: county.name,
        provinceName: tree.get(scope.county.slice(0, 2))?.name ?? '',
        tree,
        hashPhone: instance.cipher.phoneKey,
      },
      fixes: await stateOfFixes(tx, scope.county),
      people: new PersonNumbers(nobody),
      empty: nobody && (await holdsNothing(tx, scope.county)),
    };
  });
}

export function notInitialised(county: RegionCode): Refusal {
  return new Refusal('county.missing', `${county} 还没有初始化；先运行 quanbao init --county ${county}。`);
}

async function knowsNobody(tx: Tx, county: RegionCode): Promise<boolean> {
  return (await tx.query('select 1 from person where county = $1 limit 1', [county])).length === 0;
}

async function holdsNothing(tx: Tx, county: RegionCode): Promise<boolean> {
  const inForce = 'select 1 from delivery where county = $1 and undone_at is null limit 1';
  return (await tx.query(inForce, [county])).length === 0;
}

async function stateOfFixes(tx: Tx, county: RegionCode): Promise<string> {
  const [row] = await tx.query<{ state: string }>(
    `select count(*) || '/' || count(undone_at) as state from id_fix where county = $1`,
    [county],
  );
  return row?.state ?? '';
}

/**
 * One commit at a time per county.
 * @param context what the rows of this commit were read by
 * @returns the number of this change; whether nobody was known before; whether no delivery was in force either
 */
export async function lockCounty(
  tx: Tx,
  county: RegionCode,
  context: OpenedContext,
): Promise<{ change: number; fresh: boolean; empty: boolean }> {
  const [row] = await tx.query<{ next_change: number }>(
    'update county set next_change = next_change + 1 where county = $1 returning next_change',
    [county],
  );
  if (row === undefined) throw notInitialised(county);
  if ((await stateOfFixes(tx, county)) !== context.fixes) throw concurrent();
  const fresh = await knowsNobody(tx, county);
  return { change: Number(row.next_change) - 1, fresh, empty: fresh && (await holdsNothing(tx, county)) };
}

/**
 * Notes in the county what all its people and places need to know of its deliveries: the newest day, which is every
 * default day, and that of the first payments list.
 * @returns whether the latter moved, so that everybody has to be judged again
 */
export async function noteDays(tx: Tx, county: RegionCode): Promise<boolean> {
  const [row] = await tx.query<{ moved: boolean }>(
    `update county c set latest_day = d.latest, payments_from = d.payments
     from (select county, payments_from from county where county = $1) before,
       (select max(as_of) as latest, min(as_of) filter (where source = 'residents-payments') as payments
        from delivery where county = $1 and undone_at is null) d
     where c.county = $1 and before.county = c.county
     returning before.payments_from is distinct from d.payments as moved`,
    [county],
  );
  return row?.moved ?? false;
}

/** Whether what `noteDays` noted is so. */
export async function daysAreNoted(tx: Tx, county: RegionCode): Promise<boolean> {
  const wrong = await tx.query(
    `select 1 from county c, (
       select max(as_of) as latest, min(as_of) filter (where source = 'residents-payments') as payments
       from delivery where county = $1 and undone_at is null) d
     where c.county = $1 and (c.latest_day is distinct from d.latest or c.payments_from is distinct from d.payments)`,
    [county],
  );
  return wrong.length === 0;
}

/** Somebody else's commit came between reading and writing. */
export function concurrent(): Refusal {
  return new Refusal('import.concurrent', '同一来源刚有另一批名单或更正写入；没有改动任何数据，请再试一次。');
}

/** Whether `rollHorizon` would move that day. */
export async function isHorizonDue(
  tx: Tx,
  county: RegionCode,
  asOfDays: readonly string[],
): Promise<boolean> {
  const newest = [...asOfDays].sort().at(-1);
  if (newest === undefined) return false;
  const rows = await tx.query('select 1 from county where county = $1 and horizon < $2', [
    county,
    horizonFor(newest),
  ]);
  return rows.length > 0;
}

function horizonFor(newest: string): string {
  return `${yearOf(newest) + 1}-12-31`;
}

/** Turns are written ahead to 31 December of the year after the newest list. @returns whether that day moved */
export async function rollHorizon(tx: Tx, county: RegionCode, asOfDays: readonly string[]): Promise<boolean> {
  const newest = [...asOfDays].sort().at(-1);
  if (newest === undefined) return false;
  const rows = await tx.query(
    'update county set horizon = $2 where county = $1 and horizon < $2 returning horizon',
    [county, horizonFor(newest)],
  );
  return rows.length > 0;
}
