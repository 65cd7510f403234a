import { LEFT_OUT_WORDS, type LineState } from '../../assessment/score.ts';
import { plain } from '../../assessment/source.ts';
import { isPlainDate, type PlainDate } from '../../kernel/plain-date.ts';
import type { RegionCode } from '../../kernel/region.ts';
import type { Block, Run } from './paper.ts';
import { dayWords, fullDayWords } from './words.ts';

/** What a frozen assessment gave, as a paper tells it. */
export interface PaperAssessment {
  readonly assessment: number;
  readonly title: string;
  readonly day: PlainDate;
  /** 计分依据 */
  readonly document: string;
  /** `own`: weights and grades are not the county's own yet. */
  readonly sure: 'own' | 'document';
  /** Of the frozen result. */
  readonly digest: string;
  /** Best first. */
  readonly grades: readonly { readonly code: string; readonly title: string; readonly passes: boolean }[];
  readonly lines: readonly {
    readonly code: string;
    readonly title: string;
    readonly full: number;
    readonly scores: boolean;
  }[];
  /** Best first; who could not be judged comes last. */
  readonly units: readonly PaperUnit[];
}

interface PaperUnit {
  readonly unit: RegionCode;
  readonly name: string;
  readonly rank: number | null;
  readonly total: number;
  readonly judged: number;
  readonly percent: number | null;
  readonly grade: string | null;
  readonly why: string;
  readonly lines: readonly {
    readonly line: string;
    readonly state: LineState;
    readonly points: number;
    readonly vetoed: boolean;
  }[];
}

/** Where a number of an assessment comes from: the round, what of it, the unit and the day it was counted on. */
export interface ScoreReference {
  readonly assessment: number;
  /** Points of a line of the scheme, one of the unit's sums, or how many units have a grade. */
  readonly of:
    | { readonly line: string }
    | { readonly sum: 'total' | 'percent' | 'judged' | 'rank' | 'units' }
    | { readonly grade: string };
  readonly unit: RegionCode;
  readonly day: PlainDate;
}

const SUMS = ['total', 'percent', 'judged', 'rank', 'units'] as const;
const PATTERN = /^score:(\d+)([./=])([a-z0-9-]+)@([0-9-]+)@(\d{4}-\d\d-\d\d)$/;

/** @example `score:1/coverage-rate@430981114@2020-10-31`, `score:1.total@430981114@2020-10-31`, `score:1=good@430981@2020-10-31` */
export function scoreReferenceText({ assessment, of, unit, day }: ScoreReference): string {
  const what = 'line' in of ? `/${of.line}` : 'sum' in of ? `.${of.sum}` : `=${of.grade}`;
  return `score:${assessment}${what}@${unit}@${day}`;
}

export function parseScoreReference(text: string): ScoreReference | undefined {
  const [, no, kind, code = '', unit = '', day = ''] = PATTERN.exec(text) ?? [];
  if (!isPlainDate(day)) return undefined;
  const at = { assessment: Number(no), unit, day };
  if (kind === '/') return { ...at, of: { line: code } };
  if (kind === '=') return { ...at, of: { grade: code } };
  const sum = SUMS.find((one) => one === code);
  return sum && { ...at, of: { sum } };
}

/** As it is printed; undefined for a number that the assessment has not. */
export function printedScore(of: PaperAssessment, reference: ScoreReference): string | undefined {
  const { of: what } = reference;
  if ('grade' in what) return String(of.units.filter(({ grade }) => grade === what.grade).length);
  if ('sum' in what && what.sum === 'units') return String(of.units.length);
  const unit = of.units.find((one) => one.unit === reference.unit);
  if (unit === undefined) return undefined;
  if ('line' in what) {
    const line = unit.lines.find((one) => one.line === what.line);
    if (line === undefined) return undefined;
    if (line.state !== 'judged') return LEFT_OUT_WORDS[line.state];
    return line.vetoed ? '否决' : line.points.toFixed(2);
  }
  if (what.sum === 'rank') return unit.rank === null ? '—' : String(unit.rank);
  if (what.sum === 'percent') return unit.percent === null ? '—' : unit.percent.toFixed(2);
  return what.sum === 'total' ? unit.total.toFixed(2) : plain(unit.judged);
}

/** What stands after `assessment:` in a placeholder. */
export const ASSESSMENT_WORDS = {
  basis: '考核依据、统计日期和单位个数',
  pending: '没有定案的考核时的“待评”一句',
  grades: '各等次的单位个数和名单',
  passed: '合格、不合格的单位',
  ends: '得分最高和最低的单位',
  notes: '等次因一票否决等另作调整的单位',
} as const;
export type AssessmentWord = keyof typeof ASSESSMENT_WORDS;

const text = (words: string): Run => ({ text: words });
const names = (units: readonly PaperUnit[]): string => units.map(({ name }) => name).join('、');

function number(of: PaperAssessment, what: ScoreReference['of'], unit: RegionCode): Run {
  const reference = { assessment: of.assessment, of: what, unit, day: of.day };
  return { text: printedScore(of, reference) ?? '—', reference: scoreReferenceText(reference) };
}

