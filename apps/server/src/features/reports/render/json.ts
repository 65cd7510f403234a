import type { FormRow, FormTable } from '@quanbao/domain/reports/forms';

interface FormJsonRow {
  code: string;
  name: string;
  cells: Record<string, number | string | null>;
  remark?: string;
}

export interface FormJson {
  form: string;
  /** The code of the region asked for. */
  region: string;
  asOf: string;
  rows: FormJsonRow[];
  total: Record<string, number | string | null>;
}

/** Cells by printed column number; rates are unrounded fractions, null when the denominator is 0. */
export function toJson(table: FormTable): FormJson {
  const row = ({ code, name, cells, remark }: FormRow): FormJsonRow =>
    remark ? { code, name, cells: { ...cells }, remark } : { code, name, cells: { ...cells } };
  return {
    form: table.form.code,
    region: table.region.code,
    asOf: table.asOf,
    rows: table.rows.map(row),
    total: { ...table.total.cells },
  };
}
