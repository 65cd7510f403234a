import type { StepClass } from './step-class.ts';

/** The verdict of each 附件3 column, as the form prints it. */
export const COLUMN_WORDS: Readonly<Record<number, string>> = {
  7: '属于城乡居保覆盖范围',
  8: '已参加省内企业职保',
  9: '已参加省内机关事保',
  10: '已参加外省职工养老保险',
  11: '职工养老保险法定人员（未参保）',
  12: '在校学生',
  13: '现役军人',
  14: '服刑人员',
  15: '已出国（境）定居',
  16: '已死亡未销户',
  17: '其他',
};

/** The verdict in words: column 7 says whether the person is registered, a minor is named as one. */
export function columnWords(facts: StepClass): string {
  if (facts.column === 7) {
    return `属于城乡居保覆盖范围，${facts.registered ? '已参保登记' : '未参保登记'}`;
  }
  if (facts.rank === 13) return '其他：未满16周岁';
  return COLUMN_WORDS[facts.column] ?? '其他';
}
