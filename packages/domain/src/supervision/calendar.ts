import { addDays, dayNumber, fromDayNumber, type PlainDate, yearOf } from '../kernel/plain-date.ts';
import { Refusal } from '../kernel/problem.ts';
import { type RegionCode, type RegionLevel, regionLevel } from '../kernel/region.ts';

/** How often a form is owed. */
export const RHYTHMS = ['week', 'month', 'quarter'] as const;
export type Rhythm = (typeof RHYTHMS)[number];
export const RHYTHM_WORDS: Readonly<Record<Rhythm, string>> = {
  week: '周报',
  month: '月报',
  quarter: '季报',
};

/** Who owes it; each level sends to the one above, the county to the city. */
export const DUTY_LEVELS = ['village', 'town', 'county'] as const;
export type DutyLevel = (typeof DUTY_LEVELS)[number];
export const LEVEL_WORDS: Readonly<
  Record<DutyLevel, { readonly title: string; readonly to: string; readonly below: DutyLevel | undefined }>
> = {
  village: { title: '村（社区）', to: '乡镇', below: undefined },
  town: { title: '乡镇', to: '县', below: 'village' },
  county: { title: '县', to: '市', below: 'town' },
};

/** One line of the report calendar: who owes which form, how often, and how many days after the period's end. */
export interface Duty {
  readonly code: string;
  readonly form: string;
  readonly every: Rhythm;
  readonly level: DutyLevel;
  readonly dueDays: number;
}

export interface Period {
  /** 2020-W36, 2020-09, 2020-Q3 */
  readonly code: string;
  readonly from: PlainDate;
  /** The last day of it. */
  readonly to: PlainDate;
  readonly title: string;
}

/**
 * 一周一调度、一月一通报 (Y10.1) and 月度、季度统计报表 (Q6.1a). The papers name no form and no hour for each level:
 * these lines are the product's choice until a county writes its own.
 */
export const DEFAULT_DUTIES: readonly Duty[] = [
  { code: 'annex5-week-town', form: 'annex5', every: 'week', level: 'town', dueDays: 1 },
  { code: 'annex5-week-county', form: 'annex5', every: 'week', level: 'county', dueDays: 2 },
  { code: 'annex4-month-village', form: 'annex4', every: 'month', level: 'village', dueDays: 2 },
  { code: 'annex4-month-town', form: 'annex4', every: 'month', level: 'town', dueDays: 3 },
  { code: 'annex4-month-county', form: 'annex4', every: 'month', level: 'county', dueDays: 5 },
  { code: 'annex5-quarter-county', form: 'annex5', every: 'quarter', level: 'county', dueDays: 10 },
];

const two = (n: number): string => String(n).padStart(2, '0');

function shortDay(day: PlainDate): string {
  return `${Number(day.slice(5, 7))}月${Number(day.slice(8))}日`;
}

/** The week (Monday to Sunday), month or quarter that a day lies in. */
export function periodOf(every: Rhythm, day: PlainDate): Period {
  const year = yearOf(day);
  if (every === 'week') {
    const n = dayNumber(day);
    // 1970-01-01 was a Thursday.
    const monday = n - ((((n + 3) % 7) + 7) % 7);
    const thursday = fromDayNumber(monday + 3);
    const week = Math.floor((monday + 3 - dayNumber(`${thursday.slice(0, 4)}-01-01`)) / 7) + 1;
    const [from, to] = [fromDayNumber(monday), fromDayNumber(monday + 6)];
    const title = `${from.slice(0, 4)}年${shortDay(from)}至${shortDay(to)}`;
    return { code: `${thursday.slice(0, 4)}-W${two(week)}`, from, to, title };
  }
  const month = Number(day.slice(5, 7));
  const first = every === 'month' ? month : Math.floor((month - 1) / 3) * 3 + 1;
  const after = first + (every === 'month' ? 1 : 3);
  const from = `${year}-${two(first)}-01`;
  const next = after > 12 ? `${year + 1}-01-01` : `${year}-${two(after)}-01`;
  return every === 'month'
    ? { code: from.slice(0, 7), from, to: addDays(next, -1), title: `${year}年${month}月` }
    : {
        code: `${year}-Q${(first + 2) / 3}`,
        from,
        to: addDays(next, -1),
        title: `${year}年第${'一二三四'[(first + 2) / 3 - 1]}季度`,
      };
}

