import type { ReactNode } from 'react';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import type { RejectedRow } from './contract.ts';

const COLUMNS: readonly Column<RejectedRow>[] = [
  {
    key: 'where',
    title: '位置',
    width: 300,
    cell: ({ file, sheet, row }) => `${file}${sheet ? ` · ${sheet}` : ''} 第 ${row} 行`,
  },
  { key: 'column', title: '列', width: 130, cell: (row) => row.column },
  { key: 'value', title: '填写的内容', width: 190, cell: (row) => row.value },
  { key: 'message', title: '原因与办法', width: 420, cell: (row) => row.message },
];

interface Props {
  readonly rows: readonly RejectedRow[];
  readonly total: number;
  readonly tools?: ReactNode;
  readonly actions?: (row: RejectedRow) => ReactNode;
  readonly more?: boolean;
  readonly onMore?: () => void;
  readonly loading?: boolean;
}

/** Rows that were not taken, and why; numbers are hidden. */
export function RejectedTable({ rows, total, ...rest }: Props) {
  return (
    <DataTable
      label="拒收的行"
      heading={
        <>
          <h2>拒收的行</h2>
          {rows.length < total && !rest.more && <span className="muted">最要紧的 {rows.length} 条</span>}
        </>
      }
      total={total}
      columns={COLUMNS}
      rows={rows}
      keyOf={(row) => row.no ?? `${row.file} ${row.sheet} ${row.row} ${row.column} ${row.code}`}
      {...rest}
    />
  );
}
