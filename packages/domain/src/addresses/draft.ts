import { FOREVER, isPlainDate, type PlainDate } from '../kernel/plain-date.ts';
import { Refusal } from '../kernel/problem.ts';
import type { RegionCode } from '../kernel/region.ts';
import { maskIdsIn } from '../kernel/resident-id.ts';
import type { RegionTree } from '../regions/region-tree.ts';
import { ALWAYS, PARITY_WORDS, type Parity, type RuleDraft, type RuleKind, ruleKind } from './rules.ts';
import { readPlace } from './text.ts';

const MOST_TEXTS = 5;
const SHORTEST = 2;
const LONGEST = 40;
const MOST_HOUSES = 9999;

/** A rule as it is typed or stands in a file. */
export interface WrittenRule {
  readonly kind: string;
  readonly village: string;
  readonly texts: readonly string[];
  readonly without?: readonly string[] | undefined;
  readonly parity?: string | undefined;
  readonly first?: number | undefined;
  readonly last?: number | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly note?: string | undefined;
}

/**
 * The rule, when it says something that can be meant.
 * @param owner the county, or the town whose rule it is to be
 * @throws Refusal in words for whoever typed it
 */
export function draftOf(written: WrittenRule, tree: RegionTree, owner: RegionCode): RuleDraft {
  const kind = ruleKind(written.kind.trim());
  if (kind === undefined) {
    throw new Refusal('address.kind', '规则的种类应为文字、街道门牌、单位小区或同户。');
  }
  const texts = cleaned(written.texts);
  const without = cleaned(written.without ?? []);
  const { from, to } = periodOf(written);
  const note = plainText(written.note ?? '');
  if (note.length > 100) throw new Refusal('address.note', '备注最多 100 个字。');
  if (kind === 'household') {
    if (texts.length > 0 || without.length > 0 || written.village.trim() !== '') {
      throw new Refusal('address.household', '同户规则不写文字，也不写归入的村：村随同户的人。');
    }
    return {
      kind,
      village: '',
      texts: [],
      without: [],
      parity: 'all',
      first: undefined,
      last: undefined,
      from,
      to,
      note,
    };
  }
  if (texts.length === 0) throw new Refusal('address.texts', '请写出地址里要有的文字。');
  checkTexts([...texts, ...without]);
  const parity = parityOf(written.parity);
  const { first, last } = housesOf(kind, parity, written);
  return {
    kind,
    village: villageOf(written.village, tree, owner, from),
    texts,
    without,
    parity,
    first,
    last,
    from,
    to,
    note,
  };
}

function cleaned(texts: readonly string[]): string[] {
  return [...new Set(texts.map(plainText).filter((text) => text !== ''))];
}

/** Without what no address holds: control characters, halves of characters. */
function plainText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}]/gu, '').trim();
}

function checkTexts(texts: readonly string[]): void {
  if (texts.length > MOST_TEXTS * 2)
    throw new Refusal('address.texts', `一条规则最多 ${MOST_TEXTS} 段文字；请分成几条。`);
  for (const text of texts) {
    if (/[%*?？_^$\\[\]{}]/.test(text)) {
      throw new Refusal(
        'address.wildcard',
        `“${maskIdsIn(text)}”里有通配符。规则只看地址里有没有这段文字，不用 %、* 和问号；要几段同时有，请分开写。`,
      );
    }
    const { length } = readPlace(text).plain;
    if (length < SHORTEST || length > LONGEST) {
      throw new Refusal(
        'address.text',
        `“${maskIdsIn(text)}”应为 ${SHORTEST} 至 ${LONGEST} 个字：太短会误中许多地址。`,
      );
    }
  }
}

function parityOf(text: string | undefined): Parity {
  const asked = (text ?? '').trim();
  if (asked === '') return 'all';
  const found = (Object.entries(PARITY_WORDS) as [Parity, string][]).find(
    ([code, words]) => code === asked || words === asked || words[0] === asked,
  );
  if (found === undefined) throw new Refusal('address.parity', '单双应为单号、双号或全部。');
  return found[0];
}

function housesOf(
  kind: RuleKind,
  parity: Parity,
  { first, last }: WrittenRule,
): { first: number | undefined; last: number | undefined } {
  if (kind !== 'street') {
    if (first !== undefined || last !== undefined || parity !== 'all') {
      throw new Refusal('address.houses', '只有街道门牌规则可以写单双和门牌号。');
    }
    return { first: undefined, last: undefined };
  }
  for (const house of [first, last]) {
    if (house === undefined) continue;
    if (!Number.isInteger(house) || house < 1 || house > MOST_HOUSES) {
      throw new Refusal('address.houses', `门牌号应为 1 至 ${MOST_HOUSES} 的整数。`);
    }
  }
  if (first !== undefined && last !== undefined && first > last) {
    throw new Refusal('address.houses', `门牌号从 ${first} 到 ${last}，起号大于止号；请对调。`);
  }
  return { first, last };
}

