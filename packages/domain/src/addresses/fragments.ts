import { isNumeral, readPlace } from './text.ts';

/** A beginning that several addresses share behind the town: what a rule might be written about. */
export interface Fragment {
  readonly text: string;
  readonly people: number;
}

const LONGEST = 12;
const LEADING = /^[,、.;·()-]+/;

/**
 * What an address says behind the names it begins with, up to its first number: 长乐街, 农场宿舍.
 * @param names of province, city, county and towns with their other names, longest first
 */
export function fragmentOf(address: string, names: readonly string[]): string {
  let { plain } = readPlace(address);
  for (let again = true; again; ) {
    plain = plain.replace(LEADING, '');
    const name = names.find((one) => plain.startsWith(one));
    again = name !== undefined;
    if (name !== undefined) plain = plain.slice(name.length);
  }
  let end = 0;
  // 五一路 begins with a numeral, and so may the name of a place; the first character is kept.
  while (end < plain.length && end < LONGEST && (end === 0 || !isHouse(plain, end))) end++;
  return plain.slice(0, end).replace(/[第(（]+$/, '');
}

/** A number that counts houses begins here, not a numeral inside a name. */
function isHouse(text: string, at: number): boolean {
  if ('0123456789'.includes(text[at] as string)) return true;
  if (!isNumeral(text[at])) return false;
  let end = at;
  while (isNumeral(text[end])) end++;
  return '号组队栋幢座单室排'.includes(text[end] ?? ' ');
}

/** The fragments that occur most, the most people first. */
export function commonFragments(
  addresses: Iterable<string>,
  names: readonly string[],
  most: number,
): Fragment[] {
  const counts = new Map<string, number>();
  const longestFirst = [...names].sort((a, b) => b.length - a.length);
  for (const address of addresses) {
    const text = fragmentOf(address, longestFirst);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts]
    .map(([text, people]) => ({ text, people }))
    .sort((a, b) => b.people - a.people || (a.text < b.text ? -1 : 1))
    .slice(0, most);
}
