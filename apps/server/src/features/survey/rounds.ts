import type { AnswerOf, BodyOf } from '@quanbao/contract/route';
import type * as contract from '@quanbao/contract/survey';
import { chinaDay, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { isWithin, type RegionCode } from '@quanbao/domain/kernel/region';
import { type LedgerKindCode, ledgerKind } from '@quanbao/domain/ledger/kinds';
import type { RegionTree } from '@quanbao/domain/regions/region-tree';
import { BASIS_WORDS, checkRound, type Round, type RoundBasis } from '@quanbao/domain/survey/rounds';
import { journalOf } from '../../db/journal-of.ts';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { holdsIdNumber, record } from '../audit/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { placeOf } from '../register/index.ts';
import { requireRegion } from '../reports/index.ts';

export interface StoredRound extends Round {
  readonly round: number;
  readonly region: RegionCode;
  readonly actor: string;
  /** The day it was ended on: what is done later belongs to no round. */
  readonly ended: PlainDate | undefined;
}

interface Row {
  round: number;
  name: string;
  basis: RoundBasis;
  kinds: string;
  region: string;
  from: string;
  due: string;
  quota: number | null;
  revisitDays: number | null;
  actor: string;
  ended: Date | null;
}

const COLUMNS = `round, name, basis, kinds, region, from_day as "from", due_day as due, quota, revisit_days as "revisitDays",
  actor, ended_at as ended`;
/** No county has begun more in the years that are kept. */
const MOST = 200;

function stored(row: Row): StoredRound {
  return {
    ...row,
    round: Number(row.round),
    kinds: row.kinds.split(',') as LedgerKindCode[],
    quota: row.quota ?? undefined,
    revisitDays: row.revisitDays ?? undefined,
    ended: row.ended === null ? undefined : chinaDay(new Date(row.ended)),
  };
}

export function lineOfRound(
  tree: RegionTree,
  one: StoredRound,
): AnswerOf<typeof contract.rounds>['items'][number] {
  return {
    round: one.round,
    name: one.name,
    basis: one.basis,
    basisTitle: BASIS_WORDS[one.basis].title,
    who: BASIS_WORDS[one.basis].who,
    kinds: one.kinds.map((kind) => ledgerKind(kind).title),
    region: placeOf(tree, one.region),
    from: one.from,
    due: one.due,
    quota: one.quota ?? null,
    revisitDays: one.revisitDays ?? null,
    actor: one.actor,
    ended: one.ended !== undefined,
  };
}

/** Rounds of the scope, and those above it that concern it. */
export async function listRounds(
  instance: Instance,
  scope: Scope,
): Promise<AnswerOf<typeof contract.rounds>> {
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const rows = await tx.query<Row>(
      `select ${COLUMNS} from survey_round where county = $1 order by round desc limit ${MOST}`,
      [scope.county],
    );
    return { items: rows.map((row) => lineOfRound(tree, stored(row))) };
  });
}

/** Those not ended that concern a region, and begin by a day. */
export async function roundsUnderWay(
  tx: Tx,
  scope: Scope,
  region: RegionCode,
  until: PlainDate,
): Promise<StoredRound[]> {
  const rows = await tx.query<Row>(
    `select ${COLUMNS} from survey_round where county = $1 and ended_at is null and from_day <= $2
       and (starts_with($3, region) or starts_with(region, $3)) order by due_day, round limit ${MOST}`,
    [scope.county, until, region],
  );
  return rows.map(stored);
}

/** @throws Refusal for a round that is none, or none of the scope */
export async function readRound(tx: Tx, scope: Scope, round: number): Promise<StoredRound> {
  const [row] = await tx.query<Row>(`select ${COLUMNS} from survey_round where county = $1 and round = $2`, [
    scope.county,
    round,
  ]);
  if (row === undefined) throw new Refusal('round.unknown', '没有这一轮走访任务，或不在您的管辖范围。');
  return stored(row);
}

/** What a question about a round is about: the region asked for, as far as the round and the scope reach. */
export function regionOfRound(
  tree: RegionTree,
  scope: Scope,
  round: StoredRound,
  asked: RegionCode | undefined,
): RegionCode {
  const within = isWithin(round.region, scope.region) ? round.region : scope.region;
  const region = asked !== undefined && isWithin(asked, within) ? asked : within;
  if (asked !== undefined) requireRegion(tree, scope, asked);
  if (asked !== undefined && !isWithin(asked, within) && !isWithin(within, asked)) {
    throw new Refusal('round.region', `这一轮走访只在${tree.path(round.region)}；请换一个区划。`);
  }
  return region;
}

export async function addRound(
  instance: Instance,
  scope: Scope,
  order: BodyOf<typeof contract.addRound>,
): Promise<{ round: number }> {
  const round = checkRound(order);
  if (holdsIdNumber(round.name)) throw new Refusal('round.name', '名称里不能有身份证号码。');
  const region = order.region ?? scope.region;
  await instance.db.transaction(scope, async (tx) =>
    requireRegion(await loadRegionTree(tx, scope.county), scope, region),
  );
  return instance.db.transaction(journalOf(scope), async (tx) => {
    const [row] = await tx.query<{ round: number }>(
      `insert into survey_round (county, round, name, basis, kinds, region, from_day, due_day, quota, revisit_days, actor)
       select $1, coalesce(max(round), 0) + 1, $2, $3, $4, $5, $6, $7, $8::int, $9::int, $10 from survey_round where county = $1
       returning round`,
      [
        scope.county,
        round.name,
        round.basis,
        round.kinds.join(),
        region,
        round.from,
        round.due,
        round.quota ?? null,
        round.revisitDays ?? null,
        scope.actor,
      ],
    );
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'round.add',
      subject: `round ${row?.round}`,
      region,
      detail: { basis: round.basis, from: round.from, due: round.due },
    });
    return { round: Number(row?.round) };
  });
}

export async function endRound(instance: Instance, scope: Scope, round: number): Promise<{ done: true }> {
  const seen = await instance.db.transaction(scope, (tx) => readRound(tx, scope, round));
  if (!isWithin(seen.region, scope.region)) {
    throw new Refusal('round.above', '这一轮走访由上级布置，请由上级结束。');
  }
  return instance.db.transaction(journalOf(scope), async (tx) => {
    await tx.query(
      'update survey_round set ended_at = now(), ended_by = $3 where county = $1 and round = $2 and ended_at is null',
      [scope.county, round, scope.actor],
    );
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'round.end',
      subject: `round ${round}`,
      region: seen.region,
      detail: {},
    });
    return { done: true };
  });
}
