import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { record } from '../audit/index.ts';
import { type Actor, doorScope, type SignedIn } from './actor.ts';
import { signOnRefusal } from './oidc.ts';
import { hashPassword, isPassword, requireStrong } from './passwords.ts';
import {
  accountByLogin,
  accountBySubject,
  endOldSessions,
  endSession,
  endSessions,
  insertSession,
  LOCK_HOLDS,
  LOCK_MINUTES,
  type StoredAccount,
  sessionByToken,
  touchSession,
} from './store.ts';
import { newTotp, stepOf } from './totp.ts';

/** Five wrong passwords or codes in a row close an account for a quarter of an hour. */
const MOST_FAILURES = 5;
export const IDLE_MINUTES = 30;
const IDLE = IDLE_MINUTES * 60;
/** A day's work; then one signs in again however busy. */
const ABSOLUTE = 10 * 3600;
/** How exactly the last use is kept. */
const TOUCH = 60;

export interface Credentials {
  readonly login: string;
  readonly password: string;
  readonly code?: string | undefined;
}

const lastTries = new Map<string, Promise<unknown>>();

/**
 * One try after another for one login: of many at once with the right password each begins with a clean count. Another
 * process's tries do not wait; there the count alone, made before the password is looked at, holds guessing back.
 */
async function oneByOne<T>(county: RegionCode, login: string, work: () => Promise<T>): Promise<T> {
  const key = `${county} ${login}`;
  const mine = (lastTries.get(key) ?? Promise.resolve()).then(work, work);
  lastTries.set(key, mine);
  try {
    return await mine;
  } finally {
    if (lastTries.get(key) === mine) lastTries.delete(key);
  }
}

/**
 * Checks password and second factor and begins a session.
 * Each try is counted before it is checked, so that many at once are no way round the lock.
 * @throws Refusal access.wrong, access.locked, access.pending, access.disabled, access.code
 */
export function signIn(instance: Instance, county: RegionCode, given: Credentials): Promise<SignedIn> {
  const login = given.login.trim().toLowerCase();
  return oneByOne(county, login, () => tryToSignIn(instance, county, login, given));
}

async function tryToSignIn(
  instance: Instance,
  county: RegionCode,
  login: string,
  given: Credentials,
): Promise<SignedIn> {
  const door = doorScope(county, isLogin(login) ? login : 'unknown');
  const account = await instance.db.transaction(door, (tx) => countTry(tx, county, login));
  if (account?.locked) {
    await trace(instance, county, login, account, 'locked');
    throw locked();
  }
  const right = await isPassword(account?.password_hash, given.password);
  if (account === undefined || !right) {
    await trace(instance, county, login, account, 'password');
    throw wrong();
  }
  if (account.disabled) throw new Refusal('access.disabled', '这个账号已停用；请联系县级系统管理员。');
  if (!account.approved) {
    throw new Refusal('access.pending', '这个账号还在等待安全管理员核准；核准后即可登录。');
  }
  let step: number | null = null;
  if (account.totp !== null) {
    // Asking for the code is no failure; the try is given back below only once it was right.
    if (given.code === undefined || given.code.trim() === '') {
      await instance.db.transaction(door, (tx) => giveBackTry(tx, account));
      throw new Refusal('access.code-needed', '请输入动态口令（6 位数字）。');
    }
    const used = stepOf(instance.cipher.decryptField(account.totp), given.code, account.totp_step);
    if (used === null) {
      await trace(instance, county, login, account, 'code');
      throw new Refusal('access.code', '动态口令不对，或已用过一次；请等下一个口令再试。');
    }
    step = used;
  }
  return begin(instance, account, step);
}

/** Whoever the province's single sign-on vouches for. @throws Refusal access.oidc-subject */
export async function signInAs(instance: Instance, county: RegionCode, subject: string): Promise<SignedIn> {
  const account = await instance.db.transaction(doorScope(county, 'oidc'), (tx) =>
    accountBySubject(tx, county, subject),
  );
  if (account === undefined || account.disabled || !account.approved || account.locked) {
    throw signOnRefusal('access.oidc-subject');
  }
  return begin(instance, account, null);
}

