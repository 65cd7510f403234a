import { Type } from 'typebox';
import {
  Cursor,
  Day,
  Limit,
  Nullable,
  Numbered,
  PersonNumber,
  Place,
  RegionCode,
  route,
  Text,
} from './route.ts';

const ByState = Type.Object({ verify: Type.Integer(), settled: Type.Integer(), closed: Type.Integer() });

const ItemLine = Type.Object({
  /** The same through every reopening. */
  number: Type.String(),
  kind: Type.String(),
  title: Type.String(),
  /** Year, or kind of finding in words; empty where the kind has none. */
  subject: Type.String(),
  state: Type.String(),
  stateTitle: Type.String(),
  why: Type.String(),
  /** Of 待核实: what is still missing of the reason's proof; empty where nothing is. */
  missing: Type.String(),
  person: Type.Integer(),
  name: Type.String(),
  /** Masked. */
  id: Type.String(),
  birth: Type.String(),
  region: Place,
  /** Since when it is in this state; when it was first opened. */
  from: Type.String(),
  opened: Type.String(),
  tags: Type.Array(Type.String()),
  assignee: Nullable(Type.String()),
  due: Nullable(Type.String()),
});

export const LedgerFilter = Type.Object({
  /** What this count of items counts; kind and state narrow it. */
  indicator: Type.Optional(Text(60)),
  kind: Type.Optional(Text(20)),
  /** verify, settled, closed; unless given, those of the indicator, or without one open (待核实 and 已落实). */
  state: Type.Optional(Text(10)),
  subject: Type.Optional(Text(40)),
  region: Type.Optional(RegionCode),
  asOf: Type.Optional(Day),
  tag: Type.Optional(Text(30)),
  assignee: Type.Optional(Text(64)),
  /** Days in the present state, as the overview counts them: week, month, quarter, older. */
  age: Type.Optional(Text(10)),
});

export const ledger = route({
  method: 'GET',
  url: '/api/ledger',
  summary: '台账：按种类、状态、组别列出',
  needs: 'people.read',
  channel: 'list',
  querystring: Type.Intersect([
    LedgerFilter,
    Type.Object({ after: Type.Optional(Cursor), limit: Type.Optional(Limit) }),
  ]),
  answer: Type.Object({
    asOf: Type.String(),
    total: Type.Integer(),
    byState: ByState,
    items: Type.Array(ItemLine),
    next: Nullable(Cursor),
  }),
});

export const ledgerOverview = route({
  method: 'GET',
  url: '/api/ledger/overview',
  summary: '台账总览：下级区划 × 种类 × 状态，未销号的账龄',
  needs: 'people.read',
  channel: 'count',
  querystring: Type.Object({ region: Type.Optional(RegionCode), asOf: Type.Optional(Day) }),
  answer: Type.Object({
    region: Place,
    asOf: Type.String(),
    kinds: Type.Array(
      Type.Object({
        kind: Type.String(),
        title: Type.String(),
        opens: Type.String(),
        closes: Type.String(),
        byState: ByState,
        /** Open ones by age: up to 7, 30, 90 days, older. */
        ages: Type.Array(Type.Integer()),
      }),
    ),
    places: Type.Array(
      Type.Object({ code: Type.String(), name: Type.String(), kinds: Type.Record(Type.String(), ByState) }),
    ),
  }),
});

const ItemNo = Type.Object({ number: Text(80) });
export const ledgerItem = route({
  method: 'GET',
  url: '/api/ledger/items/:number',
  summary: '一笔台账的来龙去脉',
  needs: 'people.read',
  channel: 'page',
  params: ItemNo,
  answer: Type.Object({
    number: Type.String(),
    title: Type.String(),
    subject: Type.String(),
    person: Type.Integer(),
    rule: Type.Object({
      opens: Type.String(),
      closes: Type.String(),
      reopens: Type.String(),
      byHand: Nullable(Type.String()),
    }),
    /** As it is known now, by day. */
    life: Type.Array(
      Type.Object({
        from: Type.String(),
        to: Nullable(Type.String()),
        state: Type.String(),
        stateTitle: Type.String(),
        why: Type.String(),
      }),
    ),
    /** What was recorded, and when. */
    events: Type.Array(
      Type.Object({ at: Type.String(), day: Type.String(), what: Type.String(), why: Type.String() }),
    ),
    closings: Type.Array(
      Type.Object({
        closing: Type.Integer(),
        from: Type.String(),
        reason: Type.String(),
        /** What the document is, in words; of a closing before this was asked nothing. */
        paper: Nullable(Type.String()),
        document: Type.String(),
        actor: Type.String(),
        undone: Type.Boolean(),
      }),
    ),
    assignee: Nullable(Type.String()),
    due: Nullable(Type.String()),
  }),
});

