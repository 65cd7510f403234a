import { isAllowed } from '@quanbao/domain/access/roles';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { Instance } from '../../instance.ts';
import { doorScope } from './actor.ts';
import { allAccounts } from './store.ts';

export interface VisitWorker {
  readonly login: string;
  readonly name: string;
  readonly region: RegionCode;
}

/** Accounts in use that may write visits down. */
export async function visitWorkers(
  instance: Instance,
  county: RegionCode,
  actor: string,
): Promise<VisitWorker[]> {
  const accounts = await instance.db.transaction(doorScope(county, actor), (tx) => allAccounts(tx, county));
  return accounts
    .filter((one) => one.approved && !one.disabled && isAllowed(one.role, 'visits.write'))
    .map(({ login, name, region }) => ({ login, name, region }));
}

/** Whether an account can still sign in: what only its holder may do falls to others once it cannot. */
export async function isInUse(
  instance: Instance,
  county: RegionCode,
  login: string,
  actor: string,
): Promise<boolean> {
  const accounts = await instance.db.transaction(doorScope(county, actor), (tx) => allAccounts(tx, county));
  return accounts.some((one) => one.login === login && one.approved && !one.disabled);
}
