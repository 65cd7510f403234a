import { Type } from 'typebox';
import { CommandNumber, VisitReason } from './field.ts';
import {
  Cursor,
  Day,
  Done,
  Limit,
  Nullable,
  Numbered,
  PersonNumber,
  Place,
  RegionCode,
  route,
  Text,
} from './route.ts';

const Asked = { region: Type.Optional(RegionCode), asOf: Type.Optional(Day) };
const Paged = { after: Type.Optional(Cursor), limit: Type.Optional(Limit) };
const Worker = Type.Object({
  login: Type.String(),
  /** Empty of an account that is gone. */
  name: Type.String(),
});

export const surveyDay = route({
  method: 'GET',
  url: '/api/survey/day',
  summary: '今天（演示县为最近一份名单的日期）：登记走访、结束包村以它为准',
  needs: 'people.read',
  channel: 'count',
  answer: Type.Object({ day: Type.String() }),
});

// Who covers which village (包村).

const Cover = Type.Object({
  cover: Type.Integer(),
  worker: Worker,
  /** 组; empty for the whole village. */
  group: Type.String(),
  from: Type.String(),
  /** Half-open; null while it lasts. */
  to: Nullable(Type.String()),
});
export const covers = route({
  method: 'GET',
  url: '/api/survey/covers',
  summary: '包村：每个村（社区）由谁走访',
  needs: 'people.read',
  channel: 'list',
  querystring: Type.Object(Asked),
  answer: Type.Object({
    asOf: Type.String(),
    villages: Type.Array(
      Type.Object({
        village: Place,
        people: Type.Integer(),
        /** Those of the day, then those that begin later. */
        covers: Type.Array(Cover),
        past: Type.Integer(),
      }),
    ),
  }),
});
export const surveyWorkers = route({
  method: 'GET',
  url: '/api/survey/workers',
  summary: '可以分派走访的账号',
  needs: 'survey.manage',
  channel: 'list',
  querystring: Type.Object({ region: Type.Optional(RegionCode) }),
  answer: Type.Object({
    items: Type.Array(Type.Object({ login: Type.String(), name: Type.String(), region: Place })),
  }),
});
export const addCovers = route({
  method: 'POST',
  url: '/api/survey/covers',
  summary: '把村（社区）或其中一个组分给走访账号',
  needs: 'survey.manage',
  channel: 'act',
  body: Type.Object({
    villages: Type.Array(RegionCode, { minItems: 1, maxItems: 200 }),
    group: Type.Optional(Text(20)),
    accounts: Type.Array(Text(64), { minItems: 1, maxItems: 20 }),
    from: Day,
    /** Half-open. */
    to: Type.Optional(Day),
  }),
  answer: Type.Object({ covers: Type.Integer() }),
});
export const endCover = route({
  method: 'POST',
  url: '/api/survey/covers/:cover/end',
  summary: '结束一项包村',
  needs: 'survey.manage',
  channel: 'act',
  params: Type.Object({ cover: Numbered }),
  body: Type.Object({ to: Day }),
  answer: Done,
});

// Rounds of visits (走访任务) and their progress.

const RoundLine = Type.Object({
  round: Type.Integer(),
  name: Type.String(),
  basis: Type.String(),
  basisTitle: Type.String(),
  who: Type.String(),
  kinds: Type.Array(Type.String()),
  region: Place,
  from: Type.String(),
  due: Type.String(),
  quota: Nullable(Type.Integer()),
  revisitDays: Nullable(Type.Integer()),
  actor: Type.String(),
  ended: Type.Boolean(),
});
export const rounds = route({
  method: 'GET',
  url: '/api/survey/rounds',
  summary: '走访任务，新的在前',
  needs: 'people.read',
  channel: 'list',
  answer: Type.Object({ items: Type.Array(RoundLine) }),
});
export const addRound = route({
  method: 'POST',
  url: '/api/survey/rounds',
  summary: '新建走访任务：名单来自台账、省厅名单或整村',
  needs: 'survey.manage',
  channel: 'act',
  body: Type.Object({
    name: Text(60),
    basis: Text(20),
    kinds: Type.Optional(Type.Array(Text(20), { maxItems: 9 })),
    region: Type.Optional(RegionCode),
    from: Day,
    due: Day,
    quota: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
    revisitDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 366 })),
  }),
  answer: Type.Object({ round: Type.Integer() }),
});
const RoundNo = Type.Object({ round: Numbered });
export const endRound = route({
  method: 'POST',
  url: '/api/survey/rounds/:round/end',
  summary: '结束走访任务',
  needs: 'survey.manage',
  channel: 'act',
  params: RoundNo,
  answer: Done,
});

