import { type CountOf, formatRate, indicatorValue, ratio } from '../indicators/indicators.ts';

/**
 * The statutory forms as data (沅人社发〔2020〕44号 附件1, 3, 4, 5): texts, nesting and column numbers as printed.
 * What a column counts is an indicator; what the form derives is a formula over its own columns.
 */
export type FormCode = 'annex1' | 'annex3' | 'annex4' | 'annex5';

/** `mark` is a short text, centred; `tick` a √ that 合计 counts. */
export type ColumnKind = 'code' | 'name' | 'text' | 'mark' | 'tick' | 'count' | 'rate' | 'remark';

export type Formula =
  | { readonly op: 'sum'; readonly of: readonly number[] }
  | { readonly op: 'difference' | 'ratio'; readonly of: readonly [number, number] };

export interface ColumnSpec {
  readonly kind: ColumnKind;
  /** In half-width characters. */
  readonly width: number;
  readonly indicator?: string;
  readonly formula?: Formula;
}

export interface FormColumn extends ColumnSpec {
  /** The number the form prints under the heading. */
  readonly number: number;
  /** The lowest heading over the column. */
  readonly title: string;
  /** All headings over the column, from the top. */
  readonly path: readonly string[];
}

/** One heading. With both a column and children it is L-shaped: its own column runs down beside theirs. */
export interface Heading {
  readonly text: string;
  readonly column?: ColumnSpec;
  readonly children?: readonly Heading[];
}

export interface HeaderCell {
  /** From 0, inside the header block. */
  readonly row: number;
  /** Printed column number, from 1. */
  readonly column: number;
  readonly rowSpan: number;
  readonly columnSpan: number;
  readonly text: string;
  /** The open foot of an L-shaped heading: no line towards the heading above. */
  readonly joined?: boolean;
}

/** A piece of the line over the table; holds {unit}, {reporter}, {contact} and {date}. */
export interface MetaPart {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly align: 'left' | 'center' | 'right';
}

/** Two sums over columns that must agree. */
export interface FormCheck {
  readonly left: readonly number[];
  readonly right: readonly number[];
  readonly message: string;
}

export interface FormDefinition {
  /** A statutory form's, or the one a county gave its own. */
  readonly code: FormCode | (string & {});
  /** 附件4 */
  readonly number: string;
  readonly name: string;
  /** Holds {county}, {year} and {level} (市 or 县). */
  readonly title: string;
  readonly meta: readonly MetaPart[];
  readonly header: readonly HeaderCell[];
  readonly headerRows: number;
  /** Whether the form prints a row of column numbers. */
  readonly numbered: boolean;
  readonly columns: readonly FormColumn[];
  readonly footnotes: readonly string[];
  readonly paper: { readonly size: 'A3' | 'A4'; readonly orientation: 'landscape' | 'portrait' };
  /** Blocks of the same columns side by side. */
  readonly blocks: number;
  /** Column 2 prints 沅江市草尾镇 instead of 草尾镇. */
  readonly fullNames: boolean;
  /** Indicators kept beside the row: checks and the remark need them, no column prints them. */
  readonly extras: readonly string[];
  /** Of a county's own form; the statutory forms' are in footing.ts. */
  readonly checks?: readonly FormCheck[];
}

export type CellValue = number | string | null;
/** By printed column number. A rate is an unrounded fraction, null when there is nothing to divide by. */
export type Cells = Readonly<Record<number, CellValue>>;

export interface FormRow {
  /** The region's own code. */
  readonly code: string;
  readonly name: string;
  readonly cells: Cells;
  readonly remark?: string;
  readonly extra?: Readonly<Record<string, number>>;
}

export interface FormTable {
  readonly form: FormDefinition;
  readonly region: { readonly code: string; readonly name: string };
  readonly county: { readonly code: string; readonly name: string };
  readonly asOf: string;
  /** 填报单位 */
  readonly unit: string;
  readonly reporter?: string;
  readonly contact?: string;
  readonly rows: readonly FormRow[];
  readonly total: FormRow;
  /** Printed under the table. */
  readonly note?: string;
  /** Column 1 prints the county's six digits as the sample rows do, or each region's own code. */
  readonly printedCode?: 'county' | 'own';
}

