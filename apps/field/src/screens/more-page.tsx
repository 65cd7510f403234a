import { useState } from 'react';
import { Alert, Page } from '../ui/parts.tsx';
import { useField } from './use-field.ts';

export function MorePage() {
  const { field, view } = useField();
  const [asked, setAsked] = useState(false);
  const unsent = view.entries.filter(({ state }) => state === 'waiting').length;
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
        <button type="button" className="plain-button" onClick={() => field.lock()}>
          锁上
        </button>
        {asked ? (
          <>
            <Alert>
              {unsent > 0
                ? `还有 ${unsent} 条没上报，清除后就没有了！请先上报。`
                : '名单和设置都会从手机上清除。'}
            </Alert>
            <button type="button" className="danger-button" onClick={() => void field.clearAll()}>
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
