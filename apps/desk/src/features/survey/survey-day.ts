import { surveyDay } from '@quanbao/contract/survey';
import { useRead } from '../../api/queries.ts';

/** Today, as the server takes visits; the day of the newest list may lie weeks before it. */
export function useSurveyDay(): string | undefined {
  return useRead(surveyDay, {}).data?.day;
}
