import type { SourceDefinition } from './catalogue.ts';

/** What a source proves, by the `proves` of its definition. */
export const PROVES_WORDS: Readonly<Record<string, string>> = {
  'base-population': '户籍人口底数',
  'to-verify': '需要核实的人员',
  'residents-scheme': '城乡居保参保登记',
  payment: '城乡居保缴费',
  insurance: '各险种参保关系',
  'employee-in-province': '参加省内企业职保',
  'public-in-province': '参加省内机关事保',
  'employee-elsewhere': '参加外省职工养老保险',
  obligated: '依法应参加职工养老保险而未参保',
  student: '在校学生',
  military: '现役军人',
  prison: '服刑人员',
  abroad: '已出国（境）定居',
  death: '死亡',
  dishonest: '失信被执行人',
  'low-income': '低保对象',
  'extreme-poverty': '特困人员',
  disability: '残疾及其级别',
  'poverty-registered': '建档立卡、脱贫户、监测对象',
  'land-expropriated': '被征地农民',
  survey: '摸底答复、参保意愿',
};

export const DUE_WORDS: Readonly<Record<SourceDefinition['due'], string>> = {
  month: '每月',
  quarter: '每季度',
  term: '每学期',
  batch: '分批下发',
};

export const MODE_WORDS: Readonly<Record<SourceDefinition['mode'], string>> = {
  full: '全量',
  delta: '变动',
};

/** The columns a list has to have, as the office reads it: every required one, and of each group at least one. */
export function neededColumns(source: SourceDefinition): string[] {
  const titleOf = (key: string): string => source.columns.find((column) => column.key === key)?.title ?? key;
  return [
    ...source.columns.filter((column) => column.required).map((column) => column.title),
    ...(source.oneOf ?? []).map((group) =>
      group.length === 2
        ? group.map(titleOf).join(' 或 ')
        : `以下至少一列（${group.map(titleOf).join('、')}）`,
    ),
  ];
}
