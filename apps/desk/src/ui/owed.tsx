import type { ReactNode } from 'react';

/** What is still missing for somebody to be settled. */
export function Owed({ children }: { readonly children: ReactNode }) {
  return <small className="owed">{children}</small>;
}
