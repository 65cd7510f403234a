import type { AnswerOf, BodyOf } from '@quanbao/contract/route';
import type * as contract from '@quanbao/contract/survey';
import { isPlainDate, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { isWithin, type RegionCode, regionRange } from '@quanbao/domain/kernel/region';
import type { RegionTree } from '@quanbao/domain/regions/region-tree';
import { journalOf } from '../../db/journal-of.ts';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { type VisitWorker, visitWorkers } from '../access/index.ts';
import { holdsIdNumber, record } from '../audit/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { placeOf } from '../register/index.ts';
import { askableDays, chooseDay, countAreas, countOf, requireRegion } from '../reports/index.ts';
import { surveyDay } from './visits.ts';

export interface CoverRow {
  readonly cover: number;
  readonly region: RegionCode;
  readonly group: string;
  readonly account: string;
  readonly from: string;
  readonly to: string | null;
}

const COLUMNS = `cover, region, people_group as "group", account, from_day as "from", to_day as "to"`;

export function coversOn(
  tx: Tx,
  county: RegionCode,
  region: RegionCode,
  day: PlainDate,
): Promise<CoverRow[]> {
  const { lo, hi } = regionRange(region);
  return tx.query<CoverRow>(
    `select ${COLUMNS} from village_cover where county = $1 and region >= $2 and region < $3
       and from_day <= $4 and (to_day is null or to_day > $4) order by region, people_group, cover`,
    [county, lo, hi, day],
  );
}

/** Given already, for a time that begins after the day. */
function coversAhead(tx: Tx, county: RegionCode, region: RegionCode, day: PlainDate): Promise<CoverRow[]> {
  const { lo, hi } = regionRange(region);
  return tx.query<CoverRow>(
    `select ${COLUMNS} from village_cover where county = $1 and region >= $2 and region < $3
       and from_day > $4 and (to_day is null or to_day > from_day) order by region, from_day, people_group, cover`,
    [county, lo, hi, day],
  );
}

/** The villages of a region as they are divided on a day. */
export function villagesOf(tree: RegionTree, region: RegionCode, day: PlainDate): RegionCode[] {
  if (region.length >= 12) return [region.slice(0, 12)];
  const towns = region.length === 9 ? [region] : tree.children(region, day).map((town) => town.code);
  return towns.flatMap((town) => tree.children(town, day).map((village) => village.code));
}

/** Every village with whom it is given to on the day and later, those given to nobody as well. */
export async function listCovers(
  instance: Instance,
  scope: Scope,
  asked: { region?: RegionCode | undefined; asOf?: PlainDate | undefined },
): Promise<AnswerOf<typeof contract.covers>> {
  const names = await workerNames(instance, scope);
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const region = asked.region ?? scope.region;
    requireRegion(tree, scope, region);
    const day = chooseDay(await askableDays(tx, scope.county), asked.asOf);
    const { lo, hi } = regionRange(region);
    const given = [
      ...(await coversOn(tx, scope.county, region, day)),
      ...(await coversAhead(tx, scope.county, region, day)),
    ];
    const past = await tx.query<{ region: string; n: number }>(
      `select region, count(*)::int as n from village_cover
       where county = $1 and region >= $2 and region < $3 and to_day <= $4 group by region`,
      [scope.county, lo, hi, day],
    );
    const areas = await countAreas(tx, scope.county, region, 'villages', day);
    return {
      asOf: day,
      villages: villagesOf(tree, region, day).map((code) => ({
        village: placeOf(tree, code),
        people: countOf(areas.get(code) ?? new Map())('population'),
        covers: given
          .filter((row) => row.region === code)
          .map((row) => ({
            cover: Number(row.cover),
            worker: { login: row.account, name: names.get(row.account) ?? '' },
            group: row.group,
            from: row.from,
            to: row.to,
          })),
        past: Number(past.find((row) => row.region === code)?.n ?? 0),
      })),
    };
  });
}

/** What workers are called, by their logins. */
export async function workerNames(instance: Instance, scope: Scope): Promise<Map<string, string>> {
  const workers = await visitWorkers(instance, scope.county, scope.actor);
  return new Map(workers.map(({ login, name }) => [login, name]));
}

/** Accounts that see something of the region: those in it, and those above it. */
export async function listWorkers(
  instance: Instance,
  scope: Scope,
  asked: RegionCode | undefined,
): Promise<AnswerOf<typeof contract.surveyWorkers>> {
  const workers = await visitWorkers(instance, scope.county, scope.actor);
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const region = asked ?? scope.region;
    requireRegion(tree, scope, region);
    return {
      items: workers
        .filter((worker) => meets(worker.region, region))
        .map(({ login, name, region: of }) => ({ login, name, region: placeOf(tree, of) })),
    };
  });
}