/** The period of a code. @throws Refusal for what is none of this rhythm */
export function periodFromCode(every: Rhythm, code: string): Period {
  const day = dayOfCode(code);
  const found = day === undefined ? undefined : periodOf(every, day);
  if (found?.code === code) return found;
  const example = { week: '2020-W36', month: '2020-09', quarter: '2020-Q3' }[every];
  throw new Refusal(
    'calendar.period',
    `“${code.slice(0, 20)}”不是${RHYTHM_WORDS[every]}的期；请写成 ${example} 的样子。`,
  );
}

function dayOfCode(code: string): PlainDate | undefined {
  const week = /^(\d{4})-W(\d\d)$/.exec(code);
  // 4 January always lies in the first week of its year.
  if (week) return addDays(`${week[1]}-01-04`, (Number(week[2]) - 1) * 7);
  const quarter = /^(\d{4})-Q([1-4])$/.exec(code);
  if (quarter) return `${quarter[1]}-${two(Number(quarter[2]) * 3)}-01`;
  return /^\d{4}-(0[1-9]|1[0-2])$/.test(code) ? `${code}-01` : undefined;
}

/** The last periods that have begun by the day, the latest first. */
export function lastPeriods(every: Rhythm, day: PlainDate, many: number): Period[] {
  const periods: Period[] = [];
  for (let at = day; periods.length < many; ) {
    const period = periodOf(every, at);
    periods.push(period);
    at = addDays(period.from, -1);
  }
  return periods;
}

/** The day by the end of which it has to be submitted. */
export function dueDay(duty: Duty, period: Period): PlainDate {
  return addDays(period.to, duty.dueDays);
}

/** The duty by which those below owe the same form for the same period. */
export function dutyBelow(duties: readonly Duty[], duty: Duty): Duty | undefined {
  const below = LEVEL_WORDS[duty.level].below;
  return duties.find((one) => one.form === duty.form && one.every === duty.every && one.level === below);
}

export function dutyAbove(duties: readonly Duty[], duty: Duty): Duty | undefined {
  return duties.find((one) => dutyBelow(duties, one)?.code === duty.code);
}

export function owes(duty: Duty, region: RegionCode): boolean {
  const level: RegionLevel | undefined = regionLevel(region);
  return level === duty.level;
}

/** @throws Refusal for a calendar that cannot be kept */
export function checkDuties(duties: readonly Duty[], knowsForm: (code: string) => boolean): void {
  const seen = new Set<string>();
  for (const duty of duties) {
    if (!/^[a-z][a-z0-9-]{2,40}$/.test(duty.code) || seen.has(duty.code)) {
      throw new Refusal(
        'calendar.code',
        `报送日历里“${duty.code}”这一行的代码不能用或重复；请换一个（小写字母、数字和短横）。`,
      );
    }
    seen.add(duty.code);
    if (!knowsForm(duty.form)) {
      throw new Refusal(
        'calendar.form',
        `没有名为 ${duty.form} 的统计表；报送日历可以写附件4、附件5和本县自定表。`,
      );
    }
    if (!Number.isInteger(duty.dueDays) || duty.dueDays < 0 || duty.dueDays > 60) {
      throw new Refusal('calendar.due', '期后几日内报送应为 0 至 60 的整数。');
    }
    const twin = duties.filter(
      (one) => one.form === duty.form && one.every === duty.every && one.level === duty.level,
    );
    if (twin.length > 1) throw new Refusal('calendar.twice', '同一张表、同一级、同一报期在日历里写了两次。');
  }
}
