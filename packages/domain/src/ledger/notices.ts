import { ledgerKind } from './kinds.ts';

/** A notice of people found at doors (survey/found); all other notices are of kinds of ledger items. */
export const FOUND_NOTICE = 'found';

export function noticeTitle(kind: string): string {
  return kind === FOUND_NOTICE ? '新发现人员' : ledgerKind(kind).title;
}
