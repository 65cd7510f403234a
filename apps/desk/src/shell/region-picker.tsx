import { regions } from '@quanbao/contract/regions';
import { TreeSelect } from 'antd';
import { useMemo } from 'react';
import { useRead } from '../api/queries.ts';
import { useSession } from '../api/session.ts';
import { useHere } from './here.ts';
import { regionTree, withGroup } from './region-tree.ts';

/** Which place the pages speak of: the account's own, or one below it. */
export function RegionPicker() {
  const { account } = useSession();
  const { region, asOf, set } = useHere();
  const { data } = useRead(regions, { query: asOf ? { asOf } : {} });
  const tree = useMemo(() => (data ? regionTree(data.items, data.root.code) : []), [data]);
  const only = (tree[0]?.children?.length ?? 0) === 0;
  if (data && only) return <span className="only-region">{account.region.name}</span>;
  return (
    <TreeSelect
      aria-label="区划"
      className="region-picker"
      value={region}
      treeData={withGroup(tree, region)}
      treeDefaultExpandedKeys={[account.region.code]}
      showSearch
      treeNodeFilterProp="title"
      popupMatchSelectWidth={280}
      listHeight={420}
      loading={!data}
      onChange={(code: string) => set({ region: code === account.region.code ? null : code })}
    />
  );
}
