import { formatValue } from '@quanbao/domain/indicators/indicators';
import { Select } from 'antd';
import { useHere } from '../../shell/here.ts';
import { IndicatorLink } from '../../shell/indicator-link.tsx';
import { Go } from '../../ui/go.tsx';
import { type Cockpit, changeWords, movement } from './cockpit.ts';

interface Props {
  readonly rankings: Cockpit['rankings'];
  readonly duties: Cockpit['duties'];
  readonly of: string;
}

/** Places by an indicator, with what moved in the week. */
export function Ranking({ rankings, duties, of }: Props) {
  const { href, query, set } = useHere();
  const shown = rankings.find(({ indicator }) => indicator === query.by) ?? rankings[0];
  if (shown === undefined) return null;
  const what = of.length > 6 ? '村（社区）' : '乡镇（街道）';
  const best = Math.max(...shown.places.map(({ value }) => value ?? 0));
  return (
    <section className="card" aria-labelledby="cockpit-ranking">
      <div className="burn-up-head">
        <h2 id="cockpit-ranking">{what}排名</h2>
        <Select
          size="small"
          aria-label="排名指标"
          popupMatchSelectWidth={false}
          value={shown.indicator}
          options={rankings.map(({ indicator, name }) => ({ value: indicator, label: name }))}
          onChange={(by: string) => set({ by: by === rankings[0]?.indicator ? null : by })}
        />
      </div>
      <div className="scroll-x">
        <table className="cockpit-table">
          <thead>
            <tr>
              <th scope="col">名次</th>
              <th scope="col">比上周</th>
              <th scope="col">{what}</th>
              <th scope="col">{shown.name}</th>
              <th scope="col" className="right">
                一周变化（点）
              </th>
              <th scope="col" className="right" title="没有办结的督办单；红的是逾期没有答复的">
                督办
              </th>
              <th scope="col" className="right" title="到期没有报送的报表期数；红的是过了期限的">
                欠报
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.places.map((line) => {
              const { sign, words, way } = movement(line);
              const { place, value, rank } = line;
              return (
                <tr key={place.code}>
                  <td>{rank ?? '—'}</td>
                  <td className={`moved ${way}`}>
                    <span aria-hidden="true">{sign || '—'}</span>
                    <span className="unseen">{words || '没有可比'}</span>
                  </td>
                  <th scope="row">
                    <Go href={href('/cockpit', { region: place.code, by: query.by })}>{place.name}</Go>
                  </th>
                  <td>
                    <IndicatorLink code={shown.indicator} region={place.code} className="cockpit-bar">
                      <span className="cockpit-track">
                        <i
                          style={{ width: `${best === 0 ? 0 : ((value ?? 0) / Math.max(1, best)) * 100}%` }}
                        />
                      </span>
                      {formatValue(shown.indicator, value)}
                    </IndicatorLink>
                  </td>
                  <td className="right">{changeWords(shown.indicator, line)}</td>
                  <Owed of={duties.find((one) => one.place.code === place.code)} />
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** What the place has to answer and to hand in; what is late is said and goes where it is seen. */
function Owed({ of }: { readonly of: Cockpit['duties'][number] | undefined }) {
  const { href } = useHere();
  if (of === undefined) return <td className="right" colSpan={2} />;
  const cell = (path: string, what: string, n: number | null, late: number | null) => (
    <td className="right">
      {n === null ? (
        '—'
      ) : n === 0 ? (
        <span className="muted">0</span>
      ) : (
        <Go
          href={href(path, { region: of.place.code })}
          aria-label={`${of.place.name}${what} ${n}，逾期 ${late}`}
        >
          {late === n ? <em className="late">{n}</em> : n}
          {late !== null && late > 0 && late < n && <em className="late">逾期{late}</em>}
        </Go>
      )}
    </td>
  );
  return (
    <>
      {cell('/orders', '督办单', of.orders, of.lateOrders)}
      {cell('/calendar', '欠报的报表', of.owed, of.lateForms)}
    </>
  );
}
