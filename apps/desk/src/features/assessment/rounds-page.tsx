import { assessments } from '@quanbao/contract/assessment';
import { Button } from 'antd';
import { useState } from 'react';
import { useRead } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { Nothing } from '../../ui/states.tsx';
import './assessment.css';
import { BeginDialog } from './begin-dialog.tsx';
import { type RoundHead, STATE_LOOK, STATE_WORDS } from './contract.ts';

/** Every assessment there has been. */
export default function RoundsPage() {
  const { href, go } = useHere();
  const may = useMay();
  const [beginning, setBeginning] = useState(false);
  const { data, error, isFetching, refetch } = useRead(assessments, {});
  const columns: readonly Column<RoundHead>[] = [
    {
      key: 'title',
      title: '考核',
      width: 300,
      cell: (one) => (
        <>
          <Go href={href(`/assessments/${one.assessment}`)}>
            第 {one.assessment} 轮：{one.title}
          </Go>
          <small className="assess-sub">{one.schemeTitle}</small>
        </>
      ),
    },
    { key: 'day', title: '考核日期', width: 110, cell: ({ day }) => day },
    {
      key: 'whom',
      title: '对象',
      width: 130,
      cell: ({ assessed }) => (assessed === 'towns' ? '乡镇（场、街道）' : '部门'),
    },
    { key: 'due', title: '自查截止', width: 110, cell: ({ selfDue }) => selfDue },
    {
      key: 'state',
      title: '进度',
      width: 100,
      cell: ({ state }) => <span className={`tag ${STATE_LOOK[state] ?? ''}`}>{STATE_WORDS[state]}</span>,
    },
    { key: 'document', title: '通报文号', width: 190, cell: ({ document }) => document ?? '' },
  ];
  return (
    <div className="page">
      <div className="page-head">
        <h1>考核轮次</h1>
        <span className="muted">
          得分由名单逐项计算；自查、申诉、裁决留痕，定案后连同数据冻结，可以重新计算核对。
        </span>
      </div>
      <DataTable
        label="考核轮次"
        columns={columns}
        rows={data?.items ?? []}
        keyOf={({ assessment }) => assessment}
        onOpen={({ assessment }) => go(`/assessments/${assessment}`)}
        loading={isFetching && !data}
        error={error}
        onRetry={() => void refetch()}
        tools={
          may('assessment.write') && (
            <Button type="primary" onClick={() => setBeginning(true)}>
              开始一轮考核
            </Button>
          )
        }
        empty={
          <Nothing title="还没有考核">
            <p>县级选一个方案和日期开始一轮；之后各单位在这里自查评估。</p>
          </Nothing>
        }
      />
      {beginning && (
        <BeginDialog onClose={() => setBeginning(false)} onDone={(no) => go(`/assessments/${no}`)} />
      )}
    </div>
  );
}
