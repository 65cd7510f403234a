import type { AnswerOf, BodyOf } from '@quanbao/contract/route';
import type * as contract from '@quanbao/contract/survey';
import type { Content } from '@quanbao/domain/coverage/claim';
import { isPlainDate, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { isWithin, type RegionCode, regionRange } from '@quanbao/domain/kernel/region';
import { maskId } from '@quanbao/domain/kernel/resident-id';
import type { RegionTree } from '@quanbao/domain/regions/region-tree';
import { answerWords, WAY_WORDS } from '@quanbao/domain/survey/answers';
import {
  agreement,
  CHECK_RESULTS,
  type CheckCounts,
  sampleCount,
  sampleSeed,
  sampleSizeOf,
  sampleWords,
} from '@quanbao/domain/survey/checks';
import { journalOf } from '../../db/journal-of.ts';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { holdsIdNumber, record } from '../audit/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { namesOf, placeOf } from '../register/index.ts';
import { askableDays, chooseDay, requireRegion } from '../reports/index.ts';
import { workerNames } from './covers.ts';
import { askRound, papersOf } from './progress.ts';
import { readRound, regionOfRound, type StoredRound } from './rounds.ts';
import type { PaperAnswer } from './seen.ts';

type CheckLine = AnswerOf<typeof contract.checks>['items'][number];

/** No list of them is longer. */
const MOST = 200;
/** More visits than a county checks by hand in a year. */
const MOST_DRAWN = 5_000;

interface Row {
  check: number;
  round: number | null;
  roundName: string | null;
  region: string;
  from: string;
  to: string;
  seed: string;
  size: string;
  visits: number;
  actor: string;
  at: Date;
}

const CHECKS = `select b.back_check as "check", b.round, r.name as "roundName", b.region, b.from_day as "from", b.to_day as "to", b.seed,
    b.size, b.visits, b.actor, b.made_at as at
  from back_check b left join survey_round r on r.county = b.county and r.round = b.round`;

const COUNTS = `count(*)::int as drawn, (count(*) filter (where result = 'same'))::int as same,
  (count(*) filter (where result = 'different'))::int as different,
  (count(*) filter (where result = 'unverifiable'))::int as unverifiable`;

function counted({
  drawn,
  same,
  different,
  unverifiable,
}: CheckCounts): CheckCounts & { agreement: number | null } {
  const counts = {
    drawn: Number(drawn),
    same: Number(same),
    different: Number(different),
    unverifiable: Number(unverifiable),
  };
  return { ...counts, agreement: agreement(counts) };
}

const NONE: CheckCounts = { drawn: 0, same: 0, different: 0, unverifiable: 0 };

function lineOf(tree: RegionTree, row: Row, counts: CheckCounts): CheckLine {
  return {
    check: Number(row.check),
    round: row.round === null ? null : { round: Number(row.round), name: row.roundName ?? '' },
    region: placeOf(tree, row.region),
    from: row.from,
    to: row.to,
    seed: row.seed,
    size: row.size,
    visits: Number(row.visits),
    actor: row.actor,
    madeAt: new Date(row.at).toISOString(),
    ...counted(counts),
  };
}

/** Back-checks of the scope and those above it; of each it counts what lies in the scope. */
export async function listChecks(
  instance: Instance,
  scope: Scope,
): Promise<AnswerOf<typeof contract.checks>> {
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const rows = await tx.query<Row>(
      `${CHECKS} where b.county = $1 order by b.back_check desc limit ${MOST}`,
      [scope.county],
    );
    const counts = await tx.query<CheckCounts & { check: number }>(
      `select back_check as "check", ${COUNTS} from back_check_visit where county = $1 group by back_check`,
      [scope.county],
    );
    return {
      items: rows.map((row) =>
        lineOf(tree, row, counts.find((one) => Number(one.check) === Number(row.check)) ?? NONE),
      ),
    };
  });
}

interface Wanted {
  readonly round: StoredRound | undefined;
  readonly region: RegionCode;
  readonly from: PlainDate;
  readonly to: PlainDate;
  /** Of a round: whoever was answered on paper before it began is none of its list. */
  readonly papers: readonly PaperAnswer[];
}

/** `made`: the visits of a time in a place; of a round, those to the people it lists. */
async function visitsOf(
  tx: Tx,
  scope: Scope,
  { round, region, from, to, papers }: Wanted,
): Promise<{ sql: string; params: unknown[] }> {
  const columns = 'v.command, v.person_no as person, v.region, v.actor as worker';
  if (round === undefined) {
    const { lo, hi } = regionRange(region);
    return {
      sql: `with made as (select ${columns} from visit v where v.county = $1 and v.region >= $2 and v.region < $3
        and v.visited_on >= $4 and v.visited_on <= $5 and v.undone_at is null)`,
      params: [scope.county, lo, hi, from, to],
    };
  }
  const asked = await askRound(tx, scope, { round, region, day: to, papers });
  return {
    sql: `${asked.sql}, made as (select ${columns} from task t join visit v on v.county = $1 and v.person_no = t.person_no
      where v.undone_at is null and v.visited_on >= $5 and v.visited_on >= $${asked.params.length + 1} and v.visited_on <= $4)`,
    params: [...asked.params, from],
  };
}

