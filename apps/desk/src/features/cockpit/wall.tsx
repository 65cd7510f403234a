import { formatRate, formatValue } from '@quanbao/domain/indicators/indicators';
import { lazy, Suspense } from 'react';
import { useHere } from '../../shell/here.ts';
import { localTime, longDay, number, signed } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { amount, type Cockpit, daysWords, movement, type PlanBoard } from './cockpit.ts';
import { LightMark } from './lights.tsx';
import './wall.css';

const BurnUpChart = lazy(() => import('./burn-up-chart.tsx'));

/** What fits one screen in letters that are read from ten metres. */
const PLANS = 2;
const PLACES = 14;
const LIGHTS = 5;

/** What the wall ranks by: how far the first plan is, where it is one that has a rate of its own. */
const RANKED_BY: Readonly<Record<string, string>> = {
  verify: 'verify-task-rate',
  expand: 'expand-task-rate',
};

interface Props {
  readonly data: Cockpit;
  /** When the answer came, in milliseconds. */
  readonly readAt: number;
  /** The last attempt to read it anew failed. */
  readonly stale: boolean;
}

/** For a meeting room: nothing to click but the way out, and nobody's name. */
export function Wall({ data, readAt, stale }: Props) {
  const { href } = useHere();
  const plans = data.plans.slice(0, PLANS);
  const [first] = plans;
  return (
    <div className="wall">
      <header className="wall-head">
        <h1>{data.region.name}基本养老保险扩面征缴调度</h1>
        <p>
          截至 {longDay(data.asOf)}
          <small className={stale ? 'stale' : undefined}>
            {stale ? '没有读到新的数据，这是 ' : ''}
            {localTime(new Date(readAt).toISOString()).slice(11)} {stale ? '的' : '更新'}
          </small>
        </p>
        <Go href={href('/cockpit')}>退出大屏</Go>
      </header>
      <div className="wall-columns">
        <div className="wall-column">
          {plans.map((board) => (
            <WallPlan key={board.plan.plan} board={board} />
          ))}
          {first?.series[0] && (
            <section className="wall-card grow" aria-label={`${first.plan.title}进度`}>
              <Suspense fallback={null}>
                <BurnUpChart
                  large
                  days={first.days}
                  series={first.series[0]}
                  unit={first.plan.unit}
                  asOf={data.asOf}
                  due={first.plan.due}
                />
              </Suspense>
            </section>
          )}
          {plans.length === 0 && <p className="wall-card">这一天没有下达的目标任务。</p>}
        </div>
        <WallRanking data={data} kind={first?.plan.kind} />
        <div className="wall-column">
          <WallLights lights={data.lights} />
          <WallWeek items={data.arrivals} />
        </div>
      </div>
    </div>
  );
}

function WallPlan({ board: { plan, whole, daysLeft } }: { readonly board: PlanBoard }) {
  const { before, days, after } = daysWords(daysLeft);
  const { standing } = whole;
  return (
    <section className="wall-card wall-plan">
      <h2>{plan.title}</h2>
      <p className="wall-days">
        {before}
        <strong>{days}</strong>
        {after}
      </p>
      <p className="wall-rate">
        <strong>{formatRate(standing.rate)}</strong>
        <span>
          {amount(plan.unit, standing.done)} / {amount(plan.unit, standing.amount)}
        </span>
      </p>
      <p className={`standing ${standing.state}`}>{standing.words}</p>
    </section>
  );
}

function WallRanking({ data, kind = '' }: { readonly data: Cockpit; readonly kind?: string | undefined }) {
  const { query } = useHere();
  const by = query.by ?? RANKED_BY[kind];
  const shown = data.rankings.find(({ indicator }) => indicator === by) ?? data.rankings[0];
  if (shown === undefined) return <div className="wall-column" />;
  const left = shown.places.length - PLACES;
  return (
    <section className="wall-column wall-card">
      <h2>{shown.name}</h2>
      <table className="wall-ranking">
        <tbody>
          {shown.places.slice(0, PLACES).map((line) => {
            const { sign, words, way } = movement(line);
            return (
              <tr key={line.place.code}>
                <td>{line.rank ?? '—'}</td>
                <th scope="row">{line.place.name}</th>
                <td className="right">{formatValue(shown.indicator, line.value)}</td>
                <td className={`moved ${way}`}>
                  <span aria-hidden="true">{sign}</span>
                  <span className="unseen">{words}</span>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {left > 0 && <p className="wall-more">另有 {left} 个</p>}
    </section>
  );
}

function WallLights({ lights }: { readonly lights: Cockpit['lights'] }) {
  const left = lights.length - LIGHTS;
  return (
    <section className="wall-card grow">
      <h2>亮灯事项{lights.length > 0 && ` ${lights.length} 项`}</h2>
      {lights.length === 0 && <p>没有落后的单位，也没有逾期的事项。</p>}
      <ul className="wall-lights">
        {lights.slice(0, LIGHTS).map(({ light, words }) => (
          <li key={words}>
            <LightMark light={light} />
            <span>{words}</span>
          </li>
        ))}
      </ul>
      {left > 0 && <p className="wall-more">另有 {left} 项</p>}
    </section>
  );
}

function WallWeek({ items }: { readonly items: Cockpit['arrivals'] }) {
  return (
    <section className="wall-card">
      <h2>这一周</h2>
      <dl className="wall-week">
        {items.slice(0, 4).map(({ code, name, unit, change }) => (
          <div key={code}>
            <dd>
              {change === null ? '—' : code === 'visits' ? number(change) : signed(change)}
              <small> {unit}</small>
            </dd>
            <dt>{SHORT[code] ?? name}</dt>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** As a wall has room for. */
const SHORT: Readonly<Record<string, string>> = {
  visits: '走访答复',
  verified: '新核实',
  registered: '新参保登记',
  paid: '新缴费',
};
