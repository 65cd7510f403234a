import type { QueryClient } from '@tanstack/react-query';

/** A merge moves answers, verdicts and the ledger: whatever is on screen is read again. */
export function refreshAll(queries: QueryClient): Promise<void> {
  return queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
}
