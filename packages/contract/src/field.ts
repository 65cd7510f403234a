import { Type } from 'typebox';
import { Cursor, Day, Done, Limit, Nullable, PersonNumber, Place, RegionCode, route, Text } from './route.ts';

/** One person on a village worker's phone: the least that a visit needs (no whole number, no telephone). */
export const FieldPerson = Type.Object({
  person: Type.Integer(),
  name: Type.String(),
  /** Last four digits of the number. */
  last4: Type.String(),
  sex: Type.String(),
  birth: Type.String(),
  /** What the address says behind the village: 3组12号. */
  address: Type.String(),
  /** Opaque; the same for the people of one household. */
  household: Type.String(),
  relation: Type.String(),
  verdict: Type.String(),
  registered: Type.Boolean(),
  paid: Type.Boolean(),
  /** Open ledger items. */
  items: Type.Array(
    Type.Object({ number: Type.String(), kind: Type.String(), title: Type.String(), state: Type.String() }),
  ),
  /** The latest answer: its code (domain/survey), its day and its worker. */
  answered: Nullable(Type.Object({ answer: Type.String(), day: Type.String(), actor: Type.String() })),
  /** The reason given so far and what proves it: attempts add up, a proof once given stands. */
  reason: Nullable(
    Type.Object({
      code: Type.String(),
      complete: Type.Boolean(),
      attempts: Type.Integer(),
      /** The first day on which it no longer counts. */
      expires: Nullable(Type.String()),
    }),
  ),
  /** Rounds under way that list him, and whether he has been visited within. */
  rounds: Type.Array(Type.Object({ round: Type.Integer(), visited: Type.Boolean() })),
  /** When he is to be visited again, as far ahead as the list is kept. */
  revisit: Nullable(
    Type.Object({
      /** As in domain/survey/revisits. */
      why: Type.Union([
        Type.Literal('expired'),
        Type.Literal('attempts'),
        Type.Literal('migrant-old'),
        Type.Literal('migrant'),
        Type.Literal('round'),
      ]),
      due: Type.String(),
    }),
  ),
});

/** A round under way, as far as a phone has to know it. */
const FieldRound = Type.Object({
  round: Type.Integer(),
  name: Type.String(),
  kinds: Type.Array(Type.String()),
  from: Type.String(),
  due: Type.String(),
  quota: Nullable(Type.Integer()),
  revisitDays: Nullable(Type.Integer()),
});

/** A whole village for the phone; refused beyond 10,000 people. */
export const fieldPack = route({
  method: 'GET',
  url: '/api/field/pack',
  summary: '下载一个村的摸底名单（只含必需栏目），供离线使用',
  needs: 'visits.write',
  channel: 'export',
  querystring: Type.Object({ village: RegionCode, device: Type.Optional(Text(60)) }),
  answer: Type.Object({
    village: Place,
    asOf: Type.String(),
    madeAt: Type.String(),
    /** The day at that moment, from which the phone counts on: a demo county lives in the days of its lists. */
    today: Type.String(),
    rounds: Type.Array(FieldRound),
    /** After so many days without contact the phone wipes what it holds. */
    keepDays: Type.Integer(),
    people: Type.Array(FieldPerson),
    /** What the outbox is sealed with when it leaves the phone as a file; null where the phone gave no number. */
    outbox: Nullable(
      Type.Object({
        county: Type.String(),
        /** Key id, and the public half (P-256, uncompressed, base64). */
        key: Type.Integer(),
        public: Type.String(),
        /** Shows that the file is from this account's phone. */
        pass: Type.String(),
      }),
    ),
  }),
});

/** Villages that this account may download. */
export const fieldVillages = route({
  method: 'GET',
  url: '/api/field/villages',
  summary: '可下载的村（社区）',
  needs: 'visits.write',
  channel: 'list',
  answer: Type.Object({
    items: Type.Array(
      Type.Object({ village: Place, people: Type.Integer(), open: Type.Integer(), visited: Type.Integer() }),
    ),
  }),
});

