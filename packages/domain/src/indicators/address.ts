import { findIndicator } from './indicators.ts';

/** A page of the desk with what it is asked. */
export interface Address {
  readonly path: '/people' | '/items' | '/indicators';
  readonly query: Readonly<Record<string, string>>;
}

/** The page of the desk on which what an indicator counts is listed; of a rate or a plan its definition with its numbers. */
export function indicatorAddress(code: string): Address {
  const found = findIndicator(code);
  const over = found?.kind === 'count' ? found.over : undefined;
  const path = over === 'people' ? '/people' : over === 'items' ? '/items' : '/indicators';
  return { path, query: { indicator: code } };
}
