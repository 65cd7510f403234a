import type { FieldCommand, FoundCommand } from '@quanbao/contract/field';
import type { AttemptWay } from '@quanbao/domain/survey/answers';
import type { Static } from 'typebox';
import type { Change, Shelf } from '../store/shelf.ts';
import type { Sealed, Vault } from '../vault/vault.ts';

/** An answer of somebody on the list. */
export type VisitCommand = Static<typeof FieldCommand> & { readonly found?: undefined };
/** Of somebody found, who is on none. */
export type StrangerCommand = Static<typeof FoundCommand> & { readonly person?: undefined };
export type Command = VisitCommand | StrangerCommand;

/** waiting: not yet in the server's hands. refused: the server said no, in words. done: the server has it. */
type EntryState = 'waiting' | 'refused' | 'done';

interface StoredEntry {
  readonly state: EntryState;
  readonly sealed: Sealed;
}

interface EntryBody {
  readonly command: Command;
  /** What was still missing of its proof when it was saved. */
  readonly missing: readonly string[];
  /** The server's words when it refused, or of what became of somebody found. */
  readonly message?: string | undefined;
  readonly doneAt?: string | undefined;
}

export interface Entry extends EntryBody {
  readonly number: number;
  readonly state: EntryState;
}

/** What the server has not taken: it waits, or came back. */
export function isUnsent({ state }: Entry): boolean {
  return state !== 'done';
}

/**
 * How much the server has not taken, pictures that wait too, and when the oldest of it was written down.
 * @param going numbers of the answers that are on their way
 */
export function heldOf(
  entries: readonly Entry[],
  pictures: readonly WaitingPicture[],
  going: ReadonlySet<number>,
): { waiting: number; oldest?: string } {
  const unsent = entries.filter((entry) => isUnsent(entry) && !going.has(entry.number));
  const shots = pictures.filter(({ refused }) => refused === null);
  // A picture is as old as the answer that names it, be that in the server's hands already.
  const digests = new Set(shots.map(({ digest }) => digest));
  const behind = entries.filter(({ command }) => command.media?.some((digest) => digests.has(digest)));
  const [oldest] = [...unsent, ...behind].map(({ command }) => command.madeAt).sort();
  return { waiting: unsent.length + shots.length, ...(oldest !== undefined && { oldest }) };
}

interface StoredPicture {
  readonly digest: string;
  /** The server took it for no picture, or for a damaged one. */
  readonly refused: string | null;
  readonly sealed: Sealed;
}

