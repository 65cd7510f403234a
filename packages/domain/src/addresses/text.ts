import { cleanPlace } from '../regions/place-names.ts';

/** What of an address is read: nobody writes a longer one, and no rule costs more than so many characters. */
const LONGEST = 200;

const NUMERALS = '0123456789〇零一二三四五六七八九十百千两';
const VALUES: Readonly<Record<string, number>> = {
  〇: 0,
  零: 0,
  一: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
};
const UNITS: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1_000 };
/** 一号, 三组, 二栋: a numeral before one of these counts something; in 五一路 it is a name. */
const COUNTED = '号#组队栋幢座单室楼层排段弄巷';
/** 9999 at most: what is longer is no number of a house. */
const MOST_DIGITS = 4;

/** A text in the two forms it is looked for in. */
export interface Place {
  /** Half-width, without blanks. */
  readonly plain: string;
  /** The same with 一号 written 1号. */
  readonly counted: string;
}

export function readPlace(text: string): Place {
  const plain = cleanPlace(text.slice(0, LONGEST * 2)).slice(0, LONGEST);
  return { plain, counted: countedIn(plain) };
}

export function isNumeral(c: string | undefined): boolean {
  return c !== undefined && c !== '' && NUMERALS.includes(c);
}

/**
 * Whether the text holds the part; 1号 is not in 11号, and 三组 not in 十三组.
 * Either form counts: what comes before 号 may be cut off in a rule (第三).
 */
export function holds(text: Place, part: Place): boolean {
  return placeIn(text.plain, part.plain) >= 0 || placeIn(text.counted, part.counted) >= 0;
}

/** Whether whatever holds `part` holds `inner` too. */
export function implies(part: Place, inner: Place): boolean {
  return placeIn(part.plain, inner.plain) >= 0 && placeIn(part.counted, inner.counted) >= 0;
}

/** Where the part stands from `from` on, with no number cut in two; -1 where it does not. */
export function placeIn(text: string, part: string, from = 0): number {
  if (part === '') return -1;
  for (let at = text.indexOf(part, from); at >= 0; at = text.indexOf(part, at + 1)) {
    const after = at + part.length;
    if (isNumeral(text[at - 1]) && isNumeral(part[0])) continue;
    if (isNumeral(text[after]) && isNumeral(part.at(-1))) continue;
    return at;
  }
  return -1;
}

function countedIn(text: string): string {
  let out = '';
  for (let at = 0; at < text.length; ) {
    if (!isNumeral(text[at])) {
      out += text[at++];
      continue;
    }
    let end = at;
    while (isNumeral(text[end])) end++;
    const written = text.slice(at, end);
    out += COUNTED.includes(text[end] ?? ' ') ? digitsOf(written) : written;
    at = end;
  }
  return out;
}

/** 二十一 and 二一 are 21; what is no number stays as it is written. */
function digitsOf(written: string): string {
  if (/^\d+$/.test(written)) return stripZeros(written);
  if (/\d/.test(written)) return written;
  if (![...written].some((c) => c in UNITS)) return stripZeros([...written].map((c) => VALUES[c]).join(''));
  let sum = 0;
  let digit: number | undefined;
  let last = 10_000;
  for (const c of written) {
    const unit = UNITS[c];
    if (unit === undefined) {
      if (digit !== undefined && digit !== 0) return written;
      digit = VALUES[c];
      continue;
    }
    if (unit >= last) return written;
    sum += (digit ?? 1) * unit;
    last = unit;
    digit = undefined;
  }
  return String(sum + (digit ?? 0));
}

function stripZeros(digits: string): string {
  const bare = digits.replace(/^0+/, '');
  return bare === '' ? '0' : bare;
}

/** What may follow the number of a house, 12 of 12-3 and 12附1 too. */
const AFTER_NUMBER = '号#-之附(,、.;';
/** 长乐街3组12号: what stands between the street and the house. */
const BETWEEN = '组队段排';

/** The number of the house that follows a street's name at `from`; undefined where none does. */
export function houseNumberAt(counted: string, from: number): number | undefined {
  let at = from;
  for (let parts = 0; parts < 3; parts++) {
    while (',、.;第'.includes(counted[at] ?? ' ')) at++;
    let end = at;
    while (counted[end] !== undefined && '0123456789'.includes(counted[end] as string)) end++;
    if (end === at || end - at > MOST_DIGITS) return undefined;
    const next = counted[end];
    if (next === undefined || AFTER_NUMBER.includes(next)) return Number(counted.slice(at, end));
    if (!BETWEEN.includes(next)) return undefined;
    at = end + 1;
  }
  return undefined;
}
