import { LEDGER_STATES, WRITTEN_OFF } from '../ledger/kinds.ts';
import {
  type CountOf,
  type Indicator,
  items,
  type PendingIndicator,
  type PeopleCount,
  planned,
  rate,
} from './indicator.ts';
import { PEOPLE } from './people.ts';

export type { CountIndicator, CountOf, Indicator, RateIndicator } from './indicator.ts';
export { BETTER_WORDS } from './indicator.ts';

/** One definition per number: the count, the list behind it, the form cell, the warning and the score all use it. */
export const INDICATORS: readonly Indicator[] = [
  ...PEOPLE,
  items(
    {
      code: 'uninsured-items',
      name: '应保未保台账件数',
      definition: '应保未保台账中待核实、已落实和已销号的件数',
      clause: 'Y1.4',
    },
    ['uninsured'],
    LEDGER_STATES,
  ),
  items(
    {
      code: 'uninsured-known',
      name: '应保未保台账已查明件数',
      definition: '应保未保台账中已落实和已销号的件数',
      clause: 'Y1.2',
      better: 'more',
    },
    ['uninsured'],
    ['settled', 'closed'],
  ),
  items(
    {
      code: 'uninsured-open',
      name: '应保未保未销号件数',
      definition: '应保未保台账中待核实和已落实的件数，等于附件5第7栏',
      clause: 'Y1.4',
      better: 'less',
    },
    ['uninsured'],
    ['verify', 'settled'],
  ),
  items(
    {
      code: 'reason-proved',
      name: '未参保原因有佐证件数',
      definition: '应保未保台账中已落实的件数：已登记参保意愿，或原因和佐证齐全',
      clause: 'Y10.4',
      better: 'more',
    },
    ['uninsured'],
    ['settled'],
  ),
  items(
    {
      code: 'written-off-items',
      name: '应销号台账件数',
      definition: '应保未保、应缴未缴、断保、到龄、重复参保台账的全部件数',
      clause: 'Y1.4',
    },
    WRITTEN_OFF,
    LEDGER_STATES,
  ),
  items(
    {
      code: 'written-off',
      name: '已销号件数',
      definition: '应销号台账中已销号的件数',
      clause: 'Y1.4',
      better: 'more',
    },
    WRITTEN_OFF,
    ['closed'],
  ),
  planned(
    {
      code: 'task-verify',
      name: '核实任务数',
      definition: '当日在用的核实任务（附件1需核实参保任务数）',
      clause: 'Y11',
    },
    'verify',
  ),
  planned(
    {
      code: 'task-expand',
      name: '扩面任务数',
      definition: '当日在用的扩面任务（按摸底有参保意愿人数下达）',
      clause: 'Y1.5',
      sure: 'own',
    },
    'expand',
  ),
  rate(
    {
      code: 'coverage-rate',
      name: '城乡居保覆盖率',
      definition: '已进行参保登记人数÷应覆盖人数',
      clause: 'Y15',
    },
    'registered',
    'in-scope',
  ),
  rate(
    {
      code: 'paying-rate',
      name: '参保缴费率',
      definition: '已缴费人数÷已进行参保登记人数',
      clause: 'Y15',
    },
    'paid',
    'registered',
  ),
  rate(
    {
      code: 'due-paying-rate',
      name: '应缴人员缴费率',
      definition: '应缴人员中已缴费人数÷应缴人员',
      clause: 'Y15',
      sure: 'own',
    },
    'due-paid',
    'due-payers',
  ),
  rate(
    {
      code: 'insured-rate',
      name: '入库参保率',
      definition: '库内已参保人数÷库内应参保人数',
      clause: 'Q1.1',
      sure: 'reading',
    },
    'should-insured',
    'should-insure',
  ),
  rate(
    {
      code: 'verify-task-rate',
      name: '核实任务完成率',
      definition: '已核实人数÷核实任务数',
      clause: 'Y1.5',
      sure: 'own',
    },
    'verified',
    'task-verify',
  ),
  rate(
    {
      code: 'expand-task-rate',
      name: '扩面任务完成率',
      definition: '扩面完成人数÷扩面任务数',
      clause: 'Y1.5',
      sure: 'own',
    },
    'expanded',
    'task-expand',
  ),
  rate(
    {
      code: 'visit-rate',
      name: '入户核实率',
      definition: '应保未保台账已查明件数÷应保未保台账件数',
      clause: 'Y1.2',
      sure: 'own',
    },
    'uninsured-known',
    'uninsured-items',
  ),
  rate(
    {
      code: 'write-off-rate',
      name: '销号率',
      definition: '已销号件数÷应销号台账件数',
      clause: 'Y1.4',
      sure: 'own',
    },
    'written-off',
    'written-off-items',
  ),
  rate(
    {
      code: 'key-group-rate',
      name: '重点对象参保率',
      definition: '重点对象已参保登记人数÷重点对象人数',
      clause: 'Y2.1',
      sure: 'own',
    },
    'key-registered',
    'key-groups',
  ),
  rate(
    {
      code: 'reason-proved-rate',
      name: '原因佐证率',
      definition: '未参保原因有佐证件数÷应保未保未销号件数',
      clause: 'Y10.4',
      sure: 'own',
    },
    'reason-proved',
    'uninsured-open',
  ),
  rate(
    {
      code: 'land-rate',
      name: '被征地农民参保率',
      definition: '被征地农民已参保人数÷被征地农民人数',
      clause: 'Q1.1',
      sure: 'own',
    },
    'land-insured',
    'land-expropriated',
  ),
  rate(
    {
      code: 'renewal-rate',
      name: '续保率',
      definition: '上年缴费人员中本年已缴费人数÷上年缴费人员',
      clause: 'Q2.3',
      sure: 'reading',
    },
    'renewed',
    'paid-last-year',
  ),
];

