import { Type } from 'typebox';
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

/** Which people: everything that opens a list of people is such a question, and a saved filter keeps one. */
export const PeopleFilter = Type.Object({
  /** Name or a part of it, pinyin or its initials, an ID number, a telephone, an address, a household number. */
  q: Type.Optional(Text(80)),
  region: Type.Optional(RegionCode),
  asOf: Type.Optional(Day),
  /** The people that an indicator (or a form's cell) counts. */
  indicator: Type.Optional(Text(60)),
  /** 附件3 column, 7 to 17. */
  column: Type.Optional(Type.Integer({ minimum: 7, maximum: 17 })),
  registered: Type.Optional(Type.Boolean()),
  paid: Type.Optional(Type.Boolean()),
  willing: Type.Optional(Type.Union([Type.Literal('yes'), Type.Literal('no'), Type.Literal('unknown')])),
  /** 低保 … as TAGS of the step's class. */
  tag: Type.Optional(Text(30)),
  ageBand: Type.Optional(Text(10)),
  /** People whose verdict a delivery changed. */
  delivery: Type.Optional(Numbered),
  /** Only who stands directly in the region, in no village (未分村社区). */
  unplaced: Type.Optional(Type.Boolean()),
});

export const PersonLine = Type.Object({
  person: Type.Integer(),
  name: Type.String(),
  /** Masked. */
  id: Type.String(),
  sex: Type.String(),
  birth: Type.String(),
  region: Place,
  /** Null where the deciding list may not be seen: 原因由县掌握. */
  column: Nullable(Type.Integer()),
  verdict: Type.String(),
  registered: Type.Boolean(),
  paid: Type.Boolean(),
  willing: Type.String(),
  tags: Type.Array(Type.String()),
  inRegister: Type.Boolean(),
});

export const people = route({
  method: 'GET',
  url: '/api/people',
  summary: '查人：姓名、拼音、号码、电话、地址、户号，加条件',
  needs: 'people.read',
  channel: 'search',
  querystring: Type.Intersect([
    PeopleFilter,
    Type.Object({ after: Type.Optional(Cursor), limit: Type.Optional(Limit) }),
  ]),
  answer: Type.Object({
    asOf: Type.String(),
    /** How the question was understood: 姓名, 拼音, 身份证号码, 电话, 户号, 地址. */
    understood: Type.String(),
    /** Null where counting would take longer than answering. */
    total: Nullable(Type.Integer()),
    items: Type.Array(PersonLine),
    next: Nullable(Cursor),
  }),
});
export const suggest = route({
  method: 'GET',
  url: '/api/people/suggestions',
  summary: '输入时的提示，至多 8 人',
  needs: 'people.read',
  channel: 'suggestion',
  querystring: Type.Object({ q: Text(80) }),
  answer: Type.Object({
    items: Type.Array(
      Type.Object({ person: Type.Integer(), name: Type.String(), id: Type.String(), place: Type.String() }),
    ),
  }),
});

