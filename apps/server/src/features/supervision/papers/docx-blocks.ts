import type { Block, Run } from '@quanbao/domain/supervision/paper/paper';
import {
  AlignmentType,
  BorderStyle,
  ImageRun,
  type IParagraphOptions,
  LineRuleType,
  convertMillimetersToTwip as mm,
  Paragraph,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  TextRun,
  VerticalAlignTable,
  WidthType,
} from 'docx';

/** The standard's faces; they are not ours to ship: without them an office's computer falls back to its own. */
export const TITLE_FACE = '方正小标宋简体';
export const BODY = '仿宋_GB2312';
export const HEAD_FACE = '黑体';
export const RED = 'E60012';
const BAR = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGPQz1kBAAIRAUSU8BOCAAAAAElFTkSuQmCC',
  'base64',
);
/** Between the margins of an upright page. */
const WIDTH = mm(156);

export function face(eastAsia: string) {
  return { ascii: 'Times New Roman', hAnsi: 'Times New Roman', eastAsia, cs: 'Times New Roman' };
}

/** 28 pt a line; @param characters the first is indented by */
export function line(characters = 0): IParagraphOptions {
  return {
    spacing: { line: 560, lineRule: LineRuleType.EXACT },
    ...(characters === 0
      ? {}
      : { indent: { firstLine: characters * 320, firstLineChars: characters * 100 } }),
  };
}

function textOf(runs: readonly Run[]): string {
  return runs.map((run) => run.text).join('');
}

/** @param last the signature stands under it: it never stands on a page alone */
export function bodyBlock(block: Block, last = false): (Paragraph | Table)[] {
  switch (block.type) {
    case 'heading':
      return [
        new Paragraph({ ...line(2), style: 'Head1', keepNext: true, children: [new TextRun(block.text)] }),
      ];
    case 'paragraph':
      return [
        new Paragraph({
          ...line(2),
          ...(block.by === undefined ? {} : { style: 'ByHand' }),
          alignment: AlignmentType.BOTH,
          keepNext: last,
          keepLines: last,
          children: block.runs.map((run) => new TextRun(run.text)),
        }),
      ];
    case 'table':
      return [caption(block.title), table(block.head, block.rows), space()];
    case 'bars':
      return [caption(block.title), bars(block.bars), space()];
    default:
      return [];
  }
}

function caption(title: string): Paragraph {
  return new Paragraph({
    alignment: AlignmentType.CENTER,
    keepNext: true,
    spacing: { before: 200, after: 100 },
    children: [new TextRun({ text: title, font: face(HEAD_FACE), size: 24 })],
  });
}

function space(): Paragraph {
  return new Paragraph({ spacing: { line: 240 }, children: [] });
}

interface CellLook {
  readonly width: number;
  readonly bold?: boolean;
  readonly align?: 'left' | 'center' | 'right';
  readonly rowSpan?: number;
  readonly columnSpan?: number;
  readonly open?: 'top' | 'bottom';
}

function cell(text: string, look: CellLook): TableCell {
  const none = { style: BorderStyle.NONE, size: 0, color: 'FFFFFF' };
  return new TableCell({
    width: { size: look.width, type: WidthType.DXA },
    verticalAlign: VerticalAlignTable.CENTER,
    margins: { left: look.align === 'left' ? 70 : 30, right: 30 },
    ...(look.rowSpan === undefined ? {} : { rowSpan: look.rowSpan }),
    ...(look.columnSpan === undefined ? {} : { columnSpan: look.columnSpan }),
    ...(look.open === undefined ? {} : { borders: { [look.open]: none } }),
    children: [
      new Paragraph({
        alignment: AlignmentType[(look.align ?? 'center').toUpperCase() as 'LEFT' | 'CENTER' | 'RIGHT'],
        spacing: { before: 40, after: 40 },
        children: [
          new TextRun({
            text,
            size: 21,
            ...(look.bold ? { font: face(HEAD_FACE) } : { font: face('宋体') }),
          }),
        ],
      }),
    ],
  });
}

function table(head: readonly string[], rows: readonly (readonly Run[])[]): Table {
  const parts = head.map((title, i) => (i === 0 ? 0.6 : i === 1 ? 1.5 : Math.max(1, title.length / 9)));
  const sum = parts.reduce((a, n) => a + n, 0);
  const widths = parts.map((part) => Math.round((part / sum) * WIDTH));
  const look = (i: number): CellLook => ({ width: widths[i] as number, align: i === 1 ? 'left' : 'center' });
  return new Table({
    layout: TableLayoutType.FIXED,
    alignment: AlignmentType.CENTER,
    width: { size: WIDTH, type: WidthType.DXA },
    columnWidths: widths,
    rows: [
      new TableRow({
        tableHeader: true,
        cantSplit: true,
        children: head.map((title, i) => cell(title, { width: widths[i] as number, bold: true })),
      }),
      ...rows.map(
        (row) => new TableRow({ cantSplit: true, children: row.map((run, i) => cell(run.text, look(i))) }),
      ),
    ],
  });
}

