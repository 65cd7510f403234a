import type { Evidence } from './evidence.ts';
import type { CoverageSettings } from './settings.ts';
import { isRegistered, type SchemeState } from './step-class.ts';

/** The facts of one person on one day, each with the evidence that proves it. */
export interface Facts {
  death?: Evidence;
  abroad?: Evidence;
  employee?: Evidence;
  public?: Evidence;
  elsewhere?: Evidence;
  scheme?: Evidence;
  lapsedEmployee?: Evidence;
  lapsedPublic?: Evidence;
  lapsedElsewhere?: Evidence;
  prison?: Evidence;
  military?: Evidence;
  student?: Evidence;
  obligated?: Evidence;
  other?: Evidence;
}

export interface Verdict {
  readonly rank: number;
  /** 附件3 column. */
  readonly column: number;
  readonly evidence: Evidence | undefined;
}

export interface Rule {
  readonly rank: number;
  readonly id: string;
  /** The verdict as the forms print it. */
  readonly verdict: string;
  /** Why, in words a resident understands. */
  readonly because: string;
  readonly column: number | ((facts: Facts) => number);
  readonly when: (facts: Facts, settings: CoverageSettings) => Evidence | undefined;
}

export function schemeStateOf(evidence: Evidence | undefined): SchemeState {
  return evidence?.claim.content.s ?? 'none';
}

/**
 * The ordered verdict (覆盖情形): the first rule that finds evidence on the day decides.
 * Rank 0 (裁定), 13 (age) and 14 (nothing found) need no list and stand in `decide`.
 */
export const RULES: readonly Rule[] = [
  {
    rank: 1,
    id: 'death',
    verdict: '已死亡未销户',
    because: '有死亡记录（死亡、宣告死亡、火化名单或户籍状态为死亡）',
    column: 16,
    when: (f) => f.death,
  },
  {
    rank: 2,
    id: 'abroad',
    verdict: '已出国（境）定居',
    because: '在出国（境）定居名单内',
    column: 15,
    when: (f) => f.abroad,
  },
  {
    rank: 3,
    id: 'employee',
    verdict: '已参加省内企业职保',
    because: '正在参加或领取省内企业职工养老保险',
    column: 8,
    when: (f) => f.employee,
  },
  {
    rank: 4,
    id: 'public-sector',
    verdict: '已参加省内机关事保',
    because: '正在参加或领取省内机关事业单位养老保险',
    column: 9,
    when: (f) => f.public,
  },
  {
    rank: 5,
    id: 'elsewhere',
    verdict: '已参加外省职工养老保险',
    because: '正在参加或领取外省职工或机关事业单位养老保险',
    column: 10,
    when: (f) => f.elsewhere,
  },
  {
    rank: 6,
    id: 'registered',
    verdict: '属于城乡居保覆盖范围，已参保登记',
    because: '本地城乡居保已登记（正常缴费、暂停缴费、正常待遇或暂停待遇）',
    column: 7,
    when: (f) => (isRegistered(schemeStateOf(f.scheme)) ? f.scheme : undefined),
  },
  {
    rank: 7,
    id: 'lapsed',
    verdict: '职工养老保险关系中断',
    because: '职工或机关事业单位养老保险关系暂停、中断，按原险种计',
    column: (f) => (f.lapsedEmployee ? 8 : f.lapsedPublic ? 9 : 10),
    when: (f, settings) =>
      settings.lapsedCounts ? (f.lapsedEmployee ?? f.lapsedPublic ?? f.lapsedElsewhere) : undefined,
  },
  {
    rank: 8,
    id: 'prison',
    verdict: '服刑人员',
    because: '在服刑人员名单内，刑期未满',
    column: 14,
    when: (f) => f.prison,
  },
  {
    rank: 9,
    id: 'military',
    verdict: '现役军人',
    because: '在现役军人名单内，尚未退役',
    column: 13,
    when: (f) => f.military,
  },
  {
    rank: 10,
    id: 'student',
    verdict: '在校学生',
    because: '在在校学生名单内',
    column: 12,
    when: (f) => f.student,
  },
  {
    rank: 11,
    id: 'obligated',
    verdict: '职工养老保险法定人员（未参保）',
    because: '依法应参加职工养老保险，尚未参保',
    column: 11,
    when: (f) => f.obligated,
  },
  {
    rank: 12,
    id: 'other',
    verdict: '其他',
    because: '在外地参加城乡居保，或户口已迁出、注销、空挂、不在本地、数据有误',
    column: 17,
    when: (f) => f.other,
  },
];

export const ADJUDICATED = {
  rank: 0,
  id: 'adjudicated',
  verdict: '县级裁定',
  because: '县级经办人员依据材料裁定',
};
export const UNDER_AGE = {
  rank: 13,
  id: 'under-16',
  verdict: '其他：未满16周岁',
  because: '当日未满16周岁',
  column: 17,
};
export const UNCOVERED = {
  rank: 14,
  id: 'uncovered',
  verdict: '属于城乡居保覆盖范围，未参保登记',
  because: '没有任何名单表明已参保或不属于覆盖范围',
  column: 7,
};

/** The words of the rule of a rank, for screens and the person page. */
export function ruleOf(rank: number): { rank: number; id: string; verdict: string; because: string } {
  if (rank === 0) return ADJUDICATED;
  if (rank === 13) return UNDER_AGE;
  return RULES.find((rule) => rule.rank === rank) ?? UNCOVERED;
}

function columnOf(rule: Rule, facts: Facts): number {
  return typeof rule.column === 'number' ? rule.column : rule.column(facts);
}

function firstMatch(facts: Facts, settings: CoverageSettings, lastRank: number): Verdict | undefined {
  for (const rule of RULES) {
    if (rule.rank > lastRank) return undefined;
    const evidence = rule.when(facts, settings);
    if (evidence !== undefined) return { rank: rule.rank, column: columnOf(rule, facts), evidence };
  }
  return undefined;
}

/** What the official lists alone say at ranks 1–11; a survey answer cannot move it. */
export function officialVerdict(official: Facts, settings: CoverageSettings): Verdict | undefined {
  return firstMatch(official, settings, 11);
}

/** The verdict of one day: official ranks 1–11, else official and survey facts together, else age, else uncovered. */
export function decide(
  official: Facts,
  survey: Facts | undefined,
  underAge: boolean,
  settings: CoverageSettings,
): Verdict {
  const first = officialVerdict(official, settings);
  if (first !== undefined) return first;
  const facts = survey === undefined ? official : { ...survey, ...official };
  return (
    firstMatch(facts, settings, 12) ?? {
      rank: underAge ? UNDER_AGE.rank : UNCOVERED.rank,
      column: underAge ? UNDER_AGE.column : UNCOVERED.column,
      evidence: undefined,
    }
  );
}
