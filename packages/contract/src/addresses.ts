import { Type } from 'typebox';
import { Day, Nullable, Numbered, PersonNumber, Place, RegionCode, route, Text } from './route.ts';

const Rule = Type.Object({
  number: Type.Integer(),
  owner: Type.Object({ code: Type.String(), name: Type.String() }),
  position: Type.Integer(),
  kind: Type.String(),
  kindTitle: Type.String(),
  words: Type.String(),
  /** Null for a household, whose people follow their own. */
  village: Nullable(Place),
  texts: Type.Array(Type.String()),
  without: Type.Array(Type.String()),
  parity: Type.String(),
  first: Nullable(Type.Integer()),
  last: Nullable(Type.Integer()),
  from: Nullable(Type.String()),
  to: Nullable(Type.String()),
  note: Type.String(),
  actor: Type.String(),
  madeAt: Type.String(),
  retiredAt: Nullable(Type.String()),
  /** Why it can never match; null where it can. */
  unreachable: Nullable(Type.String()),
});

export const addressRules = route({
  method: 'GET',
  url: '/api/addresses/rules',
  summary: '地址分村规则，按适用的次序：先本乡镇的，后全县的',
  needs: 'places.write',
  channel: 'list',
  querystring: Type.Object({ retired: Type.Optional(Type.Boolean()) }),
  answer: Type.Object({ items: Type.Array(Rule) }),
});

export const addAddressRule = route({
  method: 'POST',
  url: '/api/addresses/rules',
  summary: '新增一条规则，或以新的一条代替旧的一条',
  needs: 'places.write',
  channel: 'act',
  body: Type.Object({
    owner: Type.Optional(RegionCode),
    replaces: Type.Optional(Numbered),
    kind: Text(20),
    village: Text(12),
    texts: Type.Array(Text(60), { maxItems: 10 }),
    without: Type.Optional(Type.Array(Text(60), { maxItems: 10 })),
    parity: Type.Optional(Text(10)),
    first: Type.Optional(Type.Integer()),
    last: Type.Optional(Type.Integer()),
    from: Type.Optional(Day),
    to: Type.Optional(Day),
    note: Type.Optional(Text(200)),
  }),
  answer: Rule,
});

/** multipart/form-data: one xlsx, xls or csv; `replace` = 1 makes it the whole table of its owner. */
export const addressRulesFile = route({
  method: 'POST',
  url: '/api/addresses/rules/file',
  summary: '按表格成批新增规则；有一行不对则一条都不加',
  needs: 'places.write',
  channel: 'act',
  querystring: Type.Object({ owner: Type.Optional(RegionCode), replace: Type.Optional(Type.Boolean()) }),
  answer: Type.Object({
    read: Type.Integer(),
    added: Type.Integer(),
    same: Type.Integer(),
    retired: Type.Integer(),
    unreachable: Type.Array(Type.Object({ number: Type.Integer(), because: Type.String() })),
  }),
});

export const orderAddressRules = route({
  method: 'POST',
  url: '/api/addresses/rules/order',
  summary: '调整规则的次序：先符合的先用',
  needs: 'places.write',
  channel: 'act',
  body: Type.Object({ owner: RegionCode, numbers: Type.Array(Numbered, { maxItems: 2_000 }) }),
  answer: Type.Object({ ordered: Type.Integer() }),
});

const RuleNo = Type.Object({ number: Numbered });
export const retireAddressRule = route({
  method: 'POST',
  url: '/api/addresses/rules/:number/retire',
  summary: '停用一条规则；已按它归村的人不变',
  needs: 'places.write',
  channel: 'act',
  params: RuleNo,
  answer: Type.Object({ number: Type.Integer() }),
});

export const unplacedPeople = route({
  method: 'GET',
  url: '/api/addresses/unplaced',
  summary: '未分村的人：各乡镇人数，地址里最多见的写法',
  needs: 'places.write',
  channel: 'count',
  querystring: Type.Object({ region: Type.Optional(RegionCode) }),
  answer: Type.Object({
    asOf: Type.String(),
    total: Type.Integer(),
    blank: Type.Integer(),
    places: Type.Array(
      Type.Object({ code: Type.String(), name: Type.String(), path: Type.String(), people: Type.Integer() }),
    ),
    fragments: Type.Array(Type.Object({ text: Type.String(), people: Type.Integer() })),
  }),
});

const Tried = { number: Type.Integer(), words: Type.String(), because: Type.String() };
export const testAddressRules = route({
  method: 'POST',
  url: '/api/addresses/test',
  summary: '试一个地址：用哪一条规则，为什么',
  needs: 'places.write',
  channel: 'act',
  body: Type.Object({ text: Text(200), region: Type.Optional(RegionCode) }),
  answer: Type.Object({
    read: Type.String(),
    says: Nullable(Place),
    rule: Nullable(Type.Object({ ...Tried, village: Place })),
    near: Type.Array(Type.Object(Tried)),
    because: Type.String(),
  }),
});

const Order = { region: Type.Optional(RegionCode), from: Type.Optional(Day) };
export const previewAddresses = route({
  method: 'POST',
  url: '/api/addresses/preview',
  summary: '预览：按规则能归村的人数和例子，不改动数据',
  needs: 'places.write',
  channel: 'act',
  body: Type.Object(Order),
  answer: Type.Object({
    region: Place,
    from: Type.String(),
    unplaced: Type.Integer(),
    placed: Type.Integer(),
    left: Type.Integer(),
    rules: Type.Array(
      Type.Object({
        number: Type.Integer(),
        words: Type.String(),
        people: Type.Integer(),
        elsewhere: Type.Integer(),
        unreachable: Nullable(Type.String()),
        samples: Type.Array(
          Type.Object({
            person: PersonNumber,
            name: Type.String(),
            address: Type.String(),
            village: Type.String(),
          }),
        ),
      }),
    ),
    villages: Type.Array(
      Type.Object({ code: Type.String(), name: Type.String(), path: Type.String(), people: Type.Integer() }),
    ),
    torn: Type.Integer(),
    /** Of who is placed where by which rule; given with the application, it holds only for the same. */
    digest: Type.String(),
  }),
});

export const applyAddresses = route({
  method: 'POST',
  url: '/api/addresses/applications',
  summary: '按规则把未分村的人归入村（社区）',
  needs: 'places.write',
  channel: 'act',
  body: Type.Object({
    ...Order,
    expected: Type.Integer({ minimum: 1 }),
    digest: Type.Optional(Text(64)),
  }),
  answer: Type.Object({
    application: Type.Integer(),
    from: Type.String(),
    people: Type.Integer(),
    changed: Type.Integer(),
    left: Type.Integer(),
  }),
});

export const addressApplications = route({
  method: 'GET',
  url: '/api/addresses/applications',
  summary: '历次分村',
  needs: 'places.write',
  channel: 'list',
  answer: Type.Object({
    items: Type.Array(
      Type.Object({
        application: Type.Integer(),
        region: Place,
        from: Type.String(),
        people: Type.Integer(),
        unplaced: Type.Integer(),
        rules: Type.Array(Type.Object({ number: Type.Integer(), people: Type.Integer() })),
        actor: Type.String(),
        madeAt: Type.String(),
        undone: Nullable(Type.Object({ at: Type.String(), by: Type.String() })),
      }),
    ),
  }),
});

export const undoAddressApplication = route({
  method: 'POST',
  url: '/api/addresses/applications/:number/undo',
  summary: '撤回一次分村',
  needs: 'places.write',
  channel: 'act',
  params: RuleNo,
  answer: Type.Object({ application: Type.Integer(), people: Type.Integer(), changed: Type.Integer() }),
});