const Moment = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}', maxLength: 40 });
const Digest = Type.String({ pattern: '^[0-9a-f]{64}$' });

/** The number that the sender gives a command: sent twice, it is one. */
export const CommandNumber = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
});
export const VisitReason = Type.Object({
  code: Type.Optional(Text(40)),
  text: Type.Optional(Text(500)),
  place: Type.Optional(Text(100)),
  scheme: Type.Optional(Text(60)),
  checked: Type.Optional(Text(10)),
});

/** What is answered at a door or on the telephone, whoever it is of. */
const Answered = {
  /** The device's own number for it. */
  command: CommandNumber,
  /** By the device's clock. */
  madeAt: Moment,
  way: Type.Union([Type.Literal('visit'), Type.Literal('call')]),
  /** A choice of domain/survey/answers. */
  answer: Text(40),
  reason: Type.Optional(VisitReason),
  attempts: Type.Optional(
    Type.Array(Type.Object({ at: Moment, way: Text(20), number: Type.Optional(Text(20)) }), { maxItems: 20 }),
  ),
  /** statement, record, document */
  proofs: Type.Optional(Type.Array(Text(20), { maxItems: 3 })),
  remark: Type.Optional(Text(500)),
  /** SHA-256 of signature and photographs, sent on their own. */
  media: Type.Optional(Type.Array(Digest, { maxItems: 6 })),
  location: Type.Optional(
    Type.Object({
      latitude: Type.Number(),
      longitude: Type.Number(),
      accuracy: Type.Optional(Type.Number()),
    }),
  ),
};

/** An answer of a person on the list. */
export const FieldCommand = Type.Object({
  ...Answered,
  person: PersonNumber,
  phone: Type.Optional(Text(20)),
  /** The village the person lives in, where that was wrong. */
  village: Type.Optional(RegionCode),
});

/** Somebody found at a door who is on no list of the village. */
export const FoundIdentity = Type.Object({
  name: Text(50),
  /** As it stands on the paper; none where it is not known, and then month of birth and sex. */
  id: Type.Optional(Text(30)),
  birth: Type.Optional(Text(7)),
  sex: Type.Optional(Type.Union([Type.Literal('male'), Type.Literal('female')])),
  phone: Type.Optional(Text(20)),
  village: RegionCode,
  address: Text(200),
  relation: Text(20),
});
export const FoundCommand = Type.Object({
  ...Answered,
  found: FoundIdentity,
  /** The earlier one that this one corrects: of the two one counts, whichever comes first. */
  instead: Type.Optional(CommandNumber),
});

/** Commands, oldest first. Each is applied once however often it is sent; a bad one does not hold up the rest. */
export const fieldSync = route({
  method: 'POST',
  url: '/api/field/sync',
  summary: '上报走访答复；同一条重复发送只算一次',
  needs: 'visits.write',
  channel: 'act',
  body: Type.Object({
    device: Text(60),
    /** The device's clock when it sent: the server sets the days of answers right by it. */
    now: Moment,
    /** What the phone still holds after these: answers unsent or sent back, and pictures unsent. */
    waiting: Type.Optional(Type.Integer({ minimum: 0 })),
    /** When the oldest of that was written down, by the device's clock; older phones do not say. */
    oldest: Type.Optional(Moment),
    commands: Type.Array(FieldCommand, { minItems: 0, maxItems: 100 }),
    found: Type.Optional(Type.Array(FoundCommand, { maxItems: 100 })),
  }),
  answer: Type.Object({
    results: Type.Array(
      Type.Object({
        command: Type.String(),
        status: Type.Union([Type.Literal('applied'), Type.Literal('known'), Type.Literal('refused')]),
        code: Nullable(Type.String()),
        /** In Chinese: what is wrong and what to do; of somebody found, what became of it. */
        message: Nullable(Type.String()),
      }),
    ),
    /** Files named by what was applied and not yet received whole. */
    wanted: Type.Array(Type.String()),
  }),
});

