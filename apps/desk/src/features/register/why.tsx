import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { Go } from '../../ui/go.tsx';
import type { Person } from './contract.ts';

/** The verdict, why, and the one row of the one list that decided. */
export function Why({ person }: { readonly person: Person }) {
  const { why, evidence, asOf } = person;
  const { href } = useHere();
  const may = useMay();
  const deciding = evidence.find((line) => line.decides && line.visible);
  return (
    <section className="card why" aria-labelledby="why">
      <div>
        <h2 id="why">为什么（截至 {asOf}）</h2>
        <p className="verdict">{why.verdict}</p>
        <p className="because">{why.because}</p>
        <p className="muted">
          {why.column !== null && `附件3第 ${why.column} 栏。`}
          {why.rank !== null && `依据第 ${why.rank} 条规则：${why.rule}。`}自 {why.from} 起
          {why.to ? `，至 ${why.to} 前` : ''}。
        </p>
        {why.adjudication && (
          <p>
            由 {why.adjudication.actor} 裁定（第 {why.adjudication.number} 号）：{why.adjudication.reason}
            。材料：{why.adjudication.document}。
            {may('findings.decide') && <Go href={href('/decisions')}>裁定记录</Go>}
          </p>
        )}
      </div>
      {deciding && (
        <aside className="deciding" aria-label="起决定作用的名单">
          <h3>
            {deciding.title}
            <small>
              {deciding.office}，截至 {deciding.asOf}，第 {deciding.row} 行
              {may('lists.read') && deciding.delivery > 0 && (
                <>
                  ，<Go href={href(`/deliveries/${deciding.delivery}`)}>第 {deciding.delivery} 号报送</Go>
                </>
              )}
            </small>
          </h3>
          <dl className="says">
            {deciding.says.map(({ title, value }) => (
              <div key={title}>
                <dt>{title}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </aside>
      )}
    </section>
  );
}
