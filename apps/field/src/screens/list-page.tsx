import { surveyChoice } from '@quanbao/domain/survey/answers';
import { useMemo, useState } from 'react';
import { strangersOf } from '../survey/found.ts';
import {
  dueWords,
  groupsOf,
  householdKey,
  isOpen,
  matches,
  type Pack,
  progressOf,
  type Row,
  roundCounts,
} from '../survey/list.ts';
import { Alert, Page, Ring } from '../ui/parts.tsx';
import { SendBar } from './send-bar.tsx';
import { Tag } from './tag.tsx';
import { useField, useRows, useToday } from './use-field.ts';

const TABS = { todo: '待走访', done: '已走访', incomplete: '佐证不全', all: '全部' } as const;
type Tab = keyof typeof TABS;
const SHOWN = 60;

function inTab(row: Row, tab: Tab): boolean {
  if (tab === 'all') return true;
  if (tab === 'incomplete') return row.incomplete;
  return tab === 'todo' ? isOpen(row) : !isOpen(row) && row.standing !== 'rest';
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
      incomplete: ofVillage.filter((row) => inTab(row, 'incomplete')).length,
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
      {view.packs.length === 0 && (
        <>
          <Alert>手机里没有名单了：太久没有联网，或被停用，名单会清除；没上报的答复还在。</Alert>
          <a className="plain-button" href="#/villages">
            联网重新下载名单
          </a>
        </>
      )}
      {view.packs.map((pack) => (
        <VillageCard
          key={pack.village.code}
          pack={pack}
          rows={rows.filter((row) => row.village === pack.village.code)}
          chosen={village === pack.village.code}
          onChoose={() => setVillage(village === pack.village.code ? '' : pack.village.code)}
        />
      ))}
      {view.packs.length > 0 && (
        <>
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
              <button
                key={key}
                type="button"
                role="tab"
                aria-selected={tab === key}
                onClick={() => setTab(key)}
              >
                {TABS[key]} <span className="tab-count">{counts[key]}</span>
              </button>
            ))}
          </div>
          <a className="plain-button" href="#/found">
            ＋ 登记新发现人员
          </a>
        </>
      )}
      <Strangers />
      {groups.length === 0 && view.packs.length > 0 && (
        <Alert good={tab === 'todo' && asked === ''}>
          {asked !== ''
            ? '没有找到；请换几个字，或看看“全部”。'
            : tab === 'todo'
              ? '都走访到了。'
              : tab === 'incomplete'
                ? '没有缺佐证的。'
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
                        {row.asked?.by === 'revisit' && <small className="again">{row.asked.words}</small>}
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

/** How far a village is, and what is left of each round under way, by the county's count. */
function VillageCard({
  pack,
  rows,
  chosen,
  onChoose,
}: {
  pack: Pack;
  rows: readonly Row[];
  chosen: boolean;
  onChoose: () => void;
}) {
  const today = useToday();
  const { asked, answered, incomplete } = progressOf(rows);
  const again = rows.filter((row) => row.standing === 'todo' && row.asked?.by === 'revisit').length;
  const rounds = pack.rounds
    .filter(({ from }) => from <= today)
    .map((round) => ({ ...round, ...roundCounts(rows, round.round) }))
    .filter(({ listed }) => listed > 0);
  return (
    <button
      type="button"
      className={chosen ? 'village chosen' : 'village'}
      aria-pressed={chosen}
      onClick={onChoose}
    >
      <Ring done={answered} of={asked} label={`${pack.village.name}已走访`} />
      <span>
        <strong>{pack.village.name}</strong>
        <span className="figures">
          已走访 {answered}／{asked} 人，还差 {asked - answered} 人
        </span>
        {again > 0 && <span className="figures">其中到复访日期 {again} 人</span>}
        {incomplete > 0 && <span className="figures warn">佐证不全 {incomplete} 人</span>}
        {rounds.map(({ round, name, due, quota, listed, visited }) => (
          <span key={round} className="figures round">
            <b>{name}</b> {visited}／{listed} 人
            <span className={due < today ? 'figures warn' : 'figures'}>{dueWords(due, today)}</span>
            {quota !== null && <span className="figures">定额每人走访 {quota} 人</span>}
          </span>
        ))}
      </span>
    </button>
  );
}

const STRANGER_WORDS = { waiting: '未上报', refused: '被退回', done: '已上报' } as const;

/** Whom this phone found, until a newer list is fetched. */
function Strangers() {
  const { view } = useField();
  const strangers = strangersOf(view.entries);
  if (strangers.length === 0) return null;
  return (
    <section>
      <h2>新发现 {strangers.length} 人</h2>
      <ul className="list">
        {strangers.map(({ number, state, command, message, missing }) => {
          const body = (
            <>
              <span>
                <strong>{command.found.name}</strong>
                <small>
                  {[command.found.address, command.found.relation, surveyChoice(command.answer)?.title].join(
                    ' · ',
                  )}
                </small>
                {message !== undefined && <small>{message}</small>}
                {missing.length > 0 && <small>佐证不全</small>}
              </span>
              <span className={`tag ${state === 'done' ? 'good' : state === 'refused' ? 'bad' : 'todo'}`}>
                {STRANGER_WORDS[state]}
              </span>
            </>
          );
          return (
            <li key={number}>
              {state === 'done' ? (
                <div className="person">{body}</div>
              ) : (
                <a className="person" href={`#/found/${number}`}>
                  {body}
                </a>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
