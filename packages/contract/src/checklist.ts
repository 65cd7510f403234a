import { Type } from 'typebox';
import { Day, Done, Nullable, Numbered, Place, RegionCode, route, Text } from './route.ts';

const AsOf = { asOf: Type.Optional(Day) };
const State = Type.Union([
  Type.Literal('open'),
  Type.Literal('requested'),
  Type.Literal('returned'),
  Type.Literal('closed'),
]);
const Counts = Type.Object({
  /** Items whose period of the day is to be written off. */
  items: Type.Integer(),
  closed: Type.Integer(),
  requested: Type.Integer(),
  /** Items with a period that is past its day and not written off. */
  late: Type.Integer(),
});
const ListLine = Type.Object({
  list: Type.Integer(),
  title: Type.String(),
  region: Place,
  origin: Type.String(),
  parent: Nullable(Type.Integer()),
  counts: Counts,
  /** Whether the account may change it, and whether it may review. */
  writes: Type.Boolean(),
  reviews: Type.Boolean(),
});

export const checklists = route({
  method: 'GET',
  url: '/api/checklists',
  summary: '任务清单：本级和上级的',
  needs: 'forms.read',
  channel: 'list',
  querystring: Type.Object(AsOf),
  answer: Type.Object({ asOf: Type.String(), items: Type.Array(ListLine) }),
});
export const loadChecklist = route({
  method: 'POST',
  url: '/api/checklists',
  summary: '载入随产品提供的清单（附件2、全州县任务清单），可按完成时限倒排；或新建空清单',
  needs: 'checklist.write',
  channel: 'act',
  body: Type.Object({
    origin: Type.Union([Type.Literal('yuanjiang'), Type.Literal('quanzhou'), Type.Literal('own')]),
    title: Type.Optional(Text(80)),
    /** The day the campaign has to end on: every day of the paper moves with it. */
    deadline: Type.Optional(Day),
  }),
  answer: Type.Object({ list: Type.Integer(), items: Type.Integer() }),
});
/** A sheet with the columns of 附件2, or of 全州县's list. */
export const loadChecklistFile = route({
  method: 'POST',
  url: '/api/checklists/file',
  summary: '从文件（xlsx、csv）载入清单',
  needs: 'checklist.write',
  channel: 'act',
  answer: Type.Object({ list: Type.Integer(), items: Type.Integer() }),
});

const ListNo = Type.Object({ list: Numbered });
const Period = Type.Object({
  key: Type.String(),
  from: Type.String(),
  due: Type.String(),
  state: State,
  late: Type.Boolean(),
});
const Item = Type.Object({
  item: Type.Integer(),
  section: Type.String(),
  goal: Type.String(),
  measure: Type.String(),
  deadline: Type.String(),
  units: Type.String(),
  remark: Type.String(),
  person: Type.String(),
  evidence: Type.String(),
  /** How often, in words: 一次, 每季度, 持续（每年一次）… */
  rhythm: Type.String(),
  /** The period of the day, else the last one; none before the first. */
  period: Nullable(Period),
  /** Periods before it that are past their day and not written off. */
  lateBefore: Type.Integer(),
  progress: Nullable(
    Type.Object({
      indicator: Type.String(),
      name: Type.String(),
      value: Nullable(Type.Number()),
    }),
  ),
  /** Of a county's item: how many towns have it in their own list, and how many have written it off. */
  towns: Nullable(Type.Object({ derived: Type.Integer(), closed: Type.Integer() })),
  parentItem: Nullable(Type.Integer()),
});
const Gate = Type.Object({
  name: Type.String(),
  from: Type.String(),
  due: Type.String(),
  state: Type.Union([
    Type.Literal('passed'),
    Type.Literal('ready'),
    Type.Literal('blocked'),
    Type.Literal('late'),
    Type.Literal('ahead'),
  ]),
  items: Type.Integer(),
  closed: Type.Integer(),
  blocking: Type.Integer(),
  daysLeft: Type.Integer(),
  passed: Nullable(Type.Object({ day: Type.String(), remark: Type.String(), actor: Type.String() })),
});
export const checklist = route({
  method: 'GET',
  url: '/api/checklists/:list',
  summary: '一份任务清单：阶段、各项的状态和进度',
  needs: 'forms.read',
  channel: 'list',
  params: ListNo,
  querystring: Type.Object(AsOf),
  answer: Type.Object({
    asOf: Type.String(),
    head: ListLine,
    gates: Type.Array(Gate),
    items: Type.Array(Item),
  }),
});
export const deriveChecklist = route({
  method: 'POST',
  url: '/api/checklists/:list/derive',
  summary: '乡镇从县清单制定本级工作细案',
  needs: 'checklist.write',
  channel: 'act',
  params: ListNo,
  body: Type.Object({
    region: Type.Optional(RegionCode),
    /** Also what the towns are not named for. */
    whole: Type.Optional(Type.Boolean()),
  }),
  answer: Type.Object({ list: Type.Integer(), items: Type.Integer() }),
});
export const retireChecklist = route({
  method: 'DELETE',
  url: '/api/checklists/:list',
  summary: '停用一份清单（记录保留）',
  needs: 'checklist.write',
  channel: 'act',
  params: ListNo,
  answer: Done,
});

