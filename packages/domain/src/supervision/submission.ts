import { dayNumber, type PlainDate } from '../kernel/plain-date.ts';
import { Refusal } from '../kernel/problem.ts';
import type { CellValue, FormRow, FormTable } from '../reports/forms.ts';

/** A form of a place for a period, on its way up. */
export const SUBMISSION_STATES = ['prepared', 'submitted', 'returned', 'approved'] as const;
export type SubmissionState = (typeof SUBMISSION_STATES)[number];
export const SUBMISSION_WORDS: Readonly<Record<SubmissionState, string>> = {
  prepared: '已编制',
  submitted: '已报送',
  returned: '已退回',
  approved: '已审定',
};

export const SUBMISSION_ACTS = ['prepare', 'submit', 'return', 'approve', 'reopen'] as const;
export type SubmissionAct = (typeof SUBMISSION_ACTS)[number];
export const ACT_WORDS: Readonly<Record<SubmissionAct, string>> = {
  prepare: '编制',
  submit: '报送',
  return: '退回',
  approve: '审定',
  reopen: '重新打开',
};

const MOVES: Readonly<
  Record<SubmissionAct, { readonly from: readonly SubmissionState[]; readonly to: SubmissionState }>
> = {
  prepare: { from: ['prepared', 'returned'], to: 'prepared' },
  submit: { from: ['prepared'], to: 'submitted' },
  return: { from: ['submitted'], to: 'returned' },
  approve: { from: ['submitted'], to: 'approved' },
  reopen: { from: ['approved'], to: 'returned' },
};

export function canMove(state: SubmissionState, act: SubmissionAct): boolean {
  return MOVES[act].from.includes(state);
}

/** Where a form stands once this was the last thing done about it. */
export function submissionAfter(act: SubmissionAct): SubmissionState {
  return MOVES[act].to;
}

/** @throws Refusal where the act does not follow: what was submitted moves only by a return, what was approved by a reopening */
export function moved(state: SubmissionState, act: SubmissionAct): SubmissionState {
  if (canMove(state, act)) return MOVES[act].to;
  const next = SUBMISSION_ACTS.filter((one) => canMove(state, one)).map((one) => ACT_WORDS[one]);
  throw new Refusal(
    'submission.state',
    `这份报表${SUBMISSION_WORDS[state]}，不能${ACT_WORDS[act]}；现在可以：${next.join('、')}。`,
  );
}

export interface CellChange {
  readonly code: string;
  readonly name: string;
  readonly column: number;
  readonly title: string;
  readonly kind: string;
  readonly was: CellValue;
  readonly now: CellValue;
}

type Compared = Pick<FormTable, 'rows' | 'total' | 'form'>;

const keyOf = (row: FormRow): string => `${row.code} ${row.name}`;

/** Every cell in which two tables of the same form differ; a row that only one of them has differs in all its cells. */
export function compareTables(was: Compared, now: Compared): CellChange[] {
  const after = new Map([...now.rows, now.total].map((row) => [keyOf(row), row]));
  const before = new Map([...was.rows, was.total].map((row) => [keyOf(row), row]));
  const keys = [...before.keys(), ...[...after.keys()].filter((key) => !before.has(key))];
  return keys.flatMap((key) => {
    const [a, b] = [before.get(key), after.get(key)];
    const row = (a ?? b) as FormRow;
    return was.form.columns.flatMap((column) => {
      if (column.kind !== 'count' && column.kind !== 'rate') return [];
      const [x, y] = [a?.cells[column.number] ?? null, b?.cells[column.number] ?? null];
      if (x === y) return [];
      const { number, title, kind } = column;
      return [{ code: row.code, name: row.name, column: number, title, kind, was: x, now: y }];
    });
  });
}

/** Where a form of a period stands against its day. */
export type Standing = 'ahead' | 'due' | 'late' | 'in-time' | 'done-late';

/** @param submitted the day it was first submitted on @param day today, of the register */
export function standingOn(
  due: PlainDate,
  periodEnd: PlainDate,
  submitted: PlainDate | undefined,
  day: PlainDate,
): { readonly standing: Standing; readonly days: number } {
  const late = (on: PlainDate): number => Math.max(0, dayNumber(on) - dayNumber(due));
  if (submitted !== undefined) {
    return { standing: submitted > due ? 'done-late' : 'in-time', days: late(submitted) };
  }
  if (day > due) return { standing: 'late', days: late(day) };
  return { standing: day > periodEnd ? 'due' : 'ahead', days: 0 };
}
