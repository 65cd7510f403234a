import type { Home } from './home.ts';

type Part = Home['composition'][number];
export interface Segment {
  /** Undefined for what is too narrow to carry words of its own. */
  readonly indicator: string | undefined;
  readonly name: string;
  readonly people: number;
  readonly share: number;
  readonly tone: string;
}

/** In which the two groups that can be acted on, and those insured elsewhere, stand out from all others. */
const TONES: Readonly<Record<string, string>> = {
  'in-scope': 'registered',
  registered: 'registered',
  'not-registered': 'waiting',
  refuses: 'waiting',
  willing: 'waiting',
  'not-asked': 'waiting',
  'employee-in-province': 'employed',
  'public-in-province': 'employed',
  'employee-elsewhere': 'employed',
};

export function toneOf(indicator: string): string {
  return TONES[indicator] ?? 'other';
}

/** The narrowest part of the bar that its own words fit into. */
const NARROWEST = 0.12;

/** One bar that needs no legend: what is wide enough is named in it, all the rest is one last part. */
export function segments(parts: readonly Part[]): Segment[] {
  const total = parts.reduce((sum, part) => sum + part.people, 0);
  if (total === 0) return [];
  const wide = parts.filter((part) => part.people / total >= NARROWEST);
  const narrow = parts.filter((part) => part.people / total < NARROWEST && part.people > 0);
  const rest = narrow.reduce((sum, part) => sum + part.people, 0);
  const named: Segment[] = wide.map((part) => ({
    indicator: part.indicator,
    name: part.name,
    people: part.people,
    share: part.people / total,
    tone: toneOf(part.indicator),
  }));
  if (rest === 0) return named;
  const name = `其余 ${narrow.length} 种情形`;
  return [...named, { indicator: undefined, name, people: rest, share: rest / total, tone: 'rest' }];
}
