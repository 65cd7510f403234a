import { type Cipher, createCipheriv, createHmac, randomFillSync } from 'node:crypto';
import type { Keyring } from './keyring.ts';
import { type HmacSm3, prepareHmacSm3 } from './sm3.ts';

/**
 * One encrypted value (encrypt then MAC):
 *
 *     suite 1 | key id 1 | nonce 12 | text in UTF-8, CTR | tag 16
 *
 * The counter block is the nonce and a 32-bit counter from 0; the tag is the first half of the HMAC-SM3 over
 * everything before it. An ID number takes 48 bytes.
 */
const HEAD = 14;
const TAG = 16;
const BLOCK = 16;
/** About 8,000 ID numbers: enough that a call into OpenSSL costs nothing, little enough to stay in the cache. */
const BLOCKS_A_CALL = 16_384;

export type Suite = 'sm4' | 'aes';

/** Single-block encryption is all CTR needs of a cipher. */
const SUITES: Record<Suite, { readonly id: number; readonly ecb: string; readonly keyBytes: number }> = {
  sm4: { id: 1, ecb: 'sm4-ecb', keyBytes: 16 },
  aes: { id: 2, ecb: 'aes-256-ecb', keyBytes: 32 },
};

/** A stored value that cannot be read: altered, cut short, or written with a key that is not here. */
export class FieldError extends Error {
  readonly code: 'field.format' | 'field.unknown-key' | 'field.tampered';
  constructor(code: FieldError['code'], message: string) {
    super(message);
    this.name = 'FieldError';
    this.code = code;
  }
}

export interface FieldCipher {
  /** The uuid that stands for an ID number: HMAC-SM3 under the index key, first 128 bits. */
  blindIndex(id: string): string;
  /** By what a telephone is found again: the first 13 characters of its blind index. */
  phoneKey(phone: string): string;
  encryptField(value: string): Buffer;
  /**
   * Many at once, several times as fast a value. The buffers are views of a few large ones: copy those that
   * are kept for long.
   */
  encryptFields(values: readonly string[]): Buffer[];
  /** @throws FieldError */
  decryptField(field: Uint8Array): string;
  /** @throws FieldError for the first that cannot be read */
  decryptFields(fields: readonly Uint8Array[]): string[];
  /** The same text under the current key and suite; the very same buffer when it already is. */
  reencrypt(field: Uint8Array): Buffer;
  /** Written with the current key and suite? */
  isCurrent(field: Uint8Array): boolean;
}

interface Engine {
  readonly ecb: Cipher;
  readonly mac: HmacSm3;
}

