import type { Fact } from './evidence.ts';
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

/** What a line of evidence says about the person. */
export const FACT_WORDS: Readonly<Record<Fact, string>> = {
  'in-register': '在户籍名单内',
  'register-dead': '户籍状态为死亡',
  'register-gone': '户口迁出或注销',
  'on-province-list': '在省厅下发需核实名单内',
  scheme: '城乡居保参保状态',
  'payment-list': '城乡居保缴费',
  'employee-current': '正在参加省内企业职保',
  'employee-lapsed': '省内企业职保中断',
  'public-current': '正在参加省内机关事保',
  'public-lapsed': '省内机关事保中断',
  'elsewhere-current': '正在参加外省职工养老保险',
  'elsewhere-lapsed': '外省职工养老保险中断',
  'residents-elsewhere': '在外地参加城乡居保',
  'residents-here': '比对为在本地参加城乡居保',
  'place-unknown': '参保地不明',
  obligated: '职工养老保险法定人员（未参保）',
  student: '在校学生',
  military: '现役军人',
  prison: '服刑',
  abroad: '已出国（境）定居',
  death: '死亡',
  dishonest: '失信被执行人',
  'low-income': '低保对象',
  'extreme-poverty': '特困人员',
  'severe-disability': '重度残疾',
  disability: '残疾',
  'poverty-registered': '建档立卡、脱贫或监测对象',
  'land-expropriated': '被征地农民',
  survey: '摸底答复',
  'ended-membership': '养老保险关系已终止',
  'unknown-word': '状态用语无法识别',
};
