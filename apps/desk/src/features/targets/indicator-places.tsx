import { figure } from '@quanbao/contract/targets';
import { countsOf, formatValue, indicator } from '@quanbao/domain/indicators/indicators';
import { useRead } from '../../api/queries.ts';
import { useHere } from '../../shell/here.ts';
import { IndicatorLink } from '../../shell/indicator-link.tsx';
import { number } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Failure, Loading } from '../../ui/states.tsx';
import type { Figure } from './contract.ts';

type Place = Figure['places'][number];

/** The best first; those without a value, or of what has no better and worse the largest, in their places. */
function sorted(places: readonly Place[]): readonly Place[] {
  return places.toSorted((a, b) =>
    a.rank !== null && b.rank !== null
      ? a.rank - b.rank
      : a.rank !== null
        ? -1
        : b.rank !== null
          ? 1
          : (b.value ?? -1) - (a.value ?? -1),
  );
}

/** One indicator: its places sorted, each number opening what it counts, and the last weeks. */
export function IndicatorPlaces({ code }: { readonly code: string }) {
  const { query, asOf, href } = useHere();
  const { data, error, refetch } = useRead(figure, {
    params: { indicator: code },
    query: { region: query.region, asOf },
  });
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data || data.indicator !== code) return <Loading />;
  const { name, unit } = indicator(code);
  return (
    <section className="card" aria-labelledby="indicator-places">
      <h2 id="indicator-places">
        {name}：{data.region.name} {formatValue(code, data.value)}
        {data.value !== null && unit !== '%' && ` ${unit}`}
      </h2>
      {data.places.length > 0 && (
        <div className="scroll-x">
          <table className="data" aria-label={`${name}各地排名`}>
            <thead>
              <tr>
                <th scope="col">名次</th>
                <th scope="col">单位</th>
                <th scope="col" className="right">
                  数
                </th>
              </tr>
            </thead>
            <tbody>
              {sorted(data.places).map((one) => (
                <tr key={one.place.code}>
                  <td>{one.rank ?? '—'}</td>
                  <td>
                    <Go href={href('/indicators', { indicator: code, region: one.place.code })}>
                      {one.place.name}
                    </Go>
                  </td>
                  <td className="right">
                    <PlaceValue code={code} one={one} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <h2>近几周</h2>
      <ul className="plain">
        {data.trend.map(({ day, value }) => (
          <li key={day}>
            <Go href={href('/indicators', { indicator: code, asOf: day })}>{day}</Go>{' '}
            {formatValue(code, value)}
          </li>
        ))}
      </ul>
    </section>
  );
}

function PlaceValue({ code, one }: { readonly code: string; readonly one: Place }) {
  const [above, below] = countsOf(code);
  if (one.numerator === null || one.denominator === null || above === undefined || below === undefined) {
    const printed = one.value === null ? '—' : number(one.value);
    return (
      <IndicatorLink code={code} region={one.place.code}>
        {printed}
      </IndicatorLink>
    );
  }
  return (
    <>
      {formatValue(code, one.value)}
      <span className="indicator-parts">
        <IndicatorLink code={above} region={one.place.code}>
          {number(one.numerator)}
        </IndicatorLink>
        {' ÷ '}
        <IndicatorLink code={below} region={one.place.code}>
          {number(one.denominator)}
        </IndicatorLink>
      </span>
    </>
  );
}
