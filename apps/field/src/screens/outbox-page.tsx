import { chinaDay } from '@quanbao/domain/kernel/plain-date';
import { surveyChoice } from '@quanbao/domain/survey/answers';
import { useState } from 'react';
import { Problem } from '../api/problem.ts';
import { STORAGE_WORDS } from '../app/field.ts';
import { type Entry, isUnsent } from '../outbox/outbox.ts';
import { Alert, Page } from '../ui/parts.tsx';
import { useField, useRows } from './use-field.ts';

const WORDS = { waiting: '未上报', refused: '被退回', done: '已上报' } as const;

export function OutboxPage() {
  const { field, view } = useField();
  const names = new Map(useRows().map((row) => [row.person, row.name]));
  const [words, setWords] = useState('');
  const [dropping, setDropping] = useState<number>();
  const waiting = view.entries.filter(({ state }) => state === 'waiting');
  const unsent = waiting.length + view.pictures.length;
  const toExport =
    view.entries.filter(isUnsent).length + view.pictures.filter(({ refused }) => refused === null).length;
  const nameless = view.packs.length === 0 ? '姓名已随名单清除' : '名单外人员';
  const title = ({ command }: Entry): string =>
    `${command.found ? `${command.found.name}（新发现）` : (names.get(command.person) ?? nameless)}：${surveyChoice(command.answer)?.title ?? command.answer}`;
  const order = { refused: 0, waiting: 1, done: 2 };
  const entries = [...view.entries].sort((a, b) => order[a.state] - order[b.state] || b.number - a.number);
  const save = async (): Promise<void> => {
    let file: Blob;
    try {
      file = await field.exported();
    } catch (error) {
      return setWords(error instanceof Problem ? error.message : '没有导出，请再试一次。');
    }
    setWords('');
    const address = URL.createObjectURL(file);
    const link = document.createElement('a');
    link.href = address;
    link.download = `全保入户-未上报-${chinaDay(new Date())}.outbox`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  };
  const drop = async (number: number): Promise<void> => {
    try {
      await field.outbox?.drop(number);
      await field.saved();
    } catch {
      setWords(STORAGE_WORDS);
    }
  };
  return (
    <Page title="上报">
      {words !== '' && <Alert>{words}</Alert>}
      {view.line === 'signed-out' || view.line === 'disabled' ? (
        <button type="button" className="send bad" onClick={() => field.askSignIn()}>
          {view.notice} <b>重新登录</b>
        </button>
      ) : (
        view.notice !== '' && <Alert>{view.notice}</Alert>
      )}
      <p className="lead">
        未上报 {waiting.length} 条，照片和签名 {view.pictures.length} 张。服务器回执以前，一直存在手机里。
      </p>
      <button
        type="button"
        className="main-button"
        disabled={view.line === 'sending' || unsent === 0}
        onClick={() => field.send()}
      >
        {view.line === 'sending' ? '正在上报…' : unsent === 0 ? '没有要上报的' : '现在上报'}
      </button>
      {view.pictures
        .filter(({ refused }) => refused !== null)
        .map(({ number, refused }) => (
          <Alert key={number}>一张照片没有收下：{refused}</Alert>
        ))}
      <ul className="list">
        {entries.map((entry) => (
          <li key={entry.number} className="entry">
            <span className="member">
              <strong>{title(entry)}</strong>
              <span
                className={`tag ${entry.state === 'done' ? 'good' : entry.state === 'refused' ? 'bad' : 'todo'}`}
              >
                {WORDS[entry.state]}
              </span>
            </span>
            {entry.state === 'done' && entry.message !== undefined && (
              <p className="small">{entry.message}</p>
            )}
            {entry.state === 'waiting' && entry.command.found && (
              <a className="plain-button" href={`#/found/${entry.number}`}>
                更正或撤回
              </a>
            )}
            {entry.state === 'refused' && (
              <>
                <p className="why">{entry.message}</p>
                <div className="two">
                  <a
                    className="plain-button"
                    href={
                      entry.command.found
                        ? `#/found/${entry.number}`
                        : `#/visit/${entry.command.person}/${entry.number}`
                    }
                  >
                    改正后重报
                  </a>
                  {dropping === entry.number ? (
                    <button type="button" className="danger-button" onClick={() => void drop(entry.number)}>
                      确定删去
                    </button>
                  ) : (
                    <button type="button" className="plain-button" onClick={() => setDropping(entry.number)}>
                      删去这条
                    </button>
                  )}
                </div>
              </>
            )}
          </li>
        ))}
      </ul>
      <h2>实在报不上去时</h2>
      <p className="lead">
        把没上报和被退回的内容存成一个加密文件，交给乡镇或县里在“设备”页接收，不用告诉开屏密码，别人打不开。以后手机又能上报了，也只算一次。
      </p>
      <button type="button" className="plain-button" disabled={toExport === 0} onClick={() => void save()}>
        导出加密文件
      </button>
    </Page>
  );
}
