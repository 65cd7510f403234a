import { ANNEX3, type CellValue } from './forms.ts';

export interface Annex3Person {
  readonly regionCode: string;
  readonly divisionName: string;
  readonly name: string;
  readonly id: string;
  readonly birth: string;
  readonly address: string;
  /** 7 in scope, 8–17 the reason he is not. */
  readonly column: number;
  readonly registered: boolean;
  readonly willing: 'unknown' | 'yes' | 'no';
  readonly phone: string;
  /** Reason, proof, and the text of column 17. */
  readonly reasonText: string;
  /** Whether the reader may see the list that proves the reason. */
  readonly sight: boolean;
}

const WILLING = { unknown: '', yes: '是', no: '否' } as const;
const TICK = '√';
const TICKED = ANNEX3.columns.filter((c) => c.kind === 'tick').map((c) => c.number);

/**
 * One line of 附件3: 20 cells from column 1.
 * @param codeDigits how many digits column 1 prints: 6 is the county's, as in the sample row
 */
export function annex3Row(person: Annex3Person, codeDigits = 6): string[] {
  const { column } = person;
  const hidden = column !== 7 && !person.sight;
  const cells = Array.from({ length: 20 }, () => '');
  const set = (number: number, value: string): void => {
    cells[number - 1] = value;
  };
  set(1, person.regionCode.slice(0, codeDigits));
  set(2, person.divisionName);
  set(3, person.name);
  set(4, person.id);
  set(5, person.birth.slice(0, 7).replace('-', ''));
  set(6, person.address);
  if (!hidden) set(column, TICK);
  if (column === 7 && !person.registered) set(18, WILLING[person.willing]);
  set(19, person.phone);
  set(20, hidden ? '原因由县掌握' : person.reasonText);
  return cells;
}

/** Counts the √ while the lines go by; 100,000 of them need not be kept. */
export class Annex3Totals {
  readonly #ticks = new Map<number, number>(TICKED.map((n) => [n, 0]));

  add(cells: readonly string[]): void {
    for (const number of TICKED) {
      if (cells[number - 1] === TICK) this.#ticks.set(number, (this.#ticks.get(number) ?? 0) + 1);
    }
  }

  /** The 合计 row: 20 cells. */
  row(): CellValue[] {
    return ANNEX3.columns.map((c) => (c.number === 1 ? '合计' : (this.#ticks.get(c.number) ?? null)));
  }
}
