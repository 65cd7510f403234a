import { parseReference } from '../../indicators/reference.ts';
import type { PlainDate } from '../../kernel/plain-date.ts';
import { regionLevel } from '../../kernel/region.ts';
import { parseScoreReference, printedScore, sayAssessment } from './assessment.ts';
import { foundAt, type PaperFigures, printed } from './figures.ts';
import { type Block, numbersOf, type Paper, type Run } from './paper.ts';
import { type Piece, type Placeholder, readLine } from './placeholder.ts';
import { say } from './sentences.ts';
import { blockOf } from './tables.ts';
import { type Condition, type PaperTemplate, parseCondition, parseShow } from './template.ts';
import {
  countedWord,
  dayOf,
  dayWords,
  fullDayWords,
  officesBelow,
  townOffice,
  unitsWord,
  wholeWord,
} from './words.ts';

/** Words that a person adds under a part of the paper; figures in them are written as placeholders. */
export interface Remark {
  /** Counted from 0. */
  readonly section: number;
  readonly text: string;
  readonly by: string;
}

/** All that a paper is made from: the same inputs give the same paper, on any later day. */
export interface PaperInputs {
  readonly template: PaperTemplate;
  readonly figures: PaperFigures;
  readonly remarks: readonly Remark[];
  /** 期号; absent while it is a draft. */
  readonly serial?: number;
  /** Whoever makes it: the county also of one of its towns, or the town itself. */
  readonly maker: 'county' | 'town';
  /** The day of issue; the paper's own day while it is a draft. */
  readonly dated: PlainDate;
}

export function compose(inputs: PaperInputs): Paper {
  const { template, figures, dated } = inputs;
  const line = (text: string): string =>
    (fill(inputs, readLine(text).pieces) ?? [])
      .map((run) => run.text)
      .join('')
      .trim();
  const ofCounty = inputs.maker === 'county';
  return {
    kind: template.kind,
    region: figures.region,
    day: figures.day,
    redHead: ofCounty ? line(template.redHead) : '',
    number: line(template.number),
    title: line(template.title),
    to: line(template.to),
    blocks: blocksOf(inputs, line),
    offices: ofCounty ? template.offices.map(line).filter(Boolean) : [townOffice(figures.region.name)],
    dated: fullDayWords(dated),
    cc: ofCounty ? line(template.cc) : '',
  };
}

function blocksOf(inputs: PaperInputs, line: (text: string) => string): Block[] {
  const blocks: Block[] = [];
  let headings = 0;
  // A template may have lost a part since something was written under it.
  const last = inputs.template.sections.length - 1;
  for (const [i, section] of inputs.template.sections.entries()) {
    const remarks = inputs.remarks.filter(
      (one) => Math.min(one.section, last) === i && one.text.trim() !== '',
    );
    const stands = section.when.trim() === '' || holds(inputs, parseCondition(section.when));
    const own: Block[] = stands
      ? [
          ...paragraphs(inputs, section.text),
          ...section.show.flatMap((show) => {
            const parsed = parseShow(show);
            const block = parsed && blockOf(inputs.figures, parsed);
            return block === undefined ? [] : [block];
          }),
        ]
      : [];
    for (const { text, by } of remarks) own.push(...paragraphs(inputs, text, by));
    if (own.length === 0) continue;
    const heading = line(section.heading);
    if (heading !== '') blocks.push({ type: 'heading', text: `${countedWord(++headings)}、${heading}` });
    blocks.push(...own);
  }
  return blocks;
}

function paragraphs(inputs: PaperInputs, text: string, by?: string): Block[] {
  return text.split('\n').flatMap((line): Block[] => {
    const runs = fill(inputs, readLine(line.trim()).pieces) ?? [];
    if (runs.every((run) => run.text.trim() === '')) return [];
    return [{ type: 'paragraph', runs: joined(runs), ...(by === undefined ? {} : { by }) }];
  });
}

