import { checklists } from '@quanbao/contract/checklist';
import { Button } from 'antd';
import { useState } from 'react';
import { useRead } from '../../api/queries.ts';
import { useMay, useSession } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { longDay, number } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Nothing } from '../../ui/states.tsx';
import type { ListLine } from './contract.ts';
import { LoadDialog } from './load-dialog.tsx';
import { ShareBar } from './share-bar.tsx';
import './checklist.css';

/** 任务清单: the place's own, the county's, and those of the places below. */
export default function ListsPage() {
  const { query, href, go } = useHere();
  const may = useMay();
  const { account } = useSession();
  const [loading, setLoading] = useState(false);
  const { data, error, isFetching, refetch } = useRead(checklists, { query: { asOf: query.asOf } });
  const columns: readonly Column<ListLine>[] = [
    {
      key: 'title',
      title: '清单',
      width: 420,
      cell: ({ list, title }) => <Go href={href(`/checklists/${list}`)}>{title}</Go>,
    },
    { key: 'region', title: '单位', width: 140, cell: ({ region }) => region.name },
    {
      key: 'progress',
      title: '已销账',
      width: 220,
      cell: ({ counts }) => <ShareBar done={counts.closed} all={counts.items} />,
    },
    {
      key: 'asked',
      title: '待审核',
      width: 80,
      align: 'right',
      cell: ({ counts }) => plain(counts.requested),
    },
    {
      key: 'late',
      title: '逾期',
      width: 80,
      align: 'right',
      cell: ({ counts }) => (counts.late > 0 ? <b className="is-late">{number(counts.late)}</b> : '0'),
    },
  ];
  return (
    <div className="page">
      <div className="page-head">
        <h1>任务清单</h1>
        <span className="muted">
          {data && `${longDay(data.asOf)}。`}
          按附件2和任务清单销账制度：申请、审核、销账，逾期变红，每期自动重开。
        </span>
      </div>
      <DataTable
        label="任务清单"
        columns={columns}
        rows={data?.items ?? []}
        keyOf={({ list }) => list}
        onOpen={({ list }) => go(`/checklists/${list}`)}
        loading={isFetching && !data}
        error={error}
        onRetry={() => void refetch()}
        tools={may('checklist.write') && <Button onClick={() => setLoading(true)}>载入清单</Button>}
        empty={
          <Nothing title="还没有任务清单">
            {!may('checklist.write')
              ? '清单由县里和乡镇载入后，在这里查看。'
              : account.region.code.length === 6
                ? '点“载入清单”：附件2十项、全州县二十五项，或自己的表格。'
                : '县里载入附件2以后，打开它制定本级工作细案；也可以点“载入清单”载入自己的表格。'}
          </Nothing>
        }
      />
      {loading && (
        <LoadDialog onClose={() => setLoading(false)} onMade={(list) => go(`/checklists/${list}`)} />
      )}
    </div>
  );
}

function plain(n: number) {
  return n === 0 ? <span className="muted">0</span> : number(n);
}
