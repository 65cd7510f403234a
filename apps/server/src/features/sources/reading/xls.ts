import { readFile, stat } from 'node:fs/promises';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { readXls } from 'hucre';
import { DATE, ERROR, NUMBER, type OnRow, type OpenFile, type Table, TEXT } from './table.ts';
import { encrypted, tooLarge, truncated } from './zip.ts';

const MAX_XLS = 300 * 1024 ** 2;
/** From here on a sector number is a mark: end of chain, free … */
const END = 0xfffffffa;

/** An OLE container: an old workbook, an encrypted one, or something else that Office wrote. */
export async function openOle(path: string, label: string): Promise<OpenFile> {
  if ((await stat(path)).size > MAX_XLS) throw tooLarge(label);
  const bytes = await readFile(path);
  const { names, workbookHead } = readContainer(bytes, label);
  if (names.has('encryptedpackage') || names.has('encryptioninfo')) throw encrypted(label);
  if (!names.has('workbook')) {
    const what = names.has('book')
      ? '是 Excel 95 或更早的格式'
      : names.has('worddocument')
        ? '是 Word 文档'
        : '不是 Excel 工作簿';
    throw new Refusal(
      'reading.not-a-table',
      `《${label}》${what}，无法读取。请用 Excel 或 WPS 另存为 .xlsx 后再上传。`,
    );
  }
  if (hasFilePass(workbookHead)) throw encrypted(label);
  let book: Awaited<ReturnType<typeof readXls>>;
  try {
    book = await readXls(bytes);
  } catch {
    throw truncated(label);
  }
  return { tables: book.sheets.map((one) => new XlsSheet(one.name, one.rows)) };
}

class XlsSheet implements Table {
  readonly sheet: string;
  readonly hidden = false;
  /** hucre has already turned days into dates. */
  readonly date1904 = false;
  wanted: Uint8Array | undefined;
  readonly #rows: readonly (readonly unknown[] | undefined)[];

  constructor(sheet: string, rows: readonly (readonly unknown[] | undefined)[]) {
    this.sheet = sheet;
    this.#rows = rows;
  }

  async *chunks(onRow: OnRow): AsyncGenerator<void> {
    for (let i = 0; i < this.#rows.length; i++) {
      const row = this.#rows[i];
      if (row === undefined) continue;
      const cells: string[] = [];
      const kinds: number[] = [];
      for (let c = 0; c < row.length; c++) {
        const value = row[c];
        let kind = TEXT;
        let text = '';
        if (typeof value === 'string') {
          text = value;
          if (/^#(?:N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!)$/.test(value)) kind = ERROR;
        } else if (typeof value === 'number') {
          text = String(value);
          kind = NUMBER;
        } else if (typeof value === 'boolean') text = value ? '1' : '0';
        else if (value instanceof Date) {
          text = value.toISOString().slice(0, 10);
          kind = DATE;
        }
        cells.push(text);
        kinds.push(kind);
      }
      onRow(i + 1, cells, kinds);
      if (i % 4096 === 4095) yield;
    }
    yield;
  }
}

/** Names of the streams and the start of the workbook; refuses a container whose end is missing. */
function readContainer(bytes: Buffer, label: string): { names: Set<string>; workbookHead: Buffer } {
  if (bytes.length < 512) throw truncated(label);
  const size = 1 << bytes.readUInt16LE(30);
  if (size !== 512 && size !== 4096) throw truncated(label);
  const sector = (index: number): Buffer => {
    const found = bytes.subarray((index + 1) * size, (index + 2) * size);
    if (found.length === 0) throw truncated(label);
    return found;
  };
  const perSector = size / 4;
  const fatSectors: number[] = [];
  for (let i = 0; i < 109; i++) fatSectors.push(bytes.readUInt32LE(76 + i * 4));
  let difat = bytes.readUInt32LE(68);
  for (let hops = 0; difat < END && hops < 10_000; hops++) {
    const more = sector(difat);
    if (more.length < size) throw truncated(label);
    for (let i = 0; i < perSector - 1; i++) fatSectors.push(more.readUInt32LE(i * 4));
    difat = more.readUInt32LE(size - 4);
  }
  const next = (index: number): number => {
    const fat = sector(fatSectors[Math.floor(index / perSector)] ?? END);
    const at = (index % perSector) * 4;
    if (at + 4 > fat.length) throw truncated(label);
    return fat.readUInt32LE(at);
  };
  const names = new Set<string>();
  let workbookHead: Buffer = Buffer.alloc(0);
  let rootStart = END;
  let directory = bytes.readUInt32LE(48);
  for (let hops = 0; directory < END && hops < 1000; hops++) {
    const entries = sector(directory);
    for (let p = 0; p + 128 <= entries.length; p += 128) {
      const length = entries.readUInt16LE(p + 64);
      if (length < 4 || length > 64) continue;
      const name = entries.toString('utf16le', p, p + length - 2).toLowerCase();
      names.add(name);
      const start = entries.readUInt32LE(p + 116);
      const long = entries.readUInt32LE(p + 120);
      if (entries[p + 66] === 5) rootStart = start;
      if (name !== 'workbook') continue;
      if (long < bytes.readUInt32LE(56)) {
        workbookHead = sector(rootStart).subarray((start % (size / 64)) * 64);
        continue;
      }
      workbookHead = sector(start);
      let left = long;
      for (let at = start; left > 0; at = next(at)) {
        if (at >= END) throw truncated(label);
        const here = sector(at).length;
        if (here < Math.min(size, left)) throw truncated(label);
        left -= size;
      }
    }
    directory = next(directory);
  }
  return { names, workbookHead };
}

/** A FILEPASS record near the start of the stream: the sheets are ciphertext. */
function hasFilePass(stream: Buffer): boolean {
  for (let p = 0; p + 4 <= stream.length; p += 4 + stream.readUInt16LE(p + 2)) {
    const id = stream.readUInt16LE(p);
    if (id === 0x002f) return true;
    if (id === 0x000a) return false;
  }
  return false;
}
