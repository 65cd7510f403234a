import { localTime } from '../../ui/format.ts';
import type { PlanPage } from './contract.ts';
import { amountText } from './targets.ts';

/** Every version with its reason; what is issued was never rewritten. */
export function Versions({ of }: { readonly of: PlanPage }) {
  return (
    <section className="card" aria-labelledby="target-versions">
      <h2 id="target-versions">各版</h2>
      <ol className="plain target-versions">
        {of.versions.toReversed().map((one) => (
          <li key={one.version}>
            <b>第 {one.version} 版</b>
            <span>合计 {amountText(of.plan, one.total)}</span>
            <span>{one.reason}</span>
            <span>
              {one.issued === null ? '草稿' : `${one.issued} 下达${one.document && `，${one.document}`}`}
            </span>
            <small className="muted">
              {one.actor}，{localTime(one.madeAt)}
            </small>
          </li>
        ))}
      </ol>
    </section>
  );
}