function periodOf({ from, to }: WrittenRule): { from: PlainDate; to: PlainDate } {
  for (const day of [from, to]) {
    if (day !== undefined && day !== '' && !isPlainDate(day)) {
      throw new Refusal('address.period', `“${maskIdsIn(day)}”不是日期，请写成 2020-08-31 的样子。`);
    }
  }
  const period = { from: from || ALWAYS, to: to || FOREVER };
  if (period.to <= period.from) throw new Refusal('address.period', '止日应晚于起日（止日当天不再有效）。');
  return period;
}

/** A village in force when the rule begins to hold, or today's successor of the one written. */
function villageOf(written: string, tree: RegionTree, owner: RegionCode, from: PlainDate): RegionCode {
  const code = written.trim();
  const row = tree.get(code);
  if (row?.level !== 'village') {
    throw new Refusal('address.village', `本县没有代码为“${maskIdsIn(code)}”的村（社区）；请写 12 位代码。`);
  }
  if (!code.startsWith(owner)) {
    throw new Refusal(
      'address.scope',
      `${row.name}不在${tree.get(owner)?.name ?? owner}；乡镇的规则只能归入本乡镇的村（社区）。`,
    );
  }
  if (row.to !== undefined && row.to <= from) {
    throw new Refusal(
      'address.village',
      `${row.name}自 ${row.to} 起不再是在用区划；请改用在用的村（社区）。`,
    );
  }
  return code;
}

/** Columns of a file of rules; 村代码 or 村名称 must be there, the rest may be missing. */
export const RULE_COLUMNS = [
  '种类',
  '文字',
  '不含',
  '单双',
  '起号',
  '止号',
  '村代码',
  '村名称',
  '自',
  '止',
  '备注',
] as const;
type RuleColumn = (typeof RULE_COLUMNS)[number];

export interface FileRule {
  /** The row of the file, from 1. */
  readonly row: number;
  readonly draft: RuleDraft;
}

/**
 * Rules of a file, in its order.
 * @param numbers of the rows in the file, where blank ones have been left out
 * @throws Refusal naming the row that cannot be meant; nothing of the file counts then
 */
export function rulesOfTable(
  rows: readonly (readonly string[])[],
  tree: RegionTree,
  owner: RegionCode,
  numbers: readonly number[] = rows.map((_, i) => i + 1),
): FileRule[] {
  const head = rows.findIndex((row) => row.some((cell) => cell.trim() === '种类'));
  const heading = (rows[head] ?? []).map((cell) => cell.trim());
  if (head < 0 || !heading.includes('文字') || !(heading.includes('村代码') || heading.includes('村名称'))) {
    throw new Refusal(
      'address.file',
      `表里要有种类、文字和村代码（或村名称）三列；全部的列是：${RULE_COLUMNS.join('、')}。`,
    );
  }
  return rows.slice(head + 1).flatMap((cells, i): FileRule[] => {
    if (cells.every((cell) => cell.trim() === '')) return [];
    const row = numbers[head + 1 + i] as number;
    const at = (column: RuleColumn): string => (cells[heading.indexOf(column)] ?? '').trim();
    try {
      return [{ row, draft: draftOf(writtenIn(at, tree, owner), tree, owner) }];
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw new Refusal(error.problem.code, `第 ${row} 行：${error.problem.message}整份规则都没有写入。`);
    }
  });
}

function writtenIn(at: (column: RuleColumn) => string, tree: RegionTree, owner: RegionCode): WrittenRule {
  const texts = (text: string): string[] => text.split(/[|｜、；;]/);
  const house = (text: string): number | undefined => {
    if (text === '') return undefined;
    const number = Number(text.replace(/号$/, ''));
    if (!Number.isInteger(number))
      throw new Refusal('address.houses', `门牌号“${maskIdsIn(text)}”不是数字。`);
    return number;
  };
  const name = at('村名称');
  let village = at('村代码');
  if (village === '' && name !== '') {
    const found = tree.villageByName(owner.length === 9 ? owner : undefined, name);
    if (found === undefined || found.length !== 12) {
      throw new Refusal(
        'address.village',
        `村名称“${maskIdsIn(name)}”找不到唯一的村（社区）；请写 12 位村代码，或连乡镇一起写。`,
      );
    }
    village = found;
  }
  return {
    kind: at('种类'),
    village,
    texts: texts(at('文字')),
    without: texts(at('不含')),
    parity: at('单双'),
    first: house(at('起号')),
    last: house(at('止号')),
    from: at('自'),
    to: at('止'),
    note: at('备注'),
  };
}

/** Whether two rules say the same. */
export function sameRule(a: RuleDraft, b: RuleDraft): boolean {
  return keyOf(a) === keyOf(b);
}

function keyOf({ kind, village, texts, without, parity, first, last, from, to }: RuleDraft): string {
  return JSON.stringify([
    kind,
    village,
    [...texts].sort(),
    [...without].sort(),
    parity,
    first ?? 0,
    last ?? 0,
    from,
    to,
  ]);
}
