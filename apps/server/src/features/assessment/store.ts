import type * as contract from '@quanbao/contract/assessment';
import type { AnswerOf } from '@quanbao/contract/route';
import type { Graded } from '@quanbao/domain/assessment/grades';
import { definitionsOf, type Inputs } from '@quanbao/domain/assessment/result';
import type { RoundState } from '@quanbao/domain/assessment/round';
import type { Scheme } from '@quanbao/domain/assessment/scheme';
import { type Measured, scoreUnit, type UnitInput, type UnitScore } from '@quanbao/domain/assessment/score';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { Tx } from '../../db/port.ts';

export type Board = { readonly items: AnswerOf<typeof contract.acceptance>['passed'] };

export interface Round {
  readonly assessment: number;
  readonly title: string;
  readonly scheme: string;
  readonly content: Scheme;
  readonly day: string;
  readonly selfDue: string;
  readonly state: RoundState;
  readonly digest: string | null;
  readonly document: string | null;
  readonly board: Board | null;
  readonly actor: string;
}
export interface UnitRow {
  readonly unit: string;
  readonly region: string;
  readonly name: string;
  readonly counted: Readonly<Record<string, Measured>>;
  readonly selfText: string | null;
  readonly selfDay: string | null;
  readonly selfActor: string | null;
  readonly result: Graded | null;
}
export interface ValueRow {
  readonly unit: string;
  readonly line: string;
  readonly given: 'fact' | 'self';
  readonly amount: number | null;
  readonly remark: string;
}
export interface AppealRow {
  readonly appeal: number;
  readonly unit: string;
  readonly line: string;
  readonly claimed: number | null;
  readonly reason: string;
  readonly actor: string;
  readonly madeAt: Date;
  readonly upheld: boolean | null;
  readonly decided: number | null;
  readonly decision: string | null;
  readonly decidedBy: string | null;
}

const ROUND = `select assessment, title, scheme, content, day, self_due_day as "selfDue", state, digest, document, board, actor
  from assessment_round where county = $1`;
/** A county holds a few a year. */
const MOST = 200;

function round(row: Round): Round {
  return { ...row, assessment: Number(row.assessment) };
}

export async function readRounds(tx: Tx, county: RegionCode): Promise<Round[]> {
  const rows = await tx.query<Round>(`${ROUND} order by assessment desc limit ${MOST}`, [county]);
  return rows.map(round);
}

/** @throws Refusal for a number that is no round's */
export async function readRound(tx: Tx, county: RegionCode, no: number, lock = ''): Promise<Round> {
  const [row] = await tx.query<Round>(`${ROUND} and assessment = $2 ${lock}`, [county, no]);
  if (row === undefined) throw new Refusal('assessment.unknown', `没有第 ${no} 轮考核；请从考核轮次里选择。`);
  return round(row);
}

export function headOf(one: Round): AnswerOf<typeof contract.assessments>['items'][number] {
  const { assessment, title, scheme, content, day, selfDue, state, digest, document, actor } = one;
  const { title: schemeTitle, assessed } = content;
  return { assessment, title, scheme, schemeTitle, assessed, day, selfDue, state, digest, document, actor };
}

export function readUnits(tx: Tx, county: RegionCode, no: number): Promise<UnitRow[]> {
  return tx.query<UnitRow>(
    `select unit, region, name, counted, self_text as "selfText", self_day as "selfDay", self_actor as "selfActor", result
     from assessment_unit where county = $1 and assessment = $2 order by unit`,
    [county, no],
  );
}

export function readValues(tx: Tx, county: RegionCode, no: number): Promise<ValueRow[]> {
  return tx.query<ValueRow>(
    'select unit, line, given, amount, remark from assessment_value where county = $1 and assessment = $2 order by unit, line',
    [county, no],
  );
}

export async function readAppeals(tx: Tx, county: RegionCode, no: number): Promise<AppealRow[]> {
  const rows = await tx.query<AppealRow>(
    `select appeal, unit, line, claimed, reason, actor, made_at as "madeAt", upheld, decided, decision, decided_by as "decidedBy"
     from assessment_appeal where county = $1 and assessment = $2 order by appeal`,
    [county, no],
  );
  return rows.map((row) => ({ ...row, appeal: Number(row.appeal) }));
}

/** What the county counts of itself is no unit that is ranked. */
export function ranked(county: RegionCode, units: readonly UnitRow[]): UnitRow[] {
  return units.filter(({ unit }) => unit !== county);
}

export function inputOf(
  unit: Pick<UnitRow, 'unit' | 'name' | 'counted'>,
  values: readonly ValueRow[],
  appeals: readonly AppealRow[],
): UnitInput {
  const own = <T extends { readonly unit: string }>(rows: readonly T[]): T[] =>
    rows.filter((row) => row.unit === unit.unit);
  return {
    unit: unit.unit,
    name: unit.name,
    values: unit.counted,
    facts: Object.fromEntries(
      own(values).flatMap(({ line, given, amount }) =>
        given === 'fact' && amount !== null ? [[line, amount] as const] : [],
      ),
    ),
    decided: Object.fromEntries(
      own(appeals).flatMap(({ line, appeal, decided }) =>
        decided === null ? [] : [[line, { value: decided, appeal }] as const],
      ),
    ),
  };
}

/** As it was frozen, or as it stands. */
export function scoreOf(
  one: Round,
  unit: UnitRow,
  values: readonly ValueRow[],
  appeals: readonly AppealRow[],
): UnitScore {
  return unit.result ?? scoreUnit(one.content, one.day, inputOf(unit, values, appeals));
}

/** Of everybody that is ranked: only the county can read all of it. */
export async function readInputs(tx: Tx, county: RegionCode, one: Round): Promise<Inputs> {
  const units = ranked(county, await readUnits(tx, county, one.assessment));
  const values = await readValues(tx, county, one.assessment);
  const appeals = await readAppeals(tx, county, one.assessment);
  return {
    scheme: one.content,
    day: one.day,
    units: units.map((unit) => inputOf(unit, values, appeals)),
    definitions: definitionsOf(one.content),
  };
}

/** The round before it by the same scheme that has a result. */
export function roundBefore(rounds: readonly Round[], one: Round): Round | undefined {
  return rounds
    .filter(
      ({ scheme, day, state }) =>
        scheme === one.scheme && day < one.day && (state === 'frozen' || state === 'published'),
    )
    .toSorted((a, b) => (a.day < b.day ? 1 : a.day > b.day ? -1 : b.assessment - a.assessment))[0];
}
