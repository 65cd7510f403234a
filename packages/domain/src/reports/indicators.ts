import type { StepClass } from '../coverage/step-class.ts';

/** One definition per number: the count, the list behind it, the form cell and the warning all use it. */
export interface CountIndicator {
  readonly kind: 'count';
  readonly code: string;
  readonly name: string;
  /** As the forms print it, or as the rules define it where no form does. */
  readonly definition: string;
  readonly clause: string;
  readonly matches: (c: StepClass) => boolean;
}

export interface RateIndicator {
  readonly kind: 'rate';
  readonly code: string;
  readonly name: string;
  readonly definition: string;
  readonly clause: string;
  readonly numerator: string;
  readonly denominator: string;
}

export type Indicator = CountIndicator | RateIndicator;

/** How many people of one region an indicator counts on one day. */
export type CountOf = (indicator: string) => number;

type Matches = CountIndicator['matches'];

/** Every count is on V: everyone the household register names. */
function count(
  code: string,
  name: string,
  definition: string,
  clause: string,
  matches: Matches,
): CountIndicator {
  return { kind: 'count', code, name, definition, clause, matches: (c) => c.inRegister && matches(c) };
}

function reason(code: string, name: string, column: number): CountIndicator {
  return count(code, name, `户籍人口中附件3第${column}栏为√的人数`, 'Y14', (c) => c.column === column);
}

function rate(
  code: string,
  name: string,
  definition: string,
  clause: string,
  numerator: string,
  denominator: string,
): RateIndicator {
  return { kind: 'rate', code, name, definition, clause, numerator, denominator };
}

const inScope: Matches = (c) => c.column === 7;
const registered: Matches = (c) => inScope(c) && c.registered;
const waiting: Matches = (c) => inScope(c) && !c.registered;
const byEmployment: Matches = (c) => c.column >= 8 && c.column <= 10;
const duePayer: Matches = (c) =>
  registered(c) && (c.scheme === 'paying' || c.scheme === 'paused') && c.ageBand === '16-59';

export const INDICATORS: readonly Indicator[] = [
  count('population', '户籍人口数', '公安户籍名册所列人员，每人计一次', 'Y14', () => true),
  count('in-scope', '属于城乡居保覆盖范围人数', '户籍人口中附件3第7栏为√的人数', 'Y14', inScope),
  count(
    'not-in-scope',
    '不属于城乡居保覆盖范围人数',
    '附件4第6栏与第10至16栏之和',
    'Y14',
    (c) => !inScope(c),
  ),
  count('insured-by-employment', '已参加职保人数', '附件4第7、8、9栏之和', 'Y14', byEmployment),
  reason('employee-in-province', '已参加省内企业职保', 8),
  reason('public-in-province', '已参加省内机关事保', 9),
  reason('employee-elsewhere', '已参加外省职工养老保险', 10),
  reason('obligated', '职工养老保险法定人员（未参保）', 11),
  reason('student', '在校学生', 12),
  reason('military', '现役军人', 13),
  reason('prison', '服刑人员', 14),
  reason('abroad', '已出国（境）定居', 15),
  reason('dead', '已死亡未销户', 16),
  reason('other', '其他', 17),
  count(
    'refuses',
    '无参保意愿人数',
    '属于覆盖范围、未参保登记、是否愿意参保为“否”',
    'Y14',
    (c) => waiting(c) && c.willing === 'no',
  ),
  count(
    'willing',
    '拟参保扩面人数',
    '属于覆盖范围、未参保登记、是否愿意参保为“是”',
    'Y14',
    (c) => waiting(c) && c.willing === 'yes',
  ),
  count(
    'not-asked',
    '尚未摸底人数',
    '属于覆盖范围、未参保登记、尚无是否愿意参保的答复',
    'Y14',
    (c) => waiting(c) && c.willing === 'unknown',
  ),
  count(
    'registered',
    '已进行城乡居保参保登记人数',
    '属于覆盖范围，参保状态为正常缴费、暂停缴费、正常待遇或暂停待遇',
    'Y15',
    registered,
  ),
  count(
    'paid',
    '其中已缴费人数',
    '已进行参保登记，当年缴费净额大于0（含政府代缴）',
    'Y15',
    (c) => registered(c) && c.paid,
  ),
  count('not-registered', '未进行城乡居保参保登记人数', '属于覆盖范围而未进行参保登记', 'Y15', waiting),
  rate('coverage-rate', '城乡居保覆盖率', '已进行参保登记人数÷应覆盖人数', 'Y15', 'registered', 'in-scope'),
  rate('paying-rate', '参保缴费率', '已缴费人数÷已进行参保登记人数', 'Y15', 'paid', 'registered'),
  count(
    'due-payers',
    '应缴人员',
    '已进行参保登记，正常缴费或暂停缴费，年满16周岁未满60周岁',
    'Y15',
    duePayer,
  ),
  count(
    'due-paid',
    '应缴人员中已缴费人数',
    '应缴人员中当年缴费净额大于0',
    'Y15',
    (c) => duePayer(c) && c.paid,
  ),
  rate('due-paying-rate', '应缴人员缴费率', '应缴人员中已缴费人数÷应缴人员', 'Y15', 'due-paid', 'due-payers'),
  count(
    'insured-any',
    '已参加任一养老保险人数',
    '已参加职保，或已进行城乡居保参保登记',
    'Q1.1',
    (c) => c.insuredAny,
  ),
];

/** Parts that make up the population: everybody in it is counted by exactly one of them. */
export const COMPOSITION: readonly string[] = [
  'registered',
  'willing',
  'refuses',
  'not-asked',
  'employee-in-province',
  'public-in-province',
  'employee-elsewhere',
  'obligated',
  'student',
  'military',
  'prison',
  'abroad',
  'dead',
  'other',
];

const BY_CODE = new Map(INDICATORS.map((i) => [i.code, i]));

/** @throws when no such indicator is defined: a form or a score names one that does not exist. */
export function indicator(code: string): Indicator {
  const found = BY_CODE.get(code);
  if (!found) throw new Error(`No indicator ${code}`);
  return found;
}

export function ratio(numerator: number, denominator: number): number | null {
  return denominator === 0 ? null : numerator / denominator;
}

/** A count, or a rate as an unrounded fraction: null when its denominator is 0. */
export function indicatorValue(code: string, countOf: CountOf): number | null {
  const found = indicator(code);
  return found.kind === 'count' ? countOf(code) : ratio(countOf(found.numerator), countOf(found.denominator));
}

/** Percent with two decimals; `—` when there is nothing to divide by. */
export function formatRate(rate: number | null): string {
  return rate === null ? '—' : `${(rate * 100).toFixed(2)}%`;
}
