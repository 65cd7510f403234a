import { Type } from 'typebox';
import { FormAnswer } from './reports.ts';
import { Day, Done, Nullable, Numbered, Place, RegionCode, route, Text } from './route.ts';

// Report calendar and submissions (报送日历、报送).

const Rhythm = Type.Union([Type.Literal('week'), Type.Literal('month'), Type.Literal('quarter')]);
const Level = Type.Union([Type.Literal('village'), Type.Literal('town'), Type.Literal('county')]);
const Code = Type.String({ pattern: '^[a-z][a-z0-9-]{1,40}$' });
const PeriodCode = Type.String({ pattern: '^\\d{4}-(W\\d{2}|Q[1-4]|\\d{2})$' });
const Duty = Type.Object({
  code: Code,
  form: Code,
  every: Rhythm,
  level: Level,
  dueDays: Type.Integer({ minimum: 0, maximum: 60 }),
});
const Asked = { region: Type.Optional(RegionCode), asOf: Type.Optional(Day) };
/** Where it stands against its day: ahead, due, late, in-time, done-late. */
const Standing = { standing: Type.String(), daysLate: Type.Integer() };

export const calendar = route({
  method: 'GET',
  url: '/api/calendar',
  summary: '报送日历：各表各期各单位报没报、迟没迟、后来变没变',
  needs: 'forms.read',
  channel: 'count',
  querystring: Type.Object({
    ...Asked,
    /** Periods back from the day. */
    periods: Type.Optional(Type.Integer({ minimum: 1, maximum: 26 })),
  }),
  answer: Type.Object({
    region: Place,
    asOf: Type.String(),
    lines: Type.Array(
      Type.Object({
        duty: Duty,
        formName: Type.String(),
        periods: Type.Array(
          Type.Object({
            code: Type.String(),
            title: Type.String(),
            from: Type.String(),
            to: Type.String(),
            due: Type.String(),
          }),
        ),
        places: Type.Array(
          Type.Object({
            code: Type.String(),
            name: Type.String(),
            /** In the order of the periods. */
            cells: Type.Array(
              Type.Object({
                submission: Nullable(Type.Integer()),
                state: Nullable(Type.String()),
                ...Standing,
                /** Today's figures of that day are others than those submitted. */
                moved: Type.Boolean(),
              }),
            ),
          }),
        ),
      }),
    ),
  }),
});

const SubmissionNo = Type.Object({ submission: Numbered });
export const prepareSubmission = route({
  method: 'POST',
  url: '/api/submissions',
  summary: '编制一份报表：按期、按单位取数并固定',
  needs: 'submissions.write',
  channel: 'act',
  body: Type.Object({
    form: Code,
    every: Rhythm,
    region: RegionCode,
    period: PeriodCode,
    /** The figures' day; the last of the period, or the newest before it, unless given. */
    day: Type.Optional(Day),
    reporter: Type.Optional(Text(40)),
    contact: Type.Optional(Text(60)),
    remark: Type.Optional(Text(300)),
  }),
  answer: Type.Object({
    submission: Type.Integer(),
    version: Type.Integer(),
    failures: Type.Array(Type.String()),
  }),
});

