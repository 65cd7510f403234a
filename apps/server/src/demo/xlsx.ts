import { closeSync, openSync, writeSync } from 'node:fs';
import { constants, crc32, deflateRawSync } from 'node:zlib';

/** A cell's text; the two marks below before a number make it a number or a date, as Excel itself stores them. */
export type Cell = string;
export const NUMBER_CELL = '\u0001';
export const DATE_CELL = '\u0002';

const PIECE = 1 << 20;
const STYLE = { plain: 0, text: 1, date: 2, head: 3, title: 4 } as const;

interface Merge {
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
}

/** One zip entry that is deflated piece by piece while it grows. */
class Entry {
  readonly name: string;
  readonly pieces: Buffer[] = [];
  crc = 0;
  size = 0;
  packed = 0;
  #text = '';

  constructor(name: string) {
    this.name = name;
  }

  push(text: string): void {
    this.#text += text;
    if (this.#text.length >= PIECE) this.#deflate(constants.Z_SYNC_FLUSH);
  }

  end(): void {
    this.#deflate(constants.Z_FINISH);
  }

  #deflate(finishFlush: number): void {
    const bytes = Buffer.from(this.#text);
    this.#text = '';
    this.crc = crc32(bytes, this.crc);
    this.size += bytes.length;
    const piece = deflateRawSync(bytes, { level: 3, finishFlush });
    this.packed += piece.length;
    this.pieces.push(piece);
  }
}

export class SheetOut {
  readonly name: string;
  readonly #entry: Entry;
  readonly #merges: Merge[] = [];
  #row = 0;

  constructor(name: string, entry: Entry, widths: readonly number[], frozen: number) {
    this.name = name;
    this.#entry = entry;
    const pane =
      frozen > 0
        ? `<sheetViews><sheetView workbookViewId="0"><pane ySplit="${frozen}" topLeftCell="A${frozen + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`
        : '';
    const columns = widths
      .map((width, i) => `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1"/>`)
      .join('');
    entry.push(
      `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
        `${pane}<cols>${columns}</cols><sheetData>`,
    );
  }

  row(cells: readonly Cell[], style: keyof typeof STYLE = 'text'): void {
    const r = ++this.#row;
    let xml = `<row r="${r}">`;
    for (let c = 0; c < cells.length; c++) {
      const cell = cells[c] as string;
      if (cell === '') continue;
      const at = `${letter(c)}${r}`;
      const mark = cell.charCodeAt(0);
      if (mark === 1) xml += `<c r="${at}"><v>${cell.slice(1)}</v></c>`;
      else if (mark === 2) xml += `<c r="${at}" s="${STYLE.date}"><v>${cell.slice(1)}</v></c>`;
      else {
        xml += `<c r="${at}" s="${STYLE[style]}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(cell)}</t></is></c>`;
      }
    }
    this.#entry.push(`${xml}</row>`);
  }

  /** Cells of the row written last, or of it and those above. */
  merge(column: number, columns: number, rows = 1): void {
    this.#merges.push({ row: this.#row - rows + 1, column, rows, columns });
  }

  end(): void {
    const merges = this.#merges
      .map(
        (m) =>
          `<mergeCell ref="${letter(m.column)}${m.row}:${letter(m.column + m.columns - 1)}${m.row + m.rows - 1}"/>`,
      )
      .join('');
    this.#entry.push(
      `</sheetData>${merges === '' ? '' : `<mergeCells count="${this.#merges.length}">${merges}</mergeCells>`}</worksheet>`,
    );
    this.#entry.end();
  }
}

/**
 * A workbook whose sheets grow side by side. The reports' library holds a whole workbook as objects, and it
 * never writes what offices do write: an 18-digit number in a number cell.
 */
export class XlsxOut {
  readonly #path: string;
  readonly #entries: Entry[] = [];
  readonly #sheets: SheetOut[] = [];

  constructor(path: string) {
    this.#path = path;
  }

  sheet(name: string, widths: readonly number[], frozen = 0): SheetOut {
    const entry = new Entry(`xl/worksheets/sheet${this.#sheets.length + 1}.xml`);
    const sheet = new SheetOut(name, entry, widths, frozen);
    this.#entries.push(entry);
    this.#sheets.push(sheet);
    return sheet;
  }

