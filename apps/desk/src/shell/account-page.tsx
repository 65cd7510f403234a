import { App, Descriptions } from 'antd';
import { useSession } from '../api/session.ts';
import { PasswordForm } from './password-form.tsx';
import { SecondFactor } from './second-factor.tsx';

export default function AccountPage() {
  const { account, idleMinutes } = useSession();
  const { message } = App.useApp();
  return (
    <div className="page narrow">
      <h1>我的账号</h1>
      <section className="card">
        <Descriptions
          column={1}
          size="small"
          items={[
            { label: '账号', children: account.login },
            { label: '姓名', children: account.name },
            { label: '角色', children: account.roleTitle },
            ...(account.office ? [{ label: '部门', children: account.office }] : []),
            { label: '管辖范围', children: account.region.path },
            { label: '无操作自动退出', children: `${idleMinutes} 分钟` },
          ]}
        />
      </section>
      <section className="card">
        <h2>修改密码</h2>
        <PasswordForm onDone={() => void message.success('密码已修改')} />
      </section>
      <section className="card">
        <h2>动态口令</h2>
        <SecondFactor />
      </section>
    </div>
  );
}
