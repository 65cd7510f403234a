import type { FieldPerson } from '@quanbao/contract/field';
import type { Content } from '@quanbao/domain/coverage/claim';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { type Judged, judgeReason, type Proof, type Reason, reasonOf } from '@quanbao/domain/ledger/reasons';
import { ATTEMPT_WAYS, type AttemptWay, surveyChoice } from '@quanbao/domain/survey/answers';
import type { Static } from 'typebox';
import type { Attempt, Command, VisitCommand } from '../outbox/outbox.ts';

/** What stands in the form of a visit. */
export interface Draft {
  readonly choice: string;
  readonly way: 'visit' | 'call';
  readonly place: string;
  readonly scheme: string;
  readonly checked: string;
  readonly text: string;
  readonly remark: string;
  readonly phone: string;
  readonly village: string;
  readonly signed: boolean;
  readonly photos: number;
  readonly attempts: readonly Attempt[];
  readonly location: Command['location'];
}

export const EMPTY: Draft = {
  choice: '',
  way: 'visit',
  place: '',
  scheme: '',
  checked: '',
  text: '',
  remark: '',
  phone: '',
  village: '',
  signed: false,
  photos: 0,
  attempts: [],
  location: undefined,
};

export function reasonOfChoice(choice: string): Reason | undefined {
  const code = surveyChoice(choice)?.reason;
  return code === undefined ? undefined : reasonOf(code);
}

/** A signature is a statement; a photograph is the proof that the reason asks for first. */
function proofsOf(draft: Draft): ('statement' | 'document')[] {
  const asked = reasonOfChoice(draft.choice)?.proofs[0];
  const proofs: ('statement' | 'document')[] = [];
  if (draft.signed) proofs.push('statement');
  if (draft.photos > 0 && (asked === 'statement' || asked === 'document') && !proofs.includes(asked)) {
    proofs.push(asked);
  }
  return proofs;
}

/**
 * What the reason still lacks, in words, as the county's desk will judge it (Y10.4).
 * @param before what was given of it at earlier visits
 */
export function missingOf(draft: Draft, today: PlainDate, before?: Judged): readonly string[] {
  if (reasonOfChoice(draft.choice) === undefined) return [];
  return judgedAfter(commandOf(draft, 0, new Date(0), [], ''), today, before)?.missing ?? [];
}

/** The reason and what proves it once an answer is added. */
export function judgedAfter(
  { answer, reason = {}, attempts = [], proofs = [], remark }: Command,
  day: PlainDate,
  before: Judged | undefined,
): Judged | undefined {
  const content: Content = {
    w: surveyChoice(answer)?.answer ?? answer,
    at: attempts.length,
    pf: proofs as Proof[],
    ...(reason.code && { rc: reason.code }),
    ...(reason.place && { pl: reason.place }),
    ...(reason.scheme && { sc: reason.scheme }),
    ...(reason.checked && { ck: reason.checked }),
    ...(reason.text && { rs: reason.text }),
    ...(remark && { m: remark }),
  };
  return judgeReason(content, day, before) ?? before;
}

/** As a list tells it. */
export function judgedOn({ reason: told }: Pick<Static<typeof FieldPerson>, 'reason'>): Judged | undefined {
  const reason = told === null ? undefined : reasonOf(told.code);
  if (told === null || reason === undefined) return undefined;
  const { complete, attempts, expires } = told;
  return { reason, complete, attempts, missing: [], expires: expires ?? undefined };
}

/** What the server would refuse for its form: said while there is still somebody to ask. */
export function faultOf(draft: Draft): string | undefined {
  if (surveyChoice(draft.choice) === undefined) return '请先选一个答复。';
  const phone = draft.phone.replace(/[\s-]/g, '');
  if (phone !== '' && !/^\d{7,12}$/.test(phone)) return '电话号码应为 7 至 12 位数字。';
  if (draft.village !== '' && !/^\d{12}$/.test(draft.village)) return '村（社区）代码应为 12 位数字。';
  if ([draft.text, draft.remark, draft.place].some((text) => /\d{17}[\dXx]/.test(text))) {
    return '备注和原因里不能写身份证号码，请删去。';
  }
  return undefined;
}

/** The draft as a command, with a number of its own. */
export function commandOf(
  draft: Draft,
  person: number,
  madeAt: Date,
  media: readonly string[],
  command: string,
): VisitCommand {
  const fields = {
    ...(reasonOfChoice(draft.choice) && { code: reasonOfChoice(draft.choice)?.code }),
    ...(draft.text.trim() && { text: draft.text.trim() }),
    ...(draft.place.trim() && { place: draft.place.trim() }),
    ...(draft.scheme && { scheme: draft.scheme }),
    ...(draft.checked && { checked: draft.checked }),
  };
  const proofs = proofsOf(draft);
  return {
    command,
    person,
    madeAt: madeAt.toISOString(),
    way: draft.way,
    answer: draft.choice,
    ...(Object.keys(fields).length > 0 && { reason: fields }),
    ...(draft.attempts.length > 0 && {
      attempts: draft.attempts
        .slice(-20)
        .map(({ at, way, number }) => ({ at, way, ...(number && { number }) })),
    }),
    ...(proofs.length > 0 && { proofs }),
    ...(draft.phone.trim() && { phone: draft.phone.replace(/[\s-]/g, '') }),
    ...(draft.village && { village: draft.village }),
    ...(draft.remark.trim() && { remark: draft.remark.trim() }),
    ...(media.length > 0 && { media: [...media] }),
    ...(draft.location && { location: draft.location }),
  };
}

function attemptWay(word: string): AttemptWay {
  return ATTEMPT_WAYS.find((way) => way === word) ?? '电话';
}

/** The form again, of an answer that was sent back; pictures are taken anew only if they are to change. */
export function draftOf(command: Command): Draft {
  const { answer: choice, way, reason, attempts = [], remark, location } = command;
  const { phone, village } = command.found === undefined ? command : { phone: '', village: '' };
  return {
    ...EMPTY,
    choice,
    way,
    place: reason?.place ?? '',
    scheme: reason?.scheme ?? '',
    checked: reason?.checked ?? '',
    text: reason?.text ?? '',
    remark: remark ?? '',
    phone: phone ?? '',
    village: village ?? '',
    attempts: attempts.map(({ at, way, number = '' }) => ({ at, way: attemptWay(way), number })),
    location,
  };
}
