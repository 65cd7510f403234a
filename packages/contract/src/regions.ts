import { Type } from 'typebox';
import { Day, Place, route } from './route.ts';

export const regions = route({
  method: 'GET',
  url: '/api/regions',
  summary: '管辖范围内的行政区划',
  needs: 'signed-in',
  channel: 'list',
  querystring: Type.Object({ asOf: Type.Optional(Day) }),
  answer: Type.Object({
    /** Parents before children. */
    items: Type.Array(
      Type.Object({ code: Type.String(), name: Type.String(), level: Type.String(), parent: Type.String() }),
    ),
    root: Place,
  }),
});
