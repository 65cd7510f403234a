import { ledgerOverview } from '@quanbao/contract/ledger';
import { splitGroup } from '@quanbao/domain/addresses/groups';
import { regionLevel } from '@quanbao/domain/kernel/region';
import { Select } from 'antd';
import { useRead } from '../api/queries.ts';
import { useHere } from './here.ts';

/** Within a village, one of its groups (村民小组); elsewhere nothing. It is part of the region in the address. */
export function GroupFilter() {
  const { region, asOf, set } = useHere();
  const { region: village, group } = splitGroup(region);
  const within = regionLevel(village) === 'village' && asOf !== undefined;
  const { data } = useRead(ledgerOverview, { query: { region: village, asOf } }, { enabled: within });
  if (!within || (data?.places.length === 0 && group === undefined)) return null;
  return (
    <Select
      aria-label="村民小组"
      placeholder="村民小组"
      style={{ width: 120 }}
      allowClear
      loading={!data}
      value={group === undefined ? undefined : region}
      options={(data?.places ?? []).map(({ code, name }) => ({ value: code, label: name }))}
      onChange={(code?: string) => set({ region: code ?? village, open: null })}
    />
  );
}
