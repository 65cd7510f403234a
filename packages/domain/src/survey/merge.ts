import { groupName } from '../addresses/groups.ts';
import type { Content } from '../coverage/claim.ts';
import { storedDay } from '../coverage/evidence.ts';
import type { PlainDate } from '../kernel/plain-date.ts';
import { judgeReason, PROOFS, reasonOf } from '../ledger/reasons.ts';
import { addedWill, sameAnswer, saysAnswer } from './answer-parts.ts';
import { answerLine } from './book.ts';

/** What a returned row comes to. */
export const OUTCOMES = ['nothing', 'same', 'ours', 'apply', 'contradiction'] as const;
/**
 * `nothing`: the row says what it was handed out with; `same`: others have written the same since; `ours`: only they
 * have changed something; `apply`: only the row has; `contradiction`: both have, differently.
 */
export type Outcome = (typeof OUTCOMES)[number];

export const PARTS = ['answer', 'reason', 'phone', 'village'] as const;
/** What two answers can contradict each other in. */
export type Part = (typeof PARTS)[number];
export const PART_WORDS: Readonly<Record<Part, string>> = {
  answer: '核实情况',
  reason: '未参保原因',
  phone: '联系电话',
  village: '村社区',
};

export interface MergeInput {
  /** What stood when the 底册 was handed out. */
  readonly base: Content;
  readonly baseDay: PlainDate | undefined;
  /** What stands now. */
  readonly mine: Content;
  readonly mineDay: PlainDate | undefined;
  /** What came back. */
  readonly theirs: Content;
  /** The day the file came back: that of an answer without one. */
  readonly returned: PlainDate;
}

export interface Merged {
  readonly outcome: Outcome;
  readonly contradictions: readonly Part[];
  /** What is to be written down: of `apply`, and of a contradiction once it is decided for the row. */
  readonly result: Content | undefined;
  /** The number in the result is the row's, not the one that stands. */
  readonly theirPhone: boolean;
}

/** How a contradiction was decided: for the row that came back, or for what stands. */
export type Choice = 'theirs' | 'ours';

type Pick3<T> = { value: T | undefined; changed: boolean; kept: boolean; conflict: boolean };

/** One value three ways; what the row does not say it leaves as it stands. */
function pick<T>(base: T | undefined, mine: T | undefined, theirs: T | undefined): Pick3<T> {
  const keep = { value: mine, changed: false, kept: false, conflict: false };
  if (theirs === undefined || theirs === mine) return keep;
  if (theirs === base) return { ...keep, kept: true };
  if (mine === undefined || mine === base)
    return { value: theirs, changed: true, kept: false, conflict: false };
  return { ...keep, conflict: true };
}

/**
 * Merges a returned row three ways: what it was handed out with, what others have written since, what it says.
 * The row as a whole waits while one part of it contradicts.
 * @param choice decides the parts that contradict
 */
export function mergeAnswer(input: MergeInput, choice?: Choice): Merged {
  const { base, mine, theirs } = input;
  const contradictions: Part[] = [];
  let kept = false;
  const three = <T>(part: Part, b: T | undefined, m: T | undefined, t: T | undefined): Pick3<T> => {
    const found = pick(b, m, t);
    kept ||= found.kept;
    if (!found.conflict) return found;
    if (!contradictions.includes(part)) contradictions.push(part);
    return choice === 'theirs' ? { ...found, value: t, changed: true } : found;
  };

  const answer = answerOf(input, choice);
  kept ||= answer.kept;
  if (answer.conflict) contradictions.push('answer');
  const { result: merged } = answer;
  let changed = answer.changed;
  if (answer.reasons !== 'theirs-alone' && answer.reasons !== 'mine-alone') {
    for (const key of ['rc', 'pl', 'sc'] as const) {
      const found = three('reason', base[key], mine[key], theirs[key]);
      merged[key] = found.value;
      changed ||= found.changed;
    }
    const rs = together(mine.rs, theirs.rs);
    const pf = proofs(mine.pf, theirs.pf);
    const ck = later(mine.ck, theirs.ck);
    changed ||= rs !== mine.rs || pf?.join() !== mine.pf?.join() || ck !== mine.ck;
    Object.assign(merged, { rs, pf, ck });
  }
  const phone = three('phone', base.ph, mine.ph, theirs.ph);
  const village = three('village', base.g, mine.g, theirs.g);
  changed ||= phone.changed || village.changed;
  merged.ph = phone.value;
  merged.g = village.value;
  // 3组 of one village is none of another: a group goes with the village that it was said of.
  const apart = theirs.g !== undefined && mine.g !== undefined && theirs.g !== mine.g;
  if (theirs.gr === undefined || apart) merged.gr = village.changed ? theirs.gr : mine.gr;
  else {
    const group = three('village', base.gr, mine.gr, theirs.gr);
    changed ||= group.changed;
    merged.gr = group.value;
  }
  const m =
    answer.reasons === 'mine-alone' ? mine.m : together(answer.changed ? undefined : mine.m, theirs.m);
  changed ||= m !== mine.m && theirs.m !== undefined && answer.reasons !== 'mine-alone';
  merged.m = m;
  dateIt(merged, input, answer);

  const says = Object.values(theirs).some((value) => value !== undefined);
  const result = changed ? (JSON.parse(JSON.stringify(merged)) as Content) : undefined;
  if (result !== undefined && !answer.own) leaveToOthers(result, mine, input.returned);
  const outcome: Outcome =
    contradictions.length > 0
      ? 'contradiction'
      : changed
        ? 'apply'
        : kept
          ? 'ours'
          : !says || repeats(theirs, base)
            ? 'nothing'
            : 'same';
  return { outcome, contradictions, result, theirPhone: theirs.ph !== undefined && merged.ph === theirs.ph };
}