  end(): void {
    for (const sheet of this.#sheets) sheet.end();
    const parts = Object.entries(frame(this.#sheets.map((sheet) => sheet.name))).map(([name, xml]) => {
      const entry = new Entry(name);
      entry.push(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${xml}`);
      entry.end();
      return entry;
    });
    writeArchive(this.#path, [...parts, ...this.#entries]);
  }
}

function frame(sheets: readonly string[]): Record<string, string> {
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const packages = 'http://schemas.openxmlformats.org/package/2006';
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  const xf = (numFmt: number, font: number, align: string) =>
    `<xf numFmtId="${numFmt}" fontId="${font}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"${align === '' ? '/>' : ` applyAlignment="1"><alignment horizontal="${align}" vertical="center" wrapText="1"/></xf>`}`;
  return {
    '[Content_Types].xml':
      `<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
      `<Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${type}.styles+xml"/>` +
      `${sheets.map((_, i) => `<Override PartName="/xl/worksheets/sheet${i + 1}.xml" ContentType="${type}.worksheet+xml"/>`).join('')}</Types>`,
    '_rels/.rels': `<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml':
      `<workbook xmlns="${main}" xmlns:r="${office}"><sheets>` +
      `${sheets.map((name, i) => `<sheet name="${escapeXml(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels':
      `<Relationships xmlns="${packages}/relationships">` +
      `${sheets.map((_, i) => `<Relationship Id="rId${i + 1}" Type="${office}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`).join('')}` +
      `<Relationship Id="rId${sheets.length + 1}" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml':
      `<styleSheet xmlns="${main}"><fonts count="3"><font><sz val="10"/><name val="宋体"/></font><font><b/><sz val="10"/><name val="宋体"/></font><font><b/><sz val="16"/><name val="宋体"/></font></fonts>` +
      `<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
      `<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
      `<cellXfs count="5">${xf(0, 0, '')}${xf(49, 0, '')}${xf(14, 0, '')}${xf(49, 1, 'center')}${xf(49, 2, 'center')}</cellXfs></styleSheet>`,
  };
}

const letters: string[] = [];

function letter(index: number): string {
  letters[index] ??=
    (index < 26 ? '' : String.fromCharCode(64 + Math.floor(index / 26))) +
    String.fromCharCode(65 + (index % 26));
  return letters[index] as string;
}

function escapeXml(text: string): string {
  return /[&<>"]/.test(text)
    ? text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
    : text;
}

/** 1980-01-01: equal content is an equal file. */
const DOS_DATE = 0x21;

function writeArchive(path: string, entries: readonly Entry[]): void {
  const file = openSync(path, 'w', 0o600);
  try {
    let at = 0;
    const directory: Buffer[] = [];
    for (const entry of entries) {
      const name = Buffer.from(entry.name);
      const head = Buffer.alloc(30);
      head.writeUInt32LE(0x04034b50, 0);
      head.writeUInt16LE(20, 4);
      head.writeUInt16LE(0x0800, 6);
      head.writeUInt16LE(8, 8);
      head.writeUInt16LE(DOS_DATE, 12);
      head.writeUInt32LE(entry.crc, 14);
      head.writeUInt32LE(entry.packed, 18);
      head.writeUInt32LE(entry.size, 22);
      head.writeUInt16LE(name.length, 26);
      const central = Buffer.alloc(46);
      central.writeUInt32LE(0x02014b50, 0);
      central.writeUInt16LE(20, 4);
      head.copy(central, 6, 4, 30);
      central.writeUInt32LE(at, 42);
      directory.push(central, name);
      for (const piece of [head, name, ...entry.pieces]) at += writeSync(file, piece);
    }
    const listed = Buffer.concat(directory);
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50, 0);
    end.writeUInt16LE(entries.length, 8);
    end.writeUInt16LE(entries.length, 10);
    end.writeUInt32LE(listed.length, 12);
    end.writeUInt32LE(at, 16);
    writeSync(file, listed);
    writeSync(file, end);
  } finally {
    closeSync(file);
  }
}
