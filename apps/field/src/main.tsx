import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Field, STORAGE_WORDS } from './app/field.ts';
import { Screens } from './screens/screens.tsx';
import { indexedShelf } from './store/indexed.ts';
import './ui/field.css';

const root = createRoot(document.getElementById('field') as HTMLElement);

async function begin(): Promise<void> {
  // Without HTTPS (or localhost) there is neither a service worker nor a key.
  if (!window.isSecureContext || crypto.subtle === undefined) {
    root.render(
      <main className="page">
        <h1>全保入户</h1>
        <p className="alert">
          手机端要用 HTTPS 地址打开（本机 localhost 除外），才能加密保存和离线使用。请向县里要正确的网址。
        </p>
      </main>,
    );
    return;
  }
  const field = new Field(await indexedShelf());
  root.render(
    <StrictMode>
      <Screens field={field} />
    </StrictMode>,
  );
  await field.start();
  addEventListener('online', () => field.send());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void field.seenAgain();
  });
  if (import.meta.env.PROD && 'serviceWorker' in navigator) {
    await navigator.serviceWorker.register('/field/sw.js', { scope: '/field/' }).catch(() => undefined);
  }
  // Not to be thrown away when the phone runs out of room.
  await navigator.storage?.persist?.().catch(() => undefined);
}

begin().catch(() => {
  root.render(
    <main className="page">
      <h1>全保入户</h1>
      <p className="alert">{STORAGE_WORDS}</p>
      <button type="button" className="main-button" onClick={() => location.reload()}>
        重新打开
      </button>
    </main>,
  );
});
