import type { Scope } from './port.ts';

/** What a town or a village orders, once its own scope has been asked, is written by the county's journal. */
export function journalOf({ county, actor }: Scope): Scope {
  return { county, region: county, actor };
}