const LABEL = mm(34);
const VALUE = mm(26);
/** Pixels of the longest bar: what is left between label and value. */
const LONGEST = 340;

/** Bars as lengths of one coloured point: they print everywhere, and need no program to draw them. */
function bars(all: Extract<Block, { type: 'bars' }>['bars']): Table {
  const widths = [LABEL, WIDTH - LABEL - VALUE, VALUE];
  const none = { style: BorderStyle.NONE, size: 0, color: 'FFFFFF' };
  const borders = { top: none, bottom: none, left: none, right: none };
  const at = (
    i: number,
    align: 'LEFT' | 'RIGHT',
    keepNext: boolean,
    child?: TextRun | ImageRun,
    left = false,
  ) =>
    new TableCell({
      width: { size: widths[i] as number, type: WidthType.DXA },
      verticalAlign: VerticalAlignTable.CENTER,
      borders: left ? { ...borders, left: { style: BorderStyle.SINGLE, size: 6, color: '7F7F7F' } } : borders,
      margins: { left: left ? 0 : 60, right: 60 },
      children: [
        new Paragraph({
          alignment: AlignmentType[align],
          keepNext,
          spacing: { before: 30, after: 30 },
          children: child === undefined ? [] : [child],
        }),
      ],
    });
  const small = (text: string): TextRun => new TextRun({ text, size: 21, font: face('宋体') });
  return new Table({
    layout: TableLayoutType.FIXED,
    alignment: AlignmentType.CENTER,
    width: { size: WIDTH, type: WidthType.DXA },
    columnWidths: widths,
    borders: { ...borders, insideHorizontal: none, insideVertical: none },
    rows: all.map(({ label, value, share }, row) => {
      // A chart stays on one page.
      const keepNext = row < all.length - 1;
      const width = Math.round((share ?? 0) * LONGEST);
      const picture =
        width < 1
          ? undefined
          : new ImageRun({
              type: 'png',
              data: BAR,
              transformation: { width, height: 12 },
              altText: { name: label, title: label, description: `${label} ${value.text}` },
            });
      return new TableRow({
        cantSplit: true,
        children: [
          at(0, 'RIGHT', keepNext, small(label)),
          at(1, 'LEFT', keepNext, picture, true),
          at(2, 'LEFT', keepNext, small(value.text)),
        ],
      });
    }),
  });
}

type Header = Extract<Block, { type: 'form' }>['header'];

/** The head of an L: no line towards the open cell under it. */
function isOpen(header: Header, cell: Header[number]): boolean {
  return header.some(
    (one) => one.joined && one.row === cell.row + cell.rowSpan && one.column === cell.column,
  );
}

/** The form with its own heading, on a page of its own; @param label 附件, or 附件2 */
export function formBlock(form: Extract<Block, { type: 'form' }>, label: string): (Paragraph | Table)[] {
  const width = mm(257);
  const sum = form.widths.reduce((a, n) => a + n, 0);
  const widths = form.widths.map((one) => Math.round((one / sum) * width));
  const spanned = (column: number, span: number): number =>
    widths.slice(column - 1, column - 1 + span).reduce((a, n) => a + n, 0);
  const header = Array.from(
    { length: form.headerRows },
    (_, row) =>
      new TableRow({
        tableHeader: true,
        cantSplit: true,
        children: form.header
          .filter((one) => one.row === row)
          .toSorted((a, b) => a.column - b.column)
          .map((one) =>
            cell(one.text, {
              width: spanned(one.column, one.columnSpan),
              bold: true,
              rowSpan: one.rowSpan,
              columnSpan: one.columnSpan,
              ...(one.joined
                ? { open: 'top' as const }
                : isOpen(form.header, one)
                  ? { open: 'bottom' as const }
                  : {}),
            }),
          ),
      }),
  );
  const numbers = new TableRow({
    tableHeader: true,
    children: widths.map((one, i) => cell(String(i + 1), { width: one })),
  });
  return [
    new Paragraph({ children: [new TextRun({ text: label, font: face(HEAD_FACE) })] }),
    new Paragraph({
      alignment: AlignmentType.CENTER,
      spacing: { after: 160 },
      children: [new TextRun({ text: form.title, font: face(TITLE_FACE), size: 36 })],
    }),
    new Paragraph({ children: [new TextRun({ text: form.meta, size: 21, font: face('宋体') })] }),
    new Table({
      layout: TableLayoutType.FIXED,
      width: { size: width, type: WidthType.DXA },
      columnWidths: widths,
      rows: [
        ...header,
        numbers,
        ...form.rows.map(
          (row) =>
            new TableRow({
              cantSplit: true,
              children: row.map((runs, i) =>
                cell(textOf(runs), {
                  width: widths[i] as number,
                  align: i === 1 || i === row.length - 1 ? 'left' : 'center',
                }),
              ),
            }),
        ),
      ],
    }),
  ];
}
