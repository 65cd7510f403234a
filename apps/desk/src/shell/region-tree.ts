import { groupName, splitGroup } from '@quanbao/domain/addresses/groups';

interface Region {
  readonly code: string;
  readonly name: string;
  readonly parent: string;
}
export interface RegionNode {
  readonly value: string;
  readonly title: string;
  children?: RegionNode[];
}

/** @param items parents before children, as the server sends them */
export function regionTree(items: readonly Region[], root: string): RegionNode[] {
  const nodes = new Map<string, RegionNode>();
  for (const { code, name, parent } of items) {
    const node: RegionNode = { value: code, title: name };
    nodes.set(code, node);
    const above = nodes.get(parent);
    if (above) above.children = [...(above.children ?? []), node];
  }
  const top = nodes.get(root);
  return top ? [top] : [];
}

/** Groups are many and have no rows of their own: the one that is asked about stands under its village. */
export function withGroup(tree: readonly RegionNode[], code: string): RegionNode[] {
  const { region, group } = splitGroup(code);
  if (group === undefined) return [...tree];
  return tree.map((node) => {
    if (node.value === region)
      return {
        ...node,
        children: [...(node.children ?? []), { value: code, title: node.title + groupName(group) }],
      };
    return node.children ? { ...node, children: withGroup(node.children, code) } : node;
  });
}

interface PlacedVillage extends RegionNode {
  readonly selectable: boolean;
  children?: PlacedVillage[];
}

/** The towns of a county with their villages, of which one may be chosen. */
export function villageTree(items: readonly Region[], root: string): PlacedVillage[] {
  const choosable = ({ value, title, children }: RegionNode): PlacedVillage => ({
    value,
    title,
    selectable: value.length === 12,
    ...(children === undefined ? {} : { children: children.map(choosable) }),
  });
  return (regionTree(items, root)[0]?.children ?? []).map(choosable);
}
