import { reasonGiven } from '../ledger/reasons.ts';
import { evidenceWords } from '../survey/answers.ts';
import type { Content } from './claim.ts';

const ELSEWHERE_WORDS: Readonly<Record<string, string>> = {
  'elsewhere-insured': '在外地参加城乡居保',
  'empty-household': '空挂户',
  'not-local': '户口不在本地',
  'data-error': '数据错误',
  other: '其他',
};

/**
 * Text of column 20 of 附件3: what stands behind column 17, the reason a household gave and what proves it (Y10.4).
 * @param answer what stands of all answers (survey/standing)
 * @param contact the answer that told it, with its day and way
 */
export function reasonWords(
  facts: { readonly column: number; readonly rank: number },
  deciding: { readonly source: string; readonly content: Content } | undefined,
  answer: Content | undefined,
  contact: Content | undefined,
): string {
  const words: string[] = [];
  if (facts.rank === 0) words.push('县级裁定');
  if (facts.column === 17) words.push(otherWords(facts.rank, deciding));
  if (answer !== undefined) {
    const reason = reasonGiven(answer);
    const evidence = evidenceWords(answer);
    // What is written says it itself, or says what the other reason is.
    const said = reason === undefined || reason.code === 'other' || evidence[0]?.includes(reason.title);
    words.push(said ? '' : reason.title, ...evidence);
  }
  if (contact?.cw !== undefined) words.push(`${contact.d === undefined ? '' : `${contact.d} `}${contact.cw}`);
  if (answer?.m !== undefined) words.push(answer.m);
  return words.filter((word) => word !== '').join('；');
}

function otherWords(
  rank: number,
  deciding: { readonly source: string; readonly content: Content } | undefined,
): string {
  if (rank === 13) return '未满16周岁';
  if (deciding === undefined) return '';
  const { source, content } = deciding;
  if (source === 'household-register') return content.st === 'moved' ? '户口迁出' : '户口注销';
  if (source === 'insurance-compare') return '在外地参加城乡居保';
  return ELSEWHERE_WORDS[content.w ?? 'other'] ?? '其他';
}
