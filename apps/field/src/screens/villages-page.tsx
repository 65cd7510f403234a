import { PHONE_PEOPLE } from '@quanbao/domain/survey/devices';
import { useCallback, useEffect, useState } from 'react';
import { Problem } from '../api/problem.ts';
import { STORAGE_WORDS, type Villages } from '../app/field.ts';
import { Alert, Page } from '../ui/parts.tsx';
import { useField } from './use-field.ts';

export function VillagesPage() {
  const { field, view } = useField();
  const [items, setItems] = useState<Villages>();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [words, setWords] = useState('');
  const [done, setDone] = useState<number>();
  const ask = useCallback(async (): Promise<void> => {
    setWords('');
    try {
      const found = await field.villages();
      setItems(found);
      const here = new Set(field.view.packs.map((pack) => pack.village.code));
      const [only] = found;
      if (here.size === 0 && found.length === 1 && only) here.add(only.village.code);
      setChosen(here);
    } catch (error) {
      setWords(wordsOf(error));
    }
  }, [field]);
  useEffect(() => void ask(), [ask]);
  const people = (items ?? [])
    .filter(({ village }) => chosen.has(village.code))
    .reduce((sum, item) => sum + item.people, 0);
  const download = async (): Promise<void> => {
    setWords('');
    setDone(0);
    try {
      await field.download([...chosen], setDone);
      location.hash = '#/';
    } catch (error) {
      setWords(wordsOf(error));
    } finally {
      setDone(undefined);
    }
  };
  return (
    <Page title="下载名单" back={view.door === 'open'}>
      <p className="lead">只下载自己负责的村（社区）。名单在手机里加密保存。</p>
      {view.line === 'signed-out' && <SignInAgain />}
      {words !== '' && view.line !== 'signed-out' && <Alert>{words}</Alert>}
      {items === undefined ? (
        words === '' ? (
          <p className="lead">正在查询…</p>
        ) : (
          <button type="button" className="main-button" onClick={() => void ask()}>
            再试一次
          </button>
        )
      ) : (
        <>
          <ul className="list">
            {items.map(({ village, people: n, open, visited }) => (
              <li key={village.code}>
                <label className="check-row">
                  <input
                    autoComplete="off"
                    type="checkbox"
                    checked={chosen.has(village.code)}
                    onChange={(event) => {
                      const next = new Set(chosen);
                      if (event.target.checked) next.add(village.code);
                      else next.delete(village.code);
                      setChosen(next);
                    }}
                  />
                  <span>
                    <strong>{village.name}</strong>
                    <small>
                      {n} 人 · 未参保 {open} 人 · 已走访 {visited} 人
                    </small>
                  </span>
                </label>
              </li>
            ))}
          </ul>
          {people > PHONE_PEOPLE && (
            <Alert>
              已选 {people} 人，超过一部手机的 {PHONE_PEOPLE}{' '}
              人上限。请少选几个村（社区），或按村分给几位协办员。
            </Alert>
          )}
          <div className="foot">
            <button
              type="button"
              className="main-button"
              disabled={chosen.size === 0 || people > PHONE_PEOPLE || done !== undefined}
              onClick={() => void download()}
            >
              {done === undefined ? `下载 ${people} 人` : `正在下载 ${done}／${chosen.size}…`}
            </button>
          </div>
        </>
      )}
    </Page>
  );
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Problem)) return STORAGE_WORDS;
  return error.code === 'field.unreachable'
    ? '连不上服务器。下载名单要有网络；请找有信号的地方再试。'
    : error.message;
}

function SignInAgain() {
  const { field } = useField();
  return (
    <button type="button" className="alert" onClick={() => field.askSignIn()}>
      登录已过期，点这里重新登录。
    </button>
  );
}