const count = (indicator: string, width = 10): ColumnSpec => ({ kind: 'count', width, indicator });
const sum = (indicator: string, of: readonly number[]): ColumnSpec => ({
  ...count(indicator),
  formula: { op: 'sum', of },
});
const rateOf = (indicator: string, of: readonly [number, number]): ColumnSpec => ({
  kind: 'rate',
  width: 13,
  indicator,
  formula: { op: 'ratio', of },
});
const plain = (kind: ColumnKind, width: number): ColumnSpec => ({ kind, width });
const tick = (text: string, width = 10): Heading => ({ text, column: plain('tick', width) });

export type FormSpec = Omit<
  FormDefinition,
  'header' | 'headerRows' | 'columns' | 'footnotes' | 'blocks' | 'fullNames' | 'extras' | 'numbered'
> &
  Partial<FormDefinition> & { readonly headings: readonly Heading[] };

function depth(heading: Heading): number {
  return 1 + Math.max(0, ...(heading.children ?? []).map(depth));
}

export function defineForm({ headings, ...spec }: FormSpec): FormDefinition {
  const headerRows = Math.max(...headings.map(depth));
  const header: HeaderCell[] = [];
  const columns: FormColumn[] = [];
  const place = (heading: Heading, row: number, above: readonly string[]): void => {
    const path = [...above, heading.text];
    const at = header.length;
    const column = columns.length + 1;
    if (heading.column) columns.push({ ...heading.column, number: column, title: heading.text, path });
    if (!heading.children) {
      header.push({ row, column, rowSpan: headerRows - row, columnSpan: 1, text: heading.text });
      return;
    }
    if (heading.column) {
      header.push({
        row: row + 1,
        column,
        rowSpan: headerRows - row - 1,
        columnSpan: 1,
        text: '',
        joined: true,
      });
    }
    for (const child of heading.children) place(child, row + 1, path);
    const columnSpan = columns.length + 1 - column;
    header.splice(at, 0, { row, column, rowSpan: 1, columnSpan, text: heading.text });
  };
  for (const heading of headings) place(heading, 0, []);
  return {
    numbered: true,
    footnotes: [],
    blocks: 1,
    fullNames: false,
    extras: [],
    ...spec,
    header,
    headerRows,
    columns,
  };
}

const A3 = { size: 'A3', orientation: 'landscape' } as const;

export const ANNEX1 = defineForm({
  code: 'annex1',
  number: '附件1',
  name: '城乡居民基本养老保险参保缴费指导性任务表',
  title: '{year}年度全{level}城乡居民基本养老保险参保缴费指导性任务表',
  meta: [{ text: '单位：人', from: 1, to: 4, align: 'right' }],
  headings: [
    { text: '项目\n单位', column: plain('name', 24) },
    { text: '需核实参保任务数', column: plain('count', 24) },
  ],
  numbered: false,
  blocks: 2,
  footnotes: [
    '说明:1.各镇（场、街道）目标任务完成情况纳入{level}政府对镇（场、街道）的绩效考核；',
    '     2.8月底前完成任务50%；10月底前完成任务100%。{level}里将对完成任务情况进行督查通报。',
  ],
  paper: { size: 'A4', orientation: 'landscape' },
});

export const ANNEX3 = defineForm({
  code: 'annex3',
  number: '附件3',
  name: '城乡居民养老保险全覆盖摸底明细表',
  title: '{county}城乡居民养老保险全覆盖摸底明细表',
  meta: [
    { text: '填报单位：{unit}', from: 1, to: 6, align: 'left' },
    { text: '填报人：{reporter}', from: 7, to: 10, align: 'left' },
    { text: '联系方式：{contact}', from: 11, to: 15, align: 'left' },
    { text: '{date}', from: 16, to: 20, align: 'right' },
  ],
  headings: [
    { text: '行政代码', column: plain('code', 9) },
    { text: '行政区划', column: plain('name', 12) },
    { text: '姓名', column: plain('text', 11) },
    { text: '身份证号码', column: plain('mark', 20) },
    { text: '出生年月', column: plain('mark', 10) },
    { text: '户籍地址', column: plain('text', 32) },
    tick('属于城乡居保覆盖范围（√）', 12),
    {
      text: '不属于城乡居保覆盖范围（√）',
      children: [
        tick('已参加省内企业职保'),
        tick('已参加省内机关事保'),
        tick('已参加外省职工养老保险'),
        tick('职工养老保险法定人员（未参保）'),
        tick('在校学生', 8),
        tick('现役军人', 8),
        tick('服刑人员', 8),
        tick('已出国（境）定居'),
        tick('已死亡未销户', 11),
        tick('其他（列具体情况）'),
      ],
    },
    { text: '是否愿意参保（是，否）', column: plain('mark', 11) },
    { text: '联系电话', column: plain('mark', 14) },
    { text: '备注', column: plain('remark', 32) },
  ],
  paper: A3,
});

