import { isPlainDate, type PlainDate } from '../kernel/plain-date.ts';
import { Refusal } from '../kernel/problem.ts';

/** 核实任务 (附件1), 扩面任务 (who wants to join), or another indicator or money. */
export const PLAN_KINDS = ['verify', 'expand', 'own'] as const;
export type PlanKind = (typeof PLAN_KINDS)[number];
export const PLAN_WORDS: Readonly<Record<PlanKind, string>> = {
  verify: '核实任务',
  expand: '扩面任务',
  own: '其他任务',
};

/** heads: people; fen: money, in 分. */
export type PlanUnit = 'heads' | 'fen';
export const UNIT_WORDS: Readonly<Record<PlanUnit, string>> = { heads: '人', fen: '元' };

/** The count that a plan of the kind is reached by. */
export const PLAN_INDICATOR: Readonly<Record<Exclude<PlanKind, 'own'>, string>> = {
  verify: 'verified',
  expand: 'expanded',
};

/** What the plan's indicator is called among the others (indicators). */
export const PLAN_COUNT: Readonly<Record<Exclude<PlanKind, 'own'>, string>> = {
  verify: 'task-verify',
  expand: 'task-expand',
};

/** What a plan of the kind is divided by unless something else is said: whom the work is about. */
export const PLAN_WEIGHT: Readonly<Record<PlanKind, string>> = {
  verify: 'on-province-list',
  expand: 'wants',
  own: 'population',
};

export interface Milestone {
  readonly day: PlainDate;
  /** 0–100, of the whole. */
  readonly percent: number;
}

/** 8月底前完成任务50%，10月底前完成任务100% (附件1, 说明2). */
export function printedMilestones(year: number | string): Milestone[] {
  return [
    { day: `${year}-08-31`, percent: 50 },
    { day: `${year}-10-31`, percent: 100 },
  ];
}

/** What is kept of a plan's course: in order, within its days, never falling. @throws Refusal */
export function checkCourse(course: {
  readonly from: PlainDate;
  readonly due: PlainDate;
  readonly milestones: readonly Milestone[];
}): void {
  const refused = (words: string): Refusal => new Refusal('targets.course', words);
  if (!isPlainDate(course.from) || !isPlainDate(course.due))
    throw refused('起止日期应为 2020-08-31 的样子；请改正后再试。');
  if (course.from > course.due)
    throw refused(`期限 ${course.due} 早于开始日期 ${course.from}；请改正后再试。`);
  let last: Milestone | undefined;
  for (const one of course.milestones) {
    if (!isPlainDate(one.day) || one.day < course.from || one.day > course.due)
      throw refused(`时间节点 ${one.day} 不在 ${course.from} 至 ${course.due} 之内；请改正后再试。`);
    if (!Number.isInteger(one.percent) || one.percent < 0 || one.percent > 100)
      throw refused('时间节点的比例应为 0 至 100 的整数；请改正后再试。');
    if (last !== undefined && (one.day <= last.day || one.percent < last.percent))
      throw refused('时间节点应按日期先后，比例不减；请改正后再试。');
    last = one;
  }
}
