import { formatRate } from '@quanbao/domain/indicators/indicators';
import { useHere } from '../../shell/here.ts';
import { number } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { laggingFirst, type Progress } from './management.ts';

/** Places below, least done first; a name goes deeper, a number opens its people. */
export function PlaceBars({ of }: { readonly of: Progress }) {
  const { href } = useHere();
  const round = of.round.round;
  const places = laggingFirst(of.places);
  return (
    <section className="card survey-places" aria-labelledby="survey-places">
      <h2 id="survey-places">各地走访率，低的在前</h2>
      {places.length === 0 && <p className="muted">这一轮在这里没有名单。</p>}
      <ol className="plain">
        {places.map(({ code, name, listed, visited, unsettled, rate }) => (
          <li key={code}>
            {code === of.region.code || code.length > 12 ? (
              <span>{name}</span>
            ) : (
              <Go
                href={href(code.length < 12 ? '/rounds' : `/rounds/${round}`, {
                  region: code,
                  ...(code.length < 12 ? { round } : {}),
                })}
              >
                {name}
              </Go>
            )}
            <span
              className="survey-track"
              title={`名单 ${number(listed)} 人，已走访 ${number(visited)} 人，台账仍待核实 ${number(unsettled)} 人`}
            >
              <i style={{ width: `${(rate ?? 0) * 100}%` }} />
            </span>
            <b>{formatRate(rate)}</b>
            <small className="muted">
              {listed === 0 || (code === of.region.code && code.length < 12) ? (
                `${number(visited)} / ${number(listed)}`
              ) : (
                <>
                  <Go href={href(`/rounds/${round}`, { region: code, visited: 'yes' })}>{number(visited)}</Go>{' '}
                  / <Go href={href(`/rounds/${round}`, { region: code })}>{number(listed)}</Go>
                </>
              )}
            </small>
          </li>
        ))}
      </ol>
    </section>
  );
}
