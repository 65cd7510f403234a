import { Type } from 'typebox';
import { Cursor, Day, Done, Limit, Nullable, Numbered, RegionCode, route, Text } from './route.ts';
import { MergeAnswer } from './workbooks.ts';

const Column = Type.Object({
  key: Type.String(),
  title: Type.String(),
  required: Type.Boolean(),
  aliases: Type.Array(Type.String()),
});

export const sources = route({
  method: 'GET',
  url: '/api/sources',
  summary: '来源目录与报送日历：每个来源最近一份、应于何时再报',
  needs: 'lists.read',
  channel: 'list',
  answer: Type.Object({
    asOf: Nullable(Type.String()),
    items: Type.Array(
      Type.Object({
        code: Type.String(),
        title: Type.String(),
        office: Type.String(),
        proves: Type.String(),
        due: Type.String(),
        mode: Type.Union([Type.Literal('full'), Type.Literal('delta')]),
        absence: Type.String(),
        sight: Type.Array(Type.String()),
        columns: Type.Array(Column),
        /** Whether this account may send it. */
        maySend: Type.Boolean(),
        latest: Nullable(Type.String()),
        dueBy: Nullable(Type.String()),
        late: Type.Boolean(),
      }),
    ),
  }),
});

const UploadId = Type.Object({ upload: Type.String({ pattern: '^[0-9a-f-]{36}$' }) });
const JobId = Type.Object({ job: Type.String({ pattern: '^[0-9a-f-]{36}$' }) });

/** A sheet of an uploaded file as it was understood. */
const SeenTable = Type.Object({
  file: Type.String(),
  sheet: Type.String(),
  /** From 1. */
  headerRow: Type.Integer(),
  headers: Type.Array(Type.String()),
  /** Rows under the header, as text, numbers masked. */
  sample: Type.Array(Type.Array(Type.String())),
  /** The likeliest source of this sheet, and the day that the file's name or its title says. */
  source: Nullable(Type.String()),
  asOf: Nullable(Type.String()),
});

/** multipart/form-data with one file or more. Nothing is received yet. */
export const upload = route({
  method: 'POST',
  url: '/api/uploads',
  summary: '上传名单文件，辨认来源、工作表和列；此时不写入',
  needs: 'lists.send',
  channel: 'file',
  answer: Type.Object({
    upload: Type.String(),
    files: Type.Array(Type.Object({ name: Type.String(), bytes: Type.Integer() })),
    /** Best first; a score of 1 means every required column was found. */
    guesses: Type.Array(
      Type.Object({
        source: Type.String(),
        title: Type.String(),
        score: Type.Number(),
        complete: Type.Boolean(),
        missing: Type.Array(Type.String()),
      }),
    ),
    asOf: Nullable(Type.String()),
    tables: Type.Array(SeenTable),
    /** Corrections of headings made before: source → heading → column key. */
    remembered: Type.Record(Type.String(), Type.Record(Type.String(), Type.String())),
  }),
});

const Intention = Type.Object({
  /** Of an upload with several lists, the files of this one. */
  files: Type.Optional(Type.Array(Text(255))),
  source: Text(60),
  asOf: Day,
  sender: Type.Optional(Text(60)),
  region: Type.Optional(RegionCode),
  mode: Type.Optional(Type.Union([Type.Literal('full'), Type.Literal('delta')])),
  sheet: Type.Optional(Text(100)),
  /** Header as it stands in the file → column key. */
  headerChoices: Type.Optional(Type.Record(Text(200), Text(60))),
  acceptWithdrawals: Type.Optional(Type.Boolean()),
});
const JobStarted = Type.Object({ job: Type.String() });

export const tryUpload = route({
  method: 'POST',
  url: '/api/uploads/:upload/trial',
  summary: '试算：显示会有的变化，不写入',
  needs: 'lists.send',
  channel: 'act',
  params: UploadId,
  body: Intention,
  answer: JobStarted,
});
export const commitUpload = route({
  method: 'POST',
  url: '/api/uploads/:upload/delivery',
  summary: '接收',
  needs: 'lists.send',
  channel: 'act',
  params: UploadId,
  body: Intention,
  answer: JobStarted,
});
export const dropUpload = route({
  method: 'DELETE',
  url: '/api/uploads/:upload',
  summary: '放弃上传的文件',
  needs: 'lists.send',
  channel: 'act',
  params: UploadId,
  answer: Done,
});

