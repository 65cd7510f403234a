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
