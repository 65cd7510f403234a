import type { PlainDate } from '../kernel/plain-date.ts';
import type { DatedTarget, Scheme, SchemeLine } from './scheme.ts';
import { isRate, plain, sourceWords, valueWords } from './source.ts';

/** What an indicator was, with its two numbers where it is a rate; null where there is nothing to divide by. */
export interface Measured {
  readonly value: number | null;
  readonly numerator?: number;
  readonly denominator?: number;
  /** Of a record: the papers that are counted. */
  readonly papers?: readonly CountedPaper[];
}

/** A report or an order behind a counted record. */
export interface CountedPaper {
  readonly text: string;
  /** Its page; empty for one that was never handed in. */
  readonly address: string;
}

/** What a unit's score is made of; nothing else goes into it. */
export interface UnitInput {
  readonly unit: string;
  readonly name: string;
  /** By indicator or record; pending ones are not in it. */
  readonly values: Readonly<Record<string, Measured>>;
  /** By line: what the county has entered. */
  readonly facts: Readonly<Record<string, number>>;
  /** By line: the value that an appeal was granted. */
  readonly decided: Readonly<Record<string, { readonly value: number; readonly appeal: number }>>;
}

/** judged: it has points; pending 待接入; no-base 无基数; missing: a fact that nobody has entered yet. */
export type LineState = 'judged' | 'pending' | 'no-base' | 'missing';

export interface ScoredLine {
  readonly line: string;
  readonly state: LineState;
  readonly value: number | null;
  readonly points: number;
  /** How the points come about, in words and numbers. */
  readonly formula: string;
  /** The line's veto has struck: the grade is no better than this one. */
  readonly veto?: string;
}

export interface UnitScore {
  readonly unit: string;
  readonly name: string;
  readonly lines: readonly ScoredLine[];
  /** The sum of the lines' points. */
  readonly total: number;
  /** Full marks of what can be judged, and of what is left out. */
  readonly judged: number;
  readonly leftOut: number;
  /** total ÷ judged in percent, two places; null where nothing can be judged. */
  readonly percent: number | null;
}

/** In whole units of the last place, so that sums are exact. */
function units(points: number, decimals: number): number {
  const scale = 10 ** decimals;
  // What is a half in decimals may lie a hair below it in binary.
  return Math.round(points * scale + 1e-7);
}

function targetOn(targets: readonly DatedTarget[], day: PlainDate): number {
  return (targets.find(({ until }) => day <= until) ?? targets.at(-1))?.value ?? Number.NaN;
}

interface Raw {
  readonly points: number;
  readonly words: string;
}

/** The points a value gives on a line, before rounding; what a deduction takes is positive here. */
function rawPoints(line: SchemeLine, value: number, day: PlainDate): Raw {
  const { method, source, full } = line;
  const better = sourceWords(source)?.better ?? 'more';
  const said = valueWords(source, value);
  // A rate is held against a limit as both are printed.
  const printed = (n: number): number =>
    isRate(source) ? Math.round(Number((n * 100).toFixed(2)) * 100) : n;
  const held = printed(value);
  if (method.kind === 'steps') {
    const reached = method.steps.find(({ at }) =>
      better === 'more' ? held >= printed(at) : held <= printed(at),
    );
    const sign = better === 'more' ? '≥' : '≤';
    if (reached === undefined) {
      const last = method.steps.at(-1);
      return { points: 0, words: `${said}，未到最低一档 ${valueWords(source, last?.at ?? null)}` };
    }
    return { points: reached.points, words: `${said} ${sign} ${valueWords(source, reached.at)}` };
  }
  if (method.kind === 'proportional') {
    const target = targetOn(method.targets, day);
    const zeroAt = method.zeroAt ?? 0;
    const part = Math.min(1, Math.max(0, (value - zeroAt) / (target - zeroAt)));
    const goal = valueWords(source, target);
    if (part === 1) return { points: full, words: `${said}，达到目标 ${goal}` };
    if (zeroAt === 0) return { points: part * full, words: `${said} ÷ 目标 ${goal} × ${plain(full)}` };
    const from = valueWords(source, zeroAt);
    return {
      points: part * full,
      words: `（${said} − ${from}）÷（目标 ${goal} − ${from}）× ${plain(full)}`,
    };
  }
  if (method.kind === 'each') {
    const taken = Math.min(full, Math.max(0, value) * method.points);
    const each = `${said} × ${plain(method.points)} 分`;
    if (line.kind !== 'score') return { points: taken, words: `${each}，最多 ${plain(full)} 分` };
    return { points: full - taken, words: `${plain(full)} − ${each}，扣完为止` };
  }
  const beyond = better === 'more' ? held < printed(method.limit) : held > printed(method.limit);
  const limit = valueWords(source, method.limit);
  const sign = better === 'more' ? '＜' : '＞';
  return {
    points: beyond ? 1 : 0,
    words: beyond ? `${said} ${sign} ${limit}，否决` : `${said}，未触及 ${limit}`,
  };
}

