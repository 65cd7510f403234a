import { type Graded, gradeAll } from '@quanbao/domain/assessment/grades';
import { assess, definitionsOf, type Inputs } from '@quanbao/domain/assessment/result';
import { ROUND_STATE_WORDS } from '@quanbao/domain/assessment/round';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { Scope } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { record } from '../audit/index.ts';
import { ranksBefore, readFrozen } from './advance.ts';
import { type Reach, sees } from './reach.ts';
import { countScheme } from './rounds.ts';
import {
  inputOf,
  ranked,
  readAppeals,
  readInputs,
  readRound,
  readUnits,
  readValues,
  scoreOf,
} from './store.ts';
import { type ResultSheet, resultToXlsx } from './xlsx.ts';

/** Computes a scheme on a day without keeping anything; what is entered by hand is not in it. */
export async function tryScheme(
  instance: Instance,
  scope: Scope,
  code: string,
  day: string | undefined,
): Promise<ResultSheet> {
  return instance.db.transaction(scope, async (tx) => {
    const { scheme, counted } = await countScheme(tx, scope, code, day);
    const units = counted.units
      .filter(({ unit }) => unit !== scope.county)
      .map(({ unit, name, counted: values }) => ({ unit, name, values, facts: {}, decided: {} }));
    const inputs: Inputs = { scheme, day: counted.day, units, definitions: definitionsOf(scheme) };
    return {
      title: scheme.title,
      county: scope.county,
      inputs,
      result: assess(inputs),
      was: new Map(),
      digest: '',
      state: '试算',
    };
  });
}

/** The result of a round as far as the account may see it: frozen, or as it stands. */
async function resultOf(instance: Instance, reach: Reach, no: number): Promise<ResultSheet> {
  const { scope } = reach;
  return instance.db.transaction(scope, async (tx) => {
    const one = await readRound(tx, scope.county, no);
    const base = {
      title: one.title,
      county: scope.county,
      digest: one.digest ?? '',
      state: ROUND_STATE_WORDS[one.state],
    };
    if (reach.whole && scope.duty === undefined) {
      const was = await ranksBefore(tx, scope, one);
      if (one.state === 'frozen' || one.state === 'published')
        return { ...base, ...(await readFrozen(tx, scope, no)), was };
      const inputs = await readInputs(tx, scope.county, one);
      return { ...base, inputs, result: assess(inputs), was };
    }
    const units = ranked(scope.county, await readUnits(tx, scope.county, no)).filter((unit) =>
      sees(reach, unit),
    );
    if (units.length === 0) throw new Refusal('assessment.unit', '这一轮考核没有您管辖的单位。');
    const values = await readValues(tx, scope.county, no);
    const appeals = await readAppeals(tx, scope.county, no);
    const { content: scheme, day } = one;
    const inputs: Inputs = {
      scheme,
      day,
      units: units.map((unit) => inputOf(unit, values, appeals)),
      definitions: definitionsOf(scheme),
    };
    const board = one.board?.items ?? [];
    const scored = units.map((unit) => scoreOf(one, unit, values, appeals));
    const graded: Graded[] = reach.whole
      ? gradeAll(scheme, scored)
      : scored.map((score) => {
          const found = board.find(({ unit }) => unit === score.unit);
          return {
            ...score,
            rank: found?.rank ?? null,
            grade: found?.grade ?? null,
            why: found?.why ?? '公布后显示名次和等次',
          };
        });
    const was = new Map(board.flatMap((row) => (row.was === null ? [] : [[row.unit, row.was] as const])));
    return { ...base, inputs, result: graded, was };
  });
}

export async function resultFile(
  instance: Instance,
  reach: Reach,
  no: number,
): Promise<{ name: string; bytes: Buffer }> {
  const { scope } = reach;
  const sheet = await resultOf(instance, reach, no);
  await instance.db.transaction(scope, (tx) =>
    record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'assessment.export',
      subject: `assessment ${no}`,
      region: scope.region,
      detail: { units: sheet.result.length },
    }),
  );
  return { name: `${sheet.title}-${sheet.inputs.day}.xlsx`, bytes: await resultToXlsx(sheet) };
}
