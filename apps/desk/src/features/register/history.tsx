import { findSource } from '@quanbao/domain/sources/catalogue';
import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { Go } from '../../ui/go.tsx';
import { ScrollBox } from '../../ui/scroll-box.tsx';
import type { Person } from './contract.ts';

/** Every turn, the newest first, with what turned it; turns still to come are marked. */
export function History({ person }: { readonly person: Person }) {
  const { href } = useHere();
  const may = useMay();
  const turns = person.history.toReversed();
  return (
    <section className="table-block" aria-labelledby="history">
      <div className="table-head">
        <h2 id="history">历程</h2>
      </div>
      <ScrollBox label="历程表">
        <table className="data" aria-label="历程">
          <colgroup>
            <col style={{ width: 190 }} />
            <col />
            <col style={{ width: 200 }} />
            <col style={{ width: 170 }} />
          </colgroup>
          <thead>
            <tr>
              <th scope="col">期间</th>
              <th scope="col">结论与规则</th>
              <th scope="col">所在地</th>
              <th scope="col">因为什么</th>
            </tr>
          </thead>
          <tbody>
            {turns.map((turn) => {
              const now = turn.from <= person.asOf && (turn.to === null || person.asOf < turn.to);
              return (
                <tr key={turn.from} className={now ? 'decides' : undefined}>
                  <th scope="row">
                    {turn.from} 起{turn.to && `，至 ${turn.to} 前`}
                    {turn.from > person.asOf && <span className="tag">将来</span>}
                  </th>
                  <td>
                    {turn.verdict}
                    {turn.paid && '，当年已缴费'}
                    <small>{turn.rule}</small>
                  </td>
                  <td>{turn.place}</td>
                  <td>
                    {turn.source === 'adjudication' ? (
                      '裁定'
                    ) : turn.source === null ? (
                      <span className="muted">年龄或年度变化</span>
                    ) : (
                      <>
                        {findSource(turn.source)?.title ?? turn.source}
                        {turn.delivery !== null && may('lists.read') && (
                          <small>
                            <Go href={href(`/deliveries/${turn.delivery}`)}>第 {turn.delivery} 号报送</Go>
                          </small>
                        )}
                      </>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </ScrollBox>
    </section>
  );
}
