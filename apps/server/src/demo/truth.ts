import type { County, Village } from './county.ts';
import { ageDay, type Day, day, iso } from './days.ts';
import type { JobKind, JobState, RegisterStatus, SchemeState } from './lives.ts';
import { MONTHS, QUARTERS } from './lives.ts';

/** Days the forms are compared on: as-of days, days between, and turns the product has to write ahead. */
const TRUTH_DAYS: readonly string[] = [
  '2020-07-31',
  '2020-08-01',
  '2020-08-15',
  '2020-08-22',
  '2020-08-31',
  '2020-09-01',
  '2020-09-12',
  '2020-09-15',
  '2020-09-19',
  '2020-09-26',
  '2020-09-30',
  '2020-10-05',
  '2020-10-12',
  '2020-10-15',
  '2020-10-19',
  '2020-10-26',
  '2020-10-31',
  '2020-12-31',
  '2021-01-01',
];
const DAYS = TRUTH_DAYS.map(day);
/** Days on which the groups of every village are compared as well: each costs a form of each village. */
const GROUP_DAYS: readonly string[] = ['2020-07-31', '2020-09-12', '2020-10-31'];

/** What one list series says about a person, delivery by delivery; '' where it does not name him. */
interface Told<S extends string> {
  readonly days: readonly Day[];
  readonly states: (S | '')[];
  /** Day of joining as the rows give it. */
  joined: Day | undefined;
}

export interface ToldAnswer {
  readonly visit: Day;
  readonly asOf: Day;
  /** 附件3 column of the fact it names, 0 for none. */
  readonly column: number;
  readonly willing: 'yes' | 'no' | undefined;
  /** Area of the 12-digit code, undefined when the workbook has none. */
  readonly area: number | undefined;
  /** Whether the row gives his group of the village. */
  readonly grouped: boolean;
  /** Area of the town that sent it: the deepest place known when nothing else names one. */
  readonly town: number;
}

/** Everything the accepted rows of all lists say about one person. */
export interface Heard {
  readonly birth: Day;
  /** His group of whatever village he lives in. */
  readonly group: number;
  /** By register: the area it places him in, undefined when it does not name him. */
  areas: (number | undefined)[];
  status: RegisterStatus[];
  scheme: Told<Exclude<SchemeState, ''>>;
  /** Payments of 2020: day and fen. */
  payments: { day: Day; fen: number }[];
  jobs: { kind: JobKind; told: Told<Exclude<JobState, ''>> }[];
  residentsElsewhere: Told<'current' | 'lapsed'>[];
  obligated: Told<'yes'>;
  student: { told: Told<'yes'>; end: Day | undefined };
  military: { told: Told<'yes'>; end: Day | undefined };
  prison: { told: Told<'yes'>; end: Day | undefined };
  abroad: Day | undefined;
  deaths: { day: Day; month: boolean }[];
  answers: ToldAnswer[];
  /** Where the second register knows a street and no village. */
  street: { readonly name: string; readonly village: Village } | undefined;
  /** The village that a rule for addresses finds, from its day on. */
  ruled: { readonly from: Day; readonly area: number } | undefined;
}

export function nothingHeard(birth: Day, group: number): Heard {
  const monthly = <S extends string>(): Told<S> => ({ days: MONTHS, states: [], joined: undefined });
  return {
    birth,
    group,
    areas: [],
    status: [],
    scheme: monthly(),
    payments: [],
    jobs: [],
    residentsElsewhere: [],
    obligated: monthly(),
    student: { told: { days: QUARTERS, states: [], joined: undefined }, end: undefined },
    military: { told: monthly(), end: undefined },
    prison: { told: monthly(), end: undefined },
    abroad: undefined,
    deaths: [],
    answers: [],
    street: undefined,
    ruled: undefined,
  };
}

/** The latest list up to the day counts; only the first one that names him reaches back to the day of joining. */
function stateOn<S extends string>(told: Told<S>, d: Day, backdates: (state: S) => boolean): S | '' {
  const { days, states } = told;
  let first = 0;
  while (first < days.length && (states[first] ?? '') === '') first++;
  if (first === days.length) return '';
  if (d < (days[first] as Day)) {
    const state = states[first] as S;
    return told.joined !== undefined && told.joined <= d && backdates(state) ? state : '';
  }
  let latest = first;
  while (latest + 1 < days.length && (days[latest + 1] as Day) <= d) latest++;
  return states[latest] ?? '';
}

const always = (): boolean => true;
const isCurrent = (state: string): boolean => state === 'current';
const isKnownScheme = (state: string): boolean => state !== 'ended' && state !== 'odd';

