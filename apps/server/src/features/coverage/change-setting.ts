import {
  COVERAGE_PARAMETERS,
  type CountySettings,
  changeSetting,
  datedSettings,
  type SettingChange,
  type SettingValue,
  settingsOn,
  settingValue,
} from '@quanbao/domain/coverage/settings';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { holdsIdNumber, record } from '../audit/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { nextChange } from './judge.ts';
import { recompute } from './recompute.ts';

export interface CountySetting {
  key: string;
  title: string;
  allowed: string;
  /** What holds on the day asked about. */
  value: SettingValue;
  shipped: readonly { from: PlainDate; value: SettingValue }[];
  legalSources: readonly string[];
  /** The county's own changes, oldest first; from the first of them on they hold instead of what ships. */
  own: readonly SettingChange[];
}

/** Every dated choice of the county: what ships, by which document, what the county changed. */
export async function listSettings(tx: Tx, county: RegionCode, day: PlainDate): Promise<CountySetting[]> {
  const stored = await storedSettings(tx, county);
  const dated = datedSettings(stored);
  if (!dated.ok) throw new Refusal(dated.problem.code, dated.problem.message);
  const now = settingsOn(dated.value, day);
  return Object.entries(COVERAGE_PARAMETERS).map(([key, parameter]) => ({
    key,
    title: parameter.title,
    allowed: parameter.allowed,
    value: now[parameter.name],
    shipped: parameter.values,
    legalSources: parameter.legalSources,
    own: stored[key] ?? [],
  }));
}

async function storedSettings(tx: Tx, county: RegionCode): Promise<CountySettings> {
  const [row] = await tx.query<{ settings: CountySettings }>(
    'select settings from county where county = $1',
    [county],
  );
  return row?.settings ?? {};
}

export interface SettingReport {
  key: string;
  value: SettingValue;
  from: PlainDate;
  document: string;
  /** What held on that day before. */
  before: SettingValue;
  /** People whose verdict came out different on some day. */
  changed: number;
}

/**
 * The county decides, by a document: from a day on another value. Everybody is judged again in the same commit; setting
 * the old value from the same day takes it back.
 */
export async function setSetting(
  instance: Instance,
  scope: Scope,
  asked: { key: string; value: string; from: string; document: string },
  onProgress?: (people: number) => void,
): Promise<SettingReport> {
  const { key, from, document } = asked;
  const value = settingValue(key, asked.value);
  if (!value.ok) throw new Refusal(value.problem.code, value.problem.message);
  if (holdsIdNumber(document)) {
    throw new Refusal('settings.document', '文号里不能写身份证号码；请只写所依据文件的文号。');
  }
  if (scope.region !== scope.county) throw new Refusal('settings.scope', '只有县级可以修改全县的设置。');
  return instance.db.transaction(scope, async (tx) => {
    const change = await nextChange(tx, scope.county);
    const changed = changeSetting(await storedSettings(tx, scope.county), key, {
      from,
      value: value.value,
      document: document.trim(),
    });
    if (!changed.ok) throw new Refusal(changed.problem.code, changed.problem.message);
    const before = (await listSettings(tx, scope.county, from)).find((setting) => setting.key === key)
      ?.value as SettingValue;
    await tx.query('update county set settings = $2::jsonb where county = $1', [
      scope.county,
      JSON.stringify(changed.value),
    ]);
    const effects = await recompute(tx, scope.county, await loadRegionTree(tx, scope.county), change, {
      everybody: true,
      ...(onProgress === undefined ? {} : { onProgress }),
    });
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'setting.change',
      subject: key,
      detail: { from, value: value.value, before, document: document.trim(), changed: effects.changed },
    });
    return {
      key,
      value: value.value,
      from,
      document: document.trim(),
      before,
      changed: effects.changed,
    };
  });
}
