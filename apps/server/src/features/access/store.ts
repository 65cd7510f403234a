import type { Role } from '@quanbao/domain/access/roles';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { Tx } from '../../db/port.ts';

export interface StoredAccount {
  county: RegionCode;
  account: number;
  login: string;
  name: string;
  role: Role;
  office: string;
  region: RegionCode;
  password_hash: string;
  must_change: boolean;
  demo: boolean;
  totp: Buffer | null;
  totp_pending: Buffer | null;
  totp_step: number;
  failures: number;
  locked: boolean;
  approved: boolean;
  disabled: boolean;
  reset: boolean;
  oidc_subject: string | null;
  created_at: string;
  last_seen_at: string | null;
}

/** How long too many wrong passwords keep an account out. */
export const LOCK_MINUTES = 15;

/**
 * A lock that would last longer was set before the clock was put back: it no longer holds. A minute more, for another
 * process's transaction may have begun a little later than this one.
 */
export const LOCK_HOLDS = `locked_until > now() and locked_until <= now() + interval '${LOCK_MINUTES + 1} minutes'`;

const ACCOUNT = `a.county, a.account, a.login, a.name, a.role, a.office, a.region, a.password_hash, a.must_change, a.demo,
  a.totp, a.totp_pending, a.totp_step, a.failures, coalesce(${LOCK_HOLDS}, false) as locked,
  a.approved_at is not null as approved, a.disabled_at is not null as disabled,
  a.reset_at is not null as reset, a.oidc_subject,
  to_char(a.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as created_at,
  to_char(a.last_seen_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as last_seen_at`;

export async function accountByLogin(
  tx: Tx,
  county: RegionCode,
  login: string,
): Promise<StoredAccount | undefined> {
  const [row] = await tx.query<StoredAccount>(
    `select ${ACCOUNT} from account a where a.county = $1 and a.login = $2`,
    [county, login],
  );
  return row;
}

export async function accountBySubject(
  tx: Tx,
  county: RegionCode,
  subject: string,
): Promise<StoredAccount | undefined> {
  const [row] = await tx.query<StoredAccount>(
    `select ${ACCOUNT} from account a where a.county = $1 and a.oidc_subject = $2`,
    [county, subject],
  );
  return row;
}

export async function accountByNumber(
  tx: Tx,
  county: RegionCode,
  account: number,
): Promise<StoredAccount | undefined> {
  const [row] = await tx.query<StoredAccount>(
    `select ${ACCOUNT} from account a where a.county = $1 and a.account = $2`,
    [county, account],
  );
  return row;
}

export function allAccounts(tx: Tx, county: RegionCode): Promise<StoredAccount[]> {
  return tx.query<StoredAccount>(
    `select ${ACCOUNT} from account a where a.county = $1 order by a.region, a.role, a.login`,
    [county],
  );
}

export interface NewAccount {
  readonly login: string;
  readonly name: string;
  readonly role: Role;
  readonly office: string;
  readonly region: RegionCode;
  /** At the province's single sign-on; null without. */
  readonly subject: string | null;
  readonly passwordHash: string;
  readonly approved: boolean;
  readonly demo: boolean;
}

export async function insertAccount(
  tx: Tx,
  county: RegionCode,
  fields: NewAccount,
  by: string,
): Promise<number> {
  const [row] = await tx.query<{ account: number }>(
    `insert into account (county, account, login, name, role, office, region, password_hash, must_change, demo,
       created_by, approved_at, approved_by, oidc_subject)
     select $1, coalesce((select max(account) from account where county = $1), 0) + 1, $2, $3, $4, $5, $6, $7,
       not $8::boolean, $8::boolean, $9, case when $10::boolean then now() end, case when $10::boolean then $9 end, $11
     returning account`,
    [
      county,
      fields.login,
      fields.name,
      fields.role,
      fields.office,
      fields.region,
      fields.passwordHash,
      fields.demo,
      by,
      fields.approved,
      fields.subject,
    ],
  );
  return row!.account;
}

export async function insertSession(
  tx: Tx,
  county: RegionCode,
  session: { tokenHash: string; account: number; csrf: string },
): Promise<void> {
  await tx.query('insert into session (county, token_hash, account, csrf) values ($1, $2, $3, $4)', [
    county,
    session.tokenHash,
    session.account,
    session.csrf,
  ]);
  await tx.query('update account set last_seen_at = now() where county = $1 and account = $2', [
    county,
    session.account,
  ]);
}

export interface StoredSession extends StoredAccount {
  csrf: string;
  /** Seconds since it was last used, and since it began. */
  idle: number;
  age: number;
}

export async function sessionByToken(
  tx: Tx,
  county: RegionCode,
  tokenHash: string,
): Promise<StoredSession | undefined> {
  const [row] = await tx.query<StoredSession>(
    `select ${ACCOUNT}, s.csrf, extract(epoch from now() - s.seen_at)::int as idle,
       extract(epoch from now() - s.created_at)::int as age
     from session s join account a on a.county = s.county and a.account = s.account
     where s.county = $1 and s.token_hash = $2`,
    [county, tokenHash],
  );
  return row;
}

export async function touchSession(tx: Tx, county: RegionCode, tokenHash: string): Promise<void> {
  await tx.query('update session set seen_at = now() where county = $1 and token_hash = $2', [
    county,
    tokenHash,
  ]);
}

/** @param keep the hash of the one session that stays */
export async function endSessions(tx: Tx, county: RegionCode, account: number, keep = ''): Promise<void> {
  await tx.query('delete from session where county = $1 and account = $2 and token_hash <> $3', [
    county,
    account,
    keep,
  ]);
}

export async function endSession(tx: Tx, county: RegionCode, tokenHash: string): Promise<void> {
  await tx.query('delete from session where county = $1 and token_hash = $2', [county, tokenHash]);
}

export async function endOldSessions(tx: Tx, county: RegionCode, idle: number, age: number): Promise<void> {
  await tx.query(
    `delete from session where county = $1
       and (seen_at < now() - make_interval(secs => $2) or created_at < now() - make_interval(secs => $3)
         or seen_at > now() + make_interval(secs => $2))`,
    [county, idle, age],
  );
}