const PersonNo = Type.Object({ person: PersonNumber });
const Turn = Type.Object({
  from: Type.String(),
  to: Nullable(Type.String()),
  column: Nullable(Type.Integer()),
  verdict: Type.String(),
  /** The rule in words. */
  rule: Type.String(),
  place: Type.String(),
  registered: Type.Boolean(),
  paid: Type.Boolean(),
  /** Which list turned it; null for a birthday or 1 January. */
  delivery: Nullable(Type.Integer()),
  source: Nullable(Type.String()),
});
export const EvidenceLine = Type.Object({
  source: Type.String(),
  title: Type.String(),
  office: Type.String(),
  /** What the list says, in words: pairs of column title and value. Empty where it may not be seen. */
  says: Type.Array(Type.Object({ title: Type.String(), value: Type.String() })),
  visible: Type.Boolean(),
  from: Type.String(),
  to: Nullable(Type.String()),
  asOf: Type.String(),
  delivery: Type.Integer(),
  row: Type.Integer(),
  decides: Type.Boolean(),
});
export const person = route({
  method: 'GET',
  url: '/api/people/:person',
  summary: '一个人：为什么是这个结论，依据，矛盾，历程',
  needs: 'people.read',
  channel: 'page',
  params: PersonNo,
  querystring: Type.Object({ asOf: Type.Optional(Day) }),
  answer: Type.Object({
    line: PersonLine,
    asOf: Type.String(),
    phone: Nullable(Type.String()),
    address: Nullable(Type.String()),
    /** The rule for addresses (地址分村) that found the village, where no list names it. */
    ruled: Nullable(
      Type.Object({
        rule: Type.Integer(),
        application: Type.Integer(),
        words: Type.String(),
        from: Type.String(),
      }),
    ),
    why: Type.Object({
      verdict: Type.String(),
      column: Nullable(Type.Integer()),
      /** Rank and name of the rule that decided. */
      rank: Nullable(Type.Integer()),
      rule: Type.String(),
      /** One or two sentences that a villager understands. */
      because: Type.String(),
      from: Type.String(),
      to: Nullable(Type.String()),
      adjudication: Nullable(
        Type.Object({
          number: Type.Integer(),
          reason: Type.String(),
          document: Type.String(),
          actor: Type.String(),
        }),
      ),
    }),
    evidence: Type.Array(EvidenceLine),
    household: Type.Array(
      Type.Object({
        person: Type.Integer(),
        name: Type.String(),
        relation: Type.String(),
        birth: Type.String(),
        verdict: Type.String(),
      }),
    ),
    findings: Type.Array(
      Type.Object({
        kind: Type.String(),
        label: Type.String(),
        queue: Type.String(),
        advice: Type.String(),
        from: Type.String(),
        to: Nullable(Type.String()),
      }),
    ),
    history: Type.Array(Turn),
    /** Who looked, the latest 50; of a town those on record for its places, without others' reasons; of a village none. */
    looks: Type.Array(
      Type.Object({
        at: Type.String(),
        actor: Type.String(),
        act: Type.String(),
        reason: Nullable(Type.String()),
      }),
    ),
  }),
});
export const reveal = route({
  method: 'POST',
  url: '/api/people/:person/reveal',
  summary: '显示全号和电话；写明事由并留痕',
  needs: 'people.reveal',
  channel: 'page',
  params: PersonNo,
  body: Type.Object({ reason: Text(200) }),
  answer: Type.Object({ id: Type.String(), phone: Nullable(Type.String()) }),
});
/** xlsx with a watermark line; ID numbers are masked unless `reveal` is given with its reason. */
export const exportPeople = route({
  method: 'POST',
  url: '/api/people/export',
  summary: '导出清单，留痕并加水印',
  needs: 'people.export',
  channel: 'export',
  body: Type.Object({
    filter: PeopleFilter,
    reason: Text(200),
    reveal: Type.Optional(Type.Boolean()),
  }),
});

const SavedFilter = Type.Object({ filter: Type.Integer(), name: Type.String(), question: PeopleFilter });
export const savedFilters = route({
  method: 'GET',
  url: '/api/filters',
  summary: '我保存的查询',
  needs: 'people.read',
  channel: 'list',
  answer: Type.Object({ items: Type.Array(SavedFilter) }),
});
export const saveFilter = route({
  method: 'POST',
  url: '/api/filters',
  summary: '保存查询',
  needs: 'people.read',
  channel: 'act',
  body: Type.Object({ name: Text(40), question: PeopleFilter }),
  answer: SavedFilter,
});
export const dropFilter = route({
  method: 'DELETE',
  url: '/api/filters/:filter',
  summary: '删除保存的查询',
  needs: 'people.read',
  channel: 'act',
  params: Type.Object({ filter: Numbered }),
  answer: Done,
});

