import type { ReasonCode } from '../ledger/reasons.ts';

/** What a village worker taps at a door; the words of the 底册 for the same. */
export interface SurveyChoice {
  /** As in the content of a survey answer (coverage/answer). */
  readonly answer: string;
  readonly title: string;
  /** The reason that goes with it; its proof is asked for (ledger/reasons). */
  readonly reason?: ReasonCode;
}

/** In the order in which they are met most often. */
export const SURVEY_CHOICES: readonly SurveyChoice[] = [
  { answer: 'willing', title: '愿意参保' },
  { answer: 'refuses', title: '不愿意参保', reason: 'unwilling' },
  { answer: 'claims-registered', title: '已参保' },
  { answer: 'employee-in-province', title: '参加省内职保' },
  { answer: 'employee-elsewhere', title: '参加省外职保' },
  { answer: 'public-in-province', title: '参加机关事保' },
  { answer: 'migrant', title: '外出务工', reason: 'working-away' },
  { answer: 'unreachable', title: '联系不上', reason: 'unreachable' },
  { answer: 'not-local', title: '人户分离', reason: 'separated' },
  { answer: 'student', title: '在校学生', reason: 'studying' },
  { answer: 'military', title: '现役军人', reason: 'serving' },
  { answer: 'prison', title: '服刑', reason: 'imprisoned' },
  { answer: 'abroad', title: '出国（境）', reason: 'abroad' },
  { answer: 'dead', title: '已死亡', reason: 'dead' },
  { answer: 'alive', title: '在世，其他情况', reason: 'other' },
];

export function surveyChoice(answer: string): SurveyChoice | undefined {
  return SURVEY_CHOICES.find((one) => one.answer === answer);
}
