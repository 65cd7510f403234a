const SPECIAL = /[\\\t\n\r]/;

/** One field of COPY's text format. */
export function copyField(text: string): string {
  if (!SPECIAL.test(text)) return text;
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('\t', '\\t')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r');
}

const START = 1 << 16;
const NOTHING = Buffer.alloc(0);
const TAB = 0x09;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const BACKSLASH = 0x5c;
const HEX = Buffer.from('0123456789abcdef');

/**
 * Lines of COPY's text format, written as the bytes that are sent: of a million lines no text is put together first, which
 * cost more than the rules did. A line is `start`, its fields, `end`.
 */
export class CopyLines {
  #bytes = Buffer.allocUnsafeSlow(START);
  #at = 0;

  /** Bytes held. */
  get size(): number {
    return this.#at;
  }

  /** What was written so far; the next line begins anew. */
  take(): Buffer {
    if (this.#at === 0) return NOTHING;
    const taken = this.#bytes.subarray(0, this.#at);
    // The next load will be about as large.
    this.#bytes = Buffer.allocUnsafeSlow(Math.max(START, this.#at + (this.#at >> 3)));
    this.#at = 0;
    return taken;
  }

  /** Hands over what was written so far, to be used at once, and begins anew in the same place. */
  drain(use: (bytes: Buffer) => void): void {
    use(this.#bytes.subarray(0, this.#at));
    this.#at = 0;
  }

  /** The first field of a line. */
  start(text: string): this {
    this.#write(text);
    return this;
  }

  text(text: string): this {
    this.#tab();
    this.#write(text);
    return this;
  }

  /** A whole number below 2^53. */
  number(n: number): this {
    if (n < 0 || n > 0x7fffffff) return this.text(String(n));
    this.#room(11);
    const bytes = this.#bytes;
    bytes[this.#at++] = TAB;
    let digits = 1;
    for (let limit = 10; n >= limit; limit *= 10) digits++;
    let rest = n;
    for (let at = this.#at + digits - 1; at >= this.#at; at--) {
      const tens = (rest / 10) | 0;
      bytes[at] = 48 + rest - tens * 10;
      rest = tens;
    }
    this.#at += digits;
    return this;
  }

  /** A bytea; undefined is null. */
  bytes(field: Uint8Array | undefined): this {
    const length = field === undefined ? 0 : field.length;
    this.#room(4 + 2 * length);
    const bytes = this.#bytes;
    bytes[this.#at++] = TAB;
    bytes[this.#at++] = BACKSLASH;
    if (field === undefined) {
      bytes[this.#at++] = 0x4e;
      return this;
    }
    bytes[this.#at++] = BACKSLASH;
    bytes[this.#at++] = 0x78;
    let at = this.#at;
    for (let i = 0; i < length; i++) {
      const byte = field[i] as number;
      bytes[at++] = HEX[byte >> 4] as number;
      bytes[at++] = HEX[byte & 15] as number;
    }
    this.#at = at;
    return this;
  }

  end(): void {
    this.#room(1);
    this.#bytes[this.#at++] = NEWLINE;
  }

  #tab(): void {
    this.#room(1);
    this.#bytes[this.#at++] = TAB;
  }

  #room(bytes: number): void {
    const needed = this.#at + bytes;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }

  #write(text: string): void {
    const { length } = text;
    this.#room(3 * length);
    const bytes = this.#bytes;
    let at = this.#at;
    for (let i = 0; i < length; i++) {
      let code = text.charCodeAt(i);
      if (code < 0x80) {
        if (code > RETURN && code !== BACKSLASH) bytes[at++] = code;
        else {
          const letter = code === BACKSLASH ? BACKSLASH : LETTERS[code];
          if (letter !== undefined) {
            bytes[at++] = BACKSLASH;
            code = letter;
          }
          bytes[at++] = code;
        }
        continue;
      }
      if (code < 0x800) bytes[at++] = 0xc0 | (code >> 6);
      else {
        if (code >= 0xd800 && code < 0xe000) {
          const low = text.charCodeAt(i + 1);
          if (code < 0xdc00 && low >= 0xdc00 && low < 0xe000) {
            i++;
            code = 0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff);
            bytes[at++] = 0xf0 | (code >> 18);
            bytes[at++] = 0x80 | ((code >> 12) & 0x3f);
            bytes[at++] = 0x80 | ((code >> 6) & 0x3f);
            bytes[at++] = 0x80 | (code & 0x3f);
            continue;
          }
          // Half a character is none.
          code = 0xfffd;
        }
        bytes[at++] = 0xe0 | (code >> 12);
        bytes[at++] = 0x80 | ((code >> 6) & 0x3f);
      }
      bytes[at++] = 0x80 | (code & 0x3f);
    }
    this.#at = at;
  }
}

/** What stands behind the backslash for a control character. */
const LETTERS: readonly (number | undefined)[] = Array.from(
  { length: RETURN + 1 },
  (_, code) => ({ [TAB]: 0x74, [NEWLINE]: 0x6e, [RETURN]: 0x72 })[code],
);
