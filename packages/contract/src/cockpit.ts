import { Type } from 'typebox';
import { Address, Day, Nullable, Place, RegionCode, route } from './route.ts';
import { plan, planCourse } from './targets.ts';

const { plan: Plan, whole: Share } = plan.answer.properties;
const { days: Days, series: Series } = planCourse.answer.properties;

export const cockpit = route({
  method: 'GET',
  url: '/api/cockpit',
  summary: '驾驶舱：距期限天数、进度对照计划、排名和升降、红灯、一周新增',
  needs: 'forms.read',
  channel: 'count',
  querystring: Type.Object({ region: Type.Optional(RegionCode), asOf: Type.Optional(Day) }),
  answer: Type.Object({
    region: Place,
    asOf: Type.String(),
    /** The day a week before, null before the first register: what movement is told against. */
    since: Nullable(Type.String()),
    /** Those in force on the day, 核实任务 first. */
    plans: Type.Array(
      Type.Object({
        plan: Plan,
        /** Below 0 past the deadline. */
        daysLeft: Type.Integer(),
        whole: Share,
        places: Type.Array(Share),
        days: Days,
        series: Series,
      }),
    ),
    /** Of the places in the region; none of a village. */
    rankings: Type.Array(
      Type.Object({
        indicator: Type.String(),
        name: Type.String(),
        places: Type.Array(
          Type.Object({
            place: Place,
            value: Nullable(Type.Number()),
            was: Nullable(Type.Number()),
            rank: Nullable(Type.Integer()),
            wasRank: Nullable(Type.Integer()),
          }),
        ),
      }),
    ),
    /** What each place has to answer and to hand in; of a region without places, its own. */
    duties: Type.Array(
      Type.Object({
        place: Place,
        /** 督办单 not closed, and those of them past their day; null for an office, which meets its own only. */
        orders: Nullable(Type.Integer()),
        lateOrders: Nullable(Type.Integer()),
        /** Forms of periods that have ended and are not handed in, and those of them past their day. */
        owed: Type.Integer(),
        lateForms: Type.Integer(),
      }),
    ),
    lights: Type.Array(
      Type.Object({
        /** red, orange, yellow */
        light: Type.String(),
        /** plan, receipts, ledger, checklist, list */
        kind: Type.String(),
        place: Nullable(Place),
        words: Type.String(),
        /** Where it is seen. */
        at: Address,
        todo: Type.String(),
        /** Where one acts. */
        act: Address,
      }),
    ),
    /** How counts changed since a week before; visits are those made in it. */
    arrivals: Type.Array(
      Type.Object({
        /** An indicator, or `visits`. */
        code: Type.String(),
        name: Type.String(),
        unit: Type.String(),
        value: Nullable(Type.Integer()),
        change: Nullable(Type.Integer()),
      }),
    ),
  }),
});