export const personItems = route({
  method: 'GET',
  url: '/api/people/:person/items',
  summary: '一个人的台账',
  needs: 'people.read',
  channel: 'list',
  params: Type.Object({ person: PersonNumber }),
  querystring: Type.Object({ asOf: Type.Optional(Day) }),
  answer: Type.Object({ items: Type.Array(ItemLine) }),
});

export const ClosingBody = Type.Object({
  numbers: Type.Array(Text(80), { minItems: 1, maxItems: 5000 }),
  reason: Text(500),
  /** What the document is: one that the table of kinds names (ledger/kinds). */
  paper: Type.Optional(Text(30)),
  from: Type.Optional(Day),
});
/** multipart/form-data: `closing` as JSON of `ClosingBody` and one file, the proof. */
export const closeItems = route({
  method: 'POST',
  url: '/api/ledger/closings',
  summary: '人工销号，需理由和佐证',
  needs: 'findings.decide',
  channel: 'act',
  answer: Type.Object({ closed: Type.Integer(), changed: Type.Integer() }),
});
export const undoClosing = route({
  method: 'POST',
  url: '/api/ledger/closings/:closing/undo',
  summary: '撤回人工销号',
  needs: 'findings.decide',
  channel: 'act',
  params: Type.Object({ closing: Numbered }),
  answer: Type.Object({ closing: Type.Integer(), changed: Type.Integer() }),
});
export const assignItems = route({
  method: 'POST',
  url: '/api/ledger/assignments',
  summary: '分派台账，指定办结期限',
  needs: 'visits.write',
  channel: 'act',
  body: Type.Object({
    numbers: Type.Array(Text(80), { minItems: 1, maxItems: 5000 }),
    assignee: Text(64),
    due: Type.Optional(Day),
  }),
  answer: Type.Object({ assigned: Type.Integer() }),
});
export const exportLedger = route({
  method: 'POST',
  url: '/api/ledger/export',
  summary: '导出台账，留痕并加水印',
  needs: 'people.export',
  channel: 'export',
  body: Type.Object({ filter: LedgerFilter, reason: Text(200) }),
});

const Change = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const Notice = Type.Object({
  change: Type.Integer(),
  region: Place,
  kind: Type.String(),
  title: Type.String(),
  opened: Type.Integer(),
  closed: Type.Integer(),
  at: Type.String(),
  noted: Nullable(Type.Object({ at: Type.String(), by: Type.String() })),
});
export const notices = route({
  method: 'GET',
  url: '/api/notices',
  summary: '推送：名单或走访给本地带来的变动，未签收的在前',
  needs: 'people.read',
  channel: 'list',
  querystring: Type.Object({
    /** Not signed for yet, or signed for; both unless it is said. */
    open: Type.Optional(Type.Boolean()),
    region: Type.Optional(RegionCode),
    kind: Type.Optional(Text(30)),
    limit: Type.Optional(Limit),
  }),
  /** `open`: how many of these wait. */
  answer: Type.Object({ open: Type.Integer(), items: Type.Array(Notice) }),
});
export const noteNotices = route({
  method: 'POST',
  url: '/api/notices/noted',
  summary: '签收推送',
  needs: 'visits.write',
  channel: 'act',
  body: Type.Union([
    Type.Object({ upTo: Change, region: Type.Optional(RegionCode), kind: Type.Optional(Text(30)) }),
    Type.Object({
      chosen: Type.Array(Type.Object({ change: Change, region: RegionCode, kind: Text(30) }), {
        minItems: 1,
        maxItems: 500,
      }),
    }),
  ]),
  answer: Type.Object({ noted: Type.Integer() }),
});
/** text/event-stream: how many are open, at once and within two seconds of each change. */
export const noticeEvents = route({
  method: 'GET',
  url: '/api/notices/events',
  summary: '推送（事件流）',
  needs: 'people.read',
  channel: 'events',
});