/** A membership with stated days: [from, end), as long as the lists name him. */
function memberOn(member: { told: Told<'yes'>; end: Day | undefined }, d: Day): boolean {
  if (member.told.states.length === 0) return false;
  const { told, end } = member;
  if (end !== undefined && d >= end) return false;
  if (told.joined !== undefined && d < told.joined) return false;
  return stateOn(told, d, always) !== '';
}

function diedBy(heard: Heard, register: number, d: Day): boolean {
  if (register >= 0 && heard.areas[register] !== undefined && heard.status[register] === 'dead') return true;
  for (const death of heard.deaths) {
    let from = death.day;
    if (death.month) {
      // Inside one month an exact date wins over the month.
      const exact = heard.deaths.filter(
        (o) => !o.month && iso(o.day).slice(0, 7) === iso(death.day).slice(0, 7),
      );
      if (exact.length > 0) from = Math.min(...exact.map((o) => o.day));
    }
    if (from <= d) return true;
  }
  return false;
}

export interface OnDay {
  readonly column: number;
  readonly registered: boolean;
  readonly scheme: SchemeState;
}

/** The first line that applies decides, as the rules list them. */
function standing(heard: Heard, register: number, answer: ToldAnswer | undefined, d: Day): OnDay {
  const scheme = stateOn(heard.scheme, d, isKnownScheme);
  const at = (column: number): OnDay => ({ column, registered: false, scheme });
  if (diedBy(heard, register, d)) return at(16);
  if (heard.abroad !== undefined && heard.abroad <= d) return at(15);
  const jobs: Record<JobKind, '' | 'lapsed' | 'current'> = { employee: '', public: '', elsewhere: '' };
  for (const { kind, told } of heard.jobs) {
    const state = stateOn(told, d, isCurrent);
    if (state === 'current' || (state === 'lapsed' && jobs[kind] === '')) jobs[kind] = state;
  }
  if (jobs.employee === 'current') return at(8);
  if (jobs.public === 'current') return at(9);
  if (jobs.elsewhere === 'current') return at(10);
  if (scheme === 'paying' || scheme === 'paused' || scheme === 'drawing' || scheme === 'drawing-paused') {
    return { column: 7, registered: true, scheme };
  }
  if (jobs.employee === 'lapsed') return at(8);
  if (jobs.public === 'lapsed') return at(9);
  if (jobs.elsewhere === 'lapsed') return at(10);
  if (memberOn(heard.prison, d)) return at(14);
  if (memberOn(heard.military, d)) return at(13);
  if (memberOn(heard.student, d)) return at(12);
  if (heard.obligated.states.length > 0 && stateOn(heard.obligated, d, always) !== '') return at(11);
  if (answer !== undefined && answer.column !== 0) return at(answer.column);
  const status = register < 0 || heard.areas[register] === undefined ? 'living' : heard.status[register];
  if (status === 'moved' || status === 'cancelled') return at(17);
  for (const told of heard.residentsElsewhere) if (stateOn(told, d, always) !== '') return at(17);
  if (d < ageDay(heard.birth, 16)) return at(17);
  return at(7);
}

interface Stands extends OnDay {
  readonly area: number;
  /** 0 where nothing that is said of him in that area gives one. */
  readonly group: number;
  readonly willing: 'yes' | 'no' | undefined;
}

/** @param answers the earlier visit first */
function standsBy(heard: Heard, answers: readonly ToldAnswer[], d: Day): Stands | undefined {
  const register = d < (QUARTERS[1] as Day) ? 0 : 1;
  const home = heard.areas[register];
  if (home === undefined) return undefined;
  let answer: ToldAnswer | undefined;
  let willing: 'yes' | 'no' | undefined;
  let named: number | undefined;
  /** The area whose group an answer gives: only with the area's own code, and until one is given again. */
  let grouped: number | undefined;
  for (const one of answers) {
    if (one.visit > d) break;
    answer = one;
    willing = one.willing ?? willing;
    named = one.area ?? named;
    if (one.area !== undefined) grouped = one.grouped ? one.area : undefined;
  }
  const area = answer === undefined ? home : (named ?? (home === 0 ? answer.town : home));
  const { ruled } = heard;
  // Only whom no list and no answer places is placed by a rule; it knows of no group.
  if (ruled !== undefined && ruled.from <= d && register === 1 && area === home)
    return { ...standing(heard, register, answer, d), area: ruled.area, group: 0, willing };
  const known = area === home || area === grouped;
  return { ...standing(heard, register, answer, d), area, group: known ? heard.group : 0, willing };
}

const CELLS = [
  'people',
  ...[7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17].map((column) => `column${column}`),
  'registered',
  'paid',
  'refuses',
  'willing',
  'notAsked',
  'due',
  'duePaid',
] as const;
const WIDTH = CELLS.length;
const REGISTERED = 12;
const PAID = 13;
const REFUSES = 14;
const WILLING = 15;
const NOT_ASKED = 16;
const DUE = 17;
const DUE_PAID = 18;

