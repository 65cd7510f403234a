import { byVisit } from '../coverage/answer.ts';
import type { Content } from '../coverage/claim.ts';
import { type GivenAnswer, visitDay } from '../coverage/evidence.ts';
import type { PlainDate } from '../kernel/plain-date.ts';
import { type Judged, judgeReason } from '../ledger/reasons.ts';
import { addedWill, sameAnswer, saysAnswer } from './answer-parts.ts';

/** What stands of all that was answered. */
export interface StandingAnswer<Answer extends GivenAnswer = GivenAnswer> {
  readonly content: Content;
  /** The day of the latest visit. */
  readonly day: PlainDate;
  readonly last: Answer;
  /** The latest that tells of an answer, a reason, a proof or an attempt at contact; one that corrects a number does not. */
  readonly toldBy: Answer | undefined;
  /** The answer that the telephone number is from. */
  readonly phoneOf: Answer | undefined;
}

/**
 * All answers up to a day as one, the way the verdict takes them: by visit day, then receipt; a later one says anew
 * what it says, and leaves the rest. With another answer the reasons of the one before are gone.
 */
export function standingAnswer<Answer extends GivenAnswer>(
  answers: readonly Answer[],
  on: PlainDate,
): StandingAnswer<Answer> | undefined {
  const told = answers.filter((answer) => visitDay(answer) <= on).toSorted(byVisit);
  const last = told.at(-1);
  if (last === undefined) return undefined;
  let content: Content = {};
  let phoneOf: Answer | undefined;
  let toldBy: Answer | undefined;
  for (const answer of told) {
    content = laidOver(content, answer.content);
    if (answer.content.ph !== undefined) phoneOf = answer;
    if (tells(answer.content)) toldBy = answer;
  }
  return { content, day: visitDay(last), last, toldBy, phoneOf };
}

/** The reason given by a day and what proves it, of all answers together: as the ledger judges them (coverage/day). */
export function judgedOf(answers: readonly GivenAnswer[], on: PlainDate): Judged | undefined {
  let judged: Judged | undefined;
  for (const answer of answers.filter((one) => visitDay(one) <= on).toSorted(byVisit)) {
    judged = judgeReason(answer.content, visitDay(answer), judged) ?? judged;
  }
  return judged;
}

function tells(content: Content): boolean {
  return (
    saysAnswer(content) ||
    OF_ANSWER.some((key) => key !== 'w' && content[key] !== undefined) ||
    content.cw !== undefined
  );
}

/** Keys that belong to one answer and go with it. */
const OF_ANSWER = ['w', 'i', 't', 'rs', 'rc', 'pf', 'pl', 'sc', 'ck', 'm'] as const;
/** What every answer says for itself. */
const OF_VISIT = ['d', 'cw', 'by', 'at'] as const;

/** What stands after one more answer, not before the others. */
export function laidOver(before: Content, next: Content): Content {
  const content: Content = { ...before };
  for (const key of OF_VISIT) delete content[key];
  if (saysAnswer(next) && !sameAnswer(before, next) && addedWill(before, next) === undefined) {
    for (const key of OF_ANSWER)
      if (key !== 'i' || next.w === 'willing' || next.w === 'refuses') delete content[key];
  }
  const { n: _, gq: __, gx: ___, q: ____, ...said } = next;
  // An unknown word says nothing, and takes nothing back.
  if (said.w === 'unknown' && content.w !== undefined) delete said.w;
  if (said.g !== undefined) delete content.gr;
  return Object.assign(content, JSON.parse(JSON.stringify(said)) as Content);
}
