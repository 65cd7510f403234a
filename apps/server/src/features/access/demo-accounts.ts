import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { Instance } from '../../instance.ts';
import { loadRegionTree } from '../regions/index.ts';
import { addAccounts } from './accounts.ts';
import { doorScope } from './actor.ts';

/** Of every demo account; told at the door, to this machine only. */
export const DEMO_PASSWORD = 'Quanbao-2020';

export interface DemoAccount {
  readonly login: string;
  readonly title: string;
}

/** The accounts of a demo county: one of each role, for the first town and its first village. */
export async function addDemoAccounts(instance: Instance, county: RegionCode): Promise<DemoAccount[]> {
  const scope = doorScope(county, 'demo');
  const { town, village } = await instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, county);
    const day = '2020-08-31';
    const first = tree.children(county, day).find((one) => tree.children(one.code, day).length > 1);
    return { town: first!, village: tree.children(first!.code, day)[0]! };
  });
  await addAccounts(
    instance,
    scope,
    [
      { login: 'county', name: '县人社经办', role: 'county', region: county },
      { login: 'town', name: `${town.name}经办`, role: 'town', region: town.code },
      { login: 'village', name: `${village.name}协办员`, role: 'village', region: village.code },
      { login: 'tax', name: '税务局经办', role: 'office', office: '税务', region: county },
      { login: 'leader', name: '县领导', role: 'reader', region: county },
      { login: 'sysadmin', name: '系统管理员', role: 'system-admin', region: county },
      { login: 'secadmin', name: '安全管理员', role: 'security-admin', region: county },
      { login: 'auditor', name: '审计管理员', role: 'audit-admin', region: county },
    ],
    { approved: true, password: DEMO_PASSWORD },
  );
  return (await demoAccounts(instance, county)).demo;
}

/** The county's name, and the demo accounts there are. */
export async function demoAccounts(
  instance: Instance,
  county: RegionCode,
): Promise<{ name: string; demo: DemoAccount[] }> {
  return instance.db.transaction(doorScope(county, 'door'), async (tx) => {
    const [row] = await tx.query<{ name: string }>('select name from county where county = $1', [county]);
    const demo = await tx.query<{ login: string; title: string }>(
      'select login, name as title from account where county = $1 and demo and disabled_at is null order by account',
      [county],
    );
    return { name: row?.name ?? county, demo };
  });
}
