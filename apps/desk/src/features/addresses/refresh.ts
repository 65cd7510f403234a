import { addressApplications, addressRules, unplacedPeople } from '@quanbao/contract/addresses';
import type { QueryClient } from '@tanstack/react-query';
import { refreshAll } from '../../api/queries.ts';

/** The table of rules is read again. */
export function refreshRules(queries: QueryClient): Promise<void> {
  return queries.invalidateQueries({ queryKey: [addressRules.url] });
}

/** Where people stand has changed: every page counts anew. */
export async function refreshPlaces(queries: QueryClient): Promise<void> {
  await queries.invalidateQueries({ queryKey: [addressApplications.url] });
  await queries.invalidateQueries({ queryKey: [unplacedPeople.url] });
  await refreshAll(queries);
}