export const visits = route({
  method: 'GET',
  url: '/api/visits',
  summary: '走访记录，新的在前',
  needs: 'people.read',
  channel: 'list',
  querystring: Type.Object({
    region: Type.Optional(RegionCode),
    /** Login of whoever made the visit. */
    actor: Type.Optional(Text(64)),
    person: Type.Optional(PersonNumber),
    /** A choice of domain/survey/answers. */
    answer: Type.Optional(Text(40)),
    way: Type.Optional(Text(10)),
    /** Days of the visit, both counted. */
    from: Type.Optional(Day),
    to: Type.Optional(Day),
    after: Type.Optional(Cursor),
    limit: Type.Optional(Limit),
  }),
  answer: Type.Object({
    items: Type.Array(
      Type.Object({
        command: Type.String(),
        person: Type.Integer(),
        name: Type.String(),
        /** Masked. */
        id: Type.String(),
        region: Place,
        answer: Type.String(),
        /** Reason, place, proof and remark, in words. */
        details: Type.Array(Type.String()),
        /** What is still missing of the proof where he is 待核实 now; empty of an answer taken back. */
        missing: Type.String(),
        day: Type.String(),
        way: Type.String(),
        /** When and how he was tried; the number masked, empty where none is known. */
        attempts: Type.Array(Type.Object({ at: Type.String(), way: Type.String(), number: Type.String() })),
        actor: Type.String(),
        /** Empty of an account that is gone. */
        actorName: Type.String(),
        receivedAt: Type.String(),
        pictures: Type.Integer(),
        undone: Type.Boolean(),
      }),
    ),
    /** With the first page only. */
    total: Nullable(Type.Integer()),
    next: Nullable(Cursor),
  }),
});
export const undoVisit = route({
  method: 'POST',
  url: '/api/visits/:command/undo',
  summary: '撤回一条走访答复',
  needs: 'findings.decide',
  channel: 'act',
  params: Type.Object({ command: Type.String({ pattern: '^[0-9a-f-]{36}$' }) }),
  answer: Type.Object({ command: Type.String(), changed: Type.Integer() }),
});
export const devices = route({
  method: 'GET',
  url: '/api/devices',
  summary: '手机：还有多少件（答复、照片）没上报或被退回，压了多久，多久没联系',
  needs: 'people.read',
  channel: 'list',
  answer: Type.Object({
    items: Type.Array(
      Type.Object({
        device: Type.String(),
        actor: Type.String(),
        region: Place,
        waiting: Type.Integer(),
        /** When the oldest of it was written down; of an older phone, since when it has held something without a break. */
        waitingSince: Nullable(Type.String()),
        seenAt: Type.String(),
        revoked: Nullable(Type.Object({ at: Type.String(), by: Type.String() })),
      }),
    ),
  }),
});
export const revokeDevice = route({
  method: 'POST',
  url: '/api/devices/revoked',
  summary: '停用遗失的手机，或恢复',
  needs: 'survey.manage',
  channel: 'act',
  body: Type.Object({ device: Text(60), actor: Text(64), revoked: Type.Boolean() }),
  answer: Done,
});
/** multipart/form-data with one file, as the phone exported it. */
export const takeOutbox = route({
  method: 'POST',
  url: '/api/devices/outbox',
  summary: '接收手机导出的未上报文件；每条只算一次',
  needs: 'survey.manage',
  channel: 'act',
  answer: Type.Object({
    device: Type.String(),
    actor: Type.String(),
    madeAt: Type.String(),
    applied: Type.Integer(),
    known: Type.Integer(),
    pictures: Type.Integer(),
    refused: Type.Array(Type.Object({ day: Type.String(), answer: Type.String(), message: Type.String() })),
  }),
});

// 新发现人员

