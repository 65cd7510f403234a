import type { Home } from './home.ts';

type Part = Home['composition'][number];
export type Tone = 'registered' | 'waiting' | 'employed' | 'other';
export interface Group {
  readonly tone: Tone;
  readonly name: string;
  /** The list behind the whole group, where one indicator counts it. */
  readonly indicator: string | undefined;
  readonly people: number;
  readonly share: number;
}

const GROUPS: readonly { tone: Tone; name: string; indicator?: string; of?: readonly string[] }[] = [
  { tone: 'registered', name: '已参保登记', indicator: 'registered', of: ['registered'] },
  {
    tone: 'waiting',
    name: '应保未登记',
    indicator: 'not-registered',
    of: ['willing', 'refuses', 'not-asked'],
  },
  {
    tone: 'employed',
    name: '已参加职保',
    indicator: 'insured-by-employment',
    of: ['employee-in-province', 'public-in-province', 'employee-elsewhere'],
  },
  { tone: 'other', name: '其余不属覆盖范围' },
];

export function toneOf(indicator: string): Tone {
  return GROUPS.find((group) => group.of?.includes(indicator))?.tone ?? 'other';
}

/** The four groups a leader asks about; together they are everybody. */
export function groups(parts: readonly Part[]): Group[] {
  const total = parts.reduce((sum, part) => sum + part.people, 0);
  return GROUPS.map(({ tone, name, indicator }) => {
    const people = parts
      .filter((part) => toneOf(part.indicator) === tone)
      .reduce((sum, part) => sum + part.people, 0);
    return { tone, name, indicator, people, share: total === 0 ? 0 : people / total };
  }).filter((group) => group.people > 0);
}
