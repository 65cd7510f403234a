import type { PlainDate } from '../kernel/plain-date.ts';

/** Whom a scheme assesses: towns from the register, or offices mostly from what is entered by hand. */
export const ASSESSED = ['towns', 'offices'] as const;
export type Assessed = (typeof ASSESSED)[number];
export const ASSESSED_WORDS: Readonly<Record<Assessed, string>> = {
  towns: '乡镇（场、街道）',
  offices: '部门',
};

/** What the county's own records of supervision count of a town, paper by paper. */
export const RECORDS = ['late-reports', 'late-orders'] as const;
export type RecordCode = (typeof RECORDS)[number];
export const RECORD_WORDS: Readonly<Record<RecordCode, string>> = {
  'late-reports': '按报送日历，到期未报和迟报的次数；从本县开始在系统里报送的那一期算起',
  'late-orders': '督办单到期未答复、迟答复和退回后没有重报的件数',
};

/** A value that nobody can count from the lists: entered by the county, with what proves it. */
export interface Fact {
  readonly name: string;
  readonly unit: string;
  readonly better: 'more' | 'less';
  /** Counted by these records where the county keeps them here; entered by hand where it does not. */
  readonly record?: RecordCode | undefined;
}

export type Source = { readonly indicator: string } | { readonly fact: Fact };

/** What has to be reached by a day: before the first day it is the first one's, after the last the last one's. */
export interface DatedTarget {
  readonly until: PlainDate;
  readonly value: number;
}

/** Rates are fractions throughout: 0.95 is 95 %. */
export type Method =
  /** Best first: whoever reaches `at` has the points; below the last, none. */
  | { readonly kind: 'steps'; readonly steps: readonly { readonly at: number; readonly points: number }[] }
  /** Full marks at the target, none at `zeroAt` (0 unless given), evenly between. */
  | {
      readonly kind: 'proportional';
      readonly targets: readonly DatedTarget[];
      readonly zeroAt?: number | undefined;
    }
  /** So many points for each; of a scored line they are taken off its full marks. */
  | { readonly kind: 'each'; readonly points: number }
  /** 一票否决: beyond the limit the grade is no better than `grade`. */
  | { readonly kind: 'veto'; readonly limit: number; readonly grade: string };

export const LINE_KINDS = ['score', 'bonus', 'deduct', 'veto'] as const;
export type LineKind = (typeof LINE_KINDS)[number];
export const LINE_WORDS: Readonly<Record<LineKind, string>> = {
  score: '计分',
  bonus: '加分',
  deduct: '扣分',
  veto: '一票否决',
};

export interface SchemeLine {
  readonly code: string;
  readonly title: string;
  readonly kind: LineKind;
  /** The clause or paper the line rests on. */
  readonly basis: string;
  readonly source: Source;
  /** Full marks; of a bonus or a deduction the most; 0 of a veto. */
  readonly full: number;
  readonly method: Method;
}

/** Best first. */
export interface Grade {
  readonly code: string;
  readonly title: string;
  /** Percent of what can be judged, bonus included. */
  readonly from: number;
  /** At most so much of those graded, in percent; everybody who has the score unless given. */
  readonly share?: number | undefined;
  /** Who has it has passed (验收合格). */
  readonly passes: boolean;
}

export interface Scheme {
  readonly code: string;
  readonly title: string;
  readonly assessed: Assessed;
  /** Offices by name; empty for towns, which come from the divisions of the day. */
  readonly offices: readonly string[];
  readonly from: PlainDate;
  /** The paper with its number; what the weights rest on. */
  readonly document: string;
  /** `own`: weights and thresholds are this product's until the county sets its own. */
  readonly sure: 'own' | 'document';
  readonly full: number;
  /** All bonuses together give no more. */
  readonly bonusCap: number;
  /** Places after the point of a line's points. */
  readonly decimals: number;
  readonly lines: readonly SchemeLine[];
  readonly grades: readonly Grade[];
}
