import { once } from 'node:events';
import { type FileHandle, open } from 'node:fs/promises';
import { crc32, createDeflateRaw, type DeflateRaw } from 'node:zlib';

/** Cell styles of a text workbook. */
export const PLAIN = 1;
export const MARKED = 2;
export const BOLD = 3;
export const NOTED = 4;

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const STYLES = `${XML}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="宋体"/></font><font><b/><sz val="11"/><name val="宋体"/></font></fonts><fills count="4"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFFFD9D9"/></patternFill></fill><fill><patternFill patternType="solid"><fgColor rgb="FFFFF4CC"/></patternFill></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="5"><xf/><xf numFmtId="49" applyNumberFormat="1"/><xf numFmtId="49" fillId="2" applyNumberFormat="1" applyFill="1"/><xf numFmtId="49" fontId="1" applyNumberFormat="1" applyFont="1"/><xf numFmtId="49" fillId="3" applyNumberFormat="1" applyFill="1"/></cellXfs></styleSheet>`;

interface Part {
  readonly name: string;
  readonly offset: number;
  crc: number;
  packed: number;
  size: number;
}

/**
 * Writes a workbook whose every cell is text (format `@`), row by row in constant memory.
 * hucre's streaming writer can neither colour a row nor hold several sheets.
 */
