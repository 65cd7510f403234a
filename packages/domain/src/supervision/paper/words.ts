import { dayNumber, fromDayNumber, type PlainDate } from '../../kernel/plain-date.ts';
import { regionLevel } from '../../kernel/region.ts';

interface Named {
  readonly code: string;
  readonly name: string;
}

/** 市 of 沅江市, 镇 of 草尾镇: what stands after 全 and before 直. */
export function wholeWord({ code, name }: Named): string {
  const level = regionLevel(code);
  if (level === 'village') return name.endsWith('社区') ? '社区' : '村';
  if (name.endsWith('街道')) return '街道';
  if (name.endsWith('芦苇场') || name.endsWith('场')) return '场';
  return name.slice(-1);
}

const ENDINGS = ['镇', '乡', '街道'] as const;

/** What kinds of towns there are decides how all of them are addressed. */
function kindsOf(places: readonly Named[]): { ends: ReadonlySet<string>; others: string[] } {
  const ends = new Set<string>();
  const others = new Set<string>();
  for (const { name } of places) {
    const end = ENDINGS.find((one) => name.endsWith(one));
    if (end) ends.add(end);
    else others.add(name.endsWith('场') ? '场' : name.endsWith('中心') ? '中心' : '单位');
  }
  return { ends, others: [...others] };
}

/** 各镇（场、街道）, 各乡镇, 各村（社区）. */
export function unitsWord(region: Named, places: readonly Named[]): string {
  if (regionLevel(region.code) !== 'county') return '各村（社区）';
  const { ends, others } = kindsOf(places);
  const main = ends.has('乡') ? '乡镇' : '镇';
  const beside = [...others, ...(ends.has('街道') ? ['街道'] : [])];
  return `各${main}${beside.length === 0 ? '' : `（${beside.join('、')}）`}`;
}

/** 各镇人民政府、街道办事处、芦苇场 */
export function officesBelow(region: Named, places: readonly Named[]): string {
  if (regionLevel(region.code) !== 'county') return '各村（居）民委员会';
  const { ends } = kindsOf(places);
  const main = ends.has('乡') ? '各乡镇人民政府' : '各镇人民政府';
  // What is neither is called by its name; reed farms share one.
  const others = places
    .filter(({ name }) => !ENDINGS.some((end) => name.endsWith(end)))
    .map(({ name }) => (name.endsWith('芦苇场') ? '芦苇场' : name));
  return [main, ...(ends.has('街道') ? ['街道办事处'] : []), ...new Set(others)].join('、');
}

/** Who signs for a town: 草尾镇人民政府, 琼湖街道办事处. */
export function townOffice(name: string): string {
  if (name.endsWith('街道')) return `${name}办事处`;
  return /[镇乡]$/.test(name) ? `${name}人民政府` : name;
}

export function dayWords(day: PlainDate): string {
  const [, month, date] = day.split('-').map(Number);
  return `${month}月${date}日`;
}

export function fullDayWords(day: PlainDate): string {
  return `${Number(day.slice(0, 4))}年${dayWords(day)}`;
}

const COUNTED = ['', '一', '二', '三', '四', '五', '六', '七', '八', '九', '十'];
export function countedWord(n: number): string {
  return COUNTED[n] ?? String(n);
}

/** The days a template may speak of, from the paper's own day. A week is the seven days up to the day. */
export const DAY_WORDS = ['today', 'last-week', 'last-month', 'last-quarter'] as const;
export type DayWord = (typeof DAY_WORDS)[number];

export function dayOf(word: DayWord, day: PlainDate): PlainDate {
  if (word === 'today') return day;
  if (word === 'last-week') return fromDayNumber(dayNumber(day) - 7);
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7))];
  const first = word === 'last-month' ? month : month - ((month - 1) % 3);
  // The last day of the month, or of the quarter, before.
  const begin = `${String(year).padStart(4, '0')}-${String(first).padStart(2, '0')}-01`;
  return fromDayNumber(dayNumber(begin) - 1);
}

/** The ends of the last weeks, the paper's own day last. */
export function weekEnds(day: PlainDate, weeks: number): PlainDate[] {
  return Array.from({ length: weeks }, (_, i) => fromDayNumber(dayNumber(day) - 7 * (weeks - 1 - i)));
}
