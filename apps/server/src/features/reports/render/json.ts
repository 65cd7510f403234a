import { Annex3Totals } from '@quanbao/domain/reports/annex3';
import type { CellValue, FormRow, FormTable } from '@quanbao/domain/reports/forms';

interface FormJsonRow {
  code: string;
  name: string;
  cells: Record<string, CellValue>;
}

export interface FormJson {
  form: string;
  /** The code of the region asked for. */
  region: string;
  asOf: string;
  rows: FormJsonRow[];
  total: Record<string, CellValue>;
}

/** Cells by printed column number; rates are unrounded fractions, null when the denominator is 0. */
export function toJson(table: FormTable): FormJson {
  const row = ({ code, name, cells }: FormRow): FormJsonRow => ({ code, name, cells: { ...cells } });
  return {
    form: table.form.code,
    region: table.region.code,
    asOf: table.asOf,
    rows: table.rows.map(row),
    total: { ...table.total.cells },
  };
}

/** The same for 附件3, piece by piece: a row is a person, its code the place where he stands. */
export async function* annex3ToJson(
  head: { readonly region: string; readonly asOf: string },
  lines: AsyncIterable<{ readonly region: string; readonly cells: readonly string[] }>,
): AsyncGenerator<string> {
  yield `{"form":"annex3","region":${JSON.stringify(head.region)},"asOf":${JSON.stringify(head.asOf)},"rows":[`;
  const totals = new Annex3Totals();
  let separator = '\n';
  for await (const { region, cells } of lines) {
    totals.add(cells);
    const row: FormJsonRow = { code: region, name: cells[1] ?? '', cells: byNumber(cells) };
    yield separator + JSON.stringify(row);
    separator = ',\n';
  }
  const total = Object.entries(byNumber(totals.row())).filter(([, value]) => typeof value === 'number');
  yield `\n],"total":${JSON.stringify(Object.fromEntries(total))}}\n`;
}

function byNumber(cells: readonly CellValue[]): Record<string, CellValue> {
  return Object.fromEntries(cells.map((value, i) => [String(i + 1), value]));
}
