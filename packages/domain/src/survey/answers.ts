import type { Content } from '../coverage/claim.ts';
import { PROOF_WORDS, type Proof, type ReasonCode, reasonOf } from '../ledger/reasons.ts';

/** What a village worker taps at a door; the words of the 底册 for the same. */
export interface SurveyChoice {
  readonly choice: string;
  /** As in the content of a survey answer (coverage/answer). */
  readonly answer: string;
  readonly title: string;
  /** The reason that goes with it; its proof is asked for (ledger/reasons). */
  readonly reason?: ReasonCode;
}

export const WAY_WORDS: Readonly<Record<'visit' | 'call', string>> = { visit: '入户', call: '电话' };

/** How somebody was tried who could not be met: by telephone, or at his door. */
export const ATTEMPT_WAYS = ['电话', '上门'] as const;
export type AttemptWay = (typeof ATTEMPT_WAYS)[number];

/** In the order in which they are met most often. */
export const SURVEY_CHOICES: readonly SurveyChoice[] = [
  { choice: 'willing', answer: 'willing', title: '愿意参保' },
  { choice: 'refuses', answer: 'refuses', title: '不愿意参保', reason: 'unwilling' },
  { choice: 'claims-registered', answer: 'claims-registered', title: '已参保' },
  { choice: 'employee-in-province', answer: 'employee-in-province', title: '参加省内职保' },
  { choice: 'employee-elsewhere', answer: 'employee-elsewhere', title: '参加省外职保' },
  { choice: 'public-in-province', answer: 'public-in-province', title: '参加机关事保' },
  { choice: 'migrant', answer: 'migrant', title: '外出务工', reason: 'working-away' },
  { choice: 'unreachable', answer: 'unreachable', title: '联系不上', reason: 'unreachable' },
  { choice: 'separated', answer: 'unreachable', title: '人户分离', reason: 'separated' },
  { choice: 'student', answer: 'student', title: '在校学生', reason: 'studying' },
  { choice: 'military', answer: 'military', title: '现役军人', reason: 'serving' },
  { choice: 'prison', answer: 'prison', title: '服刑', reason: 'imprisoned' },
  { choice: 'abroad', answer: 'abroad', title: '出国（境）', reason: 'abroad' },
  { choice: 'dead', answer: 'dead', title: '已死亡', reason: 'dead' },
  { choice: 'alive', answer: 'alive', title: '在世，其他情况', reason: 'other' },
];

export function surveyChoice(choice: string): SurveyChoice | undefined {
  return SURVEY_CHOICES.find((one) => one.choice === choice);
}

/** The choice that an answer was, by its reason where several give the same answer. */
export function choiceOf({ w, rc }: Pick<Content, 'w' | 'rc'>): SurveyChoice | undefined {
  const same = SURVEY_CHOICES.filter((one) => one.answer === w);
  return same.find((one) => one.reason === rc) ?? same[0];
}

/** An answer in words: what was said, and what was written down with it. */
export function answerWords(content: Content): {
  readonly title: string;
  readonly details: readonly string[];
} {
  const choice = choiceOf(content);
  const reason = content.rc === undefined ? undefined : reasonOf(content.rc);
  const details = [
    reason !== undefined && reason.code !== choice?.reason ? `原因：${reason.title}` : '',
    ...evidenceWords(content),
    content.m ?? '',
  ].filter((text) => text !== '');
  return { title: choice?.title ?? content.w ?? '', details };
}

/** What stands behind a reason, in words: what was written, where and which scheme, when checked, attempts, proofs (Y10.4). */
export function evidenceWords(content: Content): string[] {
  const proofs = (content.pf ?? []).map((proof) => PROOF_WORDS[proof as Proof] ?? proof);
  return [
    content.rs ?? '',
    content.pl === undefined ? '' : `务工地：${content.pl}`,
    content.sc === undefined ? '' : `险种：${content.sc}`,
    content.ck === undefined ? '' : `核实于${content.ck}`,
    (content.at ?? 0) > 0 ? `联系${content.at}次` : '',
    proofs.length > 0 ? `佐证：${proofs.join('、')}` : '',
  ].filter((text) => text !== '');
}
