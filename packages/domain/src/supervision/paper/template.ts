import { countsOf, findIndicator, indicator } from '../../indicators/indicators.ts';
import { ANNEX5 } from '../../reports/forms.ts';
import type { PaperKind } from './paper.ts';
import { type Piece, type Placeholder, parsePlaceholder, readLine } from './placeholder.ts';
import { DAY_WORDS, type DayWord } from './words.ts';

export interface TemplateSection {
  /** Numbered 一、二、 when it is printed; a section without one goes on with the text before. */
  readonly heading: string;
  /** Such as `gap:verify-task-rate < 0`: the section stands only then. Empty for always. */
  readonly when: string;
  /** One paragraph a line. */
  readonly text: string;
  /** Tables and charts under the text: `ranking:coverage-rate@last-week`, `form:annex5`, `places:coverage-rate`, `weeks:coverage-rate`, `assessment:result`. */
  readonly show: readonly string[];
}

/** What a county can edit of a kind of paper. */
export interface PaperTemplate {
  readonly kind: PaperKind;
  readonly title: string;
  /** Empty for a paper without a red head. */
  readonly redHead: string;
  /** 发文字号, with {no}. */
  readonly number: string;
  readonly to: string;
  readonly cc: string;
  /** Who signs for the county; a town signs for itself. */
  readonly offices: readonly string[];
  readonly sections: readonly TemplateSection[];
}

export type Show =
  | { readonly type: 'ranking'; readonly indicator: string; readonly since: DayWord | undefined }
  | { readonly type: 'form' }
  | { readonly type: 'places' | 'weeks'; readonly indicator: string }
  | { readonly type: 'assessment'; readonly of: 'result' | 'lines' };

export function parseShow(text: string): Show | undefined {
  if (text === 'form:annex5') return { type: 'form' };
  if (text === 'assessment:result' || text === 'assessment:lines')
    return { type: 'assessment', of: text === 'assessment:lines' ? 'lines' : 'result' };
  const [, type, code = '', day] = /^(ranking|places|weeks):([a-z0-9-]+)(?:@([a-z-]+))?$/.exec(text) ?? [];
  if (findIndicator(code) === undefined) return undefined;
  if (type === 'ranking') {
    if (day !== undefined && !(DAY_WORDS as readonly string[]).includes(day)) return undefined;
    return { type, indicator: code, since: day as DayWord | undefined };
  }
  if (day !== undefined) return undefined;
  return type === 'places' || type === 'weeks' ? { type, indicator: code } : undefined;
}

export interface Condition {
  readonly of: Extract<Placeholder, { type: 'figure' }>;
  readonly op: '<' | '<=' | '>' | '>=' | '=';
  /** A rate as a fraction. */
  readonly than: number;
}

/** @example `coverage-rate < 95%`, `change:paid@last-week <= 0`, `gap:verify-task-rate < 0` */
export function parseCondition(text: string): Condition | undefined {
  const [, left = '', op, number, percent] =
    /^\s*(\S+)\s*(<=|>=|<|>|=)\s*(-?\d+(?:\.\d+)?)(%)?\s*$/.exec(text) ?? [];
  const of = parsePlaceholder(left);
  if ('problem' in of || of.type !== 'figure') return undefined;
  if (!['value', 'pace', 'change', 'gap'].includes(of.what)) return undefined;
  return { of, op: op as Condition['op'], than: Number(number) / (percent ? 100 : 1) };
}

export interface TemplateProblem {
  /** 标题, or 第2部分. */
  readonly where: string;
  readonly message: string;
}

const LINES = ['title', 'redHead', 'number', 'to', 'cc'] as const;
const LINE_WORDS = { title: '标题', redHead: '红头', number: '发文字号', to: '主送', cc: '抄送' } as const;

/** Everything that would not be printed as it is meant. */
export function checkTemplate(template: PaperTemplate): TemplateProblem[] {
  const found: TemplateProblem[] = [];
  const say = (where: string, messages: readonly string[]): void => {
    for (const message of messages) found.push({ where, message });
  };
  for (const line of LINES) say(LINE_WORDS[line], readLine(template[line]).problems);
  if (template.title.trim() === '') say('标题', ['不能为空']);
  if (template.sections.length === 0) say('正文', ['至少要有一部分']);
  for (const office of template.offices) say('发文单位', readLine(office).problems);
  for (const [i, section] of template.sections.entries()) {
    const where = `第${i + 1}部分`;
    for (const line of [section.heading, ...section.text.split('\n')]) say(where, readLine(line).problems);
    if (section.when.trim() !== '' && parseCondition(section.when) === undefined)
      say(where, [`条件“${section.when}”读不懂，应写成 gap:verify-task-rate < 0 这样的形式`]);
    for (const show of section.show)
      if (parseShow(show) === undefined) say(where, [`没有名为“${show}”的表或图`]);
  }
  return found;
}

function placeholdersIn(pieces: readonly Piece[]): Placeholder[] {
  return pieces.flatMap((piece) => {
    if (piece.type === 'text') return [];
    return piece.type === 'clause' ? placeholdersIn(piece.pieces) : [piece.of];
  });
}

/** Remarks are lines of a template like others. */
export interface Needs {
  readonly counts: readonly string[];
  readonly days: readonly DayWord[];
  readonly weeks: boolean;
  /** The assessment of the paper's day. */
  readonly assessment: boolean;
}

/** What has to be counted for the template and the lines added to it. */
export function needsOf(template: PaperTemplate, added: readonly string[] = []): Needs {
  const codes = new Set<string>();
  const days = new Set<DayWord>(['today']);
  let weeks = false;
  let assessment = false;
  const lines = [
    ...LINES.map((line) => template[line]),
    ...added,
    ...template.sections.flatMap(({ heading, text }) => [heading, text]),
  ];
  const figures = lines.flatMap((line) => placeholdersIn(readLine(line).pieces));
  for (const { when } of template.sections) {
    const condition = parseCondition(when);
    if (condition) figures.push(condition.of);
  }
  for (const one of figures) {
    if (one.type === 'assessment') assessment = true;
    if (one.type !== 'figure') continue;
    codes.add(one.indicator);
    days.add(one.day);
  }
  for (const text of template.sections.flatMap(({ show }) => show)) {
    const show = parseShow(text);
    if (show === undefined) continue;
    if (show.type === 'form') {
      for (const column of ANNEX5.columns) if (column.indicator) codes.add(column.indicator);
      for (const extra of ['population', 'due-paying-rate']) codes.add(extra);
      continue;
    }
    if (show.type === 'assessment') {
      assessment = true;
      continue;
    }
    codes.add(show.indicator);
    if (show.type === 'weeks') weeks = true;
    if (show.type === 'ranking' && show.since) days.add(show.since);
  }
  const counts = new Set([...codes].flatMap((code) => countsOf(indicator(code).code)));
  return { counts: [...counts].sort(), days: [...days].sort(), weeks, assessment };
}
