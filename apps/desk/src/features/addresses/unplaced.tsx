import { Button } from 'antd';
import { PeopleLink } from '../../shell/people-link.tsx';
import { number } from '../../ui/format.ts';
import type { Unplaced } from './contract.ts';

interface Props {
  readonly unplaced: Unplaced;
  /** Begins a rule with this text. */
  readonly onFragment: (text: string) => void;
}

/** Who stands in no village, and what their addresses have in common. */
export function UnplacedPeople({ unplaced, onFragment }: Props) {
  const { total, blank, places, fragments, asOf } = unplaced;
  const most = Math.max(1, ...places.map((place) => place.people));
  if (total === 0) {
    return (
      <section className="card">
        <h2>未分村的人</h2>
        <p className="muted">截至 {asOf}，这里的人都已归入村（社区）。</p>
      </section>
    );
  }
  return (
    <div className="addresses-columns">
      <section className="card" aria-labelledby="unplaced">
        <h2 id="unplaced">
          未分村 {number(total)} 人
          <small className="muted">
            截至 {asOf}
            {blank > 0 && `，其中 ${number(blank)} 人没有地址`}
          </small>
        </h2>
        <ul className="addresses-places">
          {places.map((place) => (
            <li key={place.code}>
              <span title={place.path}>{place.code.length <= 6 ? '未分到乡镇' : place.name}</span>
              <span className="addresses-track" aria-hidden="true">
                <i style={{ width: `${(place.people / most) * 100}%` }} />
              </span>
              <PeopleLink of={{ region: place.code, unplaced: true, asOf }}>
                {number(place.people)}
              </PeopleLink>
            </li>
          ))}
        </ul>
      </section>
      <section className="card" aria-labelledby="fragments">
        <h2 id="fragments">
          地址里最多见的写法<small className="muted">点一下，用它写规则</small>
        </h2>
        <p className="addresses-fragments">
          {fragments.map(({ text, people }) =>
            text === '' ? (
              <span key="" className="muted">
                只写到乡镇 {number(people)} 人
              </span>
            ) : (
              <Button key={text} size="small" onClick={() => onFragment(text)}>
                {text}　<b>{number(people)}</b>
              </Button>
            ),
          )}
        </p>
      </section>
    </div>
  );
}
