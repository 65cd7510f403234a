import { Annex3Totals } from '@quanbao/domain/reports/annex3';
import { ANNEX3, type FormColumn, type FormDefinition, type FormTable } from '@quanbao/domain/reports/forms';
import { cellText, textRows } from './cells.ts';

/** Text that a spreadsheet would run as a formula gets an apostrophe in front. */
function guard(text: string): string {
  return /^[\s\u0000]*[=+\-@＝＋－＠]|^[\t\r\n]/.test(text) ? `'${text}` : text;
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function heading(column: FormColumn): string {
  return column.path.join('-').replaceAll('\n', '/');
}

/** UTF-8 with a byte order mark (else Excel reads it as GBK); merged headings flattened to one row. */
export function toCsv(table: FormTable): string {
  return (
    headLines(table.form) +
    textRows(table)
      .map((row) => line(table.form, row))
      .join('')
  );
}

/** 附件3 as it goes by, 合计 last. */
export async function* annex3ToCsv(rows: AsyncIterable<readonly string[]>): AsyncGenerator<string> {
  yield headLines(ANNEX3);
  const totals = new Annex3Totals();
  for await (const row of rows) {
    totals.add(row);
    yield line(ANNEX3, row);
  }
  yield line(
    ANNEX3,
    totals.row().map((value, i) => cellText(ANNEX3.columns[i] as FormColumn, value)),
  );
}

/** A table of texts: with the byte order mark, and nothing in it that a spreadsheet would run. */
export function textsToCsv(rows: readonly (readonly string[])[]): string {
  return `\ufeff${rows.map((cells) => `${cells.map((text) => quote(guard(text))).join(',')}\r\n`).join('')}`;
}

function headLines({ columns, numbered }: FormDefinition): string {
  const lines = [columns.map(heading)];
  if (numbered) lines.push(columns.map((c) => String(c.number)));
  return textsToCsv(lines);
}

function line({ columns }: FormDefinition, row: readonly string[]): string {
  const cells = row.map((text, i) => {
    const { kind } = columns[i] as FormColumn;
    return quote(kind === 'count' || kind === 'rate' ? text : guard(text));
  });
  return `${cells.join(',')}\r\n`;
}