const Counts = { listed: Type.Integer(), visited: Type.Integer(), unsettled: Type.Integer() };
export const roundProgress = route({
  method: 'GET',
  url: '/api/survey/rounds/:round/progress',
  summary: '走访进度：按村、按走访员、按天',
  needs: 'people.read',
  channel: 'count',
  params: RoundNo,
  querystring: Type.Object(Asked),
  answer: Type.Object({
    round: RoundLine,
    asOf: Type.String(),
    region: Place,
    total: Type.Object({ ...Counts, rate: Nullable(Type.Number()) }),
    pace: Type.Object({
      elapsed: Type.Number(),
      daysLeft: Type.Integer(),
      perDay: Type.Integer(),
      behind: Type.Boolean(),
    }),
    /** Each listed person once, in the place he stands in; the region's own code for whoever stands in none below. */
    places: Type.Array(
      Type.Object({ code: Type.String(), name: Type.String(), ...Counts, rate: Nullable(Type.Number()) }),
    ),
    /** People whom two workers have seen count for both. */
    workers: Type.Array(
      Type.Object({
        worker: Worker,
        villages: Type.Array(Type.String()),
        /** Of the villages and groups given to the worker; null where none are. */
        listed: Nullable(Type.Integer()),
        visited: Type.Integer(),
        /** Of those listed, whom the worker has visited. */
        own: Type.Integer(),
        answers: Type.Integer(),
        last: Nullable(Type.String()),
      }),
    ),
    days: Type.Array(Type.Object({ day: Type.String(), people: Type.Integer(), answers: Type.Integer() })),
  }),
});
export const roundPeople = route({
  method: 'GET',
  url: '/api/survey/rounds/:round/people',
  summary: '走访任务的名单：走访过的和没有走访的',
  needs: 'people.read',
  channel: 'list',
  params: RoundNo,
  querystring: Type.Object({
    ...Asked,
    /** yes, no; all unless given. */
    visited: Type.Optional(Type.Union([Type.Literal('yes'), Type.Literal('no')])),
    /** Still 待核实 in the watched ledger: yes, no; all unless given. */
    unsettled: Type.Optional(Type.Union([Type.Literal('yes'), Type.Literal('no')])),
    /** Whom this worker has visited within the round. */
    worker: Type.Optional(Text(80)),
    ...Paged,
  }),
  answer: Type.Object({
    asOf: Type.String(),
    total: Type.Integer(),
    items: Type.Array(
      Type.Object({
        person: Type.Integer(),
        name: Type.String(),
        /** Masked. */
        id: Type.String(),
        region: Place,
        address: Type.String(),
        unsettled: Type.Boolean(),
        /** What is still missing of the proof of whoever is 待核实. */
        missing: Type.String(),
        visited: Nullable(Type.Object({ day: Type.String(), answer: Type.String(), worker: Type.String() })),
      }),
    ),
    next: Nullable(Cursor),
  }),
});
export const revisits = route({
  method: 'GET',
  url: '/api/survey/revisits',
  summary: '复访名单：佐证到期、联系不上、外出务工满12个月、本轮到了复访日',
  needs: 'people.read',
  channel: 'list',
  querystring: Type.Object({
    ...Asked,
    round: Type.Optional(Numbered),
    /** Also those that will be due within so many days. */
    within: Type.Optional(Type.Integer({ minimum: 0, maximum: 366 })),
    ...Paged,
  }),
  answer: Type.Object({
    asOf: Type.String(),
    until: Type.String(),
    total: Type.Integer(),
    items: Type.Array(
      Type.Object({
        person: Type.Integer(),
        name: Type.String(),
        id: Type.String(),
        region: Place,
        why: Type.String(),
        /** What is still missing of the proof of whoever is 待核实 already. */
        missing: Type.String(),
        due: Type.String(),
        last: Nullable(Type.Object({ day: Type.String(), answer: Type.String(), worker: Type.String() })),
      }),
    ),
    next: Nullable(Cursor),
  }),
});