const Change = Type.Object({
  code: Type.String(),
  name: Type.String(),
  column: Type.Integer(),
  title: Type.String(),
  was: Type.String(),
  now: Type.String(),
});
export const submission = route({
  method: 'GET',
  url: '/api/submissions/:submission',
  summary: '一份报送：所报的表、核对、与现在的差异和来历、办理记录',
  needs: 'forms.read',
  channel: 'count',
  params: SubmissionNo,
  querystring: Type.Object({
    /** The newest unless given. */
    version: Type.Optional(Numbered),
  }),
  answer: Type.Object({
    submission: Type.Integer(),
    region: Place,
    form: Type.String(),
    formName: Type.String(),
    every: Rhythm,
    period: Type.String(),
    periodTitle: Type.String(),
    due: Type.String(),
    state: Type.String(),
    ...Standing,
    version: Type.Integer(),
    day: Type.String(),
    digest: Type.String(),
    /** Whether the kept text still has this digest. */
    intact: Type.Boolean(),
    versions: Type.Array(
      Type.Object({
        version: Type.Integer(),
        day: Type.String(),
        digest: Type.String(),
        actor: Type.String(),
        at: Type.String(),
      }),
    ),
    table: FormAnswer,
    /** Later knowledge about the same day. */
    differences: Type.Array(Change),
    /** What came or was taken back since that speaks of the day, as far as the account sees it. */
    causes: Type.Array(
      Type.Object({
        delivery: Type.Integer(),
        title: Type.String(),
        sender: Type.String(),
        asOf: Type.String(),
        at: Type.String(),
        undone: Type.Boolean(),
      }),
    ),
    events: Type.Array(
      Type.Object({
        act: Type.String(),
        title: Type.String(),
        version: Type.Integer(),
        day: Type.String(),
        remark: Type.String(),
        actor: Type.String(),
        at: Type.String(),
      }),
    ),
    /** Others of the same form and place, to compare with. */
    others: Type.Array(
      Type.Object({
        submission: Type.Integer(),
        period: Type.String(),
        title: Type.String(),
        state: Type.String(),
      }),
    ),
    /** The acts that this account may order now. */
    acts: Type.Array(Type.String()),
  }),
});
export const compareSubmissions = route({
  method: 'GET',
  url: '/api/submissions/:submission/compare',
  summary: '两份报送逐格比较',
  needs: 'forms.read',
  channel: 'count',
  params: SubmissionNo,
  querystring: Type.Object({ against: Numbered, version: Type.Optional(Numbered) }),
  answer: Type.Object({ was: Type.String(), now: Type.String(), differences: Type.Array(Change) }),
});
export const submissionFile = route({
  method: 'GET',
  url: '/api/submissions/:submission/xlsx',
  summary: '下载所报的表（xlsx，按固定的数字）',
  needs: 'forms.read',
  channel: 'export',
  params: SubmissionNo,
  querystring: Type.Object({ version: Type.Optional(Numbered) }),
});
const Moved = Type.Object({ state: Type.String() });
const Remark = Type.Object({ remark: Type.Optional(Text(300)) });
export const submitSubmission = route({
  method: 'POST',
  url: '/api/submissions/:submission/submit',
  summary: '报送（不平的表、下级没有全部审定的表不能报）',
  needs: 'submissions.write',
  channel: 'act',
  params: SubmissionNo,
  body: Remark,
  answer: Moved,
});
const DecisionAct = Type.Union([Type.Literal('return'), Type.Literal('approve'), Type.Literal('reopen')]);
export const decideSubmission = route({
  method: 'POST',
  url: '/api/submissions/:submission/decide',
  summary: '退回、审定或重新打开一份报送',
  needs: 'submissions.approve',
  channel: 'act',
  params: SubmissionNo,
  body: Type.Object({ act: DecisionAct, remark: Type.Optional(Text(300)) }),
  answer: Moved,
});

// The county's own rules: calendar, thresholds, escalation.

const Limit = Nullable(Type.Number({ minimum: -1_000_000_000, maximum: 1_000_000_000 }));
const Colour = Type.Union([Type.Literal('yellow'), Type.Literal('orange'), Type.Literal('red')]);
const WarningRule = Type.Object({
  code: Code,
  title: Text(40),
  indicator: Code,
  basis: Type.Union([Type.Literal('plan'), Type.Literal('fixed'), Type.Literal('previous')]),
  days: Type.Optional(Type.Integer({ minimum: 1, maximum: 366 })),
  yellow: Limit,
  orange: Limit,
  red: Limit,
  /** From this colour on an order is to be raised, answered within so many days. */
  order: Type.Optional(Colour),
  orderDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 366 })),
  source: Text(100),
});
const Escalation = Type.Object({
  days: Type.Integer({ minimum: 1, maximum: 365 }),
  title: Text(60),
  /** Whose inbox it comes to; the county's unless said. */
  to: Type.Optional(Type.Union([Type.Literal('unit'), Type.Literal('county')])),
});
const InForce = {
  /** Null while the shipped ones hold. */
  from: Nullable(Type.String()),
  document: Type.String(),
};
export const supervisionRules = route({
  method: 'GET',
  url: '/api/supervision/rules',
  summary: '报送日历、预警档次、督办升级：某一天在用的规则',
  needs: 'forms.read',
  channel: 'page',
  querystring: Type.Object({ asOf: Type.Optional(Day) }),
  answer: Type.Object({
    asOf: Type.String(),
    calendar: Type.Object({ ...InForce, body: Type.Array(Duty) }),
    warnings: Type.Object({ ...InForce, body: Type.Array(WarningRule) }),
    escalation: Type.Object({ ...InForce, body: Type.Array(Escalation) }),
  }),
});
export const setSupervisionRules = route({
  method: 'PUT',
  url: '/api/supervision/rules',
  summary: '修改报送日历、预警档次或督办升级，从某一天起',
  needs: 'supervision.write',
  channel: 'act',
  body: Type.Object({
    from: Day,
    document: Text(120),
    calendar: Type.Optional(Type.Array(Duty, { maxItems: 60 })),
    warnings: Type.Optional(Type.Array(WarningRule, { maxItems: 30 })),
    escalation: Type.Optional(Type.Array(Escalation, { maxItems: 6 })),
  }),
  answer: Done,
});

