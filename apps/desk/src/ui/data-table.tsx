import { useVirtualizer } from '@tanstack/react-virtual';
import { Button, Checkbox } from 'antd';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { Failure, Nothing } from './states.tsx';

export interface Column<Row> {
  readonly key: string;
  readonly title: ReactNode;
  readonly width: number;
  readonly align?: 'left' | 'right' | 'center';
  readonly cell: (row: Row) => ReactNode;
  /** The server sorts by it under this name. */
  readonly sort?: string;
}

/** `-name` sorts downwards. */
export type Sort = string | undefined;

interface Props<Row> {
  /** Names the table for whoever cannot see it. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string | number;
  /** Enter, or a click on the row. */
  readonly onOpen?: (row: Row) => void;
  readonly actions?: (row: Row) => ReactNode;
  readonly actionsWidth?: number;
  readonly selection?: {
    readonly keys: ReadonlySet<string | number>;
    readonly onChange: (keys: ReadonlySet<string | number>) => void;
  };
  readonly sort?: { readonly by: Sort; readonly onChange: (by: Sort) => void };
  /** From `usePages`: more rows are fetched when the end comes into sight. */
  readonly more?: boolean;
  readonly onMore?: () => void;
  readonly loading?: boolean;
  readonly error?: unknown;
  readonly onRetry?: () => void;
  readonly total?: number | null | undefined;
  /** Over the table: what it is, on the left; buttons such as export, on the right. */
  readonly heading?: ReactNode;
  readonly tools?: ReactNode;
  readonly empty?: ReactNode;
}

const ROW = 36;
/** Below this many rows all are drawn: printing and the browser's own search then find every one. */
const FEW = 150;

