import { Refusal } from '../kernel/problem.ts';
import { isWithin, type RegionCode } from '../kernel/region.ts';
import { type Amount, changeKeepingSum, splitByWeights, sumOf, type Weight } from './split.ts';

/** How a share came to be: as a paper has it, by weight, or changed by hand. */
export type How = 'given' | 'split' | 'hand';

export interface Share extends Amount {
  readonly how: How;
  readonly weight: number | null;
  /** As a paper calls the unit and where it stands in it; empty and 0 otherwise. */
  readonly printed: string;
  readonly position: number;
}

const TOWN = 9;

export function townsOf(shares: readonly Share[]): Share[] {
  return shares.filter(({ region }) => region.length === TOWN);
}

export function villagesOfTown(shares: readonly Share[], town: RegionCode): Share[] {
  return shares.filter(({ region }) => region.length > TOWN && isWithin(region, town));
}

/** Sums that do not agree, in words; empty where all do. */
export function checkShares(
  total: number,
  shares: readonly Share[],
  nameOf: (region: RegionCode) => string,
): string[] {
  const failures: string[] = [];
  const towns = townsOf(shares);
  const sum = sumOf(towns);
  if (towns.length > 0 && sum !== total)
    failures.push(`各乡镇之和 ${sum} 与合计 ${total} 相差 ${sum - total}`);
  for (const town of towns) {
    const villages = villagesOfTown(shares, town.region);
    const below = sumOf(villages);
    if (villages.length > 0 && below !== town.amount) {
      failures.push(
        `${nameOf(town.region)}各村（社区）之和 ${below} 与本乡镇 ${town.amount} 相差 ${below - town.amount}`,
      );
    }
  }
  const loose = shares.filter(
    ({ region }) => region.length > TOWN && !towns.some((town) => isWithin(region, town.region)),
  );
  if (loose.length > 0) failures.push(`${loose.length} 个村（社区）有任务而所在乡镇没有`);
  return failures;
}

export function splitShares(total: number, weights: readonly Weight[]): Share[] {
  const weighed = new Map(weights.map(({ region, weight }) => [region, weight]));
  return splitByWeights(total, weights).map(({ region, amount }) => ({
    region,
    amount,
    how: 'split',
    weight: weighed.get(region) ?? 0,
    printed: '',
    position: 0,
  }));
}

/** The town's amount divided to its villages anew, whatever they had. */
export function splitTown(shares: readonly Share[], town: RegionCode, weights: readonly Weight[]): Share[] {
  const own = shares.find(({ region }) => region === town);
  if (own === undefined)
    throw new Refusal('targets.place', '这个乡镇没有任务，不能分解到村；请先给它任务数。');
  const kept = shares.filter(({ region }) => region.length === TOWN || !isWithin(region, town));
  return [...kept, ...splitShares(own.amount, weights)];
}

/**
 * One share is changed and its siblings keep the sum; every town whose amount moved hands the change on to its villages
 * in the proportion they had.
 */
export function changeShare(
  shares: readonly Share[],
  region: RegionCode,
  to: number,
  from?: RegionCode,
): Share[] {
  const isTown = region.length === TOWN;
  const siblings = isTown ? townsOf(shares) : villagesOfTown(shares, region.slice(0, TOWN));
  const changed = changeKeepingSum(siblings, region, to, from);
  const now = withAmounts(shares, changed, region);
  return isTown ? spread(shares, now) : now;
}

/** Another total, divided over the towns as they stood, and over their villages. */
export function changeTotal(shares: readonly Share[], total: number): Share[] {
  const towns = townsOf(shares);
  const anew = splitByWeights(
    total,
    towns.map(({ region, amount }) => ({ region, weight: amount })),
  );
  return spread(shares, withAmounts(shares, anew));
}

function withAmounts(shares: readonly Share[], amounts: readonly Amount[], byHand?: RegionCode): Share[] {
  const to = new Map(amounts.map(({ region, amount }) => [region, amount]));
  return shares.map((share) => {
    const amount = to.get(share.region);
    if (amount === undefined || (amount === share.amount && share.region !== byHand)) return share;
    return { ...share, amount, how: 'hand' };
  });
}

function spread(before: readonly Share[], now: readonly Share[]): Share[] {
  const was = new Map(before.map(({ region, amount }) => [region, amount]));
  let spreading = [...now];
  for (const town of townsOf(now)) {
    if (town.amount === was.get(town.region)) continue;
    const villages = villagesOfTown(now, town.region);
    if (villages.length === 0) continue;
    const anew = splitByWeights(
      town.amount,
      villages.map(({ region, amount }) => ({ region, weight: amount })),
    );
    spreading = withAmounts(spreading, anew);
  }
  return spreading;
}
