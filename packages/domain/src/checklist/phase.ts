import { addDays, dayNumber, type PlainDate } from '../kernel/plain-date.ts';
import type { ItemState } from './life.ts';
import type { Timing } from './timing.ts';

/** A stage of a campaign: a gate that opens when everything in it is written off and a leader says so. */
export interface Phase {
  /** The section of its items. */
  readonly name: string;
  readonly from: PlainDate;
  readonly due: PlainDate;
}

/** 四个阶段 of 沅人社发〔2020〕44号: 8月上旬前, 8月底前, 9月底前, 10月底前. */
export const YUANJIANG_PHASES: readonly Phase[] = [
  { name: '谋划部署阶段', from: '2020-08-01', due: '2020-08-10' },
  { name: '入户摸底阶段', from: '2020-08-11', due: '2020-08-31' },
  { name: '全面实施阶段', from: '2020-09-01', due: '2020-09-30' },
  { name: '考核评估阶段', from: '2020-10-01', due: '2020-10-31' },
];

/** 倒排: how many days a paper's days move when its campaign has to end on another day. */
export function shiftTo(phases: readonly Phase[], deadline: PlainDate): number {
  const last = phases.at(-1);
  return last === undefined ? 0 : dayNumber(deadline) - dayNumber(last.due);
}

export function shiftPhase(phase: Phase, days: number): Phase {
  return { ...phase, from: addDays(phase.from, days), due: addDays(phase.due, days) };
}

export function shiftTiming(timing: Timing, days: number): Timing {
  if (days === 0) return timing;
  if (timing.kind === 'day') return { ...timing, day: addDays(timing.day, days) };
  const to = timing.to === undefined ? {} : { to: addDays(timing.to, days) };
  return { ...timing, from: addDays(timing.from, days), ...to };
}

export type GateState = 'passed' | 'ready' | 'blocked' | 'late' | 'ahead';
export const GATE_WORDS: Readonly<Record<GateState, string>> = {
  passed: '已通过',
  ready: '可以验收',
  blocked: '进行中',
  late: '逾期',
  ahead: '未开始',
};

export interface GateItem {
  readonly state: ItemState;
  readonly due: PlainDate;
}

/**
 * Whether a phase may be passed on the day. Only what is due by its end blocks it: the weeks of a weekly report that lie
 * after it do not. One that begins later is ahead; a late one stays late until somebody passes it.
 */
export function gateOf(phase: Phase, items: readonly GateItem[], passed: boolean, day: PlainDate): GateState {
  if (passed) return 'passed';
  if (day > phase.due) return 'late';
  if (items.length > 0 && blocking(phase, items) === 0) return 'ready';
  return day < phase.from ? 'ahead' : 'blocked';
}

/** How many items due by the end of the phase are not written off. */
export function blocking(phase: Phase, items: readonly GateItem[]): number {
  return items.filter(({ state, due }) => state !== 'closed' && due <= phase.due).length;
}
