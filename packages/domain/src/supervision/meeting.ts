import { isPlainDate, type PlainDate } from '../kernel/plain-date.ts';
import { Refusal } from '../kernel/problem.ts';

/** 每年专题研究 (Q5.1), 定期协调会议 (Q5.2), the weekly and monthly dispatch (Y10.1). */
export const MEETING_KINDS = ['study', 'coordination', 'dispatch'] as const;
export type MeetingKind = (typeof MEETING_KINDS)[number];
export const MEETING_WORDS: Readonly<Record<MeetingKind, string>> = {
  study: '年度专题研究',
  coordination: '定期协调会议',
  dispatch: '调度会',
};

export const DECISION_STATES = ['open', 'done'] as const;
export type DecisionState = (typeof DECISION_STATES)[number];
export const DECISION_WORDS: Readonly<Record<DecisionState, string>> = { open: '办理中', done: '已完成' };

/** What a task list needs to know of a decision. */
export interface DecidedTask {
  readonly content: string;
  /** 责任单位, beginning with the place it asks, where that is not the whole county. */
  readonly units: string;
  readonly due: PlainDate;
  /** Where it comes from, in words. */
  readonly source: string;
}

/** Which meeting decided it: 2020-09-02 定期协调会议《第三次协调会》议定. */
export function decidedAt(meeting: {
  readonly kind: MeetingKind;
  readonly day: PlainDate;
  readonly title: string;
}): string {
  return `${meeting.day} ${MEETING_WORDS[meeting.kind]}《${meeting.title}》议定`;
}

/**
 * A decision as an item of a task list.
 * @param place the name of the town or village it asks; empty for the whole county
 */
export function decisionAsItem(
  meeting: { readonly kind: MeetingKind; readonly day: PlainDate; readonly title: string },
  decision: { readonly text: string; readonly unit: string; readonly due: PlainDate },
  place = '',
): DecidedTask {
  const named = place === '' || decision.unit.includes(place);
  return {
    content: decision.text,
    units: named ? decision.unit : `${place}、${decision.unit}`,
    due: decision.due,
    source: decidedAt(meeting),
  };
}

/** Problems raised to the city (Y16). */
export const PROBLEM_STATES = ['raised', 'sent', 'answered', 'closed'] as const;
export type ProblemState = (typeof PROBLEM_STATES)[number];
export const PROBLEM_WORDS: Readonly<Record<ProblemState, string>> = {
  raised: '待上报',
  sent: '已报市里',
  answered: '市里已答复',
  closed: '已了结',
};
export const PROBLEM_ACTS = ['send', 'answer', 'close'] as const;
export type ProblemAct = (typeof PROBLEM_ACTS)[number];

const MOVES: Readonly<
  Record<ProblemAct, { from: readonly ProblemState[]; to: ProblemState; words: string }>
> = {
  send: { from: ['raised'], to: 'sent', words: '上报' },
  answer: { from: ['sent', 'answered'], to: 'answered', words: '登记答复' },
  close: { from: ['raised', 'answered'], to: 'closed', words: '了结' },
};

/** @throws Refusal where the act does not follow */
export function problemMoved(state: ProblemState, act: ProblemAct): ProblemState {
  if (MOVES[act].from.includes(state)) return MOVES[act].to;
  throw new Refusal(
    'problem.state',
    `这个问题${PROBLEM_WORDS[state]}，不能${MOVES[act].words}；请刷新后再看。`,
  );
}

/** What may be done about a problem in the state. */
export function problemActs(state: ProblemState): ProblemAct[] {
  return PROBLEM_ACTS.filter((act) => MOVES[act].from.includes(state));
}

/** Where a problem stood on the day: what was done about it later is not known of then. */
export function problemStateOn(
  problem: {
    readonly sentDay: PlainDate | null;
    readonly answeredDay: PlainDate | null;
    readonly closedDay: PlainDate | null;
  },
  day: PlainDate,
): ProblemState {
  const by = (done: PlainDate | null): boolean => done !== null && done <= day;
  if (by(problem.closedDay)) return 'closed';
  if (by(problem.answeredDay)) return 'answered';
  return by(problem.sentDay) ? 'sent' : 'raised';
}

/** @throws Refusal */
export function requireText(text: string, code: string, what: string): string {
  const trimmed = text.trim();
  if (trimmed.length < 2) throw new Refusal(code, `请写明${what}（至少两个字）。`);
  return trimmed;
}

/** @throws Refusal */
export function requireDay(day: string, code: string, what: string): PlainDate {
  if (!isPlainDate(day)) throw new Refusal(code, `${what}应为 2020-09-30 的样子。`);
  return day;
}