/** Which of the three was written, from which day, by whom and why, the newest first. */
export const supervisionRuleHistory = route({
  method: 'GET',
  url: '/api/supervision/rules/history',
  summary: '调度规则的历次修改：从哪一天起、依据、改成什么',
  needs: 'forms.read',
  channel: 'page',
  answer: Type.Object({
    items: Type.Array(
      Type.Object({
        rule: Type.String(),
        from: Type.String(),
        document: Type.String(),
        actor: Type.String(),
        at: Type.String(),
        calendar: Type.Optional(Type.Array(Duty)),
        warnings: Type.Optional(Type.Array(WarningRule)),
        escalation: Type.Optional(Type.Array(Escalation)),
      }),
    ),
  }),
});
export const previewWarnings = route({
  method: 'POST',
  url: '/api/supervision/rules/preview',
  summary: '试算：按这些预警档次，今天哪些单位是黄、橙、红',
  needs: 'supervision.write',
  channel: 'count',
  body: Type.Object({
    warnings: Type.Array(WarningRule, { maxItems: 30 }),
    asOf: Type.Optional(Day),
  }),
  answer: Type.Object({
    asOf: Type.String(),
    rules: Type.Array(
      Type.Object({
        code: Type.String(),
        /** Those with a colour, the heaviest and the farthest first. */
        places: Type.Array(
          Type.Object({ code: Type.String(), name: Type.String(), colour: Colour, words: Type.String() }),
        ),
        /** How many have a value; the others have nothing to be judged by. */
        judged: Type.Integer(),
        of: Type.Integer(),
      }),
    ),
  }),
});

// 督办单

const OrderNo = Type.Object({ order: Numbered });
const Figure = Type.Object({ text: Text(200), reference: Text(120) });
const OrderLine = Type.Object({
  order: Type.Integer(),
  /** 〔2020〕督办第3号 */
  number: Type.String(),
  region: Place,
  /** Empty for one to a place. */
  office: Type.String(),
  /** Who has to do it, in words. */
  to: Type.String(),
  subject: Type.String(),
  raisedDay: Type.String(),
  due: Type.String(),
  state: Type.String(),
  daysLate: Type.Integer(),
  /** The level it has risen to, and whether that is the county's matter (red) or a reminder (orange). */
  escalation: Nullable(Type.String()),
  escalationColour: Nullable(Type.String()),
  actor: Type.String(),
});
export const orders = route({
  method: 'GET',
  url: '/api/orders',
  summary: '督办单',
  needs: 'forms.read',
  channel: 'list',
  querystring: Type.Object({
    ...Asked,
    state: Type.Optional(Type.Union([Type.Literal('open'), Type.Literal('late'), Type.Literal('closed')])),
  }),
  answer: Type.Object({
    asOf: Type.String(),
    items: Type.Array(OrderLine),
    open: Type.Integer(),
    late: Type.Integer(),
  }),
});
export const order = route({
  method: 'GET',
  url: '/api/orders/:order',
  summary: '一份督办单和办理记录',
  needs: 'forms.read',
  channel: 'page',
  params: OrderNo,
  querystring: Type.Object({ asOf: Type.Optional(Day) }),
  answer: Type.Object({
    /** The day shown: the one asked about, or that of the raising where that is later. */
    asOf: Type.String(),
    order: OrderLine,
    county: Type.String(),
    asked: Type.String(),
    figures: Type.Array(Figure),
    warning: Type.String(),
    steps: Type.Array(
      Type.Object({
        step: Type.Integer(),
        act: Type.String(),
        title: Type.String(),
        day: Type.String(),
        remark: Type.String(),
        document: Nullable(Type.String()),
        actor: Type.String(),
        at: Type.String(),
      }),
    ),
    /** Steps after the day shown. */
    later: Type.Integer(),
    acts: Type.Array(Type.String()),
  }),
});
export const raiseOrder = route({
  method: 'POST',
  url: '/api/orders',
  summary: '下达督办单：由预警产生，或手工填写',
  needs: 'supervision.write',
  channel: 'act',
  body: Type.Object({
    region: RegionCode,
    /** To an office of the county instead of the place itself. */
    office: Type.Optional(Text(60)),
    due: Day,
    /** By a warning: subject, request and figures come from it unless given. */
    warning: Type.Optional(Code),
    asOf: Type.Optional(Day),
    subject: Type.Optional(Text(80)),
    asked: Type.Optional(Text(1000)),
    /** Printed with their references. */
    indicators: Type.Optional(Type.Array(Code, { maxItems: 12 })),
  }),
  answer: Type.Object({ order: Type.Integer(), number: Type.String() }),
});
export const OrderAnswer = Type.Object({ order: Numbered, remark: Text(1000) });
export const answerOrder = route({
  method: 'POST',
  url: '/api/orders/answers',
  summary: '答复督办单',
  needs: 'supervision.answer',
  channel: 'act',
  body: OrderAnswer,
  answer: Moved,
});
/** Multipart: `answer` holds an OrderAnswer as JSON, the file is the evidence. */
export const answerOrderWithFile = route({
  method: 'POST',
  url: '/api/orders/answers/documents',
  summary: '答复督办单并附佐证材料',
  needs: 'supervision.answer',
  channel: 'act',
  answer: Moved,
});
export const orderDocument = route({
  method: 'GET',
  url: '/api/orders/:order/steps/:no/document',
  summary: '督办单的佐证材料',
  needs: 'forms.read',
  channel: 'file',
  params: Type.Object({ order: Numbered, no: Numbered }),
});
export const decideOrder = route({
  method: 'POST',
  url: '/api/orders/:order/decide',
  summary: '退回或办结督办单（由下达人）',
  needs: 'supervision.write',
  channel: 'act',
  params: OrderNo,
  body: Type.Object({ act: Type.Union([Type.Literal('return'), Type.Literal('close')]), remark: Text(300) }),
  answer: Moved,
});

