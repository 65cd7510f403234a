import { deliveries, sources } from '@quanbao/contract/sources';
import { Select } from 'antd';
import { usePages, useRead } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { number } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Nothing } from '../../ui/states.tsx';
import type { DeliveryLine } from './contract.ts';
import { STATE_WORDS } from './delivery-words.ts';
import './sources.css';

/** Every list that was received, the newest first. */
export default function DeliveriesPage() {
  const { query, set, go, href } = useHere();
  const may = useMay();
  const { source, state } = query;
  const pages = usePages(deliveries, { query: { source, state, limit: 50 } });
  const { data: catalogue } = useRead(sources, {});
  const count =
    (key: string) =>
    (line: DeliveryLine): string =>
      number(line.counts[key] ?? 0);
  const columns: readonly Column<DeliveryLine>[] = [
    { key: 'no', title: '号', width: 50, align: 'right', cell: (line) => line.delivery },
    {
      key: 'title',
      title: '名单',
      width: 188,
      cell: (line) => <Go href={href(`/deliveries/${line.delivery}`)}>{line.title}</Go>,
    },
    {
      key: 'sender',
      title: '报送单位',
      width: 178,
      cell: (line) =>
        line.region.length <= 6 || line.sender === line.regionName
          ? line.sender
          : `${line.sender}（${line.regionName}）`,
    },
    { key: 'asOf', title: '截至', width: 100, cell: (line) => line.asOf },
    { key: 'receivedAt', title: '收到', width: 134, cell: (line) => line.receivedAt },
    { key: 'actor', title: '接收人', width: 110, cell: (line) => line.actor },
    {
      key: 'state',
      title: '状态',
      width: 80,
      cell: (line) => <span className={`tag ${line.state}`}>{STATE_WORDS[line.state]}</span>,
    },
    { key: 'accepted', title: '接收', width: 66, align: 'right', cell: count('accepted') },
    { key: 'new', title: '新增', width: 60, align: 'right', cell: count('new') },
    { key: 'changed', title: '变化', width: 60, align: 'right', cell: count('changed') },
    { key: 'withdrawn', title: '不再在册', width: 84, align: 'right', cell: count('withdrawn') },
    {
      key: 'rejected',
      title: '拒收',
      width: 64,
      align: 'right',
      cell: (line) => (
        <span className={(line.counts.rejected ?? 0) > 0 ? 'late' : undefined}>
          {count('rejected')(line)}
        </span>
      ),
    },
  ];
  return (
    <div className="page">
      <div className="page-head">
        <h1>报送记录</h1>
        <Select
          aria-label="按来源"
          value={source ?? ''}
          style={{ width: 240 }}
          showSearch
          optionFilterProp="label"
          options={[
            { value: '', label: '全部来源' },
            ...(catalogue?.items ?? []).map((one) => ({ value: one.code, label: one.title })),
          ]}
          onChange={(value: string) => set({ source: value })}
        />
        <Select
          aria-label="按状态"
          value={state ?? ''}
          style={{ width: 120 }}
          options={[
            { value: '', label: '全部状态' },
            ...Object.entries(STATE_WORDS).map(([value, label]) => ({ value, label })),
          ]}
          onChange={(value: string) => set({ state: value })}
        />
        <div className="page-tools">{may('lists.send') && <Go href={href('/receive')}>接收名单</Go>}</div>
      </div>
      <DataTable
        label="报送记录"
        columns={columns}
        rows={pages.rows}
        keyOf={(line) => line.delivery}
        onOpen={(line) => go(`/deliveries/${line.delivery}`)}
        more={pages.more}
        onMore={pages.fetchMore}
        loading={pages.loading}
        error={pages.error}
        onRetry={pages.retry}
        total={pages.first?.total}
        empty={
          <Nothing title="没有报送记录">
            <p>{source || state ? '换个条件看看。' : '接收第一份名单后，这里按时间列出。'}</p>
          </Nothing>
        }
      />
    </div>
  );
}
