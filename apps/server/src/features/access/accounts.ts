import { findRole, type Role } from '@quanbao/domain/access/roles';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { isWithin, type RegionCode, regionLevel } from '@quanbao/domain/kernel/region';
import { parseResidentId } from '@quanbao/domain/kernel/resident-id';
import { SHIPPED_SOURCES } from '@quanbao/domain/sources/catalogue';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { holdsIdNumber, record } from '../audit/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { hashPassword, randomPassword } from './passwords.ts';
import { isLogin } from './sign-in.ts';
import { accountByNumber, allAccounts, endSessions, insertAccount, type StoredAccount } from './store.ts';

export interface AccountFields {
  readonly login: string;
  readonly name: string;
  readonly role: string;
  readonly office?: string | undefined;
  readonly region: RegionCode;
  /** Who this is at the province's single sign-on; empty for nobody. */
  readonly subject?: string | undefined;
}

export interface AccountLine {
  account: number;
  login: string;
  name: string;
  role: Role;
  office: string | null;
  region: { code: RegionCode; name: string; path: string };
  state: 'pending' | 'active' | 'locked' | 'disabled';
  /** Waits because its password was set anew. */
  reset: boolean;
  totp: boolean;
  subject: string | null;
  createdAt: string;
  lastSeenAt: string | null;
}

export const OFFICES: readonly string[] = [...new Set(SHIPPED_SOURCES.map((source) => source.office))];

type Tree = Awaited<ReturnType<typeof loadRegionTree>>;

function lineOf(account: StoredAccount, tree: Tree): AccountLine {
  return {
    account: account.account,
    login: account.login,
    name: account.name,
    role: account.role,
    office: account.office === '' ? null : account.office,
    region: {
      code: account.region,
      name: tree.get(account.region)?.name ?? account.region,
      path: tree.path(account.region),
    },
    state: account.disabled
      ? 'disabled'
      : !account.approved
        ? 'pending'
        : account.locked
          ? 'locked'
          : 'active',
    reset: account.reset && !account.approved,
    totp: account.totp !== null,
    subject: account.oidc_subject,
    createdAt: account.created_at,
    lastSeenAt: account.last_seen_at,
  };
}

export async function listAccounts(instance: Instance, scope: Scope): Promise<AccountLine[]> {
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    return (await allAccounts(tx, scope.county)).map((account) => lineOf(account, tree));
  });
}

/** @throws Refusal saying which field is wrong */
function checkFields(
  fields: AccountFields,
  scope: Scope,
  tree: Tree,
): { role: Role; office: string; subject: string | null } {
  const login = fields.login.trim().toLowerCase();
  if (!isLogin(login)) {
    throw new Refusal(
      'access.login',
      `账号“${holdsIdNumber(fields.login) ? '（号码）' : fields.login}”不行：用小写字母开头的 2 至 32 位字母、数字、点、下划线或减号，不要用身份证号。`,
    );
  }
  if (fields.name.trim() === '' || holdsIdNumber(fields.name)) {
    throw new Refusal('access.name', `账号 ${login} 的姓名不能空着，也不能含身份证号。`);
  }
  const role = findRole(fields.role);
  if (role === undefined)
    throw new Refusal('access.role', `没有名为“${fields.role}”的角色；请从角色清单里选。`);
  const level = regionLevel(fields.region);
  if (tree.get(fields.region) === undefined || !isWithin(fields.region, scope.county)) {
    throw new Refusal('access.region', `账号 ${login} 的管辖范围 ${fields.region} 不是本县的区划代码。`);
  }
  if (level === undefined || !role.levels.includes(level)) {
    throw new Refusal(
      'access.level',
      `${role.title}的管辖范围应为${role.levels.map((l) => LEVEL_WORDS[l] ?? l).join('或')}。`,
    );
  }
  const office = fields.office?.trim() ?? '';
  if (role.ofOffice && !OFFICES.includes(office)) {
    throw new Refusal('access.office', `${role.title}要写明部门：${OFFICES.join('、')}。`);
  }
  return {
    role: role.code,
    office: role.ofOffice ? office : '',
    subject: checkSubject(fields.subject, login),
  };
}

