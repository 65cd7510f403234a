import { roundPeople, rounds } from '@quanbao/contract/survey';
import { useParams } from '@tanstack/react-router';
import { Button, Select } from 'antd';
import { usePages, useRead } from '../../api/queries.ts';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { Owed } from '../../ui/owed.tsx';
import { Nothing } from '../../ui/states.tsx';
import type { TaskLine } from './management.ts';
import { LastVisit, whoColumns } from './work-list.tsx';
import './management.css';

const VISITED = [
  { value: 'no', label: '没有走访' },
  { value: 'yes', label: '已走访' },
];
const UNSETTLED = [
  { value: 'yes', label: '仍待核实' },
  { value: 'no', label: '无待核实' },
];

function yesNo(text: string | undefined): 'yes' | 'no' | undefined {
  return text === 'yes' || text === 'no' ? text : undefined;
}

/** Whom a round lists: the work list of a village, and the people behind its numbers. */
export default function RoundPage() {
  const { round: given } = useParams({ strict: false }) as { round: string };
  const round = Number(given);
  const { query, asOf, href, set } = useHere();
  const all = useRead(rounds, {});
  const name = all.data?.items.find((one) => one.round === round)?.name ?? '走访任务';
  const visited = yesNo(query.visited);
  const unsettled = yesNo(query.unsettled);
  const worker = query.worker;
  const pages = usePages(roundPeople, {
    params: { round },
    query: {
      region: query.region,
      asOf,
      ...(visited ? { visited } : {}),
      ...(unsettled ? { unsettled } : {}),
      ...(worker ? { worker } : {}),
      limit: 100,
    },
  });
  const columns: readonly Column<TaskLine>[] = [
    ...whoColumns<TaskLine>(href),
    { key: 'address', title: '住址', width: 150, cell: ({ address }) => address },
    {
      key: 'unsettled',
      title: '台账',
      width: 190,
      cell: ({ unsettled, missing }) =>
        unsettled ? (
          <>
            <span className="tag quality">待核实</span>
            {missing && <Owed>{missing}</Owed>}
          </>
        ) : (
          <span className="muted">无待核实</span>
        ),
    },
    {
      key: 'visited',
      title: '本轮最近一次走访',
      width: 250,
      cell: ({ visited: last }) => (last ? <LastVisit of={last} /> : <span className="muted">没有走访</span>),
    },
  ];
  return (
    <div className="page">
      <div className="page-head">
        <h1>{name}：名单</h1>
        <Select
          aria-label="走访情况"
          placeholder="全部"
          allowClear
          style={{ width: 130 }}
          value={visited}
          options={VISITED}
          onChange={(value?: string) => set({ visited: value ?? null })}
        />
        <Select
          aria-label="台账"
          placeholder="台账不限"
          allowClear
          style={{ width: 130 }}
          value={unsettled}
          options={UNSETTLED}
          onChange={(value?: string) => set({ unsettled: value ?? null })}
        />
        {worker && (
          <span className="muted">
            只看 {worker} 走访过的{' '}
            <Button type="link" onClick={() => set({ worker: null })}>
              看全部
            </Button>
          </span>
        )}
        <div className="page-tools">
          <Go href={href('/rounds', { round })}>走访进度</Go>
        </div>
      </div>
      <DataTable
        label="走访名单"
        columns={columns}
        rows={pages.rows}
        keyOf={({ person }) => person}
        more={pages.more}
        onMore={pages.fetchMore}
        loading={pages.loading}
        error={pages.error}
        onRetry={pages.retry}
        total={pages.first?.total}
        empty={
          <Nothing title={visited === 'no' && unsettled === undefined ? '都走访过了' : '没有符合条件的人'} />
        }
      />
    </div>
  );
}
