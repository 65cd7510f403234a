import { type Graded, gradeTitle, hasPassed } from '@quanbao/domain/assessment/grades';
import { assess, canonicalText, type Frozen } from '@quanbao/domain/assessment/result';
import { ROUND_STATE_WORDS, type RoundState } from '@quanbao/domain/assessment/round';
import type { Scheme } from '@quanbao/domain/assessment/scheme';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { sm3Hex } from '../../secrets/sm3.ts';
import { holdsIdNumber, record } from '../audit/index.ts';
import {
  type Board,
  type Round,
  ranked,
  readAppeals,
  readInputs,
  readRound,
  readRounds,
  readUnits,
  roundBefore,
} from './store.ts';

const BEFORE: Readonly<Record<Exclude<RoundState, 'self'>, RoundState>> = {
  draft: 'self',
  frozen: 'draft',
  published: 'frozen',
};

export function standingOf(scheme: Scheme, one: Graded, was: number | null): Board['items'][number] {
  const { unit, name, total, judged, leftOut, percent, rank, grade, why } = one;
  const passed = grade === null ? null : hasPassed(scheme, grade);
  return {
    ...{ unit, name, total, judged, leftOut, percent, rank, was, grade, why, passed },
    gradeTitle: gradeTitle(scheme, grade),
  };
}

/** Ranks of the round before by the same scheme. */
export async function ranksBefore(tx: Tx, scope: Scope, one: Round): Promise<ReadonlyMap<string, number>> {
  const before = roundBefore(await readRounds(tx, scope.county), one);
  if (before === undefined) return new Map();
  const units = await readUnits(tx, scope.county, before.assessment);
  return new Map(
    units.flatMap(({ unit, result }) => (result?.rank == null ? [] : [[unit, result.rank] as const])),
  );
}

export async function advance(
  instance: Instance,
  scope: Scope,
  no: number,
  order: { readonly to: Exclude<RoundState, 'self'>; readonly document?: string | undefined },
): Promise<{ state: RoundState; digest: string | null }> {
  return instance.db.transaction(scope, async (tx) => {
    const one = await readRound(tx, scope.county, no, 'for update');
    const { to } = order;
    if (one.state !== BEFORE[to]) {
      throw new Refusal(
        'assessment.state',
        `这一轮现在是“${ROUND_STATE_WORDS[one.state]}”，不能进到“${ROUND_STATE_WORDS[to]}”；请刷新后再看。`,
      );
    }
    const digest = to === 'frozen' ? await freeze(tx, scope, one) : one.digest;
    if (to === 'draft') await setState(tx, scope, no, 'draft');
    if (to === 'published') await publish(tx, scope, one, order.document);
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: `assessment.${to}`,
      subject: `assessment ${no}`,
      region: scope.county,
      detail: digest === null ? {} : { sm3: digest },
    });
    return { state: to, digest };
  });
}

function setState(tx: Tx, scope: Scope, no: number, state: RoundState): Promise<unknown> {
  return tx.query('update assessment_round set state = $3 where county = $1 and assessment = $2', [
    scope.county,
    no,
    state,
  ]);
}

async function freeze(tx: Tx, scope: Scope, one: Round): Promise<string> {
  const open = (await readAppeals(tx, scope.county, one.assessment)).filter(({ upheld }) => upheld === null);
  if (open.length > 0) {
    throw new Refusal(
      'assessment.appeals',
      `还有 ${open.length} 件申诉没有裁决（第 ${open.map(({ appeal }) => appeal).join('、')} 号）；裁决后才能定案。`,
    );
  }
  const inputs = await readInputs(tx, scope.county, one);
  const result = assess(inputs);
  const content = canonicalText({ inputs, result } satisfies Frozen);
  const digest = sm3Hex(content);
  await tx.query('insert into assessment_frozen (county, assessment, content) values ($1, $2, $3)', [
    scope.county,
    one.assessment,
    content,
  ]);
  await tx.query(
    `update assessment_unit a set result = u.result
     from jsonb_to_recordset($3::text::jsonb) as u (unit text, result jsonb)
     where a.county = $1 and a.assessment = $2 and a.unit = u.unit`,
    [scope.county, one.assessment, JSON.stringify(result.map((each) => ({ unit: each.unit, result: each })))],
  );
  await tx.query(
    `update assessment_round set state = 'frozen', digest = $3, frozen_at = now(), frozen_by = $4
     where county = $1 and assessment = $2`,
    [scope.county, one.assessment, digest, scope.actor],
  );
  return digest;
}

