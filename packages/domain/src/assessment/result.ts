import { countsOf, findIndicator, indicator, pendingIndicator } from '../indicators/indicators.ts';
import type { PlainDate } from '../kernel/plain-date.ts';
import { type Graded, gradeAll } from './grades.ts';
import type { Scheme } from './scheme.ts';
import { scoreUnit, type UnitInput } from './score.ts';

/** Everything a result follows from. */
export interface Inputs {
  readonly scheme: Scheme;
  readonly day: PlainDate;
  readonly units: readonly UnitInput[];
  /** Definitions as they were, of every indicator the scheme names. */
  readonly definitions: Readonly<Record<string, string>>;
}

/** What is kept when a result is frozen. */
export interface Frozen {
  readonly inputs: Inputs;
  readonly result: readonly Graded[];
}

export function assess({ scheme, day, units }: Inputs): Graded[] {
  return gradeAll(
    scheme,
    units.map((unit) => scoreUnit(scheme, day, unit)),
  );
}

/** Indicators a scheme reads that can be counted. */
export function indicatorsOf(scheme: Scheme): string[] {
  const codes = scheme.lines.flatMap(({ source }) => ('indicator' in source ? [source.indicator] : []));
  return [...new Set(codes)].filter((code) => findIndicator(code) !== undefined);
}

export function definitionsOf(scheme: Scheme): Record<string, string> {
  const said: Record<string, string> = {};
  for (const { source } of scheme.lines) {
    if (!('indicator' in source)) continue;
    const found = findIndicator(source.indicator) ?? pendingIndicator(source.indicator);
    if (found === undefined) continue;
    said[found.code] = `${found.name}＝${found.definition}（${found.clause}）`;
    if (found.kind !== 'rate') continue;
    for (const count of countsOf(found.code))
      said[count] = `${indicator(count).name}：${indicator(count).definition}`;
  }
  return said;
}

/** JSON whose text depends on the content alone: keys in order, nothing undefined. */
export function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null);
  const entries = Object.entries(value as Record<string, unknown>)
    .filter(([, one]) => one !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${canonicalText(one)}`).join(',')}}`;
}
