import { addDays, isPlainDate, nextMonth, type PlainDate, toHalfWidth } from '../kernel/plain-date.ts';
import { SHIPPED_SOURCES, type SourceDefinition } from './catalogue.ts';
import { findHead, type HeadMatch, normaliseHeader } from './header.ts';

/** How well a file's first rows and its name agree with one source. */
export interface SourceGuess {
  readonly source: SourceDefinition;
  readonly head: HeadMatch | undefined;
  /** Every required column is there. */
  readonly complete: boolean;
  /** From 0 to 1. */
  readonly score: number;
}

/** What a file is called by its senders, beside the title of the source. */
const NAMED: Readonly<Record<string, RegExp>> = {
  'household-register': /户籍|常住人口|人口信息/,
  'province-list': /省厅|下发|需核实/,
  'residents-scheme': /居保参保|参保人员|参保明细/,
  'residents-payments': /缴费明细|缴费|征缴|入库/,
  'insurance-compare': /比对/,
  'employees-in-province': /省内.*(企业|职保)|企业职保/,
  'public-sector-in-province': /机关|事保|事业/,
  'employees-elsewhere': /外省|省外|跨省/,
  'employees-obligated': /法定|未参保职工|应参/,
  students: /学生|在校|学籍/,
  military: /现役|军人|参军|入伍/,
  prisoners: /服刑|监狱|刑/,
  abroad: /出国|出境|定居/,
  deaths: /死亡|火化|殡葬|宣告|销户/,
  dishonest: /失信/,
  'low-income': /低保/,
  'extreme-poverty': /特困|五保/,
  disability: /残疾|残联/,
  'poverty-registered': /建档立卡|脱贫|监测对象/,
  'land-expropriated': /被征地|征地/,
  'survey-workbook': /底册|摸底|附件3|核实情况/,
};

/** @returns the sources whose number column was found, best first; equals by the catalogue's order */
export function recogniseSource(
  fileName: string,
  rows: readonly (readonly string[])[],
  sources: readonly SourceDefinition[] = SHIPPED_SOURCES,
): SourceGuess[] {
  const titles = rows.slice(0, 3).flat().join(' ');
  return sources
    .map((source): SourceGuess => {
      const head = findHead(source, rows);
      if (head === undefined || !(head.columns.has('id') || head.columns.has('certificate'))) {
        return { source, head, complete: false, score: 0 };
      }
      const headings = head.headers.filter((text) => normaliseHeader(text) !== '').length;
      const used = head.columns.size + 2 * Math.max(0, head.pairs.length - 1);
      const complete = head.missing.length === 0;
      const named = NAMED[source.code]?.test(fileName) ?? false;
      const titled = !named && (NAMED[source.code]?.test(titles) ?? false);
      const score =
        (complete ? 0.4 : 0) +
        0.3 * Math.min(1, used / Math.max(1, headings)) +
        (named ? 0.3 : titled ? 0.2 : 0);
      return { source, head, complete, score };
    })
    .filter((guess) => guess.score > 0)
    .toSorted((a, b) => b.score - a.score);
}

/** The day a list stands for, as its name or title says it: a day, or the last day of a month. */
export function recogniseDay(texts: readonly string[]): PlainDate | undefined {
  for (const raw of texts) {
    const text = toHalfWidth(raw);
    const day =
      /(?<!\d)(20\d\d)[年.\-/](\d{1,2})[月.\-/](\d{1,2})(?!\d)/.exec(text) ??
      /(?<!\d)(20\d\d)(\d\d)(\d\d)(?!\d)/.exec(text);
    if (day !== null) {
      const found = `${day[1]}-${day[2]!.padStart(2, '0')}-${day[3]!.padStart(2, '0')}`;
      if (isPlainDate(found)) return found;
    }
    const month =
      /(?<!\d)(20\d\d)[年.\-/](\d{1,2})(?:月|(?!\d))/.exec(text) ?? /(?<!\d)(20\d\d)(\d\d)(?!\d)/.exec(text);
    if (month !== null) {
      const first = `${month[1]}-${month[2]!.padStart(2, '0')}-01`;
      if (isPlainDate(first)) return addDays(nextMonth(first), -1);
    }
  }
  return undefined;
}
