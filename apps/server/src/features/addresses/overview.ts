import { commonFragments, type Fragment } from '@quanbao/domain/addresses/fragments';
import { concerns, inOrder, isInForce, matchRule, readRule } from '@quanbao/domain/addresses/rules';
import { readPlace } from '@quanbao/domain/addresses/text';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { isWithin, type RegionCode } from '@quanbao/domain/kernel/region';
import { cleanPlace } from '@quanbao/domain/regions/place-names';
import type { RegionTree } from '@quanbao/domain/regions/region-tree';
import { journalOf } from '../../db/journal-of.ts';
import type { Scope } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { holdsIdNumber } from '../audit/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { placeOf } from '../register/index.ts';
import { askableDays, chooseDay, requireRegion } from '../reports/index.ts';
import { sentenceOf } from './apply.ts';
import { rulesSeen } from './rules.ts';
import { loadRules, readAddresses, readUnplaced } from './store.ts';

const FRAGMENTS = 30;

export interface UnplacedOverview {
  asOf: PlainDate;
  total: number;
  /** Of them without any address: no rule but a household finds those. */
  blank: number;
  places: { code: RegionCode; name: string; path: string; people: number }[];
  fragments: Fragment[];
}

/** Who stands in no village, by town, and what their addresses have in common. */
export async function unplacedOverview(
  instance: Instance,
  scope: Scope,
  asked: { readonly region?: RegionCode | undefined },
): Promise<UnplacedOverview> {
  const region = asked.region ?? scope.region;
  const { tree, day, seen } = await instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    requireRegion(tree, scope, region);
    const day = chooseDay(await askableDays(tx, scope.county), undefined);
    return { tree, day, seen: await readUnplaced(tx, tree, region, day) };
  });
  const people = await instance.db.transaction(journalOf(scope), (tx) =>
    readAddresses(tx, scope.county, seen, day),
  );
  const counts = new Map<RegionCode, number>();
  for (const one of people) counts.set(one.region, (counts.get(one.region) ?? 0) + 1);
  const written = people.map((one) => one.address).filter((address) => address.trim() !== '');
  return {
    asOf: day,
    total: people.length,
    blank: people.length - written.length,
    places: [...counts]
      .map(([code, n]) => ({ ...placeOf(tree, code), people: n }))
      .sort((a, b) => b.people - a.people || (a.code < b.code ? -1 : 1)),
    fragments: commonFragments(written, namesOfPlaces(tree, day), FRAGMENTS),
  };
}

/** Names an address may begin with: of what lies above the county, the county and its towns. */
function namesOfPlaces(tree: RegionTree, day: PlainDate): string[] {
  const { county } = tree;
  const rows = [county.slice(0, 2), county.slice(0, 4), county].flatMap((code) => tree.get(code) ?? []);
  return [...rows, ...tree.children(county, day)]
    .flatMap((row) => [row.name, ...row.aliases])
    .map(cleanPlace);
}

export interface TestedAddress {
  /** As the rules read it. */
  read: string;
  /** What the address says by itself, without any rule: a town, a village, or nothing. */
  says: { code: RegionCode; name: string; path: string } | null;
  /** The rule that takes it, and what it found. */
  rule: {
    number: number;
    words: string;
    because: string;
    village: { code: RegionCode; name: string; path: string };
  } | null;
  /** Rules tried before it some of whose text is there, and why they did not match. */
  near: { number: number; words: string; because: string }[];
  /** In one sentence. */
  because: string;
}

/** Which rule an address meets, and why. */
export async function testAddress(
  instance: Instance,
  scope: Scope,
  asked: { readonly text: string; readonly region?: RegionCode | undefined },
): Promise<TestedAddress> {
  if (holdsIdNumber(asked.text))
    throw new Refusal('address.id-number', '试的文字里不能有身份证号码；只写地址。');
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    if (asked.region !== undefined) requireRegion(tree, scope, asked.region);
    const day = chooseDay(await askableDays(tx, scope.county), undefined);
    const rules = rulesSeen(await loadRules(tx, scope.county), scope);
    const found = tree.fromAddress(asked.text);
    const named = found === undefined ? undefined : tree.current(found, day);
    const says = named === undefined ? null : placeOf(tree, named);
    const address = readPlace(asked.text);
    if (named !== undefined && named.length >= 12) {
      const because = `地址本身写明了${tree.path(named)}，不用规则。`;
      return { read: address.counted, says, rule: null, near: [], because };
    }
    const region = asked.region ?? named ?? scope.region;
    const near: TestedAddress['near'] = [];
    for (const read of inOrder(rules)
      .filter((rule) => isInForce(rule, day))
      .map(readRule)) {
      const { rule } = read;
      const { matches, near: almost, because } = matchRule(read, address);
      const line = { number: rule.number, words: sentenceOf(tree, rule), because };
      // Without a town in the text the rules of every town are tried, and said to be theirs.
      const here = concerns(rule, region) || (rule.village !== '' && isWithin(rule.village, region));
      const whose = isWithin(region, rule.owner) ? '' : `（只用于已知在${tree.path(rule.owner)}的人）`;
      if (matches && here) {
        const village = placeOf(tree, rule.village);
        return {
          read: address.counted,
          says,
          rule: { ...line, village },
          near,
          because: `第 ${rule.number} 号规则：${because}，归入${village.path}${whose}。`,
        };
      }
      if (matches) near.push({ ...line, because: `${because}，但已知在${tree.path(region)}，不归别的乡镇` });
      else if (almost) near.push(line);
    }
    const because = near.length === 0 ? '没有一条规则符合。' : '没有一条规则符合；下面几条只差一点。';
    return { read: address.counted, says, rule: null, near, because };
  });
}