/** Neighbouring words are one run; a number keeps its own. */
function joined(runs: readonly Run[]): Run[] {
  const all: Run[] = [];
  for (const run of runs) {
    const last = all.at(-1);
    if (last && last.reference === undefined && run.reference === undefined)
      all[all.length - 1] = { text: last.text + run.text };
    else all.push(run);
  }
  return all;
}

/** @returns undefined where a clause has a figure that is not known */
function fill(inputs: PaperInputs, pieces: readonly Piece[], inClause = false): Run[] | undefined {
  const runs: Run[] = [];
  for (const piece of pieces) {
    if (piece.type === 'text') runs.push({ text: piece.text });
    else if (piece.type === 'clause') runs.push(...(fill(inputs, piece.pieces, true) ?? []));
    else {
      const said = put(inputs, piece.of);
      if (said !== undefined) runs.push(...said);
      else if (inClause) return undefined;
      else runs.push({ text: '—' });
    }
  }
  return runs;
}

function put(inputs: PaperInputs, of: Placeholder): readonly Run[] | undefined {
  const { figures } = inputs;
  if (of.type === 'figure') return say(figures, of);
  if (of.type === 'assessment')
    return sayAssessment(figures.assessment ?? null, of.word, figures.day, figures.county.code);
  return [{ text: nameOf(inputs, of.name) }];
}

function nameOf({ figures, serial, maker }: PaperInputs, name: string): string {
  const { region, county, day } = figures;
  const places = figures.days[day]?.places ?? [];
  const month = Number(day.slice(5, 7));
  const names: Readonly<Record<string, () => string>> = {
    region: () => region.name,
    county: () => county.name,
    whole: () => wholeWord(region),
    units: () => unitsWord(region, places),
    offices: () =>
      maker === 'county' && regionLevel(region.code) === 'town'
        ? townOffice(region.name)
        : officesBelow(region, places),
    date: () => dayWords(day),
    'full-date': () => fullDayWords(day),
    'last-date': () => dayWords(dayOf('last-week', day)),
    year: () => day.slice(0, 4),
    month: () => String(month),
    quarter: () => countedWord(Math.ceil(month / 3)),
    no: () => (serial === undefined ? '×' : String(serial)),
  };
  return names[name]?.() ?? '';
}

function holds({ figures }: PaperInputs, condition: Condition | undefined): boolean {
  if (condition === undefined) return false;
  const { of, op, than } = condition;
  const since = dayOf(of.day, figures.day);
  const at = { indicator: of.indicator, region: of.region ?? figures.region.code };
  const found =
    of.what === 'change'
      ? foundAt(figures, { what: 'change', ...at, day: figures.day, since })
      : foundAt(figures, { what: of.what as 'value' | 'pace' | 'gap', ...at, day: since });
  if (found === undefined || found === null) return false;
  if (op === '<') return found < than;
  if (op === '<=') return found <= than;
  if (op === '>') return found > than;
  return op === '>=' ? found >= than : found === than;
}

/** The numbers of a paper that come out otherwise from other figures of the same days (按现在掌握的数据). */
export function differences(
  paper: Pick<Paper, 'blocks'>,
  issued: PaperFigures,
  now: PaperFigures,
): { reference: string; issued: string; now: string }[] {
  return numbersOf(paper).flatMap(({ reference }) => {
    const score = parseScoreReference(reference);
    if (score !== undefined) {
      const [before, after] = [issued, now].map(
        ({ assessment }) => (assessment && printedScore(assessment, score)) ?? '—',
      ) as [string, string];
      return before === after ? [] : [{ reference, issued: before, now: after }];
    }
    const parsed = parseReference(reference);
    if (parsed === undefined) throw new Error(`A printed reference cannot be read: ${reference}`);
    const [before, after] = [issued, now].map((figures) => printed(parsed, foundAt(figures, parsed), true));
    if (before === after) return [];
    return [{ reference, issued: before as string, now: after as string }];
  });
}