const ItemNo = Type.Object({ list: Numbered, item: Numbered });
const Timing = Type.Union([
  Type.Object({ kind: Type.Literal('day'), day: Day }),
  Type.Object({
    kind: Type.Literal('every'),
    every: Type.Union([
      Type.Literal('year'),
      Type.Literal('quarter'),
      Type.Literal('month'),
      Type.Literal('week'),
    ]),
    from: Day,
    to: Type.Optional(Day),
    dues: Type.Optional(Type.Array(Type.String({ pattern: '^\\d{2}-\\d{2}$' }), { maxItems: 4 })),
  }),
  Type.Object({ kind: Type.Literal('ongoing'), from: Day, to: Type.Optional(Day) }),
]);
export const addItem = route({
  method: 'POST',
  url: '/api/checklists/:list/items',
  summary: '在清单里加一项',
  needs: 'checklist.write',
  channel: 'act',
  params: ListNo,
  body: Type.Object({
    section: Text(80),
    goal: Type.Optional(Text(300)),
    measure: Text(1000),
    units: Text(300),
    deadline: Type.Optional(Text(60)),
    timing: Timing,
    person: Type.Optional(Text(60)),
    evidence: Type.Optional(Text(200)),
    indicator: Type.Optional(Text(60)),
  }),
  answer: Type.Object({ item: Type.Integer() }),
});
/** The paper's own words stay; who does it, by when and what has to be shown is the list's. */
export const changeItem = route({
  method: 'PATCH',
  url: '/api/checklists/:list/items/:item',
  summary: '写明责任人、时限和佐证要求',
  needs: 'checklist.write',
  channel: 'act',
  params: ItemNo,
  body: Type.Object({
    person: Type.Optional(Text(60)),
    evidence: Type.Optional(Text(200)),
    timing: Type.Optional(Timing),
    indicator: Type.Optional(Text(60)),
  }),
  answer: Done,
});
export const checklistItem = route({
  method: 'GET',
  url: '/api/checklists/:list/items/:item',
  summary: '一项任务的各期和经过',
  needs: 'forms.read',
  channel: 'page',
  params: ItemNo,
  querystring: Type.Object(AsOf),
  answer: Type.Object({
    item: Item,
    periods: Type.Array(Period),
    events: Type.Array(
      Type.Object({
        period: Type.String(),
        no: Type.Integer(),
        act: Type.String(),
        day: Type.String(),
        note: Type.String(),
        document: Nullable(Type.String()),
        actor: Type.String(),
        at: Type.String(),
      }),
    ),
    /** The towns' own items made from it. */
    towns: Type.Array(
      Type.Object({
        list: Type.Integer(),
        item: Type.Integer(),
        region: Place,
        state: State,
        late: Type.Boolean(),
      }),
    ),
  }),
});

