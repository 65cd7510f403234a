import { Type } from 'typebox';
import { Address, Day, Done, Nullable, Numbered, Place, RegionCode, route, Text } from './route.ts';

const Counted = Type.Object({ code: Type.String(), name: Type.String(), value: Type.Number() });
const Asked = { region: Type.Optional(RegionCode), asOf: Type.Optional(Day) };
/** People, or money in 分. */
const Whole = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const Indicator = Type.String({ maxLength: 60, pattern: '^[a-z0-9-]*$' });

// Indicators (指标口径).

export const figures = route({
  method: 'GET',
  url: '/api/figures',
  summary: '全部指标在一个区划、一天的数',
  needs: 'forms.read',
  channel: 'count',
  querystring: Type.Object(Asked),
  answer: Type.Object({
    region: Place,
    asOf: Type.String(),
    items: Type.Array(
      Type.Object({
        code: Type.String(),
        value: Nullable(Type.Number()),
        numerator: Nullable(Counted),
        denominator: Nullable(Counted),
      }),
    ),
  }),
});
export const figure = route({
  method: 'GET',
  url: '/api/figures/:indicator',
  summary: '一个指标：各下级区划的数和名次，近期走势',
  needs: 'forms.read',
  channel: 'count',
  params: Type.Object({ indicator: Indicator }),
  querystring: Type.Object(Asked),
  answer: Type.Object({
    indicator: Type.String(),
    region: Place,
    asOf: Type.String(),
    value: Nullable(Type.Number()),
    places: Type.Array(
      Type.Object({
        place: Place,
        value: Nullable(Type.Number()),
        numerator: Nullable(Type.Number()),
        denominator: Nullable(Type.Number()),
        /** 1 for the best, equal for equal ones; null where there is nothing to divide by, or neither way is better. */
        rank: Nullable(Type.Integer()),
      }),
    ),
    trend: Type.Array(Type.Object({ day: Type.String(), value: Nullable(Type.Number()) })),
  }),
});
export const reference = route({
  method: 'GET',
  url: '/api/references/:reference',
  summary: '文稿里一个数字的出处：指标、区划、日期，现在算得的数',
  needs: 'forms.read',
  channel: 'count',
  params: Type.Object({ reference: Text(120) }),
  answer: Type.Object({
    reference: Type.String(),
    /** value, change, rank, pace, gap, rest */
    what: Type.String(),
    indicator: Type.String(),
    name: Type.String(),
    definition: Type.String(),
    clause: Type.String(),
    unit: Type.String(),
    region: Place,
    day: Type.String(),
    since: Nullable(Type.String()),
    value: Nullable(Type.Number()),
    /** As a paper prints it. */
    printed: Type.String(),
    /** The page of the desk that lists whom it counts. */
    link: Address,
  }),
});

// Plans (目标任务).

