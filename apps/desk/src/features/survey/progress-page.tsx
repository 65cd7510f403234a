import { endRound, roundProgress, rounds } from '@quanbao/contract/survey';
import { formatRate } from '@quanbao/domain/indicators/indicators';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Select } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { call } from '../../api/call.ts';
import { Problem } from '../../api/problem.ts';
import { refreshAll, useRead } from '../../api/queries.ts';
import { useMay, useSession } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { longDay, number } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Failure, Loading, Nothing } from '../../ui/states.tsx';
import { chosenRound, type Progress } from './management.ts';
import './management.css';
import { PlaceBars } from './place-bars.tsx';
import { RoundDialog } from './round-dialog.tsx';
import { WorkersTable } from './workers-table.tsx';

const DaysChart = lazy(() => import('./days-chart.tsx'));

/** How far a round of visits is: by place, by day and by worker; nothing of it is stored. */
export default function ProgressPage() {
  const { query, asOf, set } = useHere();
  const may = useMay();
  const [adding, setAdding] = useState(false);
  const { data, error, refetch } = useRead(rounds, {}, { enabled: asOf !== undefined });
  if (asOf === undefined) {
    return (
      <Nothing title="还没有可以走访的名单">
        <p>先接收公安的户籍人口名单；之后可以布置走访任务。</p>
      </Nothing>
    );
  }
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Loading />;
  const round = chosenRound(data.items, query.round);
  return (
    <div className="page">
      <div className="page-head">
        <h1>走访进度</h1>
        {round && (
          <Select
            aria-label="走访任务"
            className="survey-round"
            popupMatchSelectWidth={false}
            value={round.round}
            options={data.items.map((one) => ({
              value: one.round,
              label: `${one.name}（${one.from} 至 ${one.due}${one.ended ? '，已结束' : ''}）`,
            }))}
            onChange={(no: number) => set({ round: no })}
          />
        )}
        <div className="page-tools">
          {round && !round.ended && may('survey.manage') && (
            <EndRound
              round={round.round}
              name={round.name}
              region={round.region.code}
              onDone={() => void refetch()}
            />
          )}
          {may('survey.manage') && (
            <Button type={round ? 'default' : 'primary'} onClick={() => setAdding(true)}>
              布置走访任务
            </Button>
          )}
        </div>
      </div>
      {round ? (
        <RoundProgress round={round.round} />
      ) : (
        <Nothing title="还没有走访任务">
          <p>从台账、省厅名单或整村布置一轮走访；手机上报的答复自动计入进度。</p>
        </Nothing>
      )}
      {adding && (
        <RoundDialog
          onClose={() => setAdding(false)}
          onDone={(no) => {
            setAdding(false);
            set({ round: no });
            void refetch();
          }}
        />
      )}
    </div>
  );
}

function RoundProgress({ round }: { readonly round: number }) {
  const { query, asOf } = useHere();
  const { data, error, refetch } = useRead(roundProgress, {
    params: { round },
    query: { region: query.region, asOf },
  });
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data || data.round.round !== round) return <Loading />;
  return (
    <>
      <Summary of={data} />
      <div className="survey-columns">
        <PlaceBars of={data} />
        <section className="card" aria-labelledby="survey-days">
          <h2 id="survey-days">每天走访人数</h2>
          {data.days.length === 0 ? (
            <p className="muted">本轮还没有走访记录。</p>
          ) : (
            <Suspense fallback={<div className="survey-days" />}>
              <DaysChart days={data.days} />
            </Suspense>
          )}
          {data.days.length > 0 && (
            <p className="muted survey-note">
              首次走访的人按第一次走访那天计，合计 {number(data.total.visited)} 人；另有复访、补充答复{' '}
              {number(data.days.reduce((sum, day) => sum + day.answers - day.people, 0))} 条。
            </p>
          )}
        </section>
      </div>
      <WorkersTable of={data} />
    </>
  );
}

function Summary({ of }: { readonly of: Progress }) {
  const { href } = useHere();
  const { round, total, pace } = of;
  const people = (which: Readonly<Record<string, string>>, n: number) =>
    n === 0 ? '0' : <Go href={href(`/rounds/${round.round}`, which)}>{number(n)}</Go>;
  return (
    <section className="card" aria-label="本轮走访">
      <p className="muted">
        {of.region.path}，截至 {longDay(of.asOf)}。名单：{round.who}（{round.basisTitle}；未完成按
        {round.kinds.join('、')}台账看），由 {round.actor} 布置。
      </p>
      <dl className="facts survey-facts">
        <div>
          <dt>名单</dt>
          <dd>{people({}, total.listed)}</dd>
        </div>
        <div>
          <dt>已走访</dt>
          <dd>{people({ visited: 'yes' }, total.visited)}</dd>
        </div>
        <div>
          <dt>未走访</dt>
          <dd>{people({ visited: 'no' }, total.listed - total.visited)}</dd>
        </div>
        <div>
          <dt>走访率</dt>
          <dd>
            {formatRate(total.rate)}
            {pace.behind && <span className="tag conflict">落后于时间进度 {formatRate(pace.elapsed)}</span>}
          </dd>
        </div>
        <div>
          <dt>台账仍待核实</dt>
          <dd>{people({ unsettled: 'yes' }, total.unsettled)}</dd>
        </div>
        <div>
          <dt>期限</dt>
          <dd>
            {round.due}
            <small>
              {pace.daysLeft > 0
                ? `还有 ${pace.daysLeft} 天，每天 ${number(pace.perDay)} 人可完成`
                : total.listed > total.visited
                  ? '已到期，没有走访完'
                  : '已走访完'}
            </small>
          </dd>
        </div>
        {round.quota !== null && (
          <div>
            <dt>每人定额</dt>
            <dd>{number(round.quota)}</dd>
          </div>
        )}
        <div>
          <dt>复访</dt>
          <dd>
            <Go href={href('/revisits', { round: round.round })}>复访名单</Go>
            {round.revisitDays !== null && <small>走访 {round.revisitDays} 天后仍待核实的也在内</small>}
          </dd>
        </div>
      </dl>
    </section>
  );
}

interface EndProps {
  readonly round: number;
  readonly name: string;
  readonly region: string;
  readonly onDone: () => void;
}

function EndRound({ round, name, region, onDone }: EndProps) {
  const { account } = useSession();
  const { modal, message } = App.useApp();
  const queries = useQueryClient();
  if (!region.startsWith(account.region.code)) return null;
  const ask = (): void => {
    modal.confirm({
      title: `结束“${name}”？`,
      content: '结束后的走访不再计入本轮，也不再是默认显示的一轮；进度仍可查看，走访记录不变。',
      okText: '结束',
      cancelText: '不结束',
      onOk: async () => {
        try {
          await call(endRound, { params: { round } });
          message.success('已结束。');
          await refreshAll(queries);
          onDone();
        } catch (error) {
          message.error(error instanceof Problem ? error.message : '没有结束，请重试。');
        }
      },
    });
  };
  return <Button onClick={ask}>结束这一轮</Button>;
}