// 预警

const WarningLine = Type.Object({
  region: Place,
  rule: Type.String(),
  title: Type.String(),
  indicator: Type.String(),
  value: Type.String(),
  against: Type.String(),
  gap: Nullable(Type.Number()),
  /** yellow, orange, red; null for none. */
  colour: Nullable(Type.String()),
  words: Type.String(),
  reference: Type.String(),
  /** The day it has had this colour since; null with `colour` null. */
  since: Nullable(Type.String()),
  /** It had the colour on the first day looked at: it may be older. */
  older: Type.Boolean(),
  told: Nullable(
    Type.Object({
      day: Type.String(),
      colour: Type.String(),
      by: Type.String(),
      noted: Nullable(Type.String()),
    }),
  ),
  /** The newest order raised by it that is still open. */
  order: Nullable(Type.Integer()),
  /** The day by which an order would have to be answered, where the rule asks for one and none is open. */
  asksBy: Nullable(Type.String()),
});
export const warnings = route({
  method: 'GET',
  url: '/api/warnings',
  summary: '预警：各单位各项的颜色、从哪天起、告知了谁',
  needs: 'forms.read',
  channel: 'count',
  querystring: Type.Object({ ...Asked, back: Type.Optional(Type.Integer({ minimum: 0, maximum: 92 })) }),
  answer: Type.Object({
    region: Place,
    asOf: Type.String(),
    rules: Type.Array(WarningRule),
    items: Type.Array(WarningLine),
  }),
});
export const warningHistory = route({
  method: 'GET',
  url: '/api/warnings/history',
  summary: '一个单位一项预警的经过：每一段颜色、每天的数',
  needs: 'forms.read',
  channel: 'count',
  querystring: Type.Object({
    region: RegionCode,
    rule: Code,
    asOf: Type.Optional(Day),
    days: Type.Optional(Type.Integer({ minimum: 2, maximum: 92 })),
  }),
  answer: Type.Object({
    region: Place,
    title: Type.String(),
    runs: Type.Array(
      Type.Object({ colour: Nullable(Type.String()), from: Type.String(), to: Type.String() }),
    ),
    days: Type.Array(
      Type.Object({
        day: Type.String(),
        value: Type.String(),
        against: Type.String(),
        colour: Nullable(Type.String()),
      }),
    ),
    told: Type.Array(
      Type.Object({
        day: Type.String(),
        colour: Type.String(),
        words: Type.String(),
        by: Type.String(),
        noted: Nullable(Type.Object({ by: Type.String(), at: Type.String() })),
      }),
    ),
  }),
});
export const tellWarnings = route({
  method: 'POST',
  url: '/api/warnings/tell',
  summary: '把预警告知有关单位',
  needs: 'supervision.write',
  channel: 'act',
  body: Type.Object({
    asOf: Type.Optional(Day),
    items: Type.Array(Type.Object({ region: RegionCode, rule: Code }), { minItems: 1, maxItems: 200 }),
  }),
  answer: Type.Object({ told: Type.Integer() }),
});
export const warningNotices = route({
  method: 'GET',
  url: '/api/warnings/notices',
  summary: '告知过的预警和督办升级',
  needs: 'forms.read',
  channel: 'list',
  querystring: Type.Object({ region: Type.Optional(RegionCode) }),
  answer: Type.Object({
    open: Type.Integer(),
    items: Type.Array(
      Type.Object({
        region: Place,
        rule: Type.String(),
        /** The order that has escalated; null for a warning. */
        order: Nullable(Type.Integer()),
        day: Type.String(),
        colour: Type.String(),
        words: Type.String(),
        by: Type.String(),
        noted: Nullable(Type.Object({ by: Type.String(), at: Type.String() })),
      }),
    ),
  }),
});
export const noteWarning = route({
  method: 'POST',
  url: '/api/warnings/note',
  summary: '签收预警',
  needs: 'supervision.answer',
  channel: 'act',
  body: Type.Object({ region: RegionCode, rule: Code, day: Day }),
  answer: Done,
});

