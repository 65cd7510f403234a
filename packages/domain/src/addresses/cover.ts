import { type AddressRule, inOrder, isRanged, type ReadRule, readRule } from './rules.ts';
import { implies, type Place } from './text.ts';

/** A rule nobody can ever reach, and why. */
export interface Unreachable {
  readonly rule: number;
  /** The earlier rule that takes all of its people; undefined where it contradicts itself. */
  readonly by: number | undefined;
  readonly because: string;
}

/** Rules that can never match: an earlier one takes whatever they mean, or they exclude what they ask for. */
export function unreachableRules(rules: readonly AddressRule[]): Unreachable[] {
  const ordered = inOrder(rules).map(readRule);
  return ordered.flatMap((later, i): Unreachable[] => {
    const { number } = later.rule;
    const itself = contradictsItself(later);
    if (itself !== undefined) return [{ rule: number, by: undefined, because: itself }];
    const earlier = ordered.slice(0, i).find((one) => covers(one, later));
    if (earlier === undefined) return [];
    return [
      {
        rule: number,
        by: earlier.rule.number,
        because: `凡符合它的地址都先符合排在前面的第 ${earlier.rule.number} 号规则`,
      },
    ];
  });
}

function contradictsItself({ rule, texts, without }: ReadRule): string | undefined {
  const excludes = (text: Place): boolean => without.some((one) => implies(text, one));
  const dead = rule.kind === 'pattern' ? texts.some(excludes) : texts.length > 0 && texts.every(excludes);
  if (dead) return '它要的文字里就有它不要的文字';
  const { first, last, parity } = rule;
  if (first !== undefined && first === last && (first % 2 === 1 ? parity === 'even' : parity === 'odd'))
    return '只有一个门牌号，单双却不对';
  return undefined;
}

/** Whether every address and person that `later` means is taken by `earlier`. Where it cannot tell: no. */
export function covers(earlier: ReadRule, later: ReadRule): boolean {
  const a = earlier.rule;
  const b = later.rule;
  if (!b.owner.startsWith(a.owner) || a.from > b.from || a.to < b.to) return false;
  // Between two household rules others may place more members to follow.
  if (a.kind === 'household' || b.kind === 'household') return false;
  // Who is known to stand in one town is nobody of another's villages.
  if (a.village.slice(0, 9) !== b.village.slice(0, 9)) return false;
  if (!earlier.without.every((x) => later.without.some((y) => implies(x, y)))) return false;
  if (a.kind === 'pattern') {
    const inAll = (text: Place): boolean => later.texts.some((one) => implies(one, text));
    const inEach = (text: Place): boolean => later.texts.every((one) => implies(one, text));
    return earlier.texts.every(b.kind === 'pattern' ? inAll : inEach);
  }
  if (a.kind === 'street' && isRanged(a)) {
    if (b.kind !== 'street' || !isRanged(b) || !withinRange(a, b)) return false;
    return later.texts.every((one) =>
      earlier.texts.some((text) => text.counted === one.counted && text.plain === one.plain),
    );
  }
  const named = (one: Place): boolean => earlier.texts.some((text) => implies(one, text));
  return b.kind === 'pattern' ? later.texts.some(named) : later.texts.every(named);
}

function withinRange(outer: AddressRule, inner: AddressRule): boolean {
  if (outer.parity !== 'all' && outer.parity !== inner.parity) return false;
  if ((outer.first ?? 0) > (inner.first ?? 0)) return false;
  return (outer.last ?? Infinity) >= (inner.last ?? Infinity);
}
