import { Type } from 'typebox';
import { Cursor, Day, Done, Limit, Nullable, Place, RegionCode, route, Text } from './route.ts';

const Value = Nullable(Type.Union([Type.Number(), Type.String()]));

const IndicatorValue = Type.Object({
  code: Type.String(),
  name: Type.String(),
  definition: Type.String(),
  clause: Type.String(),
  kind: Type.Union([Type.Literal('count'), Type.Literal('rate')]),
  value: Nullable(Type.Number()),
  /** Of a rate: what is divided by what. */
  numerator: Nullable(Type.Object({ code: Type.String(), name: Type.String(), value: Type.Number() })),
  denominator: Nullable(Type.Object({ code: Type.String(), name: Type.String(), value: Type.Number() })),
});

export const home = route({
  method: 'GET',
  url: '/api/home',
  summary: '首页：指标、构成、乡镇排名、走势、待办、新到名单、逾期部门',
  needs: 'forms.read',
  channel: 'count',
  querystring: Type.Object({ region: Type.Optional(RegionCode), asOf: Type.Optional(Day) }),
  answer: Type.Object({
    region: Place,
    asOf: Type.String(),
    indicators: Type.Array(IndicatorValue),
    composition: Type.Array(
      Type.Object({ indicator: Type.String(), name: Type.String(), people: Type.Integer() }),
    ),
    /** Towns of a county, villages of a town; best coverage first. */
    ranking: Type.Array(
      Type.Object({
        code: Type.String(),
        name: Type.String(),
        inScope: Type.Integer(),
        registered: Type.Integer(),
        coverage: Nullable(Type.Number()),
        paying: Nullable(Type.Number()),
        notAsked: Type.Integer(),
      }),
    ),
    trend: Type.Array(
      Type.Object({
        day: Type.String(),
        inScope: Type.Integer(),
        registered: Type.Integer(),
        coverage: Nullable(Type.Number()),
        paying: Nullable(Type.Number()),
      }),
    ),
    attention: Type.Array(
      Type.Object({
        queue: Type.String(),
        kind: Type.String(),
        label: Type.String(),
        people: Type.Integer(),
      }),
    ),
    /** Empty without lists.read. */
    arrivals: Type.Array(
      Type.Object({
        delivery: Type.Integer(),
        title: Type.String(),
        sender: Type.String(),
        asOf: Type.String(),
        receivedAt: Type.String(),
        rows: Type.Integer(),
        rejected: Type.Integer(),
      }),
    ),
    late: Type.Array(
      Type.Object({
        source: Type.String(),
        title: Type.String(),
        office: Type.String(),
        latest: Nullable(Type.String()),
        due: Nullable(Type.String()),
      }),
    ),
    /** Rows of the register kept out for a wrong number (另有 N 行未计入). */
    quarantined: Type.Integer(),
  }),
});

export const indicators = route({
  method: 'GET',
  url: '/api/indicators',
  summary: '指标口径',
  needs: 'forms.read',
  channel: 'page',
  answer: Type.Object({
    items: Type.Array(
      Type.Object({
        code: Type.String(),
        name: Type.String(),
        definition: Type.String(),
        clause: Type.String(),
        unit: Type.String(),
        /** Whether more is better. */
        better: Type.Union([Type.Literal('more'), Type.Literal('less'), Type.Literal('none')]),
        from: Type.String(),
        sure: Type.Union([Type.Literal('form'), Type.Literal('own'), Type.Literal('reading')]),
        /** `pending`: nothing received tells it yet (待接入). */
        kind: Type.Union([Type.Literal('count'), Type.Literal('rate'), Type.Literal('pending')]),
        /** What a count counts: the list behind it is of people, of the ledger's items, or a plan. */
        over: Nullable(Type.Union([Type.Literal('people'), Type.Literal('items'), Type.Literal('plan')])),
        numerator: Nullable(Type.String()),
        denominator: Nullable(Type.String()),
        waitsFor: Nullable(Type.String()),
      }),
    ),
  }),
});

/** A county's own form: columns are indicators, or formulas over earlier columns, by number from 3. */
export const OwnForm = Type.Object({
  code: Type.String({ pattern: '^[a-z][a-z0-9-]{1,40}$' }),
  name: Text(60),
  title: Text(120),
  columns: Type.Array(
    Type.Object({
      title: Text(60),
      group: Type.Optional(Text(60)),
      indicator: Type.Optional(Text(60)),
      formula: Type.Optional(
        Type.Object({
          op: Type.Union([Type.Literal('sum'), Type.Literal('difference'), Type.Literal('ratio')]),
          of: Type.Array(Type.Integer(), { minItems: 2, maxItems: 20 }),
        }),
      ),
    }),
    { minItems: 1, maxItems: 30 },
  ),
  /** Two formulas over columns that must be equal. */
  checks: Type.Array(
    Type.Object({ left: Type.Array(Type.Integer()), right: Type.Array(Type.Integer()), message: Text(120) }),
    { maxItems: 20 },
  ),
});