interface Picture {
  readonly digest: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface WaitingPicture {
  readonly number: number;
  readonly digest: string;
  readonly refused: string | null;
}

/** Somebody was tried and not met: called, or not found at his door. */
export interface Attempt {
  readonly at: string;
  readonly way: AttemptWay;
  /** Empty at a door. */
  readonly number: string;
}

interface AttemptAt extends Attempt {
  readonly person: number;
}

export interface KeptAttempt extends AttemptAt {
  readonly key: number;
}

/** Answers on their way to the server. Nothing leaves it before the server has said that it is there. */
export interface Outbox {
  entries(): Promise<Entry[]>;
  pictures(): Promise<WaitingPicture[]>;
  picture(number: number): Promise<Uint8Array<ArrayBuffer>>;
  attempts(): Promise<KeptAttempt[]>;
  /** Somebody was called or looked for at his door, before there is an answer. */
  tried(attempt: AttemptAt): Promise<void>;
  /** It was tapped by mistake. */
  untried(key: number): Promise<void>;
  /** Answer, pictures and the attempts it takes up: all of it or nothing. */
  save(answer: {
    readonly command: Command;
    readonly missing: readonly string[];
    readonly pictures: readonly Picture[];
    readonly attempts?: readonly number[];
    /** The entry that this one stands for. */
    readonly instead?: number | undefined;
  }): Promise<void>;
  settle(
    receipts: readonly { entry: Entry; refused: string | null; said?: string | null }[],
    at: string,
  ): Promise<void>;
  settlePicture(number: number, refused: string | null): Promise<void>;
  /** An answer that the worker gives up. */
  drop(number: number): Promise<void>;
  /** What takes away those answers that a newer list already holds. */
  forgotten(before: string): Promise<Change[]>;
}

export function openOutbox(shelf: Shelf, vault: Vault): Outbox {
  const entries = async (): Promise<Entry[]> => {
    const kept = await shelf.all<StoredEntry>('outbox');
    return Promise.all(
      kept.map(async ({ key, value }) => ({
        ...(await vault.open<EntryBody>('outbox', value.sealed)),
        number: Number(key),
        state: value.state,
      })),
    );
  };
  const put = async (state: EntryState, body: EntryBody, number?: number): Promise<Change> => ({
    put: 'outbox',
    value: { state, sealed: await vault.seal('outbox', body) } satisfies StoredEntry,
    ...(number === undefined ? {} : { key: number }),
  });
  const picturesOf = async (digests: readonly string[]): Promise<Change[]> => {
    const kept = await shelf.all<StoredPicture>('media');
    return kept
      .filter(({ value }) => digests.includes(value.digest))
      .map(({ key }) => ({ delete: 'media', key }));
  };
  return {
    entries,
    pictures: async () =>
      (await shelf.all<StoredPicture>('media')).map(({ key, value }) => ({
        number: Number(key),
        digest: value.digest,
        refused: value.refused,
      })),
    async picture(number) {
      const kept = await shelf.get<StoredPicture>('media', number);
      if (kept === undefined) throw new Error(`no picture ${number}`);
      return vault.openBytes('media', kept.sealed);
    },
    async attempts() {
      const kept = await shelf.all<Sealed>('attempts');
      return Promise.all(
        kept.map(async ({ key, value }) => {
          // An earlier version kept calls only, and did not say so.
          const { way = '电话', ...attempt } = await vault.open<
            Omit<AttemptAt, 'way'> & { readonly way?: AttemptWay }
          >('attempts', value);
          return { ...attempt, way, key: Number(key) };
        }),
      );
    },
    async tried(attempt) {
      await shelf.write([{ put: 'attempts', value: await vault.seal('attempts', attempt) }]);
    },
    async untried(key) {
      await shelf.write([{ delete: 'attempts', key }]);
    },
    async save({ command, missing, pictures, attempts = [], instead }) {
      const there = new Set((await shelf.all<StoredPicture>('media')).map(({ value }) => value.digest));
      const changes: Change[] = [await put('waiting', { command, missing })];
      for (const { digest, bytes } of pictures) {
        if (there.has(digest)) continue;
        const sealed = await vault.sealBytes('media', bytes);
        changes.push({ put: 'media', value: { digest, refused: null, sealed } satisfies StoredPicture });
      }
      for (const key of attempts) changes.push({ delete: 'attempts', key });
      if (instead !== undefined) changes.push({ delete: 'outbox', key: instead });
      await shelf.write(changes);
    },
    async settle(receipts, at) {
      const changes = receipts.map(({ entry: { command, missing, number }, refused, said }) =>
        refused === null
          ? put('done', { command, missing, doneAt: at, ...(said && { message: said }) }, number)
          : put('refused', { command, missing, message: refused }, number),
      );
      if (changes.length > 0) await shelf.write(await Promise.all(changes));
    },
    async settlePicture(number, refused) {
      const kept = await shelf.get<StoredPicture>('media', number);
      if (kept === undefined) return;
      await shelf.write([
        refused === null
          ? { delete: 'media', key: number }
          : { put: 'media', key: number, value: { ...kept, refused } satisfies StoredPicture },
      ]);
    },
    async drop(number) {
      const all = await entries();
      const dropped = all.find((entry) => entry.number === number);
      const used = new Set(
        all.filter((entry) => entry.number !== number).flatMap(({ command }) => command.media ?? []),
      );
      const alone = (dropped?.command.media ?? []).filter((digest) => !used.has(digest));
      await shelf.write([{ delete: 'outbox', key: number }, ...(await picturesOf(alone))]);
    },
    async forgotten(before) {
      return (await entries())
        .filter(({ state, doneAt }) => state === 'done' && doneAt !== undefined && doneAt < before)
        .map(({ number }) => ({ delete: 'outbox', key: number }));
    },
  };
}