/**
 * @param of null where none of the paper's day is frozen
 * @returns undefined where there is nothing to say
 */
export function sayAssessment(
  of: PaperAssessment | null,
  word: AssessmentWord,
  day: PlainDate,
  county: RegionCode,
): readonly Run[] | undefined {
  if (of === null) {
    if (word !== 'pending') return undefined;
    return [text(`${dayWords(day)}的考核尚未定案，各单位得分、名次和等次待评。`)];
  }
  const judged = of.units.filter(({ grade }) => grade !== null);
  switch (word) {
    case 'basis':
      return [
        text(`以${fullDayWords(of.day)}的数据，按${of.document}对`),
        number(of, { sum: 'units' }, county),
        text('个单位计分考核、评定等次，得分按可以计分的满分折算成百分'),
      ];
    case 'grades': {
      const runs = of.grades.flatMap((grade) => {
        const units = judged.filter((one) => one.grade === grade.code);
        if (units.length === 0) return [];
        return [text(grade.title), number(of, { grade: grade.code }, county), text(`个：${names(units)}；`)];
      });
      const waiting = of.units.filter(({ grade }) => grade === null);
      if (waiting.length > 0) runs.push(text(`没有可以计分的内容、未评等次的有${names(waiting)}；`));
      const last = runs.at(-1);
      if (last === undefined) return undefined;
      return [...runs.slice(0, -1), text(last.text.slice(0, -1))];
    }
    case 'passed': {
      const failed = judged.filter(
        (one) => !of.grades.some(({ code, passes }) => passes && code === one.grade),
      );
      if (judged.length === 0) return undefined;
      if (failed.length === 0) return [text('参加评定的单位全部验收合格')];
      if (failed.length === judged.length) return [text('参加评定的单位均未达到验收合格')];
      return [text(`验收不合格的有${names(failed)}，其他参加评定的单位验收合格`)];
    }
    case 'ends': {
      const [first, ...others] = of.units.filter(({ percent }) => percent !== null);
      const last = others.at(-1);
      if (first === undefined || last === undefined || first.percent === last.percent) return undefined;
      const at = (percent: number | null): PaperUnit[] => of.units.filter((one) => one.percent === percent);
      return [
        text(`得分最高的是${names(at(first.percent))}（`),
        number(of, { sum: 'percent' }, first.unit),
        text(`分），最低的是${names(at(last.percent))}（`),
        number(of, { sum: 'percent' }, last.unit),
        text('分）'),
      ];
    }
    case 'notes': {
      const noted = judged.filter(({ why }) => why !== '');
      if (noted.length === 0) return undefined;
      const title = (code: string | null): string => of.grades.find((one) => one.code === code)?.title ?? '';
      return [text(noted.map(({ name, why, grade }) => `${name}${why}，定为${title(grade)}`).join('；'))];
    }
    default:
      return undefined;
  }
}

/** 名次、得分、等次 of every unit. */
export function resultTable(of: PaperAssessment): Block {
  return {
    type: 'table',
    title: `考核得分和定级（${fullDayWords(of.day)}）`,
    head: ['名次', '单位', '得分', '计分满分', '折算百分', '等次'],
    rows: of.units.map(({ unit, name, grade }) => [
      number(of, { sum: 'rank' }, unit),
      text(name),
      number(of, { sum: 'total' }, unit),
      number(of, { sum: 'judged' }, unit),
      number(of, { sum: 'percent' }, unit),
      text(of.grades.find(({ code }) => code === grade)?.title ?? '待评'),
    ]),
  };
}

const NARROW = 8;
const WIDE = 14;

/** 逐项得分: the points of every line, which make up each unit's sum; what is not judged says why. */
export function linesForm(of: PaperAssessment): Block {
  const head = [
    '名次',
    '单位',
    // What the paper adds in brackets to a line is in the scheme; a column has no room for it.
    ...of.lines.map(
      ({ title, full, scores }) =>
        `${title.replace(/（[^）]*）/g, '')}${scores ? `（${plain(full)}分）` : ''}`,
    ),
    '得分',
    '折算百分',
    '备注',
  ];
  return {
    type: 'form',
    number: '',
    title: '考核逐项得分表',
    meta: `${fullDayWords(of.day)}　　计分依据：${of.document}${of.sure === 'own' ? '（各项分值、等次界限暂定）' : ''}　　单位：分`,
    header: head.map((title, i) => ({ row: 0, column: i + 1, rowSpan: 1, columnSpan: 1, text: title })),
    headerRows: 1,
    widths: head.map((_, i) => (i === 1 || i === head.length - 1 ? WIDE : NARROW)),
    rows: of.units.map(({ unit, name, why }) => [
      [number(of, { sum: 'rank' }, unit)],
      [text(name)],
      ...of.lines.map(({ code }) => [number(of, { line: code }, unit)]),
      [number(of, { sum: 'total' }, unit)],
      [number(of, { sum: 'percent' }, unit)],
      [text(why)],
    ]),
  };
}
