import { toHalfWidth } from '../kernel/plain-date.ts';
import { SHIPPED_SOURCES, type SourceColumn, type SourceDefinition } from './catalogue.ts';

/** `行政\n代码 `, `是否愿意参保（是，否）`, `*姓名：` → `行政代码`, `是否愿意参保`, `姓名`. */
export function normaliseHeader(raw: string): string {
  const text = flat(raw);
  const bare = text.replace(/\([^()]*\)|\[[^[\]]*\]|【[^】]*】|〔[^〕]*〕/g, '');
  return (bare === '' ? text.replace(/[()[\]【】〔〕]/g, '') : bare).replace(/[()[\]]/g, '');
}

function flat(raw: string): string {
  return toHalfWidth(raw)
    .replace(/[\s\u00a0\u200b-\u200f\ufeff*:：]/g, '')
    .replace(/_x000d_/gi, '')
    .toLowerCase();
}

/** 15 to 20 characters that look like a citizen number or a certificate: no header, and never to be shown. */
export function looksLikeId(text: string): boolean {
  return text.length >= 15 && /(^|\D)\d{14,19}[\dXx]($|\D)/.test(toHalfWidth(text).replace(/\s/g, ''));
}

export interface HeadMatch {
  /** Indexes into the rows given. */
  readonly first: number;
  readonly last: number;
  /** Header text by column, '' where there is none. */
  readonly headers: readonly string[];
  /** Column key → column index. */
  readonly columns: ReadonlyMap<string, number>;
  /** (name, id) columns of a household row, when there is more than one pair. */
  readonly pairs: readonly HeaderPair[];
  /** What has to be there and is not; one entry names all the alternatives. */
  readonly missing: readonly string[];
}

export interface HeaderPair {
  readonly name: number;
  readonly id: number;
}

const HEAD_HEIGHT = 5;

/**
 * The header block among a sheet's first rows: the block of at most five rows that names the most columns.
 * Of merged cells only the first one has text, so a column's header is the lowest text over it that is known.
 * @param choices header text → column key, by a person who corrected the mapping; '' leaves a column out
 */
export function findHead(
  source: SourceDefinition,
  rows: readonly (readonly string[])[],
  choices: Readonly<Record<string, string>> = {},
): HeadMatch | undefined {
  const matcher = new Matcher(source, choices);
  let best: HeadMatch | undefined;
  let bestScore = 0;
  const isData = rows.map((row) => row.some(looksLikeId));
  const single = rows.map((_, i) => (isData[i] ? undefined : matcher.match(rows, i, i)));
  for (let last = 0; last < rows.length; last++) {
    for (let height = 1; height <= HEAD_HEIGHT && last - height + 1 >= 0; height++) {
      const first = last - height + 1;
      if (isData[first]) break;
      if (single[first] === undefined && height > 1) continue;
      const found = height === 1 ? single[first] : matcher.match(rows, first, last);
      if (!found) continue;
      const score = found.columns.size + found.pairs.length - height / 100;
      if (score > bestScore + (height > 1 ? 0.5 : 0)) {
        best = found;
        bestScore = score;
      }
    }
  }
  return best;
}

class Matcher {
  readonly #source: SourceDefinition;
  readonly #choices = new Map<string, string>();
  /** normalised header → column key and rank: 0 title, then the aliases in their order */
  readonly #known = new Map<string, { key: string; rank: number }>();

  constructor(source: SourceDefinition, choices: Readonly<Record<string, string>>) {
    this.#source = source;
    for (const [header, key] of Object.entries(choices)) this.#choices.set(normaliseHeader(header), key);
    for (const column of source.columns) this.#add(column.title, column, 0);
    for (const column of source.columns) {
      column.aliases.forEach((alias, i) => {
        this.#add(alias, column, i + 1);
      });
    }
  }

  #add(header: string, column: SourceColumn, rank: number): void {
    const text = normaliseHeader(header);
    if (!this.#known.has(text)) this.#known.set(text, { key: column.key, rank });
  }

