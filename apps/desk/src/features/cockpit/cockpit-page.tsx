import { cockpit } from '@quanbao/contract/cockpit';
import { useRead } from '../../api/queries.ts';
import { useHere } from '../../shell/here.ts';
import { longDay } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Failure, Loading, Nothing } from '../../ui/states.tsx';
import { BurnUp } from './burn-up.tsx';
import './cockpit.css';
import { Lights } from './lights.tsx';
import { PlanCards } from './plan-cards.tsx';
import { Ranking } from './ranking.tsx';
import { Wall } from './wall.tsx';
import { ThisWeek } from './week.tsx';

const MINUTE = 60_000;

/** What a leader asks: how long there is, how far everybody is, who moved, what burns, what came this week. */
export default function CockpitPage() {
  const { region, asOf, query, href } = useHere();
  const wall = query.show === 'wall';
  const { data, error, refetch, dataUpdatedAt } = useRead(
    cockpit,
    // On a wall the day moves on by itself.
    { query: { region, asOf: wall ? query.asOf : asOf } },
    { enabled: asOf !== undefined, every: wall ? MINUTE : undefined },
  );
  if (asOf === undefined) {
    return (
      <Nothing title="还没有户籍名单">
        <p>先接收公安的户籍人口名单，才有人可数。接收以后，这里显示任务进度、排名和红灯。</p>
      </Nothing>
    );
  }
  if (error && !(wall && data)) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Loading />;
  if (wall) return <Wall data={data} readAt={dataUpdatedAt} stale={error !== null} />;
  return (
    <div className="page cockpit">
      <div className="page-head">
        <h1>{data.region.path}</h1>
        <span className="muted">
          截至 {longDay(data.asOf)}；
          {data.since ? `升降和新增与 ${longDay(data.since)} 相比。` : '一周前还没有户籍名单，没有升降可比。'}
        </span>
        <div className="page-tools no-print">
          <Go href={href('/cockpit', { show: 'wall' })}>会议大屏</Go>
        </div>
      </div>
      <PlanCards plans={data.plans} />
      <div className="cockpit-columns">
        <div className="cockpit-column">
          <BurnUp plans={data.plans} asOf={data.asOf} />
          <Ranking rankings={data.rankings} duties={data.duties} of={data.region.code} />
        </div>
        <div className="cockpit-column">
          <Lights lights={data.lights} />
          <ThisWeek items={data.arrivals} since={data.since} asOf={data.asOf} />
        </div>
      </div>
    </div>
  );
}
