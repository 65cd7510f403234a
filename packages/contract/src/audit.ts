import { Type } from 'typebox';
import { Cursor, Day, Limit, Nullable, route, Text } from './route.ts';

export const trail = route({
  method: 'GET',
  url: '/api/audit',
  summary: '查留痕，新的在前',
  needs: 'audit.read',
  channel: 'search',
  querystring: Type.Object({
    actor: Type.Optional(Text(64)),
    /** A whole act or the beginning of one: person, delivery.undo. */
    act: Type.Optional(Text(60)),
    subject: Type.Optional(Text(120)),
    from: Type.Optional(Day),
    to: Type.Optional(Day),
    after: Type.Optional(Cursor),
    limit: Type.Optional(Limit),
  }),
  answer: Type.Object({
    items: Type.Array(
      Type.Object({
        seq: Type.Integer(),
        at: Type.String(),
        actor: Type.String(),
        act: Type.String(),
        /** The act in Chinese. */
        words: Type.String(),
        subject: Type.String(),
        region: Nullable(Type.String()),
        detail: Type.Record(Type.String(), Type.Unknown()),
        sealed: Type.Boolean(),
      }),
    ),
    next: Nullable(Cursor),
  }),
});
export const chain = route({
  method: 'GET',
  url: '/api/audit/chain',
  summary: '留痕链的状态：块数、链头、未封存的时长；verify 时逐块验证',
  needs: 'audit.read',
  channel: 'page',
  querystring: Type.Object({ verify: Type.Optional(Type.Boolean()) }),
  answer: Type.Object({
    blocks: Type.Integer(),
    rows: Type.Integer(),
    head: Nullable(Type.String()),
    sealedAt: Nullable(Type.String()),
    unsealed: Type.Integer(),
    oldestUnsealed: Nullable(Type.String()),
    verified: Nullable(Type.Boolean()),
    problems: Type.Array(Type.String()),
  }),
});
