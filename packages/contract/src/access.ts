import { Type } from 'typebox';
import { Done, Nullable, Numbered, Place, route, Text } from './route.ts';

const Credentials = Type.Object({
  login: Text(64),
  password: Text(256),
  /** Six digits, when the account has a second factor. */
  code: Type.Optional(Text(12)),
});

export const Session = Type.Object({
  account: Type.Object({
    login: Type.String(),
    name: Type.String(),
    role: Type.String(),
    roleTitle: Type.String(),
    office: Nullable(Type.String()),
    region: Place,
    mustChange: Type.Boolean(),
    totp: Type.Boolean(),
  }),
  permissions: Type.Array(Type.String()),
  county: Type.Object({ code: Type.String(), name: Type.String() }),
  /** Days that can be asked about; null before the first household register. */
  days: Nullable(Type.Object({ first: Type.String(), latest: Type.String(), last: Type.String() })),
  /** Sent back as the header x-csrf-token with everything that changes something. */
  csrf: Type.String(),
  /** Said on every page of a trial: what this database is not for. */
  notice: Nullable(Type.String()),
  idleMinutes: Type.Integer(),
});

export const door = route({
  method: 'GET',
  url: '/api/door',
  summary: '登录页所需：县名、是否有统一认证',
  needs: 'public',
  channel: 'page',
  answer: Type.Object({
    county: Type.String(),
    oidc: Type.Boolean(),
    notice: Nullable(Type.String()),
    /** Accounts of a demo county, shown at the door. */
    demo: Type.Array(Type.Object({ login: Type.String(), password: Type.String(), title: Type.String() })),
  }),
});
export const signIn = route({
  method: 'POST',
  url: '/api/session',
  summary: '登录',
  needs: 'public',
  channel: 'act',
  body: Credentials,
  answer: Session,
});
export const session = route({
  method: 'GET',
  url: '/api/session',
  summary: '当前登录的账号',
  needs: 'signed-in',
  channel: 'page',
  answer: Session,
});
export const signOut = route({
  method: 'DELETE',
  url: '/api/session',
  summary: '退出',
  needs: 'signed-in',
  channel: 'act',
  answer: Done,
});
export const changePassword = route({
  method: 'POST',
  url: '/api/session/password',
  summary: '修改密码；其他登录随即失效',
  needs: 'signed-in',
  channel: 'act',
  body: Type.Object({ old: Text(256), new: Text(256) }),
  answer: Session,
});
/** Why a single sign-on came to nothing; the browser is sent to the door, which says it. */
export const SIGN_ON_FAILURES = {
  'access.oidc-off': '本系统没有启用统一认证；请用账号密码登录。',
  'access.oidc-down': '连不上统一认证；请稍后重试，或用账号密码登录。',
  'access.oidc-late': '统一认证已超时，或不是从本页面开始的；请重新点“用省统一身份认证登录”。',
  'access.oidc-refused': '统一认证没有通过；请重试，或用账号密码登录。',
  'access.oidc-subject': '统一认证的身份在本县没有可用的账号；请联系县级系统管理员登记统一认证标识。',
} as const;

/** Redirects to the province's single sign-on. */
export const beginOidc = route({
  method: 'GET',
  url: '/api/oidc/start',
  summary: '统一认证登录',
  needs: 'public',
  channel: 'act',
});
export const finishOidc = route({
  method: 'GET',
  url: '/api/oidc/callback',
  summary: '统一认证返回',
  needs: 'public',
  channel: 'act',
});
export const beginTotp = route({
  method: 'POST',
  url: '/api/session/totp',
  summary: '开始启用动态口令',
  needs: 'signed-in',
  channel: 'act',
  answer: Type.Object({ uri: Type.String(), secret: Type.String() }),
});
export const confirmTotp = route({
  method: 'POST',
  url: '/api/session/totp/confirm',
  summary: '输入一次动态口令以启用',
  needs: 'signed-in',
  channel: 'act',
  body: Type.Object({ code: Text(12) }),
  answer: Done,
});
export const endTotp = route({
  method: 'POST',
  url: '/api/session/totp/end',
  summary: '停用动态口令',
  needs: 'signed-in',
  channel: 'act',
  body: Type.Object({ password: Text(256) }),
  answer: Done,
});

