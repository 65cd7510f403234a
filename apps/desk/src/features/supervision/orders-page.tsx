import { orders } from '@quanbao/contract/supervision';
import { ORDER_WORDS, type OrderState } from '@quanbao/domain/supervision/order';
import { Button, Segmented, Tag } from 'antd';
import { useState } from 'react';
import { useRead } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { Nothing } from '../../ui/states.tsx';
import { RaiseDialog } from './raise-dialog.tsx';
import type { OrderLine } from './words.ts';
import './supervision.css';

const ALL = 'all';

/** 督办单: what was asked of whom, whether it is answered, and how late it is. */
export default function OrdersPage() {
  const { region, query, href, go, set } = useHere();
  const may = useMay();
  const [raising, setRaising] = useState(false);
  const state = (['open', 'late', 'closed'] as const).find((one) => one === query.state);
  const { data, error, isFetching, refetch } = useRead(orders, {
    query: { region, asOf: query.asOf, ...(state === undefined ? {} : { state }) },
  });
  const columns: readonly Column<OrderLine>[] = [
    {
      key: 'number',
      title: '编号',
      width: 150,
      cell: (one) => <Go href={href(`/orders/${one.order}`)}>{one.number}</Go>,
    },
    { key: 'to', title: '承办单位', width: 130, cell: ({ to }) => to },
    { key: 'subject', title: '事项', width: 330, cell: ({ subject }) => subject },
    { key: 'raised', title: '下达', width: 110, cell: ({ raisedDay }) => raisedDay },
    {
      key: 'due',
      title: '时限',
      width: 130,
      cell: ({ due, daysLate }) => (
        <>
          {due}
          {daysLate > 0 && <small className="sup-sub">逾期 {daysLate} 天</small>}
        </>
      ),
    },
    {
      key: 'state',
      title: '状态',
      width: 190,
      cell: (one) => (
        <>
          <Tag color={one.daysLate > 0 ? 'red' : undefined}>{ORDER_WORDS[one.state as OrderState]}</Tag>
          {one.escalation && <small className="sup-sub">{one.escalation}</small>}
        </>
      ),
    },
    { key: 'actor', title: '下达人', width: 110, cell: ({ actor }) => actor },
  ];
  return (
    <div className="page">
      <div className="page-head">
        <h1>督办单</h1>
        <span className="muted">
          {data ? `未办结 ${data.open} 份，逾期 ${data.late} 份。` : ''}
          承办单位答复并附佐证，由下达人退回或办结。
        </span>
      </div>
      <DataTable
        label="督办单"
        columns={columns}
        rows={data?.items ?? []}
        keyOf={({ order }) => order}
        onOpen={({ order }) => go(`/orders/${order}`)}
        loading={isFetching && !data}
        error={error}
        onRetry={() => void refetch()}
        heading={
          <Segmented
            aria-label="状态"
            value={state ?? ALL}
            options={[
              { value: ALL, label: '全部' },
              { value: 'open', label: '未办结' },
              { value: 'late', label: '逾期' },
              { value: 'closed', label: '已办结' },
            ]}
            onChange={(value) => set({ state: value === ALL ? null : value })}
          />
        }
        tools={
          may('supervision.write') && (
            <Button type="primary" onClick={() => setRaising(true)}>
              下达督办单
            </Button>
          )
        }
        empty={
          <Nothing title="没有督办单">
            <p>
              {state !== undefined
                ? '没有这种状态的督办单；点“全部”看其余的。'
                : may('supervision.write')
                  ? '可以在预警页面一键下达，也可以手工填写。'
                  : '县里下达给本单位的督办单列在这里。'}
            </p>
          </Nothing>
        }
      />
      {raising && <RaiseDialog onClose={() => setRaising(false)} />}
    </div>
  );
}
