import { useMemo, useState } from 'react';
import { groupsOf, householdKey, matches, progressOf, type Row } from '../survey/list.ts';
import { Alert, Page, Ring } from '../ui/parts.tsx';
import { SendBar } from './send-bar.tsx';
import { Tag } from './tag.tsx';
import { useField, useRows } from './use-field.ts';

const TABS = { todo: '待走访', done: '已走访', all: '全部' } as const;
type Tab = keyof typeof TABS;
const SHOWN = 60;

function inTab(row: Row, tab: Tab): boolean {
  if (tab === 'all') return true;
  const open = row.standing === 'todo' || row.standing === 'refused';
  return tab === 'todo' ? open : !open && row.standing !== 'rest';
}

export function ListPage() {
  const { view } = useField();
  const rows = useRows();
  const [asked, setAsked] = useState('');
  const [tab, setTab] = useState<Tab>('todo');
  const [village, setVillage] = useState('');
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [more, setMore] = useState<Readonly<Record<string, number>>>({});
  const ofVillage = useMemo(
    () => (village === '' ? rows : rows.filter((row) => row.village === village)),
    [rows, village],
  );
  const counts = useMemo(
    () => ({
      todo: ofVillage.filter((row) => inTab(row, 'todo')).length,
      done: ofVillage.filter((row) => inTab(row, 'done')).length,
      all: ofVillage.length,
    }),
    [ofVillage],
  );
  const groups = useMemo(
    () =>
      groupsOf(ofVillage.filter((row) => matches(row, asked) && (asked.trim() !== '' || inTab(row, tab)))),
    [ofVillage, asked, tab],
  );
  return (
    <Page
      title="今日走访"
      back={false}
      right={
        <a className="bar-button" href="#/more">
          更多
        </a>
      }
    >
      <SendBar />
      {view.packs.map((pack) => {
        const {
          asked: of,
          answered,
          incomplete,
        } = progressOf(rows.filter((row) => row.village === pack.village.code));
        return (
          <button
            type="button"
            key={pack.village.code}
            className={village === pack.village.code ? 'village chosen' : 'village'}
            aria-pressed={village === pack.village.code}
            onClick={() => setVillage(village === pack.village.code ? '' : pack.village.code)}
          >
            <Ring done={answered} of={of} label={`${pack.village.name}已走访`} />
            <span>
              <strong>{pack.village.name}</strong>
              <span className="figures">
                已走访 {answered}／{of} 人，还差 {of - answered} 人
              </span>
              {incomplete > 0 && <span className="figures warn">佐证不全 {incomplete} 人</span>}
            </span>
          </button>
        );
      })}
      <input
        autoComplete="off"
        className="search"
        type="search"
        aria-label="查找"
        placeholder="姓名或身份证后四位"
        value={asked}
        onChange={(event) => setAsked(event.target.value)}
      />
      <div className="tabs" role="tablist">
        {(Object.keys(TABS) as Tab[]).map((key) => (
          <button key={key} type="button" role="tab" aria-selected={tab === key} onClick={() => setTab(key)}>
            {TABS[key]} {counts[key]}
          </button>
        ))}
      </div>
      {groups.length === 0 && (
        <Alert good={tab === 'todo' && asked === ''}>
          {asked !== ''
            ? '没有找到；请换几个字，或看看“全部”。'
            : tab === 'todo'
              ? '都走访到了。'
              : '这里还没有人。'}
        </Alert>
      )}
      {groups.map((group) => {
        const open = !closed.has(group.name) || asked !== '';
        const most = more[group.name] ?? SHOWN;
        return (
          <section key={group.name} className="group">
            <button
              type="button"
              className="group-head"
              aria-expanded={open}
              onClick={() => {
                const next = new Set(closed);
                if (open) next.add(group.name);
                else next.delete(group.name);
                setClosed(next);
              }}
            >
              <strong>{group.name}</strong>
              <span>
                {group.households.length} 户 {group.people} 人 {open ? '▾' : '▸'}
              </span>
            </button>
            {open &&
              group.households.slice(0, most).map((household) => (
                <a
                  key={household.key}
                  className="household"
                  href={`#/household/${encodeURIComponent(householdKey(household.rows[0] as Row))}`}
                >
                  <span className="house">{household.house || '地址不详'}</span>
                  {household.rows.map((row) => (
                    <span key={row.person} className="member">
                      <span>
                        <b>{row.name}</b> <small>尾号 {row.last4}</small>
                      </span>
                      <Tag row={row} />
                    </span>
                  ))}
                </a>
              ))}
            {open && group.households.length > most && (
              <button
                type="button"
                className="text-button"
                onClick={() => setMore({ ...more, [group.name]: most + SHOWN * 2 })}
              >
                再显示 {Math.min(SHOWN * 2, group.households.length - most)} 户
              </button>
            )}
          </section>
        );
      })}
    </Page>
  );
}
