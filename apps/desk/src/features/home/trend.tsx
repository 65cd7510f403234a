import { formatRate } from '@quanbao/domain/indicators/indicators';
import { lazy, Suspense } from 'react';
import { useHere } from '../../shell/here.ts';
import { PeopleLink } from '../../shell/people-link.tsx';
import { number } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import type { Home } from './home.ts';

const TrendChart = lazy(() => import('./trend-chart.tsx'));

/** How the rates moved from day to day: drawn, and as figures that open their people. */
export function Trend({ points }: { readonly points: Home['trend'] }) {
  const { href, set } = useHere();
  return (
    <section className="card" aria-labelledby="trend">
      <h2 id="trend">走势</h2>
      {points.length < 2 ? (
        <p className="muted">只有一天的数据，还画不出走势。</p>
      ) : (
        <Suspense fallback={<div className="trend-chart" />}>
          <TrendChart points={points} onDay={(asOf) => set({ asOf })} />
        </Suspense>
      )}
      <details>
        <summary>看数字</summary>
        <div className="scroll-x">
          <table className="ranking">
            <thead>
              <tr>
                <th scope="col">截至</th>
                <th scope="col" className="right">
                  已登记 / 应覆盖
                </th>
                <th scope="col" className="right">
                  覆盖率
                </th>
                <th scope="col" className="right">
                  缴费率
                </th>
              </tr>
            </thead>
            <tbody>
              {points.map(({ day, registered, inScope, coverage, paying }) => (
                <tr key={day}>
                  <th scope="row">
                    <Go href={href('/', { asOf: day })}>{day}</Go>
                  </th>
                  <td className="right">
                    <PeopleLink of={{ indicator: 'registered', asOf: day }}>{number(registered)}</PeopleLink>
                    {' / '}
                    <PeopleLink of={{ indicator: 'in-scope', asOf: day }}>{number(inScope)}</PeopleLink>
                  </td>
                  <td className="right">{formatRate(coverage)}</td>
                  <td className="right">{formatRate(paying)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  );
}
