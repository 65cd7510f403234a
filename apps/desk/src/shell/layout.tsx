import { signOut } from '@quanbao/contract/access';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { Dropdown } from 'antd';
import { useEffect, useState } from 'react';
import { call } from '../api/call.ts';
import { useMay, useSession } from '../api/session.ts';
import { NoticeBadge } from '../features/ledger/notice-badge.tsx';
import { DayPicker } from './day-picker.tsx';
import { useHere } from './here.ts';
import { useIdleSignOut } from './idle.ts';
import { Menu } from './menu.tsx';
import { RegionPicker } from './region-picker.tsx';
import { SearchBox } from './search-box.tsx';

export function Layout() {
  const session = useSession();
  const may = useMay();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const [menuOpen, setMenuOpen] = useState(false);
  const { query } = useHere();
  const wall = path === '/cockpit' && query.show === 'wall';
  useIdleSignOut(session.idleMinutes, leave, wall);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a small screen's menu closes when another page opens
  useEffect(() => setMenuOpen(false), [path]);
  if (wall) {
    return (
      <main id="content" tabIndex={-1}>
        <Outlet />
      </main>
    );
  }
  return (
    <div className="shell">
      <a className="skip" href="#content">
        跳到正文
      </a>
      <header className="topbar no-print">
        <button
          type="button"
          className="menu-button"
          aria-expanded={menuOpen}
          aria-controls="menu"
          onClick={() => setMenuOpen(!menuOpen)}
        >
          菜单
        </button>
        <div className="brand">
          <strong>全保</strong>
          <span>{session.county.name}</span>
        </div>
        <SearchBox />
        <div className="pickers">
          {may('forms.read') && (
            <>
              <RegionPicker />
              <DayPicker />
            </>
          )}
        </div>
        {may('people.read') && <NoticeBadge />}
        <AccountMenu />
      </header>
      {session.notice && (
        <aside className="notice no-print" aria-label="提示">
          {session.notice}
        </aside>
      )}
      <div className="body">
        <Menu path={path} open={menuOpen} />
        <main id="content" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
    </div>
  );
}

function AccountMenu() {
  const { account } = useSession();
  const { go } = useHere();
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          { key: 'who', type: 'group', label: `${account.roleTitle} · ${account.region.path}` },
          { key: 'account', label: '我的账号与密码' },
          { key: 'leave', label: '退出登录' },
        ],
        onClick: ({ key }) => (key === 'leave' ? leave() : go('/account')),
      }}
    >
      <button type="button" className="account-button">
        <span className="account-name">{account.name}</span>
        <span className="account-role">{account.roleTitle}</span>
      </button>
    </Dropdown>
  );
}

/** With a new load nothing of what one account has seen is left for the next. Whether or not the server heard. */
function leave(): void {
  void call(signOut)
    .catch(() => {})
    .finally(() => window.location.assign('/login'));
}