// Quarterly analysis (Q6.1b)

export const analysis = route({
  method: 'GET',
  url: '/api/analysis',
  summary: '季度分析：水平、变化、名次、构成、预警和督办',
  needs: 'forms.read',
  channel: 'count',
  querystring: Type.Object({ region: Type.Optional(RegionCode), quarter: Type.Optional(PeriodCode) }),
  answer: Type.Object({
    region: Place,
    quarter: Type.String(),
    title: Type.String(),
    /** The last day of it that can be asked about, and that of the quarter before; null where nothing reaches back so far. */
    day: Type.String(),
    before: Nullable(Type.String()),
    lines: Type.Array(
      Type.Object({
        indicator: Type.String(),
        name: Type.String(),
        unit: Type.String(),
        value: Nullable(Type.Number()),
        before: Nullable(Type.Number()),
        change: Nullable(Type.Number()),
        /** Of a town among the county's; null for the county, and for a town's own account. */
        rank: Nullable(Type.Integer()),
        of: Nullable(Type.Integer()),
        reference: Type.String(),
      }),
    ),
    composition: Type.Array(
      Type.Object({ indicator: Type.String(), name: Type.String(), people: Type.Integer() }),
    ),
    warnings: Type.Array(
      Type.Object({
        place: Type.String(),
        colour: Type.String(),
        words: Type.String(),
        since: Nullable(Type.String()),
      }),
    ),
    orders: Type.Object({ raised: Type.Integer(), closed: Type.Integer(), late: Type.Integer() }),
    submissions: Type.Object({
      owed: Type.Integer(),
      inTime: Type.Integer(),
      late: Type.Integer(),
      missing: Type.Integer(),
    }),
  }),
});

// Meetings and problems

