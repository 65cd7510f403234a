import { useState } from 'react';
import { STORAGE_WORDS } from '../app/field.ts';
import { isUnsent } from '../outbox/outbox.ts';
import { Alert, Page } from '../ui/parts.tsx';
import { isWeakPin } from '../vault/vault.ts';
import { useField } from './use-field.ts';

export function MorePage() {
  const { field, view } = useField();
  const [asked, setAsked] = useState(false);
  const [words, setWords] = useState('');
  const unsent = view.entries.filter(isUnsent).length;
  return (
    <Page title="更多">
      <p className="lead">
        {view.worker?.name}（{view.worker?.login}）<br />
        {view.worker?.place}
      </p>
      <nav className="stack">
        <a className="plain-button" href="#/villages">
          更新名单、换村
        </a>
        <a className="plain-button" href="#/outbox">
          上报情况
        </a>
        <button type="button" className="plain-button" onClick={() => field.askSignIn()}>
          重新登录
        </button>
        <ChangePin />
        <button type="button" className="plain-button" onClick={() => field.lock()}>
          锁上
        </button>
        {asked ? (
          <>
            <Alert>
              {unsent > 0
                ? `还有 ${unsent} 条没上报或被退回，清除后就没有了！请先上报。`
                : '名单和设置都会从手机上清除。'}
            </Alert>
            {words !== '' && <Alert>{words}</Alert>}
            <button
              type="button"
              className="danger-button"
              onClick={() => void field.clearAll().catch(() => setWords(STORAGE_WORDS))}
            >
              确定清除本机
            </button>
          </>
        ) : (
          <button type="button" className="plain-button" onClick={() => setAsked(true)}>
            换人使用：清除本机
          </button>
        )}
      </nav>
      <h2>装到桌面</h2>
      <p className="lead">
        在浏览器菜单里点“添加到主屏幕”，以后像普通应用一样打开，没有网络也能用。手机端只能用 HTTPS
        网址（或本机 localhost）。
      </p>
    </Page>
  );
}

function ChangePin() {
  const { field } = useField();
  const [open, setOpen] = useState(false);
  const [old, setOld] = useState('');
  const [pin, setPin] = useState('');
  const [words, setWords] = useState('');
  const change = async (): Promise<void> => {
    if (!/^\d{6}$/.test(pin) || isWeakPin(pin)) return setWords('新密码要六位数字，不要太好猜。');
    try {
      if (!(await field.changePin(old, pin))) return setWords('原来的密码不对。');
    } catch {
      return setWords(STORAGE_WORDS);
    }
    setOpen(false);
    setOld('');
    setPin('');
    setWords('开屏密码已换好。');
  };
  if (!open) {
    return (
      <>
        {words !== '' && <Alert good>{words}</Alert>}
        <button type="button" className="plain-button" onClick={() => setOpen(true)}>
          换开屏密码
        </button>
      </>
    );
  }
  return (
    <section className="card">
      {words !== '' && <Alert>{words}</Alert>}
      <label>
        原来的六位密码
        <input
          autoComplete="off"
          type="password"
          inputMode="numeric"
          maxLength={6}
          value={old}
          onChange={(e) => setOld(e.target.value)}
        />
      </label>
      <label>
        新的六位密码
        <input
          autoComplete="off"
          type="password"
          inputMode="numeric"
          maxLength={6}
          value={pin}
          onChange={(e) => setPin(e.target.value)}
        />
      </label>
      <button type="button" className="plain-button" onClick={() => void change()}>
        换成新的
      </button>
    </section>
  );
}
