import { findIndicator, indicator } from '../../indicators/indicators.ts';
import { type RegionCode, regionLevel } from '../../kernel/region.ts';
import { ASSESSMENT_WORDS, type AssessmentWord } from './assessment.ts';
import { DAY_WORDS, type DayWord } from './words.ts';

/** Words that are filled in by name. */
export const NAMES: Readonly<Record<string, string>> = {
  region: '本级名称，如沅江市',
  county: '县（市、区）名称',
  whole: '全市、全县、全镇的“市”“县”“镇”',
  units: '下级单位统称，如各镇（场、街道）',
  offices: '下级单位的主送写法',
  date: '统计日期，如8月31日',
  'full-date': '统计日期，带年份',
  'last-date': '上周的日期',
  year: '年份',
  month: '月份',
  quarter: '季度，如三',
  no: '期号（印发时编）',
};

/** What stands before the colon of a placeholder with a figure. */
export const FIGURES = {
  value: '数值本身',
  pace: '按时间进度应达到的比例',
  change: '比某日“提高×个百分点”“增加×人”“持平”',
  gap: '“滞后于时间进度×个百分点”',
  ranking: '排名前三位、后三位的单位',
  behind: '滞后于时间进度的单位',
  falls: '比某日下降的单位',
  reached: '已达到100%的单位',
  missed: '未达到100%的单位',
} as const;
export type FigureKind = keyof typeof FIGURES;

export type Placeholder =
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'assessment'; readonly word: AssessmentWord }
  | {
      readonly type: 'figure';
      readonly what: FigureKind;
      readonly indicator: string;
      /** One of the paper's places; its own region where absent. */
      readonly region?: RegionCode;
      readonly day: DayWord;
    };

const RATES: readonly FigureKind[] = ['pace', 'gap', 'behind', 'reached', 'missed'];
const SINCE: readonly FigureKind[] = ['change', 'falls'];

/** @example `coverage-rate`, `coverage-rate@last-week`, `coverage-rate@430981114`, `change:paid@last-month`, `ranking:coverage-rate` */
export function parsePlaceholder(text: string): Placeholder | { readonly problem: string } {
  if (Object.hasOwn(NAMES, text)) return { type: 'name', name: text };
  if (text.startsWith('assessment:')) {
    const word = text.slice('assessment:'.length);
    if (Object.hasOwn(ASSESSMENT_WORDS, word)) return { type: 'assessment', word: word as AssessmentWord };
    return { problem: `考核没有“${word}”这一项` };
  }
  const [head = '', ...parts] = text.split('@');
  const [before, after] = head.includes(':') ? head.split(':', 2) : ['value', head];
  if (!Object.hasOwn(FIGURES, before as string)) return { problem: `“${before}”不是已有的写法` };
  const what = before as FigureKind;
  const code = after ?? '';
  if (findIndicator(code) === undefined) return { problem: `没有名为“${code}”的指标` };
  if (RATES.includes(what) && indicator(code).kind !== 'rate')
    return { problem: `“${what}”只用于比率，“${indicator(code).name}”是人数或件数` };
  let region: RegionCode | undefined;
  let day: DayWord | undefined;
  for (const part of parts) {
    if ((DAY_WORDS as readonly string[]).includes(part)) day = part as DayWord;
    else if (regionLevel(part) !== undefined) region = part;
    else return { problem: `“@${part}”既不是日期写法，也不是区划代码` };
  }
  if (SINCE.includes(what) && (day === undefined || day === 'today'))
    return { problem: `“${what}”要写明同哪一天比，如 @last-week` };
  return {
    type: 'figure',
    what,
    indicator: code,
    ...(region === undefined ? {} : { region }),
    day: day ?? 'today',
  };
}

export type Piece =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'placeholder'; readonly text: string; readonly of: Placeholder }
  /** Left out altogether when one of its figures is not known. */
  | { readonly type: 'clause'; readonly pieces: readonly Piece[] };

/** Reads a line of a template: text, {placeholders} and [clauses that stand only with their figures]. */
export function readLine(line: string): {
  readonly pieces: readonly Piece[];
  readonly problems: readonly string[];
} {
  const problems: string[] = [];
  const inner: Piece[] = [];
  let clause: Piece[] | undefined;
  const add = (piece: Piece): void => void (clause ?? inner).push(piece);
  for (const part of line.split(/(\{[^{}]*\}|\[|\])/)) {
    if (part === '') continue;
    if (part === '[') {
      if (clause) problems.push('方括号不能套方括号');
      clause ??= [];
    } else if (part === ']') {
      if (clause === undefined) problems.push('多了一个“]”');
      else inner.push({ type: 'clause', pieces: clause });
      clause = undefined;
    } else if (/^\{.*\}$/.test(part)) {
      const of = parsePlaceholder(part.slice(1, -1).trim());
      if ('problem' in of) problems.push(`${part}：${of.problem}`);
      else add({ type: 'placeholder', text: part, of });
    } else {
      if (/[{}]/.test(part)) problems.push(`“${part.trim()}”里的花括号不成对`);
      add({ type: 'text', text: part });
    }
  }
  if (clause) {
    problems.push('少了一个“]”');
    inner.push({ type: 'clause', pieces: clause });
  }
  return { pieces: inner, problems };
}
