import { Tooltip } from 'antd';
import { number } from '../../ui/format.ts';
import { ScrollBox } from '../../ui/scroll-box.tsx';
import type { KindLine } from './contract.ts';
import { ItemsLink } from './items-link.tsx';
import { barWidth, openOf } from './overview.ts';
import { AGE_OPTIONS } from './question.ts';

interface Props {
  readonly kinds: readonly KindLine[];
  readonly chosen: string | undefined;
  readonly onChoose: (kind: string) => void;
}

/** Kinds by state, and open ones by the days they have waited; a kind's name shows its places. */
export function Kinds({ kinds, chosen, onChoose }: Props) {
  return (
    <section className="table-block" aria-label="种类与状态">
      <ScrollBox label="种类与状态表">
        <table className="data ledger-kinds" aria-label="种类与状态">
          <colgroup>
            <col style={{ width: 130 }} />
            <col style={{ width: 70 }} />
            <col style={{ width: 70 }} />
            <col style={{ width: 70 }} />
            {AGE_OPTIONS.map(({ value }) => (
              <col key={value} style={{ width: 92 }} />
            ))}
          </colgroup>
          <thead>
            <tr>
              <th scope="col">种类</th>
              <th scope="col" className="right">
                待核实
              </th>
              <th scope="col" className="right">
                已落实
              </th>
              <th scope="col" className="right">
                销号
              </th>
              {AGE_OPTIONS.map(({ value, label }) => (
                <th key={value} scope="col" title="未销号的台账处在现状态的天数">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {kinds.map((kind) => (
              <tr key={kind.kind} aria-current={kind.kind === chosen ? 'true' : undefined}>
                <th scope="row">
                  <Tooltip placement="right" title={<Rule kind={kind} />}>
                    <button
                      type="button"
                      className="ledger-kind"
                      aria-pressed={kind.kind === chosen}
                      onClick={() => onChoose(kind.kind)}
                    >
                      {kind.title}
                    </button>
                  </Tooltip>
                </th>
                {(['verify', 'settled', 'closed'] as const).map((state) => (
                  <td key={state} className="right">
                    <ItemsLink n={kind.byState[state]} of={{ kind: kind.kind, state }} />
                  </td>
                ))}
                {AGE_OPTIONS.map(({ value, label }, i) => (
                  <td key={value} title={`${kind.title}，${label}`}>
                    <span className={i === 3 ? 'ledger-age old' : 'ledger-age'}>
                      <ItemsLink n={kind.ages[i] ?? 0} of={{ kind: kind.kind, state: 'open', age: value }} />
                      <span className="ledger-track">
                        <i style={{ width: `${barWidth(kind.ages[i] ?? 0, openOf(kind.byState))}%` }} />
                      </span>
                    </span>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      <p className="ledger-legend muted">
        后四列是未销号台账处在现状态的天数。{number(kinds.reduce((sum, one) => sum + openOf(one.byState), 0))}{' '}
        笔未销号。指向种类可看开账、销号规则，点开看各地。
      </p>
    </section>
  );
}

function Rule({ kind }: { readonly kind: KindLine }) {
  return (
    <>
      <p>开账：{kind.opens}。</p>
      <p>销号：{kind.closes}。</p>
    </>
  );
}