function pending(
  code: string,
  name: string,
  definition: string,
  clause: string,
  waitsFor: string,
): PendingIndicator {
  const say = { code, name, definition, clause, waitsFor };
  return { ...say, kind: 'pending', unit: '%', better: 'more', from: '2020-01-01', sure: 'reading' };
}

/** Named by the documents; a score that rests on one says 待接入. */
export const PENDING_INDICATORS: readonly PendingIndicator[] = [
  pending('collection-rate', '征缴率', '实缴金额÷应缴金额（同期）', 'Q1.1', '税务部门征缴任务和入库数据'),
  pending('government-paid-rate', '代缴率', '已代缴人数÷应代缴人数', 'Y3.3', '政府代缴批次'),
  pending('on-time-rate', '按时足额发放率', '按时足额发放额÷应发额', 'Y4.1', '待遇发放批次'),
  pending('socialised-rate', '社会化发放率', '通过社会服务机构发放的人数÷应发人数', 'Y4.1', '待遇发放批次'),
  pending(
    'employee-enrolment-rate',
    '企业职工参保扩面完成率',
    '企业职工养老保险新增参保人数÷任务数',
    'Q1.2',
    '企业职工参保任务和名单',
  ),
  pending(
    'employee-collection-rate',
    '企业职工基金征缴完成率',
    '企业职工养老保险征缴收入÷任务数',
    'Q1.2',
    '企业职工征缴任务和入库数据',
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
const PENDING_BY_CODE = new Map(PENDING_INDICATORS.map((i) => [i.code, i]));

export function findIndicator(code: string): Indicator | undefined {
  return BY_CODE.get(code);
}

export function pendingIndicator(code: string): PendingIndicator | undefined {
  return PENDING_BY_CODE.get(code);
}

/** @throws when no such indicator is defined: a form or a score names one that does not exist. */
export function indicator(code: string): Indicator {
  const found = BY_CODE.get(code);
  if (!found) throw new Error(`No indicator ${code}`);
  return found;
}

/** @throws when it is not a count of people */
export function peopleIndicator(code: string): PeopleCount {
  const found = indicator(code);
  if (found.kind !== 'count' || found.over !== 'people') throw new Error(`${code} does not count people`);
  return found;
}

/** The counts an indicator is made of: itself, or numerator and denominator. */
export function countsOf(code: string): readonly string[] {
  const found = indicator(code);
  return found.kind === 'count' ? [code] : [found.numerator, found.denominator];
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

/** A value of an indicator as it is printed, without its unit. */
export function formatValue(code: string, value: number | null): string {
  if (indicator(code).kind === 'rate') return formatRate(value);
  return value === null ? '—' : String(value);
}
