import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { number } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { type Home, queuesOf } from './home.ts';

/** More kinds than this push what else waits out of sight. */
const SHOWN = 8;

function bySeverity(a: Home['attention'][number], b: Home['attention'][number]): number {
  if (a.queue !== b.queue) return a.queue === 'conflict' ? -1 : 1;
  return b.people - a.people;
}

/** Contradictions and doubtful data that wait for somebody. */
export function Attention({
  items,
  quarantined,
}: {
  readonly items: Home['attention'];
  readonly quarantined: number;
}) {
  const { href } = useHere();
  const may = useMay();
  return (
    <section className="card" aria-labelledby="attention">
      <h2 id="attention">待处理</h2>
      {items.length === 0 && quarantined === 0 && <p className="muted">没有矛盾，也没有待核的数据。</p>}
      <ul className="lines">
        {items
          .toSorted(bySeverity)
          .slice(0, SHOWN)
          .map(({ queue, kind, label, people }) => (
            <li key={kind}>
              <span className={`mark ${queue}`}>{queue === 'conflict' ? '矛盾' : '待核'}</span>
              {may('findings.read') ? (
                <Go href={href('/findings', { queue, kind })}>{label}</Go>
              ) : (
                <span>{label}</span>
              )}
              <b>{number(people)} 人</b>
            </li>
          ))}
        {quarantined > 0 && (
          <li>
            <span className="mark quality">未计入</span>
            {may('lists.read') ? (
              <Go href={href('/deliveries', { source: 'household-register' })}>户籍名单中号码有误的行</Go>
            ) : (
              <span>户籍名单中号码有误的行</span>
            )}
            <b>{number(quarantined)} 行</b>
          </li>
        )}
      </ul>
      {items.length > SHOWN && may('findings.read') && (
        <p className="buttons">
          {queuesOf(items).map(({ queue, title, kinds }) => (
            <Go key={queue} href={href('/findings', { queue })}>
              全部{title} {kinds} 种
            </Go>
          ))}
        </p>
      )}
    </section>
  );
}

export function Arrivals({ items }: { readonly items: Home['arrivals'] }) {
  const { href } = useHere();
  return (
    <section className="card" aria-labelledby="arrivals">
      <h2 id="arrivals">最近收到</h2>
      {items.length === 0 && <p className="muted">到这一天还没有收到名单。</p>}
      <ul className="lines">
        {items.map(({ delivery, title, sender, asOf, receivedAt, rows, rejected }) => (
          <li key={delivery}>
            <span>
              <Go href={href(`/deliveries/${delivery}`)}>{title}</Go>
              <small>
                {sender} · 截至 {asOf} · {receivedAt} 收到
              </small>
            </span>
            <b>
              {number(rows)} 行{rejected > 0 && <em>拒收 {number(rejected)}</em>}
            </b>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Late({ items }: { readonly items: Home['late'] }) {
  const { href } = useHere();
  return (
    <section className="card" aria-labelledby="late">
      <h2 id="late">逾期未报</h2>
      {items.length === 0 && <p className="muted">各部门都已按时报送。</p>}
      <ul className="lines">
        {items.map(({ source, title, office, latest, due }) => (
          <li key={source}>
            <span>
              <Go href={href('/sources', { source })}>{title}</Go>
              <small>
                {office} · {latest === null ? '从未报送' : `最近一份截至 ${latest}`}
              </small>
            </span>
            <b>{due ? `应于 ${due} 前` : ''}</b>
          </li>
        ))}
      </ul>
    </section>
  );
}
