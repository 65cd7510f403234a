import { formatRate } from '@quanbao/domain/indicators/indicators';
import { PeopleLink } from '../../shell/people-link.tsx';
import { number } from '../../ui/format.ts';
import type { Home } from './home.ts';

/** Each rate with what is divided by what, in words; each number opens its people. */
export function Rates({ indicators }: { readonly indicators: Home['indicators'] }) {
  const rates = indicators.filter((indicator) => indicator.kind === 'rate');
  const counts = indicators.filter((indicator) => indicator.kind === 'count');
  return (
    <section className="rates" aria-label="主要指标">
      {rates.map(({ code, name, definition, value, numerator, denominator }) => (
        <article key={code} className="card rate">
          <h2 title={definition}>{name}</h2>
          <p className="figure">{formatRate(value)}</p>
          {numerator && denominator && (
            <p className="fraction">
              <PeopleLink of={{ indicator: numerator.code }}>{number(numerator.value)} 人</PeopleLink>
              <span>{numerator.name}</span>
              <PeopleLink of={{ indicator: denominator.code }}>{number(denominator.value)} 人</PeopleLink>
              <span>{denominator.name}</span>
            </p>
          )}
        </article>
      ))}
      {counts.length > 0 && (
        <article className="card counts">
          <h2>人数</h2>
          <dl>
            {counts.map(({ code, name, definition, value }) => (
              <div key={code} className="counts-line">
                <dt title={definition}>{name}</dt>
                <dd>
                  <PeopleLink of={{ indicator: code }}>{number(value)}</PeopleLink>
                </dd>
              </div>
            ))}
          </dl>
        </article>
      )}
    </section>
  );
}
