import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { Go } from '../../ui/go.tsx';
import { ScrollBox } from '../../ui/scroll-box.tsx';
import type { EvidenceLine } from './contract.ts';
import { placeOn, pointOn, type Scale, scaleOf } from './timeline.ts';

/** What each list says and how long it held, on one scale. */
export function Evidence({
  lines,
  asOf,
}: {
  readonly lines: readonly EvidenceLine[];
  readonly asOf: string;
}) {
  const visible = lines.filter((line) => line.visible);
  const hidden = lines.filter((line) => !line.visible);
  const scale = scaleOf(visible, asOf);
  return (
    <section className="table-block" aria-labelledby="evidence">
      <div className="table-head">
        <h2 id="evidence">依据</h2>
        <span className="muted">
          时间轴自 {scale.first} 至 {scale.last}，竖线为 {asOf}
        </span>
      </div>
      <ScrollBox label="依据表">
        <table className="data evidence" aria-label="依据">
          <colgroup>
            <col style={{ width: 190 }} />
            <col />
            <col style={{ width: 190 }} />
            <col style={{ width: 120 }} />
          </colgroup>
          <thead>
            <tr>
              <th scope="col">名单</th>
              <th scope="col">怎么说</th>
              <th scope="col">时间轴</th>
              <th scope="col">出处</th>
            </tr>
          </thead>
          <tbody>
            {visible.map((line) => (
              <Line key={keyOf(line)} line={line} scale={scale} asOf={asOf} />
            ))}
            {hidden.map((line) => (
              <tr key={line.title}>
                <td colSpan={4} className="muted">
                  {line.title}
                </td>
              </tr>
            ))}
            {lines.length === 0 && (
              <tr>
                <td colSpan={4} className="muted">
                  没有名单说到此人。
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </ScrollBox>
    </section>
  );
}

export function keyOf(line: EvidenceLine): string {
  return `${line.source} ${line.delivery} ${line.row} ${line.from} ${line.says.map((s) => s.value).join()}`;
}

function Line({
  line,
  scale,
  asOf,
}: {
  readonly line: EvidenceLine;
  readonly scale: Scale;
  readonly asOf: string;
}) {
  const { href } = useHere();
  const may = useMay();
  const place = placeOn(scale, line);
  const period = `${line.from} 起${line.to ? `，至 ${line.to} 前` : ''}`;
  return (
    <tr className={line.decides ? 'decides' : undefined}>
      <th scope="row">
        {line.title}
        {line.decides && <span className="tag in-force">决定结论</span>}
        <small>{line.office}</small>
      </th>
      <td>
        <Says line={line} />
      </td>
      <td>
        <div className="bar" aria-hidden="true">
          {place && (
            <i
              className={place.before ? 'before' : undefined}
              style={{ left: `${place.left}%`, width: `${place.width}%` }}
            />
          )}
          <b style={{ left: `${pointOn(scale, asOf)}%` }} />
        </div>
        <small>{period}</small>
      </td>
      <td>
        {may('lists.read') && line.delivery > 0 ? (
          <Go href={href(`/deliveries/${line.delivery}`)}>第 {line.delivery} 号报送</Go>
        ) : (
          `截至 ${line.asOf}`
        )}
        <small>第 {line.row} 行</small>
      </td>
    </tr>
  );
}

/** Titles and values as the list has them. */
export function Says({ line }: { readonly line: EvidenceLine }) {
  if (line.says.length === 0) return <span className="muted">列在名单里</span>;
  return (
    <dl className="says">
      {line.says.map(({ title, value }) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