/** @param step the time step of the code that was given, null without one */
async function begin(instance: Instance, account: StoredAccount, step: number | null): Promise<SignedIn> {
  const token = randomBytes(32).toString('base64url');
  const csrf = randomBytes(24).toString('base64url');
  const { county } = account;
  await instance.db.transaction(doorScope(county, account.login), async (tx) => {
    const kept = await tx.query(
      `update account set failures = 0, locked_until = null, totp_step = coalesce($3::bigint, totp_step)
       where county = $1 and account = $2 and ($3::bigint is null or totp_step < $3::bigint) returning 1`,
      [county, account.account, step],
    );
    // Two at once with the same code: the second finds it used.
    if (kept.length === 0) throw new Refusal('access.code', '动态口令已用过一次；请等下一个口令再试。');
    await endOldSessions(tx, county, IDLE, ABSOLUTE);
    await insertSession(tx, county, { tokenHash: hashToken(token), account: account.account, csrf });
    await record(tx, {
      county,
      actor: account.login,
      act: 'session.begin',
      subject: `account ${account.account}`,
    });
  });
  return { actor: actorOf(account), token, csrf };
}

async function countTry(tx: Tx, county: RegionCode, login: string): Promise<StoredAccount | undefined> {
  const account = await accountByLogin(tx, county, login);
  if (account === undefined || account.locked) return account;
  const [row] = await tx.query<{ locked: boolean }>(
    // A lock that has run out takes its failures with it: the quarter of an hour is served. So does one that would
    // last longer: the clock was put back since.
    `update account set
       failures = case when locked_until is null or ${LOCK_HOLDS} then failures + 1 else 1 end,
       locked_until = case when (locked_until is null or ${LOCK_HOLDS}) and failures + 1 >= $3
         then now() + make_interval(mins => $4) end
     where county = $1 and account = $2 returning failures > $3 as locked`,
    [county, account.account, MOST_FAILURES, LOCK_MINUTES],
  );
  return { ...account, locked: row!.locked };
}

async function giveBackTry(tx: Tx, account: StoredAccount): Promise<void> {
  await tx.query(
    `update account set failures = greatest(failures - 1, 0), locked_until = null
     where county = $1 and account = $2`,
    [account.county, account.account],
  );
}

/** A sign-on that failed before anybody was known by it. */
export function traceSignOn(instance: Instance, county: RegionCode, code: string): Promise<void> {
  return trace(instance, county, 'oidc', undefined, code);
}

async function trace(
  instance: Instance,
  county: RegionCode,
  login: string,
  account: StoredAccount | undefined,
  why: string,
): Promise<void> {
  const actor = isLogin(login) ? login : 'unknown';
  await instance.db.transaction(doorScope(county, actor), (tx) =>
    record(tx, {
      county,
      actor,
      act: 'session.refused',
      subject: account === undefined ? 'account unknown' : `account ${account.account}`,
      detail: { why },
    }),
  );
}

function wrong(): Refusal {
  return new Refusal(
    'access.wrong',
    `账号或密码不对。连续 ${MOST_FAILURES} 次不对，账号锁定 ${LOCK_MINUTES} 分钟。`,
  );
}

function locked(): Refusal {
  return new Refusal(
    'access.locked',
    `账号因多次输错已锁定 ${LOCK_MINUTES} 分钟；请稍后再试，或请安全管理员解锁。`,
  );
}

/** Letters, digits and `. _ -`; short enough never to be an ID number. */
export function isLogin(text: string): boolean {
  return /^[a-z][a-z0-9._-]{1,31}$/.test(text) && !/\d{12}/.test(text);
}

function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function actorOf(account: StoredAccount): Actor {
  return {
    county: account.county,
    account: account.account,
    login: account.login,
    name: account.name,
    role: account.role,
    office: account.office,
    region: account.region,
    mustChange: account.must_change && !account.demo,
    totp: account.totp !== null,
  };
}

/** The session a cookie belongs to, or undefined: none, ended, idle too long, too old, account no longer good. */
export async function findSession(
  instance: Instance,
  county: RegionCode,
  token: string,
): Promise<SignedIn | undefined> {
  const tokenHash = hashToken(token);
  return instance.db.transaction(doorScope(county, 'session'), async (tx) => {
    const session = await sessionByToken(tx, county, tokenHash);
    if (session === undefined || session.disabled || !session.approved) return undefined;
    // Seen in what is now the future: the clock was put back, and the session would outlast its time.
    if (Math.abs(session.idle) > IDLE || session.age > ABSOLUTE) return undefined;
    if (session.idle > TOUCH) await touchSession(tx, county, tokenHash);
    return { actor: actorOf(session), token, csrf: session.csrf };
  });
}

export function isCsrf(session: SignedIn, header: unknown): boolean {
  if (typeof header !== 'string') return false;
  const given = Buffer.from(header);
  const kept = Buffer.from(session.csrf);
  return given.length === kept.length && timingSafeEqual(given, kept);
}