export const LEFT_OUT_WORDS: Readonly<Record<Exclude<LineState, 'judged'>, string>> = {
  pending: '待接入',
  'no-base': '无基数',
  missing: '未登记',
};

function heldValue(
  line: SchemeLine,
  input: UnitInput,
): { state: LineState; value: number | null; after: string } {
  const decided = input.decided[line.code];
  if (decided !== undefined) {
    return { state: 'judged', value: decided.value, after: `（申诉第 ${decided.appeal} 号改定）` };
  }
  if ('fact' in line.source) {
    const { record } = line.source.fact;
    const counted = record === undefined ? null : (input.values[record]?.value ?? null);
    if (counted !== null) return { state: 'judged', value: counted, after: '' };
    const value = input.facts[line.code];
    return value === undefined
      ? { state: 'missing', value: null, after: '' }
      : { state: 'judged', value, after: '' };
  }
  if (sourceWords(line.source)?.pending !== undefined) return { state: 'pending', value: null, after: '' };
  const measured = input.values[line.source.indicator];
  if (measured === undefined || measured.value === null) return { state: 'no-base', value: null, after: '' };
  const { value, numerator, denominator } = measured;
  return { state: 'judged', value, after: numerator === undefined ? '' : `（${numerator}/${denominator}）` };
}

/** Scores first, then bonuses as far as their cap goes, then deductions down to 0: the lines add up to the total. */
const ORDER = { score: 0, bonus: 1, deduct: 2, veto: 3 } as const;

export function scoreUnit(scheme: Scheme, day: PlainDate, input: UnitInput): UnitScore {
  const { decimals } = scheme;
  const scored = new Map<string, ScoredLine>();
  let total = 0;
  let bonusLeft = units(scheme.bonusCap, decimals);
  let judged = 0;
  let leftOut = 0;
  for (const line of scheme.lines.toSorted((a, b) => ORDER[a.kind] - ORDER[b.kind])) {
    const { state, value, after } = heldValue(line, input);
    const scores = line.kind === 'score';
    if (state !== 'judged' || value === null) {
      if (scores) leftOut += units(line.full, 2);
      const words = LEFT_OUT_WORDS[state === 'judged' ? 'no-base' : state];
      const formula = scores ? `${words}，不计分，满分 ${plain(line.full)} 分单列` : words;
      scored.set(line.code, { line: line.code, state, value: null, points: 0, formula });
      continue;
    }
    const raw = rawPoints(line, value, day);
    const name = `${sourceWords(line.source)?.name ?? ''}${after}`;
    if (line.kind === 'veto') {
      const { method } = line;
      const veto = raw.points > 0 && method.kind === 'veto' ? { veto: method.grade } : {};
      scored.set(line.code, {
        line: line.code,
        state,
        value,
        points: 0,
        formula: `${name} ${raw.words}`,
        ...veto,
      });
      continue;
    }
    let points = units(raw.points, decimals);
    let cut = '';
    if (line.kind === 'bonus') {
      if (points > bonusLeft) cut = `，加分合计以 ${plain(scheme.bonusCap)} 分为限`;
      points = Math.min(points, bonusLeft);
      bonusLeft -= points;
    } else if (line.kind === 'deduct') {
      if (points > total) cut = '，总分扣到 0 分为止';
      points = -Math.min(points, total);
    } else judged += units(line.full, 2);
    total += points;
    const got = points / 10 ** decimals;
    const sign = line.kind === 'bonus' ? '＋' : line.kind === 'deduct' ? '−' : '';
    scored.set(line.code, {
      line: line.code,
      state,
      value,
      points: got === 0 ? 0 : got,
      formula: `${name} ${raw.words}${cut}：${sign}${plain(Math.abs(got))} 分`,
    });
  }
  const sum = total / 10 ** decimals;
  return {
    unit: input.unit,
    name: input.name,
    lines: scheme.lines.map(({ code }) => scored.get(code) as ScoredLine),
    total: sum,
    judged: judged / 100,
    leftOut: leftOut / 100,
    percent: judged === 0 ? null : units((sum / (judged / 100)) * 100, 2) / 100,
  };
}
