import type { Content } from './claim.ts';
import { type GivenAnswer, visitDay } from './evidence.ts';
import type { Willing } from './step-class.ts';
import type { Facts } from './verdict.ts';

/** Survey answers that name a fact, and the fact each names. */
const ANSWER_FACT: Readonly<Record<string, keyof Facts>> = {
  'employee-in-province': 'employee',
  'public-in-province': 'public',
  'employee-elsewhere': 'elsewhere',
  abroad: 'abroad',
  dead: 'death',
  prison: 'prison',
  military: 'military',
  student: 'student',
  obligated: 'obligated',
  'elsewhere-insured': 'other',
  'empty-household': 'other',
  'not-local': 'other',
  'data-error': 'other',
  other: 'other',
};

/** 附件3 ticks returned by a town, and the fact each names. */
const TICK_FACT: Readonly<Record<number, keyof Facts>> = {
  8: 'employee',
  9: 'public',
  10: 'elsewhere',
  11: 'obligated',
  12: 'student',
  13: 'military',
  14: 'prison',
  15: 'abroad',
  16: 'death',
  17: 'other',
};

const FACT_COLUMN = new Map(Object.entries(TICK_FACT).map(([column, fact]) => [fact, Number(column)]));

const ALIVE = new Set(['alive', 'willing', 'refuses', 'claims-registered', 'migrant']);

/** The fact a survey answer names, or undefined when it names none (willing, a claim, alive). */
export function answeredFact(content: Content): keyof Facts | undefined {
  const fact = content.w === undefined ? undefined : ANSWER_FACT[content.w];
  if (fact !== undefined) return fact;
  const tick = content.t?.find((column) => TICK_FACT[column] !== undefined);
  return tick === undefined ? undefined : TICK_FACT[tick];
}

/** The 附件3 column a survey answer names; 7 only when it is ticked. */
export function answeredColumn(content: Content): number | undefined {
  const fact = answeredFact(content);
  if (fact === undefined) return content.t?.includes(7) ? 7 : undefined;
  return FACT_COLUMN.get(fact);
}

/** The person is spoken of as living: he answered, or somebody saw him. */
export function saysAlive(content: Content): boolean {
  return answeredFact(content) !== 'death' && (content.i !== undefined || ALIVE.has(content.w ?? ''));
}

/** Says something about the person's situation; 联系不上, an unknown word or a bare village code do not. */
export function speaks(content: Content): boolean {
  return (
    content.i !== undefined ||
    content.t !== undefined ||
    (content.w !== undefined && content.w !== 'unknown' && content.w !== 'unreachable')
  );
}

export function willingOf(content: Content): Willing | undefined {
  if (content.i !== undefined) return content.i;
  if (content.w === 'refuses') return 'no';
  return content.w === 'willing' ? 'yes' : undefined;
}

/** By visit day, then receipt. */
export function byVisit(a: GivenAnswer, b: GivenAnswer): number {
  const [left, right] = [visitDay(a), visitDay(b)];
  return left < right ? -1 : left > right ? 1 : a.since.id - b.since.id;
}
