import { type FormColumn, type FormTable, fillIn } from '@quanbao/domain/reports/forms';
import { textRows, widthOf, wrap } from './cells.ts';

/** A column as wide as its contents asks for; headings wrap into it. */
const WIDEST: Partial<Record<FormColumn['kind'], number>> = { name: 28, text: 24, remark: 56 };
const NARROWEST: Partial<Record<FormColumn['kind'], number>> = { code: 8, text: 8 };
const NARROWEST_NUMBER = 6;

function pad(text: string, width: number, right: boolean): string {
  const blank = ' '.repeat(Math.max(0, width - widthOf(text)));
  return right ? blank + text : text + blank;
}

/** The heading over one column; 合计 and 小计 alone would not say of what. */
function heading(column: FormColumn): string {
  const { title, path } = column;
  const words = title === '合计' || title === '小计' ? path.slice(-2).join('') : title;
  return words.replaceAll('\n', '/');
}

/** The form as a terminal prints it: one line of headings per wrapped line, numbers to the right. */
export function toText(table: FormTable): string {
  const { form } = table;
  const rows = textRows(table);
  const widths = form.columns.map((column, i) => {
    const widest = Math.max(
      NARROWEST[column.kind] ?? NARROWEST_NUMBER,
      ...rows.map((row) => widthOf(row[i] as string)),
    );
    return Math.min(widest, WIDEST[column.kind] ?? widest);
  });
  const right = form.columns.map((c) => c.kind === 'count' || c.kind === 'rate');
  const block = (cells: readonly string[], foot = false): string[] => {
    const wrapped = cells.map((text, i) => wrap(text, widths[i] as number));
    const height = Math.max(...wrapped.map((lines) => lines.length));
    return Array.from({ length: height }, (_, n) =>
      wrapped
        .map((lines, i) => {
          const line = lines[foot ? n - (height - lines.length) : n] ?? '';
          return pad(line, widths[i] as number, right[i] as boolean);
        })
        .join(' ')
        .trimEnd(),
    );
  };
  const rule = widths.map((w) => '-'.repeat(w)).join(' ');
  const meta = form.meta.map((part) => fillIn(part.text, table)).join('　');
  const lines = [`${form.number} ${fillIn(form.title, table)}`, meta, rule];
  lines.push(...block(form.columns.map(heading), true));
  if (form.numbered) lines.push(...block(form.columns.map((c) => String(c.number))));
  lines.push(rule);
  rows.forEach((row, i) => {
    if (i === rows.length - 1) lines.push(rule);
    lines.push(...block(row));
  });
  for (const footnote of form.footnotes) lines.push(fillIn(footnote, table));
  if (table.note) lines.push(table.note);
  return `${lines.join('\n')}\n`;
}