export const forms = route({
  method: 'GET',
  url: '/api/forms',
  summary: '报表目录：法定表与本县自定表',
  needs: 'forms.read',
  channel: 'list',
  answer: Type.Object({
    items: Type.Array(
      Type.Object({
        code: Type.String(),
        number: Type.String(),
        name: Type.String(),
        own: Type.Boolean(),
        definition: Nullable(OwnForm),
      }),
    ),
  }),
});

const Question = Type.Object({
  region: Type.Optional(RegionCode),
  asOf: Type.Optional(Day),
});

const FormLayout = Type.Object({
  number: Type.String(),
  title: Type.String(),
  meta: Type.Array(
    Type.Object({ text: Type.String(), from: Type.Integer(), to: Type.Integer(), align: Type.String() }),
  ),
  headerRows: Type.Integer(),
  header: Type.Array(
    Type.Object({
      row: Type.Integer(),
      column: Type.Integer(),
      rowSpan: Type.Integer(),
      columnSpan: Type.Integer(),
      text: Type.String(),
      joined: Type.Boolean(),
    }),
  ),
  numbered: Type.Boolean(),
  columns: Type.Array(
    Type.Object({
      number: Type.Integer(),
      title: Type.String(),
      kind: Type.String(),
      width: Type.Number(),
      /** The list behind a cell of this column: its indicator, when it has one. */
      indicator: Nullable(Type.String()),
      /** Of a derived column: how, in words, such as 3 − 4. */
      formula: Nullable(Type.String()),
      definition: Nullable(Type.String()),
    }),
  ),
  footnotes: Type.Array(Type.String()),
  paper: Type.Union([Type.Literal('A3'), Type.Literal('A4')]),
});
const FormLine = Type.Object({
  code: Type.String(),
  name: Type.String(),
  /** In the order of the columns, as printed: rates as text with two decimals, — for none. */
  texts: Type.Array(Type.String()),
  values: Type.Array(Value),
  /** Against the other day: value now minus value then; null where there is none. */
  change: Nullable(Type.Array(Nullable(Type.Number()))),
  unplaced: Type.Boolean(),
});
export const FormAnswer = Type.Object({
  form: Type.String(),
  region: Place,
  asOf: Type.String(),
  against: Nullable(Type.String()),
  layout: FormLayout,
  rows: Type.Array(FormLine),
  total: FormLine,
  note: Nullable(Type.String()),
  /** What does not foot, in words; empty for a table that may be submitted. */
  failures: Type.Array(Type.String()),
});
export const form = route({
  method: 'GET',
  url: '/api/forms/:form',
  summary: '一张汇总表（附件4、附件5、自定表），可与另一天比较',
  needs: 'forms.read',
  channel: 'count',
  params: Type.Object({ form: Text(60) }),
  querystring: Type.Intersect([Question, Type.Object({ against: Type.Optional(Day) })]),
  answer: FormAnswer,
});
/** The draft of a county's own form with the real figures; nothing is kept. */
export const previewForm = route({
  method: 'POST',
  url: '/api/forms/preview',
  summary: '预览自定表',
  needs: 'forms.define',
  channel: 'count',
  querystring: Question,
  body: OwnForm,
  answer: FormAnswer,
});
/** 附件3 on screen, page by page, numbers masked. */
export const annex3 = route({
  method: 'GET',
  url: '/api/forms/annex3/lines',
  summary: '附件3 的人员行',
  needs: 'people.read',
  channel: 'list',
  querystring: Type.Intersect([
    Question,
    Type.Object({
      after: Type.Optional(Cursor),
      limit: Type.Optional(Limit),
    }),
  ]),
  answer: Type.Object({
    region: Place,
    asOf: Type.String(),
    layout: FormLayout,
    items: Type.Array(Type.Object({ person: Type.Integer(), texts: Type.Array(Type.String()) })),
    next: Nullable(Type.String()),
  }),
});
/**
 * 附件3 as printed, with who took it out and what for. Numbers and telephones are masked unless `reveal` is given,
 * which needs people.reveal.
 */
export const exportAnnex3 = route({
  method: 'POST',
  url: '/api/forms/annex3/xlsx',
  summary: '导出附件3（xlsx），写明事由、留痕并加水印',
  needs: 'people.export',
  channel: 'export',
  body: Type.Intersect([Question, Type.Object({ reason: Text(200), reveal: Type.Optional(Type.Boolean()) })]),
});
/** xlsx as printed, of a form that counts; 附件3 is exported with a reason. */
export const formFile = route({
  method: 'GET',
  url: '/api/forms/:form/xlsx',
  summary: '下载报表（xlsx，与印发表样一致）',
  needs: 'forms.read',
  channel: 'export',
  params: Type.Object({ form: Text(60) }),
  querystring: Question,
});
export const defineForm = route({
  method: 'PUT',
  url: '/api/forms/own/:form',
  summary: '定义或修改本县自定表',
  needs: 'forms.define',
  channel: 'act',
  params: Type.Object({ form: Text(60) }),
  body: OwnForm,
  answer: OwnForm,
});
export const dropForm = route({
  method: 'DELETE',
  url: '/api/forms/own/:form',
  summary: '删除本县自定表',
  needs: 'forms.define',
  channel: 'act',
  params: Type.Object({ form: Text(60) }),
  answer: Done,
});
