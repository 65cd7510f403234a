import { formatRate } from '@quanbao/domain/indicators/indicators';
import { rankValues } from '@quanbao/domain/indicators/rank';
import { useHere } from '../../shell/here.ts';
import { PeopleLink } from '../../shell/people-link.tsx';
import { number } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import type { Home } from './home.ts';

/** The divisions below, best coverage first. */
export function Ranking({ places, of }: { readonly places: Home['ranking']; readonly of: string }) {
  const { href } = useHere();
  if (places.length === 0) return null;
  const ranks = rankValues(
    'coverage-rate',
    places.map(({ coverage }) => coverage),
  );
  const what = of.length > 6 ? '村（社区）' : '乡镇（街道）';
  return (
    <section className="card" aria-labelledby="ranking">
      <h2 id="ranking">{what}覆盖率排名</h2>
      <div className="scroll-x">
        <table className="ranking">
          <thead>
            <tr>
              <th scope="col">名次</th>
              <th scope="col">{what}</th>
              <th scope="col">覆盖率</th>
              <th scope="col" className="right">
                已登记 / 应覆盖
              </th>
              <th scope="col" className="right">
                缴费率
              </th>
              <th scope="col" className="right">
                尚未摸底
              </th>
            </tr>
          </thead>
          <tbody>
            {places.map((place, index) => (
              <tr key={place.code}>
                <td>{ranks[index] ?? '—'}</td>
                <th scope="row">
                  <Go href={href('/', { region: place.code })}>{place.name}</Go>
                </th>
                <td>
                  <PeopleLink
                    of={{ indicator: 'not-registered', region: place.code }}
                    className="bar"
                    label={`${place.name}覆盖率 ${formatRate(place.coverage)}，打开未登记人员`}
                  >
                    <span className="bar-track">
                      <i style={{ width: `${(place.coverage ?? 0) * 100}%` }} />
                    </span>
                    {formatRate(place.coverage)}
                  </PeopleLink>
                </td>
                <td className="right">
                  <PeopleLink of={{ indicator: 'registered', region: place.code }}>
                    {number(place.registered)}
                  </PeopleLink>
                  {' / '}
                  <PeopleLink of={{ indicator: 'in-scope', region: place.code }}>
                    {number(place.inScope)}
                  </PeopleLink>
                </td>
                <td className="right">
                  <PeopleLink of={{ indicator: 'paid', region: place.code }}>
                    {formatRate(place.paying)}
                  </PeopleLink>
                </td>
                <td className="right">
                  <PeopleLink of={{ indicator: 'not-asked', region: place.code }}>
                    {number(place.notAsked)}
                  </PeopleLink>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