const RejectedRow = Type.Object({
  no: Type.Optional(Type.Integer()),
  file: Type.String(),
  sheet: Type.String(),
  row: Type.Integer(),
  column: Type.String(),
  code: Type.String(),
  message: Type.String(),
  /** Masked. */
  value: Type.String(),
});
/** How many people more or fewer are counted somewhere by an indicator that the population is made up of. */
const Effect = Type.Object({
  region: Type.String(),
  regionName: Type.String(),
  indicator: Type.String(),
  name: Type.String(),
  change: Type.Integer(),
});
export const DeliveryReport = Type.Object({
  delivery: Nullable(Type.Integer()),
  source: Type.String(),
  title: Type.String(),
  asOf: Type.String(),
  rows: Type.Integer(),
  accepted: Type.Integer(),
  new: Type.Integer(),
  changed: Type.Integer(),
  same: Type.Integer(),
  withdrawn: Type.Integer(),
  unmatched: Type.Integer(),
  contradicting: Type.Integer(),
  duplicate: Type.Integer(),
  rejectedCount: Type.Integer(),
  /** The worst first, at most 100; the file of reasons has them all. */
  rejected: Type.Array(RejectedRow),
  unchanged: Type.Boolean(),
  warnings: Type.Array(Type.String()),
  /** What was read by which header, and what was not used. */
  tables: Type.Array(
    Type.Object({
      file: Type.String(),
      sheet: Type.String(),
      headerRow: Type.Integer(),
      rows: Type.Integer(),
      used: Type.Record(Type.String(), Type.String()),
      unused: Type.Array(Type.String()),
    }),
  ),
  /** Null where they were not kept for this list alone (received with others in one commit), or may not be seen. */
  effects: Nullable(Type.Array(Effect)),
});

/** Long work: an import, its trial, an undo, 底册 handed out or merged. Lives in memory of the server; gone after an hour. */
export const Job = Type.Object({
  job: Type.String(),
  kind: Type.Union([
    Type.Literal('trial'),
    Type.Literal('receive'),
    Type.Literal('undo'),
    Type.Literal('undo-preview'),
    Type.Literal('issue'),
    Type.Literal('merge'),
    Type.Literal('merge-trial'),
  ]),
  state: Type.Union([
    Type.Literal('waiting'),
    Type.Literal('running'),
    Type.Literal('done'),
    Type.Literal('refused'),
    Type.Literal('failed'),
  ]),
  progress: Type.Array(Type.String()),
  report: Type.Optional(DeliveryReport),
  undo: Type.Optional(
    Type.Object({
      delivery: Type.Integer(),
      people: Type.Integer(),
      changed: Type.Integer(),
      effects: Type.Array(Effect),
    }),
  ),
  /** The 底册 that were handed out, and how many people they name. */
  issued: Type.Optional(Type.Object({ issues: Type.Array(Type.Integer()), people: Type.Integer() })),
  merge: Type.Optional(MergeAnswer),
  problem: Type.Optional(Type.Object({ code: Type.String(), detail: Type.String() })),
});
/** Of the account's own: a page that was left finds its work again. */
export const jobs = route({
  method: 'GET',
  url: '/api/jobs',
  summary: '本账号正在进行和刚结束的工作，新的在前',
  needs: 'lists.read',
  channel: 'list',
  answer: Type.Object({ items: Type.Array(Type.Pick(Job, ['job', 'kind', 'state'])) }),
});
export const job = route({
  method: 'GET',
  url: '/api/jobs/:job',
  summary: '正在进行的工作',
  needs: 'lists.read',
  channel: 'page',
  params: JobId,
  answer: Job,
});
/** text/event-stream of `Job`, one message for each change, ended when it is over. */
export const jobEvents = route({
  method: 'GET',
  url: '/api/jobs/:job/events',
  summary: '进度（事件流）',
  needs: 'lists.read',
  channel: 'events',
  params: JobId,
});
/** xlsx, or a zip where there are several files. */
export const trialReasons = route({
  method: 'GET',
  url: '/api/jobs/:job/reasons',
  summary: '带拒收原因的原文件',
  needs: 'lists.send',
  channel: 'export',
  params: JobId,
});

