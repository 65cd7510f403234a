import { localTime } from '../../ui/format.ts';
import type { RoundView } from './contract.ts';

/** Awards and accountability, each with its paper. */
export function Acts({ of }: { readonly of: RoundView['acts'] }) {
  return (
    <section className="card" aria-labelledby="assess-acts">
      <h2 id="assess-acts">通报表扬和问责</h2>
      <ul className="plain">
        {of.map((one) => (
          <li key={one.act}>
            <span className={`tag ${one.kind === 'award' ? 'in-force' : 'conflict'}`}>
              {one.kind === 'award' ? '通报表扬' : '问责'}
            </span>{' '}
            {one.name}：{one.words}（{one.document}）
            <small className="muted">
              {' '}
              {one.actor} {localTime(one.madeAt)}
            </small>
          </li>
        ))}
      </ul>
    </section>
  );
}
