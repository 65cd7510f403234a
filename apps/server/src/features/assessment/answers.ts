import type * as contract from '@quanbao/contract/assessment';
import type { BodyOf } from '@quanbao/contract/route';
import type { RoundState } from '@quanbao/domain/assessment/round';
import type { SchemeLine } from '@quanbao/domain/assessment/scheme';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import { journalOf } from '../../db/journal-of.ts';
import type { Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { holdsIdNumber, record } from '../audit/index.ts';
import { workDay } from '../reports/index.ts';
import { answersFor, type Reach, sees } from './reach.ts';
import { type Round, readRound } from './store.ts';

interface Unit {
  readonly unit: string;
  readonly region: RegionCode;
  readonly name: string;
}

/** @throws Refusal for a unit that is none of the round's, or none the account sees */
export async function unitOf(tx: Tx, reach: Reach, no: number, unit: string): Promise<Unit> {
  const [row] = await tx.query<Unit>(
    'select unit, region, name from assessment_unit where county = $1 and assessment = $2 and unit = $3',
    [reach.scope.county, no, unit],
  );
  if (row === undefined || !sees(reach, row)) {
    throw new Refusal('assessment.unit', '这一轮考核没有这个单位，或不在您的管辖范围。');
  }
  return row;
}

function requireState(one: Round, states: readonly RoundState[], words: string): void {
  if (!states.includes(one.state)) throw new Refusal('assessment.state', words);
}

function lineOf(one: Round, code: string): SchemeLine {
  const found = one.content.lines.find((line) => line.code === code);
  if (found === undefined) throw new Refusal('assessment.line', `方案里没有代码为“${code}”的考核内容。`);
  return found;
}

function withoutNumbers(...texts: readonly string[]): void {
  if (texts.some(holdsIdNumber)) {
    throw new Refusal('assessment.words', '文字里不能有身份证号码；请改写成姓名或人数。');
  }
}

/** What a unit sends is written by the county's journal, once its own scope has been asked whether it is its own. */
export async function writing<T>(
  instance: Instance,
  reach: Reach,
  no: number,
  order: { readonly unit: string; readonly act: string; readonly detail: Readonly<Record<string, unknown>> },
  work: (tx: Tx, one: Round, unit: Unit) => Promise<T>,
): Promise<T> {
  const { scope } = reach;
  const unit = await instance.db.transaction(scope, (tx) => unitOf(tx, reach, no, order.unit));
  if (!answersFor(reach, unit)) {
    throw new Refusal('assessment.unit', `只有${unit.name}本单位的账号或县级可以填写。`);
  }
  return instance.db.transaction(journalOf(scope), async (tx) => {
    const one = await readRound(tx, scope.county, no, 'for update');
    const done = await work(tx, one, unit);
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: order.act,
      subject: `assessment ${no}`,
      region: unit.region,
      detail: { unit: unit.name, ...order.detail },
    });
    return done;
  });
}

function putValue(
  tx: Tx,
  reach: Reach,
  no: number,
  unit: Unit,
  given: 'fact' | 'self',
  value: { readonly line: string; readonly amount: number | null; readonly remark: string },
): Promise<unknown> {
  return tx.query(
    `insert into assessment_value (county, assessment, unit, line, given, region, amount, remark, actor)
     values ($1, $2, $3, $4, $5, $6, $7::float8, $8, $9)
     on conflict (county, assessment, unit, line, given)
     do update set amount = excluded.amount, remark = excluded.remark, actor = excluded.actor, made_at = now()`,
    [
      reach.scope.county,
      no,
      unit.unit,
      value.line,
      given,
      unit.region,
      value.amount,
      value.remark.trim(),
      reach.scope.actor,
    ],
  );
}

export async function enterFact(
  instance: Instance,
  reach: Reach,
  no: number,
  order: BodyOf<typeof contract.enterFacts>,
): Promise<{ done: true }> {
  const { unit, line, amount, remark } = order;
  withoutNumbers(remark);
  return writing(
    instance,
    reach,
    no,
    { unit, act: 'assessment.fact', detail: { line, amount } },
    async (tx, one, of) => {
      requireState(one, ['self', 'draft'], '这一轮已经定案，不能再登记事项。');
      const { source } = lineOf(one, line);
      if (!('fact' in source)) {
        throw new Refusal('assessment.line', '这一项由名单计算，不能手工登记；确有出入请按申诉改定。');
      }
      if (of.unit === reach.scope.county) throw new Refusal('assessment.unit', '事项登记到被考核的单位。');
      const { fact } = source;
      const [kept] = await tx.query<{ counted: Record<string, unknown> }>(
        'select counted from assessment_unit where county = $1 and assessment = $2 and unit = $3',
        [reach.scope.county, no, of.unit],
      );
      if (fact.record !== undefined && kept?.counted[fact.record] !== undefined) {
        throw new Refusal(
          'assessment.line',
          '这一项由报送和督办记录计数，不能手工登记；确有出入请按申诉改定。',
        );
      }
      if (amount !== null && amount < 0) throw new Refusal('assessment.amount', '登记的数不能小于0。');
      if (remark.trim() === '')
        throw new Refusal('assessment.remark', '请写登记的依据（文件、记录或来源）。');
      await putValue(tx, reach, no, of, 'fact', { line, amount, remark });
      return { done: true } as const;
    },
  );
}

