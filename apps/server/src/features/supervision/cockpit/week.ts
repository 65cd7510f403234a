import type { Place } from '@quanbao/contract/route';
import { indicator, indicatorValue } from '@quanbao/domain/indicators/indicators';
import { rankValues } from '@quanbao/domain/indicators/rank';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { Static } from 'typebox';
import type { Figures } from '../../reports/index.ts';
import type { Cockpit } from './board.ts';

/** What places are ranked by, in the order they are offered. */
const RANKED = [
  'coverage-rate',
  'paying-rate',
  'due-paying-rate',
  'verify-task-rate',
  'expand-task-rate',
  'visit-rate',
  'write-off-rate',
  'key-group-rate',
  'renewal-rate',
];

/** What a week brings, in the order people come: asked, verified, registered, paid, written off. */
const ARRIVING = ['verified', 'registered', 'paid', 'expanded', 'written-off'];

/** Where a place stands, and where it stood; one that did not stand then has no movement. */
export function rankingsOf(
  now: Figures,
  then: Figures | undefined,
  placeOf: (code: RegionCode) => Static<typeof Place>,
): Cockpit['rankings'] {
  const places = now.places.filter(({ code }) => code !== now.region.code);
  if (places.length === 0) return [];
  return RANKED.map((code) => {
    const values = places.map(({ count }) => indicatorValue(code, count));
    const ranks = rankValues(code, values);
    const before = then?.places ?? [];
    const were = before.map(({ count }) => indicatorValue(code, count));
    const wereRanked = rankValues(code, were);
    const lines = places.map((place, at) => {
      const was = before.findIndex((one) => one.code === place.code);
      return {
        place: placeOf(place.code),
        value: values[at] ?? null,
        was: were[was] ?? null,
        rank: ranks[at] ?? null,
        wasRank: wereRanked[was] ?? null,
      };
    });
    const last = places.length + 1;
    lines.sort((a, b) => (a.rank ?? last) - (b.rank ?? last) || (a.place.code < b.place.code ? -1 : 1));
    return { indicator: code, name: indicator(code).name, places: lines };
  }).filter(({ places: lines }) => lines.some(({ value }) => value !== null));
}

export function arrivalsOf(
  now: Figures,
  then: Figures | undefined,
  visits: number | undefined,
): Cockpit['arrivals'] {
  const changed = ARRIVING.map((code) => {
    const { name, unit } = indicator(code);
    const value = now.whole(code);
    return { code, name, unit, value, change: then === undefined ? null : value - then.whole(code) };
  });
  if (visits === undefined) return changed;
  return [{ code: 'visits', name: '走访答复', unit: '条', value: null, change: visits }, ...changed];
}