const DeliveryNo = Type.Object({ delivery: Numbered });
const DeliveryLine = Type.Object({
  delivery: Type.Integer(),
  source: Type.String(),
  title: Type.String(),
  office: Type.String(),
  sender: Type.String(),
  region: Type.String(),
  regionName: Type.String(),
  asOf: Type.String(),
  mode: Type.Union([Type.Literal('full'), Type.Literal('delta')]),
  receivedAt: Type.String(),
  actor: Type.String(),
  state: Type.Union([Type.Literal('in-force'), Type.Literal('replaced'), Type.Literal('undone')]),
  /** rows, accepted, new, changed, same, withdrawn, unmatched, contradicting, duplicate, rejected */
  counts: Type.Record(Type.String(), Type.Number()),
});
export const deliveries = route({
  method: 'GET',
  url: '/api/deliveries',
  summary: '报送记录，新的在前',
  needs: 'lists.read',
  channel: 'list',
  querystring: Type.Object({
    source: Type.Optional(Text(60)),
    state: Type.Optional(Text(20)),
    after: Type.Optional(Cursor),
    limit: Type.Optional(Limit),
  }),
  answer: Type.Object({ total: Type.Integer(), items: Type.Array(DeliveryLine), next: Nullable(Cursor) }),
});
export const delivery = route({
  method: 'GET',
  url: '/api/deliveries/:delivery',
  summary: '一份报送：文件、表头对应、计数、影响、拒收',
  needs: 'lists.read',
  channel: 'page',
  params: DeliveryNo,
  answer: Type.Object({
    line: DeliveryLine,
    files: Type.Array(Type.Object({ name: Type.String(), bytes: Type.Number() })),
    report: DeliveryReport,
    mayUndo: Type.Boolean(),
  }),
});
export const rejected = route({
  method: 'GET',
  url: '/api/deliveries/:delivery/rejected',
  summary: '拒收的行',
  needs: 'lists.read',
  channel: 'list',
  params: DeliveryNo,
  querystring: Type.Object({ after: Type.Optional(Cursor), limit: Type.Optional(Limit) }),
  answer: Type.Object({ total: Type.Integer(), items: Type.Array(RejectedRow), next: Nullable(Cursor) }),
});
export const deliveryReasons = route({
  method: 'GET',
  url: '/api/deliveries/:delivery/reasons',
  summary: '带拒收原因的原文件',
  needs: 'lists.send',
  channel: 'export',
  params: DeliveryNo,
});
export const fixRejected = route({
  method: 'POST',
  url: '/api/deliveries/:delivery/rejected/:no/fix',
  summary: '更正被隔离的号码',
  needs: 'lists.undo',
  channel: 'act',
  params: Type.Object({ delivery: Numbered, no: Numbered }),
  body: Type.Object({ id: Text(40) }),
  answer: Type.Object({
    fix: Type.Integer(),
    changed: Type.Integer(),
    /** What the number is known as, masked, so that a slip is seen. */
    person: Type.Object({
      id: Type.String(),
      named: Nullable(Type.String()),
      known: Nullable(Type.String()),
    }),
  }),
});
/** Corrections that reach the delivery: of its series, from its day or before. */
export const fixes = route({
  method: 'GET',
  url: '/api/deliveries/:delivery/fixes',
  summary: '对这种名单更正过的号码',
  needs: 'lists.undo',
  channel: 'list',
  params: DeliveryNo,
  answer: Type.Object({
    items: Type.Array(
      Type.Object({
        fix: Type.Integer(),
        asOf: Type.String(),
        /** The right number, masked. */
        id: Type.String(),
        actor: Type.String(),
        madeAt: Type.String(),
        undone: Type.Boolean(),
      }),
    ),
  }),
});
export const undoFix = route({
  method: 'POST',
  url: '/api/fixes/:fix/undo',
  summary: '撤销一次号码更正',
  needs: 'lists.undo',
  channel: 'act',
  params: Type.Object({ fix: Type.Integer() }),
  answer: Type.Object({ fix: Type.Integer(), changed: Type.Integer() }),
});
export const previewUndo = route({
  method: 'POST',
  url: '/api/deliveries/:delivery/undo-preview',
  summary: '试算撤销的影响',
  needs: 'lists.undo',
  channel: 'act',
  params: DeliveryNo,
  answer: JobStarted,
});
export const undoDelivery = route({
  method: 'POST',
  url: '/api/deliveries/:delivery/undo',
  summary: '撤销一份报送',
  needs: 'lists.undo',
  channel: 'act',
  params: DeliveryNo,
  answer: JobStarted,
});
