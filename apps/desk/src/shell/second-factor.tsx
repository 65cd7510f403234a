import { beginTotp, confirmTotp, endTotp } from '@quanbao/contract/access';
import { App, Button, Form, Input, QRCode } from 'antd';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { refreshSession, useSession } from '../api/session.ts';
import { Failure } from '../ui/states.tsx';

/** TOTP: optional; once on, the door asks for six digits more. */
export function SecondFactor() {
  const { account } = useSession();
  const { message } = App.useApp();
  const [begun, setBegun] = useState<{ uri: string; secret: string }>();
  const [problem, setProblem] = useState<unknown>();
  const [busy, setBusy] = useState(false);

  const attempt = async (act: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      await act();
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const begin = () => attempt(async () => setBegun(await call(beginTotp)));
  const confirm = ({ code }: { code: string }) =>
    attempt(async () => {
      await call(confirmTotp, { body: { code: code.trim() } });
      setBegun(undefined);
      await refreshSession();
      void message.success('动态口令已启用，下次登录时要输入');
    });
  const end = ({ password }: { password: string }) =>
    attempt(async () => {
      await call(endTotp, { body: { password } });
      await refreshSession();
      void message.success('动态口令已停用');
    });

  return (
    <>
      {problem !== undefined && <Failure error={problem} />}
      {account.totp ? (
        <>
          <p>已启用：登录时除密码外，还要输入手机验证器上的六位数字。</p>
          <Form layout="inline" onFinish={(given: { password: string }) => void end(given)}>
            <Form.Item name="password" label="密码" rules={[{ required: true, message: '停用前请输入密码' }]}>
              <Input.Password autoComplete="current-password" />
            </Form.Item>
            <Button htmlType="submit" danger loading={busy}>
              停用动态口令
            </Button>
          </Form>
        </>
      ) : begun ? (
        <div className="totp">
          <QRCode value={begun.uri} size={176} aria-label="动态口令二维码" />
          <div>
            <p>1. 用手机上的验证器扫描二维码；扫不了时，手工输入密钥：</p>
            <p>
              <code>{begun.secret}</code>
            </p>
            <p>2. 输入验证器显示的六位数字：</p>
            <Form layout="inline" onFinish={(given: { code: string }) => void confirm(given)}>
              <Form.Item
                name="code"
                rules={[{ required: true, pattern: /^\s*\d{6}\s*$/, message: '请输入六位数字' }]}
              >
                <Input aria-label="六位数字" inputMode="numeric" autoComplete="one-time-code" maxLength={8} />
              </Form.Item>
              <Button type="primary" htmlType="submit" loading={busy}>
                启用
              </Button>
              <Button type="text" onClick={() => setBegun(undefined)}>
                取消
              </Button>
            </Form>
          </div>
        </div>
      ) : (
        <>
          <p>未启用。启用后，即使密码被人知道，没有您的手机也不能登录。</p>
          <Button onClick={() => void begin()} loading={busy}>
            启用动态口令
          </Button>
        </>
      )}
    </>
  );
}
