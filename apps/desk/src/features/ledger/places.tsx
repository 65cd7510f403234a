import { useHere } from '../../shell/here.ts';
import { Go } from '../../ui/go.tsx';
import type { KindLine, Overview } from './contract.ts';
import { ItemsLink } from './items-link.tsx';
import { barWidth, openOf, placesBy } from './overview.ts';

interface Props {
  readonly kind: KindLine;
  readonly places: Overview['places'];
  readonly of: Overview['region'];
}

/** Where items of a kind are open, most first. */
export function Places({ kind, places, of }: Props) {
  const { href } = useHere();
  const lines = placesBy(kind.kind, places);
  const most = lines[0]?.open ?? 0;
  const placed = lines.reduce((sum, line) => sum + line.open, 0);
  const unplaced = openOf(kind.byState) - placed;
  // A group is the last place: its people are listed.
  const deeper = of.code.length < 12;
  return (
    <section className="card ledger-places" aria-labelledby="places">
      <h2 id="places">各地{kind.title}（未销号）</h2>
      <p className="ledger-key muted">
        <i className="verify" /> 待核实
        <i className="settled" /> 已落实
      </p>
      {lines.length === 0 && (
        <p className="muted">
          {of.code.length === 12
            ? '收到的名单还没有写明这里的村民小组（组一列，或地址里的“几组”）。'
            : `${of.name}之下没有再分的区划。`}
        </p>
      )}
      <ol className="plain">
        {lines.map(({ code, name, open, verify, settled }) => (
          <li key={code}>
            {deeper ? (
              <Go href={href('/ledger', { region: code, kind: kind.kind })}>{name}</Go>
            ) : (
              <Go href={href('/items', { region: code, kind: kind.kind })}>{name}</Go>
            )}
            <span className="ledger-track" title={`待核实 ${verify}，已落实 ${settled}`}>
              <i className="verify" style={{ width: `${barWidth(verify, most)}%` }} />
              <i className="settled" style={{ width: `${barWidth(settled, most)}%` }} />
            </span>
            <ItemsLink n={open} of={{ region: code, kind: kind.kind, state: 'open' }} />
          </li>
        ))}
      </ol>
      {lines.length > 0 && unplaced > 0 && (
        <p className="muted">
          另有 {unplaced} 笔还没有分到{of.code.length < 12 ? '下级区划' : '村民小组'}。
        </p>
      )}
    </section>
  );
}
