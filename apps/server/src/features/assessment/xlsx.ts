import { type Graded, gradeTitle } from '@quanbao/domain/assessment/grades';
import type { Inputs } from '@quanbao/domain/assessment/result';
import { LINE_WORDS, type SchemeLine } from '@quanbao/domain/assessment/scheme';
import type { UnitInput } from '@quanbao/domain/assessment/score';
import { plain, valueWords } from '@quanbao/domain/assessment/source';
import { findIndicator } from '@quanbao/domain/indicators/indicators';
import { referenceText } from '@quanbao/domain/indicators/reference';
import { regionLevel } from '@quanbao/domain/kernel/region';
import { writeXlsx } from 'hucre/xlsx';

export interface ResultSheet {
  readonly title: string;
  readonly county: string;
  readonly inputs: Inputs;
  readonly result: readonly Graded[];
  readonly was: ReadonlyMap<string, number>;
  /** Empty until it is frozen. */
  readonly digest: string;
  readonly state: string;
}

const FONT = '宋体';
const LINE = { style: 'thin', color: { rgb: '000000' } } as const;
const BORDER = { top: LINE, bottom: LINE, left: LINE, right: LINE };
type Value = string | number | null;

interface Sheet {
  readonly name: string;
  readonly title: string;
  readonly note: string;
  readonly columns: readonly (readonly [title: string, width: number])[];
  readonly rows: readonly (readonly Value[])[];
}

function sheetOf({ name, title, note, columns, rows }: Sheet): object {
  const head = [[title], [note], columns.map(([heading]) => heading)];
  const cells = new Map<string, object>();
  const put = (r: number, c: number, value: Value, style: object): void => {
    cells.set(`${r},${c}`, { value, style: { font: { name: FONT, size: 10 }, ...style } });
  };
  put(0, 0, title, {
    font: { name: FONT, size: 16, bold: true },
    alignment: { horizontal: 'center', vertical: 'center' },
  });
  put(1, 0, note, { alignment: { vertical: 'center', wrapText: true } });
  columns.forEach(([heading], c) => {
    put(2, c, heading, {
      font: { name: FONT, size: 10, bold: true },
      border: BORDER,
      alignment: { horizontal: 'center', vertical: 'center', wrapText: true },
    });
  });
  rows.forEach((row, r) => {
    row.forEach((value, c) => {
      put(r + 3, c, value, {
        border: BORDER,
        numFmt: typeof value === 'number' ? 'General' : '@',
        alignment: {
          horizontal: typeof value === 'number' ? 'right' : 'left',
          vertical: 'center',
          wrapText: true,
        },
      });
    });
  });
  const last = columns.length - 1;
  return {
    name,
    columns: columns.map(([, width]) => ({ width })),
    rows: [...head, ...rows.map((row) => [...row])],
    cells,
    merges: [
      { startRow: 0, startCol: 0, endRow: 0, endCol: last },
      { startRow: 1, startCol: 0, endRow: 1, endCol: last },
    ],
    rowDefs: new Map([
      [0, { height: 30 }],
      [1, { height: 32 }],
    ]),
    freezePane: { rows: 3 },
    pageSetup: {
      paperSize: 'a4',
      orientation: 'landscape',
      fitToPage: true,
      fitToWidth: 1,
      fitToHeight: 0,
      printTitlesRow: '$1:$3',
    },
    headerFooter: { oddFooter: '&C第 &P 页，共 &N 页' },
  };
}

/** The reports and orders behind a counted record, one a line. */
function papersOf(line: SchemeLine, unit: UnitInput | undefined): string {
  const record = 'fact' in line.source ? line.source.fact.record : undefined;
  const papers = record === undefined ? undefined : unit?.values[record]?.papers;
  if (papers === undefined) return '县级登记或待接入';
  return papers.length === 0 ? '报送和督办记录：无' : papers.map(({ text }) => text).join('\n');
}

/** Ranking and grades; every line with its value, formula and reference; what it all rests on. */
export async function resultToXlsx(of: ResultSheet): Promise<Buffer> {
  const { inputs, result, title, digest } = of;
  const { scheme, day } = inputs;
  const note = `截至 ${day}；方案：${scheme.title}（${scheme.document}）；${of.state}${digest === '' ? '' : `；SM3 ${digest}`}`;
  const sheets = [
    sheetOf({
      name: '排名定级',
      title,
      note,
      columns: [
        ['名次', 8],
        ['上轮名次', 10],
        ['单位', 24],
        ['得分', 10],
        ['可计分满分', 12],
        ['未计分满分', 12],
        ['得分率（%）', 12],
        ['等次', 10],
        ['说明', 40],
      ],
      rows: result.map((one) => [
        one.rank ?? '—',
        of.was.get(one.unit) ?? '—',
        one.name,
        one.total,
        one.judged,
        one.leftOut,
        one.percent ?? '—',
        gradeTitle(scheme, one.grade),
        one.why,
      ]),
    }),
    sheetOf({
      name: '逐项得分',
      title: `${title}逐项得分`,
      note,
      columns: [
        ['单位', 20],
        ['考核内容', 30],
        ['种类', 10],
        ['数值', 12],
        ['满分', 8],
        ['得分', 8],
        ['算法', 60],
        ['依据', 14],
        ['出处（指标@区划@日期）', 42],
      ],
      rows: result.flatMap((one) =>
        scheme.lines.map((line) => {
          const scored = one.lines.find((each) => each.line === line.code);
          const left = scored?.state !== 'judged';
          return [
            one.name,
            line.title,
            LINE_WORDS[line.kind],
            valueWords(line.source, scored?.value ?? null),
            line.full,
            left ? '—' : (scored?.points ?? 0),
            scored?.formula ?? '',
            line.basis,
            'indicator' in line.source && findIndicator(line.source.indicator)
              ? referenceText({
                  what: 'value',
                  indicator: line.source.indicator,
                  region: regionLevel(one.unit) === undefined ? of.county : one.unit,
                  day,
                })
              : papersOf(
                  line,
                  inputs.units.find(({ unit }) => unit === one.unit),
                ),
          ];
        }),
      ),
    }),
    sheetOf({
      name: '依据',
      title: '考核依据',
      note,
      columns: [
        ['事项', 24],
        ['内容', 100],
      ],
      rows: [
        ['考核日期', day],
        ['方案', `${scheme.title}（${scheme.code}）`],
        ['方案依据', scheme.document],
        ['权重来历', scheme.sure === 'own' ? '系统自拟，待县里按文件改定' : '按上述文件'],
        ['满分、加分上限', `${plain(scheme.full)} 分、${plain(scheme.bonusCap)} 分`],
        [
          '等次',
          scheme.grades
            .map(
              (grade) =>
                `${grade.title} ${plain(grade.from)} 分以上${grade.share === undefined ? '' : `（不超过 ${plain(grade.share)}%）`}`,
            )
            .join('；'),
        ],
        ['得分率', '得分÷可计分满分；待接入、无基数和未登记的不计分，其满分单列'],
        ['SM3 摘要', digest === '' ? '尚未定案' : digest],
        ...Object.entries(inputs.definitions).map(([code, said]) => [`指标 ${code}`, said]),
      ],
    }),
  ];
  const bytes = await writeXlsx({
    defaultFont: { name: FONT, size: 10 },
    stringMode: 'inline',
    sheets: sheets as never,
  });
  return Buffer.from(bytes);
}
