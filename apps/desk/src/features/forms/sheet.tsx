import type { ReactNode } from 'react';
import type { Layout } from './contract.ts';
import { isOpenBelow, isUnderOpen, metaCells, screenWidths, shortFormula } from './layout.ts';
import './sheet.css';

/** What is left beside the menu at 1366 pixels. */
const OFFICE_SCREEN = 1160;

interface Props {
  readonly layout: Layout;
  /** Rows of the body. */
  readonly children: ReactNode;
  /** Under the table, beside the form's own notes. */
  readonly note?: ReactNode;
}

/** A form as it is printed: number, title, the line over the table, merged headings, column numbers, notes. */
export function Sheet({ layout, children, note }: Props) {
  const { columns } = layout;
  const widths = screenWidths(columns);
  const total = widths.reduce((sum, width) => sum + width, 0);
  return (
    <article className={`sheet ${layout.paper.toLowerCase()}`}>
      <p className="sheet-number">{layout.number}</p>
      <h1 className="sheet-title">{layout.title}</h1>
      <div className="sheet-meta">
        {metaCells(layout.meta, widths).map((cell, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts of a fixed line
          <span key={index} className={cell.align} style={{ flex: `${cell.width} 1 auto` }}>
            {cell.text}
          </span>
        ))}
      </div>
      <section
        className={total > OFFICE_SCREEN ? 'sheet-scroll wide' : 'sheet-scroll'}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide form is scrolled with the keyboard too
        tabIndex={0}
        aria-label={`${layout.number} 表格`}
      >
        <table style={{ minWidth: total }}>
          <colgroup>
            {columns.map((column, index) => (
              <col key={column.number} style={{ width: `${((widths[index] ?? 0) / total) * 100}%` }} />
            ))}
          </colgroup>
          <thead>
            {Array.from({ length: layout.headerRows }, (_, row) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a row of the heading is its place
              <tr key={row}>
                {layout.header
                  .filter((cell) => cell.row === row)
                  .map((cell) => (
                    <HeadingCell key={cell.column} cell={cell} layout={layout} />
                  ))}
              </tr>
            ))}
            {layout.numbered && (
              <tr className="sheet-numbers">
                {columns.map((column) => (
                  <td key={column.number}>
                    {column.number}
                    {column.formula && <small className="no-print">{shortFormula(column.formula)}</small>}
                  </td>
                ))}
              </tr>
            )}
          </thead>
          {children}
        </table>
      </section>
      <footer className="sheet-notes">
        {layout.footnotes.map((text) => (
          <p key={text}>{text}</p>
        ))}
        {note}
      </footer>
    </article>
  );
}

function HeadingCell({ cell, layout }: { readonly cell: Layout['header'][number]; readonly layout: Layout }) {
  const { row, column, rowSpan, columnSpan, text, joined } = cell;
  if (joined) return <td rowSpan={rowSpan} colSpan={columnSpan} className="joined" />;
  const open = isOpenBelow(cell, layout.header) && 'open-below';
  const under = isUnderOpen(cell, layout.header) && 'under-open';
  // The definition belongs to the column: only a heading that stands over one column alone may show it.
  const foot = row + rowSpan === layout.headerRows ? layout.columns[column - 1] : undefined;
  const title = columnSpan === 1 ? (foot?.definition ?? undefined) : undefined;
  return (
    <th
      scope={columnSpan > 1 ? 'colgroup' : 'col'}
      rowSpan={rowSpan}
      colSpan={columnSpan}
      className={[open, under].filter(Boolean).join(' ') || undefined}
      title={title}
    >
      {text}
    </th>
  );
}