/** Adds up what the forms must say, area by area and day by day. */
export class Truth {
  readonly #county: County;
  readonly #cells: Int32Array;
  /** Of each area by group: as many cells as an area has. */
  readonly #groups: Map<number, Int32Array>[];
  readonly #townOf: (area: number) => number | undefined;
  /** By register and area: rows that name nobody who can be trusted. */
  readonly #quarantined: readonly [Int32Array, Int32Array];

  constructor(county: County) {
    this.#county = county;
    this.#cells = new Int32Array(county.areas.length * DAYS.length * WIDTH);
    this.#groups = county.areas.map(() => new Map());
    const towns = new Map(county.towns.flatMap((town) => town.villages.map((one) => [one.area, town.area])));
    this.#townOf = (area) => towns.get(area);
    this.#quarantined = [new Int32Array(county.areas.length), new Int32Array(county.areas.length)];
  }

  quarantine(register: 0 | 1, area: number): void {
    (this.#quarantined[register] as Int32Array)[area]!++;
  }

  /** Where somebody stands on a day, and how; undefined where no register names him then. */
  standsOn(heard: Heard, d: Day): Stands | undefined {
    const answers = heard.answers.toSorted((a, b) => a.visit - b.visit || a.asOf - b.asOf);
    return standsBy(heard, answers, d);
  }

  /** @param sign -1 takes somebody out again */
  add(heard: Heard, sign: 1 | -1 = 1): void {
    if (heard.areas[0] === undefined && heard.areas[1] === undefined) return;
    const answers = heard.answers.toSorted((a, b) => a.visit - b.visit || a.asOf - b.asOf);
    for (let i = 0; i < DAYS.length; i++) {
      const d = DAYS[i] as Day;
      const stands = standsBy(heard, answers, d);
      if (stands === undefined) continue;
      this.#count(this.#cells, (stands.area * DAYS.length + i) * WIDTH, heard, stands, i, sign);
      if (!GROUP_DAYS.includes(TRUTH_DAYS[i] as string) || this.#townOf(stands.area) === undefined) continue;
      this.#count(this.#groupCells(stands.area, stands.group), i * WIDTH, heard, stands, i, sign);
    }
  }

  #groupCells(area: number, group: number): Int32Array {
    const groups = this.#groups[area] as Map<number, Int32Array>;
    const found = groups.get(group) ?? new Int32Array(DAYS.length * WIDTH);
    groups.set(group, found);
    return found;
  }

  #count(cells: Int32Array, base: number, heard: Heard, stands: Stands, i: number, sign: 1 | -1): void {
    const d = DAYS[i] as Day;
    const { willing, column, registered, scheme } = stands;
    cells[base]! += sign;
    cells[base + column - 6]! += sign;
    if (column !== 7) return;
    if (!registered) {
      cells[base + (willing === 'no' ? REFUSES : willing === 'yes' ? WILLING : NOT_ASKED)]! += sign;
      return;
    }
    cells[base + REGISTERED]! += sign;
    let fen = 0;
    if (iso(d).startsWith('2020'))
      for (const payment of heard.payments) if (payment.day <= d) fen += payment.fen;
    const paid = fen > 0;
    if (paid) cells[base + PAID]! += sign;
    if (
      (scheme === 'paying' || scheme === 'paused') &&
      d >= ageDay(heard.birth, 16) &&
      d < ageDay(heard.birth, 60)
    ) {
      cells[base + DUE]! += sign;
      if (paid) cells[base + DUE_PAID]! += sign;
    }
  }

