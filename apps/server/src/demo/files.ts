import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { encodeGb18030 } from '../text/gb18030.ts';
import { type Cell, NUMBER_CELL, type SheetOut, XlsxOut } from './xlsx.ts';

export type Kind = 'csv' | 'gb18030' | 'bom' | 'tsv' | 'xlsx';

/** How an office's table looks around its rows. */
export interface Look {
  readonly kind: Kind;
  /** One for each cell of a row; '' leaves the column out. */
  readonly headers: readonly string[];
  readonly title?: string;
  /** 填报单位 line under the title. */
  readonly unit?: string;
  /** A merged heading over some of the headers, which then stand in a second row. */
  readonly group?: { readonly from: number; readonly to: number; readonly text: string };
  /** A row of column numbers under the header. */
  readonly numbered?: boolean;
  /** A first column 序号. */
  readonly serial?: boolean;
  /** A column the office has put in since last month. */
  readonly inserted?: { readonly at: number; readonly header: string; readonly value: string };
  /** 合计 and 说明 after the last row. */
  readonly footed?: boolean;
}

const BUFFER = 1 << 17;
const ENDINGS: Record<Kind, string> = { csv: 'csv', gb18030: 'csv', bom: 'csv', tsv: 'txt', xlsx: 'xlsx' };

interface Sink {
  row(cells: readonly Cell[], style?: 'text' | 'head' | 'title'): void;
  merge(column: number, columns: number, rows?: number): void;
}

class TextSink implements Sink {
  readonly #file: number;
  readonly #encode: (text: string) => Buffer;
  readonly #delimiter: string;
  #text: string;

  constructor(path: string, kind: Kind) {
    this.#file = openSync(path, 'w', 0o600);
    this.#encode = kind === 'gb18030' ? encodeGb18030 : (text) => Buffer.from(text);
    this.#delimiter = kind === 'tsv' ? '\t' : ',';
    this.#text = kind === 'bom' ? '\ufeff' : '';
  }

  row(cells: readonly Cell[]): void {
    this.#text += `${cells.join(this.#delimiter)}\n`;
    if (this.#text.length > BUFFER) this.#flush();
  }

  merge(): void {}

  end(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    writeSync(this.#file, this.#encode(this.#text));
    this.#text = '';
  }
}

/** One table: a text file or a sheet. */
export class TableOut {
  rows = 0;
  readonly #sink: Sink;
  readonly #look: Look;
  readonly #plain: boolean;
  readonly #kept: readonly number[];

  constructor(sink: Sink, look: Look) {
    this.#sink = sink;
    this.#look = look;
    this.#kept = look.headers.flatMap((header, i) => (header === '' ? [] : [i]));
    this.#plain =
      look.serial !== true && look.inserted === undefined && this.#kept.length === look.headers.length;
    this.#head();
  }

  put(cells: readonly Cell[]): void {
    this.rows++;
    this.#sink.row(this.#plain ? cells : this.#shape(cells, String(this.rows)));
  }

  end(): void {
    if (this.#look.footed !== true) return;
    const width = this.#kept.length + (this.#look.serial ? 1 : 0);
    const total = new Array<Cell>(width).fill('');
    total[0] = '合计';
    total[1] = this.#look.kind === 'xlsx' ? NUMBER_CELL + this.rows : String(this.rows);
    this.#sink.row(total);
    this.#sink.row(['说明：本表由各单位按月报送，仅供核对。']);
  }

  #shape(cells: readonly Cell[], serial: Cell): Cell[] {
    const shaped = this.#kept.map((i) => cells[i] as Cell);
    const { inserted } = this.#look;
    if (inserted !== undefined)
      shaped.splice(inserted.at, 0, serial === '序号' ? inserted.header : inserted.value);
    if (this.#look.serial) shaped.unshift(serial);
    return shaped;
  }

  #head(): void {
    const look = this.#look;
    const headers = this.#shape(look.headers, '序号');
    const width = headers.length;
    if (look.title !== undefined) {
      this.#sink.row([look.title], 'title');
      this.#sink.merge(0, width);
    }
    if (look.unit !== undefined) this.#sink.row([`填报单位：${look.unit}`]);
    const { group } = look;
    if (group === undefined) this.#sink.row(headers, 'head');
    else {
      const shift = look.serial ? 1 : 0;
      const within = (c: number): boolean => c >= group.from + shift && c <= group.to + shift;
      this.#sink.row(
        headers.map((header, c) => (c === group.from + shift ? group.text : within(c) ? '' : header)),
        'head',
      );
      this.#sink.merge(group.from + shift, group.to - group.from + 1);
      this.#sink.row(
        headers.map((header, c) => (within(c) ? header : '')),
        'head',
      );
      for (let c = 0; c < width; c++) if (!within(c)) this.#sink.merge(c, 1, 2);
    }
    if (look.numbered) {
      this.#sink.row(headers.map((_, c) => String(c + 1)));
    }
  }
}

/** One file of a delivery, of one table or of several sheets. */
export class FileOut {
  readonly name: string;
  readonly tables: TableOut[];
  readonly #path: string;
  readonly #end: () => void;

  /** @param sheets names of an xlsx file's sheets; a last one named 说明 holds words only */
  constructor(dir: string, stem: string, look: Look, sheets: readonly string[]) {
    this.name = `${stem}.${ENDINGS[look.kind]}`;
    this.#path = join(dir, this.name);
    if (look.kind === 'xlsx') {
      const book = new XlsxOut(this.#path);
      const widths = look.headers.map((header) => (/地址|身份证|号码|残疾证/.test(header) ? 24 : 12));
      const frozen = (look.title ? 1 : 0) + (look.unit ? 1 : 0) + (look.group ? 2 : 1);
      this.tables = [];
      for (const sheet of sheets) {
        if (sheet !== '说明') this.tables.push(new TableOut(book.sheet(sheet, widths, frozen), look));
        else explain(book.sheet(sheet, [80]));
      }
      this.#end = () => book.end();
    } else {
      const sink = new TextSink(this.#path, look.kind);
      this.tables = [new TableOut(sink, look)];
      this.#end = () => sink.end();
    }
  }

  /** @returns whether anybody is in it; a file without people is not kept */
  end(): boolean {
    const people = this.tables.reduce((sum, table) => sum + table.rows, 0);
    for (const table of this.tables) table.end();
    this.#end();
    if (people === 0) unlinkSync(this.#path);
    return people > 0;
  }
}

function explain(sheet: SheetOut): void {
  sheet.row(['填表说明'], 'title');
  sheet.row(['一、本表每月末报送一次。']);
  sheet.row(['二、证件号码按文本填写。']);
}
