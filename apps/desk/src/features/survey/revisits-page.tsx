import { revisits, rounds } from '@quanbao/contract/survey';
import { Select } from 'antd';
import { usePages, useRead } from '../../api/queries.ts';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Owed } from '../../ui/owed.tsx';
import { Nothing } from '../../ui/states.tsx';
import type { RevisitLine } from './management.ts';
import { LastVisit, whoColumns } from './work-list.tsx';
import './management.css';

const WITHIN = [
  { value: '0', label: '现在就要复访的' },
  { value: '7', label: '今后7天内的' },
  { value: '30', label: '今后30天内的' },
  { value: '90', label: '今后90天内的' },
];

/** Who has to be visited again: expired proofs, too few attempts, away for a year, or a round's own days. */
export default function RevisitsPage() {
  const { query, asOf, href, set } = useHere();
  const all = useRead(rounds, {});
  const withRevisits = all.data?.items.filter(({ revisitDays }) => revisitDays !== null) ?? [];
  const within = Number(query.within ?? 0);
  const pages = usePages(revisits, {
    query: {
      region: query.region,
      asOf,
      within: Number.isInteger(within) ? within : 0,
      ...(query.round ? { round: Number(query.round) } : {}),
      limit: 100,
    },
  });
  const columns: readonly Column<RevisitLine>[] = [
    ...whoColumns<RevisitLine>(href),
    {
      key: 'why',
      title: '为什么复访',
      width: 240,
      cell: ({ why, missing }) => (
        <>
          {why}
          {missing && <Owed>{missing}</Owed>}
        </>
      ),
    },
    {
      key: 'due',
      title: '应复访自',
      width: 110,
      cell: ({ due }) => (
        <span className={asOf !== undefined && due > asOf ? 'muted' : undefined}>{due}</span>
      ),
    },
    {
      key: 'last',
      title: '上次走访',
      width: 200,
      cell: ({ last }) => last && <LastVisit of={last} />,
    },
  ];
  return (
    <div className="page">
      <div className="page-head">
        <h1>复访名单</h1>
        <Select
          aria-label="什么时候"
          style={{ width: 170 }}
          value={String(within)}
          options={WITHIN}
          onChange={(value: string) => set({ within: value === '0' ? null : value })}
        />
        {withRevisits.length > 0 && (
          <Select
            aria-label="走访任务"
            placeholder="只看一轮任务的名单"
            allowClear
            className="survey-round"
            popupMatchSelectWidth={false}
            value={query.round ? Number(query.round) : undefined}
            options={withRevisits.map(({ round, name, revisitDays }) => ({
              value: round,
              label: `${name}（${revisitDays}天后复访）`,
            }))}
            onChange={(round?: number) => set({ round: round ?? null })}
          />
        )}
      </div>
      <DataTable
        label="复访名单"
        columns={columns}
        rows={pages.rows}
        keyOf={({ person, region }) => `${person} ${region.code}`}
        more={pages.more}
        onMore={pages.fetchMore}
        loading={pages.loading}
        error={pages.error}
        onRetry={pages.retry}
        total={pages.first?.total}
        empty={
          <Nothing title="没有要复访的人">
            <p>佐证到期、联系记录不够、外出务工险种不清的，会自动出现在这里。</p>
          </Nothing>
        }
      />
    </div>
  );
}
