import { Type } from 'typebox';
import { Cursor, Limit, Nullable, Numbered, Place, RegionCode, route, Text } from './route.ts';

const Issue = Type.Object({
  issue: Type.Integer(),
  region: Place,
  people: Type.Integer(),
  asOf: Type.String(),
  /** As it stands on the paper. */
  stamp: Type.String(),
  openOnly: Type.Boolean(),
  actor: Type.String(),
  madeAt: Type.String(),
});

const Listed = Type.Object({
  region: Type.Optional(RegionCode),
  after: Type.Optional(Cursor),
  limit: Type.Optional(Limit),
});

export const bookIssues = route({
  method: 'GET',
  url: '/api/survey/issues',
  summary: '下发的底册，新的在前',
  needs: 'people.read',
  channel: 'list',
  querystring: Listed,
  answer: Type.Object({
    items: Type.Array(
      Type.Intersect([
        Issue,
        /** Of them so many have come back with an answer. */
        Type.Object({ answered: Type.Integer() }),
      ]),
    ),
    next: Nullable(Cursor),
  }),
});

export const issueBooks = route({
  method: 'POST',
  url: '/api/survey/issues',
  summary: '按村下发底册，记下发时的名单和答复',
  needs: 'people.export',
  channel: 'act',
  body: Type.Object({ region: RegionCode, openOnly: Type.Optional(Type.Boolean()) }),
  answer: Type.Object({ job: Type.String() }),
});

export const downloadBooks = route({
  method: 'POST',
  url: '/api/survey/issues/download',
  summary: '下载底册（多份打包），留痕；村（社区）只下载自己的',
  needs: 'workbooks.take',
  channel: 'export',
  body: Type.Object({ issues: Type.Array(Numbered, { minItems: 1, maxItems: 1000 }), reason: Text(200) }),
});

const RowCounts = Type.Object({
  accepted: Type.Integer(),
  remarked: Type.Integer(),
  blank: Type.Integer(),
  refused: Type.Integer(),
  missing: Type.Integer(),
});

export const ReturnedBook = Type.Object({
  returnNo: Type.Integer(),
  file: Type.String(),
  region: Place,
  issues: Type.Array(Type.Integer()),
  asOf: Type.String(),
  /** The same file came before: nothing was written. */
  known: Type.Boolean(),
  counts: RowCounts,
  merged: Type.Object({
    waiting: Type.Integer(),
    nothing: Type.Integer(),
    same: Type.Integer(),
    ours: Type.Integer(),
    apply: Type.Integer(),
    contradiction: Type.Integer(),
    undone: Type.Integer(),
  }),
  actor: Type.String(),
  at: Type.String(),
});

export const bookReturns = route({
  method: 'GET',
  url: '/api/survey/returns',
  summary: '返回的底册，新的在前',
  needs: 'people.read',
  channel: 'list',
  querystring: Listed,
  answer: Type.Object({ items: Type.Array(ReturnedBook), next: Nullable(Cursor) }),
});

/** multipart/form-data: one or more files, archives too. */
export const returnBooks = route({
  method: 'POST',
  url: '/api/survey/returns',
  summary: '接收返回的底册，逐行审核',
  needs: 'visits.write',
  channel: 'act',
  answer: Type.Object({
    returns: Type.Array(ReturnedBook),
    refused: Type.Array(Type.Object({ file: Type.String(), code: Type.String(), message: Type.String() })),
  }),
});

export const bookReturn = route({
  method: 'GET',
  url: '/api/survey/returns/:return',
  summary: '一份返回的底册：逐行的审核意见，要处理的在前',
  needs: 'people.read',
  channel: 'page',
  params: Type.Object({ return: Numbered }),
  querystring: Type.Object({
    verdict: Type.Optional(Text(10)),
    after: Type.Optional(Cursor),
    limit: Type.Optional(Limit),
  }),
  answer: Type.Object({
    book: ReturnedBook,
    items: Type.Array(
      Type.Object({
        position: Type.Integer(),
        sheet: Type.String(),
        row: Type.Integer(),
        person: Nullable(Type.Integer()),
        name: Type.String(),
        verdict: Type.String(),
        verdictTitle: Type.String(),
        remarks: Type.Array(Type.Object({ code: Type.String(), text: Type.String() })),
        outcome: Nullable(Type.String()),
      }),
    ),
    next: Nullable(Cursor),
  }),
});

export const auditedBook = route({
  method: 'POST',
  url: '/api/survey/returns/:return/audited',
  summary: '返回的原文件，加“审核意见”一列，留痕',
  needs: 'people.export',
  channel: 'export',
  params: Type.Object({ return: Numbered }),
});

const Parts = Type.Array(
  Type.Object({
    part: Type.String(),
    title: Type.String(),
    base: Type.String(),
    ours: Type.String(),
    theirs: Type.String(),
  }),
);

export const MergeAnswer = Type.Object({
  outcomes: Type.Object({
    nothing: Type.Integer(),
    same: Type.Integer(),
    ours: Type.Integer(),
    apply: Type.Integer(),
    contradiction: Type.Integer(),
  }),
  /** What brought the changes in: each can be undone. */
  deliveries: Type.Array(Type.Integer()),
  /** Of a trial: what would change, and what contradicts; at most 200. */
  lines: Type.Array(
    Type.Object({
      person: Type.Integer(),
      name: Type.String(),
      region: Place,
      outcome: Type.String(),
      parts: Parts,
    }),
  ),
});

export const mergeBooks = route({
  method: 'POST',
  url: '/api/survey/merge',
  summary: '把审核采用的行与手机答复三方合并；可先试算。是一项工作，进度和结果见 /api/jobs',
  needs: 'workbooks.merge',
  channel: 'act',
  body: Type.Object({
    returns: Type.Optional(Type.Array(Numbered, { minItems: 1, maxItems: 1000 })),
    again: Type.Optional(Type.Boolean()),
    dryRun: Type.Optional(Type.Boolean()),
  }),
  answer: Type.Object({ job: Type.String() }),
});

export const contradictions = route({
  method: 'GET',
  url: '/api/survey/contradictions',
  summary: '返回的底册与现有答复的矛盾，并排',
  needs: 'people.read',
  channel: 'list',
  querystring: Listed,
  answer: Type.Object({
    total: Type.Integer(),
    items: Type.Array(
      Type.Object({
        returnNo: Type.Integer(),
        position: Type.Integer(),
        person: Type.Integer(),
        name: Type.String(),
        region: Place,
        file: Type.String(),
        theirDay: Type.String(),
        ourDay: Nullable(Type.String()),
        ourSender: Type.String(),
        theirSender: Type.String(),
        parts: Parts,
      }),
    ),
    next: Nullable(Cursor),
  }),
});

export const decideContradictions = route({
  method: 'POST',
  url: '/api/survey/contradictions/decide',
  summary: '裁决底册与手机的矛盾：采用返回的表，或维持现有答复',
  needs: 'workbooks.merge',
  channel: 'act',
  body: Type.Object({
    rows: Type.Array(Type.Object({ returnNo: Numbered, position: Numbered }), {
      minItems: 1,
      maxItems: 1000,
    }),
    choice: Type.Union([Type.Literal('theirs'), Type.Literal('ours')]),
  }),
  answer: Type.Object({ decided: Type.Integer(), deliveries: Type.Array(Type.Integer()) }),
});
