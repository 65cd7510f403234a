import type * as contract from '@quanbao/contract/assessment';
import type { AnswerOf } from '@quanbao/contract/route';
import { gradeAll } from '@quanbao/domain/assessment/grades';
import type { SchemeLine } from '@quanbao/domain/assessment/scheme';
import type { ScoredLine } from '@quanbao/domain/assessment/score';
import { isRate, sourceWords, valueWords } from '@quanbao/domain/assessment/source';
import { findIndicator, indicator } from '@quanbao/domain/indicators/indicators';
import { referenceText } from '@quanbao/domain/indicators/reference';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { workDay } from '../reports/index.ts';
import { ranksBefore, standingOf } from './advance.ts';
import { answersFor, type Reach, sees } from './reach.ts';
import {
  type AppealRow,
  headOf,
  type Round,
  ranked,
  readAppeals,
  readRound,
  readRounds,
  readUnits,
  readValues,
  roundBefore,
  scoreOf,
  type UnitRow,
  type ValueRow,
} from './store.ts';

type View = AnswerOf<typeof contract.assessment>;
type UnitView = AnswerOf<typeof contract.assessedUnit>;
type Standing = View['items'][number];
type ActLine = View['acts'][number];

export async function listRounds(
  instance: Instance,
  { scope }: Reach,
): Promise<AnswerOf<typeof contract.assessments>> {
  return instance.db.transaction(scope, async (tx) => ({
    items: (await readRounds(tx, scope.county)).map(headOf),
  }));
}

/** A standing among all needs all of them; one of its own, alone, has neither rank nor grade until it is published. */
export async function standings(
  tx: Tx,
  reach: Reach,
  one: Round,
  units: readonly UnitRow[],
  values: readonly ValueRow[],
  appeals: readonly AppealRow[],
): Promise<Omit<Standing, 'opens' | 'selfDay' | 'selfLate' | 'openAppeals'>[]> {
  const { county } = reach.scope;
  if (one.state === 'published' && one.board !== null) return [...one.board.items];
  const seen = ranked(county, units).filter((unit) => sees(reach, unit));
  const scores = seen.map((unit) => scoreOf(one, unit, values, appeals));
  if (!reach.whole) {
    return scores.map((score) =>
      standingOf(one.content, { ...score, rank: null, grade: null, why: '公布后显示名次和等次' }, null),
    );
  }
  const was = await ranksBefore(tx, reach.scope, one);
  return gradeAll(one.content, scores).map((each) =>
    standingOf(one.content, each, was.get(each.unit) ?? null),
  );
}

async function readActs(tx: Tx, reach: Reach, no: number, units: readonly UnitRow[]): Promise<ActLine[]> {
  const rows = await tx.query<Omit<ActLine, 'madeAt' | 'name'> & { madeAt: Date }>(
    `select act, kind, unit, words, document, actor, made_at as "madeAt" from assessment_act
     where county = $1 and assessment = $2 order by act`,
    [reach.scope.county, no],
  );
  return rows.flatMap((row) => {
    const unit = units.find((each) => each.unit === row.unit);
    if (unit === undefined || !sees(reach, unit)) return [];
    return [{ ...row, act: Number(row.act), name: unit.name, madeAt: new Date(row.madeAt).toISOString() }];
  });
}

export async function viewRound(instance: Instance, reach: Reach, no: number): Promise<View> {
  const { scope } = reach;
  return instance.db.transaction(scope, async (tx) => {
    const one = await readRound(tx, scope.county, no);
    const units = await readUnits(tx, scope.county, no);
    const values = await readValues(tx, scope.county, no);
    const appeals = await readAppeals(tx, scope.county, no);
    const before = roundBefore(await readRounds(tx, scope.county), one);
    const all = await standings(tx, reach, one, units, values, appeals);
    const today = await workDay(tx, scope, new Date());
    return {
      round: headOf(one),
      full: one.content.full,
      sure: one.content.sure,
      schemeDocument: one.content.document,
      whole: reach.whole || one.state === 'published',
      items: all.map((each) => {
        const unit = units.find((row) => row.unit === each.unit);
        const opens = unit !== undefined && sees(reach, unit);
        const selfDay = opens ? unit.selfDay : null;
        return {
          ...each,
          opens,
          selfDay,
          selfLate: opens && (selfDay ?? today) > one.selfDue,
          openAppeals: opens
            ? appeals.filter((row) => row.unit === each.unit && row.upheld === null).length
            : 0,
        };
      }),
      acts: await readActs(tx, reach, no, units),
      before: before === undefined ? null : { assessment: before.assessment, title: before.title },
    };
  });
}

