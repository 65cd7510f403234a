import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { checkDigit } from '@quanbao/domain/kernel/resident-id';
import { findSource, type SourceDefinition } from '@quanbao/domain/sources/catalogue';

export { encodeGb18030 } from '../../../text/gb18030.ts';

import { type NormalRow, type ReadOptions, type ReadSummary, type RejectedRow, readFiles } from './index.ts';

/** Files made by hand for the tests, byte by byte where a library would be too well-behaved. All people are invented. */

const folder = mkdtempSync(join(tmpdir(), 'quanbao-reading-'));
let serial = 0;

export function save(content: Buffer | string, name = 'list'): string {
  const path = join(folder, `${++serial}-${name}`);
  writeFileSync(path, content);
  return path;
}

/** An invented person's number. */
export function personId(n: number, birth = '19700101'): string {
  const first17 = `430981${birth}${String(n % 1000).padStart(3, '0')}`;
  return first17 + checkDigit(first17);
}

export interface PartOptions {
  /** Part names with a size they do not have. */
  readonly claims?: Readonly<Record<string, number>>;
  readonly flags?: number;
}

export function makeZip(parts: Readonly<Record<string, string | Buffer>>, options: PartOptions = {}): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(parts)) {
    const data = Buffer.isBuffer(content) ? content : Buffer.from(content);
    const packed = deflateRawSync(data);
    const bytes = Buffer.from(name);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt32LE(crc32(data), 14);
    local.writeUInt32LE(packed.length, 18);
    local.writeUInt32LE(data.length, 22);
    local.writeUInt16LE(bytes.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(options.flags ?? 0, 8);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(crc32(data), 16);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(options.claims?.[name] ?? data.length, 24);
    entry.writeUInt16LE(bytes.length, 28);
    entry.writeUInt32LE(offset, 42);
    bodies.push(local, bytes, packed);
    directory.push(entry, bytes);
    offset += 30 + bytes.length + packed.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(parts).length, 8);
  end.writeUInt16LE(Object.keys(parts).length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, central, end]);
}

