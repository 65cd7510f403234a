import type { AnswerOf, BodyOf } from '@quanbao/contract/route';
import type * as contract from '@quanbao/contract/supervision';
import { isAllowed, type Role } from '@quanbao/domain/access/roles';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { type RegionCode, regionRange } from '@quanbao/domain/kernel/region';
import {
  type ProblemAct,
  type ProblemState,
  problemActs,
  problemMoved,
  problemStateOn,
  requireDay,
  requireText,
} from '@quanbao/domain/supervision/meeting';
import { journalOf } from '../../../db/journal-of.ts';
import type { Scope } from '../../../db/port.ts';
import type { Instance } from '../../../instance.ts';
import { record } from '../../audit/index.ts';
import { loadRegionTree } from '../../regions/index.ts';
import { placeOf } from '../../register/index.ts';
import { requireRegion, workDay } from '../../reports/index.ts';
import { readScope, withoutNumbers } from '../today.ts';

interface Row {
  problem: number;
  region: RegionCode;
  subject: string;
  detail: string;
  due: PlainDate;
  state: ProblemState;
  raisedDay: PlainDate;
  sentDay: PlainDate | null;
  answeredDay: PlainDate | null;
  closedDay: PlainDate | null;
  answer: string;
  actor: string;
}

const COLUMNS = `problem, region, subject, detail, due_day as due, state, raised_day as "raisedDay", sent_day as "sentDay",
  answered_day as "answeredDay", closed_day as "closedDay", answer, actor`;

export async function listProblems(
  instance: Instance,
  asked: Scope,
  role: Role,
  query: { region?: RegionCode | undefined; asOf?: PlainDate | undefined },
): Promise<AnswerOf<typeof contract.problems>> {
  const scope = readScope(asked);
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const region = query.region ?? scope.region;
    requireRegion(tree, scope, region);
    const day = query.asOf ?? (await workDay(tx, scope, new Date()));
    const { lo, hi } = regionRange(region);
    const rows = await tx.query<Row>(
      `select ${COLUMNS} from city_problem where county = $1 and region >= $2 and region < $3 and raised_day <= $4
       order by closed_day <= $4 is true, due_day, problem limit 300`,
      [scope.county, lo, hi, day],
    );
    return {
      asOf: day,
      items: rows.map(({ closedDay, ...row }) => {
        const state = problemStateOn({ ...row, closedDay }, day);
        const answered = state === 'answered' || state === 'closed';
        return {
          ...row,
          problem: Number(row.problem),
          region: placeOf(tree, row.region),
          sentDay: state === 'raised' ? null : row.sentDay,
          state,
          acts: state === row.state && isAllowed(role, 'supervision.write') ? problemActs(state) : [],
          answer: answered ? row.answer : '',
          answeredDay: answered ? row.answeredDay : null,
          late: !answered && row.due < day,
        };
      }),
    };
  });
}

/** Put on the list by a place or the county; the county sends it on. */
export async function raiseProblem(
  instance: Instance,
  asked: Scope,
  order: BodyOf<typeof contract.raiseProblem>,
): Promise<{ problem: number }> {
  const subject = requireText(order.subject, 'problem.subject', '问题');
  const detail = requireText(order.detail, 'problem.detail', '问题的情况和建议');
  const due = requireDay(order.due, 'problem.due', '希望答复的日期');
  withoutNumbers('problem.text', subject, detail);
  const own = readScope(asked);
  const region = order.region ?? own.region;
  if (asked.duty === 'office' && region !== own.county)
    throw new Refusal('problem.place', '部门提出的问题记在县级；请不要选乡镇、村。');
  await instance.db.transaction(own, async (tx) =>
    requireRegion(await loadRegionTree(tx, own.county), own, region),
  );
  const scope = journalOf(asked);
  return instance.db.transaction(scope, async (tx) => {
    const day = await workDay(tx, scope, new Date());
    if (due < day)
      throw new Refusal('problem.due', `希望答复的日期 ${due} 已经过去（今天 ${day}）；请改正后再试。`);
    const [row] = await tx.query<{ problem: number }>(
      `insert into city_problem (county, problem, region, subject, detail, due_day, state, raised_day, answer, actor)
       select $1, coalesce(max(problem), 0) + 1, $2, $3, $4, $5, 'raised', $6, '', $7 from city_problem where county = $1
       returning problem`,
      [scope.county, region, subject, detail, due, day, scope.actor],
    );
    const problem = Number(row?.problem);
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'problem.raise',
      subject: `problem ${problem}`,
      region,
      detail: { due },
    });
    return { problem };
  });
}

const WRITES: Readonly<Record<ProblemAct, string>> = {
  send: 'sent_day = $4',
  answer: 'answered_day = coalesce(answered_day, $4), answer = $5',
  close: 'answer = $5, answered_day = coalesce(answered_day, $4), closed_day = $4',
};

/** What closes it stands behind what the city answered. */
function closedWith(answer: string, words: string): string {
  if (words === '') return answer;
  return answer === '' ? `了结：${words}` : `${answer}；了结：${words}`;
}

/** The county sends it to the city, writes down what the city answers, and closes it. */
export async function moveProblem(
  instance: Instance,
  scope: Scope,
  problem: number,
  act: ProblemAct,
  given = '',
): Promise<{ state: string }> {
  const text = act === 'answer' ? requireText(given, 'problem.answer', '市里的答复') : given.trim();
  withoutNumbers('problem.answer', text);
  return instance.db.transaction(scope, async (tx) => {
    const [row] = await tx.query<{ state: ProblemState; region: RegionCode; answer: string }>(
      'select state, region, answer from city_problem where county = $1 and problem = $2 for update',
      [scope.county, problem],
    );
    if (row === undefined) throw new Refusal('problem.unknown', '没有这个问题，或不在您的管辖范围。');
    const state = problemMoved(row.state, act);
    const day = await workDay(tx, scope, new Date());
    await tx.query(`update city_problem set state = $3, ${WRITES[act]} where county = $1 and problem = $2`, [
      scope.county,
      problem,
      state,
      day,
      ...(act === 'send' ? [] : [act === 'close' ? closedWith(row.answer, text) : text]),
    ]);
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: `problem.${act}`,
      subject: `problem ${problem}`,
      region: row.region,
      detail: {},
    });
    return { state };
  });
}
