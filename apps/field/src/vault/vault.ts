import type { Shelf, StoreName } from '../store/shelf.ts';

/** Bytes that only an open vault can read. */
export interface Sealed {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly data: ArrayBuffer;
}

/** The data key, wrapped by a key made of the PIN. */
interface Wrapped {
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly rounds: number;
  readonly key: Sealed;
}

const ROUNDS = 310_000;
/** Wrong PINs, one after another, before everything is wiped. */
export const TRIES = 5;
const KEY_STORE = 'meta';
const KEY = 'vault';
const COUNT = 'tries';

export interface Vault {
  /** @param place where it will lie: it cannot be read from anywhere else */
  seal(place: StoreName, value: unknown): Promise<Sealed>;
  open<Value>(place: StoreName, sealed: Sealed): Promise<Value>;
  sealBytes(place: StoreName, bytes: Uint8Array<ArrayBuffer>): Promise<Sealed>;
  openBytes(place: StoreName, sealed: Sealed): Promise<Uint8Array<ArrayBuffer>>;
}

/** 000000, 123456, 112233 and their like are tried first by whoever finds the phone. */
export function isWeakPin(pin: string): boolean {
  const steps = new Set([...pin].slice(1).map((digit, i) => Number(digit) - Number(pin[i])));
  return steps.size === 1 || new Set(pin).size < 3 || /^(\d\d)\1\1$/.test(pin);
}

export async function hasVault(shelf: Shelf): Promise<boolean> {
  return (await shelf.get(KEY_STORE, KEY)) !== undefined;
}

/** A new data key under a PIN; whatever an older one sealed can no longer be read. */
export async function createVault(shelf: Shelf, pin: string, rounds = ROUNDS): Promise<Vault> {
  const raw = random(32);
  await shelf.write([
    { put: KEY_STORE, key: KEY, value: await wrap(raw, pin, rounds) },
    { put: KEY_STORE, key: COUNT, value: 0 },
  ]);
  return vaultOf(raw);
}

export async function changePin(shelf: Shelf, old: string, pin: string): Promise<boolean> {
  const wrapped = await shelf.get<Wrapped>(KEY_STORE, KEY);
  const raw = wrapped && (await unwrap(wrapped, old));
  if (!raw) return false;
  await shelf.write([{ put: KEY_STORE, key: KEY, value: await wrap(raw, pin, wrapped.rounds) }]);
  return true;
}

export type Unlocked =
  | { readonly vault: Vault }
  /** Tries that are left; at 0 everything is gone. */
  | { readonly left: number };

/** A try is counted before it is made: switching the phone off gives none back. */
export async function unlock(shelf: Shelf, pin: string, wipe: () => Promise<void>): Promise<Unlocked> {
  const wrapped = await shelf.get<Wrapped>(KEY_STORE, KEY);
  if (wrapped === undefined) return { left: 0 };
  const before = (await shelf.get<number>(KEY_STORE, COUNT)) ?? 0;
  if (before >= TRIES) {
    await wipe();
    return { left: 0 };
  }
  await shelf.write([{ put: KEY_STORE, key: COUNT, value: before + 1 }]);
  const raw = await unwrap(wrapped, pin);
  if (raw) {
    await shelf.write([{ put: KEY_STORE, key: COUNT, value: 0 }]);
    return { vault: await vaultOf(raw) };
  }
  const left = TRIES - before - 1;
  if (left === 0) await wipe();
  return { left };
}

async function wrap(raw: Uint8Array<ArrayBuffer>, pin: string, rounds: number): Promise<Wrapped> {
  const salt = random(16);
  const iv = random(12);
  const key = await pinKey(pin, salt, rounds);
  return {
    salt,
    rounds,
    key: { iv, data: await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, raw) },
  };
}

async function unwrap(
  { salt, rounds, key }: Wrapped,
  pin: string,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const opener = await pinKey(pin, salt, rounds);
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: key.iv }, opener, key.data));
  } catch {
    return undefined;
  }
}

async function pinKey(pin: string, salt: Uint8Array<ArrayBuffer>, iterations: number): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', utf8(pin), 'PBKDF2', false, ['deriveKey']);
  return crypto.subtle.deriveKey(
    { name: 'PBKDF2', hash: 'SHA-256', salt, iterations },
    material,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
}

async function vaultOf(raw: Uint8Array<ArrayBuffer>): Promise<Vault> {
  const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
  raw.fill(0);
  const sealBytes = async (place: StoreName, bytes: Uint8Array<ArrayBuffer>): Promise<Sealed> => {
    const iv = random(12);
    const how = { name: 'AES-GCM', iv, additionalData: utf8(place) };
    return { iv, data: await crypto.subtle.encrypt(how, key, bytes) };
  };
  const openBytes = async (place: StoreName, { iv, data }: Sealed): Promise<Uint8Array<ArrayBuffer>> => {
    const how = { name: 'AES-GCM', iv, additionalData: utf8(place) };
    return new Uint8Array(await crypto.subtle.decrypt(how, key, data));
  };
  return {
    sealBytes,
    openBytes,
    seal: (place, value) => sealBytes(place, utf8(JSON.stringify(value))),
    open: async <Value>(place: StoreName, sealed: Sealed) =>
      JSON.parse(new TextDecoder().decode(await openBytes(place, sealed))) as Value,
  };
}

function random(bytes: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(bytes));
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;
}
