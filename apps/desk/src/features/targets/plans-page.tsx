import { plans } from '@quanbao/contract/targets';
import { formatRate } from '@quanbao/domain/indicators/indicators';
import { Button } from 'antd';
import { useState } from 'react';
import { useRead } from '../../api/queries.ts';
import { useMay, useSession } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { IndicatorLink } from '../../shell/indicator-link.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { longDay, number } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Failure, Loading, NoRegister, Nothing } from '../../ui/states.tsx';
import { Bar } from './bar.tsx';
import type { PlanItem } from './contract.ts';
import { MakeDialog } from './make-dialog.tsx';
import { amountText, STATE_TONE } from './targets.ts';
import './targets.css';

/** Of a village there is nobody below it to sign. */
function signedWords(unsigned: number, itself: boolean): string {
  if (unsigned === 0) return '已签收';
  return itself ? '未签收' : `${number(unsigned)} 个未签收`;
}

/** Every plan with how far this region is with it. */
export default function PlansPage() {
  const { query, asOf, href, go } = useHere();
  const may = useMay();
  const { account } = useSession();
  const [making, setMaking] = useState(false);
  const { data, error, isFetching, refetch } = useRead(
    plans,
    { query: { region: query.region, asOf } },
    { enabled: asOf !== undefined },
  );
  if (asOf === undefined) return <NoRegister title="还没有户籍人口名单，暂时不能制定任务" />;
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Loading />;
  const columns: readonly Column<PlanItem>[] = [
    {
      key: 'title',
      title: '任务',
      width: 230,
      cell: ({ plan }) => (
        <>
          <Go href={href(`/targets/${plan.plan}`)}>{plan.title}</Go>
          <small className="target-sub">
            {plan.kindTitle}
            {plan.ended ? `，${plan.ended} 终止` : plan.draft !== null ? `，第 ${plan.draft} 版未下达` : ''}
            {plan.late && <b className="target-late">4月底后下达</b>}
          </small>
        </>
      ),
    },
    { key: 'days', title: '起止', width: 120, cell: ({ plan }) => `${plan.from} 至 ${plan.due}` },
    {
      key: 'amount',
      title: '任务数',
      width: 96,
      align: 'right',
      cell: ({ plan, standing }) => (standing ? amountText(plan, standing.amount) : '—'),
    },
    {
      key: 'done',
      title: '完成数',
      width: 96,
      align: 'right',
      cell: ({ plan, standing }) =>
        standing && standing.done !== null ? (
          <IndicatorLink code={plan.indicator}>{amountText(plan, standing.done)}</IndicatorLink>
        ) : (
          (standing?.words ?? '—')
        ),
    },
    {
      key: 'bar',
      title: '进度',
      width: 190,
      cell: ({ standing }) =>
        standing && (
          <span className="target-progress">
            <Bar of={standing} />
            {standing.rate !== null && formatRate(standing.rate)}
          </span>
        ),
    },
    {
      key: 'words',
      title: '与时间进度比',
      width: 220,
      cell: ({ standing }) =>
        standing && <span className={`tag ${STATE_TONE[standing.state] ?? ''}`}>{standing.words}</span>,
    },
    {
      key: 'signed',
      title: '签收',
      width: 110,
      cell: ({ plan, unsigned }) =>
        plan.version === null ? '—' : signedWords(unsigned, account.region.code.length === 12),
    },
  ];
  return (
    <div className="page">
      <div className="page-head">
        <h1>目标任务</h1>
        <span className="muted">
          {data.region.path}，截至 {longDay(data.asOf)}
          。完成数按登记册当天的数，竖线是按时间应完成的位置；核实任务与扩面任务分开计算。
        </span>
        <div className="page-tools">
          {may('targets.write') && account.region.code.length === 6 && (
            <Button type="primary" onClick={() => setMaking(true)}>
              新建任务
            </Button>
          )}
        </div>
      </div>
      <DataTable
        label="目标任务"
        columns={columns}
        rows={data.items}
        keyOf={({ plan }) => plan.plan}
        loading={isFetching}
        onOpen={({ plan }) => go(`/targets/${plan.plan}`)}
        empty={
          <Nothing title="还没有目标任务">
            <p>由县里导入附件1，或按当天人数建立任务；下达后各乡镇在这里签收、看进度。</p>
          </Nothing>
        }
      />
      {making && <MakeDialog onClose={() => setMaking(false)} onDone={(no) => go(`/targets/${no}`)} />}
    </div>
  );
}
