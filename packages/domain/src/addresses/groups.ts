import { type RegionCode, regionLevel } from '../kernel/region.ts';
import { cleanPlace } from '../regions/place-names.ts';

/** A code has three digits for it. */
const MOST = 999;
const ONES = '零一二三四五六七八九';

/** 十二, 二十, 一百零三: as a group's number is written out. */
export function numeralOf(group: number): string {
  const [hundreds, tens, ones] = [Math.floor(group / 100), Math.floor(group / 10) % 10, group % 10];
  const end = ones === 0 ? '' : ONES[ones];
  if (hundreds === 0) return tens === 0 ? `${end}` : `${tens === 1 ? '' : ONES[tens]}十${end}`;
  const middle = tens === 0 ? (ones === 0 ? '' : '零') : `${ONES[tens]}十`;
  return `${ONES[hundreds]}百${middle}${end}`;
}

const READ = new Map(Array.from({ length: MOST }, (_, i) => [numeralOf(i + 1), i + 1]));

/**
 * Only what can be read in one way: 五一 may be the village before the group, 二百五 is 205 to one and 250 to another.
 */
function numberOf(written: string): number | undefined {
  if (/^\d+$/.test(written)) return inRange(Number(written));
  const plain = written.replaceAll('〇', '零').replace(/^两百/, '二百');
  if (/^[零一二三四五六七八九]+$/.test(plain) && plain.includes('零'))
    return inRange(Number([...plain].map((c) => ONES.indexOf(c)).join('')));
  return READ.get(plain) ?? READ.get(plain.replace(/^一十/, '十').replace('百十', '百一十'));
}

function inRange(group: number): number | undefined {
  return group >= 1 && group <= MOST ? group : undefined;
}

const NUMERAL = '0-9〇零一二三四五六七八九十百千两';
/** Not 3组团 (houses that were built together), 组织, 组长; not the 3 of 12-3组 or 1至3组. */
const GROUP = new RegExp(
  `(?<![${NUMERAL}.第]|[${NUMERAL}][-—~至到、])第?([${NUMERAL}]{1,7})(?:村民|居民)?小?组(?![织团合长建成装件员])`,
  'g',
);
/** 5组(原3组): what it was once. */
const FORMER = /\((?:原|曾)[^)]*\)/g;

interface GroupInText {
  readonly group: number;
  /** What is written behind the group: the house. */
  readonly rest: string;
}

/** Somebody's address is asked for on each day that something turns, and his household's right after it. */
let latest: { address: string; found: GroupInText | undefined } = { address: '', found: undefined };

/** The group that an address names; undefined where it names none or more than one. */
export function groupInAddress(address: string): GroupInText | undefined {
  if (address !== latest.address) latest = { address, found: readGroup(address) };
  return latest.found;
}

function readGroup(address: string): GroupInText | undefined {
  const text = cleanPlace(address).replace(FORMER, '');
  const found = [...text.matchAll(GROUP)];
  const groups = found.map((match) => numberOf(match[1] as string));
  const group = groups[0];
  if (group === undefined || groups.some((other) => other !== group)) return undefined;
  const last = found.at(-1) as RegExpExecArray;
  return { group, rest: text.slice(last.index + last[0].length) };
}

/** What a column for the group says: 3, 003, 三, 三组, 大福村3组; undefined for a name (老屋组) or nothing. */
export function groupInColumn(cell: string): number | undefined {
  const text = cleanPlace(cell).replace(/^(\d{1,3})\.0+$/, '$1');
  const alone = new RegExp(`^第?([${NUMERAL}]{1,7})$`).exec(text)?.[1];
  return alone === undefined ? groupInAddress(text)?.group : numberOf(alone);
}

/** How addresses begin that name the group, as registers write them; each reads back as the group. */
export function spellingsOf(group: number): string[] {
  const numbers = [String(group), String(group).padStart(2, '0'), numeralOf(group)];
  const words = ['组', '小组', '村民组', '村民小组', '居民组', '居民小组'];
  return [...new Set(numbers)].flatMap((n) => words.flatMap((word) => [`${n}${word}`, `第${n}${word}`]));
}

/** The column wins where it gives a number; else the address says. */
export function groupOf(row: {
  readonly column?: string | undefined;
  readonly address: string;
}): number | undefined {
  return groupInColumn(row.column ?? '') ?? groupInAddress(row.address)?.group;
}

/** People of a village of whom nothing says the group: 430981114201-000. */
export const NO_GROUP = 0;

/** 430981114201-003 */
export function groupCode(village: RegionCode, group: number): RegionCode {
  return `${village}-${String(group).padStart(3, '0')}`;
}

/** The division that a code names, and the group in it where it names one. */
export function splitGroup(code: RegionCode): { region: RegionCode; group: number | undefined } {
  if (regionLevel(code) !== 'group') return { region: code, group: undefined };
  return { region: code.slice(0, 12), group: Number(code.slice(13)) };
}

/** 3组; 未分组 */
export function groupName(group: number): string {
  return group === NO_GROUP ? '未分组' : `${group}组`;
}

/** As somebody types it: 3, 3组, 第三村民小组, 未分组. */
export function groupNamed(text: string): number | undefined {
  return text.trim() === groupName(NO_GROUP) ? NO_GROUP : groupInColumn(text);
}
