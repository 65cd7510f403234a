import type { Scope } from '../../db/port.ts';

/** What a town or a village orders, once its own scope has been asked, is written by the county's journal. */
export function journal({ county, actor }: Scope): Scope {
  return { county, region: county, actor };
}
