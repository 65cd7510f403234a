import { person as personRoute } from '@quanbao/contract/register';
import { useParams } from '@tanstack/react-router';
import { useRead } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { Go } from '../../ui/go.tsx';
import { Failure, Loading } from '../../ui/states.tsx';
import { Evidence } from './evidence.tsx';
import { History } from './history.tsx';
import { Identity } from './identity.tsx';
import { Looks } from './looks.tsx';
import { PersonLedger } from './person-ledger.tsx';
import './register.css';
import { Why } from './why.tsx';

/** One person: why the verdict is what it is, then everything it rests on. */
export default function PersonPage() {
  const { person: given } = useParams({ strict: false }) as { person: string };
  const person = Number(given);
  const { asOf, href } = useHere();
  const may = useMay();
  const { data, error, refetch } = useRead(personRoute, { params: { person }, query: { asOf } });
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data || data.line.person !== person) return <Loading />;
  return (
    <div className="page person">
      <Identity person={data} />
      <Why person={data} />
      <div className="person-columns">
        <div className="person-main">
          <Evidence lines={data.evidence} asOf={data.asOf} />
          <History person={data} />
        </div>
        <div className="person-side">
          <PersonLedger person={person} />
          <section className="card" aria-labelledby="findings">
            <h2 id="findings">矛盾与待核</h2>
            {data.findings.length === 0 && <p className="muted">没有。</p>}
            <ul className="lines">
              {data.findings.map(({ kind, label, queue, advice, from, to }) => (
                <li key={`${kind} ${from}`}>
                  {queue !== 'information' && (
                    <span className={`tag ${queue}`}>{queue === 'conflict' ? '矛盾' : '待核'}</span>
                  )}
                  <span>
                    {may('findings.read') && queue !== 'information' && isOn(data.asOf, from, to) ? (
                      <Go href={href('/findings', { queue, kind, open: `${person}.${kind}` })}>{label}</Go>
                    ) : (
                      label
                    )}
                    <small>
                      {from} 起{to && `，至 ${to}`}；{advice}
                    </small>
                  </span>
                </li>
              ))}
            </ul>
          </section>
          <section className="card" aria-labelledby="household">
            <h2 id="household">同户人员</h2>
            {data.household.length === 0 && <p className="muted">户籍名单里没有同户的人。</p>}
            <ul className="lines">
              {data.household.map((one) => (
                <li key={one.person}>
                  <span>
                    <Go href={href(`/people/${one.person}`)}>{one.name}</Go> {one.relation}
                    <small>
                      {one.birth} 生，{one.verdict}
                    </small>
                  </span>
                </li>
              ))}
            </ul>
          </section>
          {data.looks.length > 0 && <Looks looks={data.looks} />}
        </div>
      </div>
    </div>
  );
}

function isOn(day: string, from: string, to: string | null): boolean {
  return from <= day && (to === null || day < to);
}
