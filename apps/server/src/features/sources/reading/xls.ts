import { open, readFile } from 'node:fs/promises';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { readXls } from 'hucre';
import { DATE, ERROR, NUMBER, type OnRow, type OpenFile, type Table, TEXT } from './table.ts';
import { encrypted, tooLarge, truncated } from './zip.ts';

const MAX_XLS = 300 * 1024 ** 2;

/** An OLE container: an old workbook, an encrypted one, or something else that Office wrote. */
export async function openOle(path: string, label: string): Promise<OpenFile> {
  const { names, workbookHead } = await readContainer(path, label);
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
    book = await readXls(await readFile(path));
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

/** Names of the streams and the first bytes of the workbook: enough to tell what it is before it is parsed. */
async function readContainer(
  path: string,
  label: string,
): Promise<{ names: Set<string>; workbookHead: Buffer }> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size > MAX_XLS) throw tooLarge(label);
    const head = Buffer.alloc(512);
    if ((await file.read(head, 0, 512, 0)).bytesRead < 512) throw truncated(label);
    const sector = 1 << head.readUInt16LE(30);
    if (sector !== 512 && sector !== 4096) throw truncated(label);
    const at = async (index: number): Promise<Buffer> => {
      const bytes = Buffer.alloc(sector);
      const { bytesRead } = await file.read(bytes, 0, sector, (index + 1) * sector);
      if (bytesRead === 0) throw truncated(label);
      return bytes;
    };
    const fat = async (index: number): Promise<number> => {
      const perSector = sector / 4;
      const slot = Math.floor(index / perSector);
      let fatSector: number;
      if (slot < 109) fatSector = head.readUInt32LE(76 + slot * 4);
      else {
        let difat = head.readUInt32LE(68);
        for (let hops = Math.floor((slot - 109) / (perSector - 1)); hops > 0; hops--) {
          difat = (await at(difat)).readUInt32LE(sector - 4);
        }
        fatSector = (await at(difat)).readUInt32LE(((slot - 109) % (perSector - 1)) * 4);
      }
      return (await at(fatSector)).readUInt32LE((index % perSector) * 4);
    };
    const names = new Set<string>();
    let workbookHead: Buffer = Buffer.alloc(0);
    let directory = head.readUInt32LE(48);
    let rootStart = 0xfffffffe;
    for (let hops = 0; directory < 0xfffffffa && hops < 1000; hops++) {
      const bytes = await at(directory);
      for (let p = 0; p + 128 <= sector; p += 128) {
        const length = bytes.readUInt16LE(p + 64);
        if (length < 4 || length > 64) continue;
        const name = bytes.toString('utf16le', p, p + length - 2).toLowerCase();
        names.add(name);
        const start = bytes.readUInt32LE(p + 116);
        if (bytes[p + 66] === 5) rootStart = start;
        if (name === 'workbook') {
          const mini = bytes.readUInt32LE(p + 120) < head.readUInt32LE(56);
          workbookHead = mini
            ? (await at(rootStart)).subarray((start % (sector / 64)) * 64)
            : await at(start);
        }
      }
      directory = await fat(directory);
    }
    return { names, workbookHead };
  } finally {
    await file.close();
  }
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