export async function viewUnit(
  instance: Instance,
  reach: Reach,
  no: number,
  code: string,
): Promise<UnitView> {
  const { scope } = reach;
  return instance.db.transaction(scope, async (tx) => {
    const one = await readRound(tx, scope.county, no);
    const units = await readUnits(tx, scope.county, no);
    const unit = units.find((row) => row.unit === code);
    if (unit === undefined || !sees(reach, unit)) {
      throw new Refusal('assessment.unit', '这一轮考核没有这个单位，或不在您的管辖范围。');
    }
    const mine = (rows: readonly ValueRow[]): ValueRow[] => rows.filter((row) => row.unit === code);
    const values = mine(await readValues(tx, scope.county, no));
    const appeals = await readAppeals(tx, scope.county, no);
    const score = scoreOf(one, unit, values, appeals);
    const all = await standings(tx, reach, one, units, await readValues(tx, scope.county, no), appeals);
    const files = await tx.query<{ file: number; name: string; given: string; line: string }>(
      `select file, name, given, line from assessment_file where county = $1 and assessment = $2 and unit = $3 order by file`,
      [scope.county, no, code],
    );
    const filesOf = (line: string): UnitView['files'] =>
      files
        .filter((file) => file.line === line)
        .map(({ file, name, given }) => ({ file: Number(file), name, given }));
    const own = code === scope.county;
    return {
      round: headOf(one),
      own,
      standing:
        all.find((each) => each.unit === code) ??
        standingOf(one.content, { ...score, rank: null, grade: null, why: '' }, null),
      mine: answersFor(reach, unit),
      selfText: unit.selfText ?? '',
      selfDay: unit.selfDay,
      selfActor: unit.selfActor,
      lines: one.content.lines.map((line) => ({
        ...lineView(one, unit, line, score.lines.find((each) => each.line === line.code) as ScoredLine),
        fact: givenOf(values, line, 'fact'),
        self: givenOf(values, line, 'self'),
        files: filesOf(line.code),
      })),
      files: filesOf(''),
      appeals: appeals
        .filter((row) => row.unit === code)
        .map(({ unit: _, madeAt, ...row }) => ({ ...row, madeAt: new Date(madeAt).toISOString() })),
      acts: (await readActs(tx, reach, no, units)).filter((act) => act.unit === code),
    };
  });
}

function givenOf(
  values: readonly ValueRow[],
  line: SchemeLine,
  given: ValueRow['given'],
): UnitView['lines'][number]['fact'] {
  const found = values.find((row) => row.line === line.code && row.given === given);
  if (found === undefined) return null;
  return { amount: found.amount, text: valueWords(line.source, found.amount), remark: found.remark };
}

/** One line with the way from its points to the indicator and to whom it counts. */
export function lineView(
  one: Round,
  unit: Pick<UnitRow, 'unit' | 'region' | 'counted'>,
  line: SchemeLine,
  scored: ScoredLine,
): Omit<UnitView['lines'][number], 'fact' | 'self' | 'files'> {
  const words = sourceWords(line.source);
  const code = 'indicator' in line.source ? line.source.indicator : undefined;
  const known = code !== undefined && findIndicator(code) !== undefined;
  const record = 'fact' in line.source ? line.source.fact.record : undefined;
  const papers = record === undefined ? undefined : unit.counted[record]?.papers;
  return {
    line: line.code,
    title: line.title,
    kind: line.kind,
    basis: line.basis,
    name: words?.name ?? '',
    definition: words?.definition ?? '',
    unit: words?.unit ?? '',
    rate: isRate(line.source),
    byHand: code === undefined && papers === undefined,
    papers: (papers ?? []).map(({ text, address }) => ({ text, address })),
    state: scored.state,
    value: scored.value,
    text: valueWords(line.source, scored.value),
    full: line.full,
    points: scored.points,
    formula: scored.formula,
    reference: known
      ? referenceText({ what: 'value', indicator: code, region: unit.region, day: one.day })
      : '',
    counts: known ? countsOfLine(code, unit) : [],
  };
}

function countsOfLine(
  code: string,
  { counted }: Pick<UnitRow, 'counted'>,
): UnitView['lines'][number]['counts'] {
  const found = indicator(code);
  const { value = null, numerator, denominator } = counted[code] ?? {};
  const parts: (readonly [string, number | null | undefined])[] =
    found.kind === 'rate'
      ? [
          [found.numerator, numerator],
          [found.denominator, denominator],
        ]
      : [[code, value]];
  return parts.flatMap(([part, amount]) => {
    const count = indicator(part);
    if (amount === null || amount === undefined || count.kind !== 'count') return [];
    return [{ code: part, name: count.name, value: amount }];
  });
}
