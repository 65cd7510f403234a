import type { PlainDate } from '../kernel/plain-date.ts';
import type { RegionCode } from '../kernel/region.ts';
import type { SchemeState } from './step-class.ts';

/** A delivery (报送) as the rules need it: its place in the order of its series, and what it covers. */
export interface DeliveryRef {
  readonly id: number;
  readonly source: string;
  /** Series = source + sender + region: replacement and ending act inside it. */
  readonly series: string;
  /** Source + sender: a county-wide full list also ends what its towns' series said. */
  readonly group: string;
  readonly region: RegionCode;
  readonly asOf: PlainDate;
  readonly mode: 'full' | 'delta';
}

/**
 * What one list says about one person (and slot) over a run of deliveries that said the same:
 * `since` was the first to say it, `until` the first that no longer did.
 */
export interface Claim {
  readonly since: DeliveryRef;
  readonly until: DeliveryRef | undefined;
  /** 缴费年度 of payments, project of expropriated land, else empty. */
  readonly slot: string;
  /** Row in the file of `since`. */
  readonly row: number;
  readonly content: Content;
}

/** A stated date as stored: `YYYY-MM-DD`, or `YYYY-MM` where the list gave only the month. */
export type StoredDate = string;

/** Merged facts of one person in one list; keys are short because millions are stored. */
export interface Content {
  /** Name as the list has it. */
  n?: string;
  /** Region the row places the person in: code in this county, resolved when the row was read. */
  g?: RegionCode;
  /** How `g` was found. */
  gq?: 'code' | 'name' | 'address' | 'scheme';
  /** Register address. */
  a?: string;
  /** Group of the village (村民小组) as the row's own column numbers it, where the address does not say the same. */
  gr?: number;
  /** Register status. */
  st?: 'living' | 'dead' | 'moved' | 'cancelled';
  /** Household number; relation to its head; 户籍性质. */
  h?: string;
  r?: string;
  k?: string;
  /** Rows of one ID disagreed inside the list. */
  dis?: 1;
  /** A state word or pair nobody has defined. */
  q?: 1;
  /** Residents' scheme state. */
  s?: SchemeState;
  /** Employees' or public-sector membership. */
  e?: Membership;
  /** Two digits of the other province the membership is in. */
  pv?: string;
  /** Joined, event or start day. */
  d?: StoredDate;
  /** Stated last day. */
  x?: StoredDate;
  /** Insurance compare: one entry per row that says something different. */
  f?: readonly CompareFact[];
  /** Payments of the slot's year: [fen, stored day or '', fund, voucher]. */
  p?: readonly Payment[];
  /** Low-income category, disability level. */
  c?: string;
  /** Survey: answer code, willing, ticked columns, reason, contact way. */
  w?: string;
  i?: 'yes' | 'no';
  t?: readonly number[];
  rs?: string;
  cw?: string;
  /** Survey: code of the reason; proofs that lie with it; attempts at contact made. */
  rc?: string;
  pf?: readonly string[];
  at?: number;
  /** Survey, of who works elsewhere: where, in which scheme, checked on. */
  pl?: string;
  sc?: string;
  ck?: StoredDate;
  /** Survey: who went there, as the workbook names him. */
  by?: string;
  /** Free remark: other lists' text that a person page shows. */
  m?: string;
  /** Keyed hash of the telephone number: content can be compared, not read. */
  ph?: string;
  /** Survey: a 12-digit village code that this county does not have. */
  gx?: 1;
}

export type Payment = readonly [fen: number, day: StoredDate, fund: string, voucher: string];

/** What makes a voucher the same one: its number, for money in and money back each. Empty without a number. */
export function voucherKey([fen, , , voucher]: Payment): string {
  return voucher === '' ? '' : `${fen < 0 ? '-' : '+'}${voucher}`;
}

export type Membership = 'current' | 'lapsed' | 'ended';

export interface CompareFact {
  readonly k: 'enterprise' | 'public' | 'residents' | 'unknown';
  readonly w: 'here' | 'province' | 'elsewhere' | 'unknown';
  readonly e: Membership;
  readonly d?: StoredDate;
  /** Two digits of the province, where it is another one and told. */
  readonly pv?: string;
  /** A word of the row nobody has defined. */
  readonly q?: 1;
}

/**
 * A village found by the county's own rules from what a list says of where somebody lives: it holds while that list says
 * so, and yields to a village that any list names.
 */
export interface RulePlacement {
  /** The application of the rules that found it, and the rule. */
  readonly application: number;
  readonly rule: number;
  readonly village: RegionCode;
  /** The address it was read from; empty where a household is followed. */
  readonly address: string;
  /** The household whose known members are followed; empty where an address was read. */
  readonly household: string;
  readonly from: PlainDate;
  readonly to: PlainDate;
}

/** A decision by a county reviewer (裁定): stands above every list from its day on. */
export interface Adjudication {
  readonly id: number;
  /** 附件3 column; undefined when only the village is decided. */
  readonly column: number | undefined;
  /** The village (or town) the person is placed in, where that is decided too. */
  readonly region?: RegionCode;
  readonly from: PlainDate;
  readonly to: PlainDate;
  readonly reason: string;
}