async function publish(tx: Tx, scope: Scope, one: Round, document: string | undefined): Promise<void> {
  if (document === undefined || document.trim() === '') {
    throw new Refusal('assessment.document', '公布考核结果要写通报的文件和文号。');
  }
  if (holdsIdNumber(document)) throw new Refusal('assessment.document', '文号里不能有身份证号码。');
  const was = await ranksBefore(tx, scope, one);
  const { result } = await readFrozen(tx, scope, one.assessment);
  const board: Board = {
    items: result.map((each) => standingOf(one.content, each, was.get(each.unit) ?? null)),
  };
  await tx.query(
    `update assessment_round set state = 'published', board = $3::text::jsonb, document = $4, published_at = now(), published_by = $5
     where county = $1 and assessment = $2`,
    [scope.county, one.assessment, JSON.stringify(board), document.trim(), scope.actor],
  );
}

async function frozenText(tx: Tx, scope: Scope, no: number): Promise<string> {
  const [row] = await tx.query<{ content: string }>(
    'select content from assessment_frozen where county = $1 and assessment = $2',
    [scope.county, no],
  );
  if (row === undefined) throw new Refusal('assessment.state', `第 ${no} 轮考核还没有定案。`);
  return row.content;
}

export async function readFrozen(tx: Tx, scope: Scope, no: number): Promise<Frozen> {
  return JSON.parse(await frozenText(tx, scope, no)) as Frozen;
}

export interface Verified {
  readonly same: boolean;
  readonly digest: string;
  readonly recomputed: string;
  readonly differences: string[];
}

/** Scores the frozen inputs again by the rules of today, and holds everything that is shown against it. */
export async function verifyRound(instance: Instance, scope: Scope, no: number): Promise<Verified> {
  return instance.db.transaction(scope, async (tx) => {
    const one = await readRound(tx, scope.county, no);
    const text = await frozenText(tx, scope, no);
    const { inputs, result: kept } = JSON.parse(text) as Frozen;
    const result = assess(inputs);
    const recomputed = sm3Hex(canonicalText({ inputs, result }));
    const differences: string[] = [];
    if (sm3Hex(text) !== one.digest) differences.push('定案时存下的数据与摘要不符');
    if (canonicalText(kept) !== canonicalText(result))
      differences.push('按存下的数据重新计算，得分或定级不同');
    if (canonicalText(one.content) !== canonicalText(inputs.scheme)) differences.push('考核方案与定案时不同');
    const units = ranked(scope.county, await readUnits(tx, scope.county, no));
    for (const each of result) {
      const shown = units.find(({ unit }) => unit === each.unit)?.result;
      if (canonicalText(shown) !== canonicalText(each))
        differences.push(`${each.name}：显示的得分与定案不同`);
    }
    const board = one.board?.items ?? [];
    for (const row of board) {
      const each = result.find(({ unit }) => unit === row.unit);
      if (
        each === undefined ||
        canonicalText(standingOf(inputs.scheme, each, row.was)) !== canonicalText(row)
      ) {
        differences.push(`${row.name}：公布的名次或等次与定案不同`);
      }
    }
    if (one.state === 'published' && board.length !== result.length) differences.push('公布的单位与定案不同');
    return {
      same: differences.length === 0 && recomputed === one.digest,
      digest: one.digest ?? '',
      recomputed,
      differences,
    };
  });
}
