import { type Change, type Kept, NUMBERED, type Shelf, STORES, type StoreName } from './shelf.ts';

/** A shelf for tests: it can be killed before any write, and read again by whoever comes after. */
export function memoryShelf(): Shelf & { killAfter(writes: number): void; text(): string } {
  const stores = new Map(STORES.map((name) => [name, new Map<string | number, unknown>()]));
  const of = (name: StoreName) => stores.get(name) as Map<string | number, unknown>;
  let next = 1;
  let left = Number.POSITIVE_INFINITY;
  const apply = (change: Change): void => {
    if ('clear' in change) of(change.clear).clear();
    else if ('delete' in change) of(change.delete).delete(change.key);
    else {
      const key = change.key ?? (NUMBERED.has(change.put) ? next++ : undefined);
      if (key === undefined) throw new Error(`${change.put} needs a key`);
      of(change.put).set(key, structuredClone(change.value));
    }
  };
  return {
    get: async <Value>(store: StoreName, key: string | number) => of(store).get(key) as Value | undefined,
    all: async <Value>(store: StoreName) =>
      [...of(store)]
        .map(([key, value]): Kept<Value> => ({ key, value: value as Value }))
        .sort((a, b) => (a.key < b.key ? -1 : 1)),
    async write(changes) {
      if (left <= 0) throw new Error('killed');
      left--;
      changes.forEach(apply);
    },
    killAfter(writes) {
      left = writes;
    },
    text() {
      const words: string[] = [];
      const walk = (value: unknown): void => {
        if (value instanceof ArrayBuffer) words.push(new TextDecoder().decode(value));
        else if (value instanceof Uint8Array) words.push(new TextDecoder().decode(value));
        else if (typeof value === 'object' && value !== null) {
          for (const [name, inner] of Object.entries(value)) {
            words.push(name);
            walk(inner);
          }
        } else words.push(String(value));
      };
      for (const store of stores.values()) for (const value of store.values()) walk(value);
      return words.join('\n');
    },
  };
}