/** Draws visits of a round or a time: the first so many in the order of md5(seed | number of the visit). */
export async function drawCheck(
  instance: Instance,
  scope: Scope,
  order: BodyOf<typeof contract.drawCheck>,
): Promise<{ check: number; drawn: number }> {
  const size = sampleSizeOf(order);
  const wanted = await instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const round = order.round === undefined ? undefined : await readRound(tx, scope, order.round);
    const region: RegionCode =
      round === undefined ? (order.region ?? scope.region) : regionOfRound(tree, scope, round, order.region);
    requireRegion(tree, scope, region);
    const day = chooseDay(await askableDays(tx, scope.county), undefined);
    const from = order.from ?? round?.from;
    const to = order.to ?? day;
    if (from === undefined) throw new Refusal('check.time', '请选一轮走访任务，或写明走访的起止日期。');
    if (!isPlainDate(from) || !isPlainDate(to) || to < from) {
      throw new Refusal('check.time', '走访的起止日期不对；应为 2020-08-31 的样子，止日不早于起日。');
    }
    return { round, region, from, to, path: tree.path(region) };
  });
  const { round, region, from, to, path } = wanted;
  const papers = round === undefined ? [] : await papersOf(instance, scope, { round, region, day: to });
  const drawn = await instance.db.transaction(scope, async (tx) => {
    const { sql, params } = await visitsOf(tx, scope, { round, region, from, to, papers });
    const [count] = await tx.query<{ n: number }>(`${sql} select count(*)::int as n from made`, params);
    const visits = Number(count?.n ?? 0);
    const sample = sampleCount(visits, size);
    if (visits === 0) {
      throw new Refusal('check.nothing', `${path}在 ${from} 至 ${to} 没有走访记录，无可抽查。`);
    }
    if (sample > MOST_DRAWN) {
      throw new Refusal('check.size', `一次最多抽 ${MOST_DRAWN} 条；请降低比例，或分乡镇抽取。`);
    }
    const seed = sampleSeed(round?.round, order.number);
    const rows = await tx.query<{ command: string; person: number; region: string; worker: string }>(
      `${sql} select command::text, person, region, worker from made
       order by md5($${params.length + 1} || '|' || command::text), command limit $${params.length + 2}`,
      [...params, seed, sample],
    );
    return { rows, region, from, to, seed, visits, round: round?.round };
  });
  return instance.db.transaction(journalOf(scope), async (tx) => {
    const [row] = await tx.query<{ check: number }>(
      `insert into back_check (county, back_check, round, region, from_day, to_day, seed, size, visits, actor)
       select $1, coalesce(max(back_check), 0) + 1, $2::int, $3, $4, $5, $6, $7, $8::int, $9 from back_check where county = $1
       returning back_check as "check"`,
      [
        scope.county,
        drawn.round ?? null,
        drawn.region,
        drawn.from,
        drawn.to,
        drawn.seed,
        sampleWords(size),
        drawn.visits,
        scope.actor,
      ],
    );
    const check = Number(row?.check);
    await tx.query(
      `insert into back_check_visit (county, back_check, command, person_no, region, worker)
       select $1, $2, u.command::uuid, u.person_no, u.region, u.worker
       from unnest($3::text[], $4::bigint[], $5::text[], $6::text[]) as u (command, person_no, region, worker)`,
      [
        scope.county,
        check,
        drawn.rows.map((one) => one.command),
        drawn.rows.map((one) => one.person),
        drawn.rows.map((one) => one.region),
        drawn.rows.map((one) => one.worker),
      ],
    );
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'check.draw',
      subject: `check ${check}`,
      region: drawn.region,
      detail: { seed: drawn.seed, drawn: drawn.rows.length, visits: drawn.visits },
    });
    return { check, drawn: drawn.rows.length };
  });
}

async function readCheck(tx: Tx, scope: Scope, check: number): Promise<Row> {
  const [row] = await tx.query<Row>(`${CHECKS} where b.county = $1 and b.back_check = $2`, [
    scope.county,
    check,
  ]);
  if (row === undefined) throw new Refusal('check.unknown', '没有这次抽查，或不在您的管辖范围。');
  return row;
}

interface DrawnRow {
  command: string;
  person: number;
  region: string;
  worker: string;
  result: string | null;
  note: string;
  checkedBy: string | null;
  checkedAt: Date | null;
  day: string;
  way: keyof typeof WAY_WORDS;
  content: string;
  undone: boolean;
}

