import type { PlainDate } from '../kernel/plain-date.ts';
import type { RegionCode } from '../kernel/region.ts';
import { type AddressRule, concerns, fits, inOrder, isInForce, type ReadRule, readRule } from './rules.ts';
import { readPlace } from './text.ts';

/** Somebody whose village nobody has told. */
export interface Unplaced {
  readonly person: number;
  /** The deepest region known: a town, or the county. */
  readonly region: RegionCode;
  readonly address: string;
  readonly household: string;
}

export interface Placed {
  readonly person: number;
  readonly rule: number;
  readonly village: RegionCode;
}

export interface Assignment {
  readonly placed: Placed[];
  /** Households that follow nobody: their known members stand in several villages. */
  readonly torn: ReadonlySet<string>;
  /** By rule: addresses that fit but whose people are known to stand in another town. */
  readonly elsewhere: ReadonlyMap<number, number>;
}

/**
 * Whom each rule places: of the rules of his place the first that matches. Who follows his household follows its members
 * known before, and those whom an earlier rule has just placed.
 * @param known villages of the other members, by household number
 */
export function assign(
  rules: readonly AddressRule[],
  day: PlainDate,
  people: readonly Unplaced[],
  known: ReadonlyMap<string, readonly RegionCode[]>,
): Assignment {
  const villages = new Map<string, Set<RegionCode>>();
  for (const [household, codes] of known) villages.set(household, new Set(codes));
  const left = new Map(people.map((one) => [one, readPlace(one.address)]));
  const placed: Placed[] = [];
  const torn = new Set<string>();
  const elsewhere = new Map<number, number>();
  for (const read of inOrder(rules)
    .filter((rule) => isInForce(rule, day))
    .map(readRule)) {
    const { rule } = read;
    const found: Placed[] = [];
    for (const [one, address] of left) {
      const village = villageBy(read, one, villages);
      if (village === 'torn') torn.add(one.household);
      if (village === undefined || village === 'torn') continue;
      if (rule.kind !== 'household' && !fits(read, address)) continue;
      if (!concerns(rule, one.region) || !village.startsWith(one.region)) {
        if (one.region.startsWith(rule.owner))
          elsewhere.set(rule.number, (elsewhere.get(rule.number) ?? 0) + 1);
        continue;
      }
      found.push({ person: one.person, rule: rule.number, village });
      left.delete(one);
      if (one.household === '' || rule.kind === 'household') continue;
      const members = villages.get(one.household) ?? new Set();
      villages.set(one.household, members.add(village));
    }
    placed.push(...found);
  }
  return { placed, torn, elsewhere };
}

function villageBy(
  { rule }: ReadRule,
  one: Unplaced,
  villages: ReadonlyMap<string, ReadonlySet<RegionCode>>,
): RegionCode | 'torn' | undefined {
  if (rule.kind !== 'household') return rule.village;
  if (one.household === '') return undefined;
  const known = villages.get(one.household);
  if (known === undefined || known.size === 0) return undefined;
  return known.size > 1 ? 'torn' : [...known][0];
}