const QueueName = Type.Union([Type.Literal('conflict'), Type.Literal('quality')]);
/** Waiting unless given: a finding that a decision in force answers does not wait any more. */
const QueueState = Type.Optional(Type.Union([Type.Literal('waiting'), Type.Literal('decided')]));
export const findings = route({
  method: 'GET',
  url: '/api/findings',
  summary: '矛盾或数据待核：按种类、乡镇计数，并列出人员',
  needs: 'findings.read',
  channel: 'list',
  querystring: Type.Object({
    queue: QueueName,
    kind: Type.Optional(Text(40)),
    region: Type.Optional(RegionCode),
    asOf: Type.Optional(Day),
    state: QueueState,
    after: Type.Optional(Cursor),
    limit: Type.Optional(Limit),
  }),
  answer: Type.Object({
    asOf: Type.String(),
    total: Type.Integer(),
    /** In the whole queue, of all kinds and places of the region. */
    waiting: Type.Integer(),
    decided: Type.Integer(),
    kinds: Type.Array(
      Type.Object({
        kind: Type.String(),
        label: Type.String(),
        advice: Type.String(),
        people: Type.Integer(),
      }),
    ),
    places: Type.Array(Type.Object({ code: Type.String(), name: Type.String(), people: Type.Integer() })),
    items: Type.Array(
      Type.Object({
        line: PersonLine,
        kind: Type.String(),
        label: Type.String(),
        from: Type.String(),
        to: Nullable(Type.String()),
        decided: Type.Boolean(),
      }),
    ),
    next: Nullable(Cursor),
  }),
});
/** As `exportPeople`. */
export const exportFindings = route({
  method: 'POST',
  url: '/api/findings/export',
  summary: '导出矛盾或数据待核清单，留痕并加水印',
  needs: 'people.export',
  channel: 'export',
  body: Type.Object({
    filter: Type.Object({
      queue: QueueName,
      kind: Type.Optional(Text(40)),
      region: Type.Optional(RegionCode),
      asOf: Type.Optional(Day),
      state: QueueState,
    }),
    reason: Text(200),
    reveal: Type.Optional(Type.Boolean()),
  }),
});
export const finding = route({
  method: 'GET',
  url: '/api/findings/:person/:kind',
  summary: '一个矛盾：各方说法并列，建议的裁定',
  needs: 'findings.read',
  channel: 'page',
  params: Type.Object({ person: PersonNumber, kind: Text(40) }),
  querystring: Type.Object({ asOf: Type.Optional(Day) }),
  answer: Type.Object({
    line: PersonLine,
    label: Type.String(),
    advice: Type.String(),
    from: Type.String(),
    sides: Type.Array(EvidenceLine),
    suggested: Nullable(
      Type.Object({ column: Type.Integer(), words: Type.String(), because: Type.String() }),
    ),
    decisions: Type.Array(
      Type.Object({
        number: Type.Integer(),
        /** Null for a decision on the village alone. */
        column: Nullable(Type.Integer()),
        reason: Type.String(),
        document: Type.String(),
        actor: Type.String(),
        madeAt: Type.String(),
        undone: Type.Boolean(),
        /** False where column, reason and document would tell what the level may not know. */
        visible: Type.Boolean(),
      }),
    ),
  }),
});
/** multipart: field `decision` (JSON of `DecisionBody`) and one file, the document. */
export const DecisionBody = Type.Object({
  people: Type.Array(PersonNumber, { minItems: 1, maxItems: 2000 }),
  /** The column of 附件3, the village they stand in, or both. */
  column: Type.Optional(Type.Integer({ minimum: 7, maximum: 17 })),
  village: Type.Optional(RegionCode),
  /** The kind of finding it answers; without it, it is about the persons and answers what stands on its day. */
  kind: Type.Optional(Text(40)),
  reason: Text(500),
  from: Type.Optional(Day),
});
export const decide = route({
  method: 'POST',
  url: '/api/decisions',
  summary: '裁定一人或多人，附材料',
  needs: 'findings.decide',
  channel: 'act',
  answer: Type.Object({ number: Type.Integer(), people: Type.Integer(), changed: Type.Integer() }),
});
export const decisions = route({
  method: 'GET',
  url: '/api/decisions',
  summary: '裁定记录',
  needs: 'findings.decide',
  channel: 'list',
  querystring: Type.Object({ after: Type.Optional(Cursor), limit: Type.Optional(Limit) }),
  answer: Type.Object({
    items: Type.Array(
      Type.Object({
        number: Type.Integer(),
        people: Type.Integer(),
        names: Type.String(),
        column: Nullable(Type.Integer()),
        verdict: Type.String(),
        from: Type.String(),
        reason: Type.String(),
        document: Type.String(),
        actor: Type.String(),
        madeAt: Type.String(),
        undoneAt: Nullable(Type.String()),
      }),
    ),
    next: Nullable(Cursor),
  }),
});
export const undoDecision = route({
  method: 'POST',
  url: '/api/decisions/:number/undo',
  summary: '撤回裁定',
  needs: 'findings.decide',
  channel: 'act',
  params: Type.Object({ number: Numbered }),
  answer: Type.Object({ number: Type.Integer(), changed: Type.Integer() }),
});