const Milestone = Type.Object({ day: Day, percent: Type.Integer({ minimum: 0, maximum: 100 }) });
const Standing = Type.Object({
  amount: Type.Number(),
  /** Null where nothing that is received tells it yet (待接入). */
  done: Nullable(Type.Number()),
  /** What is due by the day, in proportion to time between the milestones. */
  planned: Type.Number(),
  /** none, done, ahead, behind, pending */
  state: Type.String(),
  lead: Type.Number(),
  points: Nullable(Type.Number()),
  rate: Nullable(Type.Number()),
  words: Type.String(),
});
const Plan = Type.Object({
  plan: Type.Integer(),
  /** verify, expand, own */
  kind: Type.String(),
  kindTitle: Type.String(),
  title: Type.String(),
  /** heads, fen */
  unit: Type.String(),
  indicator: Type.String(),
  indicatorName: Type.String(),
  from: Type.String(),
  due: Type.String(),
  milestones: Type.Array(Milestone),
  document: Type.String(),
  actor: Type.String(),
  ended: Nullable(Type.String()),
  /** Of a plan for a calendar year: whether it was issued after 30 April. */
  late: Nullable(Type.Boolean()),
  /** The version in force on the day. */
  version: Nullable(Type.Integer()),
  /** Only for the county. */
  draft: Nullable(Type.Integer()),
});
export const plans = route({
  method: 'GET',
  url: '/api/targets',
  summary: '目标任务：在本区划各有多少，完成了多少，落后多少',
  needs: 'forms.read',
  channel: 'count',
  querystring: Type.Object(Asked),
  answer: Type.Object({
    region: Place,
    asOf: Type.String(),
    items: Type.Array(Type.Object({ plan: Plan, standing: Nullable(Standing), unsigned: Type.Integer() })),
  }),
});
const Share = Type.Object({
  place: Place,
  standing: Standing,
  /** given, split, hand; empty of a place without a share */
  how: Type.String(),
  weight: Nullable(Type.Number()),
  /** How many of its villages have a share. */
  villages: Type.Integer(),
  forecast: Type.Array(
    Type.Object({
      over: Type.Integer(),
      pace: Type.Number(),
      atDue: Type.Number(),
      reachedOn: Nullable(Type.String()),
    }),
  ),
  signed: Nullable(Type.Object({ signer: Type.String(), at: Type.String(), remark: Type.String() })),
});
const PlanNo = Type.Object({ plan: Numbered });
export const plan = route({
  method: 'GET',
  url: '/api/targets/:plan',
  summary: '一项目标任务：分解、进度、预测、签收和各版',
  needs: 'forms.read',
  channel: 'count',
  params: PlanNo,
  querystring: Type.Object({ ...Asked, version: Type.Optional(Numbered) }),
  answer: Type.Object({
    plan: Plan,
    region: Place,
    asOf: Type.String(),
    /** The one shown. */
    version: Type.Integer(),
    issued: Nullable(Type.String()),
    total: Type.Number(),
    /** Sums that do not agree; a draft with any is not issued. */
    failures: Type.Array(Type.String()),
    whole: Share,
    places: Type.Array(Share),
    versions: Type.Array(
      Type.Object({
        version: Type.Integer(),
        total: Type.Number(),
        reason: Type.String(),
        actor: Type.String(),
        madeAt: Type.String(),
        issued: Nullable(Type.String()),
        document: Type.String(),
      }),
    ),
  }),
});
export const planCourse = route({
  method: 'GET',
  url: '/api/targets/:plan/course',
  summary: '一项目标任务从开始到现在各时点的完成数和应完成数',
  needs: 'forms.read',
  channel: 'count',
  params: PlanNo,
  querystring: Type.Object(Asked),
  answer: Type.Object({
    asOf: Type.String(),
    days: Type.Array(Type.String()),
    /** The region first, then the places in it that have a share. */
    series: Type.Array(
      Type.Object({
        place: Place,
        amount: Type.Number(),
        planned: Type.Array(Type.Number()),
        /** Null after the day asked about, and where nothing is known. */
        done: Type.Array(Nullable(Type.Number())),
      }),
    ),
  }),
});

