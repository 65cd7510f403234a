import { ledger, ledgerItem, ledgerOverview, notices, personItems } from '@quanbao/contract/ledger';
import type { QueryClient } from '@tanstack/react-query';

const OURS: readonly unknown[] = [ledger, ledgerItem, ledgerOverview, notices, personItems].map(
  ({ url }) => url,
);

/** Whatever shows items is read again. */
export function refreshLedger(queries: QueryClient): Promise<void> {
  return queries.invalidateQueries({ predicate: ({ queryKey }) => OURS.includes(queryKey[0]) });
}
