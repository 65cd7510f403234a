import { ledgerOverview } from '@quanbao/contract/ledger';
import { useRead } from '../../api/queries.ts';
import { useHere } from '../../shell/here.ts';
import { longDay } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Failure, Loading, Nothing } from '../../ui/states.tsx';
import { Kinds } from './kinds-table.tsx';
import './ledger.css';
import { Places } from './places.tsx';

/** The ledger at a glance: kinds and states, how long items have waited, and where. */
export default function OverviewPage() {
  const { region, asOf, query, href, set } = useHere();
  const { data, error, refetch } = useRead(
    ledgerOverview,
    { query: { region, asOf } },
    { enabled: asOf !== undefined },
  );
  if (asOf === undefined) {
    return (
      <Nothing title="还没有台账">
        <p>先接收公安的户籍人口名单；台账随名单、缴费和走访自动开账、销号。</p>
      </Nothing>
    );
  }
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Loading />;
  const chosen = data.kinds.find(({ kind }) => kind === query.kind) ?? data.kinds[0];
  return (
    <div className="page">
      <div className="page-head">
        <h1>台账总览</h1>
        <span className="muted">
          {data.region.path}，截至 {longDay(data.asOf)}
        </span>
        <div className="page-tools">
          <Go href={href('/items', { kind: null })}>打开清单</Go>
        </div>
      </div>
      <div className="ledger-columns">
        <Kinds kinds={data.kinds} chosen={chosen?.kind} onChoose={(kind) => set({ kind })} />
        {chosen && <Places kind={chosen} places={data.places} of={data.region} />}
      </div>
    </div>
  );
}