/** As OpenID Connect has it: at most 255 characters of ASCII. Kept as it stands, so never an ID number. */
function checkSubject(given: string | undefined, login: string): string | null {
  const subject = given?.trim() ?? '';
  if (subject === '') return null;
  if (!/^[\x21-\x7e]{1,255}$/.test(subject)) {
    throw new Refusal('access.subject', `账号 ${login} 的统一认证标识应为不超过 255 位的字母、数字和符号。`);
  }
  if (typeof parseResidentId(subject, '9999-12-31') !== 'string') {
    throw new Refusal(
      'access.subject',
      `账号 ${login} 的统一认证标识不能是身份证号；请省平台改用不含证件号的标识。`,
    );
  }
  return subject;
}

const LEVEL_WORDS: Readonly<Record<string, string>> = {
  county: '县',
  town: '乡镇（街道）',
  village: '村（社区）',
};

/** @param options.password of a demo account, shown at the door; otherwise one is made up and told once */
export async function addAccount(
  instance: Instance,
  scope: Scope,
  fields: AccountFields,
  options: { approved?: boolean; password?: string } = {},
): Promise<{ account: AccountLine; password: string }> {
  const [made] = await addAccounts(instance, scope, [fields], options);
  return made as { account: AccountLine; password: string };
}

/** All of them or none. */
export async function addAccounts(
  instance: Instance,
  scope: Scope,
  all: readonly AccountFields[],
  options: { approved?: boolean; password?: string } = {},
): Promise<{ account: AccountLine; password: string }[]> {
  if (all.length === 0) throw new Refusal('access.none', '表里没有一个账号。');
  const tree = await instance.db.transaction(scope, (tx) => loadRegionTree(tx, scope.county));
  const checked = all.map((fields, i) => {
    try {
      return checkFields(fields, scope, tree);
    } catch (error) {
      if (!(error instanceof Refusal) || all.length === 1) throw error;
      throw new Refusal(error.problem.code, `第 ${i + 1} 个账号：${error.problem.message}一个都没有建。`);
    }
  });
  const passwords = all.map(() => options.password ?? randomPassword());
  // One after another: each takes 19 MiB while it is made.
  const hashes: string[] = [];
  for (const password of passwords) hashes.push(await hashPassword(password));
  return instance.db.transaction(scope, async (tx) => {
    const made: { account: AccountLine; password: string }[] = [];
    for (const [i, fields] of all.entries()) {
      const login = fields.login.trim().toLowerCase();
      const number = await insertAccount(
        tx,
        scope.county,
        {
          ...checked[i]!,
          login,
          name: fields.name.trim(),
          region: fields.region,
          passwordHash: hashes[i] as string,
          approved: options.approved ?? false,
          demo: options.password !== undefined,
        },
        scope.actor,
      );
      await recordAccount(tx, scope, 'account.add', number, {
        login,
        role: checked[i]!.role,
        region: fields.region,
      });
      made.push({
        account: lineOf((await accountByNumber(tx, scope.county, number)) as StoredAccount, tree),
        password: passwords[i] as string,
      });
    }
    return made;
  });
}

export interface AccountChange {
  readonly name?: string | undefined;
  readonly role?: string | undefined;
  readonly office?: string | null | undefined;
  readonly region?: RegionCode | undefined;
  readonly subject?: string | null | undefined;
  readonly disabled?: boolean | undefined;
}

/** What an account may do changes only with the security administrator's approval: until then it is closed. */
export async function changeAccount(
  instance: Instance,
  scope: Scope,
  number: number,
  change: AccountChange,
): Promise<AccountLine> {
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const before = await requireAccount(tx, scope, number);
    if (change.disabled === true) requireOther(before, scope);
    const after = {
      login: before.login,
      name: change.name ?? before.name,
      role: change.role ?? before.role,
      office: (change.office === undefined ? before.office : change.office) ?? '',
      region: change.region ?? before.region,
      subject: (change.subject === undefined ? before.oidc_subject : change.subject) ?? '',
    };
    const checked = checkFields(after, scope, tree);
    // Whom the province vouches for gets in without a password: that is as much as a role.
    const wider =
      checked.role !== before.role ||
      checked.office !== before.office ||
      after.region !== before.region ||
      (checked.subject !== null && checked.subject !== before.oidc_subject);
    if (wider) requireOther(before, scope);
    await tx.query(
      `update account set name = $3, role = $4, office = $5, region = $6, oidc_subject = $9,
         approved_at = case when $7 then null else approved_at end, reset_at = case when $7 then null else reset_at end,
         disabled_at = case when $8::boolean is null then disabled_at when $8::boolean then coalesce(disabled_at, now()) end
       where county = $1 and account = $2`,
      [
        scope.county,
        number,
        after.name.trim(),
        checked.role,
        checked.office,
        after.region,
        wider,
        change.disabled ?? null,
        checked.subject,
      ],
    );
    if (wider || change.disabled === true) await endSessions(tx, scope.county, number);
    await recordAccount(tx, scope, 'account.change', number, {
      ...(wider ? { role: checked.role, region: after.region, office: checked.office } : {}),
      ...(change.disabled === undefined ? {} : { disabled: change.disabled }),
      ...(checked.subject === before.oidc_subject ? {} : { subject: checked.subject !== null }),
    });
    return lineOf(await requireAccount(tx, scope, number), tree);
  });
}

