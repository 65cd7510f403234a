import { checks } from '@quanbao/contract/survey';
import { formatRate } from '@quanbao/domain/indicators/indicators';
import { stillUnchecked } from '@quanbao/domain/survey/checks';
import { Button } from 'antd';
import { useState } from 'react';
import { useRead } from '../../api/queries.ts';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { localTime, number } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Failure, Nothing } from '../../ui/states.tsx';
import { DrawDialog } from './draw-dialog.tsx';
import type { CheckLine } from './management.ts';
import './management.css';

/** Back-checks: what was drawn, how far it is, and how far it agrees. */
export default function ChecksPage() {
  const { href, go } = useHere();
  const [drawing, setDrawing] = useState(false);
  const { data, error, isFetching, refetch } = useRead(checks, {});
  const visits = (n: number, check: number, found: string) =>
    n === 0 ? (
      <span className="muted">0</span>
    ) : (
      <Go href={href(`/checks/${check}`, { found })}>{number(n)}</Go>
    );
  const columns: readonly Column<CheckLine>[] = [
    {
      key: 'check',
      title: '抽查',
      width: 240,
      cell: (one) => (
        <>
          <Go href={href(`/checks/${one.check}`)}>
            第 {one.check} 次{one.round ? `：${one.round.name}` : ''}
          </Go>
          <small className="survey-sub">
            {one.from} 至 {one.to} 的走访
          </small>
        </>
      ),
    },
    { key: 'place', title: '范围', width: 170, cell: ({ region }) => region.path },
    { key: 'seed', title: '抽样号', width: 90, cell: ({ seed }) => seed },
    {
      key: 'drawn',
      title: '抽取',
      width: 130,
      cell: ({ drawn, visits, size }) => (
        <>
          {number(drawn)} 条
          <small className="survey-sub">
            {size}，共 {number(visits)} 条走访
          </small>
        </>
      ),
    },
    {
      key: 'left',
      title: '未复核',
      width: 80,
      align: 'right',
      cell: (one) => visits(stillUnchecked(one), one.check, 'left'),
    },
    {
      key: 'different',
      title: '不一致',
      width: 80,
      align: 'right',
      cell: ({ different, check }) => visits(different, check, 'different'),
    },
    {
      key: 'agreement',
      title: '一致率',
      width: 130,
      align: 'right',
      cell: ({ agreement, same, different }) => (
        <>
          {formatRate(agreement)}
          <small className="survey-sub">
            {number(same)} / {number(same + different)}
          </small>
        </>
      ),
    },
    {
      key: 'made',
      title: '抽取人、时间',
      width: 150,
      cell: ({ actor, madeAt }) => (
        <>
          {actor}
          <small className="survey-sub">{localTime(madeAt)}</small>
        </>
      ),
    },
  ];
  return (
    <div className="page">
      <div className="page-head">
        <h1>抽查</h1>
        <span className="muted">
          按抽样号抽取，同一个号抽出同样的走访，谁都可以重抽核对。只抽手机和窗口登记的走访，底册带回的答复不抽。
        </span>
      </div>
      {error && <Failure error={error} retry={() => void refetch()} />}
      <DataTable
        label="抽查"
        columns={columns}
        rows={data?.items ?? []}
        keyOf={({ check }) => check}
        onOpen={({ check }) => go(`/checks/${check}`)}
        loading={isFetching && !data}
        tools={
          <Button type="primary" onClick={() => setDrawing(true)}>
            抽取
          </Button>
        }
        empty={
          <Nothing title="还没有抽查">
            <p>从一轮走访里抽取若干条，电话或上门复核，登记一致、不一致或无法核实。</p>
          </Nothing>
        }
      />
      {drawing && (
        <DrawDialog
          onClose={() => setDrawing(false)}
          onDone={(check) => {
            void refetch();
            go(`/checks/${check}`);
          }}
        />
      )}
    </div>
  );
}
