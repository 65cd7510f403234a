import { Refusal } from '@quanbao/domain/kernel/problem';
import { SharedStrings } from './shared-strings.ts';
import {
  BOOLEAN,
  DATE,
  ERROR,
  FORMULA,
  MAX_COLUMNS,
  MONTH,
  NUMBER,
  type OnRow,
  type OpenFile,
  type Table,
  TEXT,
} from './table.ts';
import { attribute, decodeXml, richText } from './xml.ts';
import { truncated, Zip, type ZipEntry } from './zip.ts';

const MAX_ROW_BYTES = 64 * 1024 ** 2;

/** Opens a workbook: parts by relationship, whatever prefix or path style its writer used. */
export async function openXlsx(path: string, label: string): Promise<OpenFile> {
  const zip = await Zip.open(path, label);
  const root = zip.find('_rels/.rels');
  const main =
    root && relationships(await zip.text(root), '').find((one) => one.type.endsWith('/officeDocument'));
  const workbookPath = main?.target ?? 'xl/workbook.xml';
  const workbook = zip.find(workbookPath);
  if (!workbook || !/workbook[^/]*\.xml$/i.test(workbookPath)) throw notAWorkbook(zip, label);
  const folder = workbookPath.slice(0, workbookPath.lastIndexOf('/') + 1);
  const relsPart = zip.find(`${folder}_rels/${workbookPath.slice(folder.length)}.rels`);
  const rels = relsPart ? relationships(await zip.text(relsPart), folder) : [];
  const xml = await zip.text(workbook);
  const date1904 = /<(?:\w+:)?workbookPr\b[^>]*\bdate1904\s*=\s*["'](?:1|true)["']/.test(xml);
  const stylesPart = part(zip, rels, '/styles');
  const styles = stylesPart ? dateStyles(await zip.text(stylesPart)) : [];
  const stringsPart = part(zip, rels, '/sharedStrings');
  const strings = stringsPart ? await SharedStrings.load(zip, stringsPart) : undefined;
  const tables: Table[] = [];
  for (const match of xml.matchAll(/<(?:\w+:)?sheet\s([^>]*)>/g)) {
    const attributes = match[1] as string;
    const rel = rels.find((one) => one.id === attribute(attributes, '\\w+:id'));
    if (!rel?.type.endsWith('/worksheet')) continue;
    const entry = zip.find(rel.target);
    if (!entry) throw truncated(label);
    const hidden = /hidden/i.test(attribute(attributes, 'state') ?? '');
    tables.push(
      new XlsxSheet(zip, entry, attribute(attributes, 'name') ?? '', hidden, date1904, styles, strings),
    );
  }
  return { tables };
}

interface Relationship {
  readonly id: string;
  readonly type: string;
  readonly target: string;
}

function relationships(xml: string, folder: string): Relationship[] {
  const found: Relationship[] = [];
  for (const match of xml.matchAll(/<(?:\w+:)?Relationship\s([^>]*)>/g)) {
    const attributes = match[1] as string;
    const target = (attribute(attributes, 'Target') ?? '').replaceAll('\\', '/');
    const path = target.startsWith('/') ? target.slice(1) : resolve(folder + target);
    found.push({
      id: attribute(attributes, 'Id') ?? '',
      type: attribute(attributes, 'Type') ?? '',
      target: path,
    });
  }
  return found;
}

function resolve(path: string): string {
  const out: string[] = [];
  for (const step of path.split('/')) {
    if (step === '..') out.pop();
    else if (step !== '.' && step !== '') out.push(step);
  }
  return out.join('/');
}

function part(zip: Zip, rels: readonly Relationship[], type: string): ZipEntry | undefined {
  const rel = rels.find((one) => one.type.endsWith(type));
  return rel && zip.find(rel.target);
}

function notAWorkbook(zip: Zip, label: string): Refusal {
  const what = zip.find('word/document.xml')
    ? '是 Word 文档'
    : zip.find('xl/workbook.bin')
      ? '是二进制工作簿（.xlsb）'
      : zip.find('mimetype')
        ? '是 OpenDocument 文件'
        : '是压缩包';
  return new Refusal(
    'reading.not-a-table',
    `《${label}》${what}，不是可以读取的表格。请另存为 .xlsx 或 .csv 后再上传。`,
  );
}

/** By cell style: shown as a day (DATE), as year and month (MONTH), or neither (0). */
function dateStyles(xml: string): number[] {
  const formats = new Map<number, string>();
  for (const match of xml.matchAll(/<(?:\w+:)?numFmt\s([^>]*)>/g)) {
    formats.set(
      Number(attribute(match[1] as string, 'numFmtId')),
      attribute(match[1] as string, 'formatCode') ?? '',
    );
  }
  const block = /<(?:\w+:)?cellXfs\b[^>]*>([\s\S]*?)<\/(?:\w+:)?cellXfs>/.exec(xml)?.[1] ?? '';
  const styles: number[] = [];
  for (const match of block.matchAll(/<(?:\w+:)?xf\b([^>]*)>/g)) {
    const id = Number(attribute(match[1] as string, 'numFmtId') ?? 0);
    styles.push(dateFormat(id, formats.get(id)));
  }
  return styles;
}

const MONTHS = new Set([17, 27, 36, 50, 52, 57]);
const DAYS = new Set([14, 15, 16, 22, 28, 29, 30, 31, 51, 53, 54, 58]);

function dateFormat(id: number, code: string | undefined): number {
  if (code === undefined) return MONTHS.has(id) ? MONTH : DAYS.has(id) ? DATE : TEXT;
  const bare = code
    .replace(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g, '')
    .split(';', 1)[0]!
    .toLowerCase()
    .replace(/general|am\/pm|a\/p|e\+|上午\/下午/g, '');
  if (!/[ye]/.test(bare)) return /m.*d|d.*m/.test(bare) ? DATE : TEXT;
  return bare.includes('d') || !bare.includes('m') ? DATE : MONTH;
}

const LT = 0x3c;
const GT = 0x3e;
const SLASH = 0x2f;
const EQ = 0x3d;
const AMP = 0x26;

class XlsxSheet implements Table {
  readonly sheet: string;
  readonly hidden: boolean;
  readonly date1904: boolean;
  wanted: Uint8Array | undefined;
  readonly #zip: Zip;
  readonly #entry: ZipEntry;
  readonly #styles: readonly number[];
  readonly #strings: SharedStrings | undefined;

  constructor(
    zip: Zip,
    entry: ZipEntry,
    sheet: string,
    hidden: boolean,
    date1904: boolean,
    styles: readonly number[],
    strings: SharedStrings | undefined,
  ) {
    this.#zip = zip;
    this.#entry = entry;
    this.sheet = sheet;
    this.hidden = hidden;
    this.date1904 = date1904;
    this.#styles = styles;
    this.#strings = strings;
  }

  async *chunks(onRow: OnRow): AsyncGenerator<void> {
    const parser = new SheetParser(this, this.#zip.label, this.#styles, this.#strings, onRow);
    for await (const chunk of this.#zip.stream(this.#entry)) {
      if (parser.push(chunk)) yield;
    }
  }
}

/** Cuts whole rows out of the inflated bytes and reads their cells; nothing else of the sheet is looked at. */
class SheetParser {
  readonly #table: Table;
  readonly #label: string;
  readonly #styles: readonly number[];
  readonly #strings: SharedStrings | undefined;
  readonly #onRow: OnRow;
  #rest: Buffer = Buffer.alloc(0);
  #rowOpen: Buffer | undefined;
  #rowClose: Buffer = Buffer.alloc(0);
  #prefix = 0;
  #row = 0;
  readonly #cells: string[] = [];
  readonly #kinds: number[] = [];

  constructor(
    table: Table,
    label: string,
    styles: readonly number[],
    strings: SharedStrings | undefined,
    onRow: OnRow,
  ) {
    this.#table = table;
    this.#label = label;
    this.#styles = styles;
    this.#strings = strings;
    this.#onRow = onRow;
  }

  /** @returns whether a row was handed on */
  push(chunk: Buffer): boolean {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    if (this.#rowOpen === undefined) {
      const data = /<((?:\w+:)?)sheetData[\s/>]/.exec(bytes.toString('latin1'));
      if (!data) {
        if (bytes.length > MAX_ROW_BYTES / 4) throw truncated(this.#label);
        this.#keep(bytes, 0);
        return false;
      }
      const prefix = data[1] as string;
      this.#prefix = prefix.length;
      this.#rowOpen = Buffer.from(`<${prefix}row`);
      this.#rowClose = Buffer.from(`</${prefix}row>`);
    }
    let pos = 0;
    let any = false;
    for (;;) {
      const start = bytes.indexOf(this.#rowOpen, pos);
      if (start < 0) {
        this.#keep(bytes, Math.max(pos, bytes.length - this.#rowOpen.length));
        break;
      }
      const after = start + this.#rowOpen.length;
      const next = bytes[after];
      if (next !== undefined && next !== GT && next !== SLASH && next > 0x20) {
        pos = after;
        continue; // <rowBreaks …
      }
      const tagEnd = bytes.indexOf(GT, after);
      if (tagEnd < 0) {
        this.#keep(bytes, start);
        break;
      }
      if (bytes[tagEnd - 1] === SLASH) {
        this.#row = this.#rowNumber(bytes, after, tagEnd);
        pos = tagEnd + 1;
        continue;
      }
      const end = bytes.indexOf(this.#rowClose, tagEnd);
      if (end < 0) {
        if (bytes.length - start > MAX_ROW_BYTES) throw tooManyColumns(this.#label, this.#table.sheet);
        this.#keep(bytes, start);
        break;
      }
      this.#row = this.#rowNumber(bytes, after, tagEnd);
      this.#readCells(bytes, tagEnd + 1, end);
      any = true;
      pos = end + this.#rowClose.length;
    }
    return any;
  }

  #keep(bytes: Buffer, from: number): void {
    this.#rest = from >= bytes.length ? Buffer.alloc(0) : Buffer.from(bytes.subarray(from));
  }

  #rowNumber(bytes: Buffer, from: number, to: number): number {
    for (let i = from; i + 3 < to; i++) {
      if (bytes[i] !== 0x72 || bytes[i + 1] !== EQ || (bytes[i - 1] as number) > 0x20) continue;
      let n = 0;
      for (let v = i + 3; v < to; v++) {
        const digit = (bytes[v] as number) - 48;
        if (digit < 0 || digit > 9) break;
        n = n * 10 + digit;
      }
      if (n > 0) return n;
    }
    return this.#row + 1;
  }

  #readCells(b: Buffer, from: number, to: number): void {
    const cells = this.#cells;
    const kinds = this.#kinds;
    for (let i = 0; i < cells.length; i++) {
      cells[i] = '';
      kinds[i] = TEXT;
    }
    const wanted = this.#table.wanted;
    let any = false;
    let column = -1;
    let p = from;
    const nameAt = 1 + this.#prefix;
    for (;;) {
      p = b.indexOf(LT, p);
      if (p < 0 || p >= to) break;
      if (b[p + nameAt] !== 0x63 /* c */ || b[p + 1] === SLASH || (b[p + nameAt + 1] as number) > 0x3e) {
        p++;
        continue;
      }
      // attributes: r, s and t are all that matters
      let q = p + nameAt + 1;
      let ref = -1;
      let style = 0;
      let type = 0;
      let type2 = 0;
      while (q < to && b[q] !== GT) {
        const c = b[q] as number;
        if (c === EQ) {
          const name = b[q - 1];
          const lone = (b[q - 2] as number) <= 0x20;
          const quote = b[q + 1] as number;
          let v = q + 2;
          if (lone && name === 0x72 /* r */) {
            ref = 0;
            while (v < to) {
              const letter = (b[v] as number) & 0xdf;
              if (letter < 65 || letter > 90) break;
              ref = ref * 26 + letter - 64;
              v++;
            }
            ref--;
          } else if (lone && name === 0x73 /* s */) {
            while (v < to && b[v] !== quote) style = style * 10 + (b[v++] as number) - 48;
          } else if (lone && name === 0x74 /* t */) {
            type = b[v] as number;
            type2 = b[v + 1] as number;
          }
          while (v < to && b[v] !== quote) v++;
          q = v;
        }
        q++;
      }
      column = ref >= 0 ? ref : column + 1;
      if (b[q - 1] === SLASH) {
        p = q + 1;
        continue;
      }
      // content
      let vFrom = -1;
      let vTo = -1;
      let formula = false;
      let hasValue = false;
      let inline: string | undefined;
      let w = q + 1;
      const need = !any || wanted === undefined || wanted[column] === 1;
      for (;;) {
        w = b.indexOf(LT, w);
        if (w < 0 || w >= to) {
          w = to;
          break;
        }
        if (b[w + 1] === SLASH) {
          // </c>, or the end of a child
          const isCell = b[w + 1 + nameAt] === 0x63 && b[w + 2 + nameAt] === GT;
          w = b.indexOf(GT, w) + 1;
          if (isCell) break;
          continue;
        }
        const child = b[w + nameAt];
        const close = b.indexOf(GT, w);
        const empty = b[close - 1] === SLASH;
        if (child === 0x76 /* v */) hasValue = true;
        if (child === 0x76 && !empty) {
          vFrom = close + 1;
          vTo = b.indexOf(LT, vFrom);
          if (b[vTo + 1] === 0x21) {
            inline = decodeXml(b.toString('utf8', vFrom, b.indexOf('</', vTo)));
            vFrom = -1;
            vTo = b.indexOf('</', vTo);
          }
          w = vTo;
        } else if (child === 0x66 /* f */) {
          formula = true;
          w = empty ? close + 1 : b.indexOf('</', close);
        } else if (child === 0x69 /* is */ && !empty) {
          const isEnd = this.#endOf(b, close, to);
          if (need) inline = this.#inlineText(b, close + 1, isEnd);
          w = isEnd;
        } else w = close + 1;
      }
      p = w;
      if (!need) continue;
      let text = '';
      let kind = TEXT;
      if (inline !== undefined) text = inline;
      else if (vFrom >= 0 && vTo > vFrom) {
        if (type === 0x73 && (type2 === 0x22 || type2 === 0x27)) {
          let index = 0;
          for (let i = vFrom; i < vTo; i++) {
            const digit = (b[i] as number) - 48;
            if (digit >= 0 && digit <= 9) index = index * 10 + digit;
          }
          text = this.#strings?.get(index) ?? '';
        } else if (type === 0x73 || type === 0x64)
          text = plain(b, vFrom, vTo); // t="str", t="d"
        else if (type === 0x62) {
          text = b[vFrom] === 0x31 ? '1' : '0';
          kind = BOOLEAN;
        } else if (type === 0x65) {
          text = plain(b, vFrom, vTo);
          kind = ERROR;
        } else {
          text = b.toString('latin1', vFrom, vTo).trim();
          kind = this.#styles[style] || NUMBER;
        }
      } else if (formula && !(hasValue && type === 0x73)) {
        kind = FORMULA;
        text = '';
      }
      if (text === '' && kind !== FORMULA) continue;
      if (column >= MAX_COLUMNS) throw tooManyColumns(this.#label, this.#table.sheet);
      while (cells.length <= column) {
        cells.push('');
        kinds.push(TEXT);
      }
      cells[column] = text;
      kinds[column] = kind;
      if (text !== '') any = true;
    }
    this.#onRow(this.#row, cells, kinds);
  }

  /** Where the `</is>` of an inline string starts. */
  #endOf(b: Buffer, from: number, to: number): number {
    let w = from;
    for (;;) {
      w = b.indexOf('</', w);
      if (w < 0 || w >= to) return to;
      const at = w + 2 + this.#prefix;
      if (b[at] === 0x69 && b[at + 1] === 0x73 && b[at + 2] === GT) return w;
      w += 2;
    }
  }

  #inlineText(b: Buffer, from: number, to: number): string {
    // <t>text</t> and nothing else: the usual case
    if (b[from] === LT && b[from + 1 + this.#prefix] === 0x74) {
      const open = b.indexOf(GT, from);
      const close = b.indexOf(LT, open);
      if (open > 0 && b[open - 1] !== SLASH && b[close + 1] === SLASH && close + 4 + this.#prefix >= to) {
        return plain(b, open + 1, close);
      }
    }
    return richText(b.toString('utf8', from, to));
  }
}

function plain(b: Buffer, from: number, to: number): string {
  let special = false;
  for (let i = from; i < to; i++) {
    const c = b[i];
    if (c === AMP || (c === 0x5f && b[i + 1] === 0x78)) {
      special = true;
      break;
    }
  }
  const text = b.toString('utf8', from, to);
  return special ? decodeXml(text) : text;
}

export function tooManyColumns(label: string, sheet: string): Refusal {
  const where = sheet === '' ? '' : `工作表“${sheet}”`;
  return new Refusal(
    'reading.too-many-columns',
    `《${label}》${where}一行超过 ${MAX_COLUMNS} 列，不像是名单。请删除右侧多余的列，或确认分隔符是否正确后再上传。`,
  );
}
