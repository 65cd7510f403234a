import { formatRate } from '@quanbao/domain/indicators/indicators';
import { Select } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useHere } from '../../shell/here.ts';
import { Go } from '../../ui/go.tsx';
import { linePoints, type PlanBoard, type Series, type Share } from './cockpit.ts';

const BurnUpChart = lazy(() => import('./burn-up-chart.tsx'));

const BOX = { width: 116, height: 34 };

/** Done against planned from the first day to the last: the region large, each place small, and either way round. */
export function BurnUp({ plans, asOf }: { readonly plans: readonly PlanBoard[]; readonly asOf: string }) {
  const { href } = useHere();
  const [chosen, setChosen] = useState<number>();
  const [place, setPlace] = useState<string>();
  const board = plans.find(({ plan }) => plan.plan === chosen) ?? plans[0];
  const [whole, ...places] = board?.series ?? [];
  if (board === undefined || whole === undefined) return null;
  const shown = places.find((one) => one.place.code === place) ?? whole;
  const share = [board.whole, ...board.places].find((one) => one.place.code === shown.place.code);
  return (
    <section className="card" aria-labelledby="burn-up">
      <div className="burn-up-head">
        <h2 id="burn-up">进度对照计划：{shown.place.name}</h2>
        {plans.length > 1 && (
          <Select
            size="small"
            aria-label="任务"
            popupMatchSelectWidth={false}
            value={board.plan.plan}
            options={plans.map(({ plan }) => ({ value: plan.plan, label: plan.title }))}
            onChange={setChosen}
          />
        )}
        <span className="muted">虚线为按时间进度应完成</span>
        {shown !== whole && (
          <>
            <button type="button" className="text-button" onClick={() => setPlace(undefined)}>
              看{whole.place.name}
            </button>
            <Go href={href('/cockpit', { region: shown.place.code })}>{shown.place.name}的驾驶舱</Go>
          </>
        )}
      </div>
      <Suspense fallback={<div className="burn-up-chart" />}>
        <BurnUpChart
          days={board.days}
          series={shown}
          unit={board.plan.unit}
          asOf={asOf}
          due={board.plan.due}
          atDue={share?.forecast[0]?.atDue}
        />
      </Suspense>
      {places.length > 0 && (
        <ul className="multiples">
          {places.map((one) => (
            <li key={one.place.code}>
              <Small
                days={board.days}
                series={one}
                share={board.places.find(({ place: { code } }) => code === one.place.code)}
                pressed={one === shown}
                onPress={() => setPlace(one === shown ? undefined : one.place.code)}
              />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

interface SmallProps {
  readonly days: readonly string[];
  readonly series: Series;
  readonly share: Share | undefined;
  readonly pressed: boolean;
  readonly onPress: () => void;
}

function Small({ days, series, share, pressed, onPress }: SmallProps) {
  const behind = share?.standing.state === 'behind';
  // Whoever has done more than was asked still fits.
  const top = Math.max(series.amount, ...series.done.map((n) => n ?? 0));
  return (
    <button
      type="button"
      className={behind ? 'multiple behind' : 'multiple'}
      aria-pressed={pressed}
      title={`${series.place.name}：${share?.standing.words ?? ''}`}
      onClick={onPress}
    >
      <span className="multiple-name">{series.place.name}</span>
      <svg viewBox={`-1 -1 ${BOX.width + 2} ${BOX.height + 2}`} aria-hidden="true">
        <polyline className="planned" points={linePoints(days, series.planned, top, BOX)} />
        <polyline className="done" points={linePoints(days, series.done, top, BOX)} />
      </svg>
      <span className="multiple-rate">
        {formatRate(share?.standing.rate ?? null)}
        {behind && <em>落后{(Math.abs(share.standing.points ?? 0) * 100).toFixed(1)}点</em>}
      </span>
    </button>
  );
}
