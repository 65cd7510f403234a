import { householdKey, isOpen, sexWord } from '../survey/list.ts';
import { Page } from '../ui/parts.tsx';
import { Tag } from './tag.tsx';
import { useRows } from './use-field.ts';

export function HouseholdPage({ household }: { household: string }) {
  const rows = useRows().filter((row) => householdKey(row) === household);
  const [first] = rows;
  return (
    <Page title={first === undefined ? '这一户' : `${first.group} ${first.house}`}>
      {first === undefined && <p className="lead">名单里没有这一户了。</p>}
      <ul className="list">
        {rows.map((row) => (
          <li key={row.person}>
            <a className="person" href={`#/visit/${row.person}`}>
              <span>
                <strong>{row.name}</strong>
                <small>
                  {[row.relation, sexWord(row.sex), `${row.birth.slice(0, 4)}年生`, `尾号 ${row.last4}`]
                    .filter((word) => word !== '')
                    .join(' · ')}
                </small>
                <small>
                  {row.items.length > 0 ? row.items.map((item) => item.title).join('、') : row.verdict}
                </small>
                {isOpen(row) && row.asked !== undefined && row.asked.words !== '' && (
                  <small className="again">{row.asked.words}</small>
                )}
              </span>
              <Tag row={row} />
            </a>
          </li>
        ))}
      </ul>
    </Page>
  );
}