// Visits entered at a desk, and the pictures of visits.

export const DeskVisit = Type.Object({
  command: CommandNumber,
  person: PersonNumber,
  /** The day it was signed or spoken on. */
  day: Day,
  way: Type.Union([Type.Literal('visit'), Type.Literal('call')]),
  /** A choice of domain/survey/answers. */
  answer: Text(40),
  reason: Type.Optional(Type.Omit(VisitReason, ['code'])),
  /** statement, record, document: what the file that comes with it is. */
  proof: Type.Optional(Text(20)),
  remark: Type.Optional(Text(500)),
});
export const enterVisit = route({
  method: 'POST',
  url: '/api/visits',
  summary: '在电脑上登记一条走访答复',
  needs: 'visits.write',
  channel: 'act',
  body: DeskVisit,
  answer: Type.Object({ command: Type.String() }),
});
/** multipart/form-data: `visit` as JSON of `DeskVisit` and one file, the scanned proof. */
export const enterScannedVisit = route({
  method: 'POST',
  url: '/api/visits/scanned',
  summary: '登记一条走访答复，附扫描的意愿书或材料',
  needs: 'visits.write',
  channel: 'act',
  answer: Type.Object({ command: Type.String() }),
});
export const visitPicture = route({
  method: 'GET',
  url: '/api/visits/:command/pictures/:no',
  summary: '走访的佐证图片，留痕',
  needs: 'people.read',
  channel: 'file',
  params: Type.Object({ command: CommandNumber, no: Type.Integer({ minimum: 1, maximum: 10 }) }),
});

// Back-checks (抽查).

const CheckCounts = {
  drawn: Type.Integer(),
  same: Type.Integer(),
  different: Type.Integer(),
  unverifiable: Type.Integer(),
  /** same ÷ (same + different) */
  agreement: Nullable(Type.Number()),
};
const CheckLine = Type.Object({
  check: Type.Integer(),
  round: Nullable(Type.Object({ round: Type.Integer(), name: Type.String() })),
  region: Place,
  from: Type.String(),
  to: Type.String(),
  seed: Type.String(),
  size: Type.String(),
  visits: Type.Integer(),
  actor: Type.String(),
  madeAt: Type.String(),
  ...CheckCounts,
});
export const checks = route({
  method: 'GET',
  url: '/api/survey/checks',
  summary: '抽查，新的在前',
  needs: 'survey.manage',
  channel: 'list',
  answer: Type.Object({ items: Type.Array(CheckLine) }),
});
export const drawCheck = route({
  method: 'POST',
  url: '/api/survey/checks',
  summary: '抽取走访记录复核；同一个抽样号抽出同样的人',
  needs: 'survey.manage',
  channel: 'act',
  body: Type.Object({
    round: Type.Optional(Numbered),
    region: Type.Optional(RegionCode),
    from: Type.Optional(Day),
    to: Type.Optional(Day),
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 5000 })),
    percent: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 100 })),
    number: Numbered,
  }),
  answer: Type.Object({ check: Type.Integer(), drawn: Type.Integer() }),
});
const CheckNo = Type.Object({ check: Numbered });
export const check = route({
  method: 'GET',
  url: '/api/survey/checks/:check',
  summary: '一次抽查：每个走访员的一致率和抽到的走访',
  needs: 'survey.manage',
  channel: 'list',
  params: CheckNo,
  answer: Type.Object({
    check: CheckLine,
    workers: Type.Array(Type.Object({ worker: Worker, ...CheckCounts })),
    items: Type.Array(
      Type.Object({
        command: Type.String(),
        person: Type.Integer(),
        name: Type.String(),
        id: Type.String(),
        region: Place,
        worker: Type.String(),
        day: Type.String(),
        way: Type.String(),
        answer: Type.String(),
        details: Type.Array(Type.String()),
        undone: Type.Boolean(),
        result: Nullable(Type.String()),
        note: Type.String(),
        checkedBy: Nullable(Type.String()),
        checkedAt: Nullable(Type.String()),
      }),
    ),
  }),
});
export const enterResult = route({
  method: 'POST',
  url: '/api/survey/checks/:check/results',
  summary: '登记抽查结果',
  needs: 'survey.manage',
  channel: 'act',
  params: CheckNo,
  body: Type.Object({ command: CommandNumber, result: Text(20), note: Type.Optional(Text(300)) }),
  answer: Done,
});