interface AnswerPick {
  readonly result: Content;
  readonly changed: boolean;
  readonly kept: boolean;
  readonly conflict: boolean;
  /** Reasons go with the answer that they are of. */
  readonly reasons: 'together' | 'theirs-alone' | 'mine-alone';
  /** The answer is the row's too; else it stays with whoever gave it, and goes when that is taken back. */
  readonly own: boolean;
  /** The row tells of a visit of its own. */
  readonly visit: boolean;
}

const OF_REASON = ['rs', 'rc', 'pf', 'pl', 'sc', 'ck'] as const;
const OF_ANSWER = ['w', 'i', 't', ...OF_REASON] as const;

function answerOf(input: MergeInput, choice: Choice | undefined): AnswerPick {
  const { base, baseDay, mine, theirs } = input;
  const standing: Content = {};
  for (const key of OF_ANSWER) if (mine[key] !== undefined) Object.assign(standing, { [key]: mine[key] });
  const own: Content = {};
  for (const key of OF_ANSWER) if (theirs[key] !== undefined) Object.assign(own, { [key]: theirs[key] });
  const keep = {
    result: standing,
    changed: false,
    kept: false,
    conflict: false,
    own: false,
    visit: false,
  } as const;
  if (!saysAnswer(theirs)) return { ...keep, reasons: 'together' };
  const will = saysAnswer(mine) ? addedWill(mine, theirs) : undefined;
  if (saysAnswer(mine) && (will !== undefined || sameAnswer(mine, theirs))) {
    // Asked again, with the same answer: the visit counts, it renews what is good for a year.
    const again =
      theirs.d !== undefined && later(mine.d ?? input.mineDay, theirs.d) !== (mine.d ?? input.mineDay);
    return {
      ...keep,
      result: { ...standing, ...(will === undefined ? {} : { i: will }) },
      changed: will !== undefined || again,
      own: true,
      reasons: 'together',
      visit: again,
    };
  }
  if (
    saysAnswer(base) &&
    sameAnswer(base, theirs) &&
    (theirs.d === undefined || theirs.d <= (baseDay ?? ''))
  ) {
    return { ...keep, kept: true, reasons: 'mine-alone' };
  }
  const theirsAlone = {
    result: own,
    changed: true,
    kept: false,
    own: true,
    visit: true,
    reasons: 'theirs-alone',
  } as const;
  if (!saysAnswer(mine) || (saysAnswer(base) && sameAnswer(base, mine) && sameAnswer(mine, base)))
    return { ...theirsAlone, conflict: false };
  if (choice === 'theirs') return { ...theirsAlone, conflict: true };
  return { ...keep, conflict: true, reasons: 'mine-alone' };
}

/**
 * What stands already is not written down once more: only what the row has changed, and its day. A reason is judged by
 * what is said with it at once, so that whatever the row adds to one goes with the rest of it.
 */
function leaveToOthers(result: Content, mine: Content, day: PlainDate): void {
  const alike = (key: keyof Content): boolean => JSON.stringify(result[key]) === JSON.stringify(mine[key]);
  const reason = !OF_REASON.every(alike);
  for (const key of ['w', 'i', 't', 'ph', 'm', ...(reason ? [] : OF_REASON)] as const)
    if (alike(key)) delete result[key];
  // A village that is named anew takes back the group of it.
  if (alike('g') && alike('gr')) {
    delete result.g;
    delete result.gr;
  }
  if (reason) result.rc ??= judgeReason(mine, day)?.reason.code;
}

/**
 * The day of the result: never before the answer that stands, which it would not replace. What only corrects a number or
 * a village is no visit: it takes the day of the answer that stands, and no attempt at contact is counted twice.
 */
function dateIt(merged: Content, { mineDay, theirs, returned }: MergeInput, answer: AnswerPick): void {
  const visited = theirs.d === undefined ? returned : storedDay(theirs.d);
  if (!answer.visit) {
    merged.d = mineDay ?? (visited > returned ? returned : visited);
    return;
  }
  merged.d = mineDay !== undefined && visited < mineDay ? mineDay : (theirs.d ?? returned);
  merged.cw = theirs.cw;
  merged.by = theirs.by;
  merged.at = theirs.at;
  if (theirs.d !== undefined && mineDay !== undefined && visited < mineDay)
    merged.m = together(merged.m, `表内走访时间 ${theirs.d}`);
}

/** A day, or a month, not before another. */
function later(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return storedDay(b) > storedDay(a) ? b : a;
}

/** Two remarks are no contradiction: both stay. */
function together(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  if (a.includes(b)) return a;
  return b.includes(a) ? b : `${a}；${b}`;
}

function proofs(a: readonly string[] | undefined, b: readonly string[] | undefined): string[] | undefined {
  const all = PROOFS.filter((proof) => a?.includes(proof) || b?.includes(proof)).sort();
  return all.length === 0 ? undefined : all;
}

function repeats(theirs: Content, base: Content): boolean {
  return Object.entries(theirs).every(
    ([key, value]) =>
      value === undefined || JSON.stringify(value) === JSON.stringify(base[key as keyof Content]),
  );
}

/** The two sides of a part, in words; a telephone number is shown by whoever has it. */
export function partLine(part: Part, content: Content, placeName: (code: string) => string): string {
  if (part === 'answer') return answerLine(content);
  if (part === 'village')
    return `${content.g === undefined ? '' : placeName(content.g)}${content.gr === undefined ? '' : groupName(content.gr)}`;
  if (part === 'phone') return content.ph === undefined ? '' : '（号码）';
  const title = content.rc === undefined ? '' : (reasonOf(content.rc)?.title ?? content.rc);
  return [title, content.pl, content.sc].filter((text) => (text ?? '') !== '').join('，');
}