  #lookUp(text: string): { key: string; rank: number } | undefined {
    const chosen = this.#choices.get(text);
    if (chosen !== undefined) return { key: chosen, rank: -1 };
    return this.#known.get(text);
  }

  match(rows: readonly (readonly string[])[], first: number, last: number): HeadMatch | undefined {
    let width = 0;
    for (let r = first; r <= last; r++) width = Math.max(width, rows[r]?.length ?? 0);
    const headers: string[] = [];
    const found: ({ key: string; rank: number } | undefined)[] = [];
    for (let c = 0; c < width; c++) {
      let header = '';
      let hit: { key: string; rank: number } | undefined;
      let joined = '';
      for (let r = last; r >= first; r--) {
        const raw = rows[r]?.[c] ?? '';
        if (raw.trim() === '') continue;
        const text = normaliseHeader(raw);
        joined = text + joined;
        hit ??= this.#lookUp(text);
        if (header === '' || (hit && !this.#lookUp(normaliseHeader(header)))) header = raw.trim();
      }
      hit ??= this.#lookUp(joined);
      headers.push(header);
      found.push(hit);
    }
    const columns = new Map<string, number>();
    const ranks = new Map<string, number>();
    found.forEach((hit, c) => {
      if (hit === undefined || hit.key === '') return;
      const rank = ranks.get(hit.key);
      if (rank !== undefined && rank <= hit.rank) return;
      columns.set(hit.key, c);
      ranks.set(hit.key, hit.rank);
    });
    const pairs = this.#source.households ? findPairs(headers) : [];
    if (pairs[0] !== undefined) {
      columns.set('id', pairs[0].id);
      columns.set('name', pairs[0].name);
      const taken = new Set(pairs.flatMap((pair) => [pair.id, pair.name]));
      for (const [key, c] of columns) if (key !== 'id' && key !== 'name' && taken.has(c)) columns.delete(key);
    }
    if (columns.size === 0) return undefined;
    return { first, last, headers, columns, pairs, missing: this.#missing(columns) };
  }

  #missing(columns: ReadonlyMap<string, number>): string[] {
    const missing = this.#source.columns
      .filter((one) => one.required && !columns.has(one.key))
      .map((one) => one.title);
    for (const group of this.#source.oneOf ?? []) {
      if (group.some((key) => columns.has(key))) continue;
      const titles = group.map((key) => this.#source.columns.find((one) => one.key === key)?.title ?? key);
      missing.push(titles.length > 4 ? `${titles.slice(0, 4).join('、')}等其中一列` : titles.join('或'));
    }
    return missing;
  }
}

const PAIR_ID = /^(.*?)(?:公民)?(?:居民)?(?:身份证件?|公民身份|证件|社会保障)(?:号码|号)?(\d*)$/;
const PAIR_NAME = /^(.*?)(?:姓名|名字)(\d*)$|^(户主|(?:家庭|共同生活)?成员)(\d*)$/;

/** 户主/身份证号 · 成员1姓名/成员1身份证号码 · 姓名/身份证, 姓名/身份证 … */
function findPairs(headers: readonly string[]): HeaderPair[] {
  const ids: { c: number; mark: string }[] = [];
  const names: { c: number; mark: string; used: boolean }[] = [];
  headers.forEach((raw, c) => {
    const text = normaliseHeader(raw);
    const id = PAIR_ID.exec(text);
    if (id) {
      ids.push({ c, mark: `${id[1] ?? ''}${id[2] ?? ''}` });
      return;
    }
    const name = PAIR_NAME.exec(text);
    if (name) names.push({ c, mark: `${name[1] ?? name[3] ?? ''}${name[2] ?? name[4] ?? ''}`, used: false });
  });
  if (ids.length < 2) return [];
  const pairs: HeaderPair[] = [];
  for (const one of ids) {
    const byMark = names.filter((n) => !n.used && n.mark === one.mark && one.mark !== '');
    const before = names.filter((n) => !n.used && n.c < one.c).sort((a, b) => b.c - a.c);
    const after = names.filter((n) => !n.used && n.c > one.c);
    const found = byMark[0] ?? before[0] ?? after[0];
    if (!found) continue;
    found.used = true;
    pairs.push({ name: found.c, id: one.c });
  }
  return pairs.length > 1 ? pairs : [];
}

/** The row under the header that numbers the columns: 1, 2, 3 … or 5=6+7 … */
export function isColumnNumbers(cells: readonly string[]): boolean {
  let filled = 0;
  for (const cell of cells) {
    const text = toHalfWidth(cell).trim();
    if (text === '') continue;
    if (text.length > 24 || !/^[\d=+\-/*×÷%.()]+$/.test(text) || /\d{4}/.test(text)) return false;
    filled++;
  }
  return filled >= 2;
}

const NOT_PEOPLE =
  /^(?:合计|小计|总计|共计|累计|本页合计|本页小计|本村合计|本镇合计|总合计|合计人数|说明|备注|注|填表说明|填报说明|备注说明)(?:$|[:：\s\d.、,，(（]|人)|^(?:填报单位|填报人|制表人|制表单位|审核人|经办人|负责人|单位负责人|打印日期|填报日期|填表人|单位[:：]|注\d?[:：.、])|^[….。—\-\s]+$|^第\s*\d+\s*页|^共\s*\d+\s*[人户条页行]/;

/** 合计, 小计, 说明, 注:, 填报人 … at the head of a row that has no number: not a person. */
export function isNotPeople(firstText: string): boolean {
  const text = firstText.trim();
  return text === '' || NOT_PEOPLE.test(text) || NOT_PEOPLE.test(toHalfWidth(text).replace(/\s/g, ''));
}

/** 0 → A, 26 → AA */
export function columnLetter(index: number): string {
  let text = '';
  for (let n = index + 1; n > 0; n = Math.floor((n - 1) / 26))
    text = String.fromCharCode(65 + ((n - 1) % 26)) + text;
  return text;
}

/** Columns every list may have: they do not tell which list it is. */
const ANYBODY = new Set(['id', 'name']);

function tells(source: SourceDefinition, column: SourceColumn): boolean {
  if (ANYBODY.has(column.key)) return false;
  const free = column.kind === 'text' || column.kind === 'phone' || column.kind === 'region';
  return column.required || !free || source.vocabularies?.[column.key] !== undefined;
}

/**
 * Unused headings that one other source alone has, with that source, where nothing but names and numbers was read:
 * the list of soldiers sent in as the list of prisoners.
 */
export function headingsOfOthers(
  source: SourceDefinition,
  columns: Iterable<string>,
  unused: readonly string[],
): { heading: string; of: SourceDefinition }[] {
  for (const key of columns) if (!ANYBODY.has(key)) return [];
  return unused.flatMap((heading) => {
    const text = normaliseHeader(heading);
    const named = (column: SourceColumn): boolean =>
      [column.title, ...column.aliases].some((known) => normaliseHeader(known) === text);
    const others = SHIPPED_SOURCES.filter((one) => one.columns.some(named));
    const [of] = others;
    if (of === undefined || others.length > 1 || of.code === source.code) return [];
    return of.columns.some((column) => named(column) && tells(of, column)) ? [{ heading, of }] : [];
  });
}
