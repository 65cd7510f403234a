import type { FormColumn, FormTable } from '@quanbao/domain/reports/forms';
import { textRows } from './cells.ts';

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
  const { columns, numbered } = table.form;
  const isNumber = columns.map((c) => c.kind === 'count' || c.kind === 'rate');
  const lines = [columns.map(heading)];
  if (numbered) lines.push(columns.map((c) => String(c.number)));
  for (const row of textRows(table)) lines.push(row.map((text, i) => (isNumber[i] ? text : guard(text))));
  return `\ufeff${lines.map((line) => `${line.map(quote).join(',')}\r\n`).join('')}`;
}
