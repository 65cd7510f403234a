import { Alert, App, Button, Modal } from 'antd';

export interface Handed {
  readonly login: string;
  readonly name: string;
  readonly password: string;
}

/** Passwords that are shown this once; closing asks for a decision, not for a slip of the mouse. */
export function PasswordsDialog({
  handed,
  onClose,
}: {
  readonly handed: readonly Handed[];
  readonly onClose: () => void;
}) {
  const { message } = App.useApp();
  const copy = (text: string, words: string): void => {
    navigator.clipboard.writeText(text).then(
      () => message.success(words),
      () => message.error('浏览器不允许复制，请手工抄写。'),
    );
  };
  const table = handed.map(({ login, name, password }) => `${login}\t${name}\t${password}`).join('\n');
  return (
    <Modal
      open
      width={560}
      title={handed.length === 1 ? '初始密码' : `${handed.length} 个账号的初始密码`}
      closable={false}
      mask={{ closable: false }}
      keyboard={false}
      footer={
        <>
          {handed.length > 1 && (
            <Button onClick={() => copy(table, '已复制全部，可粘贴到表格')}>复制全部</Button>
          )}
          <Button type="primary" onClick={onClose}>
            已记下，关闭
          </Button>
        </>
      }
    >
      <Alert type="warning" showIcon title="密码只显示这一次，请当面或另行告知本人；首次登录必须修改。" />
      <div className="table-box">
        <table className="data" aria-label="初始密码">
          <thead>
            <tr>
              <th scope="col">账号</th>
              <th scope="col">姓名</th>
              <th scope="col">初始密码</th>
              <th scope="col">
                <span className="muted">复制</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {handed.map(({ login, name, password }) => (
              <tr key={login}>
                <th scope="row">{login}</th>
                <td>{name}</td>
                <td>
                  <code>{password}</code>
                </td>
                <td>
                  <Button
                    size="small"
                    aria-label={`复制 ${login} 的密码`}
                    onClick={() => copy(password, '已复制')}
                  >
                    复制
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Modal>
  );
}
