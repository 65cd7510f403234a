import type { Effect } from './contract.ts';

interface EffectRow {
  readonly region: string;
  readonly name: string;
  /** Change by indicator. */
  readonly changes: ReadonlyMap<string, number>;
}
export interface EffectTable {
  readonly indicators: readonly { readonly code: string; readonly name: string; readonly total: number }[];
  readonly rows: readonly EffectRow[];
}

/** Places down, indicators across; a region within another is not added up twice. */
export function effectTable(effects: readonly Effect[]): EffectTable {
  const rows = new Map<string, { region: string; name: string; changes: Map<string, number> }>();
  const indicators = new Map<string, { code: string; name: string; total: number }>();
  for (const { region, regionName, indicator, name, change } of effects) {
    const row = rows.get(region) ?? { region, name: regionName, changes: new Map<string, number>() };
    row.changes.set(indicator, (row.changes.get(indicator) ?? 0) + change);
    rows.set(region, row);
    const column = indicators.get(indicator) ?? { code: indicator, name, total: 0 };
    column.total += change;
    indicators.set(indicator, column);
  }
  return {
    indicators: [...indicators.values()],
    rows: [...rows.values()].sort((a, b) => (a.region < b.region ? -1 : 1)),
  };
}
