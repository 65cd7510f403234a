import { isUtf8 } from 'node:buffer';
import { open } from 'node:fs/promises';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { MAX_COLUMNS, type OnRow, type OpenFile, type Table } from './table.ts';
import { tooManyColumns } from './xlsx.ts';
import { truncated } from './zip.ts';

const CHUNK = 1 << 17;
const MAX_RECORD = 4 * 1024 ** 2;
const DELIMITERS = [',', '\t', ';', '|'];

/**
 * Opens a text table. UTF-8 is tried strictly over the whole file, else it is GB18030: statistics fail on short
 * Chinese samples.
 * @param fits how well the first rows read with a delimiter match the header sought
 */
export async function openCsv(
  path: string,
  label: string,
  fits: (rows: readonly (readonly string[])[]) => number,
): Promise<OpenFile> {
  const encoding = await findEncoding(path, label);
  let best: CsvTable | undefined;
  let bestFit = -1;
  for (const delimiter of DELIMITERS) {
    const table = new CsvTable(path, label, encoding, delimiter);
    const fit = fits(await table.head(60));
    if (fit > bestFit) {
      best = table;
      bestFit = fit;
    }
  }
  return { tables: best ? [best] : [] };
}

async function findEncoding(path: string, label: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.allocUnsafeSlow(1 << 20);
    let kept = 0;
    let utf8 = true;
    let first = true;
    for (;;) {
      const { bytesRead } = await file.read(buffer, kept, buffer.length - kept);
      const length = kept + bytesRead;
      const bytes = buffer.subarray(0, length);
      if (first) {
        if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
        if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
        first = false;
      }
      if (bytesRead === 0) {
        if (utf8 && length > 0) throw truncated(label);
        return utf8 ? 'utf-8' : 'gb18030';
      }
      const nul = bytes.indexOf(0, kept);
      if (nul >= 0) throw wrongEncoding(label);
      if (!utf8) {
        kept = 0;
        continue;
      }
      const whole = wholeCharacters(bytes);
      utf8 = isUtf8(bytes.subarray(0, whole));
      kept = utf8 ? length - whole : 0;
      if (utf8) bytes.copy(buffer, 0, whole, length);
    }
  } finally {
    await file.close();
  }
}

