import { number } from '../../ui/format.ts';

/** How much of a whole is done, as a bar with its two numbers. */
export function ShareBar({ done, all }: { readonly done: number; readonly all: number }) {
  if (all === 0) return <span className="muted">—</span>;
  return (
    <span className="share-bar">
      <span className="share-track" aria-hidden="true">
        <span className="share-done" style={{ width: `${(done / all) * 100}%` }} />
      </span>
      {number(done)}/{number(all)}
    </span>
  );
}