// Head counts (人数核定).

const Signed = Type.Object({
  version: Type.Integer(),
  day: Type.String(),
  population: Type.Integer(),
  inScope: Type.Integer(),
  signer: Type.String(),
  /** village, town, county */
  level: Type.String(),
  at: Type.String(),
});
export const headcounts = route({
  method: 'GET',
  url: '/api/survey/headcounts',
  summary: '人数核定：各村（社区）户籍人口和应参保人数，谁核定了，后来变没变',
  needs: 'people.read',
  channel: 'count',
  querystring: Type.Object(Asked),
  answer: Type.Object({
    asOf: Type.String(),
    region: Place,
    signed: Type.Integer(),
    moved: Type.Integer(),
    villages: Type.Array(
      Type.Object({
        village: Place,
        population: Type.Integer(),
        inScope: Type.Integer(),
        /** unsigned, signed, moved */
        state: Type.String(),
        /** The latest first. */
        versions: Type.Array(Signed),
      }),
    ),
  }),
});
export const signHeadcount = route({
  method: 'POST',
  url: '/api/survey/headcounts',
  summary: '核定一个村（社区）的户籍人口和应参保人数',
  needs: 'visits.write',
  channel: 'act',
  body: Type.Object({
    village: RegionCode,
    day: Day,
    /** As the screen showed them: refused when they have moved since. */
    population: Numbered,
    inScope: Numbered,
  }),
  answer: Type.Object({ version: Type.Integer() }),
});

// 意愿书

const Statement = Type.Object({
  person: Type.Integer(),
  name: Type.String(),
  sex: Type.String(),
  birth: Type.String(),
  id: Type.String(),
  place: Type.String(),
  address: Type.String(),
});
const StatementAnswer = Type.Object({
  asOf: Type.String(),
  county: Type.String(),
  /** Left out because there are too many for one print. */
  more: Type.Integer(),
  /** Facts of policy, each with its source; only what stands in the loaded parameters. */
  facts: Type.Array(Type.Object({ text: Type.String(), source: Type.String() })),
  people: Type.Array(Statement),
});
const StatementQuestion = {
  region: Type.Optional(RegionCode),
  person: Type.Optional(PersonNumber),
  /** refusing: those who said no and have signed nothing; all: everybody 应保未保. */
  who: Type.Optional(Type.Union([Type.Literal('refusing'), Type.Literal('all')])),
};
export const statements = route({
  method: 'GET',
  url: '/api/survey/statements',
  summary: '意愿书，号码遮蔽',
  needs: 'people.read',
  channel: 'list',
  querystring: Type.Object(StatementQuestion),
  answer: StatementAnswer,
});
/** Of a town or the county: how many there are in each village; printed village by village. */
export const statementPlaces = route({
  method: 'GET',
  url: '/api/survey/statements/places',
  summary: '意愿书：各村（社区）要印多少张',
  needs: 'people.read',
  channel: 'count',
  querystring: Type.Object({ region: StatementQuestion.region, who: StatementQuestion.who }),
  answer: Type.Object({
    asOf: Type.String(),
    places: Type.Array(Type.Object({ region: Place, people: Type.Integer() })),
    /** Who stands in no village yet. */
    unplaced: Type.Integer(),
  }),
});
export const fullStatements = route({
  method: 'POST',
  url: '/api/survey/statements/full',
  summary: '意愿书，印全号，留痕',
  needs: 'people.reveal',
  channel: 'export',
  body: Type.Object({ ...StatementQuestion, reason: Text(200) }),
  answer: StatementAnswer,
});