/** A dense table: sticky headings, keyset pages, ↑ ↓ Home End Enter Space, only the rows in sight drawn. */
export function DataTable<Row>(props: Props<Row>) {
  const { columns, rows, keyOf, onOpen, actions, selection, more, loading, onMore } = props;
  const box = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const printing = usePrinting();
  const all = rows.length <= FEW || printing;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 12,
    enabled: !all,
  });
  const shown = all ? rows.map((_, index) => index) : virtual.getVirtualItems().map((item) => item.index);
  const first = all ? 0 : (virtual.getVirtualItems()[0]?.start ?? 0);
  const last = all ? 0 : virtual.getTotalSize() - (virtual.getVirtualItems().at(-1)?.end ?? 0);
  const lastShown = shown.at(-1) ?? 0;

  useEffect(() => {
    if (!all && more && !loading && lastShown >= rows.length - 20) onMore?.();
  }, [all, more, loading, lastShown, rows.length, onMore]);

  const focusRow = (index: number): void => {
    const next = Math.max(0, Math.min(rows.length - 1, index));
    setActive(next);
    if (!all) virtual.scrollToIndex(next);
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-row="${next}"]`)?.focus());
    if (next >= rows.length - 1 && more && !loading) onMore?.();
  };
  const toggle = (row: Row): void => {
    if (!selection) return;
    const keys = new Set(selection.keys);
    if (!keys.delete(keyOf(row))) keys.add(keyOf(row));
    selection.onChange(keys);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const at = (event.target as HTMLElement).dataset.row;
    if (at === undefined) return;
    const index = Number(at);
    const to = { ArrowDown: index + 1, ArrowUp: index - 1, PageDown: index + 12, PageUp: index - 12 }[
      event.key
    ];
    if (to !== undefined) focusRow(to);
    else if (event.key === 'Home') focusRow(0);
    else if (event.key === 'End') focusRow(rows.length - 1);
    else if (event.key === 'Enter' && onOpen) onOpen(rows[index] as Row);
    else if (event.key === ' ' && selection) toggle(rows[index] as Row);
    else return;
    event.preventDefault();
  };

  const cells = columns.length + (actions ? 1 : 0) + (selection ? 1 : 0);
  const total = props.total ?? undefined;
  const selectedHere = selection ? rows.filter((row) => selection.keys.has(keyOf(row))).length : 0;
  return (
    <section className="table-block">
      {(props.heading || props.tools || total !== undefined) && (
        <div className="table-head">
          <div className="table-title">
            {props.heading}
            {total !== undefined && <span className="muted">共 {total.toLocaleString('zh-CN')} 条</span>}
          </div>
          <div className="table-tools no-print">{props.tools}</div>
        </div>
      )}
      {props.error ? (
        <Failure error={props.error} {...(props.onRetry ? { retry: props.onRetry } : {})} />
      ) : null}
      <div className="table-box" ref={box} aria-busy={loading ?? false}>
        <table
          className="data"
          aria-label={props.label}
          aria-rowcount={total ?? (more ? -1 : rows.length + 1)}
        >
          <colgroup>
            {selection && <col style={{ width: 40 }} />}
            {columns.map((column) => (
              <col key={column.key} style={{ width: column.width }} />
            ))}
            {actions && <col className="no-print" style={{ width: props.actionsWidth ?? 120 }} />}
          </colgroup>
          <thead>
            <tr>
              {selection && (
                <th scope="col">
                  <Checkbox
                    aria-label="全选已显示的行"
                    checked={selectedHere > 0 && selectedHere === rows.length}
                    indeterminate={selectedHere > 0 && selectedHere < rows.length}
                    onChange={(event) =>
                      selection.onChange(new Set(event.target.checked ? rows.map(keyOf) : []))
                    }
                  />
                </th>
              )}
              {columns.map((column) => (
                <Heading key={column.key} column={column} sort={props.sort} />
              ))}
              {actions && (
                <th scope="col" className="no-print">
                  操作
                </th>
              )}
            </tr>
          </thead>
          <tbody onKeyDown={onKeyDown}>
            {first > 0 && <tr style={{ height: first }} />}
            {shown.map((index) => {
              const row = rows[index] as Row;
              const key = keyOf(row);
              return (
                <tr
                  key={key}
                  data-row={index}
                  data-index={index}
                  ref={all ? undefined : virtual.measureElement}
                  aria-rowindex={index + 2}
                  aria-selected={selection ? selection.keys.has(key) : undefined}
                  tabIndex={onOpen || selection ? (index === active ? 0 : -1) : undefined}
                  className={onOpen ? 'opens' : undefined}
                  onFocus={() => setActive(index)}
                  onClick={(event) => {
                    if (!onOpen || (event.target as HTMLElement).closest('a, button, input, label')) return;
                    if (String(window.getSelection()) === '') onOpen(row);
                  }}
                >
                  {selection && (
                    <td>
                      <Checkbox
                        aria-label="选中这一行"
                        tabIndex={-1}
                        checked={selection.keys.has(key)}
                        onChange={() => toggle(row)}
                      />
                    </td>
                  )}
                  {columns.map((column) => (
                    <td key={column.key} className={column.align}>
                      {column.cell(row)}
                    </td>
                  ))}
                  {actions && <td className="row-actions no-print">{actions(row)}</td>}
                </tr>
              );
            })}
            {last > 0 && <tr style={{ height: last }} />}
            {rows.length === 0 && !loading && !props.error && (
              <tr>
                <td colSpan={cells}>{props.empty ?? <Nothing title="没有符合条件的记录" />}</td>
              </tr>
            )}
          </tbody>
        </table>
      </div>
      <div className="table-foot no-print" role="status">
        {loading ? '正在读取……' : rows.length > 0 && `已显示 ${rows.length.toLocaleString('zh-CN')} 条`}
        {more && !loading && (
          <Button size="small" type="link" onClick={onMore}>
            再取一页
          </Button>
        )}
      </div>
    </section>
  );
}

function Heading<Row>({ column, sort }: { readonly column: Column<Row>; readonly sort: Props<Row>['sort'] }) {
  if (!sort || !column.sort) {
    return (
      <th scope="col" className={column.align}>
        {column.title}
      </th>
    );
  }
  const up = sort.by === column.sort;
  const down = sort.by === `-${column.sort}`;
  const next = up ? `-${column.sort}` : down ? undefined : column.sort;
  return (
    <th scope="col" className={column.align} aria-sort={up ? 'ascending' : down ? 'descending' : 'none'}>
      <button type="button" className="sorter" onClick={() => sort.onChange(next)}>
        {column.title}
        <span aria-hidden="true">{up ? ' ▲' : down ? ' ▼' : ' ⇅'}</span>
      </button>
    </th>
  );
}

/** Every row must be there before the browser lays out the pages. */
function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    const before = (): void => flushSync(() => setPrinting(true));
    const after = (): void => setPrinting(false);
    window.addEventListener('beforeprint', before);
    window.addEventListener('afterprint', after);
    return () => {
      window.removeEventListener('beforeprint', before);
      window.removeEventListener('afterprint', after);
    };
  }, []);
  return printing;
}
