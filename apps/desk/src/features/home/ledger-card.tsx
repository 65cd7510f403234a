import { ledgerOverview, notices } from '@quanbao/contract/ledger';
import { roundProgress, rounds } from '@quanbao/contract/survey';
import { formatRate } from '@quanbao/domain/indicators/indicators';
import { useRead } from '../../api/queries.ts';
import { useHere } from '../../shell/here.ts';
import { number } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { runningRound, waitingKinds } from './home.ts';

/** What waits in the ledger, what has not been signed for and how far the visits are: asked once the figures stand. */
export function LedgerCard() {
  const { region, asOf, href } = useHere();
  const overview = useRead(ledgerOverview, { query: { region, asOf } });
  const inbox = useRead(notices, { query: { open: true, limit: 1 } });
  const kinds = overview.data && waitingKinds(overview.data.kinds);
  return (
    <section className="card" aria-labelledby="home-ledger">
      <h2 id="home-ledger">
        <Go href={href('/ledger')}>台账</Go>
      </h2>
      {overview.error && <p className="muted">台账没有读到：{overview.error.message}</p>}
      {overview.isPending && <p className="muted">正在读台账…</p>}
      {kinds?.length === 0 && <p className="muted">没有未销号的台账。</p>}
      {kinds !== undefined && kinds.length > 0 && (
        <div className="scroll-x">
          <table className="ranking home-ledger">
            <thead>
              <tr>
                <th scope="col">未销号</th>
                <th scope="col" className="right">
                  待核实
                </th>
                <th scope="col" className="right">
                  已落实
                </th>
                <th scope="col" className="right" title="在现状态已有31至90天">
                  31—90天
                </th>
                <th scope="col" className="right" title="在现状态已超过90天">
                  90天以上
                </th>
              </tr>
            </thead>
            <tbody>
              {kinds.map(({ kind, title, opens, byState, ages }) => (
                <tr key={kind}>
                  <th scope="row" title={`开账：${opens}`}>
                    {title}
                  </th>
                  <Items n={byState.verify} of={{ kind, state: 'verify' }} />
                  <Items n={byState.settled} of={{ kind, state: 'settled' }} />
                  <Items n={ages[2] ?? 0} of={{ kind, state: 'open', age: 'quarter' }} />
                  <Items n={ages[3] ?? 0} of={{ kind, state: 'open', age: 'older' }} />
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <ul className="lines">
        <li>
          <span>推送未签收</span>
          <b>
            {inbox.data === undefined ? (
              '…'
            ) : inbox.data.open === 0 ? (
              '没有'
            ) : (
              <Go href={href('/notices')}>{number(inbox.data.open)} 条</Go>
            )}
          </b>
        </li>
        <Round />
      </ul>
    </section>
  );
}

function Items({ n, of }: { readonly n: number; readonly of: Readonly<Record<string, string>> }) {
  const { href } = useHere();
  return (
    <td className="right">
      {n === 0 ? <span className="muted">0</span> : <Go href={href('/items', of)}>{number(n)}</Go>}
    </td>
  );
}

/** The round that runs here; none is no line. */
function Round() {
  const { region, asOf, href } = useHere();
  const all = useRead(rounds, {});
  const round = all.data && runningRound(all.data.items, region);
  const { data } = useRead(
    roundProgress,
    { params: { round: round?.round ?? 0 }, query: { region: inside(region, round?.region.code), asOf } },
    { enabled: round !== undefined },
  );
  if (round === undefined) return null;
  const counted = data?.round.round === round.round ? data : undefined;
  const people = (visited: 'yes' | 'no', n: number) =>
    n === 0 ? '0' : <Go href={href(`/rounds/${round.round}`, { visited })}>{number(n)}</Go>;
  return (
    <li>
      <span>
        <Go href={href('/rounds', { round: round.round })}>{round.name}</Go>
        <small>
          {counted === undefined ? (
            `限 ${round.due} 完成`
          ) : (
            <>
              名单 {number(counted.total.listed)} 人，已走访 {people('yes', counted.total.visited)}，未走访{' '}
              {people('no', counted.total.listed - counted.total.visited)}
              {counted.pace.daysLeft > 0 ? `，还有 ${counted.pace.daysLeft} 天` : `，${round.due} 到期`}
            </>
          )}
        </small>
      </span>
      <b>
        {counted === undefined ? '…' : formatRate(counted.total.rate)}
        {counted?.pace.behind && <em>落后</em>}
      </b>
    </li>
  );
}

/** Of a county's page the round of one town is asked as a whole. */
function inside(region: string, of: string | undefined): string {
  return of?.startsWith(region) ? of : region;
}
