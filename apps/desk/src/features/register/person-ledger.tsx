import { personItems } from '@quanbao/contract/ledger';
import { useRead } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { Go } from '../../ui/go.tsx';
import { Owed } from '../../ui/owed.tsx';
import { Failure, Loading } from '../../ui/states.tsx';

const TONE: Readonly<Record<string, string>> = { verify: 'quality', closed: 'in-force' };

/** What stands in the ledger of a person; each item opens its life. */
export function PersonLedger({ person }: { readonly person: number }) {
  const { asOf, href } = useHere();
  const may = useMay();
  const { data, error, refetch } = useRead(personItems, { params: { person }, query: { asOf } });
  return (
    <section className="card" aria-labelledby="ledger">
      <h2 id="ledger">台账</h2>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data?.items.length === 0 && <p className="muted">没有台账。</p>}
      <ul className="lines">
        {data?.items.map((item) => (
          <li key={item.number}>
            <span className={`tag ${TONE[item.state] ?? ''}`}>{item.stateTitle}</span>
            <span>
              <Go href={href(`/items/${item.number}`)}>
                {item.title}
                {item.subject && `（${item.subject}）`}
              </Go>
              <small>
                {item.from} 起，{item.why}
                {item.assignee && `；承办 ${item.assignee}${item.due ? `，${item.due} 前` : ''}`}
              </small>
              {item.missing && <Owed>{item.missing}</Owed>}
            </span>
          </li>
        ))}
      </ul>
      <p className="no-print">
        <Go href={href('/visits', { person })}>走访记录</Go>
        {may('visits.write') && (
          <>
            {' · '}
            <Go href={href('/visits/new', { person })}>登记走访答复</Go>
          </>
        )}
      </p>
    </section>
  );
}
