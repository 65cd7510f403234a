import { type Fen, parseYuan } from '@quanbao/domain/kernel/money';
import { addDays, fromExcelSerial, parseStatedDate, toHalfWidth } from '@quanbao/domain/kernel/plain-date';
import { type IdProblem, maskId, parseResidentId, type ResidentId } from '@quanbao/domain/kernel/resident-id';
import type { SourceColumn, SourceDefinition } from '@quanbao/domain/sources/catalogue';
import {
  columnLetter,
  type HeadMatch,
  isColumnNumbers,
  isNotPeople,
  looksLikeId,
  normaliseHeader,
} from '@quanbao/domain/sources/header';
import { isTick, lowIncomeCategory, yesNo } from '@quanbao/domain/sources/vocabulary';
import { DATE, ERROR, FORMULA, MONTH, NUMBER, TEXT } from './table.ts';

/** One person as a list names him. Strings other than `id` may share memory with the file: do not keep them. */
export interface NormalRow {
  /** 1 for the first file. */
  readonly fileNo: number;
  readonly sheet: string;
  /** As the spreadsheet numbers it, from 1. */
  readonly row: number;
  readonly id: string;
  readonly birth: string;
  readonly sex: 'male' | 'female';
  /** `none`, `cleaned`, `from-15`, `from-certificate`, or `fixed` by a person. */
  readonly idMark: string;
  readonly name: string;
  /** Non-blank values by column key, without `id` and `name`. */
  readonly values: Readonly<Record<string, string>>;
  readonly householdKey?: string;
  /** Headings over values of the row that could not be read; absent where all could. */
  readonly lost?: readonly string[];
}

type RejectCode =
  | IdProblem
  | 'cell.formula'
  | 'cell.error'
  | 'cell.amount'
  | 'cell.year'
  | 'cell.category'
  | 'cell.name';

export interface RejectedRow {
  readonly fileNo: number;
  readonly file: string;
  readonly sheet: string;
  readonly row: number;
  /** The header over the value, or the cell's address where a header would not tell. */
  readonly column: string;
  readonly code: RejectCode;
  /** What is wrong and what to do; never holds an ID number. */
  readonly message: string;
  readonly value: string;
  /** The value as written, with `|` and the name where Excel lost digits: what `fix` is asked with. Only for a fix to be matched, never to be stored in the clear. */
  readonly rawId?: string;
  readonly name: string;
  readonly values: Readonly<Record<string, string>>;
}

const MESSAGES: Readonly<Record<RejectCode, string>> = {
  'id.blank': '身份证号码为空。请补填后重报这一行。',
  'id.length': '身份证号码位数不对，应为 18 位（老证 15 位）。请核对证件后改正。',
  'id.characters': '身份证号码中有数字和末位 X 以外的字符。请核对证件后改正。',
  'id.check-digit': '身份证号码的校验位不符，有数字写错或颠倒。请核对证件后改正。',
  'id.date': '身份证号码中的出生日期不存在，或晚于名单日期。请核对证件后改正。',
  'id.number-cell':
    '身份证号码存成了数字，Excel 只保留 15 位，末几位已经丢失。请先把该列设为“文本”，再从原始资料重新填写（改格式找不回原号）。',
  'id.scientific': '身份证号码变成了科学计数法，末几位已经丢失。请先把该列设为“文本”，再从原始资料重新填写。',
  'cell.formula':
    '单元格是公式，但文件中没有保存计算结果。请在 Excel 中复制后“选择性粘贴为数值”，保存后重报。',
  'cell.error': '单元格是公式错误（如 #N/A、#REF!）。请改成正确的值后重报。',
  'cell.amount': '金额为空或不是数字。请填写以元为单位的数字，退费填负数。',
  'cell.year': '缴费年度为空或不是四位年份。请填写如 2026 的年份。',
  'cell.category': '低保类别为空或无法识别。请填写“全额”或“差额”（或 A、B、C 类），不能留空。',
  'cell.name': '有身份证号码，没有对应的姓名。请补填姓名后重报这一行。',
};

interface PlannedColumn {
  readonly at: number;
  readonly column: SourceColumn;
}

export interface RowContext {
  readonly source: SourceDefinition;
  readonly fileNo: number;
  readonly file: string;
  readonly sheet: string;
  readonly date1904: boolean;
  /** Nobody is born after this day. */
  readonly on: string;
  readonly fix?: ((rawId: string) => string | undefined) | undefined;
}

