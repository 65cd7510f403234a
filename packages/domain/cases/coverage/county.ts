import type { CoverageContext } from '../../src/coverage/context.ts';
import { type DatedSettings, DEFAULT_SETTINGS } from '../../src/coverage/settings.ts';
import { FOREVER } from '../../src/kernel/plain-date.ts';
import type { RegionRow } from '../../src/regions/region-row.ts';
import { RegionTree } from '../../src/regions/region-tree.ts';
import { findSource } from '../../src/sources/catalogue.ts';

const town = (code: string, name: string, rest: Partial<RegionRow> = {}): RegionRow => ({
  code,
  name,
  level: 'town',
  parent: '430981',
  aliases: [],
  ...rest,
});
const village = (code: string, name: string, rest: Partial<RegionRow> = {}): RegionRow => ({
  code,
  name,
  level: 'village',
  parent: code.slice(0, 9),
  aliases: [],
  ...rest,
});

/** A few divisions of 沅江, one of them merged on a made-up day, for situations and properties. */
export const DIVISIONS = new RegionTree(
  '430981',
  [
    { code: '43', name: '湖南省', level: 'province', parent: '', aliases: ['湖南'] },
    { code: '4309', name: '益阳市', level: 'city', parent: '43', aliases: ['益阳'] },
    { code: '430981', name: '沅江市', level: 'county', parent: '4309', aliases: [] },
    town('430981114', '草尾镇'),
    village('430981114248', '大福村'),
    village('430981114249', '乐园村'),
    village('430981114257', '熙和村', { from: '2020-09-15' }),
    town('430981106', '南大膳镇'),
    village('430981106201', '康宁村'),
    town('430981201', '熙和乡', { to: '2020-09-15', successor: '430981114' }),
    village('430981201201', '熙和村', { to: '2020-09-15', successor: '430981114257' }),
  ],
  [{ schemeCode: '43098114', from: '2011-01-01', to: FOREVER, region: '430981114249' }],
);

export function contextOf(
  settings: DatedSettings = DEFAULT_SETTINGS,
  paymentsFrom?: string,
): CoverageContext {
  return {
    county: '430981',
    settings,
    horizon: '2021-12-31',
    paymentsFrom,
    absenceOf: (source) => findSource(source)?.absence ?? 'ended',
    regionOn: (code, day) => DIVISIONS.current(code, day),
    regionTurns: (code) => DIVISIONS.turns(code),
  };
}