  /** Of each village whose rows are its groups, each group and who is in none (000); of the others nothing. */
  groups(): TruthGroups {
    const regions: TruthGroups['regions'][number][] = [];
    const cells: Int32Array[] = [];
    for (const { villages } of this.#county.towns) {
      for (const { area, code } of villages) {
        for (const [group, held] of [...(this.#groups[area] as Map<number, Int32Array>)].toSorted(
          ([x], [y]) => x - y,
        )) {
          regions.push({ code: `${code}-${String(group).padStart(3, '0')}`, village: code });
          cells.push(held);
        }
      }
    }
    const annex4: TruthGroups['annex4'] = {};
    const annex5: TruthGroups['annex5'] = {};
    for (const text of GROUP_DAYS) {
      const i = TRUTH_DAYS.indexOf(text);
      const sums = cells.map((held) => [...held.subarray(i * WIDTH, (i + 1) * WIDTH)]);
      annex4[text] = sums.map((sum) => annex4Cells(sum, 0).slice(0, -1));
      annex5[text] = sums.map(annex5Cells);
    }
    return { days: GROUP_DAYS, regions, annex4, annex5 };
  }

  /** Every region of every level, as the reports list them. */
  forms(): Pick<TruthFile, 'days' | 'regions' | 'annex4' | 'annex5'> {
    const county = this.#county;
    const regions: TruthRegion[] = [];
    const members: number[][] = [];
    const list = (code: string, name: string, row: TruthRegion['row'], areas: number[]): void => {
      regions.push({ code, name, row });
      members.push(areas);
    };
    list(
      county.code,
      county.name,
      'total',
      county.areas.map((_, i) => i),
    );
    list(county.code, '未分村社区', 'remainder', [0]);
    for (const town of county.towns) {
      list(town.code, town.name, 'total', [town.area, ...town.villages.map((v) => v.area)]);
      list(town.code, '未分村社区', 'remainder', [town.area]);
      for (const village of town.villages) list(village.code, village.name, 'total', [village.area]);
    }
    const annex4: TruthFile['annex4'] = {};
    const annex5: TruthFile['annex5'] = {};
    TRUTH_DAYS.forEach((text, i) => {
      const register = (DAYS[i] as Day) < (QUARTERS[1] as Day) ? 0 : 1;
      const rows = members.map((areas) => {
        const sum = new Array<number>(WIDTH).fill(0);
        let quarantined = 0;
        for (const area of areas) {
          quarantined += (this.#quarantined[register] as Int32Array)[area] as number;
          const base = (area * DAYS.length + i) * WIDTH;
          for (let k = 0; k < WIDTH; k++) sum[k]! += this.#cells[base + k] as number;
        }
        return { sum, quarantined };
      });
      annex4[text] = rows.map(({ sum, quarantined }) => annex4Cells(sum, quarantined));
      annex5[text] = rows.map(({ sum }) => annex5Cells(sum));
    });
    return { days: TRUTH_DAYS, regions, annex4, annex5 };
  }
}

function annex4Cells(sum: readonly number[], quarantined: number): number[] {
  const n = (k: number): number => sum[k] as number;
  const reasons = [8, 9, 10, 11, 12, 13, 14, 15, 16, 17].map((column) => n(column - 6));
  const [employee, publicSector, elsewhere, ...rest] = reasons as [number, number, number, ...number[]];
  const employed = employee + publicSector + elsewhere;
  const outside = employed + rest.reduce((a, b) => a + b, 0);
  return [
    n(0),
    n(1),
    outside,
    employed,
    employee,
    publicSector,
    elsewhere,
    ...rest,
    n(REFUSES),
    n(WILLING),
    n(NOT_ASKED),
    quarantined,
  ];
}

function annex5Cells(sum: readonly number[]): (number | null)[] {
  const n = (k: number): number => sum[k] as number;
  const inScope = n(1);
  const registered = n(REGISTERED);
  return [
    inScope,
    registered,
    n(PAID),
    registered === 0 ? null : n(PAID) / registered,
    inScope - registered,
    inScope === 0 ? null : registered / inScope,
    n(DUE_PAID),
    n(DUE),
  ];
}

export interface TruthRegion {
  readonly code: string;
  readonly name: string;
  /** `remainder`: the row 未分村社区 under the region. */
  readonly row: 'total' | 'remainder';
}

/** Groups of villages: 附件4 without the rows that were not counted, of which no group is known. */
export interface TruthGroups {
  readonly days: readonly string[];
  readonly regions: readonly { readonly code: string; readonly village: string }[];
  readonly annex4: Record<string, number[][]>;
  readonly annex5: Record<string, (number | null)[][]>;
}

/** What the product must come to; it never reads this. */
export interface TruthFile {
  readonly county: string;
  readonly seed: number;
  readonly residents: number;
  readonly days: readonly string[];
  readonly regions: readonly TruthRegion[];
  /** By day and region: printed columns 3–18, then of column 19 尚未摸底 and 另有…行未计入. */
  readonly annex4: Record<string, number[][]>;
  /** By day and region: printed columns 3–8, then 应缴人员 paid and due. */
  readonly annex5: Record<string, (number | null)[][]>;
  readonly groups: TruthGroups;
  /** The same once the demo's visits have been sent as well. */
  readonly visited: {
    readonly groups: TruthGroups;
    readonly annex4: Record<string, number[][]>;
    readonly annex5: Record<string, (number | null)[][]>;
  };
  /** In the order of the manifest. */
  readonly deliveries: readonly {
    readonly source: string;
    readonly asOf: string;
    readonly rows: number;
    readonly accepted: number;
    readonly duplicate: number;
    readonly rejected: number;
  }[];
}
