import type { Content } from './claim.ts';

const ELSEWHERE_WORDS: Readonly<Record<string, string>> = {
  'elsewhere-insured': '在外地参加城乡居保',
  'empty-household': '空挂户',
  'not-local': '户口不在本地',
  'data-error': '数据错误',
  other: '其他',
};

/** Text of column 20 of 附件3: what stands behind column 17, and the reason a household gave. */
export function reasonWords(
  facts: { readonly column: number; readonly rank: number },
  deciding: { readonly source: string; readonly content: Content } | undefined,
  answer: Content | undefined,
): string {
  const words: string[] = [];
  if (facts.rank === 0) words.push('县级裁定');
  if (facts.column === 17) words.push(otherWords(facts.rank, deciding));
  if (answer?.rs !== undefined) words.push(answer.rs);
  if (answer?.cw !== undefined) words.push(`${answer.d === undefined ? '' : `${answer.d} `}${answer.cw}`);
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
