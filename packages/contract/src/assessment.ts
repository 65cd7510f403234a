import { Type } from 'typebox';
import { Day, Done, Nullable, Numbered, route, Text } from './route.ts';

// Schemes (考核方案).

const Points = Type.Number({ minimum: 0, maximum: 10_000 });
const Value = Type.Number({ minimum: -1e12, maximum: 1e12 });
const Code = Text(40);
const Method = Type.Union([
  Type.Object({
    kind: Type.Literal('steps'),
    steps: Type.Array(Type.Object({ at: Value, points: Points }), { maxItems: 20 }),
  }),
  Type.Object({
    kind: Type.Literal('proportional'),
    targets: Type.Array(Type.Object({ until: Day, value: Value }), { maxItems: 12 }),
    zeroAt: Type.Optional(Value),
  }),
  Type.Object({ kind: Type.Literal('each'), points: Points }),
  Type.Object({ kind: Type.Literal('veto'), limit: Value, grade: Code }),
]);
const Source = Type.Union([
  Type.Object({ indicator: Text(60) }),
  Type.Object({
    fact: Type.Object({
      name: Text(60),
      unit: Text(10),
      better: Type.Union([Type.Literal('more'), Type.Literal('less')]),
      /** Counted by the county's records of submissions or orders where it keeps them here. */
      record: Type.Optional(Type.Union([Type.Literal('late-reports'), Type.Literal('late-orders')])),
    }),
  }),
]);
export const SchemeContent = Type.Object({
  code: Code,
  title: Text(80),
  assessed: Type.Union([Type.Literal('towns'), Type.Literal('offices')]),
  offices: Type.Array(Text(40), { maxItems: 60 }),
  from: Day,
  document: Text(300),
  sure: Type.Union([Type.Literal('own'), Type.Literal('document')]),
  full: Points,
  bonusCap: Points,
  decimals: Type.Integer({ minimum: 0, maximum: 2 }),
  lines: Type.Array(
    Type.Object({
      code: Code,
      title: Text(100),
      kind: Type.Union([
        Type.Literal('score'),
        Type.Literal('bonus'),
        Type.Literal('deduct'),
        Type.Literal('veto'),
      ]),
      basis: Text(200),
      source: Source,
      full: Points,
      method: Method,
    }),
    { maxItems: 60 },
  ),
  grades: Type.Array(
    Type.Object({
      code: Code,
      title: Text(20),
      from: Points,
      share: Type.Optional(Type.Number({ minimum: 0, maximum: 100 })),
      passes: Type.Boolean(),
    }),
    { maxItems: 10 },
  ),
});

const SchemeHead = Type.Object({
  code: Type.String(),
  title: Type.String(),
  assessed: Type.String(),
  from: Type.String(),
  document: Type.String(),
  /** own: weights are this product's until the county sets its own. */
  sure: Type.String(),
  full: Type.Number(),
  lines: Type.Integer(),
  /** 0 for one as shipped. */
  version: Type.Integer(),
  actor: Nullable(Type.String()),
  madeAt: Nullable(Type.String()),
});
export const schemes = route({
  method: 'GET',
  url: '/api/assessment/schemes',
  summary: '考核方案',
  needs: 'forms.read',
  channel: 'list',
  answer: Type.Object({ items: Type.Array(SchemeHead) }),
});
export const scheme = route({
  method: 'GET',
  url: '/api/assessment/schemes/:scheme',
  summary: '一个考核方案',
  needs: 'forms.read',
  channel: 'page',
  params: Type.Object({ scheme: Code }),
  answer: Type.Object({ head: SchemeHead, content: SchemeContent }),
});
export const saveScheme = route({
  method: 'POST',
  url: '/api/assessment/schemes',
  summary: '保存考核方案为新的一版；已经用过的轮次不变',
  needs: 'assessment.write',
  channel: 'act',
  body: SchemeContent,
  answer: Type.Object({ version: Type.Integer() }),
});

