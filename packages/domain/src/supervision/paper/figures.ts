import { changeOf, printedPoints } from '../../indicators/change.ts';
import {
  type CountOf,
  countsOf,
  formatRate,
  formatValue,
  indicator,
  indicatorValue,
} from '../../indicators/indicators.ts';
import { rankValues } from '../../indicators/rank.ts';
import { type Reference, referenceText } from '../../indicators/reference.ts';
import type { PlainDate } from '../../kernel/plain-date.ts';
import type { RegionCode } from '../../kernel/region.ts';
import { PLAN_COUNT } from '../../targets/plan.ts';
import { type Course, dueShare } from '../../targets/progress.ts';
import type { PaperAssessment } from './assessment.ts';
import type { Run } from './paper.ts';

export interface PlaceFigures {
  readonly code: RegionCode;
  readonly name: string;
  readonly counts: Readonly<Record<string, number>>;
}

/** The counts a paper is made of on one day. */
export interface DayFigures {
  readonly whole: Readonly<Record<string, number>>;
  readonly places: readonly PlaceFigures[];
}

/** All that a paper knows: kept with it when it is issued, and enough to make it again. */
export interface PaperFigures {
  readonly region: { readonly code: RegionCode; readonly name: string };
  readonly county: { readonly code: RegionCode; readonly name: string };
  readonly day: PlainDate;
  /** A day of which nothing is known is absent. */
  readonly days: Readonly<Record<PlainDate, DayFigures>>;
  /** By the plan's kind; absent where none is in force on the paper's day. */
  readonly courses: Readonly<Partial<Record<'verify' | 'expand', Course>>>;
  /** Of the paper's day; null where none is frozen, absent where the paper does not tell of one. */
  readonly assessment?: PaperAssessment | null;
}

/** What a reference comes to; undefined where nothing is known of the day, null where there is nothing to divide by. */
export type Found = number | null | undefined;

function countsAt(figures: PaperFigures, region: RegionCode, day: PlainDate): CountOf | undefined {
  const found = figures.days[day];
  if (found === undefined) return undefined;
  const counts =
    region === figures.region.code ? found.whole : found.places.find(({ code }) => code === region)?.counts;
  return counts && ((code) => counts[code] ?? 0);
}

export function valueAt(figures: PaperFigures, code: string, region: RegionCode, day: PlainDate): Found {
  const counts = countsAt(figures, region, day);
  return counts && indicatorValue(code, counts);
}

function difference(code: string, now: Found, before: Found): Found {
  if (now === undefined || before === undefined) return undefined;
  if (now === null || before === null) return null;
  return changeOf(indicator(code).kind, now, before);
}

/** The places that have a value, the best first; no rank where neither more nor less is better. */
export function ranked(
  figures: PaperFigures,
  code: string,
  day: PlainDate,
): { place: PlaceFigures; value: number; rank: number | null }[] {
  const less = indicator(code).better === 'less';
  const seen = (value: number): number => (indicator(code).kind === 'rate' ? printedPoints(value) : value);
  const known = (figures.days[day]?.places ?? []).flatMap((place) => {
    const value = indicatorValue(code, (count) => place.counts[count] ?? 0);
    return value === null ? [] : [{ place, value }];
  });
  known.sort((a, b) => (less ? seen(a.value) - seen(b.value) : seen(b.value) - seen(a.value)));
  const ranks = rankValues(
    code,
    known.map(({ value }) => value),
  );
  return known.map((one, i) => ({ ...one, rank: ranks[i] ?? null }));
}

/** The plan a rate or a count is measured against. */
function planOf(code: string): 'verify' | 'expand' | undefined {
  const counts = countsOf(code);
  return (['verify', 'expand'] as const).find((kind) => counts.includes(PLAN_COUNT[kind]));
}

/** What the plan wants of the place by the day, as a part of its share. */
function paceAt(figures: PaperFigures, code: string, region: RegionCode, day: PlainDate): Found {
  const kind = planOf(code);
  const course = kind && figures.courses[kind];
  const counts = countsAt(figures, region, day);
  if (kind === undefined || course === undefined || counts === undefined) return undefined;
  return dueShare(counts(PLAN_COUNT[kind]), course, day);
}

export function foundAt(figures: PaperFigures, reference: Reference): Found {
  const { what, indicator: code, region, day, since } = reference;
  if (what === 'value') return valueAt(figures, code, region, day);
  if (what === 'change') {
    return difference(
      code,
      valueAt(figures, code, region, day),
      valueAt(figures, code, region, since as PlainDate),
    );
  }
  if (what === 'rank')
    return ranked(figures, code, day).find(({ place }) => place.code === region)?.rank ?? null;
  if (what === 'pace') return paceAt(figures, code, region, day);
  if (what === 'gap')
    return difference(code, valueAt(figures, code, region, day), paceAt(figures, code, region, day));
  const found = figures.days[day];
  const rest = (count: string): number =>
    found === undefined
      ? 0
      : (found.whole[count] ?? 0) - found.places.reduce((sum, place) => sum + (place.counts[count] ?? 0), 0);
  return found && indicatorValue(code, rest);
}

/** As it is printed: a difference of rates without its sign, in 个百分点, where its sentence says which way. */
export function printed(reference: Reference, found: Found, signed = false): string {
  const { what, indicator: code } = reference;
  if (found === undefined || found === null) return '—';
  if (what === 'rank') return String(found);
  if (what !== 'change' && what !== 'gap') {
    return what === 'pace' ? formatRate(found) : formatValue(code, found);
  }
  const size = signed ? found : Math.abs(found);
  const plus = signed && found > 0 ? '+' : '';
  return indicator(code).kind === 'rate' ? `${plus}${(size * 100).toFixed(2)}` : `${plus}${size}`;
}

export function numberRun(figures: PaperFigures, reference: Reference, signed = false): Run {
  const text = printed(reference, foundAt(figures, reference), signed);
  return { text, reference: referenceText(reference) };
}