/** Turns the rows under one header into people and rejections. */
export class RowReader {
  rows: NormalRow[] = [];
  rejected: RejectedRow[] = [];
  /** People named so far, accepted or not. */
  people = 0;
  /** Rows with neither name nor number. */
  nobody = 0;
  /** Values left out because they could not be read, by header. */
  readonly dropped = new Map<string, number>();
  readonly #context: RowContext;
  readonly #head: HeadMatch;
  readonly #headRow: number;
  readonly #columns: PlannedColumn[] = [];
  readonly #idAt: number;
  readonly #nameAt: number;
  readonly #certificateAt: number;
  readonly #idHeader: string;
  readonly #dates = new Map<string, string>();
  readonly #amounts = new Map<string, string>();
  #underHead = 0;
  #problem: { code: RejectCode; at: number; raw: string } | undefined;
  #lost: string[] | undefined;

  constructor(context: RowContext, head: HeadMatch, headRow: number) {
    this.#context = context;
    this.#head = head;
    this.#headRow = headRow;
    this.#idAt = head.columns.get('id') ?? -1;
    // a list of 户主 alone: he is the person
    this.#nameAt =
      head.columns.get('name') ?? (context.source.households ? head.columns.get('head') : undefined) ?? -1;
    this.#certificateAt = head.columns.get('certificate') ?? -1;
    this.#idHeader = normaliseHeader(head.headers[this.#idAt] ?? '');
    for (const column of context.source.columns) {
      const at = head.columns.get(column.key);
      if (at === undefined || column.key === 'id' || column.key === 'name' || column.kind === 'certificate')
        continue;
      this.#columns.push({ at, column });
    }
  }

