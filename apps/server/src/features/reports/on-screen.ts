import { changeOf } from '@quanbao/domain/indicators/change';
import { findIndicator } from '@quanbao/domain/indicators/indicators';
import type { FootingFailure } from '@quanbao/domain/reports/footing';
import {
  type FormDefinition,
  type FormRow,
  type FormTable,
  type Formula,
  fillIn,
  UNPLACED,
} from '@quanbao/domain/reports/forms';
import type { Scope, Tx } from '../../db/port.ts';
import { cellOf, cellText, type TableHead, totalCellOf } from './render/cells.ts';
import { countedForms, footing } from './report.ts';

/** A table as the desk shows it, with the change against another day where one is given; `failures` are the caller's. */
export function tableOnScreen(table: FormTable, path: string, before?: FormTable) {
  return {
    form: table.form.code,
    region: { ...table.region, path },
    asOf: table.asOf,
    against: before?.asOf ?? null,
    layout: layoutOf(table.form, table),
    rows: table.rows.map((row) =>
      lineOf(
        table,
        row,
        before?.rows.find((b) => isSame(b, row)),
      ),
    ),
    total: lineOf(table, table.total, before?.total, true),
    note: table.note ?? null,
  };
}

function isSame(a: FormRow, b: FormRow): boolean {
  return a.code === b.code && (a.name === UNPLACED) === (b.name === UNPLACED);
}

function lineOf(table: FormTable, row: FormRow, before: FormRow | undefined, total = false) {
  const { columns } = table.form;
  const values = columns.map((column) =>
    total ? totalCellOf(table, row, column) : cellOf(table, row, column),
  );
  return {
    code: row.code,
    name: row.name,
    values,
    texts: columns.map((column, i) =>
      total && i === 0 ? '合计' : total && i === 1 ? '' : cellText(column, values[i] ?? null),
    ),
    change:
      before === undefined
        ? null
        : columns.map(({ number, kind }) => {
            const [now, then] = [row.cells[number], before.cells[number]];
            return typeof now === 'number' && typeof then === 'number' ? changeOf(kind, now, then) : null;
          }),
    unplaced: row.name === UNPLACED,
  };
}

const SIGNS = { sum: ' + ', difference: ' − ', ratio: ' ÷ ' } as const;

function formulaWords(formula: Formula | undefined): string | null {
  return formula === undefined ? null : formula.of.join(SIGNS[formula.op]);
}

export function layoutOf(form: FormDefinition, head: TableHead) {
  return {
    number: form.number,
    title: fillIn(form.title, head),
    meta: form.meta.map((part) => ({ ...part, text: fillIn(part.text, head) })),
    headerRows: form.headerRows,
    header: form.header.map((cell) => ({ ...cell, joined: cell.joined ?? false })),
    numbered: form.numbered,
    columns: form.columns.map((column) => {
      const known = column.indicator === undefined ? undefined : findIndicator(column.indicator);
      return {
        number: column.number,
        title: column.title,
        kind: column.kind,
        width: column.width,
        indicator: known?.kind === 'count' && known.over === 'people' ? known.code : null,
        formula: formulaWords(column.formula),
        definition: known?.definition ?? null,
      };
    }),
    footnotes: form.footnotes.map((note) => fillIn(note, head)),
    paper: form.paper.size,
  };
}

/** What does not foot: the form by itself, and 附件4 against 附件5. */
export async function footingOf(tx: Tx, scope: Scope, table: FormTable): Promise<FootingFailure[]> {
  const { code } = table.form;
  const other = code === 'annex4' ? 'annex5' : code === 'annex5' ? 'annex4' : undefined;
  const tables =
    other === undefined
      ? [table]
      : [table, ...(await countedForms(tx, scope, [other], table.region.code, table.asOf))];
  return footing(tables);
}
