import { Type } from 'typebox';
import { Day, Nullable, route, Text } from './route.ts';

export const settings = route({
  method: 'GET',
  url: '/api/settings',
  summary: '本县的选项：取值、起用日期、文号、法律依据',
  needs: 'settings.read',
  channel: 'page',
  answer: Type.Object({
    items: Type.Array(
      Type.Object({
        key: Type.String(),
        title: Type.String(),
        words: Type.String(),
        unit: Type.String(),
        /** Values one may choose, when they are few. */
        choices: Nullable(Type.Array(Type.Object({ value: Type.String(), title: Type.String() }))),
        values: Type.Array(
          Type.Object({
            value: Type.String(),
            from: Type.String(),
            document: Nullable(Type.String()),
            source: Nullable(Type.String()),
          }),
        ),
      }),
    ),
  }),
});
export const changeSetting = route({
  method: 'POST',
  url: '/api/settings/:key',
  summary: '自某日起改变一个选项；受影响的人员重新判定',
  needs: 'settings.write',
  channel: 'act',
  params: Type.Object({ key: Text(80) }),
  body: Type.Object({ value: Text(40), from: Day, document: Text(80) }),
  answer: Type.Object({ people: Type.Integer(), changed: Type.Integer() }),
});

const Backup = Type.Object({ name: Type.String(), bytes: Type.Number(), at: Type.String() });
export const instance = route({
  method: 'GET',
  url: '/api/instance',
  summary: '系统状态：版本、数据库、密钥编号、备份',
  needs: 'settings.read',
  channel: 'page',
  answer: Type.Object({
    version: Type.String(),
    node: Type.String(),
    database: Type.String(),
    people: Type.Integer(),
    ceiling: Nullable(Type.Integer()),
    keyId: Type.Integer(),
    backups: Type.Array(Backup),
  }),
});
export const makeBackup = route({
  method: 'POST',
  url: '/api/backups',
  summary: '立即备份到数据目录的 backups 下',
  needs: 'backups.write',
  channel: 'act',
  answer: Backup,
});
export const rotateKeys = route({
  method: 'POST',
  url: '/api/keys/rotation',
  summary: '更换数据密钥并改写已存的号码',
  needs: 'keys.rotate',
  channel: 'act',
  answer: Type.Object({ key: Type.Integer(), values: Type.Integer() }),
});
