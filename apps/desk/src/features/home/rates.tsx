import type { home } from '@quanbao/contract/reports';
import type { AnswerOf } from '@quanbao/contract/route';
import { formatRate } from '@quanbao/domain/reports/indicators';
import { useHere } from '../../shell/here.ts';
import { number } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';

export type Home = AnswerOf<typeof home>;

/** Each rate with what is divided by what, in words; each number opens its people. */
export function Rates({ indicators }: { readonly indicators: Home['indicators'] }) {
  const { href } = useHere();
  const people = (indicator: string) => href('/people', { indicator });
  return (
    <section className="rates" aria-label="主要指标">
      {indicators.map(({ code, name, definition, kind, value, numerator, denominator }) => (
        <article key={code} className="card rate" title={definition}>
          <h2>{name}</h2>
          {kind === 'rate' ? (
            <>
              <p className="figure">{formatRate(value)}</p>
              {numerator && denominator && (
                <p className="muted">
                  <Go href={people(numerator.code)}>
                    {numerator.name} {number(numerator.value)}
                  </Go>
                  <br />÷{' '}
                  <Go href={people(denominator.code)}>
                    {denominator.name} {number(denominator.value)}
                  </Go>
                </p>
              )}
            </>
          ) : (
            <p className="figure">
              <Go href={people(code)}>{number(value)}</Go>
              <small> 人</small>
            </p>
          )}
        </article>
      ))}
    </section>
  );
}
