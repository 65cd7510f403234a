import type { Grade, Scheme } from './scheme.ts';
import type { UnitScore } from './score.ts';

export interface Graded extends UnitScore {
  /** 1 for the best; the same percent shares a rank; null where nothing can be judged. */
  readonly rank: number | null;
  /** Code of the grade. */
  readonly grade: string | null;
  /** Why the grade is not what the score alone would give. */
  readonly why: string;
}

/** Ranks and grades; in whatever order the units are given, the answer is the same, best first. */
export function gradeAll(scheme: Scheme, scores: readonly UnitScore[]): Graded[] {
  const judged = scores
    .filter((one): one is UnitScore & { percent: number } => one.percent !== null)
    .toSorted((a, b) => b.percent - a.percent || compare(a.unit, b.unit));
  const rankOf = (percent: number): number => judged.filter((one) => one.percent > percent).length + 1;
  const given = new Map<string, { grade: Grade; why: string }>();
  scheme.grades.forEach((grade, at) => {
    const eligible = judged.filter((one) => !given.has(one.unit) && one.percent >= grade.from);
    const free = eligible.filter((one) => vetoAt(scheme, one) <= at);
    const most = grade.share === undefined ? free.length : Math.floor((grade.share * judged.length) / 100);
    // Who shares a rank shares a fate: where all of them do not fit, none is taken.
    let fit = Math.min(most, free.length);
    while (fit > 0 && fit < free.length && free[fit]?.percent === free[fit - 1]?.percent) fit--;
    for (const one of free.slice(0, fit)) {
      const byScore = scheme.grades.findIndex(({ from }) => one.percent >= from);
      given.set(one.unit, { grade, why: byScore === at ? '' : whyLower(scheme, one, byScore, at) });
    }
  });
  const none = scores
    .filter((one) => one.percent === null)
    .toSorted((a, b) => compare(a.unit, b.unit))
    .map((one) => ({ ...one, rank: null, grade: null, why: '没有可以计分的内容' }));
  return [
    ...judged.map((one) => {
      const found = given.get(one.unit);
      return { ...one, rank: rankOf(one.percent), grade: found?.grade.code ?? null, why: found?.why ?? '' };
    }),
    ...none,
  ];
}

/** The best grade that a unit's vetoes leave, by its place; 0 without a veto. */
function vetoAt(scheme: Scheme, one: UnitScore): number {
  const places = one.lines.flatMap(({ veto }) =>
    veto === undefined ? [] : [scheme.grades.findIndex(({ code }) => code === veto)],
  );
  return Math.max(0, ...places);
}

function whyLower(scheme: Scheme, one: UnitScore, byScore: number, at: number): string {
  const reached = scheme.grades[byScore]?.title ?? '';
  const struck = one.lines.find(({ veto }) => veto !== undefined);
  if (struck !== undefined && vetoAt(scheme, one) === at) {
    const title = scheme.lines.find(({ code }) => code === struck.line)?.title ?? '';
    return `得分达到${reached}，因“${title}”一票否决`;
  }
  return `得分达到${reached}，超出${reached}的比例`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function gradeTitle(scheme: Scheme, code: string | null): string {
  return scheme.grades.find((one) => one.code === code)?.title ?? '—';
}

export function hasPassed(scheme: Scheme, code: string | null): boolean {
  return scheme.grades.find((one) => one.code === code)?.passes ?? false;
}
