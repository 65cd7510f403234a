import { decisions } from '@quanbao/contract/register';
import { usePages } from '../../../api/queries.ts';
import { type Column, DataTable } from '../../../ui/data-table.tsx';
import { localTime } from '../../../ui/format.ts';
import { Nothing } from '../../../ui/states.tsx';
import type { Decision } from './contract.ts';
import { UndoDecision } from './undo-decision.tsx';

const COLUMNS: readonly Column<Decision>[] = [
  { key: 'number', title: '号', width: 46, align: 'right', cell: (one) => one.number },
  { key: 'who', title: '何人', width: 170, cell: (one) => `${one.names}（${one.people} 人）` },
  { key: 'verdict', title: '裁定为', width: 170, cell: (one) => `第 ${one.column} 栏 ${one.verdict}` },
  { key: 'from', title: '自', width: 96, cell: (one) => one.from },
  { key: 'reason', title: '理由', width: 210, cell: (one) => one.reason },
  { key: 'document', title: '材料', width: 130, cell: (one) => one.document },
  { key: 'actor', title: '裁定人', width: 80, cell: (one) => one.actor },
  { key: 'madeAt', title: '时间', width: 128, cell: (one) => localTime(one.madeAt) },
  {
    key: 'state',
    title: '状态',
    width: 72,
    cell: (one) =>
      one.undoneAt ? (
        <span className="tag undone" title={`撤回于 ${localTime(one.undoneAt)}`}>
          已撤回
        </span>
      ) : (
        <span className="tag in-force">有效</span>
      ),
  },
];

export default function DecisionsPage() {
  const pages = usePages(decisions, { query: { limit: 50 } });
  return (
    <div className="page">
      <h1>裁定记录</h1>
      <DataTable
        label="裁定记录"
        columns={COLUMNS}
        rows={pages.rows}
        keyOf={(one) => one.number}
        more={pages.more}
        onMore={pages.fetchMore}
        loading={pages.loading}
        error={pages.error}
        onRetry={pages.retry}
        actionsWidth={72}
        actions={(one) => (one.undoneAt ? null : <UndoDecision number={one.number} />)}
        empty={
          <Nothing title="还没有裁定">
            <p>在“矛盾与待核”里查明情况后裁定，这里按时间列出，可以撤回。</p>
          </Nothing>
        }
      />
    </div>
  );
}