/** A back-check with what was drawn and how far each worker's answers hold. */
export async function viewCheck(
  instance: Instance,
  scope: Scope,
  check: number,
): Promise<AnswerOf<typeof contract.check>> {
  const called = await workerNames(instance, scope);
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const row = await readCheck(tx, scope, check);
    const workers = await tx.query<CheckCounts & { worker: string }>(
      `select worker, ${COUNTS} from back_check_visit where county = $1 and back_check = $2 group by worker order by worker`,
      [scope.county, check],
    );
    const rows = await tx.query<DrawnRow>(
      `select b.command::text, b.person_no as person, b.region, b.worker, b.result, b.note, b.checked_by as "checkedBy",
         b.checked_at as "checkedAt", v.visited_on as day, v.way, v.content, v.undone_at is not null as undone
       from back_check_visit b join visit v on v.county = b.county and v.command = b.command
       where b.county = $1 and b.back_check = $2 order by b.region, b.person_no, b.command`,
      [scope.county, check],
    );
    const names = await namesOf(tx, instance, scope, [...new Set(rows.map((one) => Number(one.person)))]);
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'check.list',
      subject: `check ${check}`,
      region: row.region,
      detail: { rows: rows.length },
    });
    const sum = (key: keyof CheckCounts): number => workers.reduce((n, one) => n + Number(one[key]), 0);
    return {
      check: lineOf(tree, row, {
        drawn: sum('drawn'),
        same: sum('same'),
        different: sum('different'),
        unverifiable: sum('unverifiable'),
      }),
      workers: workers.map(({ worker, ...counts }) => ({
        worker: { login: worker, name: called.get(worker) ?? '' },
        ...counted(counts),
      })),
      items: rows.map((one) => {
        const { title, details } = answerWords(JSON.parse(one.content) as Content);
        const named = names.get(Number(one.person));
        return {
          command: one.command,
          person: Number(one.person),
          name: named?.name ?? '',
          id: maskId(named?.id ?? ''),
          region: placeOf(tree, one.region),
          worker: one.worker,
          day: one.day,
          way: WAY_WORDS[one.way],
          answer: title,
          details: [...details],
          undone: one.undone,
          result: one.result,
          note: one.note,
          checkedBy: one.checkedBy,
          checkedAt: one.checkedAt === null ? null : new Date(one.checkedAt).toISOString(),
        };
      }),
    };
  });
}

/**
 * Writes down what a back-check found of one visit. Entered again the newer word holds, of whoever found the first, or
 * of the place that checks: a town takes back nothing that the county found of its workers.
 */
export async function enterResult(
  instance: Instance,
  scope: Scope,
  check: number,
  { command, result, note = '' }: BodyOf<typeof contract.enterResult>,
): Promise<{ done: true }> {
  if (!CHECK_RESULTS.some((one) => one === result)) {
    throw new Refusal('check.result', '抽查结果应为一致、不一致或无法核实。');
  }
  if (result !== 'same' && note.trim().length < 2) {
    throw new Refusal('check.note', '不一致或无法核实的，请写明情况（至少两个字）。');
  }
  if (holdsIdNumber(note)) throw new Refusal('check.note', '情况说明里不能有身份证号码。');
  // Whose visit it is, the account must see; and nobody checks himself.
  const [seen] = await instance.db.transaction(scope, (tx) =>
    tx.query<{ worker: string; region: string }>(
      'select worker, region from back_check_visit where county = $1 and back_check = $2 and command = $3::uuid',
      [scope.county, check, command],
    ),
  );
  if (seen === undefined) throw new Refusal('check.unknown', '这次抽查里没有这条走访，或不在您的管辖范围。');
  if (seen.worker === scope.actor) {
    throw new Refusal('check.own', '这是您自己的走访，请由别人复核。');
  }
  return instance.db.transaction(journalOf(scope), async (tx) => {
    const [before] = await tx.query<{ result: string | null; checkedBy: string | null; region: RegionCode }>(
      `select v.result, v.checked_by as "checkedBy", b.region
       from back_check_visit v join back_check b on b.county = v.county and b.back_check = v.back_check
       where v.county = $1 and v.back_check = $2 and v.command = $3::uuid for update of v`,
      [scope.county, check, command],
    );
    const found = before?.result ?? null;
    if (
      before !== undefined &&
      found !== null &&
      before.checkedBy !== scope.actor &&
      !isWithin(before.region, scope.region)
    ) {
      throw new Refusal(
        'check.entered',
        '这条走访的抽查结果已由别人登记；如有异议，请报布置抽查的上级核对后更改。',
      );
    }
    await tx.query(
      `update back_check_visit set result = $4, note = $5, checked_by = $6, checked_at = now()
       where county = $1 and back_check = $2 and command = $3::uuid`,
      [scope.county, check, command, result, note.trim(), scope.actor],
    );
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'check.result',
      subject: `check ${check}`,
      region: seen.region,
      detail: { command, result, ...(found !== null && { before: found }) },
    });
    return { done: true };
  });
}