/** The length without a UTF-8 character that the end cut in two. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) break;
    if (byte >= 0xc0)
      return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

function wrongEncoding(label: string): Refusal {
  return new Refusal(
    'reading.encoding',
    `《${label}》的文字编码无法识别，或文件中已有乱码。请用 Excel 打开原件，另存为 .xlsx 或“CSV UTF-8”后再上传。`,
  );
}

class CsvTable implements Table {
  readonly sheet = '';
  readonly hidden = false;
  readonly date1904 = false;
  wanted: Uint8Array | undefined;
  readonly #path: string;
  readonly #label: string;
  readonly #encoding: string;
  readonly #delimiter: string;

  constructor(path: string, label: string, encoding: string, delimiter: string) {
    this.#path = path;
    this.#label = label;
    this.#encoding = encoding;
    this.#delimiter = delimiter;
  }

  async head(count: number): Promise<string[][]> {
    const rows: string[][] = [];
    const parser = new CsvParser(this, this.#label, this.#delimiter, false, (_, cells) => {
      if (rows.length < count) rows.push([...cells]);
    });
    for await (const text of this.#text()) {
      parser.push(text, false);
      if (rows.length >= count) return rows;
    }
    parser.push('', true);
    return rows;
  }

  async *chunks(onRow: OnRow): AsyncGenerator<void> {
    const parser = new CsvParser(this, this.#label, this.#delimiter, true, onRow);
    for await (const text of this.#text()) {
      parser.push(text, false);
      yield;
    }
    parser.push('', true);
    yield;
  }

  async *#text(): AsyncGenerator<string> {
    const decoder = new TextDecoder(this.#encoding, { fatal: true });
    const file = await open(this.#path, 'r');
    try {
      const buffer = Buffer.allocUnsafeSlow(CHUNK);
      for (;;) {
        const { bytesRead } = await file.read(buffer, 0, CHUNK);
        let text: string;
        try {
          text = decoder.decode(buffer.subarray(0, bytesRead), { stream: bytesRead > 0 });
        } catch {
          throw wrongEncoding(this.#label);
        }
        if (text.includes('\ufffd') || text.includes('锟斤拷')) throw wrongEncoding(this.#label);
        if (text !== '') yield text;
        if (bytesRead === 0) return;
      }
    } finally {
      await file.close();
    }
  }
}

class CsvParser {
  readonly #table: Table;
  readonly #label: string;
  readonly #delimiter: string;
  readonly #strict: boolean;
  readonly #onRow: OnRow;
  readonly #cells: string[] = [];
  readonly #kinds: number[] = [];
  #newline = '';
  #rest = '';
  #row = 0;

  constructor(table: Table, label: string, delimiter: string, strict: boolean, onRow: OnRow) {
    this.#table = table;
    this.#label = label;
    this.#delimiter = delimiter;
    this.#strict = strict;
    this.#onRow = onRow;
  }

  push(chunk: string, last: boolean): void {
    let text = this.#rest + chunk;
    if (this.#newline === '') {
      this.#newline = text.includes('\n') || !text.includes('\r') ? '\n' : '\r';
    }
    const newline = this.#newline;
    if (last && text !== '' && !text.endsWith(newline)) text += newline;
    const delimiter = this.#delimiter;
    const cells = this.#cells;
    const wanted = this.#table.wanted;
    let pos = 0;
    let quote = text.indexOf('"');
    let split = text.indexOf(delimiter);
    for (;;) {
      const end = text.indexOf(newline, pos);
      if (end < 0) break;
      if (quote >= 0 && quote < pos) quote = text.indexOf('"', pos);
      if (quote >= 0 && quote < end) {
        const after = this.#quotedRecord(text, pos, last);
        if (after < 0) break;
        pos = after;
        continue;
      }
      const stop = end > pos && newline === '\n' && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
      let column = 0;
      let start = pos;
      let any = false;
      for (;;) {
        if (split >= 0 && split < start) split = text.indexOf(delimiter, start);
        const to = split < 0 || split > stop ? stop : split;
        if (to > start && (wanted === undefined || !any || wanted[column] === 1)) {
          cells[column] = text.slice(start, to);
          any = true;
        } else cells[column] = '';
        column++;
        if (to === stop) break;
        start = to + 1;
      }
      this.#emit(column);
      pos = end + 1;
    }
    this.#rest = pos === 0 ? text : text.slice(pos);
    if (this.#rest.length > MAX_RECORD) {
      if (this.#strict && this.#rest.startsWith('"')) throw this.#openQuote();
      throw tooManyColumns(this.#label, '');
    }
    if (last && this.#rest !== '' && this.#strict) throw this.#openQuote();
  }

  #emit(width: number): void {
    this.#row++;
    const cells = this.#cells;
    if (width > MAX_COLUMNS) {
      let filled = MAX_COLUMNS;
      while (filled < width && cells[filled] === '') filled++;
      if (filled < width || width > 50 * MAX_COLUMNS) {
        cells.length = 0;
        throw tooManyColumns(this.#label, '');
      }
    }
    if (cells.length > width) cells.length = width;
    while (this.#kinds.length < width) this.#kinds.push(0);
    this.#onRow(this.#row, cells, this.#kinds);
  }

  /** One record with quotes, maybe over several lines. @returns where the next starts, -1 when it is not all here */
  #quotedRecord(text: string, from: number, last: boolean): number {
    const cells = this.#cells;
    const delimiter = this.#delimiter;
    const newline = this.#newline;
    const delimiterCode = delimiter.charCodeAt(0);
    let column = 0;
    let p = from;
    for (;;) {
      let value: string;
      if (text.charCodeAt(p) === 34) {
        let close = text.indexOf('"', p + 1);
        let escaped = false;
        while (close >= 0 && text.charCodeAt(close + 1) === 34) {
          escaped = true;
          close = text.indexOf('"', close + 2);
        }
        if (close < 0 || (close + 1 >= text.length && !last)) return -1;
        value = text.slice(p + 1, close);
        if (escaped) value = value.replaceAll('""', '"');
        p = close + 1;
        const c = text.charCodeAt(p);
        if (c !== delimiterCode && c !== 10 && c !== 13) {
          // text after the closing quote: keep it as written
          const tail = this.#fieldEnd(text, p);
          if (tail < 0) return -1;
          value += text.slice(p, tail);
          p = tail;
        }
      } else {
        const tail = this.#fieldEnd(text, p);
        if (tail < 0) return -1;
        value = text.slice(p, tail);
        p = tail;
      }
      cells[column++] = value.charCodeAt(0) === 61 ? withoutFormula(value) : value;
      const c = text.charCodeAt(p);
      if (c === delimiterCode) {
        p++;
        continue;
      }
      if (c === 13 && newline === '\n') p++;
      if (p >= text.length || text.charCodeAt(p) !== newline.charCodeAt(0)) {
        if (p >= text.length && !last) return -1;
        if (p < text.length) continue;
      }
      this.#emit(column);
      return p + 1;
    }
  }

  #fieldEnd(text: string, from: number): number {
    const end = text.indexOf(this.#newline, from);
    if (end < 0) return -1;
    const split = text.indexOf(this.#delimiter, from);
    if (split >= 0 && split < end) return split;
    return end > from && this.#newline === '\n' && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
  }

  #openQuote(): Refusal {
    return new Refusal(
      'reading.open-quote',
      `《${this.#label}》第 ${this.#row + 1} 行起有一个双引号没有成对，之后的行无法分清。请补上或删除该引号后再上传。`,
    );
  }
}

/** `="430…"`, the trick that makes Excel show a number as text. */
function withoutFormula(value: string): string {
  return value.startsWith('="') && value.endsWith('"') ? value.slice(2, -1) : value;
}
