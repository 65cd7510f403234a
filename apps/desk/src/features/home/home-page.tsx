import { home } from '@quanbao/contract/reports';
import { useRead } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { longDay } from '../../ui/format.ts';
import { Failure, Loading, Nothing } from '../../ui/states.tsx';
import { Composition } from './composition-bar.tsx';
import './home.css';
import { LedgerCard } from './ledger-card.tsx';
import { Arrivals, Attention, Late } from './lists.tsx';
import { Ranking } from './ranking.tsx';
import { Rates } from './rates.tsx';
import { Trend } from './trend.tsx';

export default function HomePage() {
  const { region, asOf } = useHere();
  const may = useMay();
  const { data, error, refetch } = useRead(
    home,
    { query: { region, asOf } },
    { enabled: asOf !== undefined },
  );
  if (asOf === undefined) {
    return (
      <Nothing title="还没有户籍名单">
        <p>先接收公安的户籍人口名单，才有人可数。接收以后，这里显示覆盖率、缴费率和各乡镇的情况。</p>
      </Nothing>
    );
  }
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Loading />;
  return (
    <div className="page home">
      <div className="page-head">
        <h1>{data.region.path}</h1>
        <span className="muted">截至 {longDay(data.asOf)}</span>
      </div>
      <Rates indicators={data.indicators} />
      <div className="home-columns">
        <div className="home-column">
          <Composition parts={data.composition} />
          <Ranking places={data.ranking} of={data.region.code} />
          {may('lists.read') && <Late items={data.late} />}
        </div>
        <div className="home-column">
          <Attention items={data.attention} quarantined={data.quarantined} />
          {may('people.read') && <LedgerCard />}
          <Trend points={data.trend} />
          {may('lists.read') && <Arrivals items={data.arrivals} />}
        </div>
      </div>
    </div>
  );
}
