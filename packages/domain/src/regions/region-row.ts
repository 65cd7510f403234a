import type { PlainDate } from '../kernel/plain-date.ts';
import type { RegionCode, RegionLevel } from '../kernel/region.ts';

/** One division. In force on `[from, to)`; its people then belong to `successor`. */
export interface RegionRow {
  readonly code: RegionCode;
  readonly name: string;
  readonly level: RegionLevel;
  readonly parent: RegionCode;
  readonly from?: PlainDate;
  readonly to?: PlainDate;
  readonly successor?: RegionCode;
  readonly aliases: readonly string[];
}

/** What a code of the residents' scheme meant on `[from, to)`; such codes are reused after mergers. */
export interface SchemeCode {
  readonly schemeCode: string;
  readonly from: PlainDate;
  readonly to: PlainDate;
  readonly region: RegionCode;
}