export const ItemAct = Type.Object({
  act: Type.Union([
    Type.Literal('request'),
    Type.Literal('close'),
    Type.Literal('return'),
    Type.Literal('reopen'),
  ]),
  /** The period that is meant; the day's own where none is named. */
  period: Type.Optional(Text(20)),
  note: Text(500),
  ...AsOf,
});
export const actOnItem = route({
  method: 'POST',
  url: '/api/checklists/:list/items/:item/acts',
  summary: '申请销账、审核销账、退回或恢复',
  needs: 'checklist.write',
  channel: 'act',
  params: ItemNo,
  body: ItemAct,
  answer: Type.Object({ state: State }),
});
export const requestWithDocument = route({
  method: 'POST',
  url: '/api/checklists/:list/items/:item/document',
  summary: '附佐证材料申请销账',
  needs: 'checklist.write',
  channel: 'act',
  params: ItemNo,
  answer: Type.Object({ state: State }),
});
export const itemDocument = route({
  method: 'GET',
  url: '/api/checklists/:list/items/:item/document/:period/:no',
  summary: '一项任务的佐证材料',
  needs: 'forms.read',
  channel: 'file',
  params: Type.Object({ list: Numbered, item: Numbered, period: Text(20), no: Numbered }),
});
export const passGate = route({
  method: 'POST',
  url: '/api/checklists/:list/gates',
  summary: '通过一个阶段',
  needs: 'checklist.review',
  channel: 'act',
  params: ListNo,
  body: Type.Object({ phase: Text(40), remark: Text(300), ...AsOf }),
  answer: Done,
});
export const checklistFile = route({
  method: 'GET',
  url: '/api/checklists/:list/xlsx',
  summary: '下载清单（xlsx，附件2 与印发表样一致）',
  needs: 'forms.read',
  channel: 'export',
  params: ListNo,
});

// 专班

const Role = Type.Union([Type.Literal('leader'), Type.Literal('deputy'), Type.Literal('member')]);
export const teams = route({
  method: 'GET',
  url: '/api/teams',
  summary: '专班成员：本级、上级和下级',
  needs: 'forms.read',
  channel: 'list',
  querystring: Type.Object(AsOf),
  answer: Type.Object({
    asOf: Type.String(),
    items: Type.Array(
      Type.Object({
        member: Type.Integer(),
        region: Place,
        name: Type.String(),
        role: Role,
        duty: Type.String(),
        phone: Type.String(),
        from: Type.String(),
        writes: Type.Boolean(),
      }),
    ),
    /** Places without anybody on the day. */
    without: Type.Array(Place),
  }),
});
export const addTeamMember = route({
  method: 'POST',
  url: '/api/teams',
  summary: '登记专班成员',
  needs: 'checklist.write',
  channel: 'act',
  body: Type.Object({
    region: Type.Optional(RegionCode),
    name: Text(40),
    role: Role,
    duty: Text(200),
    phone: Type.Optional(Text(30)),
    from: Day,
  }),
  answer: Type.Object({ member: Type.Integer() }),
});
export const endTeamMember = route({
  method: 'POST',
  url: '/api/teams/:member/end',
  summary: '成员退出专班',
  needs: 'checklist.write',
  channel: 'act',
  params: Type.Object({ member: Numbered }),
  body: Type.Object({ to: Day }),
  answer: Done,
});

// 备案、上报

const Filing = Type.Object({
  filing: Type.Integer(),
  region: Place,
  title: Type.String(),
  office: Type.String(),
  due: Type.String(),
  sent: Nullable(Type.Object({ day: Type.String(), actor: Type.String() })),
  document: Nullable(Type.String()),
  receipt: Type.String(),
  answer: Type.String(),
  answered: Nullable(Type.String()),
  state: Type.Union([
    Type.Literal('due'),
    Type.Literal('late'),
    Type.Literal('sent'),
    Type.Literal('received'),
    Type.Literal('answered'),
  ]),
  writes: Type.Boolean(),
});
export const filings = route({
  method: 'GET',
  url: '/api/filings',
  summary: '备案、上报的材料',
  needs: 'forms.read',
  channel: 'list',
  querystring: Type.Object(AsOf),
  answer: Type.Object({ asOf: Type.String(), items: Type.Array(Filing) }),
});
export const addFiling = route({
  method: 'POST',
  url: '/api/filings',
  summary: '登记一份要备案或上报的材料',
  needs: 'checklist.write',
  channel: 'act',
  body: Type.Object({ title: Text(120), office: Text(120), due: Day }),
  answer: Type.Object({ filing: Type.Integer() }),
});
const FilingNo = Type.Object({ filing: Numbered });
export const FilingSent = Type.Object({ ...AsOf, receipt: Type.Optional(Text(200)) });
export const sendFiling = route({
  method: 'POST',
  url: '/api/filings/:filing/sent',
  summary: '登记已报出，附材料',
  needs: 'checklist.write',
  channel: 'act',
  params: FilingNo,
  answer: Done,
});
export const answerFiling = route({
  method: 'POST',
  url: '/api/filings/:filing/answer',
  summary: '登记上级的回执或答复',
  needs: 'checklist.write',
  channel: 'act',
  params: FilingNo,
  body: Type.Object({ receipt: Type.Optional(Text(200)), answer: Type.Optional(Text(1000)), ...AsOf }),
  answer: Done,
});