export class TextWorkbook {
  readonly #file: FileHandle;
  readonly #parts: Part[] = [];
  readonly #sheets: string[] = [];
  #position = 0;
  #part: Part | undefined;
  #deflate: DeflateRaw | undefined;
  #drained: Promise<void> = Promise.resolve();
  #buffer = '';
  #row = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async create(path: string): Promise<TextWorkbook> {
    return new TextWorkbook(await open(path, 'w', 0o600));
  }

  /**
   * @param widths of its columns, in characters
   * @returns the name the sheet got: at most 31 characters, unique
   */
  async startSheet(wish: string, widths: readonly number[] = []): Promise<string> {
    await this.#endSheet();
    const base = wish.replace(/[\\/?*[\]:]/g, '_').slice(0, 31) || 'Sheet';
    let name = base;
    for (let n = 2; this.#sheets.some((one) => one.toLowerCase() === name.toLowerCase()); n++) {
      name = `${base.slice(0, 30 - String(n).length)}-${n}`;
    }
    this.#sheets.push(name);
    await this.#startPart(`xl/worksheets/sheet${this.#sheets.length}.xml`);
    const cols = widths.map((w, i) => `<col min="${i + 1}" max="${i + 1}" width="${w}" customWidth="1"/>`);
    this.#buffer = `${XML}<worksheet xmlns="${MAIN}">${cols.length === 0 ? '' : `<cols>${cols.join('')}</cols>`}<sheetData>`;
    this.#row = 0;
    return name;
  }

  /** @param row from 1, greater than the one before */
  async row(row: number, cells: readonly string[], style: number): Promise<void> {
    this.#row = row;
    let xml = `<row r="${row}">`;
    for (let c = 0; c < cells.length; c++) {
      const text = cells[c];
      if (text)
        xml += `<c r="${letters(c)}${row}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(text)}</t></is></c>`;
      else if (style === MARKED || style === NOTED) xml += `<c r="${letters(c)}${row}" s="${style}"/>`;
    }
    this.#buffer += `${xml}</row>`;
    if (this.#buffer.length > 1 << 16) await this.#flush();
  }

  get lastRow(): number {
    return this.#row;
  }

  async finish(): Promise<void> {
    try {
      if (this.#sheets.length === 0) await this.startSheet('Sheet1');
      await this.#endSheet();
      const sheets = this.#sheets.map(
        (name, i) => `<sheet name="${escapeXml(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`,
      );
      const rels = this.#sheets.map((_, i) =>
        relationship(`rId${i + 1}`, `${RELS}/worksheet`, `worksheets/sheet${i + 1}.xml`),
      );
      const types = this.#sheets.map((_, i) => override(`/xl/worksheets/sheet${i + 1}.xml`, 'worksheet'));
      await this.#whole(
        'xl/workbook.xml',
        `${XML}<workbook xmlns="${MAIN}" xmlns:r="${RELS}"><sheets>${sheets.join('')}</sheets></workbook>`,
      );
      await this.#whole('xl/styles.xml', STYLES);
      await this.#whole(
        'xl/_rels/workbook.xml.rels',
        `${XML}<Relationships xmlns="${PACKAGE}/relationships">${rels.join('')}${relationship('rIdS', `${RELS}/styles`, 'styles.xml')}</Relationships>`,
      );
      await this.#whole(
        '_rels/.rels',
        `${XML}<Relationships xmlns="${PACKAGE}/relationships">${relationship('rId1', `${RELS}/officeDocument`, 'xl/workbook.xml')}</Relationships>`,
      );
      await this.#whole(
        '[Content_Types].xml',
        `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${override('/xl/workbook.xml', 'sheet.main')}${override('/xl/styles.xml', 'styles')}${types.join('')}</Types>`,
      );
      await this.#directory();
    } finally {
      await this.#file.close();
    }
  }

  async #whole(name: string, text: string): Promise<void> {
    await this.#startPart(name);
    this.#buffer = text;
    await this.#endPart();
  }

  async #endSheet(): Promise<void> {
    if (this.#part === undefined) return;
    this.#buffer += '</sheetData></worksheet>';
    await this.#endPart();
  }

  async #startPart(name: string): Promise<void> {
    this.#part = { name, offset: this.#position, crc: 0, packed: 0, size: 0 };
    const bytes = Buffer.from(name);
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(20, 4);
    head.writeUInt16LE(0x0808, 6); // sizes follow the data; names are UTF-8
    head.writeUInt16LE(8, 8);
    head.writeUInt32LE(0x00210000, 10);
    head.writeUInt16LE(bytes.length, 26);
    await this.#put(Buffer.concat([head, bytes]));
    const deflate = createDeflateRaw({ level: 4 });
    this.#deflate = deflate;
    this.#drained = (async () => {
      for await (const chunk of deflate) await this.#put(chunk as Buffer);
    })();
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.from(this.#buffer);
    this.#buffer = '';
    const part = this.#part as Part;
    part.crc = crc32(bytes, part.crc);
    part.size += bytes.length;
    const deflate = this.#deflate as DeflateRaw;
    if (!deflate.write(bytes)) await once(deflate, 'drain');
  }

  async #endPart(): Promise<void> {
    await this.#flush();
    const part = this.#part as Part;
    const before = part.offset + 30 + Buffer.byteLength(part.name);
    (this.#deflate as DeflateRaw).end();
    await this.#drained;
    part.packed = this.#position - before;
    const tail = Buffer.alloc(16);
    tail.writeUInt32LE(0x08074b50, 0);
    tail.writeUInt32LE(part.crc, 4);
    tail.writeUInt32LE(part.packed, 8);
    tail.writeUInt32LE(part.size, 12);
    await this.#put(tail);
    this.#parts.push(part);
    this.#part = undefined;
  }

  async #directory(): Promise<void> {
    const start = this.#position;
    for (const part of this.#parts) {
      const name = Buffer.from(part.name);
      const entry = Buffer.alloc(46);
      entry.writeUInt32LE(0x02014b50, 0);
      entry.writeUInt16LE(20, 4);
      entry.writeUInt16LE(20, 6);
      entry.writeUInt16LE(0x0808, 8);
      entry.writeUInt16LE(8, 10);
      entry.writeUInt32LE(0x00210000, 12);
      entry.writeUInt32LE(part.crc, 16);
      entry.writeUInt32LE(part.packed, 20);
      entry.writeUInt32LE(part.size, 24);
      entry.writeUInt16LE(name.length, 28);
      entry.writeUInt32LE(part.offset, 42);
      await this.#put(Buffer.concat([entry, name]));
    }
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50, 0);
    end.writeUInt16LE(this.#parts.length, 8);
    end.writeUInt16LE(this.#parts.length, 10);
    end.writeUInt32LE(this.#position - start, 12);
    end.writeUInt32LE(start, 16);
    await this.#put(end);
  }

  async #put(bytes: Buffer): Promise<void> {
    await this.#file.write(bytes, 0, bytes.length, this.#position);
    this.#position += bytes.length;
  }
}

function relationship(id: string, type: string, target: string): string {
  return `<Relationship Id="${id}" Type="${type}" Target="${target}"/>`;
}

function override(path: string, kind: string): string {
  return `<Override PartName="${path}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${kind}+xml"/>`;
}

function escapeXml(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

const LETTERS: string[] = [];

function letters(index: number): string {
  const known = LETTERS[index];
  if (known !== undefined) return known;
  let text = '';
  for (let n = index + 1; n > 0; n = Math.floor((n - 1) / 26))
    text = String.fromCharCode(65 + ((n - 1) % 26)) + text;
  LETTERS[index] = text;
  return text;
}
