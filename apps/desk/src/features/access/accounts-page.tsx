import {
  accounts,
  approveAccount,
  changeAccount,
  dropSecondFactor,
  resetPassword,
  roles,
} from '@quanbao/contract/access';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Input, Select } from 'antd';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { Problem } from '../../api/problem.ts';
import { queryKey, useRead } from '../../api/queries.ts';
import { useMay, useSession } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { localTime } from '../../ui/format.ts';
import { AccountDialog } from './account-dialog.tsx';
import { AccountsFile } from './accounts-file.tsx';
import { type Account, STATE_WORDS } from './contract.ts';
import { type Handed, PasswordsDialog } from './passwords-dialog.tsx';

/** Accounts: the system administrator makes them, the security administrator approves them. */
export default function AccountsPage() {
  const { query, set } = useHere();
  const may = useMay();
  const { account: me } = useSession();
  const { modal, message } = App.useApp();
  const queries = useQueryClient();
  const { data, error, isFetching, refetch } = useRead(accounts, {});
  const { data: known } = useRead(roles, {});
  const [editing, setEditing] = useState<Account | 'new'>();
  const [byFile, setByFile] = useState(false);
  const [handed, setHanded] = useState<readonly Handed[]>();
  const renew = (): Promise<void> => queries.invalidateQueries({ queryKey: queryKey(accounts) });
  const titleOf = (role: string): string => known?.roles.find(({ code }) => code === role)?.title ?? role;
  const text = query.find?.trim() ?? '';
  const shown = (data?.items ?? []).filter(
    (one) =>
      (!query.state || one.state === query.state) &&
      (!query.role || one.role === query.role) &&
      (text === '' || one.login.includes(text) || one.name.includes(text) || one.region.path.includes(text)),
  );
  const ask = (title: string, content: string, okText: string, work: () => Promise<unknown>): void => {
    modal.confirm({
      title,
      content,
      okText,
      cancelText: '取消',
      onOk: async () => {
        try {
          await work();
          await renew();
        } catch (problem) {
          message.error(problem instanceof Problem ? problem.message : '没有办成，请重试。');
        }
      },
    });
  };
  const columns: readonly Column<Account>[] = [
    { key: 'login', title: '账号', width: 130, cell: (one) => one.login },
    { key: 'name', title: '姓名', width: 130, cell: (one) => one.name },
    {
      key: 'role',
      title: '角色',
      width: 190,
      cell: (one) => titleOf(one.role) + (one.office ? `（${one.office}）` : ''),
    },
    { key: 'region', title: '管辖范围', width: 200, cell: (one) => one.region.path },
    {
      key: 'state',
      title: '状态',
      width: 80,
      cell: (one) => <span className={`tag ${one.state}`}>{STATE_WORDS[one.state]}</span>,
    },
    {
      key: 'totp',
      title: '动态口令',
      width: 76,
      align: 'center',
      cell: (one) => (one.totp ? '已启用' : '—'),
    },
    {
      key: 'seen',
      title: '最近登录',
      width: 130,
      cell: (one) => (one.lastSeenAt ? localTime(one.lastSeenAt) : '从未'),
    },
  ];
  const actions = (one: Account) => {
    if (one.login === me.login) return <span className="muted">自己</span>;
    return (
      <>
        {may('accounts.approve') && (one.state === 'pending' || one.state === 'locked') && (
          <Button
            size="small"
            type="primary"
            onClick={() =>
              ask(
                one.state === 'pending' ? `核准账号 ${one.login}？` : `解锁账号 ${one.login}？`,
                `${one.reset ? '密码已由系统管理员重置；请先向本人核实。' : ''}${one.name}，${titleOf(one.role)}，管辖 ${one.region.path}${one.subject ? `，统一认证标识 ${one.subject}` : ''}。核准后即可登录。`,
                one.state === 'pending' ? '核准' : '解锁',
                () => call(approveAccount, { params: { account: one.account } }),
              )
            }
          >
            {one.state === 'pending' ? '核准' : '解锁'}
          </Button>
        )}
        {may('accounts.approve') && one.totp && (
          <Button
            size="small"
            type="link"
            onClick={() =>
              ask(
                `停用 ${one.login} 的动态口令？`,
                '只在本人手机丢失或更换时停用；请先向本人核实。之后只凭密码登录，本人可以重新启用。',
                '停用',
                () => call(dropSecondFactor, { params: { account: one.account } }),
              )
            }
          >
            停用动态口令
          </Button>
        )}
        {may('accounts.write') && (
          <>
            <Button size="small" type="link" onClick={() => setEditing(one)}>
              修改
            </Button>
            <Button
              size="small"
              type="link"
              onClick={() =>
                ask(
                  `重置 ${one.login} 的密码？`,
                  '原密码立即失效，已登录的会退出；新密码只显示一次，首次登录必须修改。安全管理员重新核准后才能登录；动态口令不变，手机丢失的由安全管理员停用。',
                  '重置',
                  async () => {
                    const { password } = await call(resetPassword, { params: { account: one.account } });
                    setHanded([{ login: one.login, name: one.name, password }]);
                  },
                )
              }
            >
              重置密码
            </Button>
            <Button
              size="small"
              type="link"
              danger={one.state !== 'disabled'}
              onClick={() =>
                one.state === 'disabled'
                  ? ask(`恢复账号 ${one.login}？`, '恢复后用原来的密码登录。', '恢复', () =>
                      call(changeAccount, { params: { account: one.account }, body: { disabled: false } }),
                    )
                  : ask(`停用账号 ${one.login}？`, '已登录的立即退出；可以恢复。', '停用', () =>
                      call(changeAccount, { params: { account: one.account }, body: { disabled: true } }),
                    )
              }
            >
              {one.state === 'disabled' ? '恢复' : '停用'}
            </Button>
          </>
        )}
      </>
    );
  };
  const acts = may('accounts.write') || may('accounts.approve');
  return (
    <div className="page">
      <div className="page-head">
        <h1>账号</h1>
        <Input.Search
          aria-label="查账号"
          placeholder="账号、姓名、区划"
          allowClear
          defaultValue={text}
          style={{ width: 200 }}
          onSearch={(value) => set({ find: value.trim() || null })}
        />
        <Select
          aria-label="角色"
          placeholder="全部角色"
          allowClear
          style={{ width: 170 }}
          value={query.role || undefined}
          options={(known?.roles ?? []).map(({ code, title }) => ({ value: code, label: title }))}
          onChange={(value?: string) => set({ role: value ?? null })}
        />
        <Select
          aria-label="状态"
          placeholder="全部状态"
          allowClear
          style={{ width: 120 }}
          value={query.state || undefined}
          options={Object.entries(STATE_WORDS).map(([value, label]) => ({ value, label }))}
          onChange={(value?: string) => set({ state: value ?? null })}
        />
        {may('accounts.write') && (
          <div className="page-tools">
            <Button onClick={() => setByFile(true)}>按表格批量新建</Button>
            <Button type="primary" onClick={() => setEditing('new')}>
              新建账号
            </Button>
          </div>
        )}
      </div>
      <p className="muted">
        系统管理员建立、停用账号和重置密码，安全管理员核准新账号、改动和重置，审计管理员查看留痕；三者都不能查看人员。
      </p>
      <DataTable
        label="账号"
        columns={columns}
        rows={shown}
        keyOf={(one) => one.account}
        loading={isFetching}
        error={error}
        onRetry={() => void refetch()}
        total={data ? shown.length : undefined}
        {...(acts ? { actions, actionsWidth: 230 } : {})}
      />
      {editing && known && (
        <AccountDialog
          known={known}
          {...(editing === 'new' ? {} : { account: editing })}
          onClose={() => setEditing(undefined)}
          onDone={(made) => {
            setEditing(undefined);
            if (made) setHanded([made]);
            void renew();
          }}
        />
      )}
      {byFile && (
        <AccountsFile
          onClose={() => setByFile(false)}
          onDone={(made) => {
            setByFile(false);
            setHanded(made);
            void renew();
          }}
        />
      )}
      {handed && <PasswordsDialog handed={handed} onClose={() => setHanded(undefined)} />}
    </div>
  );
}