// Rounds (考核轮次).

const RoundHead = Type.Object({
  assessment: Type.Integer(),
  title: Type.String(),
  scheme: Type.String(),
  schemeTitle: Type.String(),
  assessed: Type.String(),
  day: Type.String(),
  selfDue: Type.String(),
  /** self, draft, frozen, published */
  state: Type.String(),
  digest: Nullable(Type.String()),
  document: Nullable(Type.String()),
  actor: Type.String(),
});
export const assessments = route({
  method: 'GET',
  url: '/api/assessments',
  summary: '考核轮次，新的在前',
  needs: 'forms.read',
  channel: 'list',
  answer: Type.Object({ items: Type.Array(RoundHead) }),
});
export const beginAssessment = route({
  method: 'POST',
  url: '/api/assessments',
  summary: '按方案计算一天的得分，开始一轮考核',
  needs: 'assessment.write',
  channel: 'act',
  body: Type.Object({
    scheme: Code,
    title: Type.Optional(Text(80)),
    day: Type.Optional(Day),
    selfDue: Type.Optional(Day),
  }),
  answer: Type.Object({ assessment: Type.Integer() }),
});

const No = Type.Object({ assessment: Numbered });
const Standing = Type.Object({
  unit: Type.String(),
  name: Type.String(),
  total: Type.Number(),
  judged: Type.Number(),
  leftOut: Type.Number(),
  percent: Nullable(Type.Number()),
  /** Null where the whole is not this account's to see, or nothing can be judged. */
  rank: Nullable(Type.Integer()),
  /** Of the round before by the same scheme. */
  was: Nullable(Type.Integer()),
  grade: Nullable(Type.String()),
  gradeTitle: Type.String(),
  passed: Nullable(Type.Boolean()),
  why: Type.String(),
});
const Act = Type.Object({
  act: Type.Integer(),
  kind: Type.String(),
  unit: Type.String(),
  name: Type.String(),
  words: Type.String(),
  document: Type.String(),
  actor: Type.String(),
  madeAt: Type.String(),
});
export const assessment = route({
  method: 'GET',
  url: '/api/assessments/:assessment',
  summary: '一轮考核：排名、定级；乡镇在公布前只见本单位',
  needs: 'forms.read',
  channel: 'page',
  params: No,
  answer: Type.Object({
    round: RoundHead,
    full: Type.Number(),
    sure: Type.String(),
    schemeDocument: Type.String(),
    /** Everybody's; else the account's own alone. */
    whole: Type.Boolean(),
    items: Type.Array(
      Type.Object({
        ...Standing.properties,
        /** Whether the account may open its lines. */
        opens: Type.Boolean(),
        selfDay: Nullable(Type.String()),
        selfLate: Type.Boolean(),
        openAppeals: Type.Integer(),
      }),
    ),
    acts: Type.Array(Act),
    /** Rounds by the same scheme before it. */
    before: Nullable(Type.Object({ assessment: Type.Integer(), title: Type.String() })),
  }),
});
const Attached = Type.Object({ file: Type.Integer(), name: Type.String(), given: Type.String() });
const Appeal = Type.Object({
  appeal: Type.Integer(),
  line: Type.String(),
  claimed: Nullable(Type.Number()),
  reason: Type.String(),
  actor: Type.String(),
  madeAt: Type.String(),
  upheld: Nullable(Type.Boolean()),
  decided: Nullable(Type.Number()),
  decision: Nullable(Type.String()),
  decidedBy: Nullable(Type.String()),
});
const Given = Nullable(
  Type.Object({ amount: Nullable(Type.Number()), text: Type.String(), remark: Type.String() }),
);
export const assessedUnit = route({
  method: 'GET',
  url: '/api/assessments/:assessment/units/:unit',
  summary: '一个单位逐项得分：算法、数字、依据、自查、申诉',
  needs: 'forms.read',
  channel: 'page',
  params: Type.Object({ assessment: Numbered, unit: Text(60) }),
  answer: Type.Object({
    round: RoundHead,
    /** No score of its own: the county's own self-assessment. */
    own: Type.Boolean(),
    standing: Standing,
    /** May write for it: hand in, appeal. */
    mine: Type.Boolean(),
    selfText: Type.String(),
    selfDay: Nullable(Type.String()),
    selfActor: Nullable(Type.String()),
    lines: Type.Array(
      Type.Object({
        line: Type.String(),
        title: Type.String(),
        kind: Type.String(),
        basis: Type.String(),
        name: Type.String(),
        definition: Type.String(),
        unit: Type.String(),
        rate: Type.Boolean(),
        /** Entered by hand. */
        byHand: Type.Boolean(),
        /** The reports or orders behind a counted record, with the address of their pages. */
        papers: Type.Array(Type.Object({ text: Type.String(), address: Type.String() })),
        state: Type.String(),
        value: Nullable(Type.Number()),
        text: Type.String(),
        full: Type.Number(),
        points: Type.Number(),
        formula: Type.String(),
        reference: Type.String(),
        /** The counts it is made of; each indicator's address opens what it counts. */
        counts: Type.Array(Type.Object({ code: Type.String(), name: Type.String(), value: Type.Number() })),
        fact: Given,
        self: Given,
        files: Type.Array(Attached),
      }),
    ),
    files: Type.Array(Attached),
    appeals: Type.Array(Appeal),
    acts: Type.Array(Act),
  }),
});
export const recountAssessment = route({
  method: 'POST',
  url: '/api/assessments/:assessment/recount',
  summary: '按现在的名单重新计算这一天',
  needs: 'assessment.write',
  channel: 'act',
  params: No,
  answer: Done,
});
export const enterFacts = route({
  method: 'POST',
  url: '/api/assessments/:assessment/facts',
  summary: '县级登记事项（报送及时、督办等），附依据',
  needs: 'assessment.write',
  channel: 'act',
  params: No,
  body: Type.Object({
    unit: Text(60),
    line: Code,
    /** Null takes it away. */
    amount: Nullable(Value),
    remark: Text(300),
  }),
  answer: Done,
});
export const selfAssess = route({
  method: 'POST',
  url: '/api/assessments/:assessment/self',
  summary: '自查评估：逐项自报和总的说明',
  needs: 'assessment.answer',
  channel: 'act',
  params: No,
  body: Type.Object({
    unit: Text(60),
    text: Text(5000),
    lines: Type.Array(Type.Object({ line: Code, amount: Nullable(Value), remark: Text(500) }), {
      maxItems: 60,
    }),
  }),
  answer: Done,
});
export const Attachment = Type.Object({
  unit: Text(60),
  line: Code,
  given: Type.Union([Type.Literal('fact'), Type.Literal('self'), Type.Literal('appeal')]),
});
/** multipart/form-data: `attachment` as JSON of `Attachment`, and one file. */
export const attach = route({
  method: 'POST',
  url: '/api/assessments/:assessment/files',
  summary: '附依据材料',
  needs: 'assessment.answer',
  channel: 'act',
  params: No,
  answer: Type.Object({ file: Type.Integer() }),
});
export const attached = route({
  method: 'GET',
  url: '/api/assessments/:assessment/files/:file',
  summary: '依据材料，留痕',
  needs: 'forms.read',
  channel: 'file',
  params: Type.Object({ assessment: Numbered, file: Numbered }),
});
export const appealLine = route({
  method: 'POST',
  url: '/api/assessments/:assessment/appeals',
  summary: '对一项得分提出申诉',
  needs: 'assessment.answer',
  channel: 'act',
  params: No,
  body: Type.Object({
    unit: Text(60),
    line: Code,
    claimed: Type.Optional(Value),
    reason: Text(1000),
  }),
  answer: Type.Object({ appeal: Type.Integer() }),
});
export const decideAppeal = route({
  method: 'POST',
  url: '/api/assessments/:assessment/appeals/:appeal/decide',
  summary: '裁决申诉：采纳并改定数值，或驳回',
  needs: 'assessment.write',
  channel: 'act',
  params: Type.Object({ assessment: Numbered, appeal: Numbered }),
  body: Type.Object({
    upheld: Type.Boolean(),
    value: Type.Optional(Value),
    decision: Text(1000),
  }),
  answer: Done,
});
export const advanceAssessment = route({
  method: 'POST',
  url: '/api/assessments/:assessment/advance',
  summary: '进到下一步：初评（可申诉）、定案（冻结）、公布',
  needs: 'assessment.write',
  channel: 'act',
  params: No,
  body: Type.Object({
    to: Type.Union([Type.Literal('draft'), Type.Literal('frozen'), Type.Literal('published')]),
    /** The bulletin's paper and number, to publish. */
    document: Type.Optional(Text(200)),
  }),
  answer: Type.Object({ state: Type.String(), digest: Nullable(Type.String()) }),
});
export const addAct = route({
  method: 'POST',
  url: '/api/assessments/:assessment/acts',
  summary: '登记通报表扬或问责，附文件',
  needs: 'assessment.write',
  channel: 'act',
  params: No,
  body: Type.Object({
    kind: Type.Union([Type.Literal('award'), Type.Literal('accountability')]),
    unit: Text(60),
    words: Text(500),
    document: Text(200),
  }),
  answer: Type.Object({ act: Type.Integer() }),
});
export const verifyAssessment = route({
  method: 'POST',
  url: '/api/assessments/:assessment/verify',
  summary: '用定案时的数据重新计算，核对摘要',
  needs: 'assessment.write',
  channel: 'act',
  params: No,
  answer: Type.Object({
    same: Type.Boolean(),
    digest: Type.String(),
    recomputed: Type.String(),
    differences: Type.Array(Type.String()),
  }),
});
export const acceptance = route({
  method: 'GET',
  url: '/api/assessments/:assessment/acceptance',
  summary: '验收通报的数据：谁合格、谁不合格、表扬和问责',
  needs: 'forms.read',
  channel: 'page',
  params: No,
  answer: Type.Object({
    title: Type.String(),
    day: Type.String(),
    county: Type.String(),
    document: Type.String(),
    schemeDocument: Type.String(),
    digest: Type.String(),
    passed: Type.Array(Standing),
    failed: Type.Array(Standing),
    unjudged: Type.Array(Standing),
    grades: Type.Array(
      Type.Object({ title: Type.String(), units: Type.Integer(), names: Type.Array(Type.String()) }),
    ),
    acts: Type.Array(Act),
  }),
});
export const countySelf = route({
  method: 'GET',
  url: '/api/assessments/:assessment/county',
  summary: '县级自查评估（上报市里）的数据',
  needs: 'assessment.write',
  channel: 'page',
  params: No,
  answer: Type.Object({
    title: Type.String(),
    day: Type.String(),
    county: Type.String(),
    text: Type.String(),
    figures: Type.Array(
      Type.Object({
        title: Type.String(),
        name: Type.String(),
        definition: Type.String(),
        text: Type.String(),
        reference: Type.String(),
        remark: Type.String(),
      }),
    ),
    grades: Type.Array(
      Type.Object({ title: Type.String(), units: Type.Integer(), names: Type.Array(Type.String()) }),
    ),
    handedIn: Type.Integer(),
    units: Type.Integer(),
  }),
});
export const assessmentFile = route({
  method: 'GET',
  url: '/api/assessments/:assessment/xlsx',
  summary: '考核结果 xlsx：排名定级、逐项得分、依据',
  needs: 'forms.read',
  channel: 'file',
  params: No,
});
