import type { PlainDate } from '../kernel/plain-date.ts';
import type { RegionCode } from '../kernel/region.ts';
import type { Closing } from '../ledger/kinds.ts';
import type { Adjudication, Claim, RulePlacement } from './claim.ts';
import type { Absence } from './evidence.ts';
import type { DatedSettings } from './settings.ts';

export interface PersonJournal {
  readonly birth: PlainDate;
  readonly claims: readonly Claim[];
  readonly adjudications: readonly Adjudication[];
  /** Villages by rule (地址分村) that are not undone, in any order. */
  readonly placements?: readonly RulePlacement[];
  /** 人工销号 in force. */
  readonly closings?: readonly Closing[];
}

export interface CoverageContext {
  readonly county: RegionCode;
  readonly settings: DatedSettings;
  /** Turns are written ahead to this day. */
  readonly horizon: PlainDate;
  /** As-of day of the county's first payments list in force: nobody can be said never to have paid before it. */
  readonly paymentsFrom: PlainDate | undefined;
  readonly absenceOf: (source: string) => Absence;
  /** The region a code stands for on a day (撤乡并镇), undefined when unknown here. */
  readonly regionOn: (code: RegionCode, day: PlainDate) => RegionCode | undefined;
  /** Days on which `regionOn(code, …)` changes. */
  readonly regionTurns: (code: RegionCode) => readonly PlainDate[];
}