const Kind = Type.Union([Type.Literal('verify'), Type.Literal('expand'), Type.Literal('own')]);
const About = {
  kind: Kind,
  title: Type.Optional(Text(60)),
  from: Type.Optional(Day),
  due: Type.Optional(Day),
  milestones: Type.Optional(Type.Array(Milestone, { maxItems: 12 })),
  document: Type.Optional(Text(100)),
  unit: Type.Optional(Type.Union([Type.Literal('heads'), Type.Literal('fen')])),
  /** Only of another plan; empty where nothing tells it yet. */
  indicator: Type.Optional(Indicator),
};
export const makePlan = route({
  method: 'POST',
  url: '/api/targets',
  summary: '新建目标任务：沅江附件1、一天的人数，或一个总数按权重分解',
  needs: 'targets.write',
  channel: 'act',
  body: Type.Object({
    ...About,
    basis: Type.Union([
      Type.Object({ of: Type.Literal('annex1') }),
      Type.Object({
        of: Type.Literal('count'),
        indicator: Type.Optional(Indicator),
        asOf: Type.Optional(Day),
      }),
      Type.Object({
        of: Type.Literal('total'),
        total: Whole,
        /** An indicator, or `equal`. */
        by: Type.Optional(Indicator),
        asOf: Type.Optional(Day),
      }),
    ]),
    /** Also to villages. */
    villages: Type.Optional(Type.Boolean()),
  }),
  answer: Type.Object({ plan: Type.Integer() }),
});
/** The field `plan` beside the file. */
export const Annex1Order = Type.Object(About);
export const importPlan = route({
  method: 'POST',
  url: '/api/targets/annex1',
  summary: '导入附件1，核对合计，新建核实任务',
  needs: 'targets.write',
  channel: 'act',
  answer: Type.Object({ plan: Type.Integer(), units: Type.Integer(), total: Type.Number() }),
});
const Changed = Type.Object({ version: Type.Integer() });
export const splitPlan = route({
  method: 'POST',
  url: '/api/targets/:plan/split',
  summary: '把任务按权重分解到乡镇或村（社区）',
  needs: 'targets.write',
  channel: 'act',
  params: PlanNo,
  body: Type.Object({
    level: Type.Union([Type.Literal('towns'), Type.Literal('villages')]),
    /** Only this town's villages. */
    town: Type.Optional(RegionCode),
    /** An indicator, or `equal`; what the kind is divided by when absent. */
    by: Type.Optional(Indicator),
    asOf: Type.Optional(Day),
    weights: Type.Optional(
      Type.Array(Type.Object({ region: RegionCode, weight: Whole }), { maxItems: 2_000 }),
    ),
  }),
  answer: Changed,
});
export const changePlanShare = route({
  method: 'POST',
  url: '/api/targets/:plan/shares',
  summary: '手工调整草稿里一个单位的任务数，合计不变',
  needs: 'targets.write',
  channel: 'act',
  params: PlanNo,
  body: Type.Object({
    region: RegionCode,
    amount: Whole,
    /** Who gives or takes the difference; in proportion from all when absent. */
    from: Type.Optional(RegionCode),
  }),
  answer: Changed,
});
export const changePlanTotal = route({
  method: 'POST',
  url: '/api/targets/:plan/total',
  summary: '调整草稿的总任务数，按原有比例分摊',
  needs: 'targets.write',
  channel: 'act',
  params: PlanNo,
  body: Type.Object({ total: Whole }),
  answer: Changed,
});
export const revisePlan = route({
  method: 'POST',
  url: '/api/targets/:plan/versions',
  summary: '在已下达的一版上起草新的一版，写明事由',
  needs: 'targets.write',
  channel: 'act',
  params: PlanNo,
  body: Type.Object({ reason: Text(200) }),
  answer: Changed,
});
export const dropPlanDraft = route({
  method: 'POST',
  url: '/api/targets/:plan/drop',
  summary: '放弃草稿',
  needs: 'targets.write',
  channel: 'act',
  params: PlanNo,
  answer: Done,
});
export const issuePlan = route({
  method: 'POST',
  url: '/api/targets/:plan/issue',
  summary: '下达草稿：从这一天起执行',
  needs: 'targets.write',
  channel: 'act',
  params: PlanNo,
  body: Type.Object({ day: Day, document: Type.Optional(Text(100)) }),
  answer: Changed,
});
export const signPlan = route({
  method: 'POST',
  url: '/api/targets/:plan/sign',
  summary: '签收下达给本单位的任务',
  needs: 'targets.sign',
  channel: 'act',
  params: PlanNo,
  body: Type.Object({ region: Type.Optional(RegionCode), remark: Type.Optional(Text(200)) }),
  answer: Changed,
});
export const endPlan = route({
  method: 'POST',
  url: '/api/targets/:plan/end',
  summary: '终止目标任务：从这一天起不再考核',
  needs: 'targets.write',
  channel: 'act',
  params: PlanNo,
  body: Type.Object({ day: Day, reason: Text(200) }),
  answer: Done,
});
export const planAnnex1 = route({
  method: 'GET',
  url: '/api/targets/:plan/annex1',
  summary: '附件1（xlsx），单位的名称和次序如原表',
  needs: 'forms.read',
  channel: 'file',
  params: PlanNo,
  querystring: Type.Object({ version: Type.Optional(Numbered) }),
});