function meets(a: RegionCode, b: RegionCode): boolean {
  return isWithin(a, b) || isWithin(b, a);
}

/** Gives villages to accounts; each account must see the village it is given. */
export async function addCovers(
  instance: Instance,
  scope: Scope,
  order: BodyOf<typeof contract.addCovers>,
): Promise<{ covers: number }> {
  const group = (order.group ?? '').trim();
  const to = order.to ?? null;
  if (!isPlainDate(order.from) || (to !== null && !isPlainDate(to))) {
    throw new Refusal('cover.day', '起止日期应为 2020-08-31 的样子。');
  }
  if (to !== null && to <= order.from) {
    throw new Refusal('cover.day', '结束日期应晚于开始日期（结束当天不再负责）；请改正后再试。');
  }
  if (holdsIdNumber(group)) throw new Refusal('cover.group', '组名里不能有身份证号码。');
  const workers = await visitWorkers(instance, scope.county, scope.actor);
  const pairs: { village: RegionCode; account: string }[] = [];
  for (const account of new Set(order.accounts)) {
    const worker = workers.find(({ login }) => login === account);
    if (worker === undefined) {
      throw new Refusal('cover.account', `没有可以走访的账号“${account.slice(0, 40)}”；请从名单里选。`);
    }
    for (const village of new Set(order.villages)) pairs.push({ village, account: seesOr(worker, village) });
  }
  await instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    for (const village of new Set(order.villages)) {
      requireRegion(tree, scope, village);
      if (tree.get(village)?.level !== 'village') {
        throw new Refusal('cover.village', '包村要选到村（社区）。');
      }
    }
  });
  return instance.db.transaction(journalOf(scope), async (tx) => {
    const rows = await tx.query(
      `insert into village_cover (county, cover, region, people_group, account, from_day, to_day, actor)
       select $1, (select coalesce(max(cover), 0) from village_cover where county = $1) + row_number() over (order by u.region, u.account),
         u.region, $4, u.account, $5, $6, $7
       from unnest($2::text[], $3::text[]) as u (region, account)
       where not exists (select 1 from village_cover c where c.county = $1 and c.region = u.region and c.account = u.account
         and c.people_group = $4 and (c.to_day is null or c.to_day > $5 and c.to_day > c.from_day) and ($6::text is null or c.from_day < $6))
       returning 1`,
      [
        scope.county,
        pairs.map(({ village }) => village),
        pairs.map(({ account }) => account),
        group,
        order.from,
        to,
        scope.actor,
      ],
    );
    if (rows.length === 0) {
      throw new Refusal('cover.there', '这些村（社区）在这段时间已经由所选的人负责；没有改动。');
    }
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'cover.add',
      subject: 'covers',
      region: scope.region,
      detail: { covers: rows.length, accounts: [...new Set(order.accounts)].length, from: order.from },
    });
    return { covers: rows.length };
  });
}

/** @throws Refusal for a village that the account would not be shown */
function seesOr(worker: VisitWorker, village: RegionCode): string {
  if (isWithin(village, worker.region)) return worker.login;
  throw new Refusal(
    'cover.scope',
    `${worker.name}（${worker.login}）的账号看不到这个村（社区）；请换一个人，或请县级系统管理员调整账号的管辖范围。`,
  );
}

export async function endCover(
  instance: Instance,
  scope: Scope,
  cover: number,
  to: PlainDate,
): Promise<{ done: true }> {
  if (!isPlainDate(to)) throw new Refusal('cover.day', '结束日期应为 2020-08-31 的样子。');
  const [seen] = await instance.db.transaction(scope, (tx) =>
    tx.query<{ from: string }>(
      'select from_day as "from" from village_cover where county = $1 and cover = $2',
      [scope.county, cover],
    ),
  );
  if (seen === undefined) throw new Refusal('cover.unknown', '没有这项包村，或不在您的管辖范围。');
  const today = await surveyDay(instance, journalOf(scope), new Date());
  return instance.db.transaction(journalOf(scope), async (tx) => {
    // One that ends before it has begun was never given; one that has begun is kept, though it held but a day.
    if (to <= seen.from && seen.from > today.day) {
      await tx.query('delete from village_cover where county = $1 and cover = $2', [scope.county, cover]);
    } else {
      await tx.query(
        'update village_cover set to_day = greatest($3, from_day) where county = $1 and cover = $2',
        [scope.county, cover, to],
      );
    }
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'cover.end',
      subject: `cover ${cover}`,
      region: scope.region,
      detail: { to },
    });
    return { done: true };
  });
}
