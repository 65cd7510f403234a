import { COLOUR_WORDS, type Colour } from '@quanbao/domain/supervision/warning';
import { useState } from 'react';
import { useHere } from '../../shell/here.ts';
import { Go } from '../../ui/go.tsx';
import type { Light } from './cockpit.ts';

const SHOWN = 10;

/** What is late or behind, the worst first, each with what to do and the page where it is done. */
export function Lights({ lights }: { readonly lights: readonly Light[] }) {
  const { href } = useHere();
  const [all, setAll] = useState(false);
  const shown = all ? lights : lights.slice(0, SHOWN);
  return (
    <section className="card" aria-labelledby="lights">
      <h2 id="lights">亮灯事项</h2>
      {lights.length === 0 && <p className="muted">没有落后到预警档次的单位，也没有逾期的事项。</p>}
      <ul className="lights">
        {shown.map((one) => (
          <li key={one.words}>
            <LightMark light={one.light} />
            <span>
              <Go href={href(one.at.path, one.at.query)}>{one.words}</Go>
              <small>
                怎么办：<Go href={href(one.act.path, one.act.query)}>{one.todo}</Go>
              </small>
            </span>
          </li>
        ))}
      </ul>
      {lights.length > SHOWN && (
        <button type="button" className="text-button" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? '收起' : `全部 ${lights.length} 项`}
        </button>
      )}
    </section>
  );
}

/** A word beside the colour: not everybody tells red from green. */
export function LightMark({ light }: { readonly light: string }) {
  return <span className={`light ${light}`}>{COLOUR_WORDS[light as Colour]}</span>;
}
