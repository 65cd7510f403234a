import { formatRate } from '@quanbao/domain/indicators/indicators';
import { Button } from 'antd';
import { useState } from 'react';
import { useMay, useSession } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { IndicatorLink } from '../../shell/indicator-link.tsx';
import { type Column, DataTable, type Sort } from '../../ui/data-table.tsx';
import { localTime } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Nothing } from '../../ui/states.tsx';
import { Bar } from './bar.tsx';
import { ChangeDialog } from './change-dialog.tsx';
import type { PlanPage, ShareLine } from './contract.ts';
import { amountText, STATE_TONE } from './targets.ts';

const HOW: Readonly<Record<string, string>> = { given: '原表', split: '分解', hand: '手工' };
const BY: Readonly<Record<string, (line: ShareLine) => number>> = {
  amount: ({ standing }) => standing.amount,
  done: ({ standing }) => standing.done ?? -1,
  rate: ({ standing }) => standing.rate ?? -1,
  lead: ({ standing }) => standing.points ?? Number.POSITIVE_INFINITY,
};

function sorted(lines: readonly ShareLine[], by: Sort): readonly ShareLine[] {
  const key = BY[by?.replace('-', '') ?? ''];
  if (key === undefined) return lines;
  const up = by?.startsWith('-') ? -1 : 1;
  return lines.toSorted((a, b) => (key(a) - key(b)) * up);
}

/** The shares below the region: towns, or the villages of one; a name goes deeper, what is done opens its people. */
export function SharesTable({ of }: { readonly of: PlanPage }) {
  const { href } = useHere();
  const may = useMay();
  const { account } = useSession();
  const [by, setBy] = useState<Sort>();
  const [changing, setChanging] = useState<ShareLine>();
  const { plan } = of;
  const draft = of.issued === null;
  const columns: readonly Column<ShareLine>[] = [
    {
      key: 'place',
      title: '单位',
      width: 190,
      cell: ({ place, villages }) => (
        <>
          {place.code.length === 9 ? (
            <Go href={href(`/targets/${plan.plan}`, { region: place.code, version: of.version })}>
              {place.name}
            </Go>
          ) : (
            place.name
          )}
          {villages > 0 && <small className="target-sub">已分到 {villages} 个村（社区）</small>}
        </>
      ),
    },
    {
      key: 'amount',
      title: '任务数',
      width: 110,
      align: 'right',
      sort: 'amount',
      cell: ({ standing, how }) => (
        <>
          {amountText(plan, standing.amount)}
          {draft && how !== '' && <small className="target-how">{HOW[how]}</small>}
        </>
      ),
    },
    {
      key: 'done',
      title: '完成数',
      width: 90,
      align: 'right',
      sort: 'done',
      cell: ({ place, standing }) =>
        standing.done === null ? (
          <span className="muted">待接入</span>
        ) : (
          <IndicatorLink
            code={plan.indicator}
            region={place.code}
            label={`${place.name}完成的人：${amountText(plan, standing.done)}`}
          >
            {amountText(plan, standing.done)}
          </IndicatorLink>
        ),
    },
    {
      key: 'planned',
      title: '应完成',
      width: 90,
      align: 'right',
      cell: ({ standing }) => amountText(plan, standing.planned),
    },
    {
      key: 'rate',
      title: '完成率',
      width: 190,
      sort: 'rate',
      cell: ({ standing }) => (
        <span className="target-progress">
          <Bar of={standing} />
          {formatRate(standing.rate)}
        </span>
      ),
    },
    {
      key: 'words',
      title: '与时间进度比',
      width: 230,
      sort: 'lead',
      cell: ({ standing }) => (
        <span className={`tag ${STATE_TONE[standing.state] ?? ''}`}>{standing.words}</span>
      ),
    },
    {
      key: 'forecast',
      title: '到期预计',
      width: 100,
      align: 'right',
      cell: ({ forecast: [next] }) =>
        next && (
          <span title={`按近 ${next.over} 天，每天 ${next.pace.toFixed(1)}`}>
            {amountText(plan, next.atDue)}
          </span>
        ),
    },
    {
      key: 'signed',
      title: '签收',
      width: 140,
      cell: ({ signed }) =>
        signed ? (
          <>
            {signed.signer}
            <small className="target-sub">{localTime(signed.at)}</small>
            {signed.remark !== '' && <small className="target-sub">意见：{signed.remark}</small>}
          </>
        ) : (
          <span className="muted">{draft ? '—' : '未签收'}</span>
        ),
    },
  ];
  if (of.places.length === 0) return null;
  const mayChange = draft && may('targets.write') && account.region.code.length === 6;
  return (
    <>
      <DataTable
        label="任务分解"
        heading={<h2>{of.region.code.length === 6 ? '各乡镇' : '各村（社区）'}</h2>}
        columns={draft ? columns.filter(({ key }) => !['forecast', 'signed'].includes(key)) : columns}
        rows={sorted(of.places, by)}
        keyOf={({ place }) => place.code}
        sort={{ by, onChange: setBy }}
        actionsWidth={80}
        {...(mayChange
          ? {
              actions: (line: ShareLine) =>
                line.how !== '' && (
                  <Button
                    size="small"
                    aria-label={`调整：${line.place.name}`}
                    onClick={() => setChanging(line)}
                  >
                    调整
                  </Button>
                ),
            }
          : {})}
        empty={<Nothing title="还没有分解" />}
      />
      <p className="target-total">
        合计{' '}
        {amountText(
          plan,
          of.places.reduce((sum, { standing }) => sum + standing.amount, 0),
        )}
        ，{of.region.name}任务数 {amountText(plan, of.whole.standing.amount)}
      </p>
      {changing && <ChangeDialog of={of} line={changing} onClose={() => setChanging(undefined)} />}
    </>
  );
}
