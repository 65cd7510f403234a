import { PeopleLink } from '../../shell/people-link.tsx';
import { number, signed } from '../../ui/format.ts';
import { ScrollBox } from '../../ui/scroll-box.tsx';
import type { Effect } from './contract.ts';
import { effectTable } from './effects.ts';

interface Props {
  readonly effects: readonly Effect[] | null;
  readonly asOf: string;
  /** Once received, its numbers open the people whose verdict it changed. */
  readonly delivery?: number;
}

/** Where, in which column, how many more or fewer. */
export function EffectsView({ effects, asOf, delivery }: Props) {
  if (effects === null) {
    return (
      <p className="muted">各乡镇的增减没有为这份名单单独统计（与其他名单一起接收），或不在您的可见范围。</p>
    );
  }
  const { indicators, rows } = effectTable(effects);
  if (rows.length === 0) {
    return <p className="muted">截至 {asOf}，各乡镇各栏的人数都没有变化。</p>;
  }
  const link = (region: string, change: number, indicator?: string) => {
    if (delivery === undefined) return signed(change);
    // Who left a column no longer stands in it: then everybody the list changed there.
    const of = {
      delivery,
      asOf,
      region,
      ...placeOf(region),
      ...(change > 0 && indicator ? { indicator } : {}),
    };
    return <PeopleLink of={of}>{signed(change)}</PeopleLink>;
  };
  return (
    <section className="table-block" aria-label="影响">
      <div className="table-head">
        <div className="table-title">
          <h2>影响：截至 {asOf}，增减人数</h2>
          <span className="muted">
            {number(rows.length)} 个乡镇{delivery !== undefined && '，点数字看人'}
          </span>
        </div>
      </div>
      <ScrollBox label="影响表" className="table-box effects">
        <table className="data" aria-label="各乡镇各栏增减人数">
          <thead>
            <tr>
              <th scope="col">所在地</th>
              {indicators.map(({ code, name }) => (
                <th key={code} scope="col" className="right">
                  {shortName(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ region, name, changes }) => (
              <tr key={region}>
                <th scope="row">{region.length <= 6 ? '未分到乡镇' : name}</th>
                {indicators.map(({ code }) => {
                  const change = changes.get(code) ?? 0;
                  return (
                    <td key={code} className={change === 0 ? 'right none' : 'right'}>
                      {change === 0 ? '·' : link(region, change, code)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">合计</th>
              {indicators.map(({ code, total }) => (
                <td key={code} className="right">
                  {signed(total)}
                </td>
              ))}
            </tr>
          </tfoot>
        </table>
      </ScrollBox>
    </section>
  );
}

function placeOf(region: string): { readonly unplaced?: boolean } {
  return region.length <= 6 ? { unplaced: true } : {};
}

function shortName(name: string): string {
  return name.replace(/人数$/, '').replace('已进行城乡居保参保登记', '已参保登记');
}
