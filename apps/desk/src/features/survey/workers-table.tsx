import { formatRate } from '@quanbao/domain/reports/indicators';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { number } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Nothing } from '../../ui/states.tsx';
import { type Progress, type WorkerLine, workerWords } from './management.ts';

/** What each worker has been given and has done in the round. */
export function WorkersTable({ of }: { readonly of: Progress }) {
  const { href } = useHere();
  const { quota, from } = of.round;
  const columns: readonly Column<WorkerLine>[] = [
    { key: 'worker', title: '走访员', width: 170, cell: ({ worker }) => workerWords(worker) },
    {
      key: 'villages',
      title: '包村',
      width: 260,
      cell: ({ villages }) =>
        villages.length === 0 ? <span className="muted">没有分派</span> : villages.join('、'),
    },
    { key: 'listed', title: '负责的名单', width: 100, align: 'right', cell: ({ listed }) => number(listed) },
    {
      key: 'visited',
      title: '已走访',
      width: 90,
      align: 'right',
      cell: ({ worker, visited }) =>
        visited === 0 ? (
          '0'
        ) : (
          <Go href={href('/visits', { actor: worker.login, from, to: of.asOf })}>{number(visited)}</Go>
        ),
    },
    {
      key: 'rate',
      title: quota === null ? '占负责的名单' : `占定额（${number(quota)}人）`,
      width: 130,
      align: 'right',
      cell: ({ listed, visited }) => {
        const of = quota ?? listed;
        return formatRate(of === null || of === 0 ? null : visited / of);
      },
    },
    { key: 'answers', title: '答复', width: 80, align: 'right', cell: ({ answers }) => number(answers) },
    { key: 'last', title: '最近走访', width: 110, cell: ({ last }) => last ?? '—' },
  ];
  return (
    <DataTable
      label="走访员"
      heading={
        <>
          <h2>走访员</h2>
          <span className="muted">几个人走访过同一人、负责同一村的，各自都计。</span>
        </>
      }
      columns={columns}
      rows={of.workers}
      keyOf={({ worker }) => worker.login}
      empty={
        <Nothing title="还没有走访员">
          <p>在“包村”里把村（社区）分给账号；有人上报答复后也会出现在这里。</p>
        </Nothing>
      }
    />
  );
}