  /** Columns the reader has to hand over. */
  wanted(): Uint8Array {
    const wanted = new Uint8Array(Math.max(this.#head.headers.length, 1));
    for (const at of this.#head.columns.values()) wanted[at] = 1;
    for (const pair of this.#head.pairs) {
      wanted[pair.name] = 1;
      wanted[pair.id] = 1;
    }
    return wanted;
  }

  readonly read = (row: number, cells: string[], kinds: number[]): void => {
    if (row <= this.#headRow) return;
    if (this.#underHead < 2 && firstText(cells) !== '') {
      this.#underHead++;
      if (isColumnNumbers(cells)) return;
    }
    if (this.#head.pairs.length > 0) this.#household(row, cells, kinds);
    else this.#single(row, cells, kinds);
  };

  #single(row: number, cells: string[], kinds: number[]): void {
    let idAt = this.#idAt;
    let raw = idAt < 0 ? '' : tidy(cells[idAt]);
    if (raw === '' && this.#certificateAt >= 0) {
      const certificate = tidy(cells[this.#certificateAt]);
      if (certificate !== '' || idAt < 0) {
        raw = certificate;
        idAt = this.#certificateAt;
      }
    }
    const name = this.#nameAt < 0 ? '' : tidy(cells[this.#nameAt]);
    if (raw === '') {
      if (kinds[idAt] !== FORMULA) {
        const first = firstText(cells);
        if (first === '' || isNotPeople(first) || (name !== '' && isNotPeople(name))) return;
        if (name === '' && !this.#saysMoreThanWhere(cells)) {
          this.nobody++;
          return;
        }
      }
    } else if (raw.length < 15 || raw.length > 25 || raw.charCodeAt(0) > FULL_WIDTH_SPACE) {
      if (normaliseHeader(raw) === this.#idHeader) return; // the header again, on the next printed page
      if (isNotPeople(firstText(cells)) && !looksLikeId(raw)) return;
    }
    this.people++;
    this.#problem = undefined;
    const values = this.#values(cells, kinds);
    this.#person(
      row,
      idAt,
      raw,
      kinds[idAt],
      name,
      values,
      undefined,
      this.#head.headers[idAt] || columnLetter(idAt),
    );
  }

  #household(row: number, cells: string[], kinds: number[]): void {
    const pairs = this.#head.pairs;
    let anyId = false;
    let anyName = false;
    for (const pair of pairs) {
      const id = tidy(cells[pair.id]);
      if (id !== '' || kinds[pair.id] === FORMULA) anyId = true;
      if (tidy(cells[pair.name]) !== '') anyName = true;
      if (
        id !== '' &&
        id.length < 15 &&
        normaliseHeader(id) === normaliseHeader(this.#head.headers[pair.id] ?? '')
      )
        return;
    }
    const first = firstText(cells);
    if (first === '' || (isNotPeople(first) && !pairs.some((pair) => looksLikeId(cells[pair.id] ?? ''))))
      return;
    if (!anyId && !anyName) {
      if (this.#saysMoreThanWhere(cells)) {
        this.people++;
        this.#reject(row, `${columnLetter(this.#idAt)}${row}`, 'id.blank', '', '', {});
      } else this.nobody++;
      return;
    }
    this.#problem = undefined;
    const values = this.#values(cells, kinds);
    const head = tidy(cells[pairs[0]!.name]);
    if (head !== '' && values.head === undefined) values.head = head;
    let key: string | undefined;
    for (const pair of pairs) {
      const raw = tidy(cells[pair.id]);
      const name = tidy(cells[pair.name]);
      const formula = kinds[pair.id] === FORMULA;
      if (raw === '' && name === '' && !formula) continue;
      this.people++;
      if (raw !== '' && name === '') {
        this.#reject(row, `${columnLetter(pair.name)}${row}`, 'cell.name', raw, '', values, raw);
        continue;
      }
      const id = this.#person(
        row,
        pair.id,
        raw,
        kinds[pair.id],
        name,
        values,
        key,
        `${columnLetter(pair.id)}${row}`,
      );
      key ??= id;
    }
  }

  /** @returns the person's number when the row was accepted */
  #person(
    row: number,
    idAt: number,
    raw: string,
    kind: number | undefined,
    name: string,
    values: Record<string, string>,
    householdKey: string | undefined,
    column: string,
  ): string | undefined {
    if (kind === FORMULA || kind === ERROR) {
      this.#reject(row, column, kind === ERROR ? 'cell.error' : 'cell.formula', '', name, values);
      return undefined;
    }
    const { source, on, fix } = this.#context;
    const written = idAt === this.#certificateAt ? withoutReissue(raw) : raw;
    const parsed = parseResidentId(written, on, kind !== undefined && kind !== TEXT);
    let known: ResidentId;
    let mark: string;
    if (typeof parsed === 'string') {
      const wrong = wrongValue(raw, parsed, name);
      const better = raw === '' ? undefined : fix?.(wrong);
      const fixed = better === undefined ? parsed : parseResidentId(better, on);
      if (typeof fixed === 'string') {
        this.#reject(row, column, parsed, raw, name, values, wrong);
        return undefined;
      }
      known = fixed;
      mark = 'fixed';
    } else {
      known = parsed;
      mark = parsed.mark;
    }
    const problem = this.#problem;
    if (problem !== undefined) {
      const header = this.#head.headers[problem.at] || columnLetter(problem.at);
      this.#reject(row, header, problem.code, problem.raw, name, values);
      return undefined;
    }
    const id = ` ${known.id}`.slice(1);
    const { fileNo, sheet } = this.#context;
    const person = { fileNo, sheet, row, id, birth: known.birth, sex: known.sex, idMark: mark, name, values };
    const key = source.households
      ? (householdKey ?? values.household ?? (this.#head.pairs.length > 0 ? id : undefined))
      : undefined;
    const found = key === undefined ? person : { ...person, householdKey: key };
    this.rows.push(this.#lost === undefined ? found : { ...found, lost: this.#lost });
    return id;
  }

  #reject(
    row: number,
    column: string,
    code: RejectCode,
    raw: string,
    name: string,
    values: Readonly<Record<string, string>>,
    rawId?: string,
  ): void {
    const { fileNo, file, sheet } = this.#context;
    const own: Record<string, string> = {};
    for (const key in values) own[key] = flat(values[key] as string);
    const value = rawId !== undefined || looksLikeId(raw) ? maskId(raw) : flat(raw.slice(0, 40));
    const entry = {
      fileNo,
      file,
      sheet,
      row,
      column,
      code,
      message: MESSAGES[code],
      value,
      name: flat(name),
      values: own,
    };
    this.rejected.push(rawId === undefined || rawId === '' ? entry : { ...entry, rawId: flat(rawId) });
  }

  /** A prepared form fills in its places beforehand; anything else in a row without a person must not be lost. */
  #saysMoreThanWhere(cells: readonly string[]): boolean {
    return this.#columns.some(
      ({ at, column }) => column.kind !== 'region' && !WHERE.has(column.key) && tidy(cells[at]) !== '',
    );
  }

  #values(cells: readonly string[], kinds: readonly number[]): Record<string, string> {
    this.#lost = undefined;
    const values: Record<string, string> = {};
    for (const { at, column } of this.#columns) {
      const raw = cells[at];
      const kind = kinds[at] ?? TEXT;
      if (raw === undefined || raw === '') {
        if (kind === FORMULA) {
          if (column.required) this.#fail('cell.formula', at, '');
          else this.#drop(at);
        } else if (column.required) this.#blank(column, at);
        else if (column.key === 'category' && this.#context.source.households)
          this.#fail('cell.category', at, '');
        continue;
      }
      if (kind === ERROR) {
        if (column.required) this.#fail('cell.error', at, raw);
        else this.#drop(at);
        continue;
      }
      switch (column.kind) {
        case 'date': {
          const date = this.#date(raw, kind);
          if (date === undefined) this.#drop(at);
          else if (date !== '') values[column.key] = date;
          break;
        }
        case 'money': {
          const fen = this.#money(raw, kind);
          if (fen !== undefined) values[column.key] = fen;
          else if (column.required) this.#fail('cell.amount', at, raw);
          else if (tidy(raw) !== '') this.#drop(at);
          break;
        }
        case 'year': {
          const year = readYear(raw);
          if (year !== undefined) values[column.key] = year;
          else if (column.required) this.#fail('cell.year', at, raw);
          else this.#drop(at);
          break;
        }
        case 'tick':
          this.#tick(values, column, at, raw);
          break;
        default: {
          const text = this.#text(raw, kind);
          if (text !== '') values[column.key] = text;
          if (column.key === 'category' && this.#context.source.households && !isCategory(text)) {
            this.#fail('cell.category', at, text);
          }
        }
      }
    }
    return values;
  }

  #blank(column: SourceColumn, at: number): void {
    if (column.kind === 'money') this.#fail('cell.amount', at, '');
    else if (column.kind === 'year') this.#fail('cell.year', at, '');
  }

  #fail(code: RejectCode, at: number, raw: string): void {
    this.#problem ??= { code, at, raw };
  }

  #drop(at: number): void {
    const header = this.#head.headers[at] || columnLetter(at);
    this.dropped.set(header, (this.dropped.get(header) ?? 0) + 1);
    this.#lost ??= [];
    this.#lost.push(header);
  }

  /** 其他（列具体情况）is often answered by the text itself. */
  #tick(values: Record<string, string>, column: SourceColumn, at: number, raw: string): void {
    const text = tidy(raw);
    if (text === '' || yesNo(text) === 'no' || /^[/\\—\-–]+$/.test(text)) return;
    if (isTick(text)) values[column.key] = '1';
    else if (column.key === 'col17') {
      values[column.key] = '1';
      values.remark = text;
    } else this.#drop(at);
  }

