import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import type { OpenedInstance } from '../apps/server/src/composition.ts';
import type { Scope } from '../apps/server/src/db/port.ts';
import type { PlannedRound } from '../apps/server/src/demo/index.ts';
import { loadRegionTree } from '../apps/server/src/features/regions/index.ts';
import type { DeliveryRequest } from '../apps/server/src/features/sources/index.ts';
import type { Gallery } from './gallery.ts';

export const COUNTY = '430981';
export const OFFICE: Scope = { county: COUNTY, region: COUNTY, actor: 'county' };

interface Place {
  readonly code: string;
  readonly name: string;
}

/** The county while the campaign goes on, and what must not change of it any more. */
export interface Campaign {
  readonly instance: OpenedInstance;
  readonly gallery: Gallery;
  /** Where the offices' files lie. */
  readonly lists: string;
  readonly towns: readonly (Place & { readonly villages: readonly Place[] })[];
  readonly arrivals: ReadonlyMap<PlainDate, readonly DeliveryRequest[]>;
  readonly rounds: readonly PlannedRound[];
  readonly residents: number;
  /** A short form: villages send no form of their own, and theirs are looked at on Sundays. */
  readonly quick: boolean;
  readonly kept: Kept;
  /** Numbers by which later days go on with what earlier ones began. */
  readonly begun: Map<string, number>;
  readonly seconds: Map<string, number>;
}

/** Digests as they were when something was submitted, issued or frozen. */
interface Kept {
  readonly submissions: Map<string, string>;
  readonly papers: Map<number, string>;
  /** Sealed rows of the trail: they only ever become more. */
  sealed: number;
  /** The county's figures before a list that is taken back on the next day. */
  figures: string;
}

export function placeScope(region: string, actor: string): Scope {
  return { county: COUNTY, region, actor, duty: 'read' };
}

export async function townsOf(instance: OpenedInstance, day: PlainDate): Promise<Campaign['towns']> {
  return instance.db.transaction(OFFICE, async (tx) => {
    const tree = await loadRegionTree(tx, COUNTY);
    const below = (code: string): Place[] =>
      tree.children(code, day).map(({ code: c, name }) => ({ code: c, name }));
    return below(COUNTY).map((town) => ({ ...town, villages: below(town.code) }));
  });
}

/** The number of something begun on an earlier day. */
export function begun(campaign: Campaign, what: string): number {
  const number = campaign.begun.get(what);
  if (number === undefined) throw new Error(`${what} has not begun`);
  return number;
}

/** Adds up how long a kind of work takes over all days. */
export async function timed<T>(campaign: Campaign, stage: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  try {
    return await work();
  } finally {
    const { seconds } = campaign;
    seconds.set(stage, (seconds.get(stage) ?? 0) + (performance.now() - start) / 1000);
  }
}
