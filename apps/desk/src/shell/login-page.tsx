import { door, type Session as SessionSchema, SIGN_ON_FAILURES, signIn } from '@quanbao/contract/access';
import { useRouter, useSearch } from '@tanstack/react-router';
import { Alert, Button, Form, Input } from 'antd';
import { useEffect, useState } from 'react';
import type { Static } from 'typebox';
import { call } from '../api/call.ts';
import { Problem } from '../api/problem.ts';
import { useRead } from '../api/queries.ts';
import { keepSession } from '../api/session.ts';
import { Failure } from '../ui/states.tsx';

interface Credentials {
  login: string;
  password: string;
  code?: string;
}

/** Only an address inside the desk is gone back to. */
function safeBack(back: string | undefined): string {
  return back !== undefined && /^\/(?![/\\])/.test(back) && !back.startsWith('/login') ? back : '/';
}

export default function LoginPage() {
  const { back, why } = useSearch({ strict: false }) as Record<string, string | undefined>;
  const router = useRouter();
  const atDoor = useRead(door, {});
  const [problem, setProblem] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const [asksCode, setAsksCode] = useState(false);
  const [form] = Form.useForm<Credentials>();
  useEffect(() => {
    document.title = '登录 · 全保';
  }, []);

  const enter = async (given: Credentials): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      const body = { login: given.login.trim(), password: given.password };
      const session: Static<typeof SessionSchema> = await call(signIn, {
        body: given.code ? { ...body, code: given.code.trim() } : body,
      });
      keepSession(session);
      router.history.push(session.account.mustChange ? '/password' : safeBack(back));
    } catch (error) {
      if (error instanceof Problem && error.code.startsWith('access.code')) setAsksCode(true);
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };

  const seen = atDoor.data;
  return (
    <main className="door">
      <div className="door-card">
        <h1>
          全保 <small>基本养老保险全覆盖</small>
        </h1>
        <p className="muted">{seen?.county ?? '　'}</p>
        {why === 'expired' && !problem && (
          <Alert type="info" showIcon title="登录已过期，请重新登录；登录后会回到刚才那一页。" />
        )}
        {why !== undefined && why in SIGN_ON_FAILURES && !problem && (
          <Alert type="error" showIcon title={SIGN_ON_FAILURES[why as keyof typeof SIGN_ON_FAILURES]} />
        )}
        {problem !== undefined && <Failure error={problem} />}
        {atDoor.error && <Failure error={atDoor.error} retry={() => void atDoor.refetch()} />}
        <Form form={form} layout="vertical" requiredMark={false} onFinish={(given) => void enter(given)}>
          <Form.Item name="login" label="账号" rules={[{ required: true, message: '请输入账号' }]}>
            <Input autoComplete="username" autoFocus size="large" maxLength={64} />
          </Form.Item>
          <Form.Item name="password" label="密码" rules={[{ required: true, message: '请输入密码' }]}>
            <Input.Password autoComplete="current-password" size="large" maxLength={256} />
          </Form.Item>
          {asksCode && (
            <Form.Item name="code" label="动态口令" extra="打开手机上的验证器，输入六位数字">
              <Input inputMode="numeric" autoComplete="one-time-code" size="large" maxLength={6} autoFocus />
            </Form.Item>
          )}
          <Button type="primary" size="large" block htmlType="submit" loading={busy}>
            登录
          </Button>
          {seen?.oidc && (
            <Button size="large" block href="/api/oidc/start">
              用省统一身份认证登录
            </Button>
          )}
        </Form>
        {seen && seen.demo.length > 0 && (
          <section className="demo" aria-label="演示账号">
            <h2>演示账号（虚构的县，点一下即可登录）</h2>
            <ul>
              {seen.demo.map((account) => (
                <li key={account.login}>
                  <button
                    type="button"
                    disabled={busy}
                    onClick={() => {
                      form.setFieldsValue(account);
                      void enter(account);
                    }}
                  >
                    <strong>{account.title}</strong>
                    <span>
                      {account.login} / {account.password}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        )}
        {seen?.notice && <p className="door-notice">{seen.notice}</p>}
      </div>
    </main>
  );
}
