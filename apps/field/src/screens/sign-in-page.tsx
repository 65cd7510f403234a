import { type FormEvent, useState } from 'react';
import { Problem } from '../api/problem.ts';
import { Alert, Page } from '../ui/parts.tsx';
import { useField } from './use-field.ts';

export function SignInPage() {
  const { field, view } = useField();
  const again = view.worker !== undefined;
  const [login, setLogin] = useState(view.worker?.login ?? '');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [asksCode, setAsksCode] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const enter = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setProblem('');
    try {
      await field.signIn({ login: login.trim(), password, ...(code.trim() && { code: code.trim() }) });
    } catch (error) {
      if (error instanceof Problem && error.code.startsWith('access.code')) setAsksCode(true);
      const offline = error instanceof Problem && error.status === 0 && error.code === 'field.unreachable';
      setProblem(
        offline
          ? '连不上服务器。登录要有网络；请找有信号的地方再试。'
          : error instanceof Error
            ? error.message
            : '登录没有成功。',
      );
    } finally {
      setBusy(false);
    }
  };
  return (
    <Page title={again ? '重新登录' : '全保入户'} back={again} onBack={() => field.backIn()}>
      {!again && <p className="lead">基本养老保险入户摸底。登录和下载名单要有网络，之后没有网络也能用。</p>}
      {view.notice !== '' && problem === '' && <Alert>{view.notice}</Alert>}
      {problem !== '' && <Alert>{problem}</Alert>}
      <form className="stack" onSubmit={(event) => void enter(event)}>
        <label>
          账号
          <input
            value={login}
            readOnly={again}
            onChange={(event) => setLogin(event.target.value)}
            autoComplete="username"
            autoCapitalize="none"
            maxLength={64}
            required
          />
        </label>
        <label>
          密码
          <input
            type="password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            autoComplete="current-password"
            maxLength={256}
            required
          />
        </label>
        {asksCode && (
          <label>
            动态口令
            <input
              inputMode="numeric"
              value={code}
              onChange={(event) => setCode(event.target.value)}
              autoComplete="one-time-code"
              maxLength={6}
            />
          </label>
        )}
        <button type="submit" className="main-button" disabled={busy}>
          {busy ? '正在登录…' : '登录'}
        </button>
      </form>
    </Page>
  );
}
