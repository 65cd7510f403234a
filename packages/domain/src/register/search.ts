import { toHalfWidth } from '../kernel/plain-date.ts';
import { cleanIdText, parseResidentId } from '../kernel/resident-id.ts';

/** What somebody typed may mean; the first meaning that finds anybody is taken. */
export type Meaning =
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'phone'; readonly phone: string }
  | { readonly kind: 'household'; readonly household: string }
  | { readonly kind: 'name'; readonly part: string }
  | { readonly kind: 'pinyin'; readonly start: string }
  | { readonly kind: 'address'; readonly text: string };

export const MEANING_WORDS: Readonly<Record<Meaning['kind'], string>> = {
  id: '身份证号码',
  phone: '电话',
  household: '户号',
  name: '姓名',
  pinyin: '拼音',
  address: '地址',
};

const HAN = /\p{Script=Han}/u;
/** A longer text is an address; a name of many syllables (阿依古丽·买买提) has no house in it. */
const PLACE_WORD = /[省市县区镇乡村组社街道路巷号栋队弄屯寨]/;
const LONGEST_PLAIN_NAME = 4;

/** The digits that somebody typed with blanks or dashes between them stand together again. */
function joined(typed: string): string {
  return cleanIdText(toHalfWidth(typed)).replace(/(?<=\d)[-–—_./·•,，、]+(?=[\dX])/g, '');
}

/** The first number in a typed text that is as long as an ID number, whatever stands around it. */
function idIn(typed: string): string | undefined {
  return /(?<!\d)(?:\d{17}X|(?:\d{18}|\d{15})(?!\d))/.exec(joined(typed))?.[0];
}

/**
 * Whether a text holds a number as long as a telephone's or an ID's, or longer: such a text is neither put into an
 * address, which the browser keeps, nor on record.
 */
export function holdsNumber(typed: string): boolean {
  return /\d{11}/.test(joined(typed));
}

/**
 * The meanings of a typed text, likeliest first; none for one that says nothing.
 * A number that is nobody's ID by its check digit is not taken for one; beside an ID number nothing else counts.
 */
export function meaningsOf(typed: string): Meaning[] {
  const text = toHalfWidth(typed).trim();
  if (text === '') return [];
  const within = parseResidentId(idIn(typed) ?? '', '9999-12-31');
  if (typeof within !== 'string') return [{ kind: 'id', id: within.id }];
  if (HAN.test(text)) {
    const written = text.replace(/\s/g, '');
    const name: Meaning = { kind: 'name', part: bareName(written) };
    const address: Meaning = { kind: 'address', text: written };
    if ([...written].length > LONGEST_PLAIN_NAME && PLACE_WORD.test(written)) return [address, name];
    return PLACE_WORD.test(written) ? [name, address] : [name];
  }
  const meanings: Meaning[] = [];
  const id = parseResidentId(text, '9999-12-31');
  if (typeof id !== 'string') meanings.push({ kind: 'id', id: id.id });
  const digits = text.replace(/[\s()+-]/g, '');
  const phone = digits.replace(/^86(?=1\d{10}$)/, '');
  if (/^\d{7,12}$/.test(phone)) meanings.push({ kind: 'phone', phone });
  const letters = text
    .toLowerCase()
    .replace(/ü/g, 'v')
    .replace(/[\s'’·.-]/g, '');
  if (/^[a-z]+$/.test(letters)) meanings.push({ kind: 'pinyin', start: letters });
  if (typeof id === 'string' && /^[\w./-]+$/.test(text))
    meanings.push({ kind: 'household', household: text });
  return meanings;
}

/** Lists write 阿依古丽·买买提 with any dot or none. */
export function bareName(name: string): string {
  return name.replace(/[\s·•・.．\u200b]/g, '');
}

/** Looks like an ID number without being one: said rather than searched for in vain. */
export function wrongId(typed: string): boolean {
  const id = idIn(typed);
  return id?.length === 18 && typeof parseResidentId(id, '9999-12-31') === 'string';
}

/** What a typed part of the name may begin with: 王小明, 小明, 明. */
export function nameKeys(name: string): string[] {
  const characters = [...bareName(name)];
  return [...new Set(characters.map((_, i) => characters.slice(i).join('')))];
}

/**
 * The reading from each syllable on, the whole first, and the initials of each that has more than one syllable.
 * @param syllables wang, xiao, ming
 */
export function readingKeys(syllables: readonly string[]): string[] {
  const full = syllables.map((_, i) => syllables.slice(i).join(''));
  const initials = syllables.slice(1).map((_, i) =>
    syllables
      .slice(i)
      .map((s) => s[0])
      .join(''),
  );
  return [...new Set([...full, ...initials])];
}

/** The bounds of all texts that begin so, in the collation "C". */
export function prefixRange(start: string): { lo: string; hi: string } {
  return { lo: start, hi: `${start}\u{10ffff}` };
}

/**
 * What an address says behind the village: 大福村3组12号 → 3组12号.
 * @param names of the places from the county down, as written
 */
export function behindPlace(address: string, names: readonly string[]): string {
  let rest = address;
  for (const name of names) {
    const at = rest.indexOf(name);
    if (at >= 0) rest = rest.slice(at + name.length);
  }
  return rest;
}
