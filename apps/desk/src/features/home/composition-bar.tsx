import { formatRate, ratio } from '@quanbao/domain/reports/indicators';
import { PeopleLink } from '../../shell/people-link.tsx';
import { number } from '../../ui/format.ts';
import { segments, toneOf } from './composition.ts';
import type { Home } from './home.ts';

/** What became of everybody in the household register. */
export function Composition({ parts }: { readonly parts: Home['composition'] }) {
  const total = parts.reduce((sum, part) => sum + part.people, 0);
  const most = Math.max(1, ...parts.map((part) => part.people));
  return (
    <section className="card" aria-labelledby="composition">
      <h2 id="composition">户籍人口 {number(total)} 人的参保情形</h2>
      <div className="stack">
        {segments(parts).map((segment) => {
          const words = (
            <>
              <strong>{segment.name}</strong>
              <span>{formatRate(segment.share)}</span>
            </>
          );
          const look = `segment ${segment.tone}`;
          return (
            <div key={segment.name} style={{ flexGrow: segment.share }}>
              {segment.indicator ? (
                <PeopleLink of={{ indicator: segment.indicator }} className={look}>
                  {words}
                </PeopleLink>
              ) : (
                <span className={look}>{words}</span>
              )}
            </div>
          );
        })}
      </div>
      <ul className="parts">
        {parts.map((part) => (
          <li key={part.indicator}>
            <PeopleLink of={{ indicator: part.indicator }}>
              <span className="part-name">{part.name}</span>
              <span className="part-bar">
                <i className={toneOf(part.indicator)} style={{ width: `${(part.people / most) * 100}%` }} />
              </span>
              <span className="part-people">{number(part.people)}</span>
              <span className="part-share">{formatRate(ratio(part.people, total))}</span>
            </PeopleLink>
          </li>
        ))}
      </ul>
    </section>
  );
}
