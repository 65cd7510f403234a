import { covers, endCover } from '@quanbao/contract/survey';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Checkbox } from 'antd';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { Problem } from '../../api/problem.ts';
import { refreshAll, useRead } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { PeopleLink } from '../../shell/people-link.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { longDay, number } from '../../ui/format.ts';
import { Failure, Nothing } from '../../ui/states.tsx';
import { CoverDialog } from './cover-dialog.tsx';
import { type CoveredVillage, workerWords } from './management.ts';
import { useSurveyDay } from './survey-day.ts';
import './management.css';

type Cover = CoveredVillage['covers'][number];

/** Which village is covered by whom on the day, and which by nobody. */
export default function CoversPage() {
  const { query, asOf, set } = useHere();
  const may = useMay();
  const [keys, setKeys] = useState<ReadonlySet<string | number>>(new Set());
  const [giving, setGiving] = useState(false);
  const { data, error, isFetching, refetch } = useRead(
    covers,
    { query: { region: query.region, asOf } },
    { enabled: asOf !== undefined },
  );
  const today = useSurveyDay();
  const end = useEnd(today);
  if (asOf === undefined) return <Nothing title="还没有可以分派的村（社区）" />;
  const begun = ({ from }: Cover): boolean => from <= (data?.asOf ?? asOf);
  const isBare = (one: CoveredVillage): boolean => !one.covers.some(begun);
  const bare = data?.villages.filter(isBare).length ?? 0;
  const rows = (data?.villages ?? []).filter((one) => query.bare === undefined || isBare(one));
  const chosen = rows.filter(({ village }) => keys.has(village.code));
  const manages = may('survey.manage');
  const columns: readonly Column<CoveredVillage>[] = [
    { key: 'village', title: '村（社区）', width: 260, cell: ({ village }) => village.path },
    {
      key: 'people',
      title: '户籍人口',
      width: 90,
      align: 'right',
      cell: ({ people, village }) => (
        <PeopleLink of={{ indicator: 'population', region: village.code }}>{number(people)}</PeopleLink>
      ),
    },
    {
      key: 'covers',
      title: '由谁走访',
      width: 520,
      cell: (one) => (
        <>
          {isBare(one) && <span className="tag quality">没有人负责</span>}
          <ul className="plain survey-covers">
            {one.covers.map((cover) => (
              <li key={cover.cover}>
                {workerWords(cover.worker)}
                {cover.group && `：${cover.group}`}
                {!begun(cover) && <span className="tag">{dayWords(cover.from, asOf)} 起</span>}
                <small className="muted">
                  {[begun(cover) && `${cover.from} 起`, cover.to && `到 ${cover.to} 止`]
                    .filter(Boolean)
                    .join('，')}
                </small>
                {manages && today && (
                  <Button size="small" type="text" onClick={() => end(one, cover)}>
                    结束
                  </Button>
                )}
              </li>
            ))}
          </ul>
        </>
      ),
    },
    {
      key: 'past',
      title: '以前的',
      width: 80,
      align: 'right',
      cell: ({ past }) => (past === 0 ? '' : number(past)),
    },
  ];
  return (
    <div className="page">
      <div className="page-head">
        <h1>包村</h1>
        <span className="muted">
          {longDay(asOf)}，
          {data ? `${number(data.villages.length)} 个村（社区），${number(bare)} 个没有人负责` : ''}
        </span>
        <Checkbox
          checked={query.bare !== undefined}
          onChange={(event) => set({ bare: event.target.checked ? '1' : null })}
        >
          只看没有人负责的
        </Checkbox>
      </div>
      {error && <Failure error={error} retry={() => void refetch()} />}
      <DataTable
        label="包村"
        columns={columns}
        rows={rows}
        keyOf={({ village }) => village.code}
        loading={isFetching && !data}
        {...(manages ? { selection: { keys, onChange: setKeys } } : {})}
        tools={
          manages && (
            <Button
              type={chosen.length > 0 ? 'primary' : 'default'}
              disabled={chosen.length === 0}
              onClick={() => setGiving(true)}
            >
              {chosen.length > 0 ? `分派所选 ${number(chosen.length)} 个村` : '分派所选'}
            </Button>
          )
        }
        empty={
          <Nothing title={query.bare === undefined ? '这里没有村（社区）' : '每个村（社区）都有人负责'} />
        }
      />
      {giving && (
        <CoverDialog
          villages={chosen.map(({ village }) => village)}
          onClose={() => setGiving(false)}
          onDone={() => {
            setGiving(false);
            setKeys(new Set());
          }}
        />
      )}
    </div>
  );
}

/** 12-01; of another year the whole day. */
function dayWords(day: string, asOf: string): string {
  return day.slice(0, 4) === asOf.slice(0, 4) ? day.slice(5) : day;
}

function useEnd(today: string | undefined): (village: CoveredVillage, cover: Cover) => void {
  const { modal, message } = App.useApp();
  const queries = useQueryClient();
  return ({ village }, { cover, worker, from }) => {
    modal.confirm({
      title: `${village.name}不再由${workerWords(worker)}负责？`,
      content:
        today !== undefined && from > today
          ? `原定 ${from} 起负责，还没有开始；结束后不再保留。`
          : `自 ${today} 起不再负责；已经上报的走访不变。`,
      okText: '结束负责',
      cancelText: '不结束',
      onOk: async () => {
        try {
          await call(endCover, { params: { cover }, body: { to: today as string } });
          message.success('已结束。');
          await refreshAll(queries);
        } catch (error) {
          message.error(error instanceof Problem ? error.message : '没有结束，请重试。');
        }
      },
    });
  };
}