export const Account = Type.Object({
  account: Type.Integer(),
  login: Type.String(),
  name: Type.String(),
  role: Type.String(),
  office: Nullable(Type.String()),
  region: Place,
  state: Type.Union([
    /** Waits for the security administrator. */
    Type.Literal('pending'),
    Type.Literal('active'),
    Type.Literal('locked'),
    Type.Literal('disabled'),
  ]),
  /** Waits because its password was set anew. */
  reset: Type.Boolean(),
  totp: Type.Boolean(),
  /** Who this is at the province's single sign-on. */
  subject: Nullable(Type.String()),
  createdAt: Type.String(),
  lastSeenAt: Nullable(Type.String()),
});
const AccountNo = Type.Object({ account: Numbered });
const AccountFields = {
  login: Text(64),
  name: Text(40),
  role: Text(20),
  office: Type.Optional(Text(40)),
  region: Text(12),
  subject: Type.Optional(Text(255)),
};

export const roles = route({
  method: 'GET',
  url: '/api/roles',
  summary: '角色、职责与权限；部门清单',
  needs: 'accounts.read',
  channel: 'page',
  answer: Type.Object({
    roles: Type.Array(
      Type.Object({
        code: Type.String(),
        title: Type.String(),
        duty: Type.String(),
        levels: Type.Array(Type.String()),
        ofOffice: Type.Boolean(),
        permissions: Type.Array(Type.String()),
      }),
    ),
    offices: Type.Array(Type.String()),
  }),
});
export const accounts = route({
  method: 'GET',
  url: '/api/accounts',
  summary: '账号清单',
  needs: 'accounts.read',
  channel: 'list',
  answer: Type.Object({ items: Type.Array(Account) }),
});
export const addAccount = route({
  method: 'POST',
  url: '/api/accounts',
  summary: '新建账号，等待核准；初始密码只显示一次',
  needs: 'accounts.write',
  channel: 'act',
  body: Type.Object(AccountFields),
  answer: Type.Object({ account: Account, password: Type.String() }),
});
/** multipart: one xlsx or csv with 账号, 姓名, 角色, 部门, 区划代码, 统一认证标识. */
export const addAccounts = route({
  method: 'POST',
  url: '/api/accounts/file',
  summary: '按表格批量新建账号；有一行不对则一个都不建',
  needs: 'accounts.write',
  channel: 'act',
  answer: Type.Object({
    accounts: Type.Array(Type.Object({ login: Type.String(), name: Type.String(), password: Type.String() })),
  }),
});
export const changeAccount = route({
  method: 'PATCH',
  url: '/api/accounts/:account',
  summary: '改姓名、停用或恢复；改角色、管辖范围或统一认证标识后要重新核准',
  needs: 'accounts.write',
  channel: 'act',
  params: AccountNo,
  body: Type.Partial(
    Type.Object({
      name: Text(40),
      role: Text(20),
      office: Nullable(Text(40)),
      region: Text(12),
      subject: Nullable(Text(255)),
      disabled: Type.Boolean(),
    }),
  ),
  answer: Account,
});
export const resetPassword = route({
  method: 'POST',
  url: '/api/accounts/:account/password',
  summary: '重置密码；要经安全管理员重新核准，首次登录必须修改',
  needs: 'accounts.write',
  channel: 'act',
  params: AccountNo,
  answer: Type.Object({ password: Type.String() }),
});
export const approveAccount = route({
  method: 'POST',
  url: '/api/accounts/:account/approval',
  summary: '核准账号的角色和管辖范围，或解锁',
  needs: 'accounts.approve',
  channel: 'act',
  params: AccountNo,
  answer: Account,
});
export const dropSecondFactor = route({
  method: 'DELETE',
  url: '/api/accounts/:account/totp',
  summary: '停用别人的动态口令（手机丢失时）',
  needs: 'accounts.approve',
  channel: 'act',
  params: AccountNo,
  answer: Account,
});
