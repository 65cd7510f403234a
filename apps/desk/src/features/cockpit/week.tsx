import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { IndicatorLink } from '../../shell/indicator-link.tsx';
import { number, shortDay, signed } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { type Cockpit, weekFrom } from './cockpit.ts';

interface Props {
  readonly items: Cockpit['arrivals'];
  readonly since: string | null;
  readonly asOf: string;
}

/** What seven days brought: the difference of two counts, beside the count that opens its people. */
export function ThisWeek({ items, since, asOf }: Props) {
  const { href } = useHere();
  const may = useMay();
  const from = weekFrom(asOf);
  return (
    <section className="card" aria-labelledby="this-week">
      <h2 id="this-week">
        这一周（{shortDay(from)}至{shortDay(asOf)}）
      </h2>
      {since === null && <p className="muted">一周前还没有户籍名单，只有走访可数。</p>}
      <table className="cockpit-table">
        <thead>
          <tr>
            <th scope="col">事项</th>
            <th scope="col" className="right">
              一周净增
            </th>
            <th scope="col" className="right">
              现有
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map(({ code, name, unit, value, change }) => (
            <tr key={code}>
              <th scope="row">{name}</th>
              <td className="right arrived">
                {code === 'visits' && may('people.read') ? (
                  <Go href={href('/visits', { from, to: asOf })}>
                    {number(change)} {unit}
                  </Go>
                ) : (
                  `${change === null ? '—' : signed(change)} ${unit}`
                )}
              </td>
              <td className="right">
                {value === null ? '' : <IndicatorLink code={code}>{number(value)}</IndicatorLink>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
