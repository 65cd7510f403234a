import type { AnswerOf } from '@quanbao/contract/route';
import type {
  calendar,
  meetings,
  order,
  orders,
  problems,
  supervisionRuleHistory,
  supervisionRules,
  warningNotices,
  warnings,
} from '@quanbao/contract/supervision';

export type CalendarLine = AnswerOf<typeof calendar>['lines'][number];
export type CalendarCell = CalendarLine['places'][number]['cells'][number];
export type OrderLine = AnswerOf<typeof orders>['items'][number];
export type OrderView = AnswerOf<typeof order>;
export type WarningLine = AnswerOf<typeof warnings>['items'][number];
export type WarningNotice = AnswerOf<typeof warningNotices>['items'][number];
export type DecisionLine = AnswerOf<typeof meetings>['decisions'][number];
export type MeetingLine = AnswerOf<typeof meetings>['items'][number];
export type Rules = AnswerOf<typeof supervisionRules>;
export type RuleWriting = AnswerOf<typeof supervisionRuleHistory>['items'][number];
export type ProblemLine = AnswerOf<typeof problems>['items'][number];

/** How a square of the calendar looks, and what it says. */
export function cellLook(cell: Pick<CalendarCell, 'state' | 'standing' | 'daysLate'>): {
  readonly look: string;
  readonly words: string;
} {
  const late = cell.daysLate > 0 ? `，迟 ${cell.daysLate} 天` : '';
  if (cell.state === 'approved') return { look: 'approved', words: `已审定${late}` };
  if (cell.state === 'submitted') return { look: 'submitted', words: `已报送${late}` };
  if (cell.state === 'returned') return { look: 'returned', words: '退回待改' };
  if (cell.standing === 'late') return { look: 'late', words: `${cell.state ? '未报' : '未编'}${late}` };
  if (cell.state === 'prepared') return { look: 'prepared', words: '已编未报' };
  return cell.standing === 'due' ? { look: 'due', words: '应报' } : { look: 'ahead', words: '未到期' };
}