export async function signOut(instance: Instance, { actor, token }: SignedIn): Promise<void> {
  await instance.db.transaction(doorScope(actor.county, actor.login), async (tx) => {
    await endSession(tx, actor.county, hashToken(token));
    await record(tx, {
      county: actor.county,
      actor: actor.login,
      act: 'session.end',
      subject: `account ${actor.account}`,
    });
  });
}

/** The person's own password; every other session of his ends. */
export async function changeOwnPassword(
  instance: Instance,
  session: SignedIn,
  passwords: { readonly old: string; readonly new: string },
): Promise<Actor> {
  const { county, login } = session.actor;
  const account = await checkOwnPassword(instance, session, passwords.old);
  requireStrong(passwords.new, login);
  if (passwords.new === passwords.old) throw new Refusal('access.same', '新密码要与原来的不同。');
  const hash = await hashPassword(passwords.new);
  await instance.db.transaction(doorScope(county, login), async (tx) => {
    await tx.query(
      // With a password of its owner's it is no demo account any more: the door would offer the old one.
      `update account set password_hash = $3, must_change = false, demo = false, failures = 0
       where county = $1 and account = $2`,
      [county, account.account, hash],
    );
    await endSessions(tx, county, account.account, hashToken(session.token));
    await record(tx, {
      county,
      actor: login,
      act: 'account.password',
      subject: `account ${account.account}`,
    });
  });
  return { ...actorOf(account), mustChange: false };
}

/** Wrong tries count towards the lock, as at the door. */
function checkOwnPassword(instance: Instance, session: SignedIn, password: string): Promise<StoredAccount> {
  const { county, login } = session.actor;
  return oneByOne(county, login, () => tryOwnPassword(instance, session, password));
}

async function tryOwnPassword(
  instance: Instance,
  session: SignedIn,
  password: string,
): Promise<StoredAccount> {
  const { county, login } = session.actor;
  const account = await instance.db.transaction(doorScope(county, login), (tx) =>
    countTry(tx, county, login),
  );
  if (account === undefined || account.locked) throw locked();
  if (!(await isPassword(account.password_hash, password))) {
    await trace(instance, county, login, account, 'password');
    throw new Refusal('access.old', '原密码不对；请再输一次。');
  }
  await instance.db.transaction(doorScope(county, login), (tx) =>
    tx.query('update account set failures = 0, locked_until = null where county = $1 and account = $2', [
      county,
      account.account,
    ]),
  );
  return account;
}

export async function beginTotp(
  instance: Instance,
  { actor }: SignedIn,
): Promise<{ secret: string; uri: string }> {
  const made = newTotp(actor.login);
  await instance.db.transaction(doorScope(actor.county, actor.login), (tx) =>
    tx.query('update account set totp_pending = $3 where county = $1 and account = $2', [
      actor.county,
      actor.account,
      instance.cipher.encryptField(made.secret),
    ]),
  );
  return made;
}

export async function confirmTotp(instance: Instance, { actor }: SignedIn, code: string): Promise<void> {
  await instance.db.transaction(doorScope(actor.county, actor.login), async (tx) => {
    const account = await accountByLogin(tx, actor.county, actor.login);
    const pending = account?.totp_pending ?? null;
    if (pending === null) throw new Refusal('access.totp-none', '请先点“启用动态口令”，扫描二维码。');
    const step = stepOf(instance.cipher.decryptField(pending), code, 0);
    if (step === null) throw new Refusal('access.code', '动态口令不对；请核对手机时间后再输一次。');
    await tx.query(
      `update account set totp = totp_pending, totp_pending = null, totp_step = $3 where county = $1 and account = $2`,
      [actor.county, actor.account, step],
    );
    await record(tx, {
      county: actor.county,
      actor: actor.login,
      act: 'account.totp',
      subject: `account ${actor.account}`,
      detail: { on: true },
    });
  });
}

export async function endTotp(instance: Instance, session: SignedIn, password: string): Promise<void> {
  const { county, login, account } = session.actor;
  await checkOwnPassword(instance, session, password);
  await instance.db.transaction(doorScope(county, login), async (tx) => {
    await tx.query(
      'update account set totp = null, totp_pending = null, totp_step = 0 where county = $1 and account = $2',
      [county, account],
    );
    await record(tx, {
      county,
      actor: login,
      act: 'account.totp',
      subject: `account ${account}`,
      detail: { on: false },
    });
  });
}
