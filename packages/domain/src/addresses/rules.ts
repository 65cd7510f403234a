import type { PlainDate } from '../kernel/plain-date.ts';
import type { RegionCode } from '../kernel/region.ts';
import { holds, houseNumberAt, type Place, placeIn, readPlace } from './text.ts';

/** How a rule finds its people (地址分村规则). Plain substrings: no wildcards that may be forgotten, nothing that can hang. */
export const RULE_KINDS = [
  { kind: 'pattern', title: '文字', says: '地址里同时有这几段文字' },
  { kind: 'street', title: '街道门牌', says: '地址在这条街巷，门牌号在范围内' },
  { kind: 'unit', title: '单位小区', says: '地址里有这几个名称中的任何一个' },
  { kind: 'household', title: '同户', says: '同一户号里已知的人都在同一个村（社区），其余的人随他们' },
] as const;
export type RuleKind = (typeof RULE_KINDS)[number]['kind'];
export type Parity = 'all' | 'odd' | 'even';
export const PARITY_WORDS: Readonly<Record<Parity, string>> = { all: '全部', odd: '单号', even: '双号' };

/** What a rule says, before it has a number. */
export interface RuleDraft {
  readonly kind: RuleKind;
  /** Twelve digits; empty for `household`, whose people follow their own. */
  readonly village: RegionCode;
  /** All of them (pattern), any of them (street, unit); none for `household`. */
  readonly texts: readonly string[];
  /** An address that holds one of these is not meant. */
  readonly without: readonly string[];
  readonly parity: Parity;
  /** House numbers of a street, both ends included. */
  readonly first: number | undefined;
  readonly last: number | undefined;
  /** Days on which the street belongs to the village: [from, to). */
  readonly from: PlainDate;
  readonly to: PlainDate;
  readonly note: string;
}

export interface AddressRule extends RuleDraft {
  readonly number: number;
  /** The county whose rule it is, or the town. */
  readonly owner: RegionCode;
  readonly position: number;
}

export const ALWAYS: PlainDate = '0001-01-01';

export function ruleKind(text: string): RuleKind | undefined {
  return RULE_KINDS.find(({ kind, title }) => kind === text || title === text)?.kind;
}

/** The rule as somebody would say it; the village is named by the caller. */
export function ruleWords(rule: RuleDraft): string {
  const quoted = (texts: readonly string[]): string => texts.map((text) => `“${text}”`).join('、');
  const without = rule.without.length === 0 ? '' : `，不含${quoted(rule.without)}`;
  switch (rule.kind) {
    case 'pattern':
      return `地址含${rule.texts.map((text) => `“${text}”`).join('且含')}${without}`;
    case 'unit':
      return `地址含${quoted(rule.texts)}${rule.texts.length > 1 ? '之一' : ''}${without}`;
    case 'street':
      return `${rule.texts.join('、')}${isRanged(rule) ? `，门牌${rangeWords(rule)}` : '，不论门牌'}${without}`;
    case 'household':
      return '同一户号里已知的人都在同一个村（社区），其余的人随他们';
  }
}

function rangeWords({ parity, first, last }: RuleDraft): string {
  const side = parity === 'all' ? '' : PARITY_WORDS[parity];
  if (first === undefined && last === undefined) return side;
  if (first !== undefined && first === last) return `${side} ${first} 号`;
  if (last === undefined) return `${side} ${first} 号以上`;
  return `${side} ${first ?? 1} 至 ${last} 号`;
}

/** A street of which not every house is meant. */
export function isRanged({ parity, first, last }: RuleDraft): boolean {
  return parity !== 'all' || first !== undefined || last !== undefined;
}

export function inRange({ parity, first, last }: RuleDraft, house: number): boolean {
  if (first !== undefined && house < first) return false;
  if (last !== undefined && house > last) return false;
  return parity === 'all' || (house % 2 === 1) === (parity === 'odd');
}

export function isInForce({ from, to }: RuleDraft, day: PlainDate): boolean {
  return from <= day && day < to;
}

/** The order in which the rules of a place are tried: the town's own, then the county's, each by its place in the list. */
export function inOrder<R extends AddressRule>(rules: readonly R[]): R[] {
  return [...rules].sort(
    (a, b) => b.owner.length - a.owner.length || a.position - b.position || a.number - b.number,
  );
}

/** Whether the rule speaks of who is known to stand in `region`: a village of another town is not his. */
export function concerns(rule: AddressRule, region: RegionCode): boolean {
  if (!region.startsWith(rule.owner)) return false;
  return rule.kind === 'household' || rule.village.startsWith(region);
}

/** A rule with its texts read once. */
export interface ReadRule<R extends AddressRule = AddressRule> {
  readonly rule: R;
  readonly texts: readonly Place[];
  readonly without: readonly Place[];
}

export function readRule<R extends AddressRule>(rule: R): ReadRule<R> {
  return { rule, texts: rule.texts.map(readPlace), without: rule.without.map(readPlace) };
}

export interface Match {
  readonly matches: boolean;
  /** What was found, or what was missing. */
  readonly because: string;
  /** Some of its text is there, and yet it does not match: what somebody who wonders should look at. */
  readonly near: boolean;
}

/** Whether the address is one the rule means. A household is not known by its address. */
export function fits({ rule, texts, without }: ReadRule, address: Place): boolean {
  if (rule.kind === 'household') return false;
  const held = (text: Place): boolean => holds(address, text);
  if (!(rule.kind === 'pattern' ? texts.every(held) : texts.some(held))) return false;
  if (rule.kind === 'street' && isRanged(rule)) {
    if (!texts.some((street) => housesOn(address, street).some((house) => inRange(rule, house))))
      return false;
  }
  return !without.some(held);
}

/** Whether it fits, and why. */
export function matchRule(read: ReadRule, address: Place): Match {
  const { rule, texts, without } = read;
  if (rule.kind === 'household') return { matches: false, near: false, because: '同户规则看户号，不看地址' };
  const there = rule.texts.filter((_, i) => holds(address, texts[i] as Place));
  const quoted = there.map((text) => `“${text}”`).join('、');
  const houses = isRanged(rule) ? texts.flatMap((street) => housesOn(address, street)) : [];
  const house = houses.find((number) => inRange(rule, number));
  if (fits(read, address)) {
    const because = isRanged(rule) ? `在${there[0]}，读到 ${house} 号` : `有${quoted}`;
    return { matches: true, near: true, because };
  }
  const no = (because: string): Match => ({ matches: false, near: there.length > 0, because });
  if (there.length === 0) return no(`没有“${rule.texts.join('”、“')}”`);
  const missing = rule.texts.find((text) => !there.includes(text));
  if (rule.kind === 'pattern' && missing !== undefined) return no(`有${quoted}，没有“${missing}”`);
  if (isRanged(rule) && houses.length === 0) return no(`有${quoted}，后面读不出门牌号`);
  if (isRanged(rule) && house === undefined)
    return no(`读到 ${houses[0]} 号，不在${rangeWords(rule).trim()}`);
  const excluded = rule.without.find((_, i) => holds(address, without[i] as Place));
  return no(`有“${excluded}”，这条规则不要`);
}

function housesOn({ counted }: Place, street: Place): number[] {
  const found: number[] = [];
  for (let at = placeIn(counted, street.counted); at >= 0; at = placeIn(counted, street.counted, at + 1)) {
    const house = houseNumberAt(counted, at + street.counted.length);
    if (house !== undefined) found.push(house);
  }
  return found;
}
