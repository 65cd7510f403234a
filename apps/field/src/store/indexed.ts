import { type Kept, NUMBERED, type Shelf, STORES, type StoreName } from './shelf.ts';

const NAME = 'quanbao-field';

/** The browser's database. */
export async function indexedShelf(): Promise<Shelf> {
  const db = await opened();
  const reading = <Value>(
    store: StoreName,
    ask: (from: IDBObjectStore) => IDBRequest<Value>,
  ): Promise<Value> => answer(ask(db.transaction(store).objectStore(store)));
  return {
    get: (store, key) => reading(store, (from) => from.get(key)),
    async all<Value>(store: StoreName) {
      const tx = db.transaction(store);
      const from = tx.objectStore(store);
      const [keys, values] = await Promise.all([answer(from.getAllKeys()), answer(from.getAll())]);
      return keys.map((key, i): Kept<Value> => ({ key: key as string | number, value: values[i] as Value }));
    },
    write: (changes) =>
      new Promise((done, failed) => {
        // Strict: on the disk, not only in the browser's hands, before the screen moves on.
        const tx = db.transaction([...STORES], 'readwrite', { durability: 'strict' });
        tx.oncomplete = () => done();
        tx.onabort = () => failed(tx.error ?? new Error('aborted'));
        for (const change of changes) {
          if ('clear' in change) tx.objectStore(change.clear).clear();
          else if ('delete' in change) tx.objectStore(change.delete).delete(change.key);
          else tx.objectStore(change.put).put(change.value, change.key);
        }
      }),
  };
}

function opened(): Promise<IDBDatabase> {
  const asked = indexedDB.open(NAME, 1);
  asked.onupgradeneeded = () => {
    for (const name of STORES) asked.result.createObjectStore(name, { autoIncrement: NUMBERED.has(name) });
  };
  return answer(asked);
}

function answer<Value>(asked: IDBRequest<Value>): Promise<Value> {
  return new Promise((done, failed) => {
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error ?? new Error('no database'));
  });
}
