import type { Paper } from '@quanbao/domain/supervision/paper/paper';
import {
  AlignmentType,
  BorderStyle,
  Document,
  Footer,
  type ISectionOptions,
  LineRuleType,
  convertMillimetersToTwip as mm,
  Packer,
  PageNumber,
  PageOrientation,
  Paragraph,
  type Table,
  TextRun,
} from 'docx';
import { BODY, bodyBlock, face, formBlock, HEAD_FACE, line, RED, TITLE_FACE } from './docx-blocks.ts';

/** GB/T 9704: A4, 37 above, 35 below, 28 left, 26 right; 22 lines of 28 pt. */
const MARGIN = { top: mm(37), bottom: mm(35), left: mm(28), right: mm(26), footer: mm(28) };
const A4 = { width: mm(210), height: mm(297) };

/** — 1 — outside at the foot: right on odd pages, left on even ones. */
function footer(side: (typeof AlignmentType)['LEFT' | 'RIGHT']): Footer {
  const text = { size: 28, font: face('宋体') };
  const run = new TextRun({ ...text, children: ['— ', PageNumber.CURRENT, ' —'] });
  const indent = side === AlignmentType.RIGHT ? { right: 280 } : { left: 280 };
  return new Footer({ children: [new Paragraph({ alignment: side, indent, children: [run] })] });
}

const FOOTERS = { default: footer(AlignmentType.RIGHT), even: footer(AlignmentType.LEFT) };

/** A form prints 26 to 40 characters a column: too wide for an upright page. */
function landscape(children: readonly (Paragraph | Table)[]): ISectionOptions {
  return {
    properties: {
      page: {
        size: { ...A4, orientation: PageOrientation.LANDSCAPE },
        margin: { top: mm(28), bottom: mm(26), left: mm(20), right: mm(20), footer: mm(18) },
      },
    },
    footers: FOOTERS,
    children,
  };
}

/** One line between the margins: 156 mm are 442 pt. */
function redSize(text: string): number {
  return 2 * Math.min(30, Math.floor(430 / text.length));
}

function head(paper: Paper): Paragraph[] {
  const centre = { alignment: AlignmentType.CENTER };
  const all: Paragraph[] = [];
  if (paper.redHead !== '') {
    all.push(
      new Paragraph({
        ...centre,
        spacing: { before: 480, after: 360 },
        children: [
          new TextRun({
            text: paper.redHead,
            font: face(TITLE_FACE),
            size: redSize(paper.redHead),
            color: RED,
          }),
        ],
      }),
    );
  }
  const rule = { style: BorderStyle.SINGLE, size: 18, color: RED, space: 4 };
  if (paper.number !== '') {
    all.push(
      new Paragraph({
        ...centre,
        ...line(),
        children: [new TextRun({ text: paper.number })],
        ...(paper.redHead === '' ? {} : { border: { bottom: rule } }),
      }),
    );
  }
  all.push(
    new Paragraph({
      ...centre,
      spacing: { before: 560, after: 560, line: 640, lineRule: LineRuleType.EXACT },
      children: [new TextRun({ text: paper.title, font: face(TITLE_FACE), size: 44 })],
    }),
  );
  if (paper.to !== '') all.push(new Paragraph({ ...line(), children: [new TextRun(`${paper.to}：`)] }));
  return all;
}

/** 落款 four characters from the right, the day under it; 抄送 between two lines at the end. */
function foot(paper: Paper): Paragraph[] {
  const all: Paragraph[] = [];
  const forms = paper.blocks.flatMap((block) => (block.type === 'form' ? [block.title] : []));
  if (forms.length > 0) {
    all.push(new Paragraph({ ...line(), keepNext: true, children: [] }));
    for (const [i, title] of forms.entries()) {
      const label = forms.length === 1 ? '附件：' : i === 0 ? '附件：1.' : `　　　${i + 1}.`;
      all.push(new Paragraph({ ...line(2), keepNext: true, children: [new TextRun(`${label}${title}`)] }));
    }
  }
  const signed = { alignment: AlignmentType.RIGHT, keepNext: true, keepLines: true };
  all.push(new Paragraph({ ...line(), keepNext: true, children: [] }));
  for (const office of paper.offices)
    all.push(
      new Paragraph({ ...line(), ...signed, indent: { right: 640 }, children: [new TextRun(office)] }),
    );
  all.push(
    new Paragraph({
      ...line(),
      alignment: AlignmentType.RIGHT,
      indent: { right: 1280 },
      children: [new TextRun(paper.dated)],
    }),
  );
  if (paper.cc !== '') {
    const rule = { style: BorderStyle.SINGLE, size: 8, space: 2 };
    all.push(
      new Paragraph({
        spacing: { before: 560 },
        indent: { left: 280, right: 280 },
        border: { top: rule, bottom: rule },
        children: [new TextRun({ text: `抄送：${paper.cc}。`, size: 28 })],
      }),
    );
  }
  return all;
}

/** The paper as Word, WPS and LibreOffice open it; its properties name the office, no machine and nobody's account. */
export async function paperDocx(paper: Paper): Promise<Buffer> {
  const office = paper.offices[0] ?? paper.region.name;
  const body = paper.blocks.filter(({ type }) => type !== 'form');
  const forms = paper.blocks.flatMap((block) => (block.type === 'form' ? [block] : []));
  const document = new Document({
    title: paper.title,
    creator: office,
    lastModifiedBy: office,
    description: '',
    evenAndOddHeaderAndFooters: true,
    styles: {
      default: { document: { run: { font: face(BODY), size: 32 }, paragraph: {} } },
      paragraphStyles: [
        { id: 'ByHand', name: '人工补充', basedOn: 'Normal', quickFormat: true },
        {
          id: 'Head1',
          name: '一级标题',
          basedOn: 'Normal',
          quickFormat: true,
          run: { font: face(HEAD_FACE) },
        },
      ],
    },
    sections: [
      {
        properties: { page: { size: A4, margin: MARGIN } },
        footers: FOOTERS,
        children: [
          ...head(paper),
          ...body.flatMap((block, i) => bodyBlock(block, i === body.length - 1)),
          ...foot(paper),
        ],
      },
      ...forms.map((form, i) => landscape(formBlock(form, forms.length === 1 ? '附件' : `附件${i + 1}`))),
    ],
  });
  return Packer.toBuffer(document);
}