/** @param suite what new values are written with; every suite is read */
export function createFieldCipher(keyring: Keyring, suite: Suite = 'sm4'): FieldCipher {
  const index = prepareHmacSm3(keyring.indexKey);
  const engines = new Map<number, Engine>();

  const engineFor = (suiteId: number, keyId: number): Engine => {
    const slot = suiteId * 256 + keyId;
    const known = engines.get(slot);
    if (known) return known;
    const name = suiteId === 1 ? 'sm4' : suiteId === 2 ? 'aes' : undefined;
    if (name === undefined) throw new FieldError('field.format', `unknown suite ${suiteId}`);
    const master = keyring.key('field', keyId);
    if (!master) throw new FieldError('field.unknown-key', `no data key k${keyId} in this keyring`);
    const { ecb, keyBytes } = SUITES[name];
    const cipher = createCipheriv(ecb, derive(master, `field ${name} enc`).subarray(0, keyBytes), null);
    cipher.setAutoPadding(false);
    const engine = { ecb: cipher, mac: prepareHmacSm3(derive(master, `field ${name} mac`)) };
    engines.set(slot, engine);
    return engine;
  };

  const encryptFields = (values: readonly string[]): Buffer[] => {
    const suiteId = SUITES[suite].id;
    const keyId = keyring.current('field');
    const engine = engineFor(suiteId, keyId);
    const out: Buffer[] = new Array(values.length);
    for (let from = 0; from < values.length; ) {
      // As many values as fill one call; sizes first, for one buffer each for fields and key stream.
      let to = from;
      let blocks = 0;
      let bytes = 0;
      while (to < values.length && (to === from || blocks < BLOCKS_A_CALL)) {
        const size = utf8Length(values[to]!);
        blocks += Math.ceil(size / BLOCK);
        bytes += HEAD + size + TAG;
        to++;
      }
      const fields = Buffer.allocUnsafeSlow(bytes);
      const counters = new Uint8Array(blocks * BLOCK);
      const nonces = randomFillSync(new Uint8Array((to - from) * 12));
      let at = 0;
      let block = 0;
      for (let i = from; i < to; i++) {
        const size = writeUtf8(values[i]!, fields, at + HEAD);
        fields[at] = suiteId;
        fields[at + 1] = keyId;
        const nonceAt = (i - from) * 12;
        for (let k = 0; k < 12; k++) fields[at + 2 + k] = nonces[nonceAt + k]!;
        block = writeCounters(fields, at + 2, Math.ceil(size / BLOCK), counters, block);
        const end = at + HEAD + size + TAG;
        out[i] = fields.subarray(at, end);
        at = end;
      }
      const stream = engine.ecb.update(counters);
      at = 0;
      block = 0;
      for (let i = from; i < to; i++) {
        const size = out[i]!.length - HEAD - TAG;
        const textAt = at + HEAD;
        const streamAt = block * BLOCK;
        for (let k = 0; k < size; k++) fields[textAt + k] = fields[textAt + k]! ^ stream[streamAt + k]!;
        block += Math.ceil(size / BLOCK);
        engine.mac.into(fields, at, textAt + size, fields, textAt + size, TAG);
        at = textAt + size + TAG;
      }
      from = to;
    }
    return out;
  };

  const tag = new Uint8Array(TAG);
  const authentic = (field: Uint8Array): Engine => {
    if (field.length < HEAD + TAG) throw new FieldError('field.format', 'the value is cut short');
    const engine = engineFor(field[0]!, field[1]!);
    const tagAt = field.length - TAG;
    engine.mac.into(field, 0, tagAt, tag, 0, TAG);
    let wrong = 0;
    for (let k = 0; k < TAG; k++) wrong |= tag[k]! ^ field[tagAt + k]!;
    if (wrong !== 0)
      throw new FieldError('field.tampered', 'the value was altered or belongs to another key');
    return engine;
  };

  const decryptFields = (fields: readonly Uint8Array[]): string[] => {
    const out: string[] = new Array(fields.length);
    for (let from = 0; from < fields.length; ) {
      // A run of one suite and key at a time: almost always all of them.
      const engine = authentic(fields[from]!);
      let to = from;
      let blocks = 0;
      while (to < fields.length && (to === from || blocks < BLOCKS_A_CALL)) {
        const field = fields[to]!;
        if (to > from && authentic(field) !== engine) break;
        blocks += Math.ceil((field.length - HEAD - TAG) / BLOCK);
        to++;
      }
      const counters = new Uint8Array(blocks * BLOCK);
      let block = 0;
      for (let i = from; i < to; i++) {
        const field = fields[i]!;
        block = writeCounters(field, 2, Math.ceil((field.length - HEAD - TAG) / BLOCK), counters, block);
      }
      const stream = engine.ecb.update(counters);
      block = 0;
      for (let i = from; i < to; i++) {
        const field = fields[i]!;
        const size = field.length - HEAD - TAG;
        const streamAt = block * BLOCK;
        let high = 0;
        for (let k = 0; k < size; k++) {
          const byte = field[HEAD + k]! ^ stream[streamAt + k]!;
          stream[streamAt + k] = byte;
          high |= byte;
        }
        out[i] =
          high < 0x80
            ? stream.toString('latin1', streamAt, streamAt + size)
            : stream.toString('utf8', streamAt, streamAt + size);
        block += Math.ceil(size / BLOCK);
      }
      from = to;
    }
    return out;
  };

  const isCurrent = (field: Uint8Array): boolean =>
    field[0] === SUITES[suite].id && field[1] === keyring.current('field');

  return {
    blindIndex: index.uuid,
    phoneKey: (phone) => index.uuid(phone).slice(0, 13),
    encryptFields,
    encryptField: (value) => encryptFields([value])[0]!,
    decryptFields,
    decryptField: (field) => decryptFields([field])[0]!,
    isCurrent,
    reencrypt(field) {
      if (isCurrent(field)) {
        authentic(field);
        return asBuffer(field);
      }
      return encryptFields(decryptFields([field]))[0]!;
    },
  };
}

function derive(master: Buffer, label: string): Buffer {
  return createHmac('sm3', master).update(`quanbao ${label}`).digest();
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function writeCounters(
  from: Uint8Array,
  at: number,
  blocks: number,
  counters: Uint8Array,
  block: number,
): number {
  let to = block * BLOCK;
  for (let n = 0; n < blocks; n++, to += BLOCK) {
    for (let k = 0; k < 12; k++) counters[to + k] = from[at + k]!;
    counters[to + 12] = n >>> 24;
    counters[to + 13] = n >>> 16;
    counters[to + 14] = n >>> 8;
    counters[to + 15] = n;
  }
  return block + blocks;
}

function utf8Length(text: string): number {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return Buffer.byteLength(text);
  return text.length;
}

/** @returns bytes written */
function writeUtf8(text: string, into: Buffer, at: number): number {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return into.write(text, at, 'utf8');
    into[at + i] = code;
  }
  return text.length;
}