export const ANNEX4 = defineForm({
  code: 'annex4',
  number: '附件4',
  name: '城乡居民养老保险全覆盖摸底统计表',
  title: '{county}城乡居民养老保险全覆盖摸底统计表',
  meta: [
    { text: '填报单位：{unit}', from: 1, to: 6, align: 'left' },
    { text: '{date}', from: 7, to: 12, align: 'center' },
    { text: '填报人：{reporter}', from: 13, to: 17, align: 'left' },
    { text: '单位：人', from: 18, to: 19, align: 'right' },
  ],
  headings: [
    { text: '行政代码', column: plain('code', 9) },
    { text: '行政区划', column: plain('name', 24) },
    { text: '户籍人口数', column: count('population') },
    { text: '属于城乡居保覆盖范围人数', column: count('in-scope', 12) },
    {
      text: '不属于城乡居保覆盖范围人数',
      children: [
        { text: '合计', column: sum('not-in-scope', [6, 10, 11, 12, 13, 14, 15, 16]) },
        {
          text: '已参加职保人数',
          children: [
            { text: '小计', column: sum('insured-by-employment', [7, 8, 9]) },
            { text: '已参加省内企业职保', column: count('employee-in-province') },
            { text: '已参加省内机关事保', column: count('public-in-province') },
            { text: '已参加外省职工养老保险', column: count('employee-elsewhere') },
          ],
        },
        { text: '职工养老保险法定人员（未参保）', column: count('obligated', 15) },
        { text: '在校学生', column: count('student') },
        { text: '现役军人', column: count('military') },
        { text: '服刑人员', column: count('prison') },
        { text: '已出国（境）定居', column: count('abroad') },
        { text: '已死亡未销户', column: count('dead') },
        { text: '其他', column: count('other') },
      ],
    },
    { text: '无参保意愿人数', column: count('refuses', 12) },
    { text: '拟参保扩面人数', column: count('willing', 12) },
    { text: '备注', column: plain('remark', 36) },
  ],
  paper: A3,
  fullNames: true,
  extras: ['registered', 'not-asked'],
});

export const ANNEX5 = defineForm({
  code: 'annex5',
  number: '附件5',
  name: '城乡居民养老保险全覆盖情况调度表',
  title: '{county}城乡居民养老保险全覆盖情况调度表',
  meta: [
    { text: '填报单位：{unit}', from: 1, to: 3, align: 'left' },
    { text: '填报人　{reporter}　　联系方式：{contact}', from: 4, to: 6, align: 'left' },
    { text: '{date}', from: 7, to: 8, align: 'center' },
    { text: '单位：人', from: 9, to: 9, align: 'right' },
  ],
  headings: [
    { text: '行政代码', column: plain('code', 10) },
    { text: '行政区划', column: plain('name', 26) },
    { text: '城乡居保应覆盖人数', column: count('in-scope', 17) },
    {
      text: '已进行城乡居保参保登记人数',
      column: count('registered', 14),
      children: [
        {
          text: '其中已缴费人数',
          column: count('paid', 14),
          children: [{ text: '参保缴费率', column: rateOf('paying-rate', [5, 4]) }],
        },
      ],
    },
    {
      text: '未进行城乡居保参保登记人数',
      column: { ...count('not-registered', 16), formula: { op: 'difference', of: [3, 4] } },
    },
    { text: '城乡居保覆盖率', column: rateOf('coverage-rate', [4, 3]) },
    { text: '备注', column: plain('remark', 40) },
  ],
  paper: { size: 'A4', orientation: 'landscape' },
  fullNames: true,
  extras: ['due-payers', 'due-paid'],
});

export const FORMS: Readonly<Record<FormCode, FormDefinition>> = {
  annex1: ANNEX1,
  annex3: ANNEX3,
  annex4: ANNEX4,
  annex5: ANNEX5,
};