  #text(raw: string, kind: number): string {
    if (kind === TEXT) return tidy(raw);
    if (kind === DATE || kind === MONTH) return this.#date(raw, kind) ?? tidy(raw);
    if (kind === NUMBER && /[.eE]/.test(raw)) {
      const n = Number(raw);
      if (Number.isSafeInteger(n)) return String(n);
      if (Number.isFinite(n)) return String(Number(n.toPrecision(15)));
    }
    return tidy(raw);
  }

  /** @returns '' for a blank, undefined for what is no date */
  #date(raw: string, kind: number): string | undefined {
    const key = kind === TEXT ? raw : `${kind}|${raw}`;
    let found = this.#dates.get(key);
    if (found === undefined) {
      found = readDate(tidy(raw), kind, this.#context.date1904) ?? '?';
      if (this.#dates.size > 50_000) this.#dates.clear();
      this.#dates.set(flat(key), found);
    }
    return found === '?' ? undefined : found;
  }

  #money(raw: string, kind: number): string | undefined {
    const key = kind === TEXT ? raw : `${kind}|${raw}`;
    let found = this.#amounts.get(key);
    if (found === undefined) {
      const fen = readMoney(tidy(raw), kind);
      found = fen === undefined ? '?' : String(fen);
      if (this.#amounts.size > 50_000) this.#amounts.clear();
      this.#amounts.set(flat(key), found);
    }
    return found === '?' ? undefined : found;
  }
}