export interface SheetXml {
  readonly name: string;
  /** The whole part, or only its rows. */
  readonly xml: string;
  readonly state?: string;
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

export interface BookOptions {
  readonly strings?: string;
  readonly styles?: string;
  readonly date1904?: boolean;
  readonly absolute?: boolean;
  readonly prefix?: string;
}

export function bookParts(sheets: readonly SheetXml[], options: BookOptions = {}): Record<string, string> {
  const p = options.prefix ?? '';
  const at = options.absolute ? '/xl/' : '';
  const rel = (id: string, type: string, target: string): string =>
    `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`;
  const parts: Record<string, string> = {
    '[Content_Types].xml': '<Types/>',
    '_rels/.rels': `<Relationships>${rel('r1', 'officeDocument', options.absolute ? '/xl/workbook.xml' : 'xl/workbook.xml')}</Relationships>`,
    'xl/workbook.xml': `<${p}workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><${p}workbookPr${options.date1904 ? ' date1904="1"' : ''}/><${p}sheets>${sheets
      .map(
        (s, i) =>
          `<${p}sheet name="${s.name}" sheetId="${i + 1}"${s.state ? ` state="${s.state}"` : ''} r:id="s${i + 1}"/>`,
      )
      .join('')}</${p}sheets></${p}workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${sheets
      .map((_, i) => rel(`s${i + 1}`, 'worksheet', `${at}worksheets/sheet${i + 1}.xml`))
      .join(
        '',
      )}${rel('st', 'styles', `${at}styles.xml`)}${rel('ss', 'sharedStrings', `${at}sharedStrings.xml`)}</Relationships>`,
  };
  sheets.forEach((s, i) => {
    parts[`xl/worksheets/sheet${i + 1}.xml`] = s.xml.includes('sheetData')
      ? s.xml
      : `<?xml version="1.0"?><${p}worksheet xmlns="${MAIN}"><${p}sheetData>${s.xml}</${p}sheetData></${p}worksheet>`;
  });
  if (options.strings !== undefined) parts['xl/sharedStrings.xml'] = options.strings;
  if (options.styles !== undefined) parts['xl/styles.xml'] = options.styles;
  return parts;
}

/** A cell: text, or raw XML for a `<c>` when it starts with `<`. */
export function rowsXml(rows: readonly (readonly string[])[], first = 1): string {
  return rows
    .map((cells, i) => {
      const r = first + i;
      const xml = cells.map((text, c) => {
        const ref = `${String.fromCharCode(65 + c)}${r}`;
        if (text === '') return '';
        if (text.startsWith('<')) return text.replace('<c', `<c r="${ref}"`);
        return `<c r="${ref}" t="inlineStr"><is><t>${text.replaceAll('&', '&amp;')}</t></is></c>`;
      });
      return `<row r="${r}">${xml.join('')}</row>`;
    })
    .join('');
}

export function makeXlsx(rows: readonly (readonly string[])[], options: BookOptions = {}): Buffer {
  return makeZip(bookParts([{ name: 'Sheet1', xml: rowsXml(rows) }], options));
}

type XlsCell = string | number;

/** A BIFF8 workbook in an OLE container; `filePass` makes it look encrypted. */
export function makeXls(rows: readonly (readonly XlsCell[])[], filePass = false): Buffer {
  const record = (id: number, data: Buffer): Buffer => {
    const head = Buffer.alloc(4);
    head.writeUInt16LE(id, 0);
    head.writeUInt16LE(data.length, 2);
    return Buffer.concat([head, data]);
  };
  const bof = (type: number): Buffer => {
    const data = Buffer.alloc(16);
    data.writeUInt16LE(0x0600, 0);
    data.writeUInt16LE(type, 2);
    return record(0x0809, data);
  };
  const cells: Buffer[] = [];
  rows.forEach((row, r) => {
    row.forEach((value, c) => {
      if (value === '') return;
      const head = Buffer.alloc(6);
      head.writeUInt16LE(r, 0);
      head.writeUInt16LE(c, 2);
      if (typeof value === 'number') {
        const number = Buffer.alloc(8);
        number.writeDoubleLE(value);
        cells.push(record(0x0203, Buffer.concat([head, number])));
      } else {
        const length = Buffer.alloc(3);
        length.writeUInt16LE(value.length, 0);
        length[2] = 1;
        cells.push(record(0x0204, Buffer.concat([head, length, Buffer.from(value, 'utf16le')])));
      }
    });
  });
  const name = Buffer.from('名单', 'utf16le');
  const pass = filePass ? record(0x002f, Buffer.alloc(6)) : Buffer.alloc(0);
  const bound = (offset: number): Buffer => {
    const data = Buffer.alloc(8);
    data.writeUInt32LE(offset, 0);
    data[6] = 2;
    data[7] = 1;
    return record(0x0085, Buffer.concat([data, name]));
  };
  const eof = record(0x000a, Buffer.alloc(0));
  const globals = Buffer.concat([bof(5), pass, bound(0), eof]);
  const stream = Buffer.concat([bof(5), pass, bound(globals.length), eof, bof(0x10), ...cells, eof]);
  return makeOle('Workbook', stream);
}

/** An OLE container with one stream. */
export function makeOle(name: string, content: Buffer): Buffer {
  const stream = Buffer.concat([content, Buffer.alloc(Math.max(4096 - content.length, 0))]);
  const sectors = Math.ceil(stream.length / 512);
  const total = 2 + sectors; // FAT sectors come first
  const fatSectors = Math.ceil((total + 8) / 127);
  const head = Buffer.alloc(512, 0xff);
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(head);
  head.fill(0, 8, 24);
  head.writeUInt16LE(0x3e, 24);
  head.writeUInt16LE(3, 26);
  head.writeUInt16LE(0xfffe, 28);
  head.writeUInt16LE(9, 30);
  head.writeUInt16LE(6, 32);
  head.fill(0, 34, 44);
  head.writeUInt32LE(fatSectors, 44);
  head.writeUInt32LE(fatSectors, 48); // directory
  head.writeUInt32LE(0, 52);
  head.writeUInt32LE(4096, 56);
  head.writeUInt32LE(0xfffffffe, 60);
  head.writeUInt32LE(0, 64);
  head.writeUInt32LE(0xfffffffe, 68);
  head.writeUInt32LE(0, 72);
  for (let i = 0; i < fatSectors; i++) head.writeUInt32LE(i, 76 + i * 4);
  const fat = Buffer.alloc(fatSectors * 512, 0xff);
  for (let i = 0; i < fatSectors; i++) fat.writeUInt32LE(0xfffffffd, i * 4);
  fat.writeUInt32LE(0xfffffffe, fatSectors * 4);
  for (let i = 0; i < sectors; i++) {
    const at = fatSectors + 1 + i;
    fat.writeUInt32LE(i === sectors - 1 ? 0xfffffffe : at + 1, at * 4);
  }
  const directory = Buffer.alloc(512);
  const entry = (
    index: number,
    text: string,
    type: number,
    start: number,
    size: number,
    child: number,
  ): void => {
    const p = index * 128;
    directory.write(text, p, 'utf16le');
    directory.writeUInt16LE((text.length + 1) * 2, p + 64);
    directory[p + 66] = type;
    directory[p + 67] = 1;
    directory.writeUInt32LE(0xffffffff, p + 68);
    directory.writeUInt32LE(0xffffffff, p + 72);
    directory.writeUInt32LE(child, p + 76);
    directory.writeUInt32LE(start, p + 116);
    directory.writeUInt32LE(size, p + 120);
  };
  entry(0, 'Root Entry', 5, 0xfffffffe, 0, 1);
  entry(1, name, 2, fatSectors + 1, stream.length, 0xffffffff);
  const padded = Buffer.alloc(sectors * 512);
  stream.copy(padded);
  return Buffer.concat([head, fat, directory, padded]);
}

export interface Outcome {
  readonly rows: NormalRow[];
  readonly rejected: RejectedRow[];
  readonly summary: ReadSummary;
}

export async function readList(
  source: string | SourceDefinition,
  files: readonly (Buffer | string | { name: string; content: Buffer | string })[],
  options: Partial<ReadOptions> = {},
): Promise<Outcome> {
  const definition = typeof source === 'string' ? (findSource(source) as SourceDefinition) : source;
  const inputs = files.map((file, i) => {
    const named =
      typeof file === 'object' && !Buffer.isBuffer(file)
        ? file
        : { name: `名单-${i + 1}.xlsx`, content: file };
    return { name: named.name, path: save(named.content) };
  });
  const rows: NormalRow[] = [];
  const rejected: RejectedRow[] = [];
  const steps = readFiles(inputs, {
    source: definition,
    asOf: '2026-10-31',
    today: '2026-11-01',
    ...options,
  });
  for (;;) {
    const step = await steps.next();
    if (step.done) return { rows, rejected, summary: step.value };
    rows.push(...step.value.rows);
    rejected.push(...step.value.rejected);
  }
}
