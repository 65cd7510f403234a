import { formatRate, ratio } from '@quanbao/domain/indicators/indicators';
import { PeopleLink } from '../../shell/people-link.tsx';
import { number } from '../../ui/format.ts';
import { groups, toneOf } from './composition.ts';
import type { Home } from './home.ts';

/** What became of everybody in the household register. */
export function Composition({ parts }: { readonly parts: Home['composition'] }) {
  const total = parts.reduce((sum, part) => sum + part.people, 0);
  const most = Math.max(1, ...parts.map((part) => part.people));
  return (
    <section className="card" aria-labelledby="composition">
      <h2 id="composition">户籍人口 {number(total)} 人的参保情形</h2>
      <div className="stack">
        {groups(parts).map((group) => {
          const words = (
            <>
              <strong>{group.name}</strong>
              <span>
                {number(group.people)} 人 {formatRate(group.share)}
              </span>
            </>
          );
          const look = `segment ${group.tone}`;
          return (
            <div key={group.tone} style={{ flexGrow: group.share }}>
              {group.indicator ? (
                <PeopleLink of={{ indicator: group.indicator }} className={look}>
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
