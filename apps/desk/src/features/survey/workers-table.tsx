import { formatRate } from '@quanbao/domain/indicators/indicators';
import { workerShare } from '@quanbao/domain/survey/quota';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { number } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Nothing } from '../../ui/states.tsx';
import { type Progress, type WorkerLine, workerWords } from './management.ts';

/** What each worker has been given and has done in the round. */
export function WorkersTable({ of }: { readonly of: Progress }) {
  const { href } = useHere();
  const { quota, round } = of.round;
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
          <Go href={href(`/rounds/${round}`, { worker: worker.login })}>{number(visited)}</Go>
        ),
    },
    {
      key: 'rate',
      title: quota === null ? '占负责的名单' : `占定额（${number(quota)}人）`,
      width: 130,
      align: 'right',
      cell: (counts) => formatRate(workerShare(quota, counts)),
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
          <span className="muted">
            {quota === null
              ? '几个人走访过同一人、负责同一村的，各自都计；占比只计本人走访的、在本人负责的名单里的人。'
              : '几个人走访过同一人的，各自都计；占定额按本人走访过的人计，不论在谁的村。'}
          </span>
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
