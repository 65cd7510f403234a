import { useEffect, useState } from 'react';
import { STORAGE_WORDS } from '../app/field.ts';
import { Alert, Page } from '../ui/parts.tsx';
import { isWeakPin } from '../vault/vault.ts';
import { useField } from './use-field.ts';

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '', '0', '⌫'];

function PinPad({ onPin, busy }: { onPin: (pin: string) => void; busy: boolean }) {
  const [pin, setPin] = useState('');
  const press = (key: string): void => {
    if (busy) return;
    const next = key === '⌫' ? pin.slice(0, -1) : pin + key;
    setPin(next.length === 6 ? '' : next);
    if (next.length === 6) onPin(next);
  };
  useEffect(() => {
    const typed = ({ key }: KeyboardEvent): void => {
      if (/^\d$/.test(key)) press(key);
      if (key === 'Backspace') press('⌫');
    };
    addEventListener('keydown', typed);
    return () => removeEventListener('keydown', typed);
  });
  return (
    <>
      <p className="dots" role="status" aria-label={`已输入 ${pin.length} 位`}>
        {[0, 1, 2, 3, 4, 5].map((i) => (
          <span key={i} className={i < pin.length ? 'dot full' : 'dot'} />
        ))}
      </p>
      <div className="pad">
        {KEYS.map((key) =>
          key === '' ? (
            <span key="gap" />
          ) : (
            <button
              key={key}
              type="button"
              aria-label={key === '⌫' ? '删去一位' : key}
              disabled={busy}
              onClick={() => press(key)}
            >
              {key}
            </button>
          ),
        )}
      </div>
    </>
  );
}

export function NewPinPage() {
  const { field } = useField();
  const [first, setFirst] = useState('');
  const [words, setWords] = useState('');
  const [busy, setBusy] = useState(false);
  const given = async (pin: string): Promise<void> => {
    if (first === '') {
      if (isWeakPin(pin)) return setWords('这个密码太好猜（如 123456、111111），请换一个。');
      setWords('');
      return setFirst(pin);
    }
    if (pin !== first) {
      setFirst('');
      return setWords('两次输入的不一样，请重新设置。');
    }
    setBusy(true);
    try {
      await field.setPin(pin);
    } catch {
      setBusy(false);
      setFirst('');
      setWords(STORAGE_WORDS);
    }
  };
  return (
    <Page title="设置开屏密码" back={false}>
      <p className="lead">
        {first === '' ? '请设六位数字。以后打开不用登录，输这六位就行；忘了不能找回。' : '请再输一次。'}
      </p>
      {words !== '' && <Alert>{words}</Alert>}
      <PinPad key={first} busy={busy} onPin={(pin) => void given(pin)} />
      {busy && <p className="lead">正在准备加密…</p>}
    </Page>
  );
}

export function LockPage() {
  const { field, view } = useField();
  const [words, setWords] = useState(view.notice);
  const [busy, setBusy] = useState(false);
  const [asked, setAsked] = useState(false);
  const given = async (pin: string): Promise<void> => {
    setBusy(true);
    setWords('');
    let left: number | undefined;
    try {
      left = await field.unlock(pin);
    } catch {
      return setWords(STORAGE_WORDS);
    } finally {
      setBusy(false);
    }
    if (left === undefined || left === 0) return;
    setWords(
      left <= 2
        ? `密码不对。再错 ${left} 次，手机上的名单和没上报的答复会全部清除。`
        : `密码不对，还可以试 ${left} 次。`,
    );
  };
  const clear = (): void => void field.clearAll().catch(() => setWords(STORAGE_WORDS));
  return (
    <Page title="全保入户" back={false}>
      <p className="lead">请输入六位开屏密码。</p>
      {words !== '' && <Alert>{words}</Alert>}
      <PinPad busy={busy} onPin={(pin) => void given(pin)} />
      {busy ? (
        <p className="lead">正在打开…</p>
      ) : asked ? (
        <>
          <Alert>忘了密码不能找回。清除后，没上报的答复也没有了，要重新登录、重新下载名单。</Alert>
          <button type="button" className="danger-button" onClick={clear}>
            清除本机，重新开始
          </button>
        </>
      ) : (
        <button type="button" className="text-button" onClick={() => setAsked(true)}>
          忘了密码
        </button>
      )}
    </Page>
  );
}
