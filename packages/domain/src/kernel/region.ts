/**
 * Codes of 统计用区划代码: 2 province, 4 city, 6 county, 9 town, 12 village digits; a group (组) adds "-" and three.
 * Everybody a town could not place in a village stands under the town's own nine digits (未分村社区).
 */
export type RegionCode = string;
export type RegionLevel = 'province' | 'city' | 'county' | 'town' | 'village' | 'group';

const LEVELS: Record<number, RegionLevel> = {
  2: 'province',
  4: 'city',
  6: 'county',
  9: 'town',
  12: 'village',
  16: 'group',
};

export function regionLevel(code: RegionCode): RegionLevel | undefined {
  return /^\d+(-\d{3})?$/.test(code) ? LEVELS[code.length] : undefined;
}

/** The half-open range of codes at or below `code`: an index condition in the C collation, unlike LIKE. */
export function regionRange(code: RegionCode): { lo: string; hi: string } {
  return { lo: code, hi: `${code}~` };
}

export function isWithin(code: RegionCode, scope: RegionCode): boolean {
  return code.startsWith(scope);
}
