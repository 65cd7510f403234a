import { Type } from 'typebox';
import { Day, Done, Nullable, Numbered, Place, RegionCode, route, Text } from './route.ts';

const Kind = Type.Union([
  Type.Literal('weekly'),
  Type.Literal('monthly'),
  Type.Literal('acceptance'),
  Type.Literal('report'),
  Type.Literal('quarterly'),
]);
const Run = Type.Object({ text: Type.String(), reference: Type.Optional(Type.String()) });
const HeaderCell = Type.Object({
  row: Type.Integer(),
  column: Type.Integer(),
  rowSpan: Type.Integer(),
  columnSpan: Type.Integer(),
  text: Type.String(),
  joined: Type.Optional(Type.Boolean()),
});
const Block = Type.Union([
  Type.Object({ type: Type.Literal('heading'), text: Type.String() }),
  Type.Object({
    type: Type.Literal('paragraph'),
    runs: Type.Array(Run),
    /** Whoever wrote it by hand. */
    by: Type.Optional(Type.String()),
  }),
  Type.Object({
    type: Type.Literal('table'),
    title: Type.String(),
    head: Type.Array(Type.String()),
    rows: Type.Array(Type.Array(Run)),
  }),
  Type.Object({
    type: Type.Literal('form'),
    number: Type.String(),
    title: Type.String(),
    meta: Type.String(),
    header: Type.Array(HeaderCell),
    headerRows: Type.Integer(),
    widths: Type.Array(Type.Number()),
    rows: Type.Array(Type.Array(Type.Array(Run))),
  }),
  Type.Object({
    type: Type.Literal('bars'),
    title: Type.String(),
    bars: Type.Array(Type.Object({ label: Type.String(), value: Run, share: Nullable(Type.Number()) })),
  }),
]);
const PaperBody = Type.Object({
  kind: Kind,
  region: Type.Object({ code: Type.String(), name: Type.String() }),
  day: Type.String(),
  redHead: Type.String(),
  number: Type.String(),
  title: Type.String(),
  to: Type.String(),
  blocks: Type.Array(Block),
  offices: Type.Array(Type.String()),
  dated: Type.String(),
  cc: Type.String(),
});
const Line = Type.Object({
  paper: Type.Integer(),
  kind: Kind,
  region: Place,
  day: Type.String(),
  /** county or town: whose office made it. */
  maker: Type.String(),
  /** draft, issued, withdrawn */
  state: Type.String(),
  title: Nullable(Type.String()),
  number: Nullable(Type.String()),
  dated: Nullable(Type.String()),
  actor: Type.String(),
  madeAt: Type.String(),
  issuedBy: Nullable(Type.String()),
  issuedAt: Nullable(Type.String()),
  withdrawnBy: Nullable(Type.String()),
  withdrawnReason: Nullable(Type.String()),
  /** Whether this account may change, issue or withdraw it. */
  mine: Type.Boolean(),
});

export const papers = route({
  method: 'GET',
  url: '/api/papers',
  summary: '周报、通报、报告和分析的清单',
  needs: 'forms.read',
  channel: 'list',
  querystring: Type.Object({ kind: Type.Optional(Kind) }),
  answer: Type.Object({ items: Type.Array(Line) }),
});
export const draftPaper = route({
  method: 'POST',
  url: '/api/papers',
  summary: '起草一份材料；已有同日的草稿则打开它',
  needs: 'papers.write',
  channel: 'act',
  body: Type.Object({ kind: Kind, region: Type.Optional(RegionCode), day: Type.Optional(Day) }),
  answer: Type.Object({ paper: Type.Integer() }),
});

const PaperNo = Type.Object({ paper: Numbered });
export const paper = route({
  method: 'GET',
  url: '/api/papers/:paper',
  summary: '一份材料：草稿按现在的数据算，已印发的按印发时的数据',
  needs: 'forms.read',
  channel: 'page',
  params: PaperNo,
  answer: Type.Object({
    line: Line,
    paper: PaperBody,
    /** SM3: of what the draft says now, or of the issued paper with all it was made of. */
    digest: Type.String(),
    remarks: Type.Array(Type.Object({ section: Type.Integer(), text: Type.String(), by: Type.String() })),
    /** Headings of the template's parts, to add words under. */
    sections: Type.Array(Type.String()),
    proof: Nullable(Type.Object({ kept: Type.Boolean(), remade: Type.Boolean() })),
    /** Numbers that come out otherwise now; null of a draft, and where they cannot be counted by this account. */
    moved: Nullable(
      Type.Array(Type.Object({ reference: Type.String(), issued: Type.String(), now: Type.String() })),
    ),
  }),
});
export const remarkPaper = route({
  method: 'PUT',
  url: '/api/papers/:paper/remarks',
  summary: '草稿里由人补充的文字',
  needs: 'papers.write',
  channel: 'act',
  params: PaperNo,
  body: Type.Object({
    texts: Type.Array(Type.Object({ section: Numbered, text: Text(3000) }), { maxItems: 40 }),
  }),
  answer: Done,
});
export const issuePaper = route({
  method: 'POST',
  url: '/api/papers/:paper/issue',
  summary: '印发：编期号，留存全部数据和摘要',
  needs: 'papers.write',
  channel: 'act',
  params: PaperNo,
  body: Type.Object({
    dated: Type.Optional(Day),
    /** The digest of the draft that was looked at. */
    seen: Type.Optional(Text(64)),
  }),
  answer: Type.Object({ number: Type.String(), digest: Type.String() }),
});
export const withdrawPaper = route({
  method: 'POST',
  url: '/api/papers/:paper/withdraw',
  summary: '撤回已印发的材料',
  needs: 'papers.write',
  channel: 'act',
  params: PaperNo,
  body: Type.Object({ reason: Text(300) }),
  answer: Done,
});
export const dropPaper = route({
  method: 'DELETE',
  url: '/api/papers/:paper',
  summary: '删除草稿',
  needs: 'papers.write',
  channel: 'act',
  params: PaperNo,
  answer: Done,
});
export const paperFile = route({
  method: 'GET',
  url: '/api/papers/:paper/docx',
  summary: '材料的 Word 文件',
  needs: 'forms.read',
  channel: 'file',
  params: PaperNo,
});

const Section = Type.Object({
  heading: Text(60),
  when: Text(120),
  text: Text(4000),
  show: Type.Array(Text(80), { maxItems: 6 }),
});
const Template = Type.Object({
  title: Text(120),
  redHead: Text(60),
  number: Text(60),
  to: Text(120),
  cc: Text(200),
  offices: Type.Array(Text(60), { minItems: 1, maxItems: 6 }),
  sections: Type.Array(Section, { minItems: 1, maxItems: 30 }),
});
const KindNo = Type.Object({ paperKind: Kind });
export const paperTemplate = route({
  method: 'GET',
  url: '/api/paper-templates/:paperKind',
  summary: '一种材料的模板',
  needs: 'forms.read',
  channel: 'page',
  params: KindNo,
  answer: Type.Object({ template: Template, own: Type.Boolean() }),
});
export const saveTemplate = route({
  method: 'PUT',
  url: '/api/paper-templates/:paperKind',
  summary: '修改一种材料的模板',
  needs: 'papers.write',
  channel: 'act',
  params: KindNo,
  body: Template,
  answer: Done,
});
export const dropTemplate = route({
  method: 'DELETE',
  url: '/api/paper-templates/:paperKind',
  summary: '恢复随产品提供的模板',
  needs: 'papers.write',
  channel: 'act',
  params: KindNo,
  answer: Done,
});