/**
 * Whoever is told the new password could be anybody: alone, one administrator would become any role. So the account
 * waits for the other administrator, and its second factor stays.
 * @param options.atTheMachine by whoever has the machine and its keys: in force at once, second factor gone
 */
export async function resetPassword(
  instance: Instance,
  scope: Scope,
  number: number,
  options: { atTheMachine?: boolean } = {},
): Promise<{ password: string }> {
  const atTheMachine = options.atTheMachine ?? false;
  const password = randomPassword();
  const hash = await hashPassword(password);
  await instance.db.transaction(scope, async (tx) => {
    const account = await requireAccount(tx, scope, number);
    requireOther(account, scope);
    if (atTheMachine) {
      await tx.query(
        `update account set password_hash = $3, must_change = true, demo = false, failures = 0, locked_until = null,
           totp = null, totp_pending = null, totp_step = 0,
           approved_at = case when reset_at is null then approved_at else now() end,
           approved_by = case when reset_at is null then approved_by else $4 end, reset_at = null
         where county = $1 and account = $2`,
        [scope.county, number, hash, scope.actor],
      );
    } else {
      await tx.query(
        `update account set password_hash = $3, must_change = true, demo = false,
           reset_at = case when approved_at is null then reset_at else now() end, approved_at = null, approved_by = null
         where county = $1 and account = $2`,
        [scope.county, number, hash],
      );
    }
    await endSessions(tx, scope.county, number);
    await recordAccount(tx, scope, 'account.reset', number, atTheMachine ? { atTheMachine } : {});
  });
  return { password };
}

/** Role and region are as they should be; a lock is lifted. */
export async function approveAccount(instance: Instance, scope: Scope, number: number): Promise<AccountLine> {
  return instance.db.transaction(scope, async (tx) => {
    const account = await requireAccount(tx, scope, number);
    requireOther(account, scope);
    await tx.query(
      `update account set approved_at = coalesce(approved_at, now()), approved_by = coalesce(approved_by, $3),
         reset_at = null, failures = 0, locked_until = null where county = $1 and account = $2`,
      [scope.county, number, scope.actor],
    );
    await recordAccount(tx, scope, account.approved ? 'account.unlock' : 'account.approve', number, {
      role: account.role,
      region: account.region,
    });
    return lineOf(await requireAccount(tx, scope, number), await loadRegionTree(tx, scope.county));
  });
}

/** For somebody whose telephone is gone; the security administrator, who cannot set passwords, decides it. */
export async function dropSecondFactor(
  instance: Instance,
  scope: Scope,
  number: number,
): Promise<AccountLine> {
  return instance.db.transaction(scope, async (tx) => {
    const account = await requireAccount(tx, scope, number);
    requireOther(account, scope);
    if (account.totp === null) {
      throw new Refusal('access.totp-none', `账号 ${account.login} 没有启用动态口令。`);
    }
    await tx.query(
      'update account set totp = null, totp_pending = null, totp_step = 0 where county = $1 and account = $2',
      [scope.county, number],
    );
    await recordAccount(tx, scope, 'account.totp', number, { on: false });
    return lineOf(await requireAccount(tx, scope, number), await loadRegionTree(tx, scope.county));
  });
}

async function requireAccount(tx: Tx, scope: Scope, number: number): Promise<StoredAccount> {
  const account = await accountByNumber(tx, scope.county, number);
  if (account === undefined) throw new Refusal('access.unknown', `没有第 ${number} 号账号；请刷新账号清单。`);
  return account;
}

function requireOther(account: StoredAccount, scope: Scope): void {
  if (account.login !== scope.actor) return;
  throw new Refusal('access.self', '不能对自己的账号做这件事；请由另一位管理员办理。');
}

function recordAccount(
  tx: Tx,
  scope: Scope,
  act: string,
  number: number,
  detail: Record<string, unknown>,
): Promise<void> {
  return record(tx, { county: scope.county, actor: scope.actor, act, subject: `account ${number}`, detail });
}
