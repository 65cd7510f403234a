import type { Scope } from '../db/port.ts';
import {
  addCovers,
  addRound,
  drawCheck,
  enterResult,
  listHeadcounts,
  signHeadcount,
  viewCheck,
} from '../features/survey/index.ts';
import type { Instance } from '../instance.ts';

/** A village on its way and the account that visits there. */
export interface VisitedVillage {
  readonly village: string;
  readonly login: string;
}

const FROM = '2020-10-12';
const DUE = '2020-11-30';
const FOUND = [
  { result: 'same', note: '' },
  { result: 'same', note: '' },
  { result: 'same', note: '' },
  { result: 'different', note: '本人说没有签过意愿书，需重新上门' },
  { result: 'unverifiable', note: '电话三次无人接听' },
] as const;

/**
 * What the county's own office does around the demo's visits: a round of the not insured, villages given to accounts,
 * a back-check half of which is entered, and figures that some villages have signed.
 */
export async function makeCampaign(
  instance: Instance,
  county: string,
  { visited, arrived }: { readonly visited: readonly VisitedVillage[]; readonly arrived: number },
): Promise<void> {
  const office: Scope = { county, region: county, actor: 'county' };
  await addRound(instance, office, {
    name: '十月应保未保入户',
    basis: 'ledger',
    kinds: ['uninsured'],
    from: FROM,
    due: DUE,
    quota: 20,
    revisitDays: 14,
  });
  for (const { village, login } of visited) {
    await addCovers(instance, office, { villages: [village], accounts: [login], from: FROM });
  }
  if (arrived > 0) await drawAndCheck(instance, office);
  await signSome(instance, county, visited);
}

async function drawAndCheck(instance: Instance, office: Scope): Promise<void> {
  const { check } = await drawCheck(instance, office, { from: FROM, count: 20, number: 20_201_101 });
  const { items } = await viewCheck(instance, office, check);
  for (const [i, { command }] of items.slice(0, Math.ceil(items.length / 2)).entries()) {
    await enterResult(instance, office, check, {
      command,
      ...(FOUND[i % FOUND.length] as (typeof FOUND)[number]),
    });
  }
}

/** Every other village on its way signs its own figures. */
async function signSome(
  instance: Instance,
  county: string,
  visited: readonly VisitedVillage[],
): Promise<void> {
  for (const { village, login } of visited.filter((_, i) => i % 2 === 0)) {
    const own: Scope = { county, region: village, actor: login, duty: 'read' };
    const { asOf, villages } = await listHeadcounts(instance, own, {});
    const here = villages.find((one) => one.village.code === village);
    if (here === undefined) continue;
    await signHeadcount(instance, own, {
      village,
      day: asOf,
      population: here.population,
      inScope: here.inScope,
    });
  }
}