/** What the form's own formula gives for a column. */
export function applyFormula(formula: Formula, cells: Cells): number | null {
  const [first, ...rest] = formula.of.map((n) => Number(cells[n] ?? 0)) as [number, ...number[]];
  if (formula.op === 'sum') return rest.reduce((a, b) => a + b, first);
  return formula.op === 'difference' ? first - (rest[0] as number) : ratio(first, rest[0] as number);
}

/** The figures of one region: what is counted, and what the form derives from it, in whatever order it is printed. */
export function computeRow(form: FormDefinition, countOf: CountOf): Cells {
  const byNumber = new Map(form.columns.map((column) => [column.number, column]));
  const cells: Record<number, CellValue> = {};
  const compute = (number: number): void => {
    const column = byNumber.get(number);
    if (column === undefined || number in cells) return;
    const { indicator, formula } = column;
    if (formula) {
      for (const of of formula.of) compute(of);
      cells[number] = applyFormula(formula, cells);
    } else if (indicator !== undefined) cells[number] = indicatorValue(indicator, countOf);
  };
  for (const { number } of form.columns) compute(number);
  return cells;
}

/** Column 备注 of 附件4 and 附件5. @param quarantined register rows kept out of column 3 */
export function remark(form: FormDefinition, countOf: CountOf, quarantined = 0): string {
  if (form.code === 'annex4') {
    const left = quarantined > 0 ? `；另有 ${quarantined} 行未计入` : '';
    return `尚未摸底 ${countOf('not-asked')} 人${left}`;
  }
  if (form.code === 'annex5') {
    const due = countOf('due-payers');
    const paid = countOf('due-paid');
    const detail = due === 0 ? '无应缴人员' : `${paid}/${due} 人`;
    return `应缴人员缴费率 ${formatRate(ratio(paid, due))}（${detail}）`;
  }
  return '';
}

/** A whole row: figures, remark and what the footing checks need beside them. */
export function formRow(
  form: FormDefinition,
  region: { readonly code: string; readonly name: string },
  countOf: CountOf,
  quarantined = 0,
): FormRow {
  return {
    code: region.code,
    name: region.name,
    cells: computeRow(form, countOf),
    remark: remark(form, countOf, quarantined),
    extra: Object.fromEntries(form.extras.map((code) => [code, countOf(code)])),
  };
}

/** 附件1 has no counts of its own: the targets are given. */
export function annex1Rows(
  targets: readonly { readonly name: string; readonly target: number; readonly code?: string }[],
): {
  readonly rows: FormRow[];
  readonly total: FormRow;
} {
  const rows = targets.map((t) => ({ code: t.code ?? '', name: t.name, cells: { 2: t.target } }));
  const all = targets.reduce((a, t) => a + t.target, 0);
  return { rows, total: { code: '', name: '合计', cells: { 2: all } } };
}

/** 2020-08-31 → 2020年8月31日 */
function printedDay(day: string): string {
  const [y, m, d] = day.split('-').map(Number);
  return `${y}年${m}月${d}日`;
}

/** The row of those whom no division of the level below could be found for. */
export const UNPLACED = '未分村社区';

export type FormHeading = Pick<FormTable, 'county' | 'asOf' | 'unit' | 'reporter' | 'contact'>;

/** Puts a table's own words into a title, a meta part or a footnote of its form. */
export function fillIn(template: string, heading: FormHeading): string {
  const level = /[市县区旗]$/.exec(heading.county.name)?.[0] ?? '县';
  const words: Record<string, string> = {
    county: heading.county.name,
    level,
    year: heading.asOf.slice(0, 4),
    unit: heading.unit,
    reporter: heading.reporter ?? '',
    contact: heading.contact ?? '',
    date: printedDay(heading.asOf),
  };
  return template.replace(/\{(\w+)\}/g, (_, key: string) => words[key] ?? '');
}

/** What columns 1 and 2 print for a row. */
export function printedRegion(
  table: Omit<FormTable, 'rows' | 'total'>,
  row: FormRow,
): { code: string; name: string } {
  const { county, region, form } = table;
  const code = table.printedCode === 'own' ? row.code : county.code;
  if (!form.fullNames || row.name === UNPLACED) return { code, name: row.name };
  // A village row of a town's form says the town too: village names repeat within a county.
  const within = region.code.length > county.code.length && row.code !== region.code ? region.name : '';
  let name = row.name;
  for (const prefix of [within, county.name]) if (!name.startsWith(prefix)) name = prefix + name;
  return { code, name };
}