export const found = route({
  method: 'GET',
  url: '/api/found',
  summary: '新发现人员：走访中发现、不在本村名单上的人',
  needs: 'people.read',
  channel: 'list',
  querystring: Type.Object({
    region: Type.Optional(RegionCode),
    /** open, listed, entered, aside; all unless given. */
    state: Type.Optional(Text(10)),
    after: Type.Optional(Cursor),
    limit: Type.Optional(Limit),
  }),
  answer: Type.Object({
    /** How many wait. */
    open: Type.Integer(),
    items: Type.Array(
      Type.Object({
        command: Type.String(),
        name: Type.String(),
        /** Masked; empty where it is not known. */
        id: Type.String(),
        birth: Type.String(),
        sex: Type.String(),
        phone: Type.String(),
        region: Place,
        address: Type.String(),
        relation: Type.String(),
        answer: Type.String(),
        details: Type.Array(Type.String()),
        day: Type.String(),
        actor: Type.String(),
        pictures: Type.Integer(),
        state: Type.String(),
        stateTitle: Type.String(),
        /** Only where the account sees him. */
        person: Nullable(Type.Integer()),
        /** On which village's list he was, or is by now. */
        listed: Nullable(Type.String()),
        /** Others that wait under the same number. */
        same: Type.Integer(),
        reason: Type.String(),
        decided: Nullable(Type.Object({ by: Type.String(), at: Type.String() })),
      }),
    ),
    next: Nullable(Cursor),
  }),
});
const FoundNo = Type.Object({ command: CommandNumber });
export const foundPicture = route({
  method: 'GET',
  url: '/api/found/:command/pictures/:no',
  summary: '新发现人员的佐证图片，留痕',
  needs: 'people.read',
  channel: 'file',
  params: Type.Object({ command: CommandNumber, no: Type.Integer({ minimum: 1, maximum: 10 }) }),
});
export const enterFound = route({
  method: 'POST',
  url: '/api/found/:command/enter',
  summary: '登记新发现人员：答复作为依据记入；户籍名单列出此人以前不计入户籍人口',
  needs: 'survey.manage',
  channel: 'act',
  params: FoundNo,
  /** The number, where it was not known. */
  body: Type.Object({ id: Type.Optional(Text(30)) }),
  answer: Type.Object({ message: Type.String() }),
});
export const setFoundAside = route({
  method: 'POST',
  url: '/api/found/:command/aside',
  summary: '搁置新发现人员，写明理由',
  needs: 'survey.manage',
  channel: 'act',
  params: FoundNo,
  body: Type.Object({ reason: Text(200) }),
  answer: Done,
});
export const undoFound = route({
  method: 'POST',
  url: '/api/found/:command/undo',
  summary: '撤回对新发现人员的处理，回到待处理',
  needs: 'survey.manage',
  channel: 'act',
  params: FoundNo,
  answer: Done,
});

/** How much of a file has arrived: the phone goes on from there. */
export const fieldMediaState = route({
  method: 'GET',
  url: '/api/field/media/:digest',
  summary: '照片、签名已收到多少字节',
  needs: 'visits.write',
  channel: 'file',
  params: Type.Object({ digest: Digest }),
  answer: Type.Object({ received: Type.Integer(), complete: Type.Boolean() }),
});

/** A piece of a file from `offset` on, base64 (at most 64 KB of bytes); the last makes it whole, checked by its digest. */
export const fieldMediaPiece = route({
  method: 'POST',
  url: '/api/field/media/:digest',
  summary: '续传照片、签名',
  needs: 'visits.write',
  channel: 'file',
  params: Type.Object({ digest: Digest }),
  body: Type.Object({
    offset: Type.Integer({ minimum: 0 }),
    total: Type.Integer({ minimum: 1, maximum: 409_600 }),
    base64: Type.String({ maxLength: 90_000 }),
  }),
  answer: Type.Object({ received: Type.Integer(), complete: Type.Boolean() }),
});
