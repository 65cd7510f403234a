import { isPlainDate, type PlainDate } from '../kernel/plain-date.ts';
import { type RegionCode, regionLevel } from '../kernel/region.ts';
import { findIndicator } from './indicators.ts';

/**
 * Where a printed number comes from. `value`: the indicator of the region on the day; `change`: since an earlier day;
 * `rank`: its place among the regions beside it, 1 for the best; `pace`: what its plan wants by the day; `gap`: the value
 * less that; `rest`: of those who stand in none of the region's places (未分村社区).
 */
export interface Reference {
  readonly what: 'value' | 'change' | 'rank' | 'pace' | 'gap' | 'rest';
  readonly indicator: string;
  readonly region: RegionCode;
  readonly day: PlainDate;
  /** Of a change: the day before. */
  readonly since?: PlainDate;
}

/** @example `coverage-rate@430981114@2020-08-31`, `change:paid@430981@2020-08-24..2020-08-31`, `rank:coverage-rate@430981114@2020-08-31` */
export function referenceText({ what, indicator, region, day, since }: Reference): string {
  const head = what === 'value' ? '' : `${what}:`;
  return `${head}${indicator}@${region}@${since === undefined ? '' : `${since}..`}${day}`;
}

const PATTERN =
  /^(?:(change|rank|pace|gap|rest):)?([a-z0-9-]+)@([0-9-]+)@(?:(\d{4}-\d\d-\d\d)\.\.)?(\d{4}-\d\d-\d\d)$/;

export function parseReference(text: string): Reference | undefined {
  const [, what = 'value', code = '', region = '', since, day = ''] = PATTERN.exec(text) ?? [];
  const dated = isPlainDate(day) && (since === undefined || isPlainDate(since));
  if (!dated || (what === 'change') !== (since !== undefined)) return undefined;
  if (findIndicator(code) === undefined || regionLevel(region) === undefined) return undefined;
  const reference = { what: what as Reference['what'], indicator: code, region, day };
  return since === undefined ? reference : { ...reference, since };
}
