/** What the phone keeps. Everything personal in it is sealed by the vault. */
export type StoreName = 'meta' | 'villages' | 'outbox' | 'attempts' | 'media';

export type Change =
  | { readonly put: StoreName; readonly value: unknown; readonly key?: string | number }
  | { readonly delete: StoreName; readonly key: string | number }
  | { readonly clear: StoreName };

export interface Kept<Value> {
  readonly key: string | number;
  readonly value: Value;
}

export interface Shelf {
  get<Value>(store: StoreName, key: string | number): Promise<Value | undefined>;
  /** In the order of their keys; of what was put without a key, oldest first. */
  all<Value>(store: StoreName): Promise<Kept<Value>[]>;
  /** All of it or nothing, and on the disk when it returns. */
  write(changes: readonly Change[]): Promise<void>;
}

export const STORES: readonly StoreName[] = ['meta', 'villages', 'outbox', 'attempts', 'media'];
/** Numbered as they come. */
export const NUMBERED: ReadonlySet<StoreName> = new Set(['outbox', 'attempts', 'media']);
