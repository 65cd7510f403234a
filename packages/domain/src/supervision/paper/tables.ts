import { indicator } from '../../indicators/indicators.ts';
import { ANNEX5, UNPLACED } from '../../reports/forms.ts';
import { linesForm, resultTable } from './assessment.ts';
import { foundAt, numberRun, type PaperFigures, ranked, valueAt } from './figures.ts';
import type { Bar, Block, Run } from './paper.ts';
import type { Show } from './template.ts';
import { type DayWord, dayOf, dayWords, fullDayWords, weekEnds } from './words.ts';

export const WEEKS = 8;
const SINCE_WORDS: Readonly<Record<DayWord, string>> = {
  today: '',
  'last-week': '较上周',
  'last-month': '较上月末',
  'last-quarter': '较上季末',
};
const text = (words: string): Run => ({ text: words });

export function blockOf(figures: PaperFigures, show: Show): Block | undefined {
  if (show.type === 'form') return annex5(figures);
  if (show.type === 'assessment') {
    const { assessment } = figures;
    if (assessment == null) return undefined;
    return show.of === 'lines' ? linesForm(assessment) : resultTable(assessment);
  }
  if (show.type === 'ranking') return rankingTable(figures, show.indicator, show.since);
  return show.type === 'places' ? placesChart(figures, show.indicator) : weeksChart(figures, show.indicator);
}

function rankingTable(figures: PaperFigures, code: string, since: DayWord | undefined): Block | undefined {
  const { day } = figures;
  const of = indicator(code);
  const order = ranked(figures, code, day);
  if (order.length === 0) return undefined;
  const ratio = of.kind === 'rate' ? [of.denominator, of.numerator] : [];
  const before = since && figures.days[dayOf(since, day)] ? dayOf(since, day) : undefined;
  const row = (region: string, name: string, place: Run): Run[] => [
    place,
    text(name),
    ...ratio.map((count) => numberRun(figures, { what: 'value', indicator: count, region, day })),
    numberRun(figures, { what: 'value', indicator: code, region, day }),
    ...(before === undefined
      ? []
      : [numberRun(figures, { what: 'change', indicator: code, region, day, since: before }, true)]),
  ];
  const known = new Set(order.map(({ place }) => place.code));
  const blank = (figures.days[day]?.places ?? []).filter(({ code: place }) => !known.has(place));
  const name = of.kind === 'rate' ? '（%）' : `（${of.unit}）`;
  return {
    type: 'table',
    title: `${of.name}排名（${fullDayWords(day)}）`,
    head: [
      '排名',
      '单位',
      ...ratio.map((count) => indicator(count).name),
      of.kind === 'rate' ? of.name : `${of.name}${name}`,
      ...(before === undefined
        ? []
        : [`${SINCE_WORDS[since as DayWord]}${of.kind === 'rate' ? '（百分点）' : name}`]),
    ],
    rows: [
      ...order.map(({ place }) =>
        row(
          place.code,
          place.name,
          numberRun(figures, { what: 'rank', indicator: code, region: place.code, day }),
        ),
      ),
      ...blank.map((place) => row(place.code, place.name, text('—'))),
      row(figures.region.code, '合计', text('')),
    ],
  };
}

/** As the form prints it on that day; the same cells as the report (附件5). */
function annex5(figures: PaperFigures): Block | undefined {
  const { day, region, county } = figures;
  const found = figures.days[day];
  if (found === undefined) return undefined;
  const row = (code: string, printedCode: string, name: string, what: 'value' | 'rest'): Run[][] => {
    const number = (of: string): Run => numberRun(figures, { what, indicator: of, region: code, day });
    const due = numberOf(figures, 'due-payers', code, what);
    const detail =
      due === 0 ? [text('无应缴人员')] : [number('due-paid'), text('/'), number('due-payers'), text('人')];
    return ANNEX5.columns.map((column) => {
      if (column.kind === 'code') return [text(printedCode)];
      if (column.kind === 'name') return [text(name)];
      if (column.indicator !== undefined) return [number(column.indicator)];
      return [text('应缴人员缴费率'), number('due-paying-rate'), text('（'), ...detail, text('）')];
    });
  };
  const rows = found.places.map((place) =>
    row(place.code, county.code, fullName(county.name, place.name), 'value'),
  );
  if (numberOf(figures, 'population', region.code, 'rest') > 0)
    rows.push(row(region.code, county.code, UNPLACED, 'rest'));
  rows.push(row(region.code, '', '合计', 'value'));
  return {
    type: 'form',
    number: ANNEX5.number,
    title: ANNEX5.title.replace('{county}', county.name),
    meta: `填报单位：${region.name}　　${fullDayWords(day)}　　单位：人`,
    header: ANNEX5.header,
    headerRows: ANNEX5.headerRows,
    widths: ANNEX5.columns.map(({ width }) => width),
    rows,
  };
}

function fullName(county: string, name: string): string {
  return ANNEX5.fullNames ? `${county}${name}` : name;
}

function numberOf(figures: PaperFigures, code: string, region: string, what: 'value' | 'rest'): number {
  return foundAt(figures, { what, indicator: code, region, day: figures.day }) ?? 0;
}

/** Longest at the whole: a rate against 100 %, a count against the largest. */
function sharesOf(code: string, values: readonly (number | null | undefined)[]): (number | null)[] {
  const most = indicator(code).kind === 'rate' ? 1 : Math.max(1, ...values.map((value) => value ?? 0));
  return values.map((value) => (value === null || value === undefined ? null : Math.min(1, value / most)));
}

function placesChart(figures: PaperFigures, code: string): Block | undefined {
  const order = ranked(figures, code, figures.day);
  if (order.length === 0) return undefined;
  const shares = sharesOf(
    code,
    order.map(({ value }) => value),
  );
  const bars = order.map(({ place }, i): Bar => {
    const reference = { what: 'value', indicator: code, region: place.code, day: figures.day } as const;
    return { label: place.name, value: numberRun(figures, reference), share: shares[i] ?? null };
  });
  return { type: 'bars', title: `各单位${indicator(code).name}（${dayWords(figures.day)}）`, bars };
}

function weeksChart(figures: PaperFigures, code: string): Block | undefined {
  const region = figures.region.code;
  const days = weekEnds(figures.day, WEEKS).filter((day) => figures.days[day] !== undefined);
  if (days.length < 2) return undefined;
  const shares = sharesOf(
    code,
    days.map((day) => valueAt(figures, code, region, day)),
  );
  const bars = days.map((day, i): Bar => {
    const reference = { what: 'value', indicator: code, region, day } as const;
    return { label: dayWords(day), value: numberRun(figures, reference), share: shares[i] ?? null };
  });
  return { type: 'bars', title: `${figures.region.name}${indicator(code).name}逐周变化`, bars };
}
