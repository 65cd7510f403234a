import { Type } from 'typebox';
import { Cursor, Day, Limit, Nullable, PersonNumber, Place, RegionCode, route, Text } from './route.ts';

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
});

/** A whole village for the phone; refused beyond 10,000 people. */
export const fieldPack = route({
  method: 'GET',
  url: '/api/field/pack',
  summary: '下载一个村的摸底名单（只含必需栏目），供离线使用',
  needs: 'visits.write',
  channel: 'export',
  querystring: Type.Object({ village: RegionCode }),
  answer: Type.Object({
    village: Place,
    asOf: Type.String(),
    madeAt: Type.String(),
    /** After so many days without contact the phone wipes what it holds. */
    keepDays: Type.Integer(),
    people: Type.Array(FieldPerson),
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

/** One answer given at a door or on the telephone; `command` is the device's own number for it. */
export const FieldCommand = Type.Object({
  command: CommandNumber,
  person: PersonNumber,
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
  phone: Type.Optional(Text(20)),
  /** The village the person lives in, where that was wrong. */
  village: Type.Optional(RegionCode),
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
    /** Answers still unsent after these. */
    waiting: Type.Optional(Type.Integer({ minimum: 0 })),
    commands: Type.Array(FieldCommand, { minItems: 0, maxItems: 100 }),
  }),
  answer: Type.Object({
    results: Type.Array(
      Type.Object({
        command: Type.String(),
        status: Type.Union([Type.Literal('applied'), Type.Literal('known'), Type.Literal('refused')]),
        code: Nullable(Type.String()),
        /** In Chinese: what is wrong and what to do. */
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
        day: Type.String(),
        way: Type.String(),
        actor: Type.String(),
        receivedAt: Type.String(),
        pictures: Type.Integer(),
        undone: Type.Boolean(),
      }),
    ),
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
  summary: '手机：还有多少条没上报，多久没联系',
  needs: 'people.read',
  channel: 'list',
  answer: Type.Object({
    items: Type.Array(
      Type.Object({
        device: Type.String(),
        actor: Type.String(),
        region: Place,
        waiting: Type.Integer(),
        /** Since when it has held something unsent without a break. */
        waitingSince: Nullable(Type.String()),
        seenAt: Type.String(),
      }),
    ),
  }),
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
