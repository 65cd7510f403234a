import { findSource } from '@quanbao/domain/sources/catalogue';
import { iso } from './days.ts';
import { FileOut, type Look, type TableOut } from './files.ts';
import type { Random } from './random.ts';
import { type Cell, NUMBER_CELL } from './xlsx.ts';

/** What the product should count when it receives the delivery. */
export interface Counts {
  rows: number;
  accepted: number;
  duplicate: number;
  rejected: number;
}

export interface DeliverySpec {
  readonly source: string;
  readonly asOf: number;
  readonly stem: string;
  readonly look: Look;
  readonly sender?: string;
  readonly region?: string;
  readonly mode?: 'full' | 'delta';
  /** More than one file: what each adds to the name. */
  readonly parts?: readonly string[];
  readonly sheets?: readonly string[];
  readonly idAt?: number;
  readonly nameAt?: number;
}

const DIRTY = 0.016;
const ZERO_WIDTH = '\u200b';

/** One delivery's files while they are written, and what should come of each row. */
export class DeliveryOut {
  readonly counts: Counts = { rows: 0, accepted: 0, duplicate: 0, rejected: 0 };
  readonly tables: readonly TableOut[];
  readonly spec: DeliverySpec;
  readonly #files: readonly FileOut[];
  readonly #random: Random;
  readonly #idAt: number;
  readonly #nameAt: number;
  readonly #xlsx: boolean;

  constructor(dir: string, spec: DeliverySpec, random: Random) {
    this.spec = spec;
    this.#random = random;
    this.#idAt = spec.idAt ?? 0;
    this.#nameAt = spec.nameAt ?? 1;
    this.#xlsx = spec.look.kind === 'xlsx';
    this.#files = (spec.parts ?? ['']).map(
      (part) => new FileOut(dir, spec.stem + part, spec.look, spec.sheets ?? ['Sheet1']),
    );
    this.tables = this.#files.flatMap((file) => file.tables);
  }

  /**
   * Writes a row, about one in sixty as offices sometimes write it.
   * @returns whether the product is to accept it
   */
  put(cells: Cell[], table: TableOut = this.tables[0] as TableOut): boolean {
    this.counts.rows++;
    if (this.#random.next() >= DIRTY) {
      table.put(cells);
      this.counts.accepted++;
      return true;
    }
    return this.#dirty(cells, table);
  }

  /** A row as the office means it. */
  putSure(cells: Cell[], table: TableOut = this.tables[0] as TableOut): void {
    this.counts.rows++;
    this.counts.accepted++;
    table.put(cells);
  }

  /** A row that is to be refused for another reason than its number. */
  putRejected(cells: Cell[], table: TableOut = this.tables[0] as TableOut): void {
    this.counts.rows++;
    this.counts.rejected++;
    table.put(cells);
  }

  /** A row whose people are counted one by one. */
  putCounted(cells: Cell[], table: TableOut = this.tables[0] as TableOut): void {
    table.put(cells);
  }

  /** Somebody counted but not put row by row, such as a member of a household's row. */
  count(kind: 'accepted' | 'rejected'): void {
    this.counts.rows++;
    this.counts[kind]++;
  }

  #dirty(cells: Cell[], table: TableOut): boolean {
    const id = cells[this.#idAt] as string;
    const kind = this.#random.int(0, 15);
    const bad = kind < 6 ? undefined : this.#noise(id, kind);
    if (kind === 0) {
      table.put(cells);
      table.put(cells);
      this.counts.rows++;
      this.counts.accepted++;
      this.counts.duplicate++;
      return true;
    }
    if (kind >= 6) {
      table.put(withCell(cells, this.#idAt, bad ?? id));
      this.counts.accepted++;
      return true;
    }
    table.put(withCell(cells, this.#idAt, this.#wrong(id, kind)));
    this.counts.rejected++;
    return false;
  }

  /** Written differently, and still the same number. */
  #noise(id: string, kind: number): string {
    switch (kind) {
      case 6:
        return ` ${id}`;
      case 7:
        return `${id}  `;
      case 8:
        return `\u3000${id}`;
      case 9:
        return id.slice(0, 6) + ZERO_WIDTH + id.slice(6);
      case 10:
        return id.replace(/[0-9]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
      case 11:
        return id.slice(6, 8) === '19' && id.length === 18 ? id.slice(0, 6) + id.slice(8, 17) : `'${id}`;
      case 12:
        return `‘${id}’`;
      case 13:
        return `${id.slice(0, 6)} ${id.slice(6, 14)} ${id.slice(14)}`;
      default:
        return id.toLowerCase();
    }
  }

  /** No longer a number that can be trusted. */
  #wrong(id: string, kind: number): string {
    const digits = id.slice(0, 18);
    switch (kind) {
      case 1:
        return digits.slice(0, 17) + (digits[17] === '5' ? '6' : '5');
      case 2:
        return digits.slice(0, 11) + digits.slice(12);
      case 3:
        return `${digits.slice(0, 10)}1332${digits.slice(14)}`;
      case 4:
        return this.#xlsx
          ? `${NUMBER_CELL}${digits.slice(0, 15)}000`
          : `${digits[0]}.${digits.slice(1, 6)}E+17`;
      default:
        return '';
    }
  }

  /** The same person once more under another name; the product is to keep one person. */
  putRenamed(cells: readonly Cell[], name: string, table: TableOut = this.tables[0] as TableOut): void {
    table.put(withCell(cells, this.#nameAt, name));
    this.counts.rows++;
    this.counts.accepted++;
  }

  /** Closes the files. @returns the manifest's entry, or undefined when nobody is in it */
  end(): ManifestEntry | undefined {
    const files = this.#files.filter((file) => file.end()).map((file) => file.name);
    if (files.length === 0) return undefined;
    const { source, asOf, sender, region, mode } = this.spec;
    return {
      source,
      asOf: iso(asOf),
      mode: mode ?? findSource(source)?.mode ?? 'full',
      ...(sender === undefined ? {} : { sender }),
      ...(region === undefined ? {} : { region }),
      files,
    };
  }
}

export interface ManifestEntry {
  readonly source: string;
  readonly asOf: string;
  readonly mode: 'full' | 'delta';
  readonly sender?: string;
  readonly region?: string;
  readonly files: readonly string[];
}

function withCell(cells: readonly Cell[], at: number, value: Cell): Cell[] {
  const changed = [...cells];
  changed[at] = value;
  return changed;
}
