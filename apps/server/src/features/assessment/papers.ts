import type * as contract from '@quanbao/contract/assessment';
import type { AnswerOf } from '@quanbao/contract/route';
import type { Scheme } from '@quanbao/domain/assessment/scheme';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { PaperAssessment } from '@quanbao/domain/supervision/paper/assessment';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { readFrozen } from './advance.ts';
import type { Reach } from './reach.ts';
import { ranked, readAppeals, readRound, readRounds, readUnits, readValues, scoreOf } from './store.ts';
import { lineView, standings, viewRound } from './views.ts';

export type Acceptance = AnswerOf<typeof contract.acceptance>;
export type CountySelf = AnswerOf<typeof contract.countySelf>;

function byGrade(
  scheme: Scheme,
  items: readonly { grade: string | null; name: string }[],
): Acceptance['grades'] {
  return scheme.grades.map(({ code, title }) => {
    const names = items.filter(({ grade }) => grade === code).map(({ name }) => name);
    return { title, units: names.length, names };
  });
}

/** What the 验收通报 says; the paper itself is composed elsewhere. */
export async function acceptanceOf(instance: Instance, reach: Reach, no: number): Promise<Acceptance> {
  const view = await viewRound(instance, reach, no);
  return instance.db.transaction(reach.scope, async (tx) => {
    const one = await readRound(tx, reach.scope.county, no);
    // What is only decided is the county's own to read; anybody reads what is published.
    if (one.state !== 'published' && !(one.state === 'frozen' && reach.whole)) {
      throw new Refusal('assessment.state', '定案后县级可以预览验收通报，公布后各单位可以查看。');
    }
    const items = view.items.map(({ opens, selfDay, selfLate, openAppeals, ...standing }) => standing);
    return {
      title: `${one.title}验收通报`,
      day: one.day,
      county: reach.scope.county,
      document: one.document ?? '',
      schemeDocument: one.content.document,
      digest: one.digest ?? '',
      passed: items.filter(({ passed }) => passed === true),
      failed: items.filter(({ passed }) => passed === false),
      unjudged: items.filter(({ passed }) => passed === null),
      grades: byGrade(one.content, items),
      acts: view.acts,
    };
  });
}

/** The assessment of towns that a paper of the day stands on, out of what was frozen: the newest of that day. */
export async function frozenOn(tx: Tx, scope: Scope, day: PlainDate): Promise<PaperAssessment | null> {
  // What is only decided is the county's own to read.
  if (scope.region !== scope.county || scope.duty !== undefined) return null;
  const one = (await readRounds(tx, scope.county)).find(
    (round) =>
      round.day === day &&
      round.content.assessed === 'towns' &&
      (round.state === 'frozen' || round.state === 'published'),
  );
  if (one === undefined) return null;
  const { inputs, result } = await readFrozen(tx, scope, one.assessment);
  const { document, sure, grades, lines } = inputs.scheme;
  return {
    assessment: one.assessment,
    title: one.title,
    day: one.day,
    document,
    sure,
    digest: one.digest ?? '',
    grades: grades.map(({ code, title, passes }) => ({ code, title, passes })),
    lines: lines.map(({ code, title, full, kind }) => ({ code, title, full, scores: kind === 'score' })),
    units: result.map(({ unit, name, rank, total, judged, percent, grade, why, lines: scored }) => ({
      ...{ unit, name, rank, total, judged, percent, grade, why },
      lines: scored.map(({ line, state, points, veto }) => ({
        ...{ line, state, points },
        vetoed: veto !== undefined,
      })),
    })),
  };
}

/** 自查评估情况上报: the county's own figures and words, each figure with its reference. */
export async function countySelfOf(instance: Instance, reach: Reach, no: number): Promise<CountySelf> {
  const { scope } = reach;
  return instance.db.transaction(scope, async (tx) => {
    const one = await readRound(tx, scope.county, no);
    const units = await readUnits(tx, scope.county, no);
    const values = await readValues(tx, scope.county, no);
    const appeals = await readAppeals(tx, scope.county, no);
    const own = units.find(({ unit }) => unit === scope.county);
    if (own === undefined) throw new Error(`assessment ${no} lacks the county's own line`);
    const score = scoreOf(one, own, values, appeals);
    const all = await standings(tx, reach, one, units, values, appeals);
    const others = ranked(scope.county, units);
    return {
      title: `${one.title}自查评估情况`,
      day: one.day,
      county: own.name,
      text: own.selfText ?? '',
      figures: one.content.lines.flatMap((line) => {
        const scored = score.lines.find((each) => each.line === line.code);
        if (!('indicator' in line.source) || scored === undefined) return [];
        const { title, name, definition, text, reference } = lineView(one, own, line, scored);
        const said = values.find(
          (row) => row.unit === own.unit && row.line === line.code && row.given === 'self',
        );
        const pending = scored.state === 'pending' ? '待接入' : text;
        return [{ title, name, definition, text: pending, reference, remark: said?.remark ?? '' }];
      }),
      grades: byGrade(one.content, all),
      handedIn: others.filter(({ selfDay }) => selfDay !== null).length,
      units: others.length,
    };
  });
}