const MeetingNo = Type.Object({ meeting: Numbered });
const Decision = Type.Object({
  decision: Type.Integer(),
  meeting: Type.Integer(),
  region: Place,
  text: Type.String(),
  unit: Type.String(),
  due: Type.String(),
  state: Type.String(),
  result: Type.String(),
  /** The item of a task list that it has become: from then on its state is that one's. */
  task: Nullable(
    Type.Object({
      list: Type.Integer(),
      title: Type.String(),
      item: Type.Integer(),
      state: Type.String(),
      late: Type.Boolean(),
      /** What file the write-off asks for; empty where none. */
      evidence: Type.String(),
    }),
  ),
  late: Type.Boolean(),
  source: Type.String(),
});
export const meetings = route({
  method: 'GET',
  url: '/api/meetings',
  summary: '会议和议定事项',
  needs: 'forms.read',
  channel: 'list',
  querystring: Type.Object({ asOf: Type.Optional(Day) }),
  answer: Type.Object({
    asOf: Type.String(),
    items: Type.Array(
      Type.Object({
        meeting: Type.Integer(),
        region: Place,
        kind: Type.String(),
        kindTitle: Type.String(),
        title: Type.String(),
        day: Type.String(),
        agenda: Type.String(),
        attended: Type.String(),
        actor: Type.String(),
      }),
    ),
    decisions: Type.Array(Decision),
    /** A 年度专题研究 is due in this year of the day. */
    studyHeld: Type.Boolean(),
  }),
});
export const addMeeting = route({
  method: 'POST',
  url: '/api/meetings',
  summary: '登记会议',
  needs: 'supervision.write',
  channel: 'act',
  body: Type.Object({
    kind: Type.Union([Type.Literal('study'), Type.Literal('coordination'), Type.Literal('dispatch')]),
    title: Text(80),
    day: Day,
    agenda: Text(2000),
    attended: Text(1000),
  }),
  answer: Type.Object({ meeting: Type.Integer() }),
});
export const addDecision = route({
  method: 'POST',
  url: '/api/meetings/:meeting/decisions',
  summary: '登记议定事项',
  needs: 'supervision.write',
  channel: 'act',
  params: MeetingNo,
  body: Type.Object({ text: Text(500), unit: Text(60), region: RegionCode, due: Day }),
  answer: Type.Object({ decision: Type.Integer() }),
});
const DecisionNo = Type.Object({ meeting: Numbered, decision: Numbered });
export const DecisionResult = Type.Object({
  state: Type.Union([Type.Literal('open'), Type.Literal('done')]),
  result: Text(500),
});
export const setDecision = route({
  method: 'POST',
  url: '/api/meetings/:meeting/decisions/:decision',
  summary: '登记议定事项的结果',
  needs: 'supervision.answer',
  channel: 'act',
  params: DecisionNo,
  body: DecisionResult,
  answer: Done,
});
/** Multipart: `result` holds a DecisionResult as JSON, the file is what the task that it has become asks for. */
export const setDecisionWithFile = route({
  method: 'POST',
  url: '/api/meetings/:meeting/decisions/:decision/documents',
  summary: '登记议定事项的结果并附佐证材料',
  needs: 'supervision.answer',
  channel: 'act',
  params: DecisionNo,
  answer: Done,
});
export const decisionToTask = route({
  method: 'POST',
  url: '/api/meetings/:meeting/decisions/:decision/task',
  summary: '把议定事项转为任务清单的一项',
  needs: 'supervision.write',
  channel: 'act',
  params: DecisionNo,
  body: Type.Object({
    /** Of the account's own place. */
    list: Numbered,
    /** 会议议定事项 where none is named. */
    section: Type.Optional(Text(80)),
    person: Type.Optional(Text(60)),
    evidence: Type.Optional(Text(200)),
  }),
  answer: Type.Object({ list: Type.Integer(), item: Type.Integer() }),
});
export const problems = route({
  method: 'GET',
  url: '/api/problems',
  summary: '向市里反映的问题和答复',
  needs: 'forms.read',
  channel: 'list',
  querystring: Type.Object(Asked),
  answer: Type.Object({
    asOf: Type.String(),
    items: Type.Array(
      Type.Object({
        problem: Type.Integer(),
        region: Place,
        subject: Type.String(),
        detail: Type.String(),
        raisedDay: Type.String(),
        sentDay: Nullable(Type.String()),
        due: Type.String(),
        state: Type.String(),
        late: Type.Boolean(),
        answer: Type.String(),
        answeredDay: Nullable(Type.String()),
        actor: Type.String(),
        /** None on a day after which something was done. */
        acts: Type.Array(Type.Union([Type.Literal('send'), Type.Literal('answer'), Type.Literal('close')])),
      }),
    ),
  }),
});
export const raiseProblem = route({
  method: 'POST',
  url: '/api/problems',
  summary: '提出需要市里解决的问题',
  needs: 'supervision.answer',
  channel: 'act',
  body: Type.Object({ region: Type.Optional(RegionCode), subject: Text(80), detail: Text(2000), due: Day }),
  answer: Type.Object({ problem: Type.Integer() }),
});
export const moveProblem = route({
  method: 'POST',
  url: '/api/problems/:problem',
  summary: '上报、登记市里答复或了结一个问题',
  needs: 'supervision.write',
  channel: 'act',
  params: Type.Object({ problem: Numbered }),
  body: Type.Object({
    act: Type.Union([Type.Literal('send'), Type.Literal('answer'), Type.Literal('close')]),
    text: Type.Optional(Text(2000)),
  }),
  answer: Moved,
});
