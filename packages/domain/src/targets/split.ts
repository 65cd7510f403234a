import { Refusal } from '../kernel/problem.ts';
import type { RegionCode } from '../kernel/region.ts';

export interface Weight {
  readonly region: RegionCode;
  /** A whole number of at least 0. */
  readonly weight: number;
}

export interface Amount {
  readonly region: RegionCode;
  readonly amount: number;
}

/**
 * Largest remainder: whole parts in the proportion of the weights whose sum is exactly the total. Equal remainders go by
 * the code; where nobody weighs anything, all weigh the same. Money in 分 times a weight may pass 2⁵³: counted exactly.
 */
export function splitByWeights(total: number, weights: readonly Weight[]): Amount[] {
  requireWhole(total, '任务总数');
  if (weights.length === 0) {
    if (total === 0) return [];
    throw new Refusal('targets.nobody', '没有可以分解到的单位；请先核对行政区划。');
  }
  for (const { weight } of weights) requireWhole(weight, '权重');
  const even = weights.every(({ weight }) => weight === 0);
  const ordered = [...weights].sort((a, b) => (a.region < b.region ? -1 : 1));
  const parts = ordered.map(({ weight }) => BigInt(even ? 1 : weight));
  const sum = parts.reduce((a, b) => a + b, 0n);
  const shares = parts.map((part) => (part * BigInt(total)) / sum);
  const rests = parts.map((part, at) => ({ at, rest: (part * BigInt(total)) % sum }));
  let left = Number(BigInt(total) - shares.reduce((a, b) => a + b, 0n));
  rests.sort((a, b) => (a.rest === b.rest ? a.at - b.at : a.rest > b.rest ? -1 : 1));
  for (const { at } of rests) {
    if (left === 0) break;
    shares[at] = (shares[at] as bigint) + 1n;
    left--;
  }
  const found = new Map(ordered.map(({ region }, at) => [region, Number(shares[at])]));
  return weights.map(({ region }) => ({ region, amount: found.get(region) as number }));
}

/**
 * One place's amount is changed by hand and the sum stays: the others give or take in proportion to what they have, or
 * the one that is named does.
 * @throws Refusal where the others have not so much to give
 */
export function changeKeepingSum(
  amounts: readonly Amount[],
  region: RegionCode,
  to: number,
  from?: RegionCode,
): Amount[] {
  requireWhole(to, '任务数');
  const one = amounts.find((amount) => amount.region === region);
  if (one === undefined) throw new Refusal('targets.place', '这个单位不在本次分解之内；请从表里选。');
  if (from !== undefined) return takeFrom(amounts, one, to, from);
  const total = sumOf(amounts);
  const others = amounts.filter((amount) => amount.region !== region);
  const left = total - to;
  if (left < 0) {
    throw new Refusal('targets.sum', `改成 ${to} 超过了合计 ${total}；请不大于合计，或先改总任务数。`);
  }
  if (others.length === 0 && left > 0) {
    throw new Refusal(
      'targets.sum',
      `只有这一个单位，任务数只能等于合计 ${total}；请改总任务数，或另加单位。`,
    );
  }
  const rest = new Map(
    splitByWeights(
      left,
      others.map(({ region: code, amount }) => ({ region: code, weight: amount })),
    ).map(({ region: code, amount }) => [code, amount]),
  );
  return amounts.map(({ region: code }) => ({
    region: code,
    amount: code === region ? to : (rest.get(code) as number),
  }));
}

function takeFrom(amounts: readonly Amount[], one: Amount, to: number, from: RegionCode): Amount[] {
  const giver = amounts.find((amount) => amount.region === from);
  if (giver === undefined || giver === one) {
    throw new Refusal('targets.place', '由哪个单位调整没有选对；请选同级的另一个单位。');
  }
  const rest = giver.amount - (to - one.amount);
  if (rest < 0) {
    throw new Refusal(
      'targets.sum',
      `要调出 ${to - one.amount}，所选单位只有 ${giver.amount}；请少调一些，或由其他单位按比例分担。`,
    );
  }
  return amounts.map((amount) => ({
    region: amount.region,
    amount: amount === one ? to : amount === giver ? rest : amount.amount,
  }));
}

export function sumOf(amounts: readonly { readonly amount: number }[]): number {
  return amounts.reduce((sum, { amount }) => sum + amount, 0);
}

function requireWhole(n: number, what: string): void {
  if (!Number.isSafeInteger(n) || n < 0)
    throw new Refusal('targets.number', `${what}应为不小于 0 的整数；请改正后再试。`);
}