export async function handInSelf(
  instance: Instance,
  reach: Reach,
  no: number,
  order: BodyOf<typeof contract.selfAssess>,
  /** The day it is handed in on, where that is not the day of work. */
  on?: PlainDate,
): Promise<{ done: true }> {
  const { unit, text, lines } = order;
  withoutNumbers(text, ...lines.map(({ remark }) => remark));
  if (text.trim().length < 5) throw new Refusal('assessment.self', '请写自查评估情况（至少五个字）。');
  return writing(
    instance,
    reach,
    no,
    { unit, act: 'assessment.self', detail: { lines: lines.length } },
    async (tx, one, of) => {
      requireState(one, ['self'], '自查评估已经截止（县级已开始初评）；对得分有意见请提出申诉。');
      const today = await workDay(tx, reach.scope, new Date());
      const day = on ?? today;
      if (day > today) throw new Refusal('assessment.day', '这一天还没有到；请填今天或以前的日期。');
      await tx.query(
        `update assessment_unit set self_text = $4, self_day = $5, self_actor = $6
         where county = $1 and assessment = $2 and unit = $3`,
        [reach.scope.county, no, of.unit, text.trim(), day, reach.scope.actor],
      );
      for (const value of lines) {
        lineOf(one, value.line);
        await putValue(tx, reach, no, of, 'self', value);
      }
      return { done: true } as const;
    },
  );
}

export async function appeal(
  instance: Instance,
  reach: Reach,
  no: number,
  order: BodyOf<typeof contract.appealLine>,
): Promise<{ appeal: number }> {
  const { unit, line, claimed, reason } = order;
  withoutNumbers(reason);
  if (reason.trim().length < 5) throw new Refusal('assessment.appeal', '请写申诉理由（至少五个字）。');
  return writing(
    instance,
    reach,
    no,
    { unit, act: 'assessment.appeal', detail: { line } },
    async (tx, one, of) => {
      requireState(one, ['draft'], '只在初评期间可以申诉；定案以后请向县级书面反映。');
      lineOf(one, line);
      if (of.unit === reach.scope.county) throw new Refusal('assessment.unit', '申诉由被考核的单位提出。');
      const [row] = await tx.query<{ appeal: number }>(
        `insert into assessment_appeal (county, assessment, appeal, unit, region, line, claimed, reason, actor)
       select $1, $2, coalesce(max(appeal), 0) + 1, $3, $4, $5, $6::float8, $7, $8 from assessment_appeal
       where county = $1 and assessment = $2
       having count(*) filter (where unit = $3 and line = $5 and upheld is null) = 0
       returning appeal`,
        [reach.scope.county, no, of.unit, of.region, line, claimed ?? null, reason.trim(), reach.scope.actor],
      );
      if (row === undefined) throw new Refusal('assessment.appeal', '这一项已有一件申诉等待裁决。');
      return { appeal: Number(row.appeal) };
    },
  );
}

export async function decide(
  instance: Instance,
  reach: Reach,
  no: number,
  number: number,
  order: BodyOf<typeof contract.decideAppeal>,
): Promise<{ done: true }> {
  const { upheld, value, decision } = order;
  const { scope } = reach;
  withoutNumbers(decision);
  if (decision.trim().length < 2) throw new Refusal('assessment.decision', '请写裁决意见。');
  if (upheld && value === undefined) {
    throw new Refusal('assessment.decision', '采纳申诉要写改定的数值，得分按它重新计算。');
  }
  return instance.db.transaction(scope, async (tx) => {
    const one = await readRound(tx, scope.county, no, 'for update');
    requireState(one, ['draft'], '只在初评期间可以裁决申诉。');
    const [row] = await tx.query<{ region: string; line: string }>(
      `update assessment_appeal set upheld = $4, decided = $5::float8, decision = $6, decided_by = $7, decided_at = now()
       where county = $1 and assessment = $2 and appeal = $3 and upheld is null returning region, line`,
      [scope.county, no, number, upheld, upheld ? (value ?? null) : null, decision.trim(), scope.actor],
    );
    if (row === undefined) throw new Refusal('assessment.appeal', '没有这件申诉，或已经裁决。');
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'assessment.decide',
      subject: `assessment ${no}`,
      region: row.region,
      detail: { appeal: number, line: row.line, upheld, ...(upheld ? { value } : {}) },
    });
    return { done: true } as const;
  });
}

/** Awards and accountability follow a published result. */
export async function addAct(
  instance: Instance,
  reach: Reach,
  no: number,
  order: BodyOf<typeof contract.addAct>,
): Promise<{ act: number }> {
  const { kind, unit, words, document } = order;
  withoutNumbers(words, document);
  if (words.trim() === '' || document.trim() === '') {
    throw new Refusal('assessment.document', '请写清事由，并写文件和文号。');
  }
  return writing(
    instance,
    reach,
    no,
    { unit, act: `assessment.${kind}`, detail: { document } },
    async (tx, one, of) => {
      requireState(one, ['published'], '通报表扬和问责在公布结果之后登记。');
      if (of.unit === reach.scope.county) throw new Refusal('assessment.unit', '请选择被考核的单位。');
      const [row] = await tx.query<{ act: number }>(
        `insert into assessment_act (county, assessment, act, kind, unit, region, words, document, actor)
       select $1, $2, coalesce(max(act), 0) + 1, $3, $4, $5, $6, $7, $8 from assessment_act
       where county = $1 and assessment = $2 returning act`,
        [reach.scope.county, no, kind, of.unit, of.region, words.trim(), document.trim(), reach.scope.actor],
      );
      return { act: Number(row?.act) };
    },
  );
}
