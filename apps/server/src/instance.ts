import type { Database, Tx } from './db/port.ts';
import type { FieldCipher } from './secrets/field.ts';
import type { FileStore } from './secrets/file-store.ts';
import type { Keyring } from './secrets/keyring.ts';

/** What a use-case is handed: the open instance. Wired in `composition.ts` and nowhere else. */
export interface Instance {
  readonly db: Database;
  readonly cipher: FieldCipher;
  readonly files: FileStore;
  readonly keyring: Keyring;
  /** The directory of keys, stored files and, for the desk size, the database. */
  readonly dir: string;
}

/** The same for work that belongs into a transaction already open: what asks for one gets that. */
export function within(instance: Instance, tx: Tx): Instance {
  return { ...instance, db: { ...instance.db, transaction: (_, work) => work(tx) } };
}
