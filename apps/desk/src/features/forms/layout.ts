import type { Layout } from './contract.ts';

interface MetaCell {
  readonly text: string;
  readonly align: string;
  readonly width: number;
}

/** The line over the table with the gaps between its parts filled, as wide as the columns under them. */
export function metaCells(meta: Layout['meta'], widths: readonly number[]): MetaCell[] {
  const cells: MetaCell[] = [];
  let next = 1;
  const add = (text: string, align: string, to: number): void => {
    cells.push({ text, align, width: sum(widths.slice(next - 1, to)) });
    next = to + 1;
  };
  for (const { text, from, to, align } of meta) {
    if (from > next) add('', 'left', from - 1);
    add(text, align, to);
  }
  if (next <= widths.length) add('', 'left', widths.length);
  return cells;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}

/** Pixels for each half-width character of the printed form, and the fewest a column of the kind can do with. */
const ON_SCREEN: Readonly<Record<string, readonly [number, number]>> = {
  code: [5, 54],
  name: [4.6, 70],
  count: [4.6, 50],
  rate: [4.6, 60],
  tick: [4.4, 36],
  mark: [6.8, 60],
  text: [5.4, 60],
  remark: [4.2, 110],
};

/** Narrower than on paper, so that 附件4 fits an office screen; six digits still stand in one line. */
export function screenWidths(columns: Layout['columns']): number[] {
  return columns.map(({ kind, width }) => {
    const [each, least] = ON_SCREEN[kind] ?? [5, 50];
    return Math.max(least, Math.round(width * each));
  });
}

/** Whether the foot of an L-shaped heading is open towards the cell under it. */
export function isOpenBelow(cell: Layout['header'][number], header: Layout['header']): boolean {
  return header.some((other) => other.joined && other.column === cell.column && other.row === cell.row + 1);
}

/** Whether a cell has an L-shaped heading above it, whose foot draws no line for it. */
export function isUnderOpen(cell: Layout['header'][number], header: Layout['header']): boolean {
  if (cell.joined) return false;
  return header.some(
    (above) =>
      above.row === cell.row - 1 &&
      isOpenBelow(above, header) &&
      above.column <= cell.column &&
      cell.column < above.column + above.columnSpan,
  );
}

/** 6 + 10 + 11 + 12 + 13 → =6+10+…+13: a narrow column has no room for long runs. */
export function shortFormula(words: string): string {
  const text = words.replaceAll(' ', '');
  if (!/^\d+(\+\d+)+$/.test(text)) return `=${text}`;
  const numbers = text.split('+').map(Number);
  const parts: string[] = [];
  for (let i = 0; i < numbers.length; ) {
    let end = i;
    while (numbers[end + 1] === (numbers[end] as number) + 1) end++;
    if (end - i >= 3) parts.push(`${numbers[i]}+…+${numbers[end]}`);
    else parts.push(...numbers.slice(i, end + 1).map(String));
    i = end + 1;
  }
  return `=${parts.join('+')}`;
}
