import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { Refusal } from '@quanbao/domain/kernel/problem';

/** Bounds of what is inflated: a workbook of 500,000 rows is far below, a zip bomb is above. */
const MAX_ENTRIES = 10_000;
const MAX_TOTAL = 2 * 1024 ** 3;
const MAX_RATIO = 200;
const RATIO_FROM = 100 * 1024 ** 2;

export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  readonly crc: number;
  readonly offset: number;
}

/** One zip file by its central directory; parts are inflated as streams, never whole archives. */
export class Zip {
  readonly path: string;
  readonly label: string;
  readonly entries: ReadonlyMap<string, ZipEntry>;

  private constructor(path: string, label: string, entries: ReadonlyMap<string, ZipEntry>) {
    this.path = path;
    this.label = label;
    this.entries = entries;
  }

  static async open(path: string, label: string): Promise<Zip> {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      return new Zip(path, label, await readDirectory(file, size, label));
    } finally {
      await file.close();
    }
  }

  /** Part names differ in case, slashes and a leading slash between writers. */
  find(name: string): ZipEntry | undefined {
    return this.entries.get(partName(name));
  }

  async *stream(entry: ZipEntry): AsyncGenerator<Buffer> {
    const start = await this.#dataStart(entry);
    if (entry.packed === 0) return;
    const source = createReadStream(this.path, {
      start,
      end: start + entry.packed - 1,
      highWaterMark: 1 << 18,
    });
    let seen = 0;
    let crc = 0;
    let whole = false;
    try {
      const bytes: AsyncIterable<Buffer> =
        entry.method === 0 ? source : pipeline(source, createInflateRaw({ chunkSize: 1 << 18 }), () => {});
      for await (const chunk of bytes) {
        seen += chunk.length;
        if (seen > entry.size) throw tooLarge(this.label);
        crc = crc32(chunk, crc);
        yield chunk;
      }
      whole = true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
        throw truncated(this.label);
      throw error;
    } finally {
      source.destroy();
    }
    if (whole && (seen !== entry.size || crc !== entry.crc)) throw truncated(this.label);
  }

  /** A small part as text. */
  async text(entry: ZipEntry, limit = 64 * 1024 ** 2): Promise<string> {
    if (entry.size > limit) throw tooLarge(this.label);
    const chunks: Buffer[] = [];
    for await (const chunk of this.stream(entry)) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
    return new TextDecoder('utf-8').decode(bytes);
  }

  async #dataStart(entry: ZipEntry): Promise<number> {
    const file = await open(this.path, 'r');
    try {
      const head = Buffer.alloc(30);
      const { bytesRead } = await file.read(head, 0, 30, entry.offset);
      if (bytesRead < 30 || head.readUInt32LE(0) !== 0x04034b50) throw truncated(this.label);
      return entry.offset + 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
    } finally {
      await file.close();
    }
  }
}

async function readDirectory(file: FileHandle, size: number, label: string): Promise<Map<string, ZipEntry>> {
  const tail = Buffer.alloc(Math.min(size, 65_557));
  await file.read(tail, 0, tail.length, size - tail.length);
  const at = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (at < 0 || at + 22 > tail.length) throw truncated(label);
  let count = tail.readUInt16LE(at + 10);
  let length = tail.readUInt32LE(at + 12);
  let offset = tail.readUInt32LE(at + 16);
  if (count === 0xffff || length === 0xffffffff || offset === 0xffffffff) {
    const locator = at - 20;
    if (locator >= 0 && tail.readUInt32LE(locator) === 0x07064b50) {
      const end64 = Buffer.alloc(56);
      const where = Number(tail.readBigUInt64LE(locator + 8));
      const { bytesRead } = await file.read(end64, 0, 56, where);
      if (bytesRead < 56 || end64.readUInt32LE(0) !== 0x06064b50) throw truncated(label);
      count = Number(end64.readBigUInt64LE(32));
      length = Number(end64.readBigUInt64LE(40));
      offset = Number(end64.readBigUInt64LE(48));
    }
  }
  if (count > MAX_ENTRIES || length > 64 * 1024 ** 2) throw tooLarge(label);
  if (offset + length > size) throw truncated(label);
  const directory = Buffer.alloc(length);
  const { bytesRead } = await file.read(directory, 0, length, offset);
  if (bytesRead < length) throw truncated(label);
  const entries = new Map<string, ZipEntry>();
  let total = 0;
  let p = 0;
  for (let i = 0; i < count; i++) {
    if (p + 46 > length || directory.readUInt32LE(p) !== 0x02014b50) throw truncated(label);
    const flags = directory.readUInt16LE(p + 8);
    const nameLength = directory.readUInt16LE(p + 28);
    const extraLength = directory.readUInt16LE(p + 30);
    const name = nameOf(directory.subarray(p + 46, p + 46 + nameLength), (flags & 0x800) !== 0);
    let unpacked = directory.readUInt32LE(p + 24);
    let packed = directory.readUInt32LE(p + 20);
    let local = directory.readUInt32LE(p + 42);
    for (let e = p + 46 + nameLength; e + 4 <= p + 46 + nameLength + extraLength; ) {
      const id = directory.readUInt16LE(e);
      const extra = directory.readUInt16LE(e + 2);
      if (id === 1) {
        let q = e + 4;
        const wide = (narrow: number): number => {
          if (narrow !== 0xffffffff) return narrow;
          q += 8;
          return Number(directory.readBigUInt64LE(q - 8));
        };
        unpacked = wide(unpacked);
        packed = wide(packed);
        local = wide(local);
      }
      e += 4 + extra;
    }
    if (flags & 1) throw encrypted(label);
    const method = directory.readUInt16LE(p + 10);
    if (method !== 0 && method !== 8) throw truncated(label);
    total += unpacked;
    if (total > MAX_TOTAL) throw tooLarge(label);
    if (unpacked > RATIO_FROM && unpacked > packed * MAX_RATIO) throw tooLarge(label);
    if (method === 0 && unpacked !== packed) throw truncated(label);
    if (!name.endsWith('/')) {
      const crc = directory.readUInt32LE(p + 16);
      entries.set(partName(name), { name, method, packed, size: unpacked, crc, offset: local });
    }
    p += 46 + nameLength + extraLength + directory.readUInt16LE(p + 32);
  }
  return entries;
}

/** Archives made in Windows name their files in GB18030 without saying so. */
function nameOf(bytes: Buffer, utf8: boolean): string {
  if (utf8) return bytes.toString('utf8');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

function partName(name: string): string {
  return name.replaceAll('\\', '/').replace(/^\/+/, '').toLowerCase();
}

export function truncated(label: string): Refusal {
  return new Refusal(
    'reading.truncated',
    `《${label}》不完整或已损坏（可能没有传完、没有下载完）。请用 Excel 打开原件确认能正常显示，重新保存后再上传。`,
  );
}

export function tooLarge(label: string): Refusal {
  return new Refusal(
    'reading.too-large',
    `《${label}》解压后过大，超出允许的范围，未读取。请删除多余的工作表、图片和空白格式，或拆成几个文件后再上传。`,
  );
}

export function encrypted(label: string): Refusal {
  return new Refusal(
    'reading.encrypted',
    `《${label}》设有打开密码，无法读取。请在 Excel 中取消密码（文件 → 信息 → 保护工作簿 → 用密码进行加密，清空）后重新保存再上传。`,
  );
}