/** Numbers begin with digits, quotes or blanks; words of a note with characters beyond the ideographic space. */
const FULL_WIDTH_SPACE = 0x3000;

const WHERE = new Set(['town', 'village', 'group', 'household']);

function isCategory(text: string): boolean {
  const category = lowIncomeCategory(text);
  return category === 'full' || category === 'partial';
}

/** Trimmed, quick for what needs no trimming. */
function tidy(raw: string | undefined): string {
  if (raw === undefined || raw === '') return '';
  if (isInk(raw.charCodeAt(0)) && isInk(raw.charCodeAt(raw.length - 1))) {
    return raw.charCodeAt(0) === 0x3d && /^="[^"]*"$/.test(raw) ? raw.slice(2, -1) : raw;
  }
  return raw.replace(/^[\s\u200b-\u200f\ufeff]+|[\s\u200b-\u200f\ufeff]+$/g, '');
}

function isInk(code: number): boolean {
  return (
    code > 0x20 && code !== 0xa0 && code !== 0x3000 && code !== 0xfeff && !(code >= 0x2000 && code <= 0x200f)
  );
}

function firstText(cells: readonly string[]): string {
  for (const cell of cells) {
    if (cell === '' || cell === undefined) continue;
    const text = tidy(cell);
    if (text !== '') return text;
  }
  return '';
}

/** A copy that does not hold on to the chunk of the file it was cut from. */
function flat(text: string): string {
  return text.length < 13 ? text : Buffer.from(text, 'utf8').toString('utf8');
}

/** Digits that Excel has lost make neighbours alike: there the name belongs to the wrong value. */
function wrongValue(raw: string, problem: IdProblem, name: string): string {
  return problem === 'id.number-cell' || problem === 'id.scientific' ? `${raw}|${name}` : raw;
}

/** A re-issued certificate ends in B1, B2 … */
function withoutReissue(raw: string): string {
  return /^\s*\d{17}[\dXx]\d{2}[Bb]\d\s*$/.test(raw) ? raw.trim().slice(0, 20) : raw;
}

export function readDate(text: string, kind: number, date1904: boolean): string | undefined {
  if (text === '') return '';
  if (/^[/\\—\-–无]+$/.test(text)) return '';
  if (kind === DATE || kind === MONTH) {
    const iso = /^\d{4}-\d{2}-\d{2}/.exec(text)?.[0];
    const serial = Number(text);
    const day = iso ?? (Number.isFinite(serial) ? fromExcelSerial(serial) : undefined);
    if (day === undefined) return undefined;
    const moved = date1904 && iso === undefined ? addDays(day, 1462) : day;
    return kind === MONTH ? moved.slice(0, 7) : moved;
  }
  let plain = text;
  if (kind === NUMBER && text.includes('.')) {
    // 2021.10 typed as a number is stored as 2021.1: October or January cannot be told apart
    if (/^\d{4}\.1$/.test(text)) return undefined;
    if (/^\d{4}\.\d{3,}$/.test(text)) plain = String(Number(Number(text).toFixed(2)));
  }
  const stated = parseStatedDate(plain);
  if (stated === undefined) return undefined;
  return stated.precision === 'month' ? stated.day.slice(0, 7) : stated.day;
}

function readMoney(text: string, kind: number): Fen | undefined {
  if (kind !== TEXT) {
    const fen = Math.round(Number(text) * 100);
    return text !== '' && Number.isSafeInteger(fen) ? fen + 0 : undefined;
  }
  const credit = /^[(（](.*)[)）]$/.exec(text);
  const fen = parseYuan(credit ? `-${credit[1]}` : text);
  return fen === undefined ? undefined : fen + 0;
}

function readYear(raw: string): string | undefined {
  const match = /^(\d{4})(?:\.0+)?\s*(?:年度?)?$/.exec(toHalfWidth(raw).trim());
  const year = Number(match?.[1]);
  return year >= 1990 && year <= 2100 ? match?.[1] : undefined;
}
