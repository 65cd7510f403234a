import { changePassword } from '@quanbao/contract/access';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { keepSession } from '../api/session.ts';
import { Failure } from '../ui/states.tsx';

interface Fields {
  old: string;
  new: string;
  again: string;
}

export function PasswordForm({ onDone }: { readonly onDone: () => void }) {
  const [form] = Form.useForm<Fields>();
  const [problem, setProblem] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const change = async (given: Fields): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      keepSession(await call(changePassword, { body: { old: given.old, new: given.new } }));
      form.resetFields();
      onDone();
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Form form={form} layout="vertical" requiredMark={false} onFinish={(given) => void change(given)}>
      {problem !== undefined && <Failure error={problem} />}
      <Form.Item name="old" label="现在的密码" rules={[{ required: true, message: '请输入现在的密码' }]}>
        <Input.Password autoComplete="current-password" maxLength={256} />
      </Form.Item>
      <Form.Item name="new" label="新密码" rules={[{ required: true, message: '请输入新密码' }]}>
        <Input.Password autoComplete="new-password" maxLength={256} />
      </Form.Item>
      <Form.Item
        name="again"
        label="再输一遍新密码"
        dependencies={['new']}
        rules={[
          { required: true, message: '请再输一遍新密码' },
          ({ getFieldValue }) => ({
            validator: (_, value: string) =>
              !value || value === getFieldValue('new')
                ? Promise.resolve()
                : Promise.reject(new Error('两遍新密码不一样')),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" maxLength={256} />
      </Form.Item>
      <Button type="primary" htmlType="submit" loading={busy}>
        修改密码
      </Button>
      <p className="muted">修改后，在别处的登录随即失效。</p>
    </Form>
  );
}
