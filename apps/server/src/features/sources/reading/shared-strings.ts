import { decodeXml, richText } from './xml.ts';
import { tooLarge, type Zip, type ZipEntry } from './zip.ts';

const PAGE = 4 * 1024 ** 2;
const MAX_BYTES = 600 * 1024 ** 2;
const MAX_STRINGS = 20_000_000;

/** A workbook's strings as UTF-8 in pages: half a million cost their bytes, not half a million objects. */
export class SharedStrings {
  readonly #pages: Buffer[] = [];
  #page: Buffer = Buffer.alloc(0);
  #used = 0;
  #starts = new Uint32Array(1 << 12);
  #ends = new Uint32Array(1 << 12);
  #count = 0;
  readonly #label: string;

  private constructor(label: string) {
    this.#label = label;
  }

  static async load(zip: Zip, entry: ZipEntry): Promise<SharedStrings> {
    const strings = new SharedStrings(zip.label);
    let rest: Buffer = Buffer.alloc(0);
    let tags: { open: Buffer; close: Buffer } | undefined;
    for await (const chunk of zip.stream(entry)) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      if (tags === undefined) {
        const match = /<((?:\w+:)?)si[\s/>]/.exec(bytes.toString('latin1'));
        if (!match) {
          rest = bytes;
          continue;
        }
        tags = { open: Buffer.from(`<${match[1]}si`), close: Buffer.from(`</${match[1]}si>`) };
      }
      let pos = 0;
      for (;;) {
        const start = bytes.indexOf(tags.open, pos);
        if (start < 0) {
          pos = Math.max(pos, bytes.length - tags.open.length);
          break;
        }
        const tagEnd = bytes.indexOf(0x3e, start);
        if (tagEnd < 0) {
          pos = start;
          break;
        }
        if (bytes[tagEnd - 1] === 0x2f) {
          strings.#add(bytes, tagEnd, tagEnd);
          pos = tagEnd + 1;
          continue;
        }
        const end = bytes.indexOf(tags.close, tagEnd);
        if (end < 0) {
          pos = start;
          if (bytes.length - start > MAX_BYTES / 8) throw tooLarge(zip.label);
          break;
        }
        strings.#addItem(bytes, tagEnd + 1, end);
        pos = end + tags.close.length;
      }
      rest = Buffer.from(bytes.subarray(pos));
    }
    return strings;
  }

  get(index: number): string | undefined {
    if (index >= this.#count) return undefined;
    const start = this.#starts[index] as number;
    const end = this.#ends[index] as number;
    if (start === end) return '';
    const page = this.#pages[Math.floor(start / PAGE)] as Buffer;
    const from = start % PAGE;
    return page.toString('utf8', from, from + end - start);
  }

  /** `<t>text</t>` as it stands; anything with runs, entities or escapes is decoded first. */
  #addItem(bytes: Buffer, from: number, to: number): void {
    let simple = false;
    let open = -1;
    let close = -1;
    if (bytes[from] === 0x3c) {
      open = bytes.indexOf(0x3e, from);
      close = bytes.indexOf(0x3c, open);
      const tEnd = bytes.indexOf(0x3e, close);
      simple = open > 0 && bytes[open - 1] !== 0x2f && bytes[close + 1] === 0x2f && tEnd + 1 === to;
      for (let i = open + 1; simple && i < close; i++) {
        if (bytes[i] === 0x26 || (bytes[i] === 0x5f && bytes[i + 1] === 0x78)) simple = false;
      }
    }
    if (simple) this.#add(bytes, open + 1, close);
    else {
      const xml = bytes.toString('utf8', from, to);
      const text = Buffer.from(xml.includes('<') ? richText(xml) : decodeXml(xml));
      this.#add(text, 0, text.length);
    }
  }

  #add(bytes: Buffer, from: number, to: number): void {
    const length = Math.min(to - from, PAGE);
    if (this.#count === this.#starts.length) this.#grow();
    if (this.#pages.length === 0 || this.#used + length > PAGE) {
      if (this.#pages.length * PAGE >= MAX_BYTES || this.#count >= MAX_STRINGS) throw tooLarge(this.#label);
      this.#page = Buffer.allocUnsafeSlow(PAGE);
      this.#pages.push(this.#page);
      this.#used = 0;
    }
    bytes.copy(this.#page, this.#used, from, from + length);
    const start = (this.#pages.length - 1) * PAGE + this.#used;
    this.#starts[this.#count] = start;
    this.#ends[this.#count] = start + length;
    this.#count++;
    this.#used += length;
  }

  #grow(): void {
    const starts = new Uint32Array(this.#starts.length * 2);
    starts.set(this.#starts);
    this.#starts = starts;
    const ends = new Uint32Array(this.#ends.length * 2);
    ends.set(this.#ends);
    this.#ends = ends;
  }
}
