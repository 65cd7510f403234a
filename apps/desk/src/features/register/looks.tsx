import { localTime } from '../../ui/format.ts';
import type { Person } from './contract.ts';

const LATEST = 8;

/** Who looked at the person, and what for. */
export function Looks({ looks }: { readonly looks: Person['looks'] }) {
  const older = looks.slice(LATEST);
  return (
    <section className="card" aria-labelledby="looks">
      <h2 id="looks">谁看过</h2>
      <Lines looks={looks.slice(0, LATEST)} />
      {older.length > 0 && (
        <details>
          <summary>更早的 {older.length} 次</summary>
          <Lines looks={older} />
        </details>
      )}
    </section>
  );
}

function Lines({ looks }: { readonly looks: Person['looks'] }) {
  return (
    <ul className="lines">
      {looks.map((look) => (
        <li key={`${look.at} ${look.actor} ${look.act}`}>
          <span>
            {look.actor} {look.act}
            <small>
              {localTime(look.at)}
              {look.reason && `，事由：${look.reason}`}
            </small>
          </span>
        </li>
      ))}
    </ul>
  );
}
